"""Fragments as the pages that they came from: what the vendor would publish."""

from __future__ import annotations

import json
from collections.abc import Iterable

from scripts.openapi.project_paths import ROOT
from scripts.spec.extract_fragments import Fragment
from scripts.spec.fragments_folder import read_fragments

APPENDIX = "---\n\n# Agent Instructions\nThis documentation is published with GitBook.\n"


def real_fragments() -> list[Fragment]:
    """Those of this checkout."""
    return read_fragments(ROOT / "openapi" / "fragments")


def section(heading: str, document: object) -> str:
    """One documented endpoint."""
    return f"## {heading}\n\n> Text.\n\n```json\n{json.dumps(document, separators=(',', ':'))}\n```\n\n"


def publish(fragments: Iterable[Fragment]) -> dict[str, str]:
    """The pages, by their names without suffix."""
    pages: dict[str, str] = {}
    for fragment in sorted(fragments, key=lambda fragment: (fragment.place.page, fragment.place.position)):
        page = fragment.place.page
        pages[page] = pages.get(page, f"# {page}\n\n") + section(fragment.place.heading, fragment.document)
    return {page: f"{text}{APPENDIX}" for page, text in pages.items()}
