"""Merge base and overlay into the entries that one environment is to hold; resolve aliases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from . import secrets
from .entries import FIELDS, SECTIONS, Entry, Key, Section, filled
from .errors import Problem
from .escaping import printable, quoted
from .schema_validation import shown_path
from .suggestions import suggestion
from .yaml_reader import Node

Path = tuple[str | int, ...]


@attrs.frozen
class _LayerEntry:
    """An entry as one of the two layers states it; `entry` is `None` where the layer takes it out."""

    place: Key
    entry: Entry | None
    node: Node
    path: Path
    given: frozenset[str]


class OverlayReader:
    """Reads the sections of a document that fits the schema.

    Attributes:
        problems: what the schema could not find: aliases that are not there, secrets in clear, and the like.
        aliases: the names for ids.
    """

    def __init__(self, root: Node) -> None:
        self.problems: list[Problem] = []
        self.aliases: dict[str, str] = {}
        self._root = root
        self._base: dict[Section, dict[Key, _LayerEntry]] = {}
        for name, node in self._mapping("aliases"):
            if node.tag:
                self._wrong(node, ("aliases", name), f"{node.tag} is not allowed here; allowed is an id")
            self.aliases[name] = node.text() or ""
        base = root.get("base")
        for section in SECTIONS:
            given = base.get(section) if base else None
            if given:
                self._base[section] = self._layer(section, given, ("base", section))

    def environments(self) -> Iterator[tuple[str, Node]]:
        """Give the environments of the document."""
        yield from self._mapping("environments")

    def base_sections(self) -> dict[Section, tuple[Entry, ...]]:
        """Return the entries of the base."""
        return {
            section: tuple(stated.entry for stated in layer.values() if stated.entry)
            for section, layer in self._base.items()
        }

    def section(self, section: Section, environment: str, node: Node | None) -> tuple[Entry, ...] | None:
        """Return the entries of a section of an environment; `None` where it is not managed."""
        base = self._base.get(section)
        if base is None and node is None:
            return None
        path = ("environments", environment, section)
        if node and node.kind == "text":
            if node.tag != "!none":
                self._wrong(node, path, "is a text; allowed are entries, or !none to clear what the base gives")
            return ()
        merged = dict(base or {})
        for place, stated in (self._layer(section, node, path) if node else {}).items():
            merged[place] = self._inherited(stated, merged.get(place))
        for stated in merged.values():
            self._check(stated)
        return tuple(stated.entry for stated in merged.values() if stated.entry)

    def id(self, node: Node, path: Path = ()) -> str:
        """Return the id that a value is or stands for."""
        text = node.text() or ""
        if node.tag == "!alias":
            if text not in self.aliases:
                self._wrong(node, path, f"there is no alias {quoted(text)}{suggestion(text, self.aliases)}")
            return self.aliases.get(text, text)
        self._refuse_tag(node, path)
        return text

    def _mapping(self, key: str) -> Iterator[tuple[str, Node]]:
        node = self._root.get(key)
        yield from node.items().items() if node else ()

    def _layer(self, section: Section, node: Node, path: Path) -> dict[Key, _LayerEntry]:
        layer: dict[Key, _LayerEntry] = {}
        for stated in self._layer_entries(section, node, path):
            if stated.place in layer:
                first = layer[stated.place].node.line
                named = printable(" ".join(stated.place[1:]))
                self._wrong(stated.node, stated.path, f"{named} is there twice, first on line {first}")
            layer[stated.place] = stated
        return layer

    def _layer_entries(self, section: Section, node: Node, path: Path) -> Iterable[_LayerEntry]:
        if section == "variables":
            for name, child in node.items().items():
                yield self._variable(name, child, (*path, name))
            return
        for index, child in enumerate(node.elements()):
            where = (*path, index)
            fields = child.items()
            if section == "manifests":
                self._refuse_tag(fields["model_type"], (*where, "model_type"))
                original = self.id(fields["original"], (*where, "original"))
                key: Key = (fields["model_type"].text() or "", original)
                gone = fields["replacement"].kind == "null"
                values = {} if gone else {"replacement": self.id(fields["replacement"], (*where, "replacement"))}
            else:
                key = (self.id(fields["flow"], (*where, "flow")),)
                gone = fields["priority"].kind == "null"
                values = {} if gone else self._texts(fields, ("priority", "notes"), where)
            entry = None if gone else Entry(section, key, values)
            yield _LayerEntry((section, *key), entry, child, where, frozenset(fields))

    def _variable(self, key: str, node: Node, path: Path) -> _LayerEntry:
        if node.kind == "null":
            return _LayerEntry(("variables", key), None, node, path, frozenset())
        fields = node.items()
        values = self._texts(fields, FIELDS["variables"], path)
        source = None
        value = fields.get("value")
        if value and value.tag == "!secret":
            source = values.pop("value", "")
            if not secrets.is_reference(source):
                self._wrong(value, (*path, "value"), f"this is no reference; allowed are {secrets.ALLOWED}")
        flag = fields.get("secret")
        secret = bool(flag and flag.text() == "true")
        entry = Entry("variables", (key,), values, secret=secret, source=source)
        return _LayerEntry(entry.place, entry, node, path, frozenset(fields))

    def _texts(self, fields: dict[str, Node], names: Iterable[str], path: Path) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in names:
            node = fields.get(name)
            if node is None:
                continue
            if not (name == "value" and node.tag == "!secret"):
                self._refuse_tag(node, (*path, name))
            # An integer of any spelling is sent as a number.
            found[name] = str(node.plain()) if name == "priority" else node.text() or ""
        return filled(found)

    @staticmethod
    def _inherited(stated: _LayerEntry, base: _LayerEntry | None) -> _LayerEntry:
        """An overlay replaces an entry, but what kind of variable it is need not be said again."""
        if stated.entry is None or base is None or base.entry is None or stated.place[0] != "variables":
            return stated
        entry = stated.entry
        if "type" not in stated.given and "type" in base.entry.fields:
            entry = attrs.evolve(entry, fields={"type": base.entry.fields["type"], **entry.fields})
        if "secret" not in stated.given:
            entry = attrs.evolve(entry, secret=base.entry.secret)
        return attrs.evolve(stated, entry=entry)

    def _check(self, stated: _LayerEntry) -> None:
        entry = stated.entry
        if entry is None or entry.section != "variables":
            return
        if "type" not in entry.fields:
            self._wrong(stated.node, stated.path, "'type' is missing, such as `type: string`")
        value = stated.node.items().get("value")
        if value is None:
            return
        path = (*stated.path, "value")
        if entry.secret and entry.source is None and value.kind != "null":
            self._wrong(value, path, f"the value of a secret stands in clear; allowed are {secrets.ALLOWED}")
        if entry.source is not None and not entry.secret:
            self._wrong(value, path, "this variable is not secret, so its value would be shown; add `secret: true`")

    def _refuse_tag(self, node: Node, path: Path) -> None:
        if node.tag:
            self._wrong(node, path, f"the tag {node.tag} is not allowed here")

    def _wrong(self, node: Node, path: Path, message: str) -> None:
        problem = Problem(node.line, node.column, shown_path(path), message)
        # What is wrong in the base is wrong in every environment, and is said once.
        if problem not in self.problems:
            self.problems.append(problem)
