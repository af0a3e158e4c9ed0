"""The command line, and what it shows in a terminal of 80 columns."""

from __future__ import annotations

import io
import re
import runpy
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from rich.console import Console

from patchworks_core_client import Patchworks, sandbox
from patchworks_core_client.sandbox import RecordedRequest, create_app
from patchworks_core_client.sandbox.cli import console as console_module, main as command_line
from patchworks_core_client.sandbox.http import server
from tests.support.plain_http import PLAIN_HTTP

from ..conftest import ENVIRONMENTS, KEY, needs_ipv6
from ..process import Process

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette


def shown(show: Callable[[Console], None]) -> list[str]:
    out = io.StringIO()
    show(Console(file=out, width=80, highlight=False))
    return out.getvalue().splitlines()


def seen(**changes: Any) -> RecordedRequest:
    values: dict[str, Any] = {
        "method": "GET",
        "path": f"{ENVIRONMENTS}/1",
        "query": (("filter[value]", "hunter2"),),
        "json": {"value": "hunter2"},
        "operation": "virtual_environments.get",
        "status": 200,
        "ms": 1.25,
        "fault": None,
        "request_id": "r-1",
        "at": 0.0,
    }
    return RecordedRequest(**(values | changes))


def test_a_request_is_one_line_without_its_query_and_body() -> None:
    lines = shown(lambda console: console_module.show_request(console, seen()))
    assert len(lines) == 1
    assert re.fullmatch(r"\d\d:\d\d:\d\d GET    /virtual-environments/1 +200     1\.2 ms", lines[0])
    assert len(lines[0]) <= 80


def test_a_long_path_keeps_its_ends() -> None:
    path = f"/api/v1/virtual-environment-versions/{'1' * 60}/flow-priorities/7"
    lines = shown(lambda console: console_module.show_request(console, seen(path=path, method="DELETE", status=404)))
    assert len(lines) == 1
    assert len(lines[0]) <= 80
    assert "/virtual-enviro…" in lines[0]
    assert "/flow-priorities/7 404" in lines[0]


def test_a_path_cannot_steer_the_terminal() -> None:
    strange = seen(path="/\x1b[2J/[red]", method="\x1b]0;x", status=599, fault="5% 503")
    lines = shown(lambda console: console_module.show_request(console, strange))
    assert "\x1b" not in "".join(lines)
    assert "[red]" in lines[0]
    assert "fault: 5% 503" in lines[1]


def test_a_client_that_went_away_is_one_line_more() -> None:
    lines = shown(lambda console: console_module.show_request(console, seen(status=499)))
    assert lines[1:] == ["         client went away"]


def test_the_start_says_what_is_needed() -> None:
    app = create_app(
        rate="60/min",
        faults=["5% 503"],
        admin_only=["virtual_environments.delete"],
        as_documented=True,
        control=True,
        db=":memory:",
        profile="growth",
        lag=0.5,
    )
    lines = shown(lambda console: console_module.show_start(console, "http://127.0.0.1:8300", app.state.sandbox_state))
    text = "\n".join(lines)
    for part in (
        "sandbox-api-key",
        "admin@sandbox.test / sandbox-password",
        "http://127.0.0.1:8300/fabric/api/login",
        "60/60s",
        "5% 503",
        "virtual_environments.delete",
        "/_sandbox",
        "as documented",
        "2 may be created",
        "0.5 s",
        "http://127.0.0.1:8300/",
    ):
        assert part in text
    assert "export PATCHWORKS_BASE_URL=http://127.0.0.1:8300 PATCHWORKS_API_KEY=sandbox-api-key" in lines
    assert lines[-1] == "Listening on http://127.0.0.1:8300"
    assert "curl -H 'Authorization: sandbox-api-key' http://127.0.0.1:8300/api/v1/virtual-environments" in lines
    assert all(len(line) <= 80 for line in lines if not line.startswith(("curl ", "export ")))


def test_the_line_to_paste_is_one_line_that_a_shell_reads() -> None:
    key = "a key; " * 20 + "$(x) '"
    state = create_app(api_key=key).state.sandbox_state
    line = shown(lambda console: console_module.show_start(console, "http://[::1]:8300", state))[-4]
    assert shlex.split(line) == ["export", "PATCHWORKS_BASE_URL=http://[::1]:8300", f"PATCHWORKS_API_KEY={key}"]


def test_a_process_serves_shows_and_stops(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "patchworks_core_client.sandbox", "--port", "0", "--seed", "--api-key", "k-1"]
    process = subprocess.Popen(
        [*command, "--db", str(tmp_path / "sandbox.db")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("Listening"):
            break
    url = next(line.removeprefix("Listening on ") for line in lines if line.startswith("Listening on "))
    assert url.startswith("http://127.0.0.1:")
    query = "?filter[name]=hunter2"
    with httpx.Client(verify=PLAIN_HTTP, base_url=url) as http:
        assert http.get(f"{ENVIRONMENTS}{query}", headers={"Authorization": "k-1"}).status_code == 200
        assert http.get(ENVIRONMENTS, headers=KEY).status_code == 401
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")
    assert "/virtual-environments " in rest
    assert "hunter2" not in rest
    assert "k-1" not in rest


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost", pytest.param("::", marks=needs_ipv6)])
def test_the_lines_to_paste_work_as_they_are(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    process = Process("--seed", "--host", host)
    try:
        export, curl = (next(line for line in process.lines if line.startswith(word)) for word in ("export ", "curl "))
        pasted = f"{export}\nenv\n" + ("" if shutil.which("curl") is None else f"{curl} -sS --fail\n")
        done = subprocess.run(["/bin/sh", "-euc", pasted], capture_output=True, text=True, check=False)
        for line in done.stdout.splitlines():
            if line.startswith("PATCHWORKS_"):
                monkeypatch.setenv(*line.split("=", 1))
        with Patchworks() as pw:
            assert pw.virtual_environments.list().first_page().total == 10
    finally:
        process.kill()
        process.wait()
    assert done.returncode == 0, done.stderr
    assert shutil.which("curl") is None or '"UK sandbox"' in done.stdout


def test_it_serves_on_when_nobody_reads_what_it_shows() -> None:
    command = [sys.executable, "-m", "patchworks_core_client.sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        url = next(line for line in process.stdout if line.startswith("Listening on ")).split()[-1]
        process.stdout.close()
        with httpx.Client(verify=PLAIN_HTTP, base_url=url, headers=KEY) as http:
            assert [http.get(ENVIRONMENTS).status_code for _ in range(3)] == [200, 200, 200]
        process.send_signal(signal.SIGINT)


def test_a_listener_that_nobody_reads_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    apps: list[Starlette] = []

    class Server:
        def run(self, _: list[socket.socket]) -> None:
            state = apps[0].state.sandbox_state
            state.notify(seen())
            assert state.listener is None

    def server_for(app: Starlette) -> Server:
        apps.append(app)
        return Server()

    def broken(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(server, "server_for", server_for)
    monkeypatch.setattr(console_module, "show_request", broken)
    assert command_line.main(["--port", "0"]) == 0


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Runs the command line up to where the server would serve."""

    class Server:
        def run(self, _: list[socket.socket]) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(server, "server_for", lambda _: Server())
    return command_line.main(["--port", "0", *arguments])


def test_options_reach_the_sandbox(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--username", "u", "--password", "p", "--rate", "5/s", "--fault", "1% 503", "--fault", "next 500"]
    assert run(monkeypatch, *options, "--token-ttl", "5", "--login-rate", "5/s", "--quiet") == 0
    out = capsys.readouterr().out
    for part in ("u / p", "5/1s", "1% 503", "next 500"):
        assert part in out


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", pytest.param("::1", marks=needs_ipv6)])
def test_on_loopback_the_known_credentials_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    assert run(monkeypatch, "--host", host) == 0
    assert "sandbox-api-key" in capsys.readouterr().out


def test_where_others_can_connect_the_secrets_are_random(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--host", "0.0.0.0") == 0
    out = capsys.readouterr().out
    assert "sandbox-api-key" not in out
    assert "sandbox-password" not in out
    assert run(monkeypatch, "--host", "0.0.0.0", "--api-key", "mine", "--password", "own") == 0
    assert "mine" in capsys.readouterr().out


def test_what_was_given_cannot_steer_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "--db", str(tmp_path / "\x1b[2J.db")) == 0
    assert run(monkeypatch, "--host", "\x1b[2J") == 1
    captured = capsys.readouterr()
    assert "\x1b" not in captured.out + captured.err
    assert captured.err.count("\n") == 1


def test_what_cannot_be_understood_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for arguments in (
        ["--rate", "often"],
        ["--fault", "sometimes"],
        ["--admin-only", "nothing"],
        ["--db", str(tmp_path)],
        ["--host", "203.0.113.1"],
        ["--host", "nowhere.invalid"],
        ["--host", "a" * 300],
        ["--host", "\xe9" * 80],
        ["--host", "a/b"],
        ["--allow-host", "a b"],
        ["--db", ""],
        ["--api-key", "\xe9"],
        ["--profile", "free"],
        ["--lag", "nan"],
        ["--token-ttl", "-1"],
        ["--seed", "-3"],
        ["--api-key", ""],
        ["--username", ""],
        ["--password", ""],
    ):
        assert run(monkeypatch, *arguments) == 1
        captured = capsys.readouterr()
        assert captured.err.startswith("sandbox: ")
        assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--nonsense"], "--nonsense"),
        (["--port", "99999"], "argument --port: '99999' is no port; they go from 0 to 65535"),
        (["--port", "-1"], "argument --port: '-1' is no port"),
        (["--port", "http"], "argument --port: 'http' is no port"),
        (["--host", " "], "argument --host: is empty"),
    ],
)
def test_a_wrong_command_line(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        command_line.main(arguments)
    assert raised.value.code == 2
    assert message in capsys.readouterr().err.splitlines()[-1]


def test_the_module_is_the_program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["sandbox", "--help"])
    program = str(Path(sandbox.__file__).with_name("__main__.py"))
    with pytest.raises(SystemExit) as raised:
        runpy.run_path(program, run_name="__main__")
    assert raised.value.code == 0
    assert "--as-documented" in capsys.readouterr().out
    runpy.run_path(program, run_name="imported")


def test_the_package_names_what_it_has() -> None:
    assert dir(sandbox) == sorted(sandbox.__all__)
    assert all(getattr(sandbox, name) for name in sandbox.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        _ = sandbox.nothing


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert command_line.main(["--port", str(port)]) == 1
    assert f"port {port}" in capsys.readouterr().err


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    assert command_line.main([]) == 1
    assert "install patchworks-core-client[sandbox]" in capsys.readouterr().err
