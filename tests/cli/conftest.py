"""The command line in front of a served sandbox."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import httpx
import pytest

import patchworks_core_client
from patchworks_core_client import AsyncPatchworks, Patchworks
from patchworks_core_client.cli.main import main
from patchworks_core_client.sandbox import RunningSandbox, Sandbox, create_app
from patchworks_core_client.sandbox.http.in_process_transport import SandboxTransport
from tests.support.clients import clock
from tests.support.clock import FakeClock

__all__ = ["CommandLine", "Outcome", "cli", "clock", "visible_at_once"]


# Where a commit waits for no disk.
MEMORY = Path("/dev/shm")  # noqa: S108 - nothing of it has a name that can be guessed


@attrs.frozen
class Outcome:
    """What a command came to."""

    status: int
    out: str
    err: str


@attrs.define
class CommandLine:
    """Runs `patchworks` in this process, in a folder of its own."""

    folder: Path
    sandbox: Sandbox
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> Outcome:
        self.capture.readouterr()
        status = main(arguments)
        said = self.capture.readouterr()
        return Outcome(status, said.out, said.err)

    def write(self, text: str, name: str = "patchworks.yaml") -> str:
        (self.folder / name).write_text(text, "utf-8")
        return name

    def read(self, name: str = "patchworks.yaml") -> str:
        return (self.folder / name).read_text("utf-8")

    def requests(self) -> list[str]:
        """The operations that were asked since the last time this was called."""
        names = [str(request.operation) for request in self.sandbox.requests]
        self.sandbox.forget_requests()
        return names

    def writes(self) -> list[str]:
        """The operations since then that write."""
        return [name for name in self.requests() if not name.partition(".")[2].startswith(("list", "get"))]


@pytest.fixture
def cli(
    patchworks_server: RunningSandbox,
    patchworks_sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> CommandLine:
    """The command line, in front of the sandbox of this test."""
    patchworks_server.sandbox = patchworks_sandbox
    for name in ("PATCHWORKS_USERNAME", "PATCHWORKS_PASSWORD", "COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATCHWORKS_BASE_URL", patchworks_server.url)
    monkeypatch.setenv("PATCHWORKS_API_KEY", patchworks_sandbox.api_key)
    monkeypatch.chdir(tmp_path)
    return CommandLine(tmp_path, patchworks_sandbox, capsys)


@pytest.fixture
def in_process(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands reach the sandbox without a socket, which takes a fifth of the time: for tests that are not about it."""
    make = patchworks_core_client.AsyncPatchworks

    def make_in_process(**options: Any) -> AsyncPatchworks:
        return make(http_client=httpx.AsyncClient(transport=SandboxTransport(cli.sandbox.app)), **options)

    monkeypatch.setattr(patchworks_core_client, "AsyncPatchworks", make_in_process)


def applied(server: RunningSandbox, folder: Path, text: str) -> Path:
    """The database of a sandbox in which a file was applied and deployed, for tests to start from."""
    database, file = folder / "sandbox.db", folder / "patchworks.yaml"
    file.write_text(text, "utf-8")
    server.sandbox = create_app(db=database).state.sandbox
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PATCHWORKS_BASE_URL", server.url)
        environment.setenv("PATCHWORKS_API_KEY", server.sandbox.api_key)
        assert main(["apply", str(file), "--yes", "--deploy"]) == 0
    server.sandbox.close()
    return database


@pytest.fixture
def start_from(
    cli: CommandLine, patchworks: Patchworks, patchworks_server: RunningSandbox
) -> Iterator[Callable[[Path], CommandLine]]:
    """Puts a sandbox with a copy of a database behind the server, and so behind `patchworks`."""

    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:

        def start(database: Path) -> CommandLine:
            copy = shutil.copy(database, folder)
            cli.sandbox = patchworks_server.sandbox = create_app(db=copy, keep_requests=10_000).state.sandbox
            return cli

        yield start
        cli.sandbox.close()


@pytest.fixture
def visible_at_once(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """No waits for what becomes visible later: here nothing does. Nor do those of the client take time."""
    monkeypatch.setattr("patchworks_core_client.environments.write_retries.LONG_POLL_S", (0.0, 0.01))
    monkeypatch.setattr("patchworks_core_client.environments.write_retries.SHORT_POLL_S", (0.0, 0.01))
