"""What arrives at the server: query, body and headers."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import patchworks_core_client
from patchworks_core_client import NOT_GIVEN, AsyncPatchworks, Patchworks
from patchworks_core_client._operations.operation import JSON, Call, Operation
from patchworks_core_client.models import Variable
from tests.support.cases import cases
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer

GET: Operation[object] = Operation("GET", "/api/v1/things", JSON)
POST: Operation[object] = Operation("POST", "/api/v1/things", JSON)


class Colour(StrEnum):
    RED = "red"


@cases(
    ("value", "text"),
    [
        ("a", "a"),
        ("", ""),
        ("a,b", "a,b"),
        (["a", "b"], "a,b"),
        (("a", 1, True), "a,1,true"),
        ({"a": 1}.keys(), "a"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-1.5, "-1.5"),
        (Colour.RED, "red"),
        ([Colour.RED, "b"], "red,b"),
        (date(2024, 5, 6), "2024-05-06"),
        (datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), "2024-05-06T07:08:09+00:00"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        ("a&b=c#d?e+f g%20ü\U0001f600", "a&b=c#d?e+f g%20ü\U0001f600"),
    ],
)
def test_query_values(driver: Driver, server: FaultServer, value: object, text: str) -> None:
    server.requests.clear()
    driver.call(GET, query={"filter[name]": value})
    driver.call(GET, params={"filter[name]": value})
    driver.request("GET", params={"filter[name]": value})
    assert [received.query for received in server.requests] == [[("filter[name]", text)]] * 3


@cases("value", [None, NOT_GIVEN, [], ()])
def test_query_values_that_are_left_out(driver: Driver, server: FaultServer, value: object) -> None:
    server.requests.clear()
    driver.call(GET, query={"a": value}, params={"b": value})
    driver.call(GET, query={"a": value, "c": 1})
    assert [received.target for received in server.requests] == ["/api/v1/things", "/api/v1/things?c=1"]


@cases("value", [[], (), {}.keys(), iter(())])
def test_a_filter_of_nothing_is_not_left_out(driver: Driver, server: FaultServer, value: object) -> None:
    server.requests.clear()
    for place in ("query", "params"):
        with pytest.raises(ValueError, match=r"filter\[name\] is an empty sequence"):
            driver.call(GET, **{place: {"filter[name]": value}})
    with pytest.raises(ValueError, match="give None"):
        driver.request("GET", params={"filter[name]": value})
    driver.call(GET, query={"filter[name]": None, "sort": [], "include": []})
    assert [received.target for received in server.requests] == ["/api/v1/things"]


@cases("value", [b"x", {"a": object()}, object(), Decimal(1), [["nested"]], [None]])
def test_query_values_that_cannot_be_sent(driver: Driver, server: FaultServer, value: object) -> None:
    server.requests.clear()
    with pytest.raises(TypeError, match=r"a(\[a\])? cannot be sent in a query"):
        driver.call(GET, query={"a": value})
    assert server.requests == []


def test_text_that_utf_8_cannot_express(driver: Driver, server: FaultServer) -> None:
    with pytest.raises(ValueError, match="UTF-8"):
        driver.call(GET, query={"a": "\ud800"})
    with pytest.raises(ValueError, match="UTF-8"):
        driver.request("POST", json={"a": "\ud800"})
    assert server.requests == []


def test_params_go_before_the_documented_parameters(driver: Driver, server: FaultServer) -> None:
    driver.call(GET, query={"page": 1, "sort": "name"}, params={"page": 2, "sort": None, "x": "y"})
    assert server.requests[0].query == [("page", "2"), ("x", "y")]


@pytest.mark.untraced
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(query=st.dictionaries(st.text(min_size=1), st.text() | st.integers() | st.booleans(), max_size=4))
def test_any_query(driver: Driver, server: FaultServer, query: dict[str, Any]) -> None:
    server.requests.clear()
    texts = {k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in query.items()}
    try:
        driver.call(GET, query=query)
    except ValueError:
        assert any("\ud800" <= c <= "\udfff" for text in (*texts, *texts.values()) for c in text)
    else:
        assert dict(server.requests[0].query) == texts


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


def test_the_headers_of_every_call(driver: Driver, server: FaultServer) -> None:
    driver.call(GET)
    (received,) = server.requests
    assert received.header("accept") == "application/json"
    assert received.header("accept-encoding") == "gzip"
    assert received.header("host") == server.url.removeprefix("http://")
    agent = received.header("user-agent") or ""
    assert agent.startswith(f"patchworks-core-client/{patchworks_core_client.__version__} (")
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" in agent
    assert sys.platform in agent


def test_headers_of_a_call_and_of_a_copy(driver: Driver, server: FaultServer) -> None:
    copy = driver.pw.with_options(headers={"X-Team": "a", "X-Other": "b"})
    driver.call(GET, client=copy, headers={"x-team": "c", "Accept": "text/plain"})
    driver.call(GET)
    first, second = server.requests
    assert (first.header("x-team"), first.header("x-other"), first.header("accept")) == ("c", "b", "text/plain")
    assert (second.header("x-team"), second.header("accept")) == (None, "application/json")


def test_another_authorization_for_one_call(driver: Driver, server: FaultServer) -> None:
    driver.call(GET, headers={"Authorization": "Bearer other"})
    assert server.requests[0].header("authorization") == "Bearer other"


@cases(
    ("headers", "error"),
    [
        ({"X": "a\r\nX-Evil: 1"}, ValueError),
        ({"X": "a\nb"}, ValueError),
        ({"X": "a\x00b"}, ValueError),
        ({"X": "schön"}, ValueError),
        ({"X\r\nY": "a"}, ValueError),
        ({"": "a"}, ValueError),
        ({"X Y": "a"}, ValueError),
        ({"X:": "a"}, ValueError),
        ({"Content-Length": "5"}, ValueError),
        ({"transfer-encoding": "chunked"}, ValueError),
        ({"Connection": "upgrade"}, ValueError),
        ({"X": 5}, TypeError),
        ({"X": b"a"}, TypeError),
        ({5: "a"}, ValueError),
    ],
)
def test_headers_that_cannot_be_sent(
    driver: Driver, server: FaultServer, headers: dict[str, str], error: type[Exception]
) -> None:
    server.requests.clear()
    with pytest.raises(error) as caught:
        driver.call(GET, headers=headers)
    with pytest.raises(error):
        driver.pw.with_options(headers=headers)
    assert "Evil" not in str(caught.value)
    assert server.requests == []


def test_a_header_with_spaces_around_it(driver: Driver, server: FaultServer) -> None:
    driver.call(GET, headers={"X": "  a b\t"})
    assert server.requests[0].header("x") == "a b"


def test_a_url_that_is_too_long(driver: Driver, server: FaultServer) -> None:
    with pytest.raises(ValueError, match="the URL cannot be sent") as caught:
        driver.call(GET, query={"a": "x" * 70_000})
    assert "xxxx" not in str(caught.value)
    assert server.requests == []


@cases("name", ["params", "headers"])
def test_what_is_no_mapping(driver: Driver, server: FaultServer, name: str) -> None:
    server.requests.clear()
    says = f"{name}= takes a mapping such as a dict, not a "
    for value in ("a=b", [("a", "b")]):
        wrong: Any = {name: value}
        with pytest.raises(TypeError, match=says):
            driver.call(GET, **wrong)
        with pytest.raises(TypeError, match=says):
            driver.request("GET", **wrong)
    assert server.requests == []


@pytest.mark.parametrize("client", [AsyncPatchworks, Patchworks])
def test_what_no_list_is_read_with(client: type[AsyncPatchworks] | type[Patchworks]) -> None:
    pw: Any = client(api_key="k")
    for name in ("concurrency", "max_pages"):
        with pytest.raises(TypeError, match=f"{name}= must be an int, not a str"):
            pw.virtual_environments.list(**{name: "8"})
    for paginate in (pw.virtual_environments.list, partial(pw.paginate, "/x")):
        with pytest.raises(TypeError, match="params= takes a mapping"):
            paginate(params="a=b")


def test_no_number_of_items() -> None:
    with pytest.raises(TypeError, match="limit= must be an int, not a str"):
        Patchworks(api_key="k").paginate("/x").collect("3")  # type: ignore[arg-type]


def test_documented_headers_are_sent_as_text(driver: Driver, server: FaultServer) -> None:
    call: Call[Any] = Call(
        Operation("GET", "/x", JSON), headers={"X-Own": "a"}, header={"X-Count": 3, "X-Flag": True, "X-None": None}
    )
    driver.run(driver.pw._call(call))
    (received,) = server.requests
    assert (received.header("x-count"), received.header("x-flag"), received.header("x-own")) == ("3", "true", "a")
    assert received.header("x-none") is None
