"""Cancelling a call of the synchronous client from another thread."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._http.attempt_result import AttemptProgress


class Cancellation:
    """Says that nobody wants a response any more: the attempt or the wait under way ends, and nothing follows it."""

    def __init__(self) -> None:
        self._event = Event()
        self._progress: AttemptProgress | None = None
        self._wake: Callable[[], object] | None = None

    @property
    def cancelled(self) -> bool:
        """Whether it was said."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Say so."""
        self._event.set()
        interrupt = None if self._progress is None else self._progress.interrupt
        if interrupt is not None:
            interrupt()
        wake = self._wake
        if wake is not None:
            wake()

    def wait(self, seconds: float) -> bool:
        """Wait for so long, or until it is said; whether it was."""
        return self._event.wait(seconds)

    def watch_attempt(self, progress: AttemptProgress) -> None:
        """Take note of the attempt that begins."""
        self._progress = progress

    def watch_wait(self, wake: Callable[[], object]) -> None:
        """Take note of a wait that begins, which `wake` ends."""
        self._wake = wake
        if self.cancelled:
            wake()
