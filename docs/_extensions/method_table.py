"""The directive `method-table`: every method of the clients beside the request that it makes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

DOCUMENT = Path(__file__).parents[2] / "openapi" / "patchworks-core.json"


def operations() -> dict[str, list[tuple[str, str, str]]]:
    """Return for each namespace its methods: name, request, and what it does."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for path, item in json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"].items():
        for verb, operation in item.items():
            if "x-sdk-method" not in operation:
                continue
            namespace = re.sub(r"\W+", "_", operation["tags"][0].strip().lower())
            request = f"{verb.upper()} {path}"
            found.setdefault(namespace, []).append((operation["x-sdk-method"], request, operation["summary"]))
    return {namespace: sorted(methods) for namespace, methods in found.items()}


class MethodTable(SphinxDirective):
    """One table for each namespace."""

    def run(self) -> list[nodes.Node]:
        """Return the tables."""
        self.env.note_dependency(str(DOCUMENT))
        return list(self._tables())

    def _tables(self) -> Iterator[nodes.Node]:
        for namespace, methods in operations().items():
            section = nodes.section(ids=[f"pw-{namespace.replace('_', '-')}"])
            section += nodes.title("", "", nodes.literal("", f"pw.{namespace}"))
            group = nodes.tgroup(cols=2)
            for width in (30, 70):
                group += nodes.colspec(colwidth=width)
            group += nodes.thead("", _row([nodes.Text("method")], [nodes.Text("what it does, and the request")]))
            rows = [
                _row([_link(namespace, name)], [nodes.Text(does)], [nodes.literal("", request)])
                for name, request, does in methods
            ]
            group += nodes.tbody("", *rows)
            section += nodes.table("", group)
            yield section


def _link(namespace: str, name: str) -> nodes.Node:
    """Return the name of a method, as a link to its place in the reference."""
    target = f"patchworks_core_client.types.Async{namespace.title().replace('_', '')}Api.{name}"
    link = addnodes.pending_xref("", refdomain="py", reftype="meth", reftarget=target, refexplicit=True, refwarn=True)
    link += nodes.literal("", name)
    return link


def _row(first: list[nodes.Node], *second: list[nodes.Node]) -> nodes.row:
    left = nodes.entry("", nodes.paragraph("", "", *first))
    return nodes.row("", left, nodes.entry("", *(nodes.paragraph("", "", *cell) for cell in second)))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("method-table", MethodTable)
    return {"version": "1", "parallel_read_safe": True}
