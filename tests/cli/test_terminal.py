"""What the command asks, and shows of its progress, on a terminal and in a pipe."""

from __future__ import annotations

import io
import logging
import os
import pty
import subprocess
import sys

import pytest

from patchworks_core_client import Patchworks

from .conftest import CommandLine
from .test_safety import edit, variables

pytestmark = pytest.mark.patchworks(keep_requests=10_000)


def on_a_terminal(*arguments: str, answer: bytes = b"", columns: int = 80) -> tuple[int, str]:
    """Run the command line on a terminal of its own; gives its status and all it said."""
    import fcntl
    import struct
    import termios

    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color"}
    with subprocess.Popen(
        [sys.executable, "-m", "patchworks_core_client.cli", *arguments],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=environment,
    ) as process:
        os.close(follower)
        os.write(leader, answer)
        said = b""
        while True:
            try:
                chunk = os.read(leader, 65_536)
            except OSError:
                break
            if not chunk:
                break
            said += chunk
    os.close(leader)
    return process.returncode, said.decode(errors="replace")


@pytest.mark.usefixtures("measured")
def test_on_a_terminal_it_asks_and_shows_colour(cli: CommandLine) -> None:
    cli.write(variables(a="1"))
    status, said = on_a_terminal("apply", "patchworks.yaml", answer=b"y\n")
    assert status == 0
    assert "\x1b[32m+" in said
    assert "Apply this to http://127.0.0.1" in said
    assert "1 created" in said
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0


def test_nothing_is_written_until_somebody_says_yes(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.write(variables(a="1"))
    monkeypatch.setattr("patchworks_core_client.cli.console.can_ask", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    refused = cli("apply", "patchworks.yaml")
    assert refused.status == 1
    assert "stopped; nothing more is written" in refused.err
    assert not cli.writes()
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert cli("apply", "patchworks.yaml").status == 0


def test_a_change_while_it_waits_for_an_answer_is_noticed(
    cli: CommandLine, patchworks: Patchworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.write(variables(a="1"))
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy").status == 0
    cli.write(variables(a="2"))
    monkeypatch.setattr("patchworks_core_client.cli.console.can_ask", lambda: True)

    def answer(question: str, **_: object) -> bool:
        assert "Apply this to" in question
        edit(patchworks, "b", "by-hand")
        cli.requests()
        return True

    monkeypatch.setattr("click.confirm", answer)
    refused = cli("apply", "patchworks.yaml")
    assert refused.status == 5
    assert "while this waited" in refused.err
    assert not cli.writes()


def test_progress_is_plain_lines_in_a_pipe(cli: CommandLine) -> None:
    cli.write(variables(**{f"v{number}": "1" for number in range(60)}))
    said = cli("apply", "patchworks.yaml", "--yes")
    assert "50 of 61 writes, about " in said.err
    assert "Shop: done" in said.err


@pytest.mark.untraced
def test_reading_shows_progress(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.write("schema: 1\nenvironments: {A: , B: , C: }\n")
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    monkeypatch.setattr("patchworks_core_client.cli.progress.READS_PER_LINE", 2)
    for command in (("export",), ("plan", "patchworks.yaml"), ("drift", "patchworks.yaml"), ("promote", "A", "B", "C")):
        assert "read 2 of 3 environments, about 1 s left" in cli(*command).err
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("patchworks_core_client.cli.console.can_redraw", lambda: True)
    assert "read 2" not in cli("export").err
    assert "A: nothing to do" in cli("apply", "patchworks.yaml", "--yes").out
    cli.write(variables(a="1"))
    applied = cli("apply", "patchworks.yaml", "--yes")
    assert "Shop: done" not in applied.err
    assert "Shop: environment written, 1 created" in applied.out


def test_a_file_is_written_over_by_an_export_only_when_somebody_says_so(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(question: str, **_: object) -> bool:
        asked.append(question)
        return len(asked) > 1

    monkeypatch.setattr("click.confirm", answer)
    cli.write(variables(a="1") + "# a comment\n")
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    monkeypatch.setattr("patchworks_core_client.cli.console.can_ask", lambda: True)
    monkeypatch.setattr("patchworks_core_client.cli.commands.configuration_file.can_ask", lambda: True)
    kept = cli("export", "-o", "patchworks.yaml")
    assert kept.status == 1
    assert "patchworks.yaml is there. Its comments, aliases and references to secrets" in kept.err
    assert "# a comment" in cli.read()
    for _ in range(2):
        assert cli("export", "-o", "patchworks.yaml").status == 0
    assert "# a comment" not in cli.read()
    assert asked == ["Write over patchworks.yaml?"] * 2


def test_a_pause_is_told_whatever_else_is_logged(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="patchworks_core_client")
    monkeypatch.setattr("patchworks_core_client.cli.progress.PAUSE_S", 0.0)
    cli.write("schema: 1\nenvironments: {A: }\n")
    cli.sandbox.faults.add("next 429 retry-after 0")
    assert cli("plan", "patchworks.yaml").status == 0
    assert logging.getLogger("patchworks_core_client").level == logging.DEBUG


@pytest.mark.usefixtures("clock")
def test_a_long_pause_of_the_server_is_told_once(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("patchworks_core_client.cli.progress.PAUSE_S", 0.5)
    cli.write("schema: 1\nenvironments: {A: , B: , C: }\n")
    for redraws in (False, True):
        monkeypatch.setattr("patchworks_core_client.cli.console.can_redraw", lambda redraws=redraws: redraws)
        cli.sandbox.faults.add("next 429 retry-after 1")
        said = cli("plan", "patchworks.yaml")
        assert said.status == 0
        assert said.err.count("waiting 1 s: the server takes no more for now") == (0 if redraws else 1)
