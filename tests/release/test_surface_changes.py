"""Differences between two surfaces: found, named, and weighed."""

from __future__ import annotations

import pytest

from scripts.release.surface_changes import Change, Level, highest_level, members, parse, surface_changes

NONE, PATCH, MINOR, MAJOR = Level.NONE, Level.PATCH, Level.MINOR, Level.MAJOR


def test_the_lines_are_read_by_what_they_are_about() -> None:
    text = "# A header.\npkg.A: class\npkg.A.f: def(a: int = 1) -> dict[str, int]\n"
    assert parse(text) == {"pkg.A": "class", "pkg.A.f": "def(a: int = 1) -> dict[str, int]"}


def test_no_difference() -> None:
    assert surface_changes({"a": "class"}, {"a": "class"}) == []
    assert highest_level([]) is NONE


def test_of_what_goes_or_comes_as_a_whole_the_whole_is_named() -> None:
    one = {"p.A": "class", "p.A.f": "def() -> None", "p.A.n": "namespace", "p.A.n.g": "def() -> None", "p.Ab": "class"}
    assert surface_changes(one, {}) == [Change(MAJOR, "p.A", "removed"), Change(MAJOR, "p.Ab", "removed")]
    assert surface_changes({}, one) == [Change(MINOR, "p.A", "added"), Change(MINOR, "p.Ab", "added")]
    rest = {path: text for path, text in one.items() if not path.startswith("p.A.n")}
    assert surface_changes(one, rest) == [Change(MAJOR, "p.A.n", "removed")]


@pytest.mark.parametrize(
    ("old", "new", "level", "text"),
    [
        ("class(A, B)", "class(A)", MAJOR, "is no B any more"),
        ("class", "class(A)", MINOR, "is a A now"),
        ("class(A, B)", "class(B, A)", MAJOR, "its bases were class(A, B), are class(B, A)"),
        ("class", "def() -> int", MAJOR, "was class, is def() -> int"),
        ("type int | str", "type str | int", PATCH, "it is written otherwise: str | int"),
        ("type Literal['a']", "type Literal['a', 'b']", MINOR, "it was Literal['a'], is Literal['a', 'b']"),
        ("type Literal['a', 'b']", "type Literal['a']", MAJOR, "it was Literal['a', 'b'], is Literal['a']"),
        ("attribute int", "attribute int | None", MAJOR, "its type was int, is int | None"),
        ("attribute int | None", "attribute int", MINOR, "its type was int | None, is int"),
        ("attribute int", "attribute str", MAJOR, "its type was int, is str"),
        ("attribute int", "property int", MAJOR, "was attribute int, is property int"),
        ("property int", "attribute int", PATCH, "its type is written otherwise: int"),
        ("property not a type", "property int", MAJOR, "its type was not a type, is int"),
        ("def() -> int", "async def() -> int", MAJOR, "was plain, is async"),
        ("def() -> int", "def() -> bool | int", MAJOR, "what it returns was int, is bool | int"),
        ("def() -> int | None", "def() -> int", MINOR, "what it returns was int | None, is int"),
        ("def(a: int) -> int", "def() -> int", MAJOR, "parameter a removed"),
        ("def() -> int", "def(a: int) -> int", MAJOR, "parameter a added, required"),
        ("def() -> int", "def(a: int = 1) -> int", MINOR, "parameter a added"),
        ("def() -> int", "def(*a: int) -> int", MINOR, "parameter a added"),
        ("def() -> int", "def(**a: int) -> int", MINOR, "parameter a added"),
        ("def(a: int) -> int", "def(a: int = 1) -> int", MINOR, "parameter a may be left out now"),
        ("def(a: int = 1) -> int", "def(a: int) -> int", MAJOR, "parameter a is required now"),
        ("def(a: int = 1) -> int", "def(a: int = 2) -> int", MAJOR, "parameter a was 1 when left out, is 2"),
        ("def(a: int) -> int", "def(a: int | str) -> int", MINOR, "parameter a was int, is int | str"),
        ("def(a: int | str) -> int", "def(a: int) -> int", MAJOR, "parameter a was int | str, is int"),
        ("def(a) -> int", "def(a: int) -> int", MAJOR, "parameter a was , is int"),
        ("def(a, b) -> int", "def(b, a) -> int", MAJOR, "parameter a is not in its place any more"),
        ("def(a) -> int", "def(*, a) -> int", MAJOR, "parameter a is not in its place any more"),
        ("def(*, a) -> int", "def(a) -> int", MINOR, "parameter a may be given by its place now"),
        ("def(*a) -> int", "def(**a) -> int", MAJOR, "parameter a was *, is **"),
        ("def(a, /) -> int", "def(a) -> int", PATCH, "is written otherwise"),
        ("def(a: int) -> int & def(a: str) -> str", "def(a: int) -> int", MAJOR, "its overloads were"),
    ],
)
def test_what_changed_and_what_that_is_to_users(old: str, new: str, level: Level, text: str) -> None:
    (found,) = surface_changes({"p.x": old}, {"p.x": new})
    assert found.level is level
    assert str(found).startswith(f"p.x: {text}")
    assert str(level) == level.name.lower()


def test_several_changes_of_one_function() -> None:
    found = surface_changes({"f": "def(a: int, b: int = 1) -> int"}, {"f": "async def(a: int | str) -> int"})
    assert [change.text for change in found] == [
        "was plain, is async",
        "parameter a was int, is int | str",
        "parameter b removed",
    ]
    assert highest_level(found) is MAJOR


def test_the_members_of_a_union() -> None:
    assert members("int | list[str | None] | Literal['a', 1]") == {
        "int",
        "list[str | None]",
        "Literal['a']",
        "Literal[1]",
    }
    assert members("Literal['a']") == {"Literal['a']"}
    assert members("no type") == {"no type"}
