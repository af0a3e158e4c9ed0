"""Bodies that break the documented rules: 422, with the messages of each field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ..conftest import ENVIRONMENTS, VERSIONS

if TYPE_CHECKING:
    from ..conftest import Api

LABELS: dict[str, Any] = {"labels": []}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"name": "is required", "labels": "must be present"}),
        ({"name": None, **LABELS}, {"name": "is required"}),
        ({"name": " \t", **LABELS}, {"name": "is required"}),
        ({"name": 5, **LABELS}, {"name": "must be a string"}),
        ({"name": "x" * 246, **LABELS}, {"name": "greater than 245 characters"}),
        ({"name": "x", "labels": None}, {"labels": "must be an array"}),
        ({"name": "x", "labels": {"id": "1"}}, {"labels": "must be an array"}),
        ({"name": "x", "labels": ["1"]}, {"labels.0": "must be an array"}),
        ({"name": "x", "labels": [{}, {"id": []}]}, {"labels.1.id": "must be an integer"}),
        ({"name": "x", "labels": [{"id": 2**70}]}, {"labels.0.id": "must be between"}),
        ({"name": "x", "labels": [{"id": "a"}]}, {"labels.0.id": "must be an integer"}),
        ({"name": "x", "labels": [{"id": None}]}, {"labels.0.id": "must be an integer"}),
        ({"name": "x", "labels": " "}, {"labels": "must be an array"}),
        ({"name": "x", **LABELS, "description": "y" * 256}, {"description": "greater than 255 characters"}),
        ({"name": "x", **LABELS, "description": ["y"]}, {"description": "must be a string"}),
        ({"name": "x", **LABELS, "type": "staging"}, {"type": "must be one of test, live"}),
    ],
)
async def test_a_new_environment(api: Api, body: dict[str, Any], errors: dict[str, str]) -> None:
    refused = await api("POST", ENVIRONMENTS, body, status=422)
    assert list(refused["errors"]) == list(errors)
    for field, part in errors.items():
        assert part in refused["errors"][field][0]
    assert (await api("GET", ENVIRONMENTS))["meta"]["total"] == 0


async def test_the_message_is_the_first_one_and_counts_the_others(api: Api) -> None:
    one = await api("POST", ENVIRONMENTS, {"labels": []}, status=422)
    assert one["message"] == "The name field is required."
    two = await api("POST", ENVIRONMENTS, {}, status=422)
    assert two["message"] == "The name field is required. (and 1 more error)"
    three = await api("POST", ENVIRONMENTS, {"type": 1}, status=422)
    assert three["message"].endswith("(and 2 more errors)")


async def test_an_update_allows_a_longer_name(api: Api) -> None:
    one = f"{ENVIRONMENTS}/{await api.environment()}"
    await api("PUT", one, {"name": "x" * 255, **LABELS})
    refused = await api("PUT", one, {"name": "x" * 256}, status=422)
    assert list(refused["errors"]) == ["name", "labels"]


async def test_laravel_trims_strings_and_makes_empty_ones_null(api: Api) -> None:
    body = {"name": "  UK ", "description": " ", "type": "", "labels": [], "unknown": "ignored"}
    created = (await api("POST", ENVIRONMENTS, body, status=201))["data"]
    assert (created["name"], created["description"], created["type"]) == ("UK", None, None)


@pytest.mark.parametrize(
    ("kind", "body", "errors"),
    [
        ("variables", {}, {"type": "is required", "key": "is required"}),
        ("variables", {"type": "s", "key": ""}, {"key": "is required"}),
        ("variables", {"type": "s", "key": "k", "value": "v" * 1025}, {"value": "1024 characters"}),
        ("variables", {"type": "s", "key": "k", "value": 5}, {"value": "must be a string"}),
        ("variables", {"type": "s", "key": "k", "fallback": "v" * 1025}, {"fallback": "1024 characters"}),
        ("variables", {"type": "s", "key": "k", "secret": "maybe"}, {"secret": "true or false"}),
        ("variables", {"type": "s", "key": "k", "secret": 2}, {"secret": "true or false"}),
        ("manifests", {}, dict.fromkeys(["model_type", "original_model_id", "replacement_model_id"], "required")),
        (
            "manifests",
            {"model_type": "x", "original_model_id": 1.5, "replacement_model_id": True},
            dict.fromkeys(["original_model_id", "replacement_model_id"], "must be a string"),
        ),
        ("flow-priorities", {}, {"flow_id": "required", "priority": "required"}),
        ("flow-priorities", {"flow_id": "1", "priority": "high"}, {"priority": "must be an integer"}),
        ("flow-priorities", {"flow_id": "1", "priority": 1.5}, {"priority": "must be an integer"}),
        ("flow-priorities", {"flow_id": "1", "priority": True}, {"priority": "must be an integer"}),
        ("flow-priorities", {"flow_id": "1", "priority": 2**31}, {"priority": "must be between"}),
    ],
)
async def test_what_a_version_holds(api: Api, kind: str, body: dict[str, Any], errors: dict[str, str]) -> None:
    draft = await api.draft(await api.environment())
    refused = await api("POST", f"{VERSIONS}/{draft}/{kind}", body, status=422)
    assert list(refused["errors"]) == list(errors)
    for field, part in errors.items():
        assert part in refused["errors"][field][0]
        assert field.replace("_", " ") in refused["errors"][field][0]


async def test_a_field_that_is_needed_cannot_be_emptied_by_an_update(api: Api) -> None:
    draft = await api.draft(await api.environment())
    path = f"{VERSIONS}/{draft}/variables"
    variable = {"type": "string", "key": "k", "value": "v", "fallback": "f"}
    row = (await api("POST", path, variable, status=201))["data"]["id"]
    refused = await api("PUT", f"{path}/{row}", {"key": "", "type": None}, status=422)
    assert set(refused["errors"]) == {"key", "type"}
    assert all("must have a value" in messages[0] for messages in refused["errors"].values())
    emptied = (await api("PUT", f"{path}/{row}", {"value": "", "fallback": None}))["data"]
    assert (emptied["key"], emptied["value"], emptied["fallback"]) == ("k", None, None)


@pytest.mark.parametrize(("priority", "stored"), [("7", 7), ("-2", -2), (3.0, 3), (2**31 - 1, 2**31 - 1)])
async def test_whole_numbers_in_any_spelling(api: Api, priority: object, stored: int) -> None:
    draft = await api.draft(await api.environment())
    body = {"flow_id": 12, "priority": priority}
    row = (await api("POST", f"{VERSIONS}/{draft}/flow-priorities", body, status=201))["data"]
    assert (row["flow_id"], row["priority"]) == (12, stored)


async def test_a_refused_request_leaves_nothing_behind(api: Api) -> None:
    environment = await api.environment("UK", description="Shop")
    one = f"{ENVIRONMENTS}/{environment}"
    before = (await api("GET", one))["data"]
    await api("PUT", one, {"name": "FR", "description": "x" * 300, "labels": []}, status=422)
    assert (await api("GET", one))["data"] == before


async def test_what_was_read_can_be_sent_back(api: Api) -> None:
    environment = await api.environment()
    draft = await api.draft(environment)
    for path, body in (
        (f"{ENVIRONMENTS}/{environment}/versions/{draft}", None),
        (f"{VERSIONS}/{draft}/variables", {"type": "s", "key": "k"}),
        (f"{VERSIONS}/{draft}/flow-priorities", {"flow_id": 1, "priority": 1}),
        (f"{VERSIONS}/{draft}/manifests", {"model_type": "x", "original_model_id": 1, "replacement_model_id": 2}),
    ):
        one = path
        if body:
            one = f"{path}/{(await api('POST', path, body, status=201))['data']['id']}"
        read = (await api("GET", path))["data"]
        row = read if body is None else read[0]
        again = (await api("PUT", one, row))["data"]
        changing = {"updated_at"}
        assert {name: row[name] for name in row if name not in changing} == {
            name: again[name] for name in again if name not in changing
        }


async def test_an_empty_text_and_null_are_one(api: Api) -> None:
    draft = await api.draft(await api.environment())
    for key, empty in (("a", ""), ("b", "  "), ("c", None)):
        body = {"type": "s", "key": key, "value": empty, "fallback": empty, "date_format": empty, "secret": empty}
        row = (await api("POST", f"{VERSIONS}/{draft}/variables", body, status=201))["data"]
        assert (row["value"], row["fallback"], row["date_format"], row["secret"]) == (None, None, None, False)
        for field in ("type", "key"):
            refused = await api("POST", f"{VERSIONS}/{draft}/variables", body | {field: empty}, status=422)
            assert refused["message"] == f"The {field} field is required."


async def test_an_empty_flag_says_nothing(api: Api) -> None:
    draft = await api.draft(await api.environment())
    path = f"{VERSIONS}/{draft}/variables"
    row = (await api("POST", path, {"type": "s", "key": "k", "value": "v", "secret": True}, status=201))["data"]["id"]
    for empty in (None, ""):
        assert (await api("PUT", f"{path}/{row}", {"secret": empty}))["data"]["secret"] is True


async def test_notes_of_a_version(api: Api) -> None:
    environment = await api.environment()
    one = f"{ENVIRONMENTS}/{environment}/versions/{await api.draft(environment)}"
    assert (await api("PUT", one, {"notes": "n"}))["data"]["notes"] == "n"
    assert (await api("PUT", one, {}))["data"]["notes"] == "n"
    await api("PUT", one, {"notes": 1}, status=422)
    assert (await api("PUT", one, {"notes": ""}))["data"]["notes"] is None
