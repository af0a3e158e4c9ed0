"""Fragments as the pages that the vendor would publish, and a checkout that is regenerated from them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scripts.openapi.project_paths import ROOT
from scripts.regeneration.update import update_checkout
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


def without(*headings: str) -> list[Fragment]:
    """The real fragments without some endpoints."""
    return [fragment for fragment in real_fragments() if fragment.place.heading not in headings]


class Checkout:
    """A checkout with the real documentation, or a copy of another one, without a generator."""

    def __init__(self, root: Path, other: Path = ROOT) -> None:
        self.root = root
        shutil.copytree(other / "openapi", root / "openapi")
        (root / "patchworks_core_client").mkdir()
        self.set_version("0.1.0")

    def set_version(self, version: str) -> None:
        file = self.root / "patchworks_core_client" / "_version.py"
        file.write_text(f'__version__ = "{version}"\n', encoding="utf-8")

    def pages(self, fragments: list[Fragment]) -> Path:
        folder = self.root.parent / "pages"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, text in publish(fragments).items():
            (folder / f"{name}.md").write_text(text, encoding="utf-8")
        return folder

    def documented_as(self, fragments: list[Fragment]) -> dict[str, Any]:
        """Regenerate from other pages; gives the finished document."""
        update_checkout(self.root, self.pages(fragments), lambda *_: None)
        return self.document

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.root / "openapi" / "patchworks-core.json").read_text("utf-8"))
        return document

    @property
    def retired(self) -> dict[str, Any] | None:
        file = self.root / "openapi" / "retired.json"
        return json.loads(file.read_text("utf-8")) if file.exists() else None
