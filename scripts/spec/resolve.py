"""Shared parameters, bodies, responses and headers put where they are used, so that later steps see them there."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from scripts.openapi.references import parse
from scripts.openapi.structure import is_reference, transform

if TYPE_CHECKING:
    from scripts.openapi.structure import Kind, Node

KEPT_SECTIONS = frozenset({"schemas", "securitySchemes"})


def resolve(document: Node) -> None:
    """Replace every reference to anything but a schema by what it leads to, in place."""
    components = document.get("components", {})

    def follow(kind: Kind, node: Node) -> Node:
        if kind == "schema" or not is_reference(node):
            return node
        section, name = parse(node["$ref"])
        # What is shared may itself be made of what is shared.
        return transform(copy.deepcopy(components[section][name]), follow, kind)

    transform(document, follow)
    for section in components.keys() - KEPT_SECTIONS:
        del components[section]
