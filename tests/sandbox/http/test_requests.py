"""What is refused before an operation looks at it: routes, methods, sizes, media types, JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from patchworks_core_client.sandbox.http.request_body import MAX_BODY_BYTES
from patchworks_core_client.sandbox.patchworks.routes import OPERATIONS

from ..conftest import ENVIRONMENTS, VERSIONS

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from ..conftest import Api


@pytest.mark.parametrize("path", ["/", "/api/v1", "/api/v1/flows", f"{ENVIRONMENTS}/", f"{ENVIRONMENTS}/1/2"])
async def test_a_route_that_is_none_is_404(api: Api, path: str) -> None:
    assert "could not be found" in (await api("GET", path, status=404))["message"]


@pytest.mark.parametrize("key", ["0", "-1", "01", "x", "1e3", "%20", "٣", "1" * 40, "..%2f1", "a%00b", "%ff"])
async def test_an_identifier_that_no_row_can_have_is_404(api: Api, key: str) -> None:
    await api.environment()
    for path in (f"{ENVIRONMENTS}/{key}", f"{ENVIRONMENTS}/{key}/versions", f"{VERSIONS}/{key}/variables"):
        await api("GET", path, status=404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", f"{ENVIRONMENTS}/1", "GET, PUT, DELETE"),
        ("PUT", ENVIRONMENTS, "GET, POST"),
        ("GET", f"{ENVIRONMENTS}/1/copy", "POST"),
        ("OPTIONS", f"{VERSIONS}/1/manifests/1", "PUT, DELETE, GET"),
        ("HEAD", ENVIRONMENTS, "GET, POST"),
        ("GET", "/fabric/api/login", "POST"),
    ],
)
async def test_a_method_that_is_none_is_405_and_says_which_there_are(
    api: Api, method: str, path: str, allowed: str
) -> None:
    answer = await api.answer(method, path)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == set(allowed.split(", "))


async def test_up_to_8_mb_and_no_further(api: Api) -> None:
    body = json.dumps({"name": "UK", "labels": []}).encode()
    headers = {"Content-Type": "application/json"}
    fits = body + b" " * (MAX_BODY_BYTES - len(body))
    await api("POST", ENVIRONMENTS, content=fits, headers=headers, status=201)
    refused = await api("POST", ENVIRONMENTS, content=fits + b" ", headers=headers, status=413)
    assert "too large" in refused["message"]
    await api("POST", "/nowhere", content=fits + b" ", headers=headers, status=413)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded"])
async def test_a_body_of_another_type_is_415(api: Api, content_type: str) -> None:
    await api("POST", ENVIRONMENTS, content=b"{}", headers={"Content-Type": content_type}, status=415)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/ld+json"])
async def test_json_in_any_spelling(api: Api, content_type: str) -> None:
    body = b'{"name": "UK", "labels": []}'
    await api("POST", ENVIRONMENTS, content=body, headers={"Content-Type": content_type}, status=201)


@pytest.mark.parametrize(
    "body",
    [b"{", b"nope", b'{"a": NaN}', b'{"name": "\\ud800"}', b"\xff", b"[" * 100_000, b'{"a": ' + b"1" * 5_000 + b"}"],
    ids=["cut", "word", "NaN", "lone surrogate", "no UTF-8", "deep", "long number"],
)
async def test_what_is_no_json_is_400(api: Api, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert "valid JSON" in (await api("POST", ENVIRONMENTS, content=body, headers=headers, status=400))["message"]


@pytest.mark.parametrize("body", [[], "x", 1, True])
async def test_json_that_is_no_object_is_422(api: Api, body: object) -> None:
    assert list((await api("POST", ENVIRONMENTS, body, status=422))["errors"]) == ["body"]


async def test_an_operation_without_a_body_ignores_one(api: Api) -> None:
    environment = await api.environment()
    await api("POST", f"{ENVIRONMENTS}/{environment}/copy", content=b"\xff", status=201)


async def test_a_browser_gets_a_page(api: Api) -> None:
    accept = "text/html,application/xhtml+xml,*/*;q=0.8"
    answer = await api.answer("GET", "/nowhere", headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    both = await api.answer("GET", "/nowhere", headers={"Accept": "text/html, application/json"})
    assert both.headers["content-type"] == "application/json"


async def test_requests_are_remembered_without_their_credentials(app: Starlette, api: Api) -> None:
    await api("POST", ENVIRONMENTS, {"name": "UK", "labels": []}, status=201)
    await api("GET", f"{ENVIRONMENTS}?per_page=2&per_page=3")
    await api("GET", "/nowhere", status=404)
    await api("POST", ENVIRONMENTS, {"name": "UK", "description": "x" * 70_000}, status=422)
    sandbox = app.state.sandbox
    seen = [(request.method, request.path, request.operation, request.status) for request in sandbox.requests]
    assert seen == [
        ("POST", ENVIRONMENTS, "virtual_environments.create", 201),
        ("GET", ENVIRONMENTS, "virtual_environments.list", 200),
        ("GET", "/nowhere", None, 404),
        ("POST", ENVIRONMENTS, "virtual_environments.create", 422),
    ]
    assert sandbox.requests[0].json == {"name": "UK", "labels": []}
    assert sandbox.requests[1].query == (("per_page", "2"), ("per_page", "3"))
    assert sandbox.requests[3].json is None, "a large body is not kept"
    assert all(request.ms >= 0 for request in sandbox.requests)
    assert "sandbox-api-key" not in repr(sandbox.requests)
    sandbox.forget_requests()
    assert sandbox.requests == []
    told: list[object] = []
    sandbox.on_request = told.append
    assert sandbox.on_request == told.append
    await api("GET", ENVIRONMENTS)
    assert told == sandbox.requests


async def test_every_operation_without_a_credential_is_401(api: Api) -> None:
    for operation in OPERATIONS:
        path = operation.path.replace("{", "").replace("}", "")
        refused = await api(operation.method, path, status=401, headers={"Authorization": "wrong"})
        assert refused == {"message": "Unauthenticated."}


@pytest.mark.parametrize("path", ["", "/", "//"])
async def test_the_root_says_where_it_answers(api: Api, path: str) -> None:
    assert f"GET {ENVIRONMENTS}" in (await api("GET", path, status=404))["message"]
