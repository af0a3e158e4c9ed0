"""The pytest fixtures: a Patchworks of its own for each test, and clients in front of it.

pytest finds this module by its entry point in every project in which the SDK is installed, so it imports nothing
that a project without the extra `sandbox` would miss until a fixture is used.
"""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from patchworks_core_client import AsyncPatchworks, Patchworks

    from .http.server import RunningSandbox
    from .testing.sandbox import Sandbox

IN_PROCESS_URL = "http://127.0.0.1"
MARKER = (
    "patchworks(**options): how the sandbox of this test behaves; the options are those of create_app(), "
    "and those of a function, a class and a module are merged"
)
NO_TRIO = (
    "async_patchworks needs asyncio, and this test runs under trio; with anyio, let the fixture anyio_backend "
    "return 'asyncio'"
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give the server of the session, where it runs, a new sandbox, unless the test asks for one itself."""
    item.session.stash[_ITEM] = item
    running = item.session.stash.get(_RUNNING, None)
    if running is not None and "patchworks_sandbox" not in getattr(item, "fixturenames", ()):
        # Made once it is asked for: most tests of a session never speak to the server.
        running.renew(_recipe(item))


@pytest.fixture
def patchworks_sandbox(request: pytest.FixtureRequest) -> Generator[Sandbox]:
    """A new, empty Patchworks in this process, which the clients of this test talk to.

    `@pytest.mark.patchworks(seed=1, rate="60/min")` sets it up, with the options of `create_app()`. Its
    `faults.add("next 2 503")` injects faults, and its `requests` are what came in.
    """
    sandbox = _new_sandbox(request.node)
    yield sandbox
    sandbox.close()


@pytest.fixture
def async_patchworks(request: pytest.FixtureRequest, patchworks_sandbox: Sandbox) -> AsyncPatchworks:
    """An asynchronous client with the API key, in front of `patchworks_sandbox`, without a socket.

    It holds nothing that needs closing, and works under any runner of asynchronous tests that uses asyncio.
    """
    if _runs_under_trio(request):
        pytest.fail(NO_TRIO, pytrace=False)
    import httpx

    from patchworks_core_client import AsyncPatchworks

    from .http.in_process_transport import SandboxTransport

    return AsyncPatchworks(
        api_key=patchworks_sandbox.api_key,
        base_url=IN_PROCESS_URL,
        http_client=httpx.AsyncClient(transport=SandboxTransport(patchworks_sandbox.app)),
    )


@pytest.fixture(scope="session")
def patchworks_server(request: pytest.FixtureRequest) -> Generator[RunningSandbox]:
    """A Patchworks that is served on a free port of 127.0.0.1 while the tests run, with a new state for each of them.

    Its `url` stays the same, so that a program under test can be started once. Its `sandbox` is that of the test.
    """
    with _naming_the_missing_extra():
        from .http.server import serve

        # Of the test that asks for it first, like those of all that come after.
        with serve(_new_sandbox(request.session.stash[_ITEM]).app) as running:
            request.session.stash[_RUNNING] = running
            yield running
            del request.session.stash[_RUNNING]
            running.sandbox.close()


@pytest.fixture
def patchworks(patchworks_server: RunningSandbox, patchworks_sandbox: Sandbox) -> Generator[Patchworks]:
    """A synchronous client with the API key, in front of `patchworks_sandbox`, which `patchworks_server` serves."""
    from patchworks_core_client import Patchworks

    patchworks_server.sandbox = patchworks_sandbox
    with Patchworks(api_key=patchworks_sandbox.api_key, base_url=patchworks_server.url) as client:
        yield client


_ITEM = pytest.StashKey[pytest.Item]()
_RUNNING = pytest.StashKey["RunningSandbox"]()


def _new_sandbox(node: pytest.Item) -> Sandbox:
    """Make the sandbox that the markers of a test describe, behind the server of the session if it runs."""
    sandbox = _recipe(node)()
    running = node.session.stash.get(_RUNNING, None)
    if running is not None:
        running.sandbox = sandbox
    return sandbox


def _recipe(node: pytest.Item) -> Callable[[], Sandbox]:
    """Return what makes the sandbox that the markers of a test describe."""
    with _naming_the_missing_extra():
        from . import create_app
    options: dict[str, Any] = {}
    unnamed: list[str] = []
    # The closest marker comes first, and is the last to be heard.
    for marker in reversed(list(node.iter_markers("patchworks"))):
        options |= marker.kwargs
        unnamed += map(repr, marker.args)
    if options or unnamed:
        known = inspect.signature(create_app).parameters
        unknown = [*unnamed, *(name for name in options if name not in known)]
        if unknown:
            names = ", ".join(known)
            message = f"the marker patchworks takes no {', '.join(unknown)}; its options, by name, are {names}"
            pytest.fail(message, pytrace=False)
    return lambda: create_app(**options).state.sandbox


def _runs_under_trio(request: pytest.FixtureRequest) -> bool:
    if request.node.get_closest_marker("trio"):
        return True
    backend: Any = request.getfixturevalue("anyio_backend") if "anyio_backend" in request.fixturenames else ""
    return (backend if isinstance(backend, str) else backend[0]) == "trio"


@contextmanager
def _naming_the_missing_extra() -> Generator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        pytest.fail(f"{error.name} is missing: install patchworks-core-client[sandbox]", pytrace=False)
