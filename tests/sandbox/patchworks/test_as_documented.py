"""As documented: what the description says, to the letter, and nothing that it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from patchworks_core_client import AsyncPatchworks
from patchworks_core_client.sandbox import create_app
from patchworks_core_client.sandbox.http.in_process_transport import SandboxTransport

from ..conftest import DEPLOYED, ENVIRONMENTS, VERSIONS, Api, connect

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


@pytest.fixture
async def documented() -> AsyncGenerator[Api]:
    async with connect(create_app(as_documented=True)) as http:
        yield Api(http)


async def create(api: Api, path: str, body: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = (await api("POST", path, body))["data"]
    return data


async def test_creating_is_200_and_null_is_left_out(documented: Api) -> None:
    environment = await create(documented, ENVIRONMENTS, {"name": "UK", "labels": []})
    assert set(environment) == {
        "id",
        "name",
        "versions_count",
        "deployments_count",
        "is_deployed",
        "created_at",
        "updated_at",
    }
    found = await documented("GET", ENVIRONMENTS)
    assert found["links"]["next"] is None, "this null is documented"
    draft = (await documented("GET", f"{ENVIRONMENTS}/1/versions"))["data"][0]
    assert "deployed_at" not in draft
    deployed = (await documented("POST", f"{ENVIRONMENTS}/1/versions/1/deploy"))["data"]
    assert isinstance(deployed["deployed_by"], list)
    twin = await documented("POST", f"{ENVIRONMENTS}/1/copy")
    assert "description" not in twin["data"]
    assert set(await documented("DELETE", f"{ENVIRONMENTS}/1")) == {"message"}


async def test_text_is_text_and_a_secret_too(documented: Api) -> None:
    await create(documented, ENVIRONMENTS, {"name": "UK", "labels": [{"id": "1"}, {}]})
    secret = {"type": "s", "key": "k", "value": "hunter2", "secret": True}
    variable = await create(documented, f"{VERSIONS}/1/variables", secret)
    assert variable["secret"] == "1"
    assert "value" not in variable
    plain = await create(documented, f"{VERSIONS}/1/variables", {"type": "", "key": "l", "secret": "0", "value": ""})
    assert (plain["secret"], plain["value"], plain["type"]) == ("0", "", "")
    priority = await create(documented, f"{VERSIONS}/1/flow-priorities", {"flow_id": "", "priority": 2.0})
    assert (priority["flow_id"], priority["priority"]) == ("", 2)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (ENVIRONMENTS, {"name": "UK", "labels": [{"id": 1}]}, "labels.0.id"),
        (ENVIRONMENTS, {"name": None, "labels": []}, "name"),
        (ENVIRONMENTS, {"name": "UK", "labels": None}, "labels"),
        (f"{VERSIONS}/1/variables", {"type": "s", "key": ""}, "key"),
        (f"{VERSIONS}/1/variables", {"type": "s", "key": "k", "secret": None}, "secret"),
        (f"{VERSIONS}/1/flow-priorities", {"flow_id": 1, "priority": 1}, "flow_id"),
        (f"{VERSIONS}/1/flow-priorities", {"flow_id": "1", "priority": "1"}, "priority"),
    ],
)
async def test_what_laravel_would_convert_is_refused(
    documented: Api, path: str, body: dict[str, Any], field: str
) -> None:
    await create(documented, ENVIRONMENTS, {"name": "UK", "labels": []})
    assert list((await documented("POST", path, body, status=422))["errors"]) == [field]


async def test_what_is_only_believed_is_not_enforced(documented: Api) -> None:
    body = {"name": "", "labels": [], "type": "any", "description": None}
    environment = await create(documented, ENVIRONMENTS, body)
    assert (environment["name"], environment["type"]) == ("", "any")


async def test_a_forbidden_step_is_403_and_a_wrong_query_400(documented: Api) -> None:
    await create(documented, ENVIRONMENTS, {"name": "UK", "labels": []})
    versions = f"{ENVIRONMENTS}/1/versions"
    await documented("POST", f"{versions}/1/deploy")
    for method, path, body in (
        ("POST", f"{versions}/1/deploy", None),
        ("DELETE", f"{versions}/1", None),
        ("POST", versions, {}),
        ("POST", f"{VERSIONS}/1/variables", {"type": "s", "key": "k"}),
    ):
        refused = await documented(method, path, body, status=403)
        assert set(refused) == {"message"}
    for query in (
        "page=0",
        "page=x",
        "page=",
        "per_page=0",
        "per_page=",
        "per_page=101",
        "sort=",
        "include=",
        "sort=x",
    ):
        assert set(await documented("GET", f"{DEPLOYED}?{query}", status=400)) == {"message"}


async def test_a_body_that_is_required_must_be_there(documented: Api) -> None:
    await documented("POST", ENVIRONMENTS, status=400)
    await create(documented, ENVIRONMENTS, {"name": "UK", "labels": []})
    await documented("PUT", f"{ENVIRONMENTS}/1/versions/1", status=400)


@pytest.mark.untraced
async def test_the_strict_client_has_nothing_to_say() -> None:
    app = create_app(as_documented=True, seed=1)
    async with (
        connect(app) as plain,
        AsyncPatchworks(
            api_key="sandbox-api-key",
            base_url="http://127.0.0.1",
            strict=True,
            http_client=type(plain)(transport=SandboxTransport(app)),
        ) as pw,
    ):
        everything = ["versions", "firstVersion.user", "deployedVersion.variables", "deployments.user", "labels"]
        environments = await pw.virtual_environments.list(include=everything).collect()  # type: ignore[arg-type]  # a list of literals is one of texts
        assert len(environments) == 10
        for environment in environments:
            for version in environment.versions or []:
                for content in ("list_manifests", "list_variables", "list_flow_priorities"):
                    assert version.id
                    assert await getattr(pw.virtual_environment_versions, content)(version.id).collect()
