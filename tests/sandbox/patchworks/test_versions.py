"""The life of a version: draft, deployed, inactive, and never more than five."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ..conftest import ENVIRONMENTS, VERSIONS

if TYPE_CHECKING:
    from ..conftest import Api


async def states(api: Api, environment: int) -> list[tuple[int, str]]:
    found = await api("GET", f"{ENVIRONMENTS}/{environment}/versions?per_page=100")
    return [(version["version"], version["status"]) for version in found["data"]]


async def add_contents(api: Api, version: int) -> None:
    rule = {"model_type": "connector", "original_model_id": "1", "replacement_model_id": "2"}
    await api("POST", f"{VERSIONS}/{version}/manifests", rule, status=201)
    variable = {"type": "string", "key": "host", "value": "a", "fallback": "b", "date_format": "Y"}
    await api("POST", f"{VERSIONS}/{version}/variables", variable, status=201)
    priority = {"flow_id": "9", "priority": 2, "notes": "n"}
    await api("POST", f"{VERSIONS}/{version}/flow-priorities", priority, status=201)


async def contents(api: Api, version: int) -> dict[str, list[dict[str, Any]]]:
    own = {"id", "created_at", "updated_at"}
    result: dict[str, list[dict[str, Any]]] = {}
    for kind in ("manifests", "variables", "flow-priorities"):
        rows = (await api("GET", f"{VERSIONS}/{version}/{kind}"))["data"]
        result[kind] = [{name: row[name] for name in row if name not in own} for row in rows]
    return result


async def test_a_new_environment_has_one_empty_draft(api: Api) -> None:
    environment = await api.environment()
    assert await states(api, environment) == [(1, "Draft")]
    assert all(not rows for rows in (await contents(api, await api.draft(environment))).values())


async def test_deploying_makes_a_copy_the_new_draft_and_the_old_one_inactive(api: Api) -> None:
    environment = await api.environment()
    await add_contents(api, await api.draft(environment))
    await api("PUT", f"{ENVIRONMENTS}/{environment}/versions/{await api.draft(environment)}", {"notes": "why"})
    first = await api.deploy(environment)
    assert await states(api, environment) == [(1, "Deployed"), (2, "Draft")]
    draft = await api.draft(environment)
    assert await contents(api, draft) == await contents(api, first)
    copied = (await api("GET", f"{ENVIRONMENTS}/{environment}/versions/{draft}"))["data"]
    assert (copied["notes"], copied["deployed_at"], copied["deployed_by"]) == (None, None, None)
    await api.deploy(environment)
    assert await states(api, environment) == [(1, "Inactive"), (2, "Deployed"), (3, "Draft")]


async def test_the_copy_is_its_own(api: Api) -> None:
    environment = await api.environment()
    await add_contents(api, await api.draft(environment))
    deployed = await api.deploy(environment)
    draft = await api.draft(environment)
    row = (await api("GET", f"{VERSIONS}/{draft}/variables"))["data"][0]
    await api("PUT", f"{VERSIONS}/{draft}/variables/{row['id']}", {"value": "changed"})
    assert (await contents(api, deployed))["variables"][0]["value"] == "a"


async def test_past_five_the_oldest_inactive_version_is_given_up(api: Api) -> None:
    environment = await api.environment()
    first = await api.draft(environment)
    for _ in range(4):
        await api.deploy(environment)
    assert [number for number, _ in await states(api, environment)] == [1, 2, 3, 4, 5]
    await api.deploy(environment)
    assert await states(api, environment) == [
        (2, "Inactive"),
        (3, "Inactive"),
        (4, "Inactive"),
        (5, "Deployed"),
        (6, "Draft"),
    ]
    await api("GET", f"{VERSIONS}/{first}/variables", status=404)
    for _ in range(5):
        await api.deploy(environment)
    assert [number for number, _ in await states(api, environment)] == [7, 8, 9, 10, 11]


@pytest.mark.parametrize("deployments", [1, 2])
async def test_only_a_draft_can_be_edited_or_deployed(api: Api, deployments: int) -> None:
    environment = await api.environment()
    version = await api.draft(environment)
    await add_contents(api, version)
    for _ in range(deployments):
        await api.deploy(environment)
    status = "deployed" if deployments == 1 else "inactive"
    one = f"{ENVIRONMENTS}/{environment}/versions/{version}"
    refused = [
        await api("PUT", one, {"notes": "x"}, status=422),
        await api("POST", f"{one}/deploy", status=422),
    ]
    bodies = {
        "manifests": {"model_type": "x", "original_model_id": "1", "replacement_model_id": "2"},
        "variables": {"type": "string", "key": "k"},
        "flow-priorities": {"flow_id": "1", "priority": 1},
    }
    for kind, body in bodies.items():
        row = (await api("GET", f"{VERSIONS}/{version}/{kind}"))["data"][0]["id"]
        refused.append(await api("POST", f"{VERSIONS}/{version}/{kind}", body, status=422))
        refused.append(await api("PUT", f"{VERSIONS}/{version}/{kind}/{row}", body, status=422))
        refused.append(await api("DELETE", f"{VERSIONS}/{version}/{kind}/{row}", status=422))
    assert all(status in answer["message"] and "version" in answer["errors"] for answer in refused)
    assert len((await contents(api, version))["variables"]) == 1


async def test_there_is_one_draft_at_most(api: Api) -> None:
    environment = await api.environment()
    versions = f"{ENVIRONMENTS}/{environment}/versions"
    refused = await api("POST", versions, {"notes": "x"}, status=422)
    assert "already has a draft" in refused["message"]
    await add_contents(api, await api.draft(environment))
    deployed = await api.deploy(environment)
    await api("DELETE", f"{versions}/{await api.draft(environment)}")
    made = (await api("POST", versions, {}, status=201))["data"]
    assert made["version"] == 2
    assert await contents(api, made["id"]) == await contents(api, deployed)


async def test_a_draft_of_nothing_is_version_one(api: Api) -> None:
    environment = await api.environment()
    versions = f"{ENVIRONMENTS}/{environment}/versions"
    await api("DELETE", f"{versions}/{await api.draft(environment)}")
    assert await states(api, environment) == []
    found = await api("GET", f"{ENVIRONMENTS}/{environment}?include=firstVersion,deployedVersion.variables")
    assert found["data"]["first_version"] is None
    assert found["data"]["deployed_version"] is None
    twin = (await api("POST", f"{ENVIRONMENTS}/{environment}/copy", status=201))["data"]["id"]
    assert await states(api, twin) == [(1, "Draft")]
    await api("POST", versions, status=201)
    assert await states(api, environment) == [(1, "Draft")]


async def test_a_deployed_version_cannot_be_deleted(api: Api) -> None:
    environment = await api.environment()
    first = await api.deploy(environment)
    one = f"{ENVIRONMENTS}/{environment}/versions/{first}"
    await api("DELETE", one, status=422)
    await api.deploy(environment)
    await api("DELETE", one)
    await api("GET", one, status=404)
    assert await states(api, environment) == [(1, "Deployed"), (2, "Draft")], "the later ones are renumbered"


async def test_copying_a_version_makes_its_content_the_drafts(api: Api) -> None:
    environment = await api.environment()
    await add_contents(api, await api.draft(environment))
    deployed = await api.deploy(environment)
    draft = await api.draft(environment)
    row = (await api("GET", f"{VERSIONS}/{draft}/variables"))["data"][0]["id"]
    await api("DELETE", f"{VERSIONS}/{draft}/variables/{row}")
    versions = f"{ENVIRONMENTS}/{environment}/versions"
    copied = (await api("POST", f"{versions}/{deployed}/copy", status=201))["data"]
    assert copied["id"] == draft
    assert await contents(api, draft) == await contents(api, deployed)
    # A draft is made of another version; and where there is none, one is made.
    await api("POST", f"{versions}/{draft}/copy", status=422)
    await api("DELETE", f"{versions}/{draft}")
    again = (await api("POST", f"{versions}/{deployed}/copy", status=201))["data"]
    assert (again["version"], again["status"]) == (2, "Draft")
    assert await contents(api, again["id"]) == await contents(api, deployed)


async def test_deleting_renumbers_the_later_versions_and_keeps_their_ids(api: Api) -> None:
    environment = await api.environment()
    ids = [await api.deploy(environment) for _ in range(4)]
    versions = f"{ENVIRONMENTS}/{environment}/versions"
    await api("DELETE", f"{versions}/{ids[1]}")
    found = (await api("GET", versions))["data"]
    assert [(row["id"], row["version"]) for row in found] == [
        (ids[0], 1),
        (ids[2], 2),
        (ids[3], 3),
        (await api.draft(environment), 4),
    ]
    await api.deploy(environment)
    assert [number for number, _ in await states(api, environment)] == [1, 2, 3, 4, 5]


async def test_notes_stay_with_their_version(api: Api) -> None:
    environment = await api.environment()
    versions = f"{ENVIRONMENTS}/{environment}/versions"
    first = await api.draft(environment)
    await api("PUT", f"{versions}/{first}", {"notes": "why"})
    await api.deploy(environment)
    await api.deploy(environment)
    notes = {row["id"]: row["notes"] for row in (await api("GET", versions))["data"]}
    assert notes.pop(first) == "why"
    assert set(notes.values()) == {None}
    copied = (await api("POST", f"{versions}/{first}/copy", status=201))["data"]
    assert copied["notes"] is None
    await api("DELETE", f"{versions}/{copied['id']}")
    assert (await api("POST", versions, {"notes": None}, status=201))["data"]["notes"] is None
    twin = (await api("POST", f"{ENVIRONMENTS}/{environment}/copy", status=201))["data"]["id"]
    assert [row["notes"] for row in (await api("GET", f"{ENVIRONMENTS}/{twin}/versions"))["data"]] == [None]


@pytest.mark.parametrize(
    ("kind", "body", "same", "other", "field"),
    [
        ("variables", {"type": "string", "key": "k"}, {"type": "number", "key": " k "}, {"key": "K"}, "key"),
        ("flow-priorities", {"flow_id": "7", "priority": 1}, {"flow_id": 7, "priority": 2}, {"flow_id": 8}, "flow_id"),
        (
            "manifests",
            {"model_type": "script", "original_model_id": 7, "replacement_model_id": 1},
            {"model_type": "script", "original_model_id": "7", "replacement_model_id": 2},
            {"model_type": "connector"},
            "original_model_id",
        ),
    ],
)
async def test_what_a_version_holds_is_there_once(
    api: Api, kind: str, body: dict[str, Any], same: dict[str, Any], other: dict[str, Any], field: str
) -> None:
    environment = await api.environment()
    path = f"{VERSIONS}/{await api.draft(environment)}/{kind}"
    first = (await api("POST", path, body, status=201))["data"]["id"]
    refused = await api("POST", path, same, status=422)
    assert refused["errors"] == {field: [f"The {field.replace('_', ' ')} has already been taken."]}
    second = (await api("POST", path, body | other, status=201))["data"]["id"]
    assert list((await api("PUT", f"{path}/{second}", same, status=422))["errors"]) == [field]
    await api("PUT", f"{path}/{first}", same)
    await api.deploy(environment)
    await api("POST", f"{VERSIONS}/{await api.draft(environment)}/{kind}", body, status=422)


async def test_a_version_belongs_to_its_environment(api: Api) -> None:
    one, other = await api.environment("UK"), await api.environment("FR")
    draft = await api.draft(one)
    await api("GET", f"{ENVIRONMENTS}/{other}/versions/{draft}", status=404)
    row = {"type": "string", "key": "k"}
    variable = (await api("POST", f"{VERSIONS}/{draft}/variables", row, status=201))["data"]["id"]
    elsewhere = f"{VERSIONS}/{await api.draft(other)}/variables/{variable}"
    await api("PUT", elsewhere, {"value": "x"}, status=404)
    await api("DELETE", elsewhere, status=404)


async def test_editing_what_a_version_holds_touches_the_version(api: Api) -> None:
    environment = await api.environment()
    draft = await api.draft(environment)
    one = f"{ENVIRONMENTS}/{environment}/versions/{draft}"
    before = (await api("GET", one))["data"]["updated_at"]
    await api("POST", f"{VERSIONS}/{draft}/variables", {"type": "string", "key": "k"}, status=201)
    assert (await api("GET", one))["data"]["updated_at"] > before
