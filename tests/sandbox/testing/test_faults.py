"""Faults to order: which requests they befall, and what then comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from patchworks_core_client.sandbox import Fault, create_app, serve
from patchworks_core_client.sandbox.http.in_process_transport import SandboxTransport
from tests.support.plain_http import PLAIN_HTTP

from ..conftest import ENVIRONMENTS, KEY, Api, connect

if TYPE_CHECKING:
    from starlette.applications import Starlette

NEW = {"name": "UK", "labels": []}


async def statuses(api: Api, count: int) -> list[int]:
    return [(await api.answer("GET", ENVIRONMENTS)).status_code for _ in range(count)]


async def test_the_next_requests_fail_in_the_order_of_the_faults(app: Starlette, api: Api) -> None:
    faults = app.state.sandbox.faults
    faults.add("next 2 503")
    faults.add("next 500")
    assert faults.in_force() == ["next 2 503", "next 500"]
    assert await statuses(api, 5) == [503, 503, 500, 200, 200]
    assert faults.in_force() == []
    faults.add("next 9 503")
    faults.clear()
    assert await statuses(api, 1) == [200]


@pytest.mark.untraced
async def test_a_share_of_the_requests_fails_the_same_in_every_run() -> None:
    runs: list[list[int]] = []
    for _ in range(2):
        async with connect(create_app(faults=["20% 503", "10% 419"])) as http:
            runs.append(await statuses(Api(http), 300))
    assert runs[0] == runs[1]
    assert 40 <= runs[0].count(503) <= 80
    assert 10 <= runs[0].count(419) <= 40


@pytest.mark.parametrize(("share", "expected"), [("0%", {200}), ("100%", {503})])
async def test_none_and_all(share: str, expected: set[int]) -> None:
    async with connect(create_app(faults=[Fault.parse(f"{share} 503")])) as http:
        assert set(await statuses(Api(http), 30)) == expected


async def test_a_fault_on_one_operation_leaves_the_others_alone(app: Starlette, api: Api) -> None:
    app.state.sandbox.faults.add("next 429 retry-after 3 on virtual_environments.create")
    app.state.sandbox.faults.add("next 503 on login")
    await api("GET", ENVIRONMENTS)
    answer = await api.answer("POST", ENVIRONMENTS, NEW)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert answer.json() == {"message": "Too Many Requests"}
    await api("POST", "/api/v1/login", {}, status=503)
    assert (await api("GET", ENVIRONMENTS))["meta"]["total"] == 0
    seen = app.state.sandbox.requests[1]
    assert seen.fault == "next 429 retry-after 3 on virtual_environments.create"


@pytest.mark.parametrize(
    ("status", "is_page"), [(500, False), (503, False), (419, True), (502, True), (520, True), (599, False)]
)
async def test_what_a_status_comes_with(app: Starlette, api: Api, status: int, is_page: bool) -> None:
    app.state.sandbox.faults.add(f"next {status}")
    answer = await api.answer("GET", ENVIRONMENTS)
    assert answer.status_code == status
    assert ("<html>" in answer.text) == is_page
    if not is_page:
        assert set(answer.json()) == {"message"}


async def test_a_mistyped_answer_has_text_for_whole_numbers(app: Starlette, api: Api) -> None:
    faults = app.state.sandbox.faults
    faults.add("next mistyped on virtual_environments.create")
    created = await api.answer("POST", ENVIRONMENTS, NEW)
    assert created.status_code == 201
    assert created.json()["data"]["id"] == "1"
    assert created.json()["data"]["is_deployed"] is False
    faults.add("next mistyped")
    listed = await api("GET", ENVIRONMENTS)
    assert (listed["data"][0]["id"], listed["meta"]["total"]) == ("1", 1)
    faults.add("next 2 mistyped")
    assert "message" in await api("GET", f"{ENVIRONMENTS}/7", status=404)
    assert set(await api("DELETE", f"{ENVIRONMENTS}/1")) == {"message"}


async def test_a_late_fault_takes_effect(app: Starlette, api: Api) -> None:
    app.state.sandbox.faults.add("next 503")
    await api.answer("POST", ENVIRONMENTS, NEW)
    app.state.sandbox.faults.add("next 503 late")
    assert (await api.answer("POST", ENVIRONMENTS, NEW)).status_code == 503
    assert (await api("GET", ENVIRONMENTS))["meta"]["total"] == 1


async def test_a_delay(app: Starlette, api: Api) -> None:
    app.state.sandbox.faults.add("next delay 0.05")
    await api("GET", ENVIRONMENTS)
    assert app.state.sandbox.requests[0].ms >= 50


async def test_an_answer_that_is_cut_in_process(app: Starlette) -> None:
    app.state.sandbox.faults.add("next cut")
    transport = SandboxTransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=KEY) as http:
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
            await http.post(ENVIRONMENTS, json=NEW)
        assert (await http.get(ENVIRONMENTS)).json()["meta"]["total"] == 1, "it took effect"


def test_an_answer_that_is_cut_on_a_socket(app: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    app.state.sandbox.faults.add("next cut")
    with serve(app) as served, httpx.Client(verify=PLAIN_HTTP, base_url=served.url, headers=KEY) as http:
        with pytest.raises(httpx.RemoteProtocolError):
            http.get(ENVIRONMENTS)
        assert http.get(ENVIRONMENTS).status_code == 200
    assert caplog.records == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("5% 503", Fault(text="5% 503", percent=5.0, status=503)),
        ("0.5%  delay 2.5", Fault(text="0.5% delay 2.5", percent=0.5, delay_s=2.5)),
        ("next cut", Fault(text="next cut", cut=True)),
        (
            "next 3 429 retry-after 0 late on virtual_environments.copy",
            Fault(
                text="next 3 429 retry-after 0 late on virtual_environments.copy",
                times=3,
                status=429,
                retry_after=0,
                late=True,
                operation="virtual_environments.copy",
            ),
        ),
    ],
)
def test_how_faults_are_written(text: str, fault: Fault) -> None:
    assert Fault.parse(text) == fault


@pytest.mark.parametrize(
    "text", ["", "503", "5 503", "101% 503", "5% 200", "5% 99", "next 0 503", "5% explode", "٣% 503"]
)
def test_what_is_no_fault(text: str) -> None:
    with pytest.raises(ValueError, match="is no fault; write it like"):
        Fault.parse(text)


def test_a_fault_on_an_operation_that_is_none() -> None:
    with pytest.raises(ValueError, match=r"no operation virtual_environments\.remove"):
        create_app(faults=["next 503 on virtual_environments.remove"])
