"""The pytest plugin: its fixtures here, and in a project of somebody who only installed the package."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from markdown_it import MarkdownIt

from patchworks_core_client import APIConnectionError, NotFoundError, RateLimitError, sandbox
from tests.support.clock import FakeClock
from tests.support.processes import pytest_command, unmeasured

from ..conftest import ENVIRONMENTS, KEY

if TYPE_CHECKING:
    from patchworks_core_client import AsyncPatchworks, Patchworks
    from patchworks_core_client.sandbox import RunningSandbox, Sandbox


DOCUMENTATION = Path(__file__).parents[3] / "docs" / "testing.md"


@pytest.mark.parametrize("turn", [1, 2])
async def test_each_test_has_a_patchworks_of_its_own(async_patchworks: AsyncPatchworks, turn: int) -> None:
    created = await async_patchworks.virtual_environments.create(name=f"UK {turn}", labels=[])
    assert created.id == 1


async def test_the_clients_and_the_sandbox_are_one(
    async_patchworks: AsyncPatchworks, patchworks: Patchworks, patchworks_sandbox: Sandbox
) -> None:
    await async_patchworks.virtual_environments.create(name="UK", labels=[])
    assert patchworks.virtual_environments.get(1).name == "UK"
    assert [seen.operation for seen in patchworks_sandbox.requests] == [
        "virtual_environments.create",
        "virtual_environments.get",
    ]


async def test_faults_are_scripted(
    async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    FakeClock(monkeypatch)
    patchworks_sandbox.faults.add("next 2 429 retry-after 0 on virtual_environments.list")
    page = await async_patchworks.virtual_environments.list()
    assert page.total == 0
    assert [seen.status for seen in patchworks_sandbox.requests] == [429, 429, 200]
    patchworks_sandbox.faults.add("next cut on virtual_environments.create")
    with pytest.raises(APIConnectionError) as raised:
        await async_patchworks.virtual_environments.create(name="UK", labels=[])
    assert raised.value.may_have_taken_effect
    assert (await async_patchworks.virtual_environments.get(1)).name == "UK"


@pytest.mark.patchworks(seed=1, rate="2/min")
def test_the_marker_sets_it_up(patchworks: Patchworks) -> None:
    impatient = patchworks.with_options(max_retries=0)
    assert impatient.virtual_environments.list().first_page().total == 10
    with pytest.raises(NotFoundError):
        impatient.virtual_environments.get(99)
    with pytest.raises(RateLimitError):
        impatient.virtual_environments.get(1)


@pytest.mark.patchworks(keep_requests=2)
def test_as_many_requests_are_kept_as_wanted(patchworks: Patchworks, patchworks_sandbox: Sandbox) -> None:
    for name in ("UK", "FR", "DE"):
        patchworks.virtual_environments.create(name=name, labels=[])
    assert [request.json["name"] for request in patchworks_sandbox.requests] == ["FR", "DE"]
    patchworks_sandbox.forget_requests()
    assert patchworks_sandbox.requests == []


@pytest.mark.patchworks(rate="9/s")
class TestMarkers:
    """Those of a class and of a function are merged."""

    @pytest.mark.patchworks(seed=1)
    def test_a_functions_marker_adds_to_that_of_its_class(self, patchworks_server: RunningSandbox) -> None:
        answer = httpx.get(f"{patchworks_server.url}{ENVIRONMENTS}", headers=KEY)
        assert (answer.json()["meta"]["total"], answer.headers["x-ratelimit-limit"]) == (10, "9")

    @pytest.mark.patchworks(rate="5/s")
    def test_the_closest_one_is_the_last_to_be_heard(self, patchworks_server: RunningSandbox) -> None:
        answer = httpx.get(f"{patchworks_server.url}{ENVIRONMENTS}", headers=KEY)
        assert (answer.json()["meta"]["total"], answer.headers["x-ratelimit-limit"]) == (0, "5")


@pytest.mark.parametrize("turn", [1, 2])
def test_the_server_of_the_session_has_a_new_state_for_each_test(patchworks_server: RunningSandbox, turn: int) -> None:
    del turn
    body = {"name": "UK", "labels": []}
    created = httpx.post(f"{patchworks_server.url}{ENVIRONMENTS}", headers=KEY, json=body)
    assert created.json()["data"]["id"] == 1
    assert [request.json for request in patchworks_server.sandbox.requests] == [body]
    assert patchworks_server.url in repr(patchworks_server)


def test_the_server_is_that_of_the_test(patchworks_server: RunningSandbox, patchworks_sandbox: Sandbox) -> None:
    assert patchworks_server.sandbox is patchworks_sandbox


@pytest.mark.parametrize("anyio_backend", ["trio", ("trio", {})])
def test_trio_of_anyio_gets_a_sentence(request: pytest.FixtureRequest, anyio_backend: object) -> None:
    del anyio_backend
    with pytest.raises(pytest.fail.Exception, match="needs asyncio, and this test runs under trio"):
        request.getfixturevalue("async_patchworks")


def test_trio_of_pytest_trio_gets_it_too(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    # Its marker is known where it is installed.
    monkeypatch.setattr(request.node, "get_closest_marker", lambda name: name == "trio")
    with pytest.raises(pytest.fail.Exception, match="needs asyncio"):
        request.getfixturevalue("async_patchworks")


def test_a_missing_extra_is_named(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(vars(sandbox), "create_app", raising=False)
    monkeypatch.delitem(sys.modules, "patchworks_core_client.sandbox.app", raising=False)
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    with pytest.raises(pytest.fail.Exception, match=r"install patchworks-core-client\[sandbox\]"):
        request.getfixturevalue("patchworks_sandbox")


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        (pytest.mark.patchworks(1), "takes no 1; its options, by name, are db, "),
        (pytest.mark.patchworks(sed=1, seed=1), "takes no sed; "),
    ],
)
def test_an_option_that_there_is_not_is_named(
    request: pytest.FixtureRequest, marker: pytest.MarkDecorator, message: str
) -> None:
    request.node.add_marker(marker)
    with pytest.raises(pytest.fail.Exception, match=message):
        request.getfixturevalue("patchworks_sandbox")


def test_pytest_finds_it_by_its_entry_point() -> None:
    found = entry_points(group="pytest11", name="patchworks")
    assert [entry.value for entry in found] == ["patchworks_core_client.sandbox.pytest_plugin"]


def example(language: str, part: str) -> str:
    """The first file to copy from the documentation that has this part."""
    fences = [token for token in MarkdownIt().parse(DOCUMENTATION.read_text()) if token.type == "fence"]
    return next(token.content for token in fences if token.info == language and part in token.content)


def passes(folder: Path, tests: int, *options: str, env: dict[str, str]) -> None:
    """Run the tests in a folder, in a process of its own."""
    done = subprocess.run(
        pytest_command("--strict-markers", "-W", "error", *options, str(folder)),
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{tests} passed" in done.stdout


# It comes after a test whose client spoke to the server.
PROGRAM = """
def test_the_server_has_forgotten_the_tests_before(patchworks_server):
    assert patchworks_server.sandbox.requests == []
"""


@pytest.mark.usefixtures("measured")
def test_the_documented_example_works_in_somebody_elses_project(tmp_path: Path) -> None:
    (tmp_path / "test_example.py").write_text(example("python", "def test_"))
    (tmp_path / "test_program.py").write_text(PROGRAM)
    (tmp_path / "pytest.ini").write_text(example("ini", "[pytest]"))
    passes(tmp_path, 6, env=dict(os.environ))


STRICT = """
import unittest

import pytest

pytestmark = pytest.mark.patchworks(seed=1)


@pytest.mark.asyncio
async def test_pytest_asyncio(async_patchworks):
    assert (await async_patchworks.virtual_environments.list()).total == 10


class TestAnyio:
    @pytest.fixture
    def anyio_backend(self):
        return "asyncio"

    @pytest.mark.anyio
    async def test_asyncio(self, async_patchworks):
        assert (await async_patchworks.virtual_environments.list()).total == 10


class Unittest(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def clients(self, patchworks):
        self.pw = patchworks

    def test_unittest(self):
        assert self.pw.virtual_environments.list().first_page().total == 10


class AsyncUnittest(unittest.IsolatedAsyncioTestCase):
    @pytest.fixture(autouse=True)
    def clients(self, async_patchworks):
        self.pw = async_patchworks

    async def test_unittest(self):
        assert (await self.pw.virtual_environments.list()).total == 10


def test_the_server(patchworks_server):
    assert patchworks_server.url.startswith("http://127.0.0.1:")
"""


@pytest.mark.soak
def test_it_works_with_the_runners_that_there_are(tmp_path: Path, soak: bool) -> None:
    (tmp_path / "test_runners.py").write_text(STRICT)
    ini = example("ini", "[pytest]").replace("auto", "strict")
    (tmp_path / "pytest.ini").write_text(ini)
    # The tests of this project themselves, which use these fixtures, run under pytest-xdist.
    workers = ("-n", "1") if soak else ()
    # Measured, it would take three times as long.
    passes(tmp_path, 5, *workers, env=unmeasured())


def test_a_project_that_does_not_use_it_pays_next_to_nothing() -> None:
    code = (
        "import sys, pytest\n"
        "before = set(sys.modules)\n"
        "import patchworks_core_client.sandbox.pytest_plugin\n"
        "heavy = {'starlette', 'uvicorn', 'httpx', 'rich', 'attrs', 'sqlite3', 'asyncio'}\n"
        "print(sorted(heavy & (set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_sandbox_stands_alone_where_no_server_runs(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request.session, "stash", pytest.Stash())
    assert request.getfixturevalue("patchworks_sandbox").api_key
