"""Secrets: created, never shown, never compared, written again only on demand."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest

from patchworks_core_client.environments import secrets

from .conftest import CommandLine

pytestmark = [pytest.mark.patchworks(keep_requests=10_000), pytest.mark.usefixtures("in_process")]
SECRET = "hunter2-\x1b[31m"


def file_with(source: str) -> str:
    return (
        "schema: 1\nenvironments:\n  Shop:\n    variables:\n"
        f"      token: {{type: string, secret: true, value: !secret '{source}'}}\n"
        "      plain: {type: string, value: shown}\n"
    )


def sent(cli: CommandLine) -> list[object]:
    """The values of the secret that were sent."""
    found = [
        request.json.get("value")
        for request in cli.sandbox.requests
        if isinstance(request.json, dict) and request.json.get("key") == "token"
    ]
    cli.sandbox.forget_requests()
    return found


@pytest.mark.untraced
def test_the_life_of_a_secret(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.write(file_with("env:TOKEN"))
    monkeypatch.delenv("TOKEN", raising=False)
    outputs = [cli("validate", "patchworks.yaml"), cli("plan", "patchworks.yaml", "--out", "shop.plan")]
    assert [output.status for output in outputs] == [0, 0]
    refused = cli("apply", "patchworks.yaml", "--yes")
    assert refused.status == 6
    assert "'Shop: token': the environment variable TOKEN is not set" in refused.err
    assert not cli.writes()

    monkeypatch.setenv("TOKEN", SECRET + "\n")
    outputs.append(cli("apply", "patchworks.yaml", "--yes", "--deploy"))
    assert sent(cli) == [SECRET]
    outputs += [cli("plan", "patchworks.yaml", "--format", form) for form in ("text", "json", "markdown", "html")]
    outputs += [cli("export"), cli("diff", "Shop@draft", "Shop@deployed"), cli("drift", "patchworks.yaml")]
    assert [output.status for output in outputs] == [0] * len(outputs)
    outputs.append(cli("apply", "patchworks.yaml", "--yes", "--deploy"))
    assert not sent(cli)

    outputs.append(cli("apply", "patchworks.yaml", "--yes", "--deploy", "--write-secret", "token"))
    assert sent(cli) == [SECRET]
    assert outputs[-1].out.startswith("Shop: 1 changed, version ")
    for output in outputs:
        assert "hunter2" not in output.out + output.err
    assert "hunter2" not in cli.read("shop.plan")


@pytest.mark.usefixtures("visible_at_once")
def test_a_secret_that_a_rule_refuses_is_not_shown_either(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", SECRET)
    cli.write(file_with("env:TOKEN"))
    cli.sandbox.faults.add("next 422 on virtual_environment_versions.create_variable")
    failed = cli("apply", "patchworks.yaml", "--yes")
    assert failed.status == 4
    assert "hunter2" not in failed.out + failed.err


def test_a_key_that_is_no_secret_is_an_error_that_helps(cli: CommandLine) -> None:
    cli.write(file_with("env:TOKEN"))
    refused = cli("apply", "patchworks.yaml", "--yes", "--write-secret", "tokn")
    assert refused.status == 6
    assert "no secret of that key is in the file; did you mean 'token'?" in refused.err
    assert not cli.writes()


def test_a_wrong_key_is_an_error_too_where_there_is_nothing_to_do(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", SECRET)
    cli.write(file_with("env:TOKEN"))
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy").status == 0
    assert cli("apply", "patchworks.yaml", "--yes", "--write-secret", "tokn").status == 6
    rewritten = cli("apply", "patchworks.yaml", "--yes", "--deploy", "--write-secret", "token")
    assert rewritten.status == 0
    assert "Nothing to do" not in rewritten.err
    assert "Shop: 1 secret will be written over" in rewritten.err


def test_a_secret_without_a_source_cannot_be_created(cli: CommandLine) -> None:
    cli.write("schema: 1\nenvironments: {Shop: {variables: {token: {type: string, secret: true}}}}\n")
    refused = cli("apply", "patchworks.yaml", "--yes")
    assert "is a secret without a value in the file; allowed are `!secret env:NAME`" in refused.err
    assert not cli.writes()


def test_a_variable_becomes_a_secret_and_back(cli: CommandLine) -> None:
    def variable(text: str) -> str:
        return cli.write(f"schema: 1\nenvironments: {{Shop: {{variables: {{token: {{type: string, {text}}}}}}}}}\n")

    cli("apply", variable("value: once-plain"), "--yes", "--deploy")
    planned = cli("plan", variable("secret: true"))
    assert 'secret: "" -> true' in planned.out
    assert "once-plain" not in cli("plan", "patchworks.yaml", "--format", "html").out
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy").status == 0
    assert sent(cli)[-1] is None
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0
    assert cli("apply", variable("value: plain-again"), "--yes").status == 0
    assert sent(cli) == ["plain-again"]


async def test_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVEN", "one")
    path = tmp_path / "secret"
    path.write_bytes(b"two\r\n")
    assert await secrets.resolve("env:GIVEN", "x") == "one"
    assert await secrets.resolve(f"file:{path}", "x") == "two"
    command = f"command:{sys.executable} -c \"print('three')\""
    assert await secrets.resolve(command, "x") == "three"


PYTHON = f"command:{sys.executable} -c "
REFUSED = {
    "env:MISSING": "is not set",
    "env:EMPTY": "gives an empty secret",
    "file:/does/not/exist": "cannot read /does/not/exist: No such file or directory",
    "file:\0": "no path",
    "file:binary": "is not UTF-8",
    "file:long": "longer than 1024 characters",
    "command:/does/not/exist": "cannot run its command: No such file or directory",
    "command:'": "cannot run its command: No closing quotation",
    f"{PYTHON} 'import sys; print(chr(115)); sys.exit(3)'": "its command ended with status 3",
    f"{PYTHON} 'print(chr(120) * 20000)'": "its command says more than",
    f"{PYTHON} 'import time; time.sleep(60)'": "did not end within 0 s",
}


@pytest.mark.parametrize("reference", REFUSED)
def test_a_source_that_gives_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EMPTY", " ")
    Path("binary").write_bytes(b"\xff")
    Path("long").write_text("x" * 1025)
    if "sleep" in reference:
        monkeypatch.setattr(secrets, "COMMAND_TIMEOUT_S", 0.2)
    with pytest.raises(secrets.SecretError, match=re.escape(REFUSED[reference])):
        asyncio.run(secrets.resolve(reference, "x"))


def test_plan_validate_diff_and_drift_run_no_command(cli: CommandLine) -> None:
    cli.write(file_with(f"command:{sys.executable} -c \"open(\\'ran\\', \\'w\\')\"").replace("\\'", "''"))
    for command in (("validate",), ("plan",), ("drift",)):
        assert cli(command[0], "patchworks.yaml").status in {0, 2}
    assert not (cli.folder / "ran").exists()
    cli("apply", "patchworks.yaml", "--yes")
    assert (cli.folder / "ran").exists()


def test_a_command_runs_once(cli: CommandLine) -> None:
    script = cli.folder / "give.py"
    script.write_text("open('runs', 'a').write('x'); print('secret')")
    cli.write(file_with(f"command:{sys.executable} give.py"))
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    assert (cli.folder / "runs").read_text() == "x"
