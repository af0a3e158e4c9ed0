"""Any OpenAPI document as pages of the published form: one block for each operation, with what it refers to."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scripts.openapi.identifiers import slug, words
from scripts.openapi.structure import METHODS, walk
from scripts.spec.servers_and_security import SERVER
from tests.real_input.openapi_3_0 import Node, schema_3_0
from tests.spec.published import APPENDIX, section

_SECURITY = {"ApiKeyAuth": {"type": "apiKey", "in": "header", "name": "Authorization"}}
_MAX_POINTERS = 20


@dataclass(frozen=True)
class Block:
    """What the vendor would publish of one operation.

    Attributes:
        page: the file name of its page, without its suffix.
        heading: above the block.
        path: of the operation.
        method: of the operation, in small letters.
        document: the OpenAPI document in the block.
    """

    page: str
    heading: str
    path: str
    method: str
    document: Node

    @property
    def operation(self) -> Node:
        """The operation."""
        found: Node = self.document["paths"][self.path][self.method]
        return found


def blocks(document: Node) -> list[Block]:
    """Cut a document of OpenAPI 3.0 or 3.1 into blocks, in its own order.

    Raises:
        ValueError: it is of another version, or refers to another file.
    """
    version = str(document.get("openapi", ""))
    if not version.startswith(("3.0", "3.1")):
        raise ValueError(f"OpenAPI {version or 'of no version'}; 3.0 and 3.1 are what is read")
    return [_block(document, path, item, method) for path, item, method in _operations(document)]


def pages(cut: list[Block]) -> dict[str, str]:
    """Return the pages of some blocks, by their names without suffix."""
    texts: dict[str, str] = {}
    for block in cut:
        start = texts.get(block.page, f"# {block.page}\n\n")
        texts[block.page] = start + section(block.heading, block.document)
    return {name: f"{text}{APPENDIX}" for name, text in texts.items()}


def count_operations(document: Node) -> int:
    """Return how many operations a document has."""
    return sum(1 for _ in _operations(document))


def _operations(document: Node) -> Iterator[tuple[str, Node, str]]:
    for path, item in document.get("paths", {}).items():
        whole = _followed(document, item)
        yield from ((path, whole, method) for method in METHODS if method in whole)


def _block(document: Node, path: str, item: Node, method: str) -> Block:
    operation = copy.deepcopy(item[method])
    for key in ("servers", "callbacks", "externalDocs"):
        operation.pop(key, None)
    operation["security"] = [{"ApiKeyAuth": []}]
    tag = next((tag for tag in operation.get("tags", ()) if words(str(tag))), next(iter(words(path)), "default"))
    operation["tags"] = [str(tag)]
    shared = copy.deepcopy(item.get("parameters", []))
    block: Node = {
        "openapi": "3.0.0",
        "info": {"title": "Patchworks Core API", "version": "1.0.0"},
        "tags": [{"name": str(tag)}],
        "servers": [{"url": SERVER}],
        "paths": {path: {**({"parameters": shared} if shared else {}), method: operation}},
    }
    components = _components(document, block)
    block["components"] = {"securitySchemes": _SECURITY, **components}
    heading = str(operation.get("summary") or operation.get("operationId") or f"{method} {path}")
    heading = re.sub(r"\s+", " ", heading).strip() or f"{method} {path}"
    _in_3_0(block)
    return Block(slug(str(tag)) or "page", heading, path, method, block)


def _components(document: Node, block: Node) -> dict[str, dict[str, Node]]:
    """What a block refers to, however deep; a pointer to anything but a component is replaced by what it leads to."""
    found: dict[str, dict[str, Node]] = {}
    waiting: list[Any] = [block["paths"]]
    while waiting:
        for holder in _references(waiting.pop()):
            target = holder["$ref"]
            name = _component_name(target)
            if name is None:
                holder.pop("$ref")
                holder.update(copy.deepcopy(_target(document, target)))
                waiting.append(holder)
            elif name[1] not in found.get(name[0], {}):
                component = copy.deepcopy(_target(document, target))
                found.setdefault(name[0], {})[name[1]] = component
                waiting.append(component)
    return found


def _references(node: Any) -> Iterator[Node]:
    stack = [node]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)


def _component_name(target: str) -> tuple[str, str] | None:
    match = re.fullmatch(r"#/components/(\w+)/([^/]+)", target)
    return (match[1], match[2].replace("~1", "/").replace("~0", "~")) if match else None


def _target(document: Node, target: str) -> Any:
    if "\\" in target:
        # The name of a class of PHP, which its scraper has not found: nothing is described.
        return {}
    if not target.startswith("#/"):
        raise ValueError(f"{target} leads to another file")
    node: Any = document
    for part in target[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")
        node = node[int(name)] if isinstance(node, list) else node[name]
    return node


def _followed(document: Node, node: Node) -> Node:
    for _ in range(_MAX_POINTERS):
        if not isinstance(node.get("$ref"), str):
            break
        node = {**{key: value for key, value in node.items() if key != "$ref"}, **_target(document, node["$ref"])}
    return node


def _in_3_0(block: Node) -> None:
    """Put every schema of a block into the words of OpenAPI 3.0."""
    for kind, _, node in walk(block):
        if kind in {"parameter", "header", "media"} and "schema" in node:
            node["schema"] = schema_3_0(node["schema"])
        if kind == "components":
            node["schemas"] = {name: schema_3_0(part) for name, part in node.get("schemas", {}).items()}
