"""Prism, somebody else's tool, holds every request of the SDK against the description of the API."""

from __future__ import annotations

import shutil
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks, UnprocessableEntityError

from .requests_by_document import DOCUMENT, Call, calls, document

if TYPE_CHECKING:
    from collections.abc import Generator

PROGRAM = Path(__file__).parent / "node_modules" / ".bin" / "prism"
CALLS = calls()
# Of each operation the one with the most arguments: what the other ones hold, one client has shown.
LONGEST = {(call.namespace, call.method): call for call in sorted(CALLS, key=lambda call: len(call.arguments))}.values()


@pytest.fixture(scope="module")
def prism() -> Generator[str]:
    """The URL of a Prism that refuses whatever does not match the description."""
    with serving(*program()) as url:
        yield url


def program() -> list[str]:
    """Prism's program, which `make test` installs as the lock file says; skips the tests where it could not.

    Of what it depends on, `unused` stands for what it loads and never calls.
    """
    node = shutil.which("node")
    if node is None or not PROGRAM.exists():
        pytest.skip("this needs Prism, which `make test` installs where there are node and npm")
    # It ends before code that is compiled a second time pays.
    return [node, "--no-opt", str(PROGRAM)]


@contextmanager
def serving(*program: str) -> Generator[str]:
    """Prism on a free port, for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [*program, "mock", "--errors", "--host", "127.0.0.1", "--port", str(port), str(DOCUMENT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        try:
            said: list[str] = []
            for line in process.stdout:
                said.append(line)
                if "Prism is listening" in line:
                    break
            else:
                pytest.fail(f"Prism did not start: {''.join(said)}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            # What it has still to say would fill the pipe and keep it from ending.
            process.stdout.read()


def test_the_calls_are_those_of_all_operations() -> None:
    described = {
        (item[method]["tags"][0], item[method]["x-sdk-method"])
        for item in document()["paths"].values()
        for method in item
    }
    assert len({(call.namespace, call.method) for call in CALLS}) == len(described) == 27


@pytest.mark.untraced
async def test_it_accepts_what_the_asynchronous_client_sends(prism: str) -> None:
    async with AsyncPatchworks(api_key="k", base_url=prism, max_retries=0, strict=True) as pw:
        for call in CALLS:
            await make_async(pw, call)


@pytest.mark.soak
def test_it_accepts_what_the_synchronous_client_sends(prism: str, soak: bool) -> None:
    with Patchworks(api_key="k", base_url=prism, max_retries=0, strict=True) as pw:
        for call in CALLS if soak else LONGEST:
            make(pw, call)


def test_it_refuses_what_does_not_match(prism: str) -> None:
    with Patchworks(api_key="k", base_url=prism, max_retries=0) as pw:
        with pytest.raises(UnprocessableEntityError) as raised:
            pw.virtual_environments.list(params={"include": "nothing"}).first_page()
        assert "include" in str(raised.value.body)
        with pytest.raises(UnprocessableEntityError):
            pw.virtual_environments.create(name="x" * 246, labels=[])


async def make_async(pw: AsyncPatchworks, call: Call) -> None:
    made = getattr(getattr(pw, call.namespace), call.method)(*call.ids, **call.arguments)
    try:
        # Prism answers what is described, so it must decode to the letter too.
        await made
    except Exception as error:
        raise AssertionError(f"{call}: {error}") from error


def make(pw: Patchworks, call: Call) -> None:
    method = getattr(getattr(pw, call.namespace), call.method)
    try:
        made = method(*call.ids, **call.arguments)
        if call.is_list:
            made.first_page()
    except Exception as error:
        raise AssertionError(f"{call}: {error}") from error
