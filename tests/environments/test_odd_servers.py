"""Servers that answer otherwise than the sandbox: nothing is guessed, and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from patchworks_core_client import AsyncPatchworks, PermissionDeniedError
from patchworks_core_client.environments import (
    ApplyOptions,
    Configuration,
    DraftEditedError,
    InputError,
    SelectionError,
    StalePlanError,
    apply,
    check,
    export,
    plan,
    rollback,
)
from patchworks_core_client.environments.api_check import MAX_ITEMS, Report
from patchworks_core_client.environments.applying import Result
from patchworks_core_client.environments.deployment import plan_rollback
from patchworks_core_client.environments.server_state import read_states
from patchworks_core_client.sandbox import Sandbox

Change = Callable[[str, dict[str, Any]], None]


class Changing(httpx.AsyncBaseTransport):
    """Changes the answers of a sandbox on their way."""

    def __init__(self, sandbox: Sandbox, change: Change) -> None:
        self._inner = httpx.ASGITransport(app=sandbox.app)
        self._change = change

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        body = json.loads(await answer.aread())
        self._change(f"{request.method} {request.url.path}", body)
        return httpx.Response(answer.status_code, content=json.dumps(body).encode())


def client_of(sandbox: Sandbox, change: Change) -> AsyncPatchworks:
    return AsyncPatchworks(
        api_key=sandbox.api_key,
        base_url="http://127.0.0.1",
        http_client=httpx.AsyncClient(transport=Changing(sandbox, change)),
        max_retries=0,
    )


def rows(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The objects of a page; none for another answer."""
    data = body.get("data")
    return data if isinstance(data, list) else []


FILE = """\
schema: 1
base:
  variables: {a: {type: string, value: 1}}
  manifests: [{model_type: connector, original: 812, replacement: 940}]
  flow_priorities: [{flow: 12, priority: 1}]
environments:
  One: {}
  Two: {}
"""


async def filled(pw: AsyncPatchworks, text: str = FILE, **options: Any) -> Result:
    result = await apply(pw, await plan(pw, Configuration.parse(text)), ApplyOptions(**options))
    assert result.is_complete, result.errors
    return result


async def test_labels_that_the_server_does_not_tell_are_not_lost(
    async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox
) -> None:
    await filled(async_patchworks)

    def without_labels(where: str, body: dict[str, Any]) -> None:
        for row in rows(body):
            row.pop("labels", None)

    pw = client_of(patchworks_sandbox, without_labels)
    assert "labels" not in await export(pw)
    text = "schema: 1\nenvironments:\n  One: {description: new}\n"
    result = await apply(pw, await plan(pw, Configuration.parse(text)))
    assert "the server did not say which labels it has" in str(result.errors[0])
    assert (await apply(pw, await plan(pw, Configuration.parse(text.replace("new", "new, labels: [3]"))))).is_complete
    assert (await async_patchworks.virtual_environments.list(include="labels", filter_name="One")).items[0].labels


async def test_labels_in_another_form(async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox) -> None:
    await filled(async_patchworks)

    def with_plain_labels(where: str, body: dict[str, Any]) -> None:
        for row in rows(body):
            row["labels"] = [7, "8"]

    (one, _) = await read_states(client_of(patchworks_sandbox, with_plain_labels))
    assert one.environment.labels == ("7", "8")


async def test_two_entries_of_one_key_are_an_error_that_names_both(
    async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox
) -> None:
    await filled(async_patchworks)

    def twice(where: str, body: dict[str, Any]) -> None:
        if where.endswith("/variables"):
            body["data"] = [row | {"id": row["id"] + number} for row in rows(body) for number in (0, 900)]

    with pytest.raises(SelectionError, match="holds a twice in variables, with the ids 1 and 901"):
        await export(client_of(patchworks_sandbox, twice), ["One"])


async def test_a_read_that_is_refused_is_the_error_itself(
    async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox
) -> None:
    await filled(async_patchworks)
    patchworks_sandbox.faults.add("next 403 on virtual_environment_versions.list_manifests")
    with pytest.raises(PermissionDeniedError):
        await export(async_patchworks)


async def test_other_types_than_described_are_compared_as_text(
    async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox
) -> None:
    text = (
        "schema: 1\nenvironments:\n  One:\n    variables:\n"
        "      a: {type: string, value: 1.50, fallback: true}\n      b: {type: string, value: !!str 12}\n"
        "    manifests: [{model_type: connector, original: 812, replacement: x}]\n"
    )
    await filled(async_patchworks, text)

    def other_types(where: str, body: dict[str, Any]) -> None:
        for row in rows(body):
            if row.get("fallback") == "true":
                row |= {"fallback": True, "secret": "no"}
            if row.get("value") == "12":
                row["value"] = 12
            if "original_model_id" in row:
                row["original_model_id"] = int(row["original_model_id"])

    pw = client_of(patchworks_sandbox, other_types)
    assert (await plan(pw, Configuration.parse(text))).is_empty
    assert (await plan(pw, Configuration.parse(await export(pw)))).is_empty


async def test_an_environment_that_somebody_else_creates_is_not_created_twice(
    async_patchworks: AsyncPatchworks,
) -> None:
    pw, text = async_patchworks, "schema: 1\nenvironments: {One: {variables: {a: {type: string, value: 1}}}}\n"
    stale = await plan(pw, Configuration.parse(text))
    await filled(pw, text)
    result = await apply(pw, stale)
    assert isinstance(result.errors[0], StalePlanError)
    assert not result.has_written


async def test_two_that_create_an_environment_at_once_both_learn_of_it(patchworks_sandbox: Sandbox) -> None:
    created = False

    def twins(where: str, body: dict[str, Any]) -> None:
        nonlocal created
        created |= where == "POST /api/v1/virtual-environments"
        if created and where == "GET /api/v1/virtual-environments":
            body["data"] += [row | {"id": row["id"] + 900} for row in rows(body)]

    pw = client_of(patchworks_sandbox, twins)
    result = await apply(pw, await plan(pw, Configuration.parse(FILE.replace("  Two: {}\n", ""))))
    assert "there are 2 environments called 'One' on the server, with the ids 1 and 901" in str(result.errors[0])
    assert result.has_written
    assert not [request for request in patchworks_sandbox.requests if "create_variable" in str(request.operation)]


@pytest.mark.untraced
@pytest.mark.parametrize(
    "versions", [None, [], "5", [1, 2], [{"id": 1, "status": "Draft"}], [{"id": None, "status": "Draft"}, {"id": 2}]]
)
async def test_versions_that_the_list_does_not_tell_are_asked_for(
    async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox, versions: Any
) -> None:
    await filled(async_patchworks, deploy=True)

    def otherwise(where: str, body: dict[str, Any]) -> None:
        if where == "GET /api/v1/virtual-environments":
            for row in rows(body):
                row["versions"] = versions

    told = await read_states(async_patchworks)
    asked = await read_states(client_of(patchworks_sandbox, otherwise))
    assert [state.draft for state in asked] == [state.draft for state in told]
    assert [state.versions for state in asked] == [state.environment.versions for state in told]


async def test_a_draft_that_never_shows_up_is_an_error(
    async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patchworks_core_client.environments.write_retries.LONG_POLL_S", (0.0, 0.0))
    monkeypatch.setattr("patchworks_core_client.environments.write_retries.SHORT_POLL_S", (0.0,))

    def without_drafts(where: str, body: dict[str, Any]) -> None:
        if where.endswith("/versions") and where.startswith("GET"):
            body["data"] = [row for row in rows(body) if row["status"] != "Draft"]
        for row in rows(body):
            row.pop("versions", None)

    pw = client_of(patchworks_sandbox, without_drafts)
    result = await apply(pw, await plan(pw, Configuration.parse(FILE)))
    assert "already has a draft" in str(result.errors[0])
    await filled(async_patchworks, deploy=True)
    changed = Configuration.parse(FILE.replace("value: 1", "value: 2"))
    result = await apply(pw, await plan(pw, changed))
    assert "the server shows no draft" in str(result.errors[0])


async def test_a_draft_that_somebody_edits_meanwhile_is_not_deployed(
    async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patchworks_core_client.environments.write_retries.LONG_POLL_S", (0.0, 0.0))

    def edited(where: str, body: dict[str, Any]) -> None:
        for row in rows(body):
            if row.get("key") == "a":
                row["value"] = "by hand"

    pw = client_of(patchworks_sandbox, edited)
    result = await apply(pw, await plan(pw, Configuration.parse(FILE)), ApplyOptions(deploy=True, concurrency=1))
    assert isinstance(result.errors[0], DraftEditedError)
    assert not [request for request in patchworks_sandbox.requests if "deploy_version" in str(request.operation)]


async def test_an_entry_that_was_made_otherwise_meanwhile_is_changed(
    async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there by the time of the `POST` is refused, found by its natural key, and changed."""
    monkeypatch.setattr("patchworks_core_client.environments.write_retries.SHORT_POLL_S", (0.0,))
    await filled(async_patchworks)
    wanted = Configuration.parse(FILE.replace("value: 1}}", "value: 1}, b: {type: string, value: 2}}"))
    made = await plan(async_patchworks, wanted)
    for environment in made.environments:
        assert environment.state is not None
        draft = environment.state.version("draft")
        assert draft is not None
        await async_patchworks.virtual_environment_versions.create_variable(
            draft.id, type="string", key="b", value="by hand"
        )
    assert (await apply(async_patchworks, made)).is_complete
    assert (await plan(async_patchworks, wanted)).is_empty


async def test_an_answer_that_cannot_be_read_is_looked_up(
    async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox
) -> None:
    class Garbling(Changing):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await super().handle_async_request(request)
            return httpx.Response(201, content=b"<html>") if request.method == "POST" else answer

    pw = AsyncPatchworks(
        api_key=patchworks_sandbox.api_key,
        base_url="http://127.0.0.1",
        http_client=httpx.AsyncClient(transport=Garbling(patchworks_sandbox, lambda where, body: None)),
    )
    await filled(pw, deploy=True)
    assert (await plan(async_patchworks, Configuration.parse(FILE))).is_empty


async def test_manifests_and_priorities_are_changed_and_deleted(async_patchworks: AsyncPatchworks) -> None:
    await filled(async_patchworks, deploy=True)
    changed = FILE.replace("replacement: 940", "replacement: 941").replace("priority: 1", "priority: -2, notes: first")
    result = await filled(async_patchworks, changed, deploy=True)
    assert [environment.updated for environment in result.environments] == [2, 2]
    emptied = "schema: 1\nbase: {variables: {}, manifests: [], flow_priorities: []}\nenvironments: {One: , Two: }\n"
    result = await filled(async_patchworks, emptied, prune=True)
    assert [environment.deleted for environment in result.environments] == [3, 3]
    assert (await plan(async_patchworks, Configuration.parse(emptied))).is_empty
    assert "{flow: 12, priority: -2, notes: first}" not in await export(async_patchworks)


async def test_a_rollback_does_not_give_up_edits_by_itself(async_patchworks: AsyncPatchworks) -> None:
    await filled(async_patchworks, deploy=True)
    await filled(async_patchworks, FILE.replace("value: 1", "value: 2"), deploy=True)
    await filled(async_patchworks, FILE.replace("value: 1", "value: 3"))
    prepared = await plan_rollback(async_patchworks, "One")
    with pytest.raises(DraftEditedError, match="discard them with --discard-drafts"):
        await rollback(async_patchworks, prepared)


async def test_a_secret_of_two_environments_is_resolved_once(
    async_patchworks: AsyncPatchworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "x")
    text = FILE.replace("a: {type: string, value: 1}", "a: {type: string, secret: true, value: !secret env:TOKEN}")
    assert sum(environment.created for environment in (await filled(async_patchworks, text)).environments) == 6


async def test_fields_that_are_not_described_are_reported_by_the_check(
    async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox
) -> None:
    await filled(async_patchworks)

    def with_more(where: str, body: dict[str, Any]) -> None:
        for row in rows(body):
            row["quite_new"] = {"a": 1}
            row["updated_at"] = 5

    report = await check(client_of(patchworks_sandbox, with_more))
    found = next(item for item in report.differences if item.field == "quite_new")
    assert found.overlay[0]["update"] == {"quite_new": {"type": "object"}}
    wrong = next(item for item in report.differences if (item.field, item.kind) == ("updated_at", "type"))
    assert wrong.overlay[0]["description"] == "int is sent, and datetime described."


async def test_a_check_reads_a_bounded_number_of_items(
    async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox
) -> None:
    for number in range(MAX_ITEMS + 20):
        await async_patchworks.virtual_environments.create(name=f"E{number}", labels=[])
    report: Report = await check(async_patchworks)
    assert [operation.outcome for operation in report.operations].count("failed") == 0


async def test_a_name_that_is_no_unicode_cannot_be_exported(
    async_patchworks: AsyncPatchworks, patchworks_sandbox: Sandbox
) -> None:
    await filled(async_patchworks)

    def broken(where: str, body: dict[str, Any]) -> None:
        for row in rows(body):
            if "description" in row:
                row["description"] = "\ud800"

    with pytest.raises(InputError, match="no valid Unicode"):
        await export(client_of(patchworks_sandbox, broken))
