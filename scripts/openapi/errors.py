"""The one error of the pipeline, and the place in the documentation that it points to."""

from __future__ import annotations

from typing import NamedTuple

MAX_TEXT_LENGTH = 300


class Place(NamedTuple):
    """Where in the documentation something is said.

    Attributes:
        page: the file name of the page, without its suffix.
        heading: the nearest heading above the block.
        position: which of the page's OpenAPI blocks it is, counted from 1.
    """

    page: str
    heading: str
    position: int

    def __str__(self) -> str:
        return f"{printable(self.page)}.md, block {self.position} {quoted(self.heading)}"

    def error(self, pointer: str, message: str) -> PipelineError:
        """An error at `pointer` (a JSON pointer, `#/...`) of the block at this place."""
        return PipelineError(f"{self.page}.md", f"block {self.position} {quoted(self.heading)}", pointer, message)


class PipelineError(Exception):
    """Input that cannot become an SDK; its text is one line that says where and why.

    Attributes:
        page: the file at fault, as a person would look for it.
        heading: the block's heading, with the block's number.
        pointer: a JSON pointer into the block or the merged document.
        message: what is wrong, and what to do about it where that is not plain.
    """

    def __init__(self, page: str, heading: str, pointer: str, message: str) -> None:
        super().__init__(page, heading, pointer, message)
        self.page = page
        self.heading = heading
        self.pointer = pointer
        self.message = message

    def __str__(self) -> str:
        where = ", ".join(printable(part) for part in (self.page, self.heading, self.pointer) if part)
        return f"{where}: {printable(self.message)}" if where else printable(self.message)


def printable(text: str, limit: int = 4 * MAX_TEXT_LENGTH) -> str:
    """The text on one line, safe to show in a terminal, and not longer than `limit` characters."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def quoted(text: str) -> str:
    """The text in quotation marks, shortened."""
    return f'"{printable(text, MAX_TEXT_LENGTH)}"'
