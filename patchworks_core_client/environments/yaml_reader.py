"""Read YAML into nodes that know their line and column.

The parser's events are used directly: so every mapping keeps the places of its keys, a key that is there twice is
found, and neither depth nor aliases can make a small file large. The spelling of scalars is kept, so that `1.50` stays
`1.50`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import attrs
import yaml

from .errors import ConfigurationError, Problem
from .escaping import printable, quoted
from .yaml_scalars import Kind, plain_kind

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 20
MAX_NODES = 1_000_000
TAGS = ("!alias", "!secret", "!none")

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_STANDARD = "tag:yaml.org,2002:"
# Said of what it is already, such a tag changes nothing.
_PLAIN_TAGS = frozenset(
    {"", "!", *(_STANDARD + name for name in ("str", "int", "float", "bool", "null", "map", "seq"))}
)


@attrs.define
class Node:
    """A value of the document.

    Attributes:
        kind: `mapping`, `list`, `text`, `integer`, `number`, `boolean` or `null`.
        value: a `dict` of nodes, a `list` of nodes, or the text of a scalar as it is written.
        line: its line, counted from 1.
        column: its column, counted from 1.
        tag: one of `TAGS`, or empty.
        keys: of a mapping, the line and the column of each key.
    """

    kind: Kind
    value: Any
    line: int
    column: int
    tag: str = ""
    keys: dict[str, tuple[int, int]] | None = None

    def get(self, key: str) -> Node | None:
        """Return the value of a key; `None` where it is missing."""
        return cast("dict[str, Node]", self.value).get(key)

    def items(self) -> dict[str, Node]:
        """Return the entries of a mapping."""
        return cast("dict[str, Node]", self.value)

    def elements(self) -> list[Node]:
        """Return the elements of a list."""
        return cast("list[Node]", self.value)

    def text(self) -> str | None:
        """Return a scalar as text; null is `None`."""
        if self.kind == "null":
            return None
        text = cast("str", self.value)
        return text.lower() if self.kind == "boolean" else text

    def plain(self) -> Any:
        """Return the value as JSON would hold it, for the schema."""
        if self.kind == "mapping":
            return {key: node.plain() for key, node in self.items().items()}
        if self.kind == "list":
            return [node.plain() for node in self.elements()]
        if self.kind == "boolean":
            return self.value.lower() == "true"
        if self.kind == "integer":
            return _whole(self.value)
        if self.kind == "number":
            return 0.5
        return self.text()


def read(text: str | bytes, name: str) -> Node:
    """Return the root of a document.

    Args:
        text: the document.
        name: what to call it in messages.

    Raises:
        ConfigurationError: it is no YAML of one document, or too large, or too deep.
    """
    if len(text) > MAX_BYTES:
        raise ConfigurationError(name, [Problem(1, 1, "", f"the file is larger than {MAX_BYTES // 2**20} MiB")])
    try:
        text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return _Reader(name).document(iter(yaml.parse(text, Loader=_LOADER)))
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(errors="replace")
        problem = Problem(*_place_after(before), "", "the file is not UTF-8")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = Problem(line, column, "", printable(f"this is not YAML: {_reason(error, str(text), line, column)}"))
    except yaml.YAMLError as error:
        # A character that YAML has no place for.
        position = int(getattr(error, "position", 0))
        problem = Problem(*_place_after(str(text)[:position]), "", _not_yaml(str(text)[position : position + 1]))
    raise ConfigurationError(name, [problem])


def _place_after(text: str) -> tuple[int, int]:
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _not_yaml(character: str) -> str:
    return f"this is not YAML: it holds {quoted(character)}" if character else "this is not YAML"


def _reason(error: yaml.MarkedYAMLError, text: str, line: int, column: int) -> str:
    lines = text.splitlines()[line - 1 : line]
    if lines and lines[0][column - 1 : column] == "\t":
        return "a tab stands where spaces have to"
    return str(error.problem or error.context)


class _Reader:
    """Builds nodes from events."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._anchors: dict[str, Node] = {}
        self._sizes: dict[int, int] = {}
        self._open: list[str] = []

    def document(self, events: Iterator[Any]) -> Node:
        """Return the root of the one document."""
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._wrong(event, "a second document begins here; one is allowed")
                root, _ = self._node(next(events), events, 0)
        if root is None:
            raise ConfigurationError(self._name, [Problem(1, 1, "", "the file is empty; it begins with `schema: 1`")])
        return root

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> tuple[Node, int]:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth > MAX_DEPTH:
            raise self._wrong(event, f"nested more than {MAX_DEPTH} deep")
        anchor = str(event.anchor) if event.anchor else ""
        if anchor:
            self._open.append(anchor)
        if isinstance(event, yaml.MappingStartEvent):
            node, size = self._mapping(event, events, depth)
        elif isinstance(event, yaml.SequenceStartEvent):
            node, size = self._list(event, events, depth)
        else:
            node, size = self._scalar(event), 1
        if size > MAX_NODES:
            raise self._wrong(event, f"more than {MAX_NODES} values, aliases counted")
        if anchor:
            self._open.remove(anchor)
            self._anchors[anchor] = node
            self._sizes[id(node)] = size
        return node, size

    def _alias(self, event: Any) -> tuple[Node, int]:
        anchor = str(event.anchor)
        if anchor in self._open:
            raise self._wrong(event, f"*{printable(anchor)} stands inside of what it names")
        node = self._anchors.get(anchor)
        if node is None:
            raise self._wrong(event, f"there is no anchor &{printable(anchor)} above")
        return node, self._sizes[id(node)]

    def _mapping(self, event: Any, events: Iterator[Any], depth: int) -> tuple[Node, int]:
        node = self._start(event, "mapping", {})
        node.keys = {}
        size = 1
        while not isinstance(key_event := next(events), yaml.MappingEndEvent):
            key = self._key(key_event)
            if key in node.keys:
                raise self._wrong(key_event, f"the key {quoted(key)} is there twice, first on line {node.keys[key][0]}")
            node.keys[key] = _place(key_event)
            node.value[key], below = self._node(next(events), events, depth + 1)
            size += below + 1
        return node, size

    def _list(self, event: Any, events: Iterator[Any], depth: int) -> tuple[Node, int]:
        node = self._start(event, "list", [])
        size = 1
        while not isinstance(element := next(events), yaml.SequenceEndEvent):
            child, below = self._node(element, events, depth + 1)
            node.value.append(child)
            size += below
        return node, size

    def _scalar(self, event: Any) -> Node:
        node = self._start(event, "text", str(event.value))
        if node.tag == "!none" and node.value:
            raise self._wrong(event, "!none takes no value")
        if node.tag or event.style not in {None, ""}:
            return node
        if event.tag == f"{_STANDARD}str":
            return node
        node.kind = plain_kind(node.value)
        return node

    def _start(self, event: Any, kind: Kind, value: Any) -> Node:
        tag = str(event.tag or "")
        if tag in _PLAIN_TAGS:
            tag = ""
        if tag and (tag not in TAGS or kind != "text"):
            raise self._wrong(event, f"the tag {printable(tag)} is not allowed here; allowed are {', '.join(TAGS)}")
        line, column = _place(event)
        return Node(kind, value, line, column, tag)

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._wrong(event, "a key has to be a text")
        if event.value == "<<" and event.style in {None, ""}:
            raise self._wrong(event, "merge keys (<<) are not supported; what environments share belongs in `base`")
        return str(event.value)

    def _wrong(self, event: Any, message: str) -> ConfigurationError:
        line, column = _place(event)
        return ConfigurationError(self._name, [Problem(line, column, "", message)])


def _place(event: Any) -> tuple[int, int]:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def _whole(text: str) -> int:
    return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
