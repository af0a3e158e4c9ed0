"""A query is a list of pairs: what the caller gave, and what the server linked to, arrives as it was."""

from __future__ import annotations

import enum
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx
import pytest
from hypothesis import given, strategies as st
from multidict import MultiDict

from patchworks_core_client import Patchworks
from tests.support.cases import cases
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import Received, Steps, reply

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PAIRS = st.lists(st.tuples(TEXT.filter(bool), TEXT), max_size=6)


def sent(url: str, answers: list[object], **options: object) -> list[list[tuple[str, str]]]:
    """The queries that arrive while a list is read whose pages are `answers`."""
    queries: list[list[tuple[str, str]]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        queries.append(parse_qsl(request.url.query.decode(), keep_blank_values=True))
        return httpx.Response(200, json=answers[len(queries) - 1])

    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as http_client,
        Patchworks(api_key="k", base_url="http://127.0.0.1:9", http_client=http_client) as pw,
    ):
        pw.paginate(url, **options).collect()  # type: ignore[arg-type]
    return queries


def linking_to(query: str) -> list[object]:
    return [{"data": [1], "links": {"next": f"/x?{query}"}}, {"data": [2]}]


@given(PAIRS)
def test_the_query_of_a_url_arrives_whole(pairs: list[tuple[str, str]]) -> None:
    text = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    assert sent(f"/x?{text}", [{"data": []}]) == [pairs]


@given(PAIRS)
def test_the_query_of_a_link_arrives_whole(pairs: list[tuple[str, str]]) -> None:
    pairs = [("cursor", "c"), *pairs]
    text = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    assert sent("/x", linking_to(text)) == [[], pairs]


def test_repeated_keys_stay_with_every_page() -> None:
    ids = [("ids[]", "1"), ("ids[]", "2")]
    first = {"data": [1], "meta": {"current_page": 1, "last_page": 2, "per_page": 1, "total": 2}}
    assert sent("/x?ids[]=1&ids[]=2", [first, {"data": [2]}]) == [ids, [*ids, ("page", "2")]]


def test_an_array_of_a_link_takes_the_place_of_the_callers() -> None:
    # Laravel numbers what it was sent without numbers.
    answers = linking_to("filter[id][0]=1&filter[id][1]=2&cursor=c")
    assert sent("/x?filter[id][]=1&filter[id][]=2&per_page=5", answers)[1] == [
        ("per_page", "5"),
        ("filter[id][0]", "1"),
        ("filter[id][1]", "2"),
        ("cursor", "c"),
    ]


def test_params_take_the_place_of_the_same_names_in_the_url() -> None:
    assert sent("/x?a=1&b=2&a=3", [{"data": []}], params={"a": 4}) == [[("b", "2"), ("a", "4")]]


def test_bytes_that_are_no_utf_8_arrive(driver: Driver, server: FaultServer) -> None:
    server.default = reply(json={"data": []})
    driver.run(driver.pw.paginate("/x?cursor=%FF%E9&name=caf%C3%A9").collect())
    assert server.requests[0].target == "/x?cursor=%FF%E9&name=caf%C3%A9"


def test_a_name_with_brackets_is_repeated_for_each_value(driver: Driver, server: FaultServer) -> None:
    driver.request("GET", "/x", params={"ids[]": [1, 2], "ids": [3, 4], "none[]": []})
    assert server.requests[0].query == [("ids[]", "1"), ("ids[]", "2"), ("ids", "3,4")]


def test_a_list_of_objects_becomes_numbered_names_with_brackets(driver: Driver, server: FaultServer) -> None:
    driver.request("GET", params={"where": [{"name": "a"}, {"name": "b"}]})
    assert server.requests[0].query == [("where[0][name]", "a"), ("where[1][name]", "b")]


def test_objects_have_names_in_brackets(driver: Driver, server: FaultServer) -> None:
    driver.request("GET", "/x", params={"rows": ({"id": n, "none": None} for n in (1, 2)), "of": {"a": [True]}})
    assert server.requests[0].query == [("rows[0][id]", "1"), ("rows[1][id]", "2"), ("of[a][]", "true")]


def test_what_is_given_as_an_iterator_goes_with_every_page(driver: Driver, server: FaultServer) -> None:
    def answer(received: Received) -> Steps:
        number = int(dict(received.query).get("page", "1"))
        meta = {"current_page": number, "last_page": 3, "per_page": 1, "total": 3}
        return reply(json={"data": [number], "meta": meta})

    server.default = answer
    pages = driver.pw.paginate("/x", params={"filter[id]": iter([1, 2]), "ids[]": (n for n in (3, 4))})
    assert driver.run(pages.collect()) == [1, 2, 3]
    assert all(("filter[id]", "1,2") in r.query and ("ids[]", "4") in r.query for r in server.requests)


class Plain(enum.Enum):
    LIVE = "live"


class Text(str, enum.Enum):  # noqa: UP042 - what other programs still have
    LIVE = "live"

    def __str__(self) -> str:
        return "for people"


class Strong(enum.StrEnum):
    LIVE = "live"


class Number(int, enum.Enum):
    LIVE = 3


class Whole(enum.IntEnum):
    LIVE = 3


class Flags(enum.IntFlag):
    LIVE = 3


class Broken(float, enum.Enum):
    LIVE = 3.5


class Answer(enum.Enum):
    LIVE = True


class Loud(int):
    def __str__(self) -> str:
        return "for people"

    __repr__ = __str__


@cases(
    ("value", "text"),
    [
        (Plain.LIVE, "live"),
        (Text.LIVE, "live"),
        (Strong.LIVE, "live"),
        (Number.LIVE, "3"),
        (Whole.LIVE, "3"),
        (Flags.LIVE, "3"),
        (Broken.LIVE, "3.5"),
        (Answer.LIVE, "true"),
        (Loud(3), "3"),
    ],
)
def test_a_member_of_an_enumeration_is_sent_as_its_value(
    driver: Driver, server: FaultServer, value: object, text: str
) -> None:
    server.requests.clear()
    driver.request("GET", "/x", params={"kind": value, "kinds": [value, value]})
    assert server.requests[0].query == [("kind", text), ("kinds", f"{text},{text}")]


def test_a_query_shows_its_names_only() -> None:
    from patchworks_core_client._http.query import Query

    assert repr(Query.of({"search": "secret"})) == "<Query of search>"


def test_an_enumeration_of_something_else_is_refused(driver: Driver, server: FaultServer) -> None:
    class Odd(enum.Enum):
        LIVE = (1, 2)

    with pytest.raises(TypeError, match="kind cannot be sent in a query as a tuple"):
        driver.request("GET", "/x", params={"kind": Odd.LIVE})
    assert server.requests == []


REPEATED = [("ids[]", "1"), ("ids[]", "2"), ("a", "x"), ("a", "y")]


@cases("params", [httpx.QueryParams(REPEATED), MultiDict(REPEATED)])
def test_a_mapping_that_holds_a_name_twice_is_sent_whole(driver: Driver, server: FaultServer, params: Any) -> None:
    server.requests.clear()
    driver.request("GET", "/x", params=params)
    driver.run(driver.pw.paginate("/x", params=params).collect())
    assert [request.query for request in server.requests] == [REPEATED, REPEATED]


@cases(("key", "name"), [(Plain.LIVE, "live"), (Text.LIVE, "live"), (Strong.LIVE, "live"), (Whole.LIVE, "3"), (5, "5")])
def test_a_name_may_be_a_member_of_an_enumeration(driver: Driver, server: FaultServer, key: Any, name: str) -> None:
    server.requests.clear()
    driver.request("GET", "/x", params={key: 1, "filter": {key: 2}})
    assert server.requests[0].query == [(name, "1"), (f"filter[{name}]", "2")]


@cases("key", [None, b"a", (1, 2)])
def test_a_name_that_is_none(driver: Driver, server: FaultServer, key: Any) -> None:
    server.requests.clear()
    for params in ({key: [1]}, {"filter": {key: 1}}):
        with pytest.raises(TypeError, match="a name cannot be sent in a query"):
            driver.request("GET", "/x", params=params)
    assert server.requests == []


@cases("params", [{"filter": {"id": []}}, {"filter": {"id": {"in": []}}}, {"filter[id][]": []}, {"filter": []}])
def test_a_filter_that_no_row_matches_is_refused_at_every_depth(
    driver: Driver, server: FaultServer, params: Any
) -> None:
    server.requests.clear()
    with pytest.raises(ValueError, match="is an empty sequence, which no row matches"):
        driver.request("GET", "/x", params=params)
    assert server.requests == []


def test_a_view_of_bytes_is_no_sequence_of_numbers(driver: Driver) -> None:
    with pytest.raises(TypeError, match="q cannot be sent in a query as a memoryview"):
        driver.request("GET", "/x", params={"q": memoryview(b"x")})
