"""The code of README.md, of the pages and of the docstrings is type-checked, and run against a local Patchworks."""

from __future__ import annotations

import asyncio
import inspect
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from examples._local import API_KEY
from patchworks_core_client import AsyncPatchworks, Patchworks
from tests.support.processes import unmeasured

from .blocks import PAGES, ROOT, Block, python_blocks

pytestmark = pytest.mark.untraced

BLOCKS = list(python_blocks())
# What only a real server can answer.
ELSEWHERE = ("/api/v1/flows", "/api/v1/users")
# Files that pytest runs: test_first_hour.py and the tests of the fixtures do.
TESTS = ("import pytest",)


def test_there_are_blocks_to_look_at() -> None:
    assert len(BLOCKS) > 25
    assert sum(block.is_program for block in BLOCKS) > 5


def test_every_block_is_well_typed(tmp_path: Path) -> None:
    for number, block in enumerate(BLOCKS):
        (tmp_path / f"block_{number}.py").write_text(f"# {block}\n{block.source}")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", *map(str, sorted(tmp_path.glob("*.py")))],
        cwd=ROOT,
        env=unmeasured(),
        capture_output=True,
        text=True,
        check=False,
    )
    names = {f"block_{number}.py": str(block) for number, block in enumerate(BLOCKS)}
    said = re.sub(r"\S*(block_\d+\.py)", lambda found: names[found[1]], done.stdout)
    assert done.returncode == 0, said


@pytest.fixture
def folder(tmp_path: Path, environ: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run in, with the file of the tutorial in it, and a home of its own."""
    text = next(
        token.content
        for token in MarkdownIt().parse((ROOT / "docs/environments.md").read_text())
        if token.info == "yaml"
    )
    (tmp_path / "patchworks.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATCHWORKS_LOGIN_URL", f"{environ}/fabric/api/login")
    return tmp_path


@pytest.mark.parametrize(
    "block",
    [block for block in BLOCKS if not any(word in block.text for word in (*ELSEWHERE, *TESTS))],
    ids=str,
)
def test_every_block_runs(block: Block, folder: Path, environ: str) -> None:
    source = block.source.replace('api_key="..."', f"api_key={API_KEY!r}")
    names: dict[str, Any] = {"__name__": "block"}
    exec(compile(source, str(block), "exec"), names)  # noqa: S102 - our own documentation
    if block.is_program:
        return
    with Patchworks() as pw:
        given: dict[str, Any] = {"pw": pw, "environment": pw.virtual_environments.create(name="Mine", labels=[])}
        if block.is_async:
            asyncio.run(awaited(block, names["block"], given))
        else:
            names["block"](**{name: given[name] for name in block.given})


async def awaited(block: Block, function: Callable[..., Awaitable[None]], given: dict[str, Any]) -> None:
    async with AsyncPatchworks() as pw:
        everything = {**given, "pw": pw}
        await function(**{name: everything[name] for name in block.given})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    for token in MarkdownIt().enable("table").parse(page.read_text()):
        for child in token.children or ():
            target = str(child.attrs.get("href", child.attrs.get("src", "")))
            if target and "://" not in target and not target.startswith("#"):
                assert (page.parent / target.partition("#")[0]).exists(), target


def test_the_page_on_the_clients_has_every_argument() -> None:
    table = (ROOT / "docs" / "client.md").read_text().partition("## Arguments")[2].partition("\n## ")[0]
    for argument in inspect.signature(AsyncPatchworks).parameters:
        assert re.search(rf"^\| [^|]*`{argument}`", table, re.MULTILINE), argument


# Files of the reader, of the build, and one that is written when something is first retired.
OTHERS = {
    "openapi/retired.json",
    "llms.txt",
    "release.yml",
    "first.py",
    "test_first.py",
    "test_example.py",
    "page.md",
    "patchworks.yaml",
    "patchworks.schema.json",
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    codes = [
        child.content
        for token in MarkdownIt().enable("table").parse(page.read_text())
        for child in token.children or ()
        if child.type == "code_inline"
    ]
    for name in codes:
        if not re.fullmatch(r"[\w./-]+\.(py|yaml|yml|toml|lock|md|txt|json|ipynb)", name) or name in OTHERS:
            continue
        places = (
            ROOT / name,
            ROOT / "patchworks_core_client" / name,
            page.parent / name,
            *ROOT.glob(f"patchworks_core_client/**/{name}"),
        )
        assert name.startswith((".", "/", "build/")) or any(place.exists() for place in places), name
