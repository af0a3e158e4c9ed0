"""What is told of a value that differs from its description, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Container


class Described(Protocol):
    """A place in a description: what a mismatch is one with.

    Attributes:
        model: the model that the place belongs to.
        field: the field of it.
        declared: the described type.
        table: has the types of JSON value that can match.
    """

    model: str
    field: str
    declared: str

    @property
    def table(self) -> Container[type]: ...


class Sink:
    """Where decoding tells of values that differ. This one forgets them: for values that the caller made himself.

    Attributes:
        paths: whether the path of each mismatch is wanted; if so, containers put theirs in front on the way out.
        found: the mismatches so far, where paths are wanted.
        known: what need not be told again, as pairs of the place in the description and the type that came.
    """

    paths = False
    found: list[tuple[str, Described, type]]
    known: Container[tuple[Described, type]]

    def __init__(self) -> None:
        self.found = []
        self.known = _Everything()

    def add(self, node: Described, got: type) -> None:
        """Tell that a value of type `got` is not what `node` describes."""

    def prefix(self, start: int, path: str) -> None:
        """Put a container's path in front of all that was found in it, which is all from `start` on."""
        self.found[start:] = [(path + inner, node, got) for inner, node, got in self.found[start:]]


class _Everything:
    def __contains__(self, kind: object) -> bool:
        return True


SILENT = Sink()
