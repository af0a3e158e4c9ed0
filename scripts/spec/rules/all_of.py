"""Combine the parts of `allOf` into one schema, or refuse two that contradict each other."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from scripts.openapi.json_text import canonical, pointer
from scripts.openapi.references import parse
from scripts.openapi.structure import is_reference, walk
from scripts.spec.rules import schemas as schema_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.openapi.structure import Kind, Node, Path

    Locate = Callable[[Path, str], Exception]

MAX_DEPTH = 20
"""How deep two schemas are merged into each other; two that contain each other would have no end."""
MAX_MERGES = 200_000
MAX_FIELDS = 100_000
"""How many fields all combined schemas have together: each repeats those that it inherits."""

_CHOICES = ("oneOf", "anyOf")
# What says nothing about a value; the word of the last part counts.
_ANNOTATIONS = frozenset({"description", "deprecated", "readOnly", "writeOnly", "nullable", "title"})
_LOWER, _UPPER = ("minimum", "minLength", "minItems"), ("maximum", "maxLength", "maxItems")


class Combiner:
    """Combines the parts of `allOf` in one document.

    Args:
        schemas: the components, which are changed in place by `components`.
        locate: makes the error for a place in the document and a message.
    """

    def __init__(self, schemas: dict[str, Node], locate: Locate) -> None:
        self.count = 0
        self._schemas = schemas
        self._locate = locate
        self._done: set[str] = set()
        self._merges = self._fields = 0

    def components(self) -> None:
        """Combine every component, those first that others are made of.

        Raises:
            PipelineError: a schema contradicts itself.
        """
        for start in self._schemas:
            stack = [(start, False)]
            while stack:
                name, ready = stack.pop()
                if name in self._done:
                    continue
                if ready:
                    self._done.add(name)
                    self._schemas[name] = self.schema(self._schemas[name], ("components", "schemas", name))
                else:
                    stack.append((name, True))
                    stack.extend((other, False) for other in _made_of(self._schemas[name]) if other not in self._done)

    def part(self, node: Node, kind: Kind, path: Path) -> None:
        """Combine what stands in a part of the document that is no schema itself, in place."""
        for inner_kind, where, inner in list(walk(node, kind, path)):
            if inner_kind in {"parameter", "header", "media"} and isinstance(inner.get("schema"), dict):
                inner["schema"] = self.schema(inner["schema"], (*where, "schema"))

    def schema(self, node: Node, path: Path) -> Node:
        """Return the schema with every `allOf` in it combined."""
        if is_reference(node):
            return node
        result = dict(node)
        for key in ("items", "additionalProperties", "not"):
            if isinstance(result.get(key), dict):
                result[key] = self.schema(result[key], (*path, key))
        for key in ("properties", "patternProperties"):
            if key in result:
                result[key] = {name: self.schema(part, (*path, key, name)) for name, part in result[key].items()}
        for key in ("allOf", *_CHOICES):
            if key in result:
                result[key] = [self.schema(part, (*path, key, n)) for n, part in enumerate(result[key])]
        return self._combined(result, path) if "allOf" in result else result

    def _combined(self, node: Node, path: Path) -> Node:
        own = {key: value for key, value in node.items() if key != "allOf"}
        parts = [(part, (*path, "allOf", number)) for number, part in enumerate(node["allOf"])]
        meant = [entry for entry in (*parts, (own, path)) if not _is_annotation(entry[0])]
        notes: Node = {}
        for part, _ in (*parts, (own, path)):
            notes.update({key: value for key, value in part.items() if _is_note(key)} if _is_annotation(part) else {})
        if len({canonical(part) for part, _ in meant}) == 1 and is_reference(meant[0][0]):
            only: Node = meant[0][0]
            unchanged = len(parts) == 1 and "allOf" not in only
            self.count += not unchanged
            return {**notes, "allOf": [only]} if notes else only
        self.count += 1
        if not meant:
            return notes
        result, where = self._expanded(*meant[0])
        for part, part_path in meant[1:]:
            result = self._merged((result, where), self._expanded(part, part_path), 0)
        self._fields += sum(
            len(part.get("properties", ())) for kind, _, part in walk(result, "schema") if kind == "schema"
        )
        if self._fields > MAX_FIELDS:
            raise self._locate(path, "is part of more combinations (allOf) than can be made")
        # What comes after gives names to the parts of each schema, so that none may be part of two.
        return copy.deepcopy({**result, **_agreed_notes(result, notes)})

    def _expanded(self, node: Node, path: Path) -> tuple[Node, Path]:
        if not is_reference(node):
            return node, path
        name = parse(node["$ref"])[1]
        target = self._schemas[name]
        return self._expanded(target, path) if is_reference(target) else (target, ("components", "schemas", name))

    def _merged(self, one: tuple[Node, Path], other: tuple[Node, Path], depth: int) -> Node:
        """Return what two schemas say together."""
        left, (right, right_path) = one[0], other
        self._merges += 1
        if self._merges > MAX_MERGES:
            raise self._locate(right_path, "is part of more combinations (allOf) than can be made")
        if left == right or not right:
            return left
        if not left:
            return right
        if depth > MAX_DEPTH:
            return {}
        if is_reference(left) or is_reference(right):
            return self._merged(self._expanded(*one), self._expanded(*other), depth + 1)
        if any(key in part for key in (*_CHOICES, "allOf") for part in (left, right)):
            return self._with_choices(one, other, depth)
        result = {**left, **right}
        for key in left.keys() & right.keys():
            result[key] = self._both(key, one, other, depth)
        for rule in schema_rules.RULES:
            result = rule(result)
        return result

    def _with_choices(self, one: tuple[Node, Path], other: tuple[Node, Path], depth: int) -> Node:
        """Return each choice of the one merged with all of the other; anything at all where both leave a choice."""
        if not any(key in one[0] for key in _CHOICES):
            one, other = other, one
        choices = [key for key in _CHOICES if key in one[0]]
        if len(choices) != 1 or any(key in other[0] for key in (*_CHOICES, "allOf")) or "allOf" in one[0]:
            return {}
        rest = {key: value for key, value in one[0].items() if key != choices[0]}
        fixed = self._merged((rest, one[1]), other, depth + 1)
        options = [
            self._merged((option, (*one[1], choices[0], number)), (fixed, other[1]), depth + 1)
            for number, option in enumerate(one[0][choices[0]])
        ]
        return {choices[0]: options}

    def _both(self, key: str, one: tuple[Node, Path], other: tuple[Node, Path], depth: int) -> Any:
        """Return what two schemas that both have a key say under it."""
        (left, left_path), (right, right_path) = one, other
        first, second = left[key], right[key]
        if key == "properties":
            return {**first, **{name: self._property(name, one, other, depth) for name in second}}
        if key in {"items", "additionalProperties"} and isinstance(first, dict) and isinstance(second, dict):
            return self._merged((first, (*left_path, key)), (second, (*right_path, key)), depth + 1)
        if key == "additionalProperties":
            return next((value for value in (first, second) if isinstance(value, dict)), first and second)
        if key == "required":
            return list(dict.fromkeys([*first, *second]))
        if key == "nullable":
            return first and second
        if key in _LOWER or key in _UPPER:
            return (max if key in _LOWER else min)(first, second)
        if key == "enum":
            common = [value for value in first if value in second]
            if common:
                return common
        elif key == "type" and {first, second} == {"integer", "number"}:
            return "integer"
        elif key not in {"type", "format"} or first == second:
            return second
        here, there = pointer((*left_path, key)), pointer((*right_path, key))
        message = f"contradicts {here}: {canonical(first)} there, {canonical(second)} here"
        raise self._locate((*right_path, key), message if here != there else f"contradicts itself: {message}")

    def _property(self, name: str, one: tuple[Node, Path], other: tuple[Node, Path], depth: int) -> Node:
        (left, left_path), (right, right_path) = one, other
        second = right["properties"][name], (*right_path, "properties", name)
        if name not in left["properties"]:
            found: Node = second[0]
            return found
        return self._merged((left["properties"][name], (*left_path, "properties", name)), second, depth + 1)


def _made_of(node: Node) -> Iterator[str]:
    """Yield the components that `allOf` of a schema, at any depth, refers to."""
    for *_, part in walk(node, "schema"):
        yield from (parse(inner["$ref"])[1] for inner in part.get("allOf", ()) if is_reference(inner))


def _is_note(key: str) -> bool:
    return key in _ANNOTATIONS or key.startswith("x-")


def _is_annotation(node: Node) -> bool:
    return all(_is_note(key) for key in node)


def _agreed_notes(result: Mapping[str, Any], notes: Node) -> Node:
    if "nullable" in notes and "nullable" in result:
        return {**notes, "nullable": notes["nullable"] and result["nullable"]}
    return notes
