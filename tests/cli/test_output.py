"""What people see: 80 columns, no colour in a pipe, JSON alone on stdout, a page without scripts."""

from __future__ import annotations

import io
import itertools
import json
import logging
import os
import pty
import re
import runpy
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from patchworks_core_client import Patchworks
from patchworks_core_client.cli.main import main

from .conftest import CommandLine
from .test_safety import edit, variables

pytestmark = pytest.mark.patchworks(keep_requests=10_000)
LONG = "a-value-that-goes-on-and-on-" * 8
HOSTILE = "<script>alert(1)</script> \x1b[31m | `x` @team"


@pytest.fixture
def changed(cli: CommandLine, patchworks: Patchworks) -> CommandLine:
    """One environment with all kinds of changes, a new one, and one without any."""
    cli.write(
        variables(gone="1", other=json.dumps(LONG), hostile=json.dumps(HOSTILE), edited="1")
        + "  Same: {variables: {a: {type: string, value: b}}}\n"
    )
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy").status == 0
    edit(patchworks, "edited", "by-hand")
    edit(patchworks, "added", "by-hand")
    cli.write(
        variables(new="1", other="2", hostile='"<b>"', edited="1")
        + "      token: {type: string, secret: true, value: !secret env:T}\n    description: One\n"
        "  Same: {variables: {a: {type: string, value: b}}}\n"
        "  New: {variables: {a: {type: string, value: b}}}\n"
    )
    return cli


@pytest.mark.untraced
def test_text_fits_80_columns_and_has_no_colour_in_a_pipe(changed: CommandLine) -> None:
    for command in (("plan", "patchworks.yaml"), ("diff", "Shop", "Same"), ("history", "Shop"), ("check",)):
        said = changed(*command)
        overlong = [line for line in said.out.splitlines() if len(line) > 80 and "target:" not in line]
        assert not overlong
        assert "\x1b" not in said.out + said.err
    text = changed("plan", "patchworks.yaml").out
    for line in (
        "Shop",
        "  + variable new: 1",
        "  ~ variable other: value:",
        "  - variable gone: was 1",
        '  ~ description: "" -> One',
        "  + variable token: ••••, secret",
        "  2 edits in the draft, neither in the file nor deployed:",
        "  ! variable edited: draft by-hand, deployed 1, file 1",
        "  ! variable added: draft by-hand, deployed -, file -",
        "  deletes wait for --prune",
        "New  (new)",
        "Unchanged: Same",
    ):
        assert line in text
    assert "\\x1b[31m" in text


@pytest.mark.untraced
def test_json_stands_alone_on_stdout(changed: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T", "x")
    for command in (
        ("plan", "patchworks.yaml", "--out", "a.plan"),
        ("drift", "patchworks.yaml"),
        ("promote", "Same", "Shop"),
        ("diff", "Shop", "Same"),
        ("history", "Shop"),
        ("check",),
        ("apply", "patchworks.yaml", "--yes"),
        ("apply", "patchworks.yaml", "--yes", "--discard-drafts", "--deploy"),
        ("apply", "patchworks.yaml", "--yes"),
    ):
        assert json.loads(changed(*command, "--format", "json").out)


def test_markdown_is_made_for_a_comment(changed: CommandLine) -> None:
    text = changed("plan", "patchworks.yaml", "--format", "markdown").out
    assert "<details open><summary><b>Shop</b>: 2 to create" in text
    assert "<script>" not in text
    assert "@team" not in text
    assert "| + | variable new | 1 |" in text
    assert "| &#126; | description |" in text or "| ~ | description |" in text
    assert "Unchanged: Same" in text
    compared = changed("diff", "Shop", "Same", "--format", "markdown").out
    assert "<script>" not in compared
    many = "".join(f"      v{number}: {{type: string, value: {'x' * 900}}}\n" for number in range(900))
    changed.write(f"schema: 1\nenvironments:\n  Big:\n    variables:\n{many}")
    long = changed("plan", "patchworks.yaml", "--format", "markdown").out
    assert len(long) <= 65_536
    assert "too long for a comment" in long


def test_the_page_is_self_contained(changed: CommandLine) -> None:
    page = changed("plan", "patchworks.yaml", "--format", "html").out
    assert "<script" not in page.lower().replace("&lt;script", "")
    assert not re.search(r"(src|href)=|@import|url\(", page)
    assert "default-src 'none'" in page
    for cell in (
        '<th scope="col">Shop</th>',
        '<td class="create">+ 1</td>',
        '<td class="delete"><del>1</del>- deleted</td>',
        "•",
        "hold",
    ):
        assert cell in page


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Debian's chromium")
def test_the_page_opens_in_a_browser(changed: CommandLine) -> None:
    """Its own policy forbids scripts, so this is what a reader without JavaScript sees."""
    page = changed.folder / "plan.html"
    page.write_text(changed("plan", "patchworks.yaml", "--format", "html").out, "utf-8")
    shot = changed.folder / "plan.png"
    browser = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
        f"--user-data-dir={changed.folder / 'profile'}", "--window-size=1200,900", "--virtual-time-budget=1000",
    ]  # fmt: skip
    seen = subprocess.run(
        [*browser, "--dump-dom", f"--screenshot={shot}", page.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    assert "<script" not in seen
    assert seen.count("<tr") == 1 + len(re.findall(r'<th scope="row">', page.read_text("utf-8")))
    data = shot.read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) > 10_000
    if keep := os.environ.get("KEEP_SCREENSHOT"):
        Path(keep).write_bytes(data)


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


def test_help_has_examples(cli: CommandLine) -> None:
    from patchworks_core_client.cli.main import COMMANDS

    assert "patchworks export -o patchworks.yaml" in cli("--help").out
    for command in COMMANDS:
        said = cli(command, "--help")
        assert said.status == 0
        assert "Example" in said.out
        assert not [line for line in said.out.splitlines() if len(line) > 80 and "completion" not in line]
    assert cli("--version").out.startswith("patchworks, version ")


def test_a_section_that_is_not_managed_is_shown_as_it_is(cli: CommandLine) -> None:
    cli.write("schema: 1\nenvironments: {Shop: {flow_priorities: [{flow: 12, priority: 1}]}}\n")
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    cli.write(variables(a="1"))
    page = cli("plan", "patchworks.yaml", "--format", "html").out
    assert '<tr class="same"><th scope="row">flow 12<small>priority</small></th><td>1</td></tr>' in page


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


def test_a_pipe_that_nobody_reads_on_changes_no_status(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.write(variables(a="1"))
    for command, status in ((("schema",), 0), (("plan", "patchworks.yaml", "--exit-code"), 2), (("check",), 0)):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "w") as stream, monkeypatch.context() as patched:
            patched.setattr("sys.stdout", stream)
            assert main(command) == status


def test_ctrl_c_says_what_was_done(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.write(variables(a="1") + "  Other: {variables: {a: {type: string, value: b}}}\n")

    monkeypatch.setattr("patchworks_core_client.cli.commands.apply.run", interrupt)
    stopped = cli("apply", "patchworks.yaml", "--yes")
    assert stopped.status == 1
    assert "run it again to go on" in stopped.err
    monkeypatch.setattr("patchworks_core_client.cli.commands.plans.run", interrupt)
    assert cli("plan", "patchworks.yaml").status == 1


def test_a_write_that_was_stopped_may_have_taken_effect(cli: CommandLine) -> None:
    cli.write(variables(**{f"v{number}": "1" for number in range(60)}))
    assert cli("apply", cli.write("schema: 1\nenvironments: {Shop: }\n", "empty.yaml"), "--yes").status == 0
    cli.sandbox.on_request = stop_at("POST", 20)
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
    monkeypatch.setattr("patchworks_core_client.cli.commands.files.can_ask", lambda: True)
    kept = cli("export", "-o", "patchworks.yaml")
    assert kept.status == 1
    assert "patchworks.yaml is there. Its comments, aliases and references to secrets" in kept.err
    assert "# a comment" in cli.read()
    for _ in range(2):
        assert cli("export", "-o", "patchworks.yaml").status == 0
    assert "# a comment" not in cli.read()
    assert asked == ["Write over patchworks.yaml?"] * 2


@pytest.mark.untraced
def test_long_lists_of_names_are_cut(cli: CommandLine) -> None:
    cli.write("schema: 1\nenvironments: {" + ", ".join(f"E{number}: " for number in range(25)) + "}\n")
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    assert "E19 and 5 more" in cli("plan", "patchworks.yaml").out.replace("\n  ", " ")


def test_data_in_a_pipe_is_utf_8_whatever_the_locale(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.write('schema: 1\nenvironments: {Größe: {description: "\\u65e5\\u202e"}}\n')
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    stream = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(stream, encoding="ascii"))
    assert main(["plan", "patchworks.yaml"]) == 0
    assert b"Gr\\xf6\\xdfe" in stream.getvalue()
    assert main(["export"]) == 0
    assert 'description: "日\\U0000202E"' in stream.getvalue().decode()
    assert "  Größe:" in stream.getvalue().decode()
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdout", terminal)
    assert main(["export"]) == 0
    terminal.seek(0)
    assert "  Gr\\xf6\\xdfe:" in terminal.read()


def test_without_any_stream_it_still_works(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{name}", None)
    assert main(["schema"]) == 0
    assert main(["apply", cli.write(variables(a="1"))]) == 6


def test_a_folder_that_cannot_be_written_to(cli: CommandLine) -> None:
    refused = cli("export", "-o", "missing/patchworks.yaml")
    assert refused.status == 6
    assert "missing/patchworks.yaml: No such file" in refused.err


def test_a_rate_that_cannot_be_understood(cli: CommandLine) -> None:
    refused = cli("export", "--rate", "many")
    assert refused.status == 6
    assert not cli.requests()
    assert cli("export", "--rate", "240/min").status == 0


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from patchworks_core_client.cli import __main__ as program

    monkeypatch.delitem(sys.modules, "patchworks_core_client.cli.main")
    monkeypatch.setitem(sys.modules, "click", None)
    assert program.main() == 1
    assert "click is missing; install patchworks-core-client[cli]" in capsys.readouterr().err


def test_the_program_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from patchworks_core_client.cli import __main__ as program

    monkeypatch.setattr(sys, "argv", ["patchworks", "schema"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(program.__file__, run_name="__main__")
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)
    runpy.run_path(program.__file__, run_name="imported")
    assert not capsys.readouterr().out


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
