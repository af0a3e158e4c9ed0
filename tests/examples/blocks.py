"""The code blocks of README.md, of the pages and of the docstrings that the site shows."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SHELL = {"sh", "console", "bash"}

# What a part of a program may take for granted.
GIVEN = {
    "pw": "AsyncPatchworks",
    "environment": "VirtualEnvironment",
}
PREAMBLE = """\
from patchworks_core_client import *
from patchworks_core_client.models import *
"""
_FENCE = re.compile(r"^ *```python\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """One block of code."""

    page: str
    number: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.number}"

    @property
    def is_program(self) -> bool:
        """Whether it stands alone, and is no part of one that takes something for granted."""
        try:
            compile(self.text, str(self), "exec")
        except SyntaxError:
            return False
        return not self.free

    @property
    def free(self) -> set[str]:
        """What it takes for granted."""
        tree = ast.parse(textwrap.dedent(self.text))
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        return {node.id for node in names} & (GIVEN.keys() - stored - arguments)


def blocks() -> Iterator[Block]:
    """Yield every block of the pages."""
    for page in PAGES:
        found = [token for token in MarkdownIt().parse(page.read_text("utf-8")) if token.type == "fence"]
        for number, token in enumerate(found, 1):
            yield Block(str(page.relative_to(ROOT)), number, token.info.strip(), token.content)


def docstring_blocks() -> Iterator[Block]:
    """Yield the examples of the docstrings of the package."""
    for path in sorted((ROOT / "patchworks_core_client").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = inspect.cleandoc(ast.get_docstring(node) or "")
                for number, fence in enumerate(_FENCE.finditer(text), 1):
                    page = f"{path.relative_to(ROOT)}:{getattr(node, 'name', '')}"
                    yield Block(page, number, "python", textwrap.dedent(fence[1]))
