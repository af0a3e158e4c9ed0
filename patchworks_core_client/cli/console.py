"""Write to the console: data to stdout, the rest to stderr; colour on a terminal only."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from ..environments.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 80


def prepare() -> None:
    """Make the streams of this process take any text, whatever its locale, and be there at all."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, io.StringIO())
    _reconfigure(errors="backslashreplace")


def out() -> Console:
    """Return the console of stdout."""
    return _console(stderr=False)


def err() -> Console:
    """Return the console of stderr."""
    return _console(stderr=True)


def say(text: str) -> None:
    """Write a line to stderr."""
    print(text, file=sys.stderr, flush=True)


def emit(text: str) -> None:
    """Write a line to stdout, as wide as it is."""
    _write(text if text.endswith("\n") else text + "\n")


def emit_data(text: str) -> None:
    """Write what a program reads to stdout: in a pipe or a file it is UTF-8, as it says of itself."""
    if not sys.stdout.isatty():
        _reconfigure(encoding="utf-8")
    emit(text)


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


def can_redraw() -> bool:
    """Return whether stderr is a terminal on which a line can be written over."""
    return sys.stderr.isatty() and os.environ.get("TERM", "") not in {"dumb", "unknown"}


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something is done.

    Raises:
        click.Abort: the answer was no.
    """
    if not yes and not click.confirm(question, default=False, err=True):
        raise click.Abort


def _reconfigure(**options: Any) -> None:
    stream: Any = sys.stdout
    # In another program any stream may stand for stdout.
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(**options)


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_stdout()


def _leave_stdout() -> None:
    """Nobody reads on, as behind `| head`; the rest goes nowhere, and what was begun is still done."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _console(*, stderr: bool) -> Console:
    # It is slow to import, and not all commands show anything.
    from rich.console import Console

    class Steady(Console):
        def on_broken_pipe(self) -> None:
            _leave_stdout()

    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Steady(
        stderr=stderr, width=None if terminal else WIDTH, highlight=False, emoji=False, no_color=not terminal or None
    )
