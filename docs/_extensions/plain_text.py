"""Writes `llms.txt`, the list of all pages, and each page as Markdown beside its HTML, for programs that read.

A page is its source, in which files that it shows stand in full. What only the build knows, such as the reference, is
added as text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.writers.text import TextTranslator

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SUMMARY = "An asyncio-first Python SDK for the Patchworks Core API, with a local Patchworks and environments as code."

_DIRECTIVE = re.compile(r"^```\{([\w-]+)\} *(\S*)\n(.*?)^```$\n?", re.MULTILINE | re.DOTALL)
# The text of these says more than their source.
_BUILT = {"eval-rst", "method-table"}


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
        text = markdown(app, name, source)
        target.write_text(text, encoding="utf-8")
        lines.append(f"- [{app.env.titles[name].astext()}]({name}.md){about(text)}")
    (out / "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def markdown(app: Sphinx, name: str, source: Path) -> str:
    """Return a page as Markdown that needs no Sphinx to be read."""
    text = source.read_text(encoding="utf-8")
    if any(directive[1] in _BUILT for directive in _DIRECTIVE.finditer(text)):
        return f"# {app.env.titles[name].astext()}\n\n{built(app, name)}"

    def shown(directive: re.Match[str]) -> str:
        kind, argument, content = directive.groups()
        if kind == "include":
            return (source.parent / argument).read_text(encoding="utf-8")
        if kind == "literalinclude":
            return f"```python\n{(source.parent / argument).read_text(encoding='utf-8')}```\n"
        if kind == "raw":
            # A picture says in words what it shows.
            return " ".join(" ".join(re.findall(r"<desc[^>]*>(.*?)</desc>", content, re.DOTALL)).split()) + "\n"
        return ""

    return _DIRECTIVE.sub(shown, text)


def about(text: str) -> str:
    """Return the first sentence of a page, as what stands behind its link; nothing where it begins with a table."""
    for paragraph in text.split("\n\n")[1:]:
        if re.match(r"[A-Za-z`]", paragraph) and not paragraph.startswith("```"):
            sentence = re.split(r"(?<=\.) ", " ".join(paragraph.split()), maxsplit=1)[0]
            return ": " + re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", sentence)
        if paragraph.startswith(("#", "|", "```")):
            return ""
    return ""


def built(app: Sphinx, name: str) -> str:
    """Return what the build made of a page, as text without the title."""
    doctree = app.env.get_doctree(name)
    translator = TextTranslator(doctree, app.builder)
    doctree.walkabout(translator)
    _, _, text = translator.body.partition("\n\n")
    # The writer marks each part of a type for itself.
    return re.sub(r"\(\*([^()]*?)\*\)(?=\s+\u2013)", lambda found: f"({found[1].replace('*', '')})", text)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True}
