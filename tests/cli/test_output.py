"""What people see: 80 columns, no colour in a pipe, JSON alone on stdout, a page without scripts."""

from __future__ import annotations

import io
import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from patchworks_core_client import Patchworks
from patchworks_core_client.cli.main import main
from tests.support.browser import ARGUMENTS, program

from .conftest import CommandLine
from .test_safety import edit, variables

pytestmark = [pytest.mark.patchworks(keep_requests=10_000), pytest.mark.usefixtures("in_process")]
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


def test_the_page_opens_in_a_browser(changed: CommandLine) -> None:
    """Its own policy forbids scripts, so this is what a reader without JavaScript sees."""
    page = changed.folder / "plan.html"
    page.write_text(changed("plan", "patchworks.yaml", "--format", "html").out, "utf-8")
    shot = changed.folder / "plan.png"
    browser = [
        program(), "--headless", *ARGUMENTS, "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
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


def test_a_pipe_that_nobody_reads_on_changes_no_status(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.write(variables(a="1"))
    for command, status in ((("schema",), 0), (("plan", "patchworks.yaml", "--exit-code"), 2), (("check",), 0)):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "w") as stream, monkeypatch.context() as patched:
            patched.setattr("sys.stdout", stream)
            assert main(command) == status


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
