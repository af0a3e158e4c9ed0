"""One walk through all 27 operations, in which each does what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patchworks_core_client.sandbox.patchworks.routes import OPERATIONS

from ..conftest import DEPLOYED, ENVIRONMENTS, VERSIONS

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from ..conftest import Api


async def test_all_operations_have_a_lasting_effect(app: Starlette, api: Api) -> None:
    uk = {"name": "UK", "description": "Shop", "type": "test", "labels": [{"id": "7"}]}
    created = (await api("POST", ENVIRONMENTS, uk, status=201))["data"]
    assert (created["name"], created["description"], created["type"]) == ("UK", "Shop", "test")
    one = f"{ENVIRONMENTS}/{created['id']}"
    await api("PUT", one, {"name": "UK live", "type": "live", "labels": []})
    assert (await api("GET", one))["data"]["name"] == "UK live"
    assert [found["name"] for found in (await api("GET", ENVIRONMENTS))["data"]] == ["UK live"]

    draft = (await api("GET", f"{one}/versions"))["data"][0]
    assert (draft["version"], draft["status"]) == (1, "Draft")
    await api("PUT", f"{one}/versions/{draft['id']}", {"notes": "first"})
    assert (await api("GET", f"{one}/versions/{draft['id']}"))["data"]["notes"] == "first"

    contents = f"{VERSIONS}/{draft['id']}"
    for kind, body, change in (
        ("flow-priorities", {"flow_id": "12", "priority": 3, "notes": "n"}, {"priority": 4}),
        (
            "manifests",
            {"model_type": "connector", "original_model_id": "1", "replacement_model_id": "2"},
            {"replacement_model_id": "3"},
        ),
        ("variables", {"type": "string", "key": "host", "value": "a"}, {"value": "b"}),
    ):
        other = body | dict.fromkeys({"flow_id", "original_model_id", "key"} & set(body), "9")
        await api("POST", f"{contents}/{kind}", other, status=201)
        row = (await api("POST", f"{contents}/{kind}", body, status=201))["data"]
        assert {name: row[name] for name in body} == body
        changed = (await api("PUT", f"{contents}/{kind}/{row['id']}", change))["data"]
        assert {name: changed[name] for name in body} == body | change
        assert (await api("GET", f"{contents}/{kind}"))["data"][1] == changed
        if kind == "manifests":
            assert (await api("GET", f"{contents}/{kind}/{row['id']}"))["data"] == changed
        assert "message" in await api("DELETE", f"{contents}/{kind}/{row['id']}")
        assert (await api("GET", f"{contents}/{kind}"))["meta"]["total"] == 1

    assert (await api("GET", DEPLOYED))["data"] == []
    deployed = (await api("POST", f"{one}/versions/{draft['id']}/deploy"))["data"]
    assert (deployed["id"], deployed["status"]) == (draft["id"], "Deployed")
    assert (await api("GET", DEPLOYED))["meta"]["total"] == 1
    second = await api.draft(created["id"])
    await api("DELETE", f"{one}/versions/{second}")
    again = (await api("POST", f"{one}/versions", {"notes": "again"}, status=201))["data"]
    assert (again["version"], again["status"], again["notes"]) == (2, "Draft", "again")
    copied = (await api("POST", f"{one}/versions/{draft['id']}/copy", status=201))["data"]
    assert copied["id"] == again["id"]

    twin = (await api("POST", f"{one}/copy", status=201))["data"]
    assert twin["name"] == "UK live (copy)"
    await api("DELETE", one)
    await api("GET", one, status=404)
    assert [found["id"] for found in (await api("GET", ENVIRONMENTS))["data"]] == [twin["id"]]
    called = {seen.operation for seen in app.state.sandbox.requests}
    assert called == {operation.name for operation in OPERATIONS}
    assert len(OPERATIONS) == 27
