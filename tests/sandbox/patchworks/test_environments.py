"""Virtual environments: labels, copies, deletion, and the list of those that are deployed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ..conftest import DEPLOYED, ENVIRONMENTS, VERSIONS

if TYPE_CHECKING:
    from ..conftest import Api

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


async def test_a_new_environment_has_nulls_counts_and_exact_times(api: Api) -> None:
    created = (await api("POST", ENVIRONMENTS, {"name": "UK", "labels": []}, status=201))["data"]
    times = [created.pop("created_at"), created.pop("updated_at")]
    assert created == {
        "id": 1,
        "name": "UK",
        "description": None,
        "type": None,
        "versions_count": 1,
        "deployments_count": 0,
        "is_deployed": False,
    }
    assert all(TIMESTAMP.fullmatch(time) for time in times)


async def test_deploying_shows_in_the_environment(api: Api) -> None:
    environment = await api.environment()
    version = await api.deploy(environment)
    found = (await api("GET", f"{ENVIRONMENTS}/{environment}"))["data"]
    assert (found["is_deployed"], found["deployments_count"], found["versions_count"]) == (True, 1, 2)
    deployed = (await api("GET", f"{ENVIRONMENTS}/{environment}/versions/{version}"))["data"]
    assert TIMESTAMP.fullmatch(deployed["deployed_at"])


async def test_labels_are_replaced_as_a_whole(api: Api) -> None:
    environment = await api.environment(labels=[{"id": "3"}, {"id": 1}, {"id": "3"}, {}])
    one = f"{ENVIRONMENTS}/{environment}"
    found = (await api("GET", f"{one}?include=labels"))["data"]["labels"]
    assert found == [{"id": 3, "name": "Label 3"}, {"id": 1, "name": "Label 1"}]
    await api("PUT", one, {"name": "UK", "labels": [{"id": "2"}]})
    assert [label["id"] for label in (await api("GET", f"{one}?include=labels"))["data"]["labels"]] == [2]
    await api("PUT", one, {"name": "UK", "labels": []})
    assert (await api("GET", f"{one}?include=labels"))["data"]["labels"] == []


async def test_updating_changes_what_is_sent_and_nothing_else(api: Api) -> None:
    environment = await api.environment(description="Shop", type="test")
    one = f"{ENVIRONMENTS}/{environment}"
    changed = (await api("PUT", one, {"name": "UK live", "labels": [], "type": None}))["data"]
    assert (changed["name"], changed["description"], changed["type"]) == ("UK live", "Shop", None)


async def test_a_copy_has_the_newest_content_and_the_labels(api: Api) -> None:
    environment = await api.environment(description="Shop", type="live", labels=[{"id": "5"}])
    variable = {"type": "string", "key": "token", "value": "hidden", "secret": True}
    await api("POST", f"{VERSIONS}/{await api.draft(environment)}/variables", variable, status=201)
    await api.deploy(environment)
    copied = (await api("POST", f"{ENVIRONMENTS}/{environment}/copy", status=201))["data"]
    assert (copied["name"], copied["description"], copied["type"]) == ("UK (copy)", "Shop", "live")
    assert (copied["versions_count"], copied["is_deployed"]) == (1, False)
    found = (await api("GET", f"{ENVIRONMENTS}/{copied['id']}?include=labels"))["data"]
    assert [label["id"] for label in found["labels"]] == [5]
    variables = (await api("GET", f"{VERSIONS}/{await api.draft(copied['id'])}/variables"))["data"]
    assert [(row["key"], row["value"], row["secret"]) for row in variables] == [("token", None, True)]


@pytest.mark.parametrize("length", [245, 255])
async def test_the_name_of_a_copy_fits(api: Api, length: int) -> None:
    environment = await api.environment()
    await api("PUT", f"{ENVIRONMENTS}/{environment}", {"name": "x" * length, "labels": []})
    copied = (await api("POST", f"{ENVIRONMENTS}/{environment}/copy", status=201))["data"]
    assert copied["name"] == "x" * min(length, 248) + " (copy)"


async def test_deleting_takes_everything_along(api: Api) -> None:
    environment = await api.environment()
    draft = await api.draft(environment)
    await api("DELETE", f"{ENVIRONMENTS}/{environment}")
    for path in (f"{ENVIRONMENTS}/{environment}", f"{VERSIONS}/{draft}/manifests"):
        await api("GET", path, status=404)
    for method, path in (("DELETE", ""), ("PUT", ""), ("POST", "/copy"), ("GET", "/versions"), ("POST", "/versions")):
        await api(method, f"{ENVIRONMENTS}/{environment}{path}", status=404)
    assert await api.environment() > environment, "an id is never given twice"


async def test_only_deployed_environments_are_among_the_deployments(api: Api) -> None:
    names = ["UK", "FR", "DE"]
    ids = [await api.environment(name) for name in names]
    for environment in ids[1:]:
        await api.deploy(environment)
    found = await api("GET", f"{DEPLOYED}?sort=name&include=deployments.user,deployments.flowVersion.flow")
    assert [row["name"] for row in found["data"]] == ["DE", "FR"]
    deployment = found["data"][0]["deployments"][0]
    assert deployment["user"]["id"] == 1
    assert deployment["flow_version"] is None
    assert "package" not in deployment
    await api("DELETE", f"{ENVIRONMENTS}/{ids[1]}")
    assert (await api("GET", DEPLOYED))["meta"]["total"] == 1
