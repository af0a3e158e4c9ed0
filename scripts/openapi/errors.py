"""The error of the pipeline, with the place in the documentation, and several errors as one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from scripts.openapi.escaping import printable, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator


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
        """Return an error at `pointer` (a JSON pointer, `#/...`) of the block at this place."""
        return PipelineError(f"{self.page}.md", f"block {self.position} {quoted(self.heading)}", pointer, message)


class PipelineError(Exception):
    """Input that cannot become an SDK; its text is one line that says where and why.

    Attributes:
        page: the file that is wrong, as a person would look for it.
        heading: the block's heading, with the block's number.
        pointer: a JSON pointer into the block or the merged document.
        message: what is wrong, and what to do about it where that is not plain.
        errors: the errors that this one stands for; only itself, unless it is several.
    """

    def __init__(self, page: str, heading: str, pointer: str, message: str) -> None:
        super().__init__(page, heading, pointer, message)
        self.page = page
        self.heading = heading
        self.pointer = pointer
        self.message = message
        self.errors: list[PipelineError] = [self]

    def __str__(self) -> str:
        where = ", ".join(printable(part) for part in (self.page, self.heading, self.pointer) if part)
        return f"{where}: {printable(self.message)}" if where else printable(self.message)


class PipelineErrors(PipelineError):
    """Several errors, of which each is a line of the text; the attributes are those of the first."""

    def __init__(self, errors: list[PipelineError]) -> None:
        first = errors[0]
        super().__init__(first.page, first.heading, first.pointer, first.message)
        self.errors = list({str(error): error for error in errors}.values())

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class ErrorCollector:
    """Collects the errors of parts that can be looked at one without the other.

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
            self.found += error.errors

    def raise_all(self) -> None:
        """Raise what was collected.

        Raises:
            PipelineError: there was one; `PipelineErrors` where there were more.
        """
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            raise PipelineErrors(self.found)
