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
    components = document["components"]

    def follow(kind: Kind, node: Node) -> Node:
        while kind != "schema" and is_reference(node):
            section, name = parse(node["$ref"])
            node = copy.deepcopy(components[section][name])
        return node

    transform(document, follow)
    for section in components.keys() - KEPT_SECTIONS:
        del components[section]
