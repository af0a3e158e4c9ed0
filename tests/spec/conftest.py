"""A small checkout for the pipeline to work on, and a folder of pages."""

from __future__ import annotations

from pathlib import Path

import pytest

OVERLAY = "overlay: 1.0.0\ninfo: {title: None, version: 1.0.0}\nactions: []\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project with an overlay that corrects nothing and a package of one hand-written module."""
    return make_checkout(tmp_path / "checkout")


def make_checkout(root: Path) -> Path:
    """Write such a project into a folder."""
    (root / "openapi").mkdir(parents=True)
    (root / "openapi" / "overlay.yaml").write_text(OVERLAY)
    (root / "patchworks_core_client" / "__pycache__").mkdir(parents=True)
    (root / "patchworks_core_client" / "__init__.py").write_text('"""By hand."""\n')
    (root / "patchworks_core_client" / "_version.py").write_text('__version__ = "0.1.0"\n')
    (root / "patchworks_core_client" / "py.typed").write_text("")
    (root / "patchworks_core_client" / "__pycache__" / "x.pyc").write_bytes(b"compiled")
    return root


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """An empty folder for pages."""
    folder = tmp_path / "pages"
    folder.mkdir()
    return folder
