"""Cancelling a call of the synchronous client from another thread."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from .._errors import ClientStateError

if TYPE_CHECKING:
    from collections.abc import Callable


class Cancellation:
    """Says that nobody wants a response any more: the attempt or the wait under way ends, and nothing follows it."""

    def __init__(self) -> None:
        self._event = Event()
        self._interrupt: Callable[[], object] | None = None

    def cancel(self) -> None:
        self._event.set()
        interrupt = self._interrupt
        if interrupt is not None:
            interrupt()

    def watch(self, interrupt: Callable[[], object]) -> None:
        """Take note of what begins, which `interrupt` ends."""
        self._interrupt = interrupt
        if self._event.is_set():
            interrupt()

    def wait(self, seconds: float) -> None:
        """Wait for so long, or until nobody wants the response any more."""
        self._event.wait(seconds)

    def check(self) -> None:
        """Raise an error if nobody wants the response any more."""
        if self._event.is_set():
            raise ClientStateError("the response is not wanted any more")
