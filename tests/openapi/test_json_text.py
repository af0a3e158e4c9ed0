"""JSON is read strictly and written the same way every time."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from scripts.openapi.json_text import MAX_DEPTH, JSONTextError, canonical, difference, dumps, loads, pointer
from tests.spec.build import relaxed

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@relaxed
@given(json_values)
def test_what_is_written_is_read_again(value: object) -> None:
    assert canonical(loads(dumps(value))) == canonical(value)


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ('{"a": 1', "#", "line 1, column 8"),
        ('{"a": {"b~/": [{"c": 1, "c": 2}]}}', "#/a/b~0~1/0/c", 'the key "c" is there twice'),
        ('{"a": NaN}', "#", "NaN"),
        ('{"a": -Infinity}', "#", "-Infinity"),
        ('{"a": 1e999}', "#", "1e999 is too large"),
        ('{"a": ["\\ud800"]}', "#/a/0", "half a surrogate pair"),
        ('{"a": ["\ud800"]}', "#/a/0", "half a surrogate pair"),
        ('{"a": {"\\udfff": 1}}', "#/a", "half a surrogate pair"),
        ('{"a": ' + "9" * 5000 + "}", "#", "not JSON that can be read"),
        ("[" * 200 + "]" * 200, "#/0/0/0/0/0/0/0/0", "nested deeper"),
        ("[" * 100_000, "#", "nested deeper"),
    ],
)
def test_refused(text: str, where: str, what: str) -> None:
    with pytest.raises(JSONTextError, match=r"^[^\n]*$") as caught:
        loads(text)
    assert caught.value.pointer == where
    assert what in str(caught.value)


def test_whole_surrogate_pairs_are_read() -> None:
    assert loads('{"a": "\\ud83d\\ude00", "b": 1}') == {"a": "\U0001f600", "b": 1}


def test_depth_up_to_the_limit_is_read() -> None:
    assert loads("[" * MAX_DEPTH + "]" * MAX_DEPTH)


@relaxed
@given(json_values, json_values)
def test_difference_leads_to_values_that_differ(one: object, other: object) -> None:
    if canonical(one) == canonical(other):
        assert difference(one, other) == ()
        return
    for key in difference(one, other)[:-1]:
        one, other = one[key], other[key]  # type: ignore[index]  # the key is of both
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("one", "other", "path"),
    [
        ({"a": {"b": [1, {"c": 1}]}}, {"a": {"b": [1, {"c": 1.0}]}}, ("a", "b", 1, "c")),
        ({"a": 1}, {"a": 1, "b": 2}, ("b",)),
        ({"a": 1, "b": 2}, {"b": 2}, ("a",)),
        ([1, 2], [1, 2, 3], (2,)),
        ({"a": True}, {"a": 1}, ("a",)),
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": 2, "x": 1}}, ()),
        (1, [1], ()),
        ([1], [1], ()),
    ],
)
def test_difference_names_the_first_place(one: object, other: object, path: tuple[object, ...]) -> None:
    assert difference(one, other) == path


def test_canonical_knows_the_types_apart() -> None:
    assert len({canonical(value) for value in (1, 1.0, True, "1", [1], None)}) == 6


def test_dumps_is_pretty_and_readable() -> None:
    assert dumps({"ä": [1]}) == '{\n  "ä": [\n    1\n  ]\n}\n'
    assert json.loads(dumps({"ä": 1})) == {"ä": 1}


def test_pointer_escapes() -> None:
    assert pointer(("paths", "/a/{b~c}", 0)) == "#/paths/~1a~1{b~0c}/0"
