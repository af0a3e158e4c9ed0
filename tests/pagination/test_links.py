"""A `links.next` is followed on the list's own origin only."""

from __future__ import annotations

from typing import Any

from patchworks_core_client import PaginationError
from tests.support.cases import cases

from .support import URL, Reader, Server


def linking(link: object, *, form: str = "simple") -> Server:
    """Two pages, of which the first sends `link`."""
    server = Server(20, form=form)

    def alter(body: dict[str, Any]) -> dict[str, Any]:
        if body["links"]["next"] is not None:
            body["links"]["next"] = link
        return body

    server.alter = alter
    return server


@cases(
    "link",
    [
        f"{URL}?page=2",
        "https://CORE.example:443/api/v1/things?page=2",
        "https://core.example./api/v1/things?page=2",
        "https://someone@core.example/api/v1/things?page=2",
        "//core.example/api/v1/things?page=2",
        "/api/v1/things?page=2",
        "/api/v1/things/?page=2",
        "things?page=2",
        "?page=2",
        "  ?page=2\n",
        "?page=2#rows",
        "https://core.example/v1/things?page=2",
        "https://core.example/inside/api/v1/things?page=2",
        "https://core.example?page=2",
    ],
)
def test_a_link_on_this_origin_is_followed(reader: Reader, link: str) -> None:
    server = linking(link)
    assert reader.collect(server) == server.rows
    assert server.paths == [None, None]
    assert server.requests == [{}, {"page": "2"}]


@cases("form", ["simple", "full"])
@cases(
    "link",
    [
        "https://evil.example/api/v1/things?page=2",
        "//evil.example/api/v1/things?page=2",
        "http://core.example/api/v1/things?page=2",
        "http://core.example:443/api/v1/things?page=2",
        "https://core.example:8443/api/v1/things?page=2",
        "https://core.example@evil.example/?page=2",
        "https://core.example.evil.example/?page=2",
        "https://evil.example#@core.example/?page=2",
        "https://core.example:443:80/?page=2",
        "https://core.example:port/?page=2",
        "https://core.example\\@evil.example/?page=2",
        "https:\\\\evil.example\\?page=2",
        "https://core.exa\tmple/?page=2",
        "https://[::1/?page=2",
        "https:///api/v1/things?page=2",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:,x",
    ],
)
def test_a_link_to_another_origin_is_an_error_before_anything_is_sent(reader: Reader, link: str, form: str) -> None:
    server = linking(link, form=form)
    items, error = reader.some(server, -1)
    assert items == server.rows[:10], "the page that came is in order"
    assert isinstance(error, PaginationError)
    assert server.requests == [{}]


UNSENDABLE = [
    "/api/v1/%2e%2e/things?page=2",
    "/api/v1/\ud800?page=2",
    "?page=2&q=\ud800",
    f"?page=2&q={'a' * 70_000}",
    f"/other{'/a' * 40_000}",
]


@cases("link", UNSENDABLE)
def test_a_link_that_cannot_be_sent_is_an_error_of_the_list(reader: Reader, link: str) -> None:
    server = linking(link)
    items, error = reader.some(server, -1)
    assert items == server.rows[:10]
    assert isinstance(error, PaginationError)
    assert server.requests == [{}]


def test_the_error_names_origins_and_nothing_of_a_query(reader: Reader) -> None:
    server = linking("https://user:pass@evil.example/x?token=secret")
    _, error = reader.some(server, -1)
    assert "https://evil.example" in str(error)
    assert "https://core.example" in str(error)
    assert not any(word in str(error) for word in ("secret", "pass@", "user", "token"))
    assert error is not None
    assert error.__cause__ is None


@cases("link", [None, "", "  ", 5, True, [], {}, {"href": "https://evil.example"}])
def test_what_is_no_link_ends_the_list(reader: Reader, link: object) -> None:
    server = linking(link)
    assert reader.collect(server) == server.rows[:10]


def test_a_link_is_refused_only_when_it_would_be_followed(reader: Reader) -> None:
    server = linking("https://evil.example/?page=2")
    assert reader.collect(server, 10) == server.rows[:10]
    assert reader.collect(server, 3) == server.rows[:3]


def test_the_query_of_the_caller_is_kept(reader: Reader) -> None:
    server = linking("?page=2&signature=x%2By&empty=")
    reader.collect(server, query={"filter[name]": ["a", "b"], "per_page": 10, "page": 1})
    assert server.requests[1] == {
        "filter[name]": "a,b",
        "per_page": "10",
        "page": "2",
        "signature": "x+y",
        "empty": "",
    }


def test_a_link_to_another_path_of_this_origin_is_followed_there(reader: Reader) -> None:
    server = linking("/api/v2/th%20ings b?page=2")
    assert reader.collect(server) == server.rows
    assert server.paths == [None, "/api/v2/th%20ings%20b"]


def test_items_too_deep_to_be_compared_are_others(reader: Reader) -> None:
    def deep(_: int) -> list[Any]:
        nested: list[Any] = []
        for _ in range(100_000):
            nested = [nested]
        return nested

    server = Server(20)
    number = iter(range(9))

    def alter(body: dict[str, Any]) -> dict[str, Any]:
        body["data"] = [deep(next(number))]
        return body

    server.alter = alter
    assert len(reader.collect(server)) == 2
