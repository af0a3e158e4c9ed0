"""Progress with an estimate: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http import HTTPStatus

from ..environments.applying import Progress, Step
from ..environments.escaping import printable
from ..environments.server_state import ReadProgress
from . import console
from .humanize import duration

# Of plain lines there is one for so many environments that were read, ...
READS_PER_LINE = 25
# ... and one for so many requests that wrote.
WRITES_PER_LINE = 50

# A pause that the server asks for is told from so many seconds on: shorter ones are over when they are read.
PAUSE_S = 5.0

Advance = Callable[[int, int, str], None]


@contextmanager
def reading() -> Generator[ReadProgress]:
    """Show how many environments were read."""
    lines = _Lines(READS_PER_LINE, "read {done} of {total} environments")
    with _bar("reading") as bar:

        def show(done: int, total: int) -> None:
            (bar or lines)(done, total, "reading")

        yield show


@contextmanager
def applying(total: int) -> Generator[Progress]:
    """Show how many of the steps were made, and in a pipe each environment that is finished.

    Args:
        total: how many steps are expected.
    """
    lines = _Lines(WRITES_PER_LINE, "{done} of {total} writes")
    done = 0
    with _bar("applying") as bar:

        def show(step: Step) -> None:
            nonlocal done
            name = printable(step.environment, 30)
            if step.is_last:
                if bar is None:
                    console.say(f"{printable(step.environment)}: {step.text}")
                return
            done += 1
            (bar or lines)(done, total, name)

        yield show


@contextmanager
def _bar(title: str) -> Generator[Advance | None]:
    """Show a bar; `None` where there is no terminal that can."""
    if not console.can_redraw():
        with _pauses(console.say):
            yield None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress as Bar,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console.err(), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def advance(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=max(done, total), description=what)

        with _pauses(lambda text: bar.update(task, description=text)):
            yield advance


@contextmanager
def _pauses(say: Callable[[str], object]) -> Generator[None]:
    """Tell of each pause that the server asks for, from the log records of the calls that wait."""
    logger, handler = logging.getLogger("patchworks_core_client"), _PauseHandler(say)
    level = logger.level
    logger.addHandler(handler)
    if not logger.isEnabledFor(logging.INFO):
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)


class _PauseHandler(logging.Handler):
    def __init__(self, say: Callable[[str], object]) -> None:
        super().__init__(logging.INFO)
        self._say = say
        self._told_until = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Tell once of a pause, whatever the number of calls that wait for its end."""
        wait = getattr(record, "wait", None) or 0.0
        # The call that was refused logs the status, those behind it the reason.
        pauses = (
            getattr(record, "status", None) == HTTPStatus.TOO_MANY_REQUESTS or getattr(record, "reason", "") == "pause"
        )
        if pauses and wait >= PAUSE_S and time.monotonic() >= self._told_until:
            self._told_until = time.monotonic() + wait
            self._say(f"waiting {duration(wait)}: the server takes no more for now")


class _Lines:
    """Progress as plain lines, few of them."""

    def __init__(self, every: int, text: str) -> None:
        self._every = every
        self._text = text
        self._begun = time.monotonic()

    def __call__(self, done: int, total: int, what: str) -> None:
        del what
        if done % self._every == 0 and done < total:
            left = (time.monotonic() - self._begun) / done * (total - done)
            console.say(f"{self._text.format(done=done, total=total)}, about {duration(left)} left")
