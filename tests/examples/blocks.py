"""The code blocks of README.md, of the pages, and of the docstrings that the site shows."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]

# What a part of a program may take for granted: the public names, a client of its kind, and an environment.
_PREAMBLE = """\
from patchworks_core_client import *
from patchworks_core_client.models import *
from patchworks_core_client.sandbox import *
"""
_GIVEN = {"pw": "", "environment": "VirtualEnvironment"}
_FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Fence(NamedTuple):
    """A block of any language.

    Attributes:
        page: the file that it is in.
        number: which one of the file it is.
        language: what stands behind the three backticks.
        text: what is between them.
    """

    page: str
    number: int
    language: str
    text: str


class Block:
    """A block of Python: a program, or a part of one, which is made a function of what it takes for granted."""

    def __init__(self, page: str, number: int, text: str) -> None:
        self.name = f"{page}:{number}"
        self.text = text
        self._tree = compile(text, self.name, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)

    def __str__(self) -> str:
        return self.name

    @cached_property
    def is_async(self) -> bool:
        """Whether it awaits something outside of a function."""
        waiting = (ast.Await, ast.AsyncFor, ast.AsyncWith)
        return any(isinstance(node, waiting) or _is_async_comprehension(node) for node in _outside(self._tree))

    @cached_property
    def given(self) -> list[str]:
        """What it takes for granted."""
        names = [node for node in ast.walk(self._tree) if isinstance(node, ast.Name)]
        made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        made |= {node.arg for node in ast.walk(self._tree) if isinstance(node, ast.arg)}
        return sorted({node.id for node in names} & (_GIVEN.keys() - made))

    @cached_property
    def is_program(self) -> bool:
        """Whether it stands alone."""
        imported = [node.module or "" for node in self._tree.body if isinstance(node, ast.ImportFrom)]
        named = any(module.partition(".")[0] == "patchworks_core_client" for module in imported)
        return named and not self.is_async and not self.given

    @property
    def source(self) -> str:
        """A module that holds it."""
        if self.is_program:
            return self.text
        kind, client = ("async def", "AsyncPatchworks") if self.is_async else ("def", "Patchworks")
        arguments = ", ".join(f"{name}: {_GIVEN[name] or client}" for name in self.given)
        return f"{_PREAMBLE}\n\n{kind} block({arguments}) -> None:\n{textwrap.indent(self.text, '    ')}"


def _outside(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what is not inside of a function."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from _outside(node)


def _is_async_comprehension(node: ast.AST) -> bool:
    return isinstance(node, ast.comprehension) and bool(node.is_async)


@cache
def fences() -> tuple[Fence, ...]:
    """Return every block of the pages."""
    found = []
    for page in PAGES:
        tokens = [token for token in MarkdownIt().parse(page.read_text("utf-8")) if token.type == "fence"]
        for number, token in enumerate(tokens, 1):
            found.append(Fence(str(page.relative_to(ROOT)), number, token.info.strip(), token.content))
    return tuple(found)


def python_blocks() -> Iterator[Block]:
    """Yield the Python of the pages and of the docstrings of the package."""
    yield from (Block(fence.page, fence.number, fence.text) for fence in fences() if fence.language == "python")
    for path in sorted((ROOT / "patchworks_core_client").rglob("*.py")):
        text = path.read_text("utf-8")
        if "```python" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                docstring = inspect.cleandoc(ast.get_docstring(node) or "")
                examples = _FENCE.findall(re.sub(r"^ +(?=```)", "", docstring, flags=re.MULTILINE))
                for number, example in enumerate(examples, 1):
                    name = f"{path.relative_to(ROOT)}:{getattr(node, 'name', '')}"
                    yield Block(name, number, textwrap.dedent(example))
