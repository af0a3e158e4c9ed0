"""The directive `namespaces`: every method of the asynchronous client, below the attribute that it is reached by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from patchworks_core_client import types

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

_ASYNC = re.compile(r"Async(\w+)Api")


class Namespaces(SphinxDirective):
    """A section for each, in which autodoc writes about its class."""

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        lines: list[str] = []
        for name in sorted(types.__all__):
            if found := _ASYNC.fullmatch(name):
                title = "pw." + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", found[1]).lower()
                lines += [title, "-" * len(title), "", f".. autoclass:: patchworks_core_client.types.{name}()"]
                lines += ["   :members:", ""]
        return self.parse_text_to_nodes(StringList(lines, source="namespaces"), allow_section_headings=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("namespaces", Namespaces)
    return {"version": "1", "parallel_read_safe": True}
