"""A command that is stopped, by Ctrl+C or SIGTERM, says what it has done."""

from __future__ import annotations

import itertools
import os
import re
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import CommandLine
from .test_safety import variables

pytestmark = pytest.mark.patchworks(keep_requests=10_000)


def test_ctrl_c_says_what_was_done(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.write(variables(a="1") + "  Other: {variables: {a: {type: string, value: b}}}\n")

    monkeypatch.setattr("patchworks_core_client.cli.commands.apply.run", interrupt)
    stopped = cli("apply", "patchworks.yaml", "--yes")
    assert stopped.status == 1
    assert "run it again to go on" in stopped.err
    monkeypatch.setattr("patchworks_core_client.cli.commands.plans.run", interrupt)
    assert cli("plan", "patchworks.yaml").status == 1


def test_a_write_that_was_stopped_may_have_taken_effect(cli: CommandLine) -> None:
    cli.write(variables(**{f"v{number}": "1" for number in range(25)}))
    assert cli("apply", cli.write("schema: 1\nenvironments: {Shop: }\n", "empty.yaml"), "--yes").status == 0
    cli.sandbox.on_request = stop_at("POST", 8)
    stopped = cli("apply", "patchworks.yaml", "--yes")
    cli.sandbox.on_request = None
    assert stopped.status == 4
    assert re.match(r"Shop: stopped after: \d+ created(; its last write may have taken effect)?\n", stopped.out)
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0


def test_a_creation_that_was_stopped_may_have_taken_effect(cli: CommandLine) -> None:
    cli.write("schema: 1\nenvironments: {Shop: }\n")
    cli.sandbox.on_request = stop_at("POST", 1)
    stopped = cli("apply", "patchworks.yaml", "--yes")
    cli.sandbox.on_request = None
    # Whether the answer came depends on milliseconds.
    assert stopped.status == 4
    assert stopped.out in {
        "Shop: stopped after: nothing; its last write may have taken effect\n",
        "Shop: stopped after: environment written\n",
    }
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0


def stop_at(method: str, number: int) -> Callable[[Any], None]:
    """Stop this process's work with a SIGTERM as the server gets that many requests of a method, and then linger."""
    seen = itertools.count(1)

    def stop(request: Any) -> None:
        if request.method == method and next(seen) == number:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.2)

    return stop


def test_ctrl_c_before_anything_is_loaded_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from patchworks_core_client.cli import __main__ as program

    monkeypatch.setattr("patchworks_core_client.cli.main.main", lambda: interrupt(None))
    assert program.main() == 1
    assert capsys.readouterr().err == "stopped\n"


def interrupt(work: object) -> None:
    raise KeyboardInterrupt
