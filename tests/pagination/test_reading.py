"""All forms of lists are read to their end, in order, each page once; both paginators alike."""

from __future__ import annotations

import time
from typing import Any

import pytest

from patchworks_core_client import PaginationError
from tests.support.cases import cases

from .support import Reader, Server, SyncReader


@pytest.mark.untraced
@cases("form", ["full", "simple", "cursor", "bare"])
@cases("concurrency", [1, 2, 8, 50])
@cases("rows", [0, 1, 10, 11, 95])
def test_every_form_is_read_to_its_end(reader: Reader, form: str, concurrency: int, rows: int) -> None:
    server = Server(rows, form=form)
    assert reader.collect(server, concurrency=concurrency) == server.rows
    assert len(server.requests) == max(1, -(-rows // 10)), "each page once, and none beyond the last"


@cases("form", ["full", "simple", "bare"])
def test_reading_starts_at_the_page_asked_for(reader: Reader, form: str) -> None:
    server = Server(95, form=form)
    assert reader.collect(server, query={"page": 8}) == server.rows[70:]
    assert sorted(int(str(number)) for number in server.numbers) == [8, 9, 10]


def test_reading_starts_at_the_cursor_asked_for(reader: Reader) -> None:
    server = Server(95, form="cursor")
    assert reader.collect(server, query={"cursor": "70"}) == server.rows[70:]


def test_a_start_beyond_the_end_gives_nothing(reader: Reader) -> None:
    server = Server(95)
    assert reader.collect(server, query={"page": 30}) == []
    assert server.numbers == ["30"]


@cases("page", [None, 0, -2, "x", "1"])
def test_a_page_that_is_no_number_is_the_servers_business(reader: Reader, page: object) -> None:
    server = Server(25)
    server_page = server.body

    def body(query: Any) -> dict[str, Any]:
        return server_page({**query, "page": query["page"] if query.get("page") in ("2", "3") else 1})

    server.body = body  # type: ignore[method-assign]
    assert reader.collect(server, query={"page": page}) == server.rows
    assert server.requests[0] == ({} if page is None else {"page": str(page)}), "asked for as the caller did"


def test_the_query_of_the_caller_goes_with_every_page(reader: Reader) -> None:
    server = Server(25)
    reader.collect(server, query={"filter[name]": "x", "per_page": 5, "include": ["labels"]})
    assert [query.get("page") for query in sorted(server.requests, key=lambda query: str(query.get("page")))] == [
        "2",
        "3",
        "4",
        "5",
        None,
    ]
    for query in server.requests:
        assert {**query, "page": 0} == {"filter[name]": "x", "per_page": "5", "include": "labels", "page": 0}


def test_items_come_in_order_although_the_first_answers_take_longest(reader: Reader) -> None:
    server = Server(95)
    server.delay = lambda query: 0.03 - 0.003 * int(str(query.get("page") or 1))
    assert reader.collect(server) == server.rows


@cases(("concurrency", "at_once"), [(1, 1), (3, 3), (8, 8), (40, 19)])
def test_so_many_pages_are_under_way_at_once(reader: Reader, concurrency: int, at_once: int) -> None:
    server = Server(200)

    def delay(_: object) -> float:
        if isinstance(reader, SyncReader):
            # Threads need their time to start on a busy machine.
            deadline = time.monotonic() + 5.0
            while server.requests[1:] and server.most_under_way < at_once and time.monotonic() < deadline:
                time.sleep(0.001)
        return 0.01

    server.delay = delay
    assert reader.collect(server, concurrency=concurrency) == server.rows
    assert server.most_under_way == at_once


def test_pages_are_given_as_the_server_sends_them(reader: Reader) -> None:
    server = Server(25)
    pages = reader.pages(server)
    assert [(page.current_page, page.last_page, len(page)) for page in pages] == [(1, 3, 10), (2, 3, 10), (3, 3, 5)]


@cases("form", ["full", "simple", "cursor"])
@cases("limit", [0, 1, 9, 10, 11, 30, 31, 94, 95, 96, 1000])
def test_a_limit_reads_no_more_pages_than_it_needs(reader: Reader, form: str, limit: int) -> None:
    server = Server(95, form=form)
    assert reader.collect(server, limit) == server.rows[:limit]
    assert len(server.requests) == min(10, -(-limit // 10))


def test_a_limit_that_pages_of_changing_size_make_hard_to_guess(reader: Reader) -> None:
    server = Server(95)
    sizes = {1: 10, 2: 10, 3: 1, 4: 2, 5: 10}

    def alter(body: dict[str, Any]) -> dict[str, Any]:
        number = body["meta"]["current_page"]
        return {**body, "data": body["data"][: sizes.get(number, 10)]}

    server.alter = alter
    for limit in range(60):
        server.requests.clear()
        assert len(reader.collect(server, limit)) == limit
        assert len(set(server.numbers)) == len(server.numbers), "no page is fetched twice"


@cases("limit", [-1, -100])
def test_a_negative_limit_is_refused(reader: Reader, limit: int) -> None:
    server = Server(5)
    with pytest.raises(ValueError, match="limit= must be 0 or more"):
        reader.collect(server, limit)
    assert server.requests == []


@cases("options", [{"concurrency": 0}, {"concurrency": -1}, {"max_pages": 0}, {"max_pages": -3}])
def test_options_that_make_no_sense_are_refused_at_once(reader: Reader, options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be 1 or more"):
        reader.paginator(Server(), **options)


@cases("form", ["full", "simple", "cursor"])
def test_max_pages_is_a_guard(reader: Reader, form: str) -> None:
    server = Server(95, form=form)
    items, error = reader.some(server, -1, max_pages=4)
    assert items == server.rows[:40]
    assert isinstance(error, PaginationError)
    assert "max_pages=4" in str(error)
    assert len(server.requests) == 4


@cases("form", ["full", "simple", "cursor"])
def test_a_list_of_just_max_pages_is_in_order(reader: Reader, form: str) -> None:
    server = Server(95, form=form)
    assert reader.collect(server, max_pages=10) == server.rows
    assert reader.collect(server, 40, max_pages=4) == server.rows[:40]


@cases("form", ["full", "simple", "cursor"])
@cases("concurrency", [1, 8])
def test_an_error_surfaces_at_its_page(reader: Reader, form: str, concurrency: int) -> None:
    server = Server(95, form=form)

    def alter(body: dict[str, Any]) -> dict[str, Any]:
        if body["data"][0]["id"] == 31:
            raise OSError("page 4")
        return body

    server.alter = alter
    items, error = reader.some(server, -1, concurrency=concurrency)
    assert items == server.rows[:30]
    assert str(error) == "page 4"
    assert server.under_way == 0


def test_an_error_of_a_page_that_is_not_read_is_nobodys(reader: Reader) -> None:
    server = Server(95)

    def alter(body: dict[str, Any]) -> dict[str, Any]:
        if body["data"][0]["id"] > 21:
            raise OSError
        return body

    server.alter = alter
    assert reader.some(server, 25) == (server.rows[:25], None)


def test_what_is_under_way_is_cancelled_when_the_loop_is_left(reader: Reader) -> None:
    server = Server(95)
    server.delay = lambda query: 30.0 if int(str(query.get("page") or 1)) > 2 else 0.0
    assert reader.some(server, 15) == (server.rows[:15], None)
    assert server.under_way == 0
