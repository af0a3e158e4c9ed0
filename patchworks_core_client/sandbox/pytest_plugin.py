"""The pytest fixtures: a Patchworks of its own for each test, and clients in front of it.

pytest finds this module by its entry point in every project in which the SDK is installed, so it imports nothing
that a project without the extra `sandbox` would miss until a fixture is used.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from patchworks_core_client import AsyncPatchworks, Patchworks

    from .testing.sandbox import Sandbox

IN_PROCESS_URL = "http://127.0.0.1"
MARKER = "patchworks(**options): how the sandbox of this test behaves; the options are those of create_app()"


def pytest_configure(config: pytest.Config) -> None:
    """Makes the marker known."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture
def patchworks_sandbox(request: pytest.FixtureRequest) -> Generator[Sandbox]:
    """A new, empty Patchworks in this process, which the clients of this test talk to.

    `@pytest.mark.patchworks(seed=1, rate="60/min")` sets it up, with the options of `create_app()`. Its
    `faults.add("next 2 503")` orders faults, and its `requests` are what came in.
    """
    try:
        from . import create_app
    except ModuleNotFoundError as error:
        pytest.fail(f"{error.name} is missing: install patchworks-core-client[sandbox]", pytrace=False)
    marker: pytest.Mark | None = request.node.get_closest_marker("patchworks")
    options: dict[str, Any] = dict(marker.kwargs) if marker else {}
    known = inspect.signature(create_app).parameters
    unknown = [*map(repr, marker.args if marker else ()), *(name for name in options if name not in known)]
    if unknown:
        message = f"the marker patchworks takes no {', '.join(unknown)}; its options, by name, are {', '.join(known)}"
        pytest.fail(message, pytrace=False)
    sandbox: Sandbox = create_app(**options).state.sandbox
    yield sandbox
    sandbox.close()


@pytest.fixture
def async_patchworks(patchworks_sandbox: Sandbox) -> AsyncPatchworks:
    """An asynchronous client with the API key, in front of `patchworks_sandbox`, without a socket.

    It holds nothing that needs closing, and works under any asynchronous test runner.
    """
    import httpx

    from patchworks_core_client import AsyncPatchworks

    from .http.transport import SandboxTransport

    return AsyncPatchworks(
        api_key=patchworks_sandbox.api_key,
        base_url=IN_PROCESS_URL,
        http_client=httpx.AsyncClient(transport=SandboxTransport(patchworks_sandbox.app)),
    )


@pytest.fixture
def patchworks(patchworks_sandbox: Sandbox) -> Generator[Patchworks]:
    """A synchronous client with the API key, in front of `patchworks_sandbox`, which is served on a free port."""
    from patchworks_core_client import Patchworks

    from .http.server import serve

    with (
        serve(patchworks_sandbox.app) as served,
        Patchworks(api_key=patchworks_sandbox.api_key, base_url=served.url) as client,
    ):
        yield client
