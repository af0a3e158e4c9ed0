"""The code in README.md and docs/ is code: what is a program runs, the rest compiles."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from examples._local import API_KEY, local_patchworks

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path) -> Iterator[str]:
    for token in MarkdownIt().parse(page.read_text()):
        if token.type == "fence" and token.info.strip() == "python":
            yield token.content


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with local_patchworks() as url:
        yield url


@pytest.mark.parametrize("number", [0, 1])
def test_the_first_examples_run_as_they_stand(base_url: str, number: int) -> None:
    code = list(blocks(ROOT / "README.md"))[number].replace('api_key="..."', f"api_key={API_KEY!r}")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "PATCHWORKS_BASE_URL": base_url},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "UK live" in done.stdout


def test_the_first_examples_are_well_typed(tmp_path: Path) -> None:
    for number, code in enumerate(list(blocks(ROOT / "README.md"))[:2]):
        (tmp_path / f"example_{number}.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *sorted(map(str, tmp_path.glob("*.py")))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_compiles(page: Path) -> None:
    for code in blocks(page):
        compile(code, page.name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    for token in MarkdownIt().parse(page.read_text()):
        for child in token.children or ():
            target = str(child.attrs.get("href", ""))
            if target and "://" not in target and not target.startswith("#"):
                assert (page.parent / target.partition("#")[0]).exists(), target


def test_every_file_that_the_architecture_names_is_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    table = text[text.index("## Where is X decided?") :]
    named = re.findall(r"`([\w/]+\.(?:py|yaml))`", table)
    assert len(named) > 25
    for name in named:
        assert (ROOT / name).exists() or (ROOT / "patchworks_core_client" / name).exists(), name
