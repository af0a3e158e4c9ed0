"""A table of cases fails with each case that fails, and names it."""

from __future__ import annotations

import os

import pytest

from tests.support.cases import cases


def test_every_case_is_tried_and_each_that_fails_is_named() -> None:
    tried = []

    @cases(("number", "text"), [(1, "a"), pytest.param(2, "b", id="the second"), (3, "c")])
    def check(number: int, text: str) -> None:
        tried.append(text)
        assert number == 1

    with pytest.raises(BaseExceptionGroup, match="2 of 3 cases") as caught:
        check()
    assert tried == ["a", "b", "c"]
    assert [error.__notes__ for error in caught.value.exceptions] == [
        ["The case: the second"],
        ["The case: number=3, text='c'"],
    ]


def test_the_only_case_that_fails_fails_as_it_would_alone() -> None:
    @cases("left", [1, 2])
    @cases("right", [0, 1])
    def check(left: int, right: int) -> None:
        with pytest.raises(ZeroDivisionError):
            left / (right * (left - 1))

    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE") as caught:
        check()
    assert caught.value.__notes__ == ["The case: right=1", "The case: left=2"]


def test_what_a_case_patches_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    @cases("name", ["A_NAME_OF_THE_TESTS", "ANOTHER_NAME_OF_THE_TESTS"])
    def check(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(name, "x")
        assert [each for each in os.environ if each.endswith("_OF_THE_TESTS")] == [name]

    check(monkeypatch=monkeypatch)


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(AssertionError, match="tests nothing"):
        cases("name", [])
