"""Enumerations of `include` and `sort`, read from parameters' descriptions and shared by operations."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from scripts.openapi.identifiers import class_name, module_key, unused
from scripts.openapi.json_text import canonical
from scripts.openapi.references import reference
from scripts.spec.naming.locked_names import kept_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scripts.openapi.structure import Node

# What is called like this takes names from a list; a filter takes values, whatever its description says.
_LISTING = re.compile(r"include|sort|append|with|fields(\[.*\])?")
_TEXTS = {
    "include": "Relations that can be included in the answer.",
    "sort": "Fields to sort by, in descending order with `-` in front.",
}
_AVAILABLE = re.compile(r"\bavailable(?:\s+(?:values|fields|options|relations|relationships))?\s*:", re.IGNORECASE)
_NAME = re.compile(r"\s*([`'\"]?)(-?[A-Za-z_][\w-]*(?:[.:][A-Za-z_][\w-]*)*)\1(?:\s+\([^()\n]*\))?")
_SEPARATOR = re.compile(r"\s*(?:,\s*(?:and\b|or\b)?|\band\b|\bor\b|\||;|\n)")
_END = re.compile(r"\s*(?:[.!](?=\s|$)|\n|$)")


class Listed(NamedTuple):
    """A parameter whose values are listed.

    Attributes:
        noun: what its operation is about, as the start of a class name.
        operation: the operation's own name, for when the noun is not enough.
        rank: the lower, the more the operation is the one that gives the noun its list.
        parameter: the parameter itself.
        values: what can be asked for.
        locked: the enumeration's name so far; empty for a new parameter.
    """

    noun: str
    operation: str
    rank: int
    parameter: Node
    values: tuple[str, ...]
    locked: str = ""


_Key = tuple[str, str]


def available_names(description: str) -> tuple[str, ...]:
    """Return the names after `Available:` in a description, each once; none when what stands there is no plain list."""
    text = html.unescape(description)
    start = _AVAILABLE.search(text)
    if not start:
        return ()
    names: dict[str, None] = {}
    position = start.end()
    while match := _NAME.match(text, position):
        names[match.group(2)] = None
        position = match.end()
        separator = _SEPARATOR.match(text, position)
        if _END.match(text, position) or not separator:
            break
        position = separator.end()
    return tuple(names) if _END.match(text, position) else ()


def listed_values(parameter: Node) -> tuple[str, ...]:
    """Return the values of a query parameter, if its description lists them; for `sort` also with `-` in front."""
    schema = parameter.get("schema", {})
    of_text = schema if schema.get("type") == "string" else schema.get("items", {})
    if parameter["in"] != "query" or not _LISTING.fullmatch(parameter["name"]):
        return ()
    if of_text.get("type", "string") != "string" or "$ref" in of_text:
        return ()
    names = available_names(parameter.get("description", "")) or tuple(of_text.get("enum", ()))
    if parameter["name"] != "sort":
        return names
    plain = dict.fromkeys(name.lstrip("-") for name in names)
    return tuple(value for name in plain for value in (name, f"-{name}"))


def share_enumerations(
    listed: Iterable[Listed], schemas: dict[str, Node], is_taken: Callable[[str], bool]
) -> dict[tuple[str, str], str]:
    """Turn each listed parameter into an array of a component, one for all of a noun that take the same values.

    A locked name stays with those that take the same values as most of its operations. Where the operations of a noun
    differ, its list has the plain name, and the others have that of their operation.

    Args:
        listed: the parameters.
        schemas: the document's schemas, to which the components are added.
        is_taken: whether a class name is in use.

    Returns:
        The component of each parameter, by the names of its operation and its own.
    """
    groups: dict[_Key, list[Listed]] = defaultdict(list)
    for entry in sorted(listed, key=lambda entry: (entry.rank, entry.operation)):
        plain = class_name(f"{entry.noun} {entry.parameter['name']}")
        groups[plain, canonical(entry.values)].append(entry)
    names = kept_names({key: [entry.locked for entry in entries] for key, entries in groups.items()}, is_taken)
    modules = {module_key(name) for name in names.values()}
    given: set[str] = set(names.values())
    for key in sorted(groups.keys() - names.keys(), key=[*groups].index):
        plain, entry = key[0], groups[key][0]
        own = class_name(f"{entry.operation} {entry.parameter['name']}")
        name = own if plain in given else plain
        names[key] = unused(name, lambda name: is_taken(name) or module_key(name) in modules, "")
        modules.add(module_key(names[key]))
        given.add(plain)
    for key, entries in groups.items():
        text = _TEXTS.get(entries[0].parameter["name"], "")
        schemas[names[key]] = {
            "type": "string",
            "enum": list(entries[0].values),
            **({"description": text} if text else {}),
        }
        for entry in entries:
            _refer(entry.parameter, names[key])
    return {(entry.operation, entry.parameter["name"]): names[key] for key in groups for entry in groups[key]}


def _refer(parameter: Node, component: str) -> None:
    """Turn a parameter into an array of a component."""
    description = parameter.get("description")
    parameter["schema"] = {
        "type": "array",
        # An empty list would look like a list of one empty name on the wire.
        "minItems": 1,
        "items": reference("schemas", component),
        **({"description": description} if description else {}),
    }
    parameter.update({"style": "form", "explode": False})
