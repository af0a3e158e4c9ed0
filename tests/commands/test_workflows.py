"""The workflows: what tools say of them, and the rules that no tool knows."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from scripts import check_workflows
from scripts.openapi.project_paths import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS = {file.stem: YAML(typ="safe").load(file.read_text("utf-8")) for file in FILES}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def jobs() -> Iterator[tuple[str, Any]]:
    for name, workflow in WORKFLOWS.items():
        for job_name, job in workflow["jobs"].items():
            yield f"{name}.{job_name}", job


def steps() -> Iterator[tuple[str, Any]]:
    for name, job in jobs():
        yield from ((name, step) for step in job["steps"])


def test_the_tools_find_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert check_workflows.main() == 0, capfd.readouterr().out


@pytest.mark.parametrize("code", [0, 1])
def test_actionlint_looks_at_them_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], code: int
) -> None:
    (tmp_path / "actionlint").write_text(f"#!/bin/sh\necho looks at $#\nexit {code}\n", "utf-8")
    (tmp_path / "actionlint").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert check_workflows.main() == code
    assert f"looks at {len(FILES)}" in capfd.readouterr().out


def test_it_is_said_where_actionlint_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match="0"):
        runpy.run_path(check_workflows.__file__, run_name="__main__")
    assert "actionlint is not installed" in capfd.readouterr().out


def test_every_action_is_pinned_to_a_commit_with_its_version_beside_it() -> None:
    for file in FILES:
        for line in file.read_text("utf-8").splitlines():
            if "uses:" in line:
                assert re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), f"{file.name}: {line}"


def test_an_action_has_one_version_everywhere() -> None:
    used = {step["uses"].partition("@") for _, step in steps() if "uses" in step}
    assert len({name for name, *_ in used}) == len(used)


def test_nothing_is_allowed_that_a_job_does_not_ask_for() -> None:
    assert all(workflow["permissions"] == {} for workflow in WORKFLOWS.values())
    writing = {
        name: sorted(scope for scope, access in job["permissions"].items() if access == "write")
        for name, job in jobs()
        if "write" in job["permissions"].values()
    }
    assert writing == {
        "regenerate.propose": ["contents", "pull-requests"],
        "release.attest": ["attestations", "id-token"],
        "release.publish": ["id-token"],
    }


def test_no_checkout_leaves_a_credential_behind_and_no_job_runs_for_ever() -> None:
    checkouts = [step for _, step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    assert all(job["timeout-minutes"] <= 30 for _, job in jobs())


def test_the_job_that_uploads_does_nothing_else() -> None:
    used = [step["uses"].partition("@")[0] for step in WORKFLOWS["release"]["jobs"]["publish"]["steps"]]
    assert used == ["actions/download-artifact", "pypa/gh-action-pypi-publish"]


def test_nothing_is_published_that_was_not_found_fit_and_tested_in_another_job() -> None:
    release = WORKFLOWS["release"]["jobs"]
    assert {name: job.get("needs") for name, job in release.items()} == {
        "test": None,
        "build": "test",
        "attest": "build",
        "publish": "attest",
    }
    commands = {name: [step.get("run", "") for step in job["steps"]] for name, job in release.items()}
    tested = [command for command in commands["test"] if command]
    assert tested == ['make release-check TAG="$GITHUB_REF_NAME"', "make check", "make test"]
    assert [command for command in commands["build"] if command] == ["make build"]
    assert release["publish"]["environment"] == "pypi"


def test_no_shell_sees_an_expression() -> None:
    assert not [step["run"] for _, step in steps() if "${{" in step.get("run", "")]


def test_workflows_call_what_a_person_calls() -> None:
    called = {target for _, step in steps() for target in re.findall(r"\bmake ([a-z-]+)", step.get("run", ""))}
    called |= {entry["target"] for entry in WORKFLOWS["test"]["jobs"]["test"]["strategy"]["matrix"]["include"]}
    assert {"check", "test", "test-lowest", "test-newest", "update", "build", "release-check", "demo"} <= called
    assert called <= TARGETS
