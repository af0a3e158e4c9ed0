"""The directive `enumerations`: every enumeration of the API with its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from patchworks_core_client import models

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


class Enumerations(SphinxDirective):
    """One entry for each, as autodoc would write it for a class."""

    def run(self) -> list[nodes.Node]:
        """Return the entries."""
        lines: list[str] = []
        for name in sorted(models.__all__):
            value = getattr(models, name)
            if isinstance(value, type):
                continue
            texts = ", ".join(f"``{text}``" for text in get_args(value))
            lines += [f".. py:type:: {name}", "   :module: patchworks_core_client.models", "", f"   {texts}", ""]
        return self.parse_text_to_nodes(StringList(lines, source="enumerations"))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("enumerations", Enumerations)
    return {"version": "1", "parallel_read_safe": True}
