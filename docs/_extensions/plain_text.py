"""Writes `llms.txt`, the list of all pages, and each page as Markdown beside its HTML, for programs that read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SUMMARY = "An asyncio-first Python SDK for the Patchworks Core API, with a local Patchworks and environments as code."


def write(app: Sphinx, failure: Exception | None) -> None:
    """Write the files, once the HTML is there."""
    if failure is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    lines = [f"# {app.config.project}", "", f"> {SUMMARY}", "", "## Pages", ""]
    for name in sorted(app.env.found_docs, key=lambda name: (name != "index", name)):
        source = Path(app.env.doc2path(name))
        if source.suffix != ".md":
            continue
        target = out / f"{name}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
        lines.append(f"- [{app.env.titles[name].astext()}]({name}.md)")
    (out / "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True}
