"""What the tests of the sandbox share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from patchworks_core_client.sandbox import create_app
from patchworks_core_client.sandbox.http import server

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.applications import Starlette

ENVIRONMENTS = "/api/v1/virtual-environments"
VERSIONS = "/api/v1/virtual-environment-versions"
DEPLOYED = "/api/v1/flow-version-deployments/virtual-environments"
LOGIN = "/fabric/api/login"
RIGHT = {"username": "admin@sandbox.test", "password": "sandbox-password"}
KEY = {"Authorization": "sandbox-api-key", "Accept": "application/json"}


def has_ipv6() -> bool:
    """Whether this machine has an IPv6 loopback."""
    try:
        server.listen("::1", 0).close()
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback")


class Clock:
    """A clock that goes when told."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Api:
    """Requests to a sandbox, with the status that each is expected to have."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def answer(self, method: str, path: str, body: object = None, **options: Any) -> httpx.Response:
        """The whole answer."""
        if body is not None:
            options["json"] = body
        return await self.http.request(method, path, **options)

    async def __call__(self, method: str, path: str, body: object = None, *, status: int = 200, **options: Any) -> Any:
        """The JSON of an answer that has that status."""
        answer = await self.answer(method, path, body, **options)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def environment(self, name: str = "UK", **fields: Any) -> int:
        """The id of a new environment."""
        created = await self("POST", ENVIRONMENTS, {"name": name, "labels": []} | fields, status=201)
        return int(created["data"]["id"])

    async def draft(self, environment: int) -> int:
        """The id of the draft of an environment."""
        found = await self("GET", f"{ENVIRONMENTS}/{environment}/versions")
        return next(int(version["id"]) for version in found["data"] if version["status"] == "Draft")

    async def deploy(self, environment: int) -> int:
        """Deploys the draft of an environment; gives the id of the version that is deployed now."""
        draft = await self.draft(environment)
        await self("POST", f"{ENVIRONMENTS}/{environment}/versions/{draft}/deploy")
        return draft


def connect(app: Starlette, **headers: str) -> httpx.AsyncClient:
    """A client with the API key in front of that app."""
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=KEY | headers)


@pytest.fixture
def app() -> Starlette:
    """A new, empty sandbox."""
    return create_app()


@pytest.fixture
async def api(app: Starlette) -> AsyncGenerator[Api]:
    """A client in front of `app`."""
    async with connect(app) as http:
        yield Api(http)
