"""Check the file against its JSON Schema, and word the problems."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from .errors import Problem
from .escaping import printable, quoted
from .suggestions import suggestion
from .yaml_reader import Node

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


@functools.cache
def _validator() -> Draft202012Validator:
    # Most commands read no file, and this is slow to import.
    from jsonschema import Draft202012Validator

    schema = json_schema()
    return Draft202012Validator(_without_references(schema, schema.pop("$defs")))


def _without_references(part: Any, definitions: dict[str, Any]) -> Any:
    """Return a schema with each definition where it is referred to: following references is half of the work."""
    if isinstance(part, dict):
        children = {key: _without_references(value, definitions) for key, value in cast("dict[str, Any]", part).items()}
        name: str = children.pop("$ref", "").removeprefix("#/$defs/")
        return {**_without_references(definitions[name], definitions), **children} if name else children
    if isinstance(part, list):
        return [_without_references(item, definitions) for item in cast("list[object]", part)]
    return part


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the file."""
    text = files(__package__ or "").joinpath("schema.json").read_text("utf-8")
    return cast("dict[str, Any]", json.loads(text))


def problems(root: Node) -> list[Problem]:
    """Return where a document differs from the schema."""
    found: list[Problem] = []
    validator: Any = _validator()
    for error in validator.iter_errors(root.plain()):
        found.extend(_problems(root, error))
    return found


def shown_path(path: Sequence[str | int]) -> str:
    """Return a path into the document as messages show it."""
    return ".".join(printable(str(part)) for part in path)


def _problems(root: Node, error: ValidationError) -> Iterator[Problem]:
    path = list(error.absolute_path)
    node = _at(root, path)
    if error.validator == "anyOf":
        # The last alternative is null; what is not null was meant as the first.
        meant = [below for below in error.context or () if below.schema_path[0] == 0]
        for below in meant:
            yield from _problems(root, below)
        return
    if error.validator == "additionalProperties":
        allowed = list(cast("dict[str, Any]", error.schema)["properties"])
        for key in sorted(set(node.items()) - set(allowed)):
            line, column = (node.keys or {})[key]
            message = f"unknown key {quoted(key)}{suggestion(key, allowed)} Allowed: {', '.join(allowed)}"
            yield Problem(line, column, shown_path([*path, key]), message)
        return
    if error.parent is None and "propertyNames" in error.schema_path:
        line, column = (node.keys or {}).get(str(error.instance), (node.line, node.column))
        yield Problem(line, column, shown_path([*path, str(error.instance)]), _message(error))
        return
    yield Problem(node.line, node.column, shown_path(path), _message(error))


def _message(error: ValidationError) -> str:
    instance, rule = cast("Any", error.instance), cast("Any", error.validator_value)
    if error.validator == "type":
        kinds = [rule] if isinstance(rule, str) else list(rule)
        allowed = " or ".join(_TYPES[kind] for kind in kinds)
        none = {"object": "{}", "array": "[]", "string": '""'}.get(kinds[0])
        hint = f"; write {none} for none, or leave the line out" if instance is None and none else ""
        return f"is {_kind(instance)}; allowed is {allowed}{hint}"
    if error.validator == "required":
        missing = [key for key in rule if key not in instance]
        return f"{', '.join(quoted(key) for key in missing)} is missing"
    if error.validator == "const":
        return f"has to be {rule}"
    if error.validator == "enum":
        return f"is {quoted(str(instance))}{suggestion(str(instance), rule)} Allowed: {', '.join(rule)}"
    if error.validator == "maxLength":
        if rule == 0:
            return "is a text; allowed are entries, or !none to clear what the base gives"
        return f"has {len(instance)} characters; at most {rule} are allowed"
    if error.validator == "minLength":
        return "is empty"
    if error.validator in {"minimum", "maximum"}:
        return f"is {instance}; the {error.validator} is {rule}"
    return "begins or ends with a space, which the server would take off"


def _kind(value: object) -> str:
    for known, name in ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array")):
        if isinstance(value, known):
            return _TYPES[name]
    return _TYPES["null" if value is None else "object"]


def _at(root: Node, path: Sequence[str | int]) -> Node:
    node = root
    for part in path:
        node = node.elements()[part] if isinstance(part, int) else node.items()[part]
    return node
