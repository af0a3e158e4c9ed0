"""Ids in paths: what arrives is what was passed, or nothing is sent."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from patchworks_core_client import AsyncPatchworks
from patchworks_core_client._operations.operation import JSON, Operation
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer

GET: Operation[object] = Operation("GET", "/api/v1/things/{thing}/parts/{part}", JSON)
DELETE: Operation[object] = Operation("DELETE", "/api/v1/things/{thing}", JSON)


@pytest.mark.untraced
@cases(
    "value",
    [
        1,
        0,
        -7,
        10**30,
        "1",
        "a b",
        "%",
        "%zz",
        "...",
        ".a",
        "a..b",
        "a?b#c",
        "a;b=c",
        "a&b=c+d",
        "ü",
        "日本",
        "\U0001f600",
        "~-_.",
        "\x00",
        "a\r\nX: y",
        "\t",
        "{thing}",
        "@:$!'()*,",
    ],
)
def test_what_is_passed_arrives(driver: Driver, server: FaultServer, value: int | str) -> None:
    server.requests.clear()
    if value == "\t":
        value = "\tx"
    driver.call(GET, (value, value))
    (received,) = server.requests
    assert received.segments == ["api", "v1", "things", str(value), "parts", str(value)]


@cases(
    "value",
    [
        "",
        " ",
        "\t\n",
        "\u3000",
        ".",
        "..",
        "../..",
        "a/../b",
        "a/..",
        "..\\x",
        "a/b",
        "/",
        "//",
        "/1",
        "1/",
        "a\\b",
        "%2e%2e",
        "%2E",
        "..%2f..",
        "%2f",
        "1%2Fversions",
        "1%5c",
        "\ud800",
    ],
)
def test_what_would_leave_its_segment_is_refused(driver: Driver, server: FaultServer, value: str) -> None:
    server.requests.clear()
    with pytest.raises(ValueError, match="an id must"):
        driver.call(DELETE, (value,))
    with pytest.raises(ValueError, match="an id must"):
        driver.call(GET, (1, value))
    assert server.requests == []


@cases("value", [None, True, False, 1.0, b"1", ["1"], object()])
def test_what_is_no_id(driver: Driver, server: FaultServer, value: object) -> None:
    server.requests.clear()
    with pytest.raises(TypeError, match="an id must be an int or a str"):
        driver.call(DELETE, (value,))
    assert server.requests == []


def test_the_number_of_ids_has_to_fit(driver: Driver) -> None:
    with pytest.raises(TypeError, match="takes 2 ids, not 1"):
        driver.call(GET, (1,))


def test_a_brace_of_the_path_itself_stays(driver: Driver, server: FaultServer) -> None:
    driver.call(Operation("DELETE", "/api/}v1/{thing}", JSON), (7,))
    assert server.requests[0].path.replace("%7D", "}") == "/api/}v1/7"


def test_an_int_of_a_subclass(driver: Driver, server: FaultServer) -> None:
    from enum import IntEnum

    class Number(IntEnum):
        SEVEN = 7

    driver.call(DELETE, (Number.SEVEN,))
    assert server.requests[0].path == "/api/v1/things/7"


def test_the_path_of_the_base_url_stays(open_driver: Open, server: FaultServer) -> None:
    open_driver(f"{server.url}/core/ä/").call(DELETE, ("x y",))
    assert server.requests[0].path == "/core/%C3%A4/api/v1/things/x%20y"


@pytest.mark.untraced
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(values=st.lists(st.text(min_size=1) | st.integers(), min_size=2, max_size=2))
def test_any_text(driver: Driver, server: FaultServer, values: list[int | str]) -> None:
    server.requests.clear()
    try:
        driver.call(GET, values)
    except ValueError:
        assert server.requests == []
        assert any(
            isinstance(v, str) and (not v.strip() or unquote(v) in {".", ".."} or {*v, *unquote(v)} & {"/", "\\"})
            for v in values
        )
    else:
        (received,) = server.requests
        assert received.segments == ["api", "v1", "things", str(values[0]), "parts", str(values[1])]


async def test_generated_methods_take_the_same_care(server: FaultServer) -> None:
    async with AsyncPatchworks(api_key="k", base_url=server.url) as pw:
        with pytest.raises(ValueError, match="an id must"):
            await pw.virtual_environments.delete("..")
        with pytest.raises(ValueError, match="an id must"):
            await pw.virtual_environments.delete("")
    assert server.requests == []
