"""Faults on the way: a rerun converges, nothing is there twice, and the exit status tells the truth."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from patchworks_core_client.sandbox import RunningSandbox, Sandbox, create_app, serve

from .conftest import CommandLine
from .test_safety import variables

# Of each kind, in each environment.
ENTRIES = 3


@pytest.fixture
def hasty(visible_at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor any repetition of a request that failed."""
    monkeypatch.setattr("patchworks_core_client.cli.connect.MAX_RETRIES", 0)


def many(environments: int, value: str = "1") -> str:
    """A file with several environments of some entries each."""
    lines = ["schema: 1", "base:", "  variables:"]
    lines += [f"    v{number}: {{type: string, value: {value}-{number}}}" for number in range(ENTRIES)]
    lines += ["  manifests:"]
    lines += [
        f"  - {{model_type: connector, original: {number}, replacement: {number + 100}}}" for number in range(ENTRIES)
    ]
    lines += ["  flow_priorities:"]
    lines += [f"  - {{flow: {number}, priority: 1}}" for number in range(ENTRIES)]
    return "\n".join([*lines, "environments:", *(f"  E{number}: {{}}" for number in range(environments)), ""])


def assert_nothing_is_there_twice(sandbox: Sandbox) -> None:
    """The record of requests shows each entry created once in each version."""
    made = Counter(
        (request.path, json.dumps(request.json, sort_keys=True))
        for request in sandbox.requests
        if request.method == "POST" and request.status == 201 and request.fault is None
    )
    assert set(made.values()) <= {1}


@pytest.mark.untraced
@pytest.mark.usefixtures("visible_at_once")
@pytest.mark.patchworks(keep_requests=100_000)
@pytest.mark.parametrize(
    "fault",
    ["8% 503", "6% 503 late", "6% cut", "6% cut late", "6% 429 retry-after 0"],
)
def test_an_apply_converges_under_faults(cli: CommandLine, fault: str) -> None:
    cli.write(many(3))
    cli.sandbox.faults.add(fault)
    for _ in range(5):
        if cli("apply", "patchworks.yaml", "--yes", "--deploy", "--concurrency", "3").status == 0:
            break
    cli.sandbox.faults.clear()
    assert_nothing_is_there_twice(cli.sandbox)
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy").status == 0
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0
    names = [line.strip() for line in cli("export").out.splitlines() if line.startswith("  E")]
    assert names == ["E0:", "E1:", "E2:"]


@pytest.mark.usefixtures("hasty")
@pytest.mark.patchworks(keep_requests=100_000)
@pytest.mark.parametrize("fault", ["503 late", "cut late", "503"])
def test_a_post_that_may_have_taken_effect_is_looked_up(cli: CommandLine, fault: str) -> None:
    posts = {
        "virtual_environments.create": 1,
        "virtual_environments.deploy_version": 1,
        "virtual_environment_versions.create_variable": ENTRIES,
        "virtual_environment_versions.create_manifest": ENTRIES,
        "virtual_environment_versions.create_flow_priority": ENTRIES,
    }
    cli.write(many(1))
    for operation in posts:
        cli.sandbox.faults.add(f"next {fault} on {operation}")
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy").status == 0
    sent = Counter(request.operation for request in cli.sandbox.requests)
    repeated = 0 if fault.endswith("late") else 1
    assert {operation: sent[operation] for operation in posts} == {
        operation: once + repeated for operation, once in posts.items()
    }
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0


@pytest.mark.usefixtures("hasty")
@pytest.mark.patchworks(keep_requests=100_000)
@pytest.mark.parametrize("operation", ["copy_version", "create_version"])
def test_a_draft_that_is_made_is_looked_up_as_well(cli: CommandLine, operation: str) -> None:
    from patchworks_core_client import Patchworks

    from .test_versions import delete_draft

    cli.write(variables(a="1"))
    deployed = ["--deploy"] if operation == "copy_version" else []
    assert cli("apply", "patchworks.yaml", "--yes", *deployed).status == 0
    with Patchworks() as pw:
        delete_draft(pw)
    cli.write(variables(a="2"))
    cli.sandbox.faults.add(f"next 503 late on virtual_environments.{operation}")
    applied = cli("apply", "patchworks.yaml", "--yes")
    assert (applied.status, applied.out.partition(",")[0]) == (0, "Shop: draft made")
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0


@pytest.mark.patchworks(keep_requests=100_000, lag=0.06)
def test_what_becomes_visible_a_moment_later_is_waited_for(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LONG_POLL_S", "SHORT_POLL_S"):
        seconds = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8)
        monkeypatch.setattr(f"patchworks_core_client.environments.write_retries.{name}", seconds)
    cli.write(many(1))
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy").status == 0
    time.sleep(0.07)
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0
    # What is there and not visible yet is found when the server refuses a second one.
    cli.write(many(1, "2") + "  F: {}\n")
    assert cli("apply", "patchworks.yaml", "F", "--yes").status == 0
    assert cli("apply", "patchworks.yaml", "F", "--yes").status == 0


@pytest.mark.usefixtures("hasty")
@pytest.mark.patchworks(keep_requests=100_000)
def test_a_server_that_goes_on_failing_ends_in_an_error_that_is_true(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.write(many(2))
    cli.sandbox.faults.add("next 100 500 on virtual_environment_versions.create_variable")
    failed = cli("apply", "patchworks.yaml", "--yes", "--deploy", "--concurrency", "1")
    assert failed.status == 4
    assert "not started: 1 environment" in failed.out
    assert not [request for request in cli.sandbox.requests if "deploy" in str(request.operation)]
    cli.sandbox.faults.clear()
    cli.sandbox.faults.add("next 100 500 on virtual_environment_versions.delete_variable")
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy").status == 0
    cli.write(many(2).replace("    v0: {type: string, value: 1-0}\n", "").replace("1-1", "2-1"))
    failed = cli("apply", "patchworks.yaml", "--yes", "--deploy", "--prune")
    assert failed.status == 4
    assert "failed after: 1 changed; its last write may have taken effect" in failed.out
    cli.sandbox.faults.clear()
    cli.sandbox.faults.add("next 100 500 on virtual_environment_versions.update_variable")
    cli.write(many(2, "3"))
    assert cli("apply", "patchworks.yaml", "E0", "--yes", "--discard-drafts").status == 4
    cli.sandbox.faults.clear()
    cli.sandbox.faults.add("next 1 503 late on virtual_environment_versions.delete_variable")
    monkeypatch.setattr("patchworks_core_client.cli.connect.MAX_RETRIES", 1)
    cli.write(many(2).replace("    v0: {type: string, value: 1-0}\n", "").replace("1-1", "2-1"))
    assert cli("apply", "patchworks.yaml", "E1", "--yes", "--prune", "--discard-drafts").status == 0


@pytest.mark.patchworks(keep_requests=100_000)
def test_a_revoked_key_in_the_middle(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.write(many(1))
    cli.sandbox.faults.add("next 401 on virtual_environment_versions.create_manifest")
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy").status == 4
    monkeypatch.setenv("PATCHWORKS_API_KEY", "wrong")
    refused = cli("plan", "patchworks.yaml")
    assert refused.status == 3
    assert "check PATCHWORKS_API_KEY, or PATCHWORKS_USERNAME" in refused.err
    monkeypatch.setenv("PATCHWORKS_API_KEY", "")
    refused = cli("plan", "patchworks.yaml")
    assert refused.status == 3
    assert "PATCHWORKS_API_KEY" in refused.err


@pytest.mark.patchworks(keep_requests=100_000)
def test_a_revoked_login_in_the_middle_is_renewed(
    cli: CommandLine, patchworks_server: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PATCHWORKS_API_KEY")
    monkeypatch.setenv("PATCHWORKS_USERNAME", cli.sandbox.username)
    monkeypatch.setenv("PATCHWORKS_PASSWORD", cli.sandbox.password)
    monkeypatch.setenv("PATCHWORKS_LOGIN_URL", f"{patchworks_server.url}/fabric/api/login")
    cli.write(many(1))
    seen = 0

    def revoke(request: object) -> None:
        nonlocal seen
        seen += 1
        if seen == 10:
            cli.sandbox.revoke_tokens()

    cli.sandbox.on_request = revoke
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy").status == 0
    cli.sandbox.on_request = None
    assert [request.operation for request in cli.sandbox.requests].count("login") >= 2
    assert_nothing_is_there_twice(cli.sandbox)


def test_a_server_that_is_not_there(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("patchworks_core_client.cli.connect.MAX_RETRIES", 0)
    monkeypatch.setenv("PATCHWORKS_BASE_URL", "http://127.0.0.1:9")
    cli.write(many(1))
    refused = cli("plan", "patchworks.yaml")
    assert refused.status == 1
    assert not refused.out


@pytest.fixture
def slow() -> Iterator[RunningSandbox]:
    """A sandbox of its own that takes a moment for each request."""
    with serve(create_app(keep_requests=1_000_000, faults=["100% delay 0.005"])) as served:
        yield served


@pytest.mark.untraced
def test_kill_at_random_moments(
    slow: RunningSandbox, cli: CommandLine, monkeypatch: pytest.MonkeyPatch, soak: bool
) -> None:
    """`kill -9` of the tool: whatever it was doing, a rerun converges, and no environment is deployed half done."""
    chance = random.Random(1)
    monkeypatch.setenv("PATCHWORKS_BASE_URL", slow.url)
    monkeypatch.setenv("PATCHWORKS_API_KEY", slow.sandbox.api_key)
    for round_number in range(50 if soak else 2):
        cli.write(many(2, f"r{round_number}"))
        slow.sandbox.faults.add("100% delay 0.005")
        with subprocess.Popen(
            [sys.executable, "-m", "patchworks_core_client.cli", "apply", "patchworks.yaml", "--yes", "--deploy"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            begun = len(slow.sandbox.requests)
            enough = begun + chance.randint(1, 30)
            while process.poll() is None and len(slow.sandbox.requests) < enough:
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
        slow.sandbox.faults.clear()
        done = cli("apply", "patchworks.yaml", "--yes", "--deploy")
        assert done.status == 0, done.err
        assert cli("plan", "patchworks.yaml", "--exit-code").status == 0
        names = [line for line in cli("export").out.splitlines() if line.startswith("  E")]
        assert names == ["  E0:", "  E1:"]
        for name in ("E0", "E1"):
            assert cli("diff", f"{name}@draft", f"{name}@deployed", "--exit-code").status == 0
    assert_nothing_is_there_twice(slow.sandbox)
