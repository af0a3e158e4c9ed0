"""Where output goes: data to stdout, the rest to stderr; colour on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from ..environments.applying import Progress as Report, Step
from ..environments.errors import InputError
from ..environments.text import printable

WIDTH = 80
EVERY = 50


def out() -> Console:
    """Return the console of stdout."""
    return _console(stderr=False)


def err() -> Console:
    """Return the console of stderr."""
    return _console(stderr=True)


def say(text: str) -> None:
    """Write a line to stderr. The text is no markup."""
    err().print(text, markup=False, highlight=False, soft_wrap=True)


def emit(text: str) -> None:
    """Write data to stdout as it is."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def require_yes(*, yes: bool) -> None:
    """Make sure that somebody can be asked, or need not be.

    Raises:
        InputError: there is no terminal, and `--yes` was not given.
    """
    if not yes and not can_ask():
        raise InputError("there is no terminal to ask on, so this takes --yes; nothing was written")


def can_ask() -> bool:
    """Return whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something is done.

    Raises:
        click.Abort: the answer was no.
    """
    if not yes and not click.confirm(question, default=False, err=True):
        raise click.Abort


@contextmanager
def progress(total: int, title: str) -> Generator[Report]:
    """Show progress with an estimate on a terminal, plain lines elsewhere.

    Args:
        total: how many requests are expected.
        title: what is being done.
    """
    console = err()
    if not console.is_terminal:
        yield _Lines(total)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=total)

        def show(step: Step) -> None:
            bar.update(task, advance=0 if step.is_last else 1, description=printable(step.environment, 30))

        yield show


class _Lines:
    """Progress as plain lines: one for each environment, and one for every so many requests."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._made = 0

    def __call__(self, step: Step) -> None:
        if step.is_last:
            say(f"{printable(step.environment)}: {step.text}")
            return
        self._made += 1
        if self._made % EVERY == 0:
            say(f"{self._made} of about {self._total} requests")


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    terminal = stream.isatty()
    return Console(
        stderr=stderr, width=None if terminal else WIDTH, highlight=False, emoji=False, no_color=not terminal or None
    )
