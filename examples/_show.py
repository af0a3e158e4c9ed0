"""How the tour prints: a heading, then one line for each step, within 80 columns."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.text import Text

WIDTH = 80
_LABEL = 18


class Show:
    """Prints what happens, as it happens."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def heading(self, text: str, about: str) -> None:
        """Begin a part of the tour."""
        self.console.print()
        self.console.print(Text(text, "bold"))
        self.console.print(Text(textwrap.fill(about, WIDTH - 2), "dim"))
        self.console.print()

    def step(self, label: str, result: str, *, style: str = "") -> None:
        """Print one step. A result may hold what a server said: it is text, never markup."""
        lines = textwrap.wrap(result, WIDTH - _LABEL - 2) or [""]
        self.console.print(Text(f"  {label:{_LABEL - 2}}", "cyan") + Text(lines[0], style))
        for line in lines[1:]:
            self.console.print(Text(" " * _LABEL + line, style))

    def command(self, line: str) -> None:
        """Print a command as somebody would type it."""
        self.console.print(Text(f"$ {line}", "cyan"))

    def output(self, text: str) -> None:
        """Print what a command said, without the empty lines around it."""
        lines = [line.rstrip() for line in text.strip("\n").splitlines()]
        self.console.print(Text("\n".join(lines).rstrip()))
        self.console.print()
