"""The tutorial of the documentation runs as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from .conftest import CommandLine

pytestmark = pytest.mark.untraced

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.patchworks(keep_requests=10_000)
def test_the_tutorial_runs(cli: CommandLine) -> None:
    commands = 0
    for language, text in BLOCK.findall((DOCS / "environments.md").read_text("utf-8")):
        if language == "yaml" and text.startswith("# patchworks.yaml:"):
            changed = text.partition("\n")[2]
            cli.write(cli.read().replace("  UK sandbox: {type: test}\n", changed))
        elif language == "yaml":
            cli.write(text)
        elif language == "console":
            for line in text.splitlines():
                _, name, *arguments = shlex.split(line)
                assert name == "patchworks"
                done = cli(*arguments)
                assert done.status == 0, (line, done.out, done.err)
                commands += 1
    assert commands == 11
    assert "value: Hello" in cli("export", "UK live").out


@pytest.mark.parametrize("page", ["environments.md", "environments-ci.md", "environments-secrets.md"])
def test_examples_are_yaml(page: str) -> None:
    yaml.SafeLoader.add_multi_constructor("!", lambda loader, suffix, node: node.value)
    blocks = [text for language, text in BLOCK.findall((DOCS / page).read_text("utf-8")) if language == "yaml"]
    assert blocks
    for text in blocks:
        assert yaml.safe_load(text)


def test_the_workflows_use_options_that_there_are(cli: CommandLine) -> None:
    text = (DOCS / "environments-ci.md").read_text("utf-8")
    for line in re.findall(r"patchworks (?:plan|apply|drift) .*", text):
        command, *arguments = shlex.split(line.partition(" > ")[0].removeprefix("patchworks "))
        said = cli(command, *arguments, "--help")
        assert said.status == 0
