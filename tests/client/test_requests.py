"""What arrives at the server: query and headers."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import patchworks_core_client
from patchworks_core_client import NOT_GIVEN, AsyncPatchworks, Patchworks
from patchworks_core_client._operations.operation import JSON, Call, Operation
from tests.support.cases import cases
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer

GET: Operation[object] = Operation("GET", "/api/v1/things", JSON)


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
