"""The commands that README.md and the pages show can be pasted: each program takes what it is given there."""

from __future__ import annotations

import importlib
import importlib.util
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from markdown_it import MarkdownIt

from patchworks_core_client.cli.main import cli
from patchworks_core_client.sandbox import create_app
from patchworks_core_client.sandbox.cli import main as sandbox
from tests.support.processes import pytest_command, unmeasured

from .blocks import PAGES, ROOT, fences, python_blocks

TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
EXTRAS = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"])
# What everybody has, and what these pages are not about.
OTHERS = {".", "bash", "curl", "export", "gh", "git", "unset"}


class Command(NamedTuple):
    """One command, and where it stands."""

    page: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {shlex.join(self.words)}"


def commands() -> Iterator[Command]:
    """Yield every command of the blocks, and those inside of sentences that name their arguments."""
    for fence in fences():
        if fence.language in {"sh", "console"}:
            for line in fence.text.splitlines():
                if line.strip() and not line.lstrip().startswith("#"):
                    yield Command(fence.page, words(line))
    for page in PAGES:
        for token in MarkdownIt().enable("table").parse(page.read_text()):
            for child in token.children or ():
                if child.type == "code_inline" and re.match(r"(make|patchworks|python) [\w.-]", child.content):
                    yield Command(str(page.relative_to(ROOT)), words(child.content))


def words(line: str) -> tuple[str, ...]:
    """Return the words of the first command of a line, without its prompt, its pipe and its redirection."""
    split = shlex.split(line.removeprefix("$ "), comments=True)
    ends = [index for index, word in enumerate(split) if word in {"|", ">", ">>", "&&", "..."}]
    return tuple(split[: min(ends, default=None)])


COMMANDS = sorted(set(commands()))


def check(command: Command) -> None:
    """Raise where a program would not take its arguments."""
    program, *arguments = command.words
    if program == "make":
        assert arguments[0] in TARGETS
    elif program == "patchworks":
        context = click.Context(cli)
        name, found, rest = cli.resolve_command(context, list(arguments))
        assert found is not None
        found.make_context(name, rest, parent=context)
    elif program == "pip":
        for extras in re.findall(r"\[([\w,]+)\]", shlex.join(arguments)):
            assert set(extras.split(",")) <= EXTRAS
    elif Path(program).name in {"python", "python3"}:
        check_python(*arguments)
    else:
        assert program in OTHERS


def check_python(first: str, *rest: str) -> None:
    if first == "-m" and rest[0] == "patchworks_core_client.sandbox":
        sandbox._parser().parse_args(rest[1:])
    elif first == "-m" and rest[0].startswith("benchmarks"):
        text = "".join(path.read_text() for path in (ROOT / "benchmarks").glob("*.py"))
        assert all(f'"{word}"' in text for word in rest[1:] if word.startswith("--"))
    elif first == "-m" and rest[0].startswith("tests."):
        assert importlib.util.find_spec(rest[0])
    elif first.startswith("scripts/"):
        importlib.import_module(first.removesuffix(".py").replace("/", "."))._parser().parse_args(rest)
    else:
        assert first in {"-c", "first.py"} or rest[0] in {"pytest", "venv"}


def test_there_are_commands_to_look_at() -> None:
    assert len(COMMANDS) > 60


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_a_command_takes_what_it_is_given(command: Command) -> None:
    check(command)


def test_the_address_and_the_key_to_paste_are_those_of_the_sandbox() -> None:
    line = "export PATCHWORKS_BASE_URL=http://127.0.0.1:{0} PATCHWORKS_API_KEY={1}"
    shown = line.format(sandbox._parser().parse_args([]).port, create_app().state.sandbox.api_key)
    for page in ("README.md", "docs/start.md"):
        assert shown in (ROOT / page).read_text()


@pytest.mark.untraced
def test_the_first_tests_pass_in_a_folder_of_their_own(tmp_path: Path) -> None:
    shown = [block for block in python_blocks() if block.name.startswith(("README.md", "docs/start.md"))]
    files = [block.text for block in shown if "import pytest" in block.text]
    assert len(files) == 2
    for number, text in enumerate(files):
        (tmp_path / f"test_first_{number}.py").write_text(text)
    done = subprocess.run(
        pytest_command(),
        cwd=tmp_path,
        env=unmeasured(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
