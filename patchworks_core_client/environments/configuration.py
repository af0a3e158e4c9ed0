"""Read the file (`patchworks.yaml`) into what each environment is to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import attrs

from .._lazy import resolvable
from . import overlays, schema_validation, yaml_reader
from .entries import SECTIONS, Contents, Entry, Section
from .errors import ConfigurationError, Problem, SelectionError
from .escaping import quoted
from .suggestions import suggestion
from .yaml_reader import Node


@attrs.frozen
class Wanted:
    """What one environment is to be. What is `None`, and a section that is not there, is not managed.

    Attributes:
        name: its name.
        id: the id that it is pinned to.
        type: `test` or `live`.
        description: what it is for.
        labels: the ids of its labels.
        protected: whether it is only written to when that is asked for.
        sections: the entries of each managed section.
    """

    name: str
    id: str | None = None
    type: str | None = None
    description: str | None = None
    labels: tuple[str, ...] | None = None
    protected: bool = False
    sections: dict[Section, tuple[Entry, ...]] = attrs.field(factory=dict[Section, tuple[Entry, ...]])

    @property
    def contents(self) -> Contents:
        """The entries of all managed sections, by place."""
        return {entry.place: entry for entries in self.sections.values() for entry in entries}


@resolvable
@attrs.frozen
class Configuration:
    """What stands in a file.

    Attributes:
        name: the file's name.
        environments: what each environment is to be, in the file's order.
        aliases: the names for ids.
        base: the sections that every environment has.
    """

    name: str
    environments: tuple[Wanted, ...]
    aliases: Mapping[str, str] = attrs.field(factory=dict[str, str])
    base: Mapping[Section, tuple[Entry, ...]] = attrs.field(factory=dict[Section, tuple[Entry, ...]])

    @classmethod
    def load(cls, path: str | Path) -> Configuration:
        """Read a file.

        Raises:
            OSError: it cannot be read.
            ConfigurationError: it cannot be used; every problem is named with its line and column.
        """
        with Path(path).open("rb") as file:
            return cls.parse(file.read(yaml_reader.MAX_BYTES + 1), str(path))

    @classmethod
    def parse(cls, text: str | bytes, name: str = "patchworks.yaml") -> Configuration:
        """Read the text of a file.

        Args:
            text: the document.
            name: what to call it in messages.

        Raises:
            ConfigurationError: it cannot be used; every problem is named with its line and column.
        """
        root = yaml_reader.read(text, name)
        problems = schema_validation.problems(root)
        if problems:
            raise ConfigurationError(name, problems)
        reader = overlays.OverlayReader(root)
        environments = tuple(_wanted(reader, key, node) for key, node in reader.environments())
        problems = [*reader.problems, *_pinned_twice(environments, root)]
        if problems:
            raise ConfigurationError(name, problems)
        return cls(name, environments, reader.aliases, reader.base_sections())

    def select(self, names: Sequence[str]) -> tuple[Wanted, ...]:
        """Return the environments of those names; all without any.

        Raises:
            SelectionError: the file has no such environment.
        """
        known = {wanted.name: wanted for wanted in self.environments}
        for name in names:
            if name not in known:
                raise SelectionError(f"{self.name} has no environment {quoted(name)}{suggestion(name, known)}")
        return tuple(known[name] for name in dict.fromkeys(names)) if names else self.environments


def _wanted(reader: overlays.OverlayReader, name: str, node: Node) -> Wanted:
    own = node.items() if node.kind == "mapping" else {}
    labels = own.get("labels")
    return Wanted(
        name=name,
        id=reader.id(own["id"]) if "id" in own else None,
        type=_text(own, "type"),
        description=_text(own, "description"),
        labels=_labels(reader, labels.elements()) if labels else None,
        protected=_text(own, "protected") == "true",
        sections={
            section: entries
            for section in SECTIONS
            if (entries := reader.section(section, name, own.get(section))) is not None
        },
    )


def _text(own: Mapping[str, Node], key: str) -> str | None:
    node = own.get(key)
    return node.text() if node else None


def _labels(reader: overlays.OverlayReader, nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reader.id(node) for node in nodes))


def _pinned_twice(environments: Sequence[Wanted], root: Node) -> Iterable[Problem]:
    seen: dict[str, str] = {}
    for wanted in environments:
        if wanted.id is None:
            continue
        if wanted.id in seen:
            node = root.items()["environments"].items()[wanted.name].items()["id"]
            path = schema_validation.shown_path(["environments", wanted.name, "id"])
            yield Problem(node.line, node.column, path, f"{quoted(seen[wanted.id])} is pinned to the same id")
        seen[wanted.id] = wanted.name
