"""A page is made of whatever the server sent."""

from __future__ import annotations

import copy
import pickle
from typing import Any

from hypothesis import given, strategies as st

from patchworks_core_client import Page
from patchworks_core_client._pagination.page import page_from
from tests.support.cases import cases

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "meta", "links", "current_page", "last_page", "next", "next_page_url", "total"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def test_a_full_page_has_its_numbers_and_links() -> None:
    meta = {"current_page": 2, "last_page": 7, "per_page": 15, "total": 93, "from": 16, "to": 17}
    page = page_from({"data": [1, 2], "meta": meta, "links": {"next": "n"}}, ["a", "b"])
    assert (page.current_page, page.last_page, page.per_page, page.total) == (2, 7, 15, 93)
    assert page.meta == meta
    assert page.links == {"next": "n"}
    assert list(page) == page.items == ["a", "b"]
    assert len(page) == 2


def test_a_paginator_without_resource_has_its_numbers_beside_the_data() -> None:
    body = {"data": [], "current_page": 1, "last_page": 2, "next_page_url": "n", "links": [{"url": None}]}
    page: Page[int] = page_from(body, [])
    assert (page.current_page, page.last_page) == (1, 2)
    assert page.links == {"next": "n"}
    assert "data" not in page.meta


@cases("body", [None, [], "text", 5, {}, {"meta": None, "links": None}, {"meta": [], "links": "x"}])
def test_missing_meta_is_survived(body: Any) -> None:
    page = page_from(body, [1])
    assert (page.current_page, page.last_page, page.per_page, page.total) == (None, None, None, None)
    assert page.items == [1]
    assert page.meta == page.links == {}


@cases(
    ("sent", "read"),
    [
        (3, 3),
        (0, 0),
        ("3", 3),
        (" 3 ", 3),
        (3.0, 3),
        (3.5, None),
        (float("nan"), None),
        (float("inf"), None),
        (-1, None),
        ("-1", None),
        (True, None),
        (None, None),
        ([], None),
        ({}, None),
        ("three", None),
        ("٣", None),
        ("", None),
        ("9" * 5000, None),
    ],
)
def test_numbers_in_any_spelling(sent: Any, read: int | None) -> None:
    meta = dict.fromkeys(("current_page", "last_page", "per_page", "total"), sent)
    page: Page[int] = page_from({"meta": meta}, [])
    assert [page.current_page, page.last_page, page.per_page, page.total] == [read] * 4


@given(json)
def test_any_json_makes_a_page(body: Any) -> None:
    page: Page[int] = page_from(body, [])
    assert repr(page).startswith("<Page ")
    for number in (page.current_page, page.last_page, page.per_page, page.total):
        assert number is None or type(number) is int


def test_a_page_shows_no_items_and_copies_and_compares() -> None:
    page = page_from({"meta": {"current_page": 1, "last_page": 3}}, ["secret"])
    assert repr(page) == "<Page 1 of 3: 1 items>"
    assert repr(page_from(None, [])) == "<Page ?: 0 items>"
    assert page == copy.deepcopy(page) == pickle.loads(pickle.dumps(page))
    assert page != page_from({}, ["secret"])
