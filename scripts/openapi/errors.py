"""The error of the pipeline, the place in the documentation that it points to, and how several become one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        faults: the errors that this one stands for; only itself, unless it is several.
    """

    def __init__(self, page: str, heading: str, pointer: str, message: str) -> None:
        super().__init__(page, heading, pointer, message)
        self.page = page
        self.heading = heading
        self.pointer = pointer
        self.message = message
        self.faults: list[PipelineError] = [self]

    def __str__(self) -> str:
        where = ", ".join(printable(part) for part in (self.page, self.heading, self.pointer) if part)
        return f"{where}: {printable(self.message)}" if where else printable(self.message)


class PipelineErrors(PipelineError):
    """Several faults, of which each is a line of the text; the attributes are those of the first."""

    def __init__(self, faults: list[PipelineError]) -> None:
        first = faults[0]
        super().__init__(first.page, first.heading, first.pointer, first.message)
        self.faults = list({str(fault): fault for fault in faults}.values())

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class Faults:
    """Collects the faults of parts that can be looked at one without the other.

    Attributes:
        found: what was collected.
    """

    def __init__(self) -> None:
        self.found: list[PipelineError] = []

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Keep the error that ends the block, and go on behind it."""
        try:
            yield
        except PipelineError as error:
            self.found += error.faults

    def raise_all(self) -> None:
        """Raise what was collected.

        Raises:
            PipelineError: there was one fault; `PipelineErrors` where there were more.
        """
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            raise PipelineErrors(self.found)


def printable(text: str, limit: int = 4 * MAX_TEXT_LENGTH) -> str:
    """The text on one line, safe to show in a terminal, and not longer than `limit` characters."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def quoted(text: str) -> str:
    """The text in quotation marks, shortened."""
    return f'"{printable(text, MAX_TEXT_LENGTH)}"'
