"""Documentation as large as one likes, in the published format: the real pages again and again, under other names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scripts.spec.extract_fragments import Fragment
from tests.spec.published import APPENDIX, real_fragments, section

OPERATIONS_OF_THE_REAL_PAGES = 27

_COLOURS = ("amber", "azure", "coral", "ebony", "green", "ivory", "olive", "pearl")
_PLACES = ("coastal", "distant", "inland", "northern", "remote")


def write_pages(folder: Path, copies: int) -> int:
    """Write pages of `copies` times the real operations, each time with tags, paths and schemas of their own.

    Args:
        folder: an existing, empty folder.
        copies: at most 40.

    Returns:
        The number of operations.
    """
    fragments = real_fragments()
    words = [f"{place}-{colour}" for place in _PLACES for colour in _COLOURS][:copies]
    for word in words:
        for page in sorted({fragment.place.page for fragment in fragments}):
            text = "".join(_section(fragment, word) for fragment in fragments if fragment.place.page == page)
            name = page.replace("virtual", word)
            (folder / f"{name}.md").write_text(f"# {name}\n\n{text}{APPENDIX}", encoding="utf-8")
    return len(fragments) * len(words)


def _section(fragment: Fragment, word: str) -> str:
    document = json.loads(_renamed(json.dumps(_with_own_schemas(fragment.document, word)), word))
    return section(_renamed(fragment.place.heading, word), document)


def _renamed(text: str, word: str) -> str:
    title = word.replace("-", " ").title()
    for old, new in (
        ("virtual-environment", f"{word}-environment"),
        ("virtual_environment", f"{word.replace('-', '_')}_environment"),
        ("virtualEnvironment", f"{title[0].lower()}{title[1:].replace(' ', '')}Environment"),
        ("Virtual Environment", f"{title} Environment"),
        ("virtual environment", f"{word.replace('-', ' ')} environment"),
    ):
        text = text.replace(old, new)
    return text


def _with_own_schemas(document: dict[str, Any], word: str) -> dict[str, Any]:
    """The document with every schema under a name of this copy: its content may be of this copy too."""
    prefix = word.replace("-", " ").title().replace(" ", "")
    schemas = document.get("components", {}).get("schemas", {})
    text = json.dumps(document)
    for name in sorted(schemas, key=len, reverse=True):
        text = text.replace(f'#/components/schemas/{name}"', f'#/components/schemas/{prefix}{name}"')
    renamed: dict[str, Any] = json.loads(text)
    if schemas:
        own = renamed["components"]["schemas"]
        renamed["components"]["schemas"] = {f"{prefix}{name}": schema for name, schema in own.items()}
    return renamed
