"""Replace references to shared parameters, bodies, responses and headers by what they lead to."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from scripts.openapi.references import parse, reference
from scripts.openapi.structure import is_reference, transform

if TYPE_CHECKING:
    from scripts.openapi.structure import Kind, Node

KEPT_SECTIONS = frozenset({"schemas", "securitySchemes"})


def dereference(document: Node) -> None:
    """Replace every reference to anything but a schema by what it leads to, in place.

    One to a schema that is itself a reference leads to where that one leads, however many there are on the way.
    """
    components = document.get("components", {})
    schemas: dict[str, Node] = components.get("schemas", {})
    for name in schemas:
        chain = [name]
        while is_reference(schemas[chain[-1]]):
            chain.append(parse(schemas[chain[-1]]["$ref"])[1])
        for link in chain[:-1]:
            schemas[link] = reference("schemas", chain[-1])

    def follow(kind: Kind, node: Node) -> Node:
        if not is_reference(node):
            return node
        if kind == "schema":
            target = schemas[parse(node["$ref"])[1]]
            return dict(target) if is_reference(target) else node
        section, name = parse(node["$ref"])
        # What is shared may itself be made of what is shared.
        return transform(copy.deepcopy(components[section][name]), follow, kind)

    transform(document, follow)
    for section in components.keys() - KEPT_SECTIONS:
        del components[section]
