"""Shells complete commands and the names of environments."""

from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest

from patchworks_core_client.cli.main import main

from .conftest import CommandLine

pytestmark = [pytest.mark.patchworks(keep_requests=10_000), pytest.mark.usefixtures("in_process")]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(cli: CommandLine, shell: str) -> None:
    script = cli("completion", shell)
    assert script.status == 0
    assert "_PATCHWORKS_COMPLETE" in script.out
    if shutil.which(shell) and shell == "bash":
        subprocess.run(["bash", "-n"], input=script.out, text=True, check=True)


@pytest.mark.parametrize(("typed", "inserted"), [("UK", "UK\\ live"), ("'UK", "UK live"), ('"UK', "UK live")])
def test_bash_inserts_a_name_with_a_space_as_one_word(cli: CommandLine, typed: str, inserted: str) -> None:
    script = cli("completion", "bash").out
    # It answers as the command line does, for what is asked of it by the script.
    program = cli.folder / "answer"
    program.write_text("#!/bin/sh\nprintf 'plain,UK live\\n'\n", "utf-8")
    program.chmod(0o700)
    script += f"COMP_WORDS=(patchworks plan x.yaml {shlex.quote(typed)}); COMP_CWORD=3\n"
    script += "_patchworks_completion ./answer; printf '%s\\n' \"${COMPREPLY[@]}\"\n"
    said = subprocess.run(["bash"], input=script, cwd=cli.folder, capture_output=True, text=True, check=True)
    assert said.stdout == f"{inserted}\n"


@pytest.mark.usefixtures("measured")
def test_completion_knows_commands_and_environments(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.write("schema: 1\nenvironments: {UK live: , FR live: }\n")
    monkeypatch.setenv("_PATCHWORKS_COMPLETE", "bash_complete")

    def completed(words: str, number: int) -> str:
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(number))
        cli.capture.readouterr()
        with pytest.raises(SystemExit):
            main([])
        return cli.capture.readouterr().out

    assert "plain,plan" in completed("patchworks pl", 1)
    assert completed("patchworks plan patchworks.yaml UK", 3) == "plain,UK live\n"
    assert completed("patchworks plan missing.yaml UK", 3).strip() == ""
