"""The pages that are under way ahead of a reader, and how the plan's word about them is followed."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .next_page import PageRequest

H = TypeVar("H")


class ReadAhead(Generic[H]):
    """Pages under way, in their order; `H` is what stands for one that was started (a task, a future).

    Args:
        start: starts to fetch a page; gives `None` if it is to be fetched when its turn comes.
        drop: called with what was started for a page that is not wanted any more.
        depth: how many pages may be under way at most; `None` for as many as are wanted.
    """

    def __init__(
        self,
        start: Callable[[PageRequest], H | None],
        drop: Callable[[H], object],
        depth: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._start = start
        self._drop = drop
        self._depth = depth
        self._pages: deque[tuple[PageRequest, H | None]] = deque()

    def __bool__(self) -> bool:
        return bool(self._pages)

    def take(self) -> tuple[PageRequest, H | None]:
        return self._pages.popleft()

    def follow(self, wanted: Sequence[PageRequest]) -> None:
        """Start those of the `wanted` pages that are not under way, and drop what is not wanted."""
        for index, request in enumerate(wanted):
            if index < len(self._pages) and self._pages[index][0] == request:
                continue
            # From here on another page is wanted than was expected: a page of the old order has no place
            # behind it.
            self._drop_from(index)
            if not self._has_room():
                break
            self._pages.append((request, self._start(request)))
        self._drop_from(len(wanted))

    def extend(self, expected: Sequence[PageRequest]) -> bool:
        """Start those of the `expected` pages that come after what is under way; whether any was started.

        What is under way is the beginning of what is expected, or `follow` will set it right.
        """
        before = len(self._pages)
        for request in expected[before:]:
            if not self._has_room():
                break
            self._pages.append((request, self._start(request)))
        return len(self._pages) > before

    def clear(self) -> list[H]:
        """Drop everything; gives what was started of it."""
        return self._drop_from(0)

    def _has_room(self) -> bool:
        depth = self._depth()
        return depth is None or len(self._pages) < depth

    def _drop_from(self, index: int) -> list[H]:
        handles = [self._pages.pop()[1] for _ in range(len(self._pages) - index)]
        started = [handle for handle in handles if handle is not None]
        for handle in started:
            self._drop(handle)
        return started
