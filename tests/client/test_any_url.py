"""`request` and `paginate`: endpoints that have no method, on the client's own origin and nowhere else."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from patchworks_core_client import ClientStateError, PaginationError, Patchworks
from patchworks_core_client._http.query import Query
from patchworks_core_client._operations.operation import JSON, Call, Operation
from patchworks_core_client._session.cancellation import Cancellation
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import Received, Steps, reply


@pytest.mark.untraced
@cases(
    ("url", "target"),
    [
        ("/api/v1/flows", "/api/v1/flows"),
        ("api/v1/flows", "/api/v1/flows"),
        ("{origin}/api/v1/flows", "/api/v1/flows"),
        ("{origin}", "/"),
        ("/api/v1/flows?a=b%20c&d", "/api/v1/flows?a=b%20c&d"),
        ("/api/v1/flows?filter[a]=ü x", "/api/v1/flows?filter%5Ba%5D=%C3%BC%20x"),
        ("/api/v1/a b/ü%2F{x}", "/api/v1/a%20b/%C3%BC%2F%7Bx%7D"),
        ("///evil.example/x", "/evil.example/x"),
        ("/api/v1/flows#fragment", "/api/v1/flows"),
        ("/\\evil.example", "/%5Cevil.example"),
    ],
)
def test_urls_of_the_origin(driver: Driver, server: FaultServer, url: str, target: str) -> None:
    server.requests.clear()
    assert driver.request("GET", url.replace("{origin}", server.url)) == {"data": {"ok": True}}
    assert server.requests[0].target == target


@cases(
    "url",
    [
        "https://evil.example/x",
        "//evil.example/x",
        "http://127.0.0.1/x",
        "http://localhost:{port}/x",
        "https://127.0.0.1:{port}/x",
        "http://127.0.0.1:{port}@evil.example/x",
        "http://user@127.0.0.1:{port}/x",
        "http://[::1]:{port}/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http:/x",
        "http://127.0.0.1:{port}0000/x",
        "/a/../b",
        "/a/%2e%2E/b",
        "/a/%2e%2e%2fb",
        "/a/./b",
        "..",
        "/a\r\nX: y",
        "/a\tb",
        "\x00",
        "/x\udcff",
        "/x?a=\udcff",
    ],
)
def test_urls_that_are_refused(driver: Driver, server: FaultServer, url: str) -> None:
    server.requests.clear()
    url = url.replace("{port}", str(server.port))
    with pytest.raises(ValueError, match=r"URL|path"):
        driver.request("GET", url)
    with pytest.raises(ValueError, match=r"URL|path"):
        driver.pw.paginate(url)
    assert server.requests == []


def test_a_query_value_is_not_repeated(driver: Driver) -> None:
    with pytest.raises(ValueError, match=r"https://evil\.example") as caught:
        driver.request("GET", "https://evil.example/x?token=s3cret")
    assert "s3cret" not in str(caught.value)


@cases("url", [b"/x", None, 1, httpx.URL("/x")])
def test_a_url_of_another_type(driver: Driver, server: FaultServer, url: Any) -> None:
    server.requests.clear()
    for call in (lambda: driver.request("GET", url), lambda: driver.pw.paginate(url)):
        with pytest.raises(TypeError, match="the URL must be a str"):
            call()
    assert server.requests == []


@cases("method", ["get", "Delete", "PATCH"])
def test_methods(driver: Driver, server: FaultServer, method: str) -> None:
    server.requests.clear()
    driver.request(method)
    assert server.requests[0].method == method.upper()


@cases("method", [None, b"GET", 1, ["GET"]])
def test_methods_of_another_type(driver: Driver, server: FaultServer, method: Any) -> None:
    server.requests.clear()
    with pytest.raises(TypeError, match="the method must be a str, not"):
        driver.request(method)
    assert server.requests == []


@cases("method", ["", "GE T", "GET\r\n", "GET /x", "PÖST"])
def test_methods_that_are_none(driver: Driver, server: FaultServer, method: str) -> None:
    server.requests.clear()
    with pytest.raises(ValueError, match="the method must be a word"):
        driver.request(method)
    assert server.requests == []


def test_params_are_added_to_the_query(driver: Driver, server: FaultServer) -> None:
    driver.request("GET", "/x?a=1", params={"b": [2, 3], "c": None})
    assert server.requests[0].query == [("a", "1"), ("b", "2,3")]


def test_below_the_path_of_the_base_url(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(f"{server.url}/core")
    driver.request("GET", "/api/v1/flows")
    driver.request("GET", f"{server.url}/elsewhere")
    assert [r.path for r in server.requests] == ["/core/api/v1/flows", "/elsewhere"]


def test_the_default_port_may_stand_there(open_driver: Open) -> None:
    from patchworks_core_client._http.urls import absolute_url, parse_base_url

    base = parse_base_url("HTTPS://Core.Example.com:443/")
    assert absolute_url(base, "https://core.example.com/x") == "https://core.example.com/x"
    assert absolute_url(base, "//CORE.example.com:443/x") == "https://core.example.com/x"
    assert absolute_url(parse_base_url("https://bücher.example"), "https://xn--bcher-kva.example/x").endswith(
        ".example/x"
    )
    assert parse_base_url("http://[::1]:8000/a/").origin == "http://[::1]:8000"


def test_a_list_that_has_no_method(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(f"{server.url}/core")
    pages = [{"data": [{"id": n}], "meta": {"current_page": n, "last_page": 2}, "links": {}} for n in (1, 2)]
    server.script(*(reply(json=page) for page in pages))
    paginator = driver.pw.paginate("/api/v1/flows?sort=name", params={"per_page": 1}, headers={"X-A": "b"})
    assert driver.run(paginator.collect()) == [{"id": 1}, {"id": 2}]
    assert [(r.path, r.query) for r in server.requests] == [
        ("/core/api/v1/flows", [("sort", "name"), ("per_page", "1")]),
        ("/core/api/v1/flows", [("sort", "name"), ("per_page", "1"), ("page", "2")]),
    ]
    assert server.requests[1].header("x-a") == "b"


def test_a_next_link_elsewhere(driver: Driver, server: FaultServer) -> None:
    server.script(reply(json={"data": [1], "links": {"next": "https://evil.example/x?page=2"}}))
    with pytest.raises(PaginationError, match="another origin"):
        driver.run(driver.pw.paginate("/api/v1/flows").collect())
    assert len(server.requests) == 1


@cases(
    ("body", "items"),
    [
        (None, []),
        ([1, 2], [1, 2]),
        ({"data": {"a": 1}}, [{"a": 1}]),
        ({"data": None}, []),
        ({"a": 1}, [{"a": 1}]),
        ("text", ["text"]),
    ],
)
def test_what_is_no_page_is_not_lost(driver: Driver, server: FaultServer, body: object, items: list[object]) -> None:
    server.script(reply(json=body))
    assert driver.run(driver.pw.paginate("/api/v1/flows").collect()) == items


def test_a_page_ahead_that_has_to_wait(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    busy = iter([reply(429, headers={"Retry-After": "0.05"})])

    def answer(received: Received) -> Steps:
        number = int(dict(received.query).get("page", "1"))
        meta = {"current_page": number, "last_page": 3, "per_page": 1, "total": 3}
        page = reply(json={"data": [number], "meta": meta})
        return next(busy, page) if number == 2 else page

    server.default = answer
    assert driver.run(driver.pw.paginate("/x").collect()) == [1, 2, 3]
    assert len(server.requests) == 4


def test_a_page_that_is_not_wanted_any_more_is_not_asked_for_again(server: FaultServer) -> None:
    cancellation = Cancellation()

    def answer(_: Received) -> Steps:
        cancellation.cancel()
        return reply(503, headers={"Retry-After": "0"})

    server.default = answer
    with Patchworks(api_key="k", base_url=server.url) as pw:
        prepared = pw._calls.prepare_url(Call(Operation("GET", "", JSON)), "/x", Query())
        with pytest.raises(ClientStateError, match="not wanted"):
            pw._session().call(prepared, pw._calls.options.limits, cancellation)
    assert len(server.requests) == 1


@cases(
    ("url", "host"),
    [
        ("https://straße.de", "xn--strae-oqa.de"),
        ("https://faß.de", "xn--fa-hia.de"),
        ("https://κλαρα-σωλις.ευ", "xn----ylba7abgd9bnh0e.xn--qxa6a"),
        ("https://BÜCHER.example", "xn--bcher-kva.example"),
        ("https://例え.テスト", "xn--r8jz45g.xn--zckzah"),
    ],
)
def test_a_host_is_what_the_http_library_sends_to(url: str, host: str) -> None:
    with Patchworks(api_key="k", base_url=url) as pw:
        assert f" https://{httpx.URL(url).raw_host.decode()}, " in repr(pw)
        assert host == httpx.URL(url).raw_host.decode()
        assert repr(pw.paginate(f"{url}/api/v1/flows")) == "<Paginator GET /api/v1/flows>"


@cases(
    "host",
    [
        "core.example.com%2eevil.example",
        "core.example.com%00.evil.example",
        "a b.example",
        "core.example.com,evil.example",
        "core|evil.example",
        "\u202eexample.com",
        "a\u2024b.example",
        "☃.example",
        "[::1%25eth0]",
        "[fe80::1%eth0]",
        "-\u0301.example",
        "a..b.example",
        ".example.com",
        ".",
        f"{'a' * 64}.example",
        f"{'a.' * 130}com",
        "256.256.256.256",
        "1.2.3.4.5",
        "127.1",
        "2130706433",
        "0x7f.1",
        "[v1.x]",
    ],
)
def test_a_host_that_two_readers_could_read_in_two_ways_is_none(host: str) -> None:
    with pytest.raises(ValueError, match=r"no domain name|is not a URL"):
        Patchworks(api_key="k", base_url=f"https://{host}")


def test_a_link_is_read_as_the_base_url_is() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.query:
            return httpx.Response(200, json={"data": [2]})
        return httpx.Response(200, json={"data": [1], "links": {"next": "https://STRAßE.de/api/v1/flows?page=2"}})

    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as http_client,
        Patchworks(api_key="k", base_url="https://xn--strae-oqa.de", http_client=http_client) as pw,
    ):
        assert pw.paginate("/api/v1/flows").collect() == [1, 2]
