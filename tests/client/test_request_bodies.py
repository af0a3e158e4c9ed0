"""What a call sends as its body: fields, a whole body, JSON of any kind, or none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest

from patchworks_core_client import NOT_GIVEN
from patchworks_core_client._operations.operation import JSON, Operation
from patchworks_core_client.models import Variable
from tests.support.cases import cases
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer

POST: Operation[object] = Operation("POST", "/api/v1/things", JSON)


class Colour(StrEnum):
    RED = "red"


class Wrapped(Mapping[str, Any]):
    """A mapping that is no dict."""

    def __init__(self, **items: Any) -> None:
        self._items = items

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Any:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


@cases(
    ("fields", "body"),
    [
        ({"a": 1, "b": None, "c": NOT_GIVEN}, {"a": 1, "b": None}),
        ({"a": NOT_GIVEN}, {}),
        ({}, {}),
        (
            {"a": [Variable(key="k"), {"x": Variable(key="l", value=None)}]},
            {"a": [{"key": "k"}, {"x": {"key": "l", "value": None}}]},
        ),
        (
            {"at": datetime(2024, 5, 6, tzinfo=UTC), "on": date(2024, 5, 6)},
            {"at": "2024-05-06T00:00:00+00:00", "on": "2024-05-06"},
        ),
        ({"id": UUID(int=1), "colour": Colour.RED}, {"id": "00000000-0000-0000-0000-000000000001", "colour": "red"}),
        ({"text": "ü\U0001f600\u2028"}, {"text": "ü\U0001f600\u2028"}),
        ({"big": 10**30, "half": 0.5}, {"big": 10**30, "half": 0.5}),
    ],
)
def test_bodies_of_fields(driver: Driver, server: FaultServer, fields: dict[str, Any], body: dict[str, Any]) -> None:
    server.requests.clear()
    driver.call(POST, fields=fields)
    (received,) = server.requests
    assert received.json == body
    assert received.header("content-type") == "application/json"
    assert received.header("content-length") == str(len(received.body))


@cases("body", [{"key": "k"}, Variable(key="k"), Wrapped(key="k"), MappingProxyType({"key": "k"})])
def test_whole_bodies(driver: Driver, server: FaultServer, body: object) -> None:
    server.requests.clear()
    driver.call(POST, fields={"other": NOT_GIVEN}, body=body)
    assert server.requests[0].json == {"key": "k"}


def test_a_body_that_leaves_out(driver: Driver, server: FaultServer) -> None:
    driver.call(POST, body={"key": "k", "value": NOT_GIVEN})
    assert server.requests[0].json == {"key": "k"}


def test_fields_and_a_body(driver: Driver, server: FaultServer) -> None:
    with pytest.raises(TypeError, match=r"give the fields \(name, type\) or body=, not both"):
        driver.call(POST, fields={"name": "x", "type": None, "z": NOT_GIVEN}, body={"name": "x"})
    assert server.requests == []


@cases("body", [None, "text", b"bytes", ["list"], 5])
def test_what_is_no_body(driver: Driver, server: FaultServer, body: object) -> None:
    server.requests.clear()
    with pytest.raises(TypeError, match="body= takes the request model or a mapping"):
        driver.call(POST, body=body)
    assert server.requests == []


@cases("value", [object(), {1: 2}, {"x"}])
def test_what_has_no_json(driver: Driver, value: object) -> None:
    with pytest.raises(TypeError):
        driver.call(POST, fields={"a": value})


@cases("value", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite(driver: Driver, value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        driver.call(POST, fields={"a": value})


def test_a_body_that_holds_itself(driver: Driver) -> None:
    body: dict[str, Any] = {}
    body["self"] = body
    with pytest.raises(ValueError, match="holds itself"):
        driver.call(POST, body=body)


@cases("method", ["GET", "DELETE", "POST", "PUT", "PATCH"])
def test_without_a_body(driver: Driver, server: FaultServer, method: str) -> None:
    server.requests.clear()
    driver.request(method)
    (received,) = server.requests
    assert received.body == b""
    assert received.header("content-type") in {None, "application/octet-stream"}
    assert received.header("content-length") in ({"0"} if method in {"POST", "PUT", "PATCH"} else {None, "0"})


@cases("json", [None, [], "text", 5, False])
def test_any_json_for_what_has_no_method(driver: Driver, server: FaultServer, json: object) -> None:
    server.requests.clear()
    driver.request("POST", json=json)
    assert server.requests[0].json == json


def test_a_large_body(driver: Driver, server: FaultServer) -> None:
    driver.request("POST", json={"blob": "x" * 3_000_000})
    assert len(server.requests[0].body) == 3_000_011
