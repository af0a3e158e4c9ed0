"""Lists that change while they are read, and servers that lie about them."""

from __future__ import annotations

import itertools
import logging
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from patchworks_core_client import PaginationError
from patchworks_core_client._pagination import next_page
from tests.support.cases import cases

from .support import AsyncReader, Reader, Server, SyncReader


@cases("form", ["full", "simple", "bare"])
@cases("concurrency", [1, 3, 8])
def test_rows_that_appear_at_the_end_are_read(reader: Reader, form: str, concurrency: int) -> None:
    server = Server(45, form=form)

    def before(request: int) -> None:
        if request == 3:
            server.rows += [{"id": n} for n in range(46, 96)]

    server.before = before
    assert reader.collect(server, concurrency=concurrency) == server.rows
    assert len(server.requests) == 10


@cases("form", ["full", "simple", "bare"])
def test_rows_that_vanish_at_the_end_end_the_list_earlier(reader: Reader, form: str) -> None:
    server = Server(95, form=form)

    def before(request: int) -> None:
        if request == 3:
            del server.rows[35:]

    server.before = before
    assert reader.collect(server, concurrency=2) == server.rows
    assert len(server.requests) <= 5


def test_a_failing_page_beyond_the_new_end_is_no_error(reader: Reader) -> None:
    server = Server(95)
    server.delay = lambda query: 0.02 if int(str(query.get("page") or 1)) > 2 else 0.0

    def alter(body: dict[str, Any]) -> dict[str, Any]:
        if body["meta"]["current_page"] > 2:
            raise OSError("404")
        return body

    def before(request: int) -> None:
        if request == 2:
            del server.rows[15:]

    server.alter, server.before = alter, before
    assert reader.collect(server) == server.rows


def test_rows_that_moved_because_others_appeared_are_given_once(
    reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server(45)
    old = list(server.rows)

    def before(request: int) -> None:
        if request in (2, 4):
            server.rows[:0] = [{"id": -request}, {"id": -request - 1}]

    server.before = before
    assert reader.collect(server, concurrency=1) == old
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert [record.name for record in warnings] == ["patchworks_core_client.pagination"], "once"
    assert "total 45, then 47" in warnings[0].getMessage()


def test_items_that_are_objects_or_have_no_id(reader: Reader) -> None:
    class Thing:
        def __init__(self, identity: object) -> None:
            self.id = identity

    server = Server([Thing(n) for n in range(15)] + [7, None, "x", {}, {"id": None}, Thing([]), 7], per_page=10)
    totals = itertools.count(20)

    def alter(body: dict[str, Any]) -> dict[str, Any]:
        body["meta"]["total"] = next(totals)
        return body

    server.alter = alter
    assert reader.collect(server) == server.rows


def test_a_warning_says_that_rows_may_be_missing(reader: Reader, caplog: pytest.LogCaptureFixture) -> None:
    server = Server(45)

    def before(request: int) -> None:
        if request == 2:
            del server.rows[0]

    server.before = before
    items = reader.collect(server, concurrency=1)
    assert {"id": 11} not in items, "this is what numbered pages cannot show"
    assert "may be missing" in caplog.text


# What a server may say beside its rows, and the list still be read to its end.
LIES: dict[str, Any] = {
    "meta missing": lambda body: {"data": body["data"], "links": body["links"]},
    "meta null": lambda body: {**body, "meta": None},
    "meta a list": lambda body: {**body, "meta": []},
    "links missing": lambda body: {"data": body["data"], "meta": body["meta"]},
    "links null": lambda body: {**body, "links": None},
    "links a list": lambda body: {**body, "links": [1]},
    "numbers as strings": lambda body: {**body, "meta": {key: str(value) for key, value in body["meta"].items()}},
    "current_page null": lambda body: {**body, "meta": {**body["meta"], "current_page": None}},
    "current_page always 1": lambda body: {**body, "meta": {**body["meta"], "current_page": 1}},
    "last_page null": lambda body: {**body, "meta": {**body["meta"], "last_page": None}},
    "last_page too low": lambda body: {**body, "meta": {**body["meta"], "last_page": 1}},
    "last_page 0": lambda body: {**body, "meta": {**body["meta"], "last_page": 0}},
    "last_page too high": lambda body: {**body, "meta": {**body["meta"], "last_page": 99}},
    "last_page of another type": lambda body: {**body, "meta": {**body["meta"], "last_page": {"a": 1}}},
    "total and per_page nonsense": lambda body: {**body, "meta": {**body["meta"], "total": -1, "per_page": "x"}},
    "next always the second page": lambda body: {**body, "links": {"next": "?page=2"}},
    "next always the first page": lambda body: {**body, "links": {"next": "?page=1"}},
    "next always null": lambda body: {**body, "links": {"next": None}},
    "every second page without meta": lambda body: (
        body if body["meta"]["current_page"] % 2 else {"data": body["data"], "links": {}}
    ),
}


@cases("concurrency", [1, 8])
@cases("lie", LIES)
def test_a_lie_is_survived(reader: Reader, lie: str, concurrency: int) -> None:
    server = Server(45)
    server.alter = LIES[lie]
    assert reader.collect(server, concurrency=concurrency) == server.rows


def test_numbered_pages_without_a_last_one_and_without_links_end_with_one_that_is_not_full(reader: Reader) -> None:
    for rows in (0, 5, 10, 45, 50):
        server = Server(rows, form="simple")
        server.alter = lambda body: {"data": body["data"], "meta": body["meta"]}
        assert reader.collect(server) == server.rows


def test_a_cursor_without_a_link(reader: Reader) -> None:
    server = Server(45, form="cursor")
    server.alter = lambda body: {**body, "links": None}
    assert reader.collect(server) == server.rows


def test_a_body_that_says_nothing_about_pages_is_the_whole_list(reader: Reader) -> None:
    server = Server(45)
    server.alter = lambda body: {"data": body["data"]}
    assert reader.collect(server) == server.rows[:10]
    server.alter = lambda body: body["data"]
    assert reader.collect(server) == server.rows[:10]


def test_empty_pages_in_between_are_passed_over(reader: Reader) -> None:
    for form in ("full", "cursor"):
        server = Server(45, form=form)
        server.alter = lambda body: {**body, "data": [row for row in body["data"] if not 11 <= row["id"] <= 30]}
        assert reader.collect(server) == server.rows[:10] + server.rows[30:]


# Servers whose lists never end.
def _full(number: int, **meta: Any) -> dict[str, Any]:
    return {
        "data": [{"id": 2 * number}, {"id": 2 * number + 1}],
        "meta": {"current_page": number, "last_page": number + 1, "per_page": 2, **meta},
        "links": {"next": f"?page={number + 1}"},
    }


_ids, _offsets = itertools.count(), itertools.cycle((1, 2))

ENDLESS: dict[str, Any] = {
    "one more page each time": _full,
    "one more page each time, counted": lambda number: _full(number, total=2 * number + 2),
    "a million pages, not counted": lambda number: _full(number, last_page=10**6),
    "no last page": lambda number: _full(number, last_page=None),
    "a new cursor each time": lambda number: {
        "data": [{"id": number}],
        "links": {"next": f"?cursor={number + 1}&page={number + 1}"},
    },
    "the same page, counting on": lambda number: {**_full(number), "data": [{"id": 1}]},
    "the same page, called the first": lambda number: {**_full(1), "meta": {"current_page": 1, "last_page": 9}},
    "the same page, linking on": lambda number: {"data": [{"id": 1}], "links": {"next": f"?page={number + 1}"}},
    "empty pages": lambda number: {"data": [], "links": {"next": f"?page={number + 1}"}},
    "empty pages, counted": lambda number: {**_full(number, last_page=10**9), "data": []},
    "next is this page": lambda number: {"data": [{"id": number}], "links": {"next": f"?page={number}"}},
    "next is the page before": lambda number: {
        "data": [{"id": number}],
        "links": {"next": f"?page={number + 1 if number < 3 else 1}"},
    },
    "the same link each time": lambda number: {"data": [{"id": number}], "links": {"next": "?after=1"}},
    "the same cursor each time": lambda number: {"data": [{"id": number}], "meta": {"next_cursor": "x"}},
    "two links in turn": lambda number: {
        "data": [{"id": next(_ids)}],
        "links": {"next": f"?offset={next(_offsets)}"},
    },
}


@cases("kind", ENDLESS)
def test_a_list_that_never_ends_is_stopped(reader: Reader, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(next_page, "MAX_PAGES", 120)
    server = Server()
    server.body = lambda query: ENDLESS[kind](int(str(query.get("page") or 1)))  # type: ignore[method-assign]
    items, error = reader.some(server, -1)
    assert isinstance(error, PaginationError)
    assert len(server.requests) <= 130
    assert server.under_way == 0
    if kind == "the same page, called the first":
        assert items == [{"id": 2}, {"id": 3}], "what the server calls the first page is given once"


def test_a_long_list_that_was_announced_is_read(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(next_page, "MAX_PAGES", 20)
    server = Server(380)
    assert reader.collect(server) == server.rows
    simple = Server(380, form="simple")
    items, error = reader.some(simple, -1)
    assert items == simple.rows[:200]
    assert "max_pages=" in str(error)
    assert reader.collect(simple, max_pages=38) == simple.rows


def test_the_guard_is_generous() -> None:
    assert next_page.MAX_PAGES == 5_000


@st.composite
def changing_servers(draw: st.DrawFn) -> tuple[Server, bool]:
    """A list to which rows are added, and perhaps taken from, before some of its requests; whether rows only appear."""
    server = Server(draw(st.integers(0, 60)), per_page=draw(st.integers(1, 12)))
    server.form = draw(st.sampled_from(["full", "simple", "bare"]))
    fresh = itertools.count(1000)
    growing = draw(st.booleans())
    count = st.integers(1 if growing else -20, 20)
    changes = draw(st.dictionaries(st.integers(2, 12), st.tuples(count, st.floats(0, 1)), max_size=4))

    def before(request: int) -> None:
        count, where = changes.get(request, (0, 0.0))
        at = int(where * len(server.rows))
        if count > 0:
            server.rows[at:at] = [{"id": next(fresh)} for _ in range(count)]
        else:
            del server.rows[at : at - count]

    server.before = before
    return server, growing


@pytest.mark.untraced
@settings(max_examples=80, deadline=None)
@given(changing_servers(), st.integers(1, 9), st.sampled_from([AsyncReader, SyncReader]))
def test_whatever_changes_the_reading_ends_and_misses_only_what_moved_back(
    changing: tuple[Server, bool], concurrency: int, kind: type[Reader]
) -> None:
    server, growing = changing
    before = [row["id"] for row in server.rows]
    got = [row["id"] for row in kind().collect(server, concurrency=1 if kind is SyncReader else concurrency)]
    if growing:
        assert set(got) >= set(before), "all that were there from the start are read"
    # The four changes of twenty rows may together move a row by eighty.
    if server.form == "full" and growing and concurrency == 1 and server.per_page * next_page.REMEMBERED_PAGES > 80:
        assert len(set(got)) == len(got), "and once"
    if server.rows == [{"id": n} for n in before]:
        assert got == before
    assert len(set(server.numbers)) == len(server.numbers), "no page is fetched twice"


@pytest.mark.untraced
@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"data": st.lists(st.integers(0, 3).map(lambda n: {"id": n}), max_size=3)},
            optional={
                "meta": st.none()
                | st.dictionaries(
                    st.sampled_from(["current_page", "last_page", "total", "per_page", "next_cursor"]),
                    st.none() | st.integers(-1, 12) | st.integers(0, 9).map(str) | st.just(10**12),
                    max_size=5,
                ),
                "links": st.none()
                | st.fixed_dictionaries(
                    {
                        "next": st.none()
                        | st.integers(0, 12).map(lambda n: f"?page={n}")
                        | st.sampled_from(["?cursor=a", "?cursor=b", "https://evil.example/?page=2", "?x=1"])
                    }
                ),
            },
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(2, 9),
)
def test_whatever_the_server_says_reading_ahead_gives_what_one_after_the_other_gives(
    bodies: list[dict[str, Any]], concurrency: int
) -> None:
    """A server that answers each query always alike, in any way at all."""

    def answer(query: Any) -> dict[str, Any]:
        place = query.get("page") or query.get("cursor") or query.get("x") or 1
        return bodies[sum(str(place).encode()) % len(bodies)]

    def read(kind: type[Reader], ahead: int) -> tuple[list[Any], str | None]:
        server = Server()
        server.body = answer  # type: ignore[method-assign]
        items, error = kind().some(server, -1, concurrency=ahead, max_pages=40)
        assert error is None or isinstance(error, PaginationError)
        assert len(server.requests) <= 40 + concurrency
        assert "evil" not in str(server.requests)
        return items, None if error is None else str(error)

    one_by_one = read(SyncReader, 1)
    assert read(AsyncReader, 1) == one_by_one
    assert read(AsyncReader, concurrency) == one_by_one
    assert read(SyncReader, concurrency) == one_by_one
