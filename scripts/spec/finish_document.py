"""The finished document: the order of its keys, so that the same content gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.openapi.json_text import dumps
from scripts.openapi.operations import operations

if TYPE_CHECKING:
    from scripts.openapi.structure import Node

_OPERATION_ORDER = (
    "tags",
    "summary",
    "description",
    "deprecated",
    "operationId",
    "x-sdk-namespace",
    "x-sdk-method",
    "x-pages",
    "security",
    "parameters",
    "requestBody",
    "responses",
)
_ORDER = ("openapi", "info", "servers", "security", "tags", "paths", "components")


def finished(document: Node) -> Node:
    """Return the document in its final order, with the tags that are in use."""
    paths: dict[str, Node] = {}
    for path, method, operation in operations(document):
        paths.setdefault(path, {})[method] = _in_order(operation, _OPERATION_ORDER)
    used = sorted({operation["tags"][0] for *_, operation in operations(document)})
    described = {tag["name"]: tag for tag in document["tags"]}
    components = {section: dict(sorted(entries.items())) for section, entries in sorted(document["components"].items())}
    result = {
        **document,
        "tags": [described.get(tag, {"name": tag}) for tag in used],
        "paths": paths,
        "components": {section: entries for section, entries in components.items() if entries},
    }
    return _in_order(result, _ORDER)


def document_bytes(document: Node) -> bytes:
    """Return the document as it is written to disk."""
    return dumps(document).encode()


def _in_order(node: Node, keys: tuple[str, ...]) -> Node:
    first = {key: node[key] for key in keys if key in node}
    return {**first, **{key: node[key] for key in sorted(node) if key not in first}}
