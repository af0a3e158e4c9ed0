"""Find the operations of a document, the key of each, and the placeholders of its path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scripts.openapi.structure import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.openapi.structure import Node

PAGES_KEY = "x-pages"
"""On an operation: the pages that it is published on."""

_PLACEHOLDER = re.compile(r"\{([^{}/]+)\}")


def operations(document: Node) -> Iterator[tuple[str, str, Node]]:
    """Yield every operation of a document with its path and its HTTP method, in the order of the paths."""
    for path, item in sorted(document["paths"].items()):
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def operation_key(method: str, path: str) -> tuple[str, str]:
    """Return what an operation is known by: names in braces may change, the endpoint stays the same."""
    return method, _PLACEHOLDER.sub("{}", path)


def placeholders(path: str) -> list[str]:
    """Return the names in braces in a path, in their order."""
    return _PLACEHOLDER.findall(path)
