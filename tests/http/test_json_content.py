"""What a body says does not depend on which JSON parser is installed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from patchworks_core_client._http import json_content
from tests.support.cases import cases

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def without_orjson(content: bytes, charset: str | None = None) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_content, "orjson", None)
        return json_content.decode(content, charset)


def both(content: bytes, charset: str | None = None) -> tuple[str, str]:
    # As text, in which 1 and 1.0 differ and NaN does not.
    return repr(json_content.decode(content, charset)), repr(without_orjson(content, charset))


@given(PLAIN, st.booleans())
def test_both_parsers_give_the_same(value: Any, ascii_only: bool) -> None:
    content = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    with_it, without_it = both(content)
    assert with_it == without_it


@cases(
    "text",
    [
        "18446744073709551616",
        "-9223372036854775809",
        '{"id": 123456789012345678901234567890}',
        "[1e999, -0, -0.0, 1E5, 0.1234567890123456789012]",
        "[NaN, Infinity]",
        r'"\ud800"',
        '{"a": 1, "a": 2}',
    ],
)
def test_what_parsers_differ_in_is_read_alike(text: str) -> None:
    with_it, without_it = both(text.encode())
    assert with_it == without_it == repr(json.loads(text))


@given(st.integers(10**18, 10**24), st.integers(0, 7), st.sampled_from(["%d", "[%d]", '{"a":-%d}', "[0.1,%d,1]"]))
def test_large_integers_are_read_alike_wherever_they_stand(number: int, before: int, form: str) -> None:
    text = " " * before + form % number
    with_it, without_it = both(text.encode())
    assert with_it == without_it == repr(json.loads(text))


@cases("encoding", ["utf-8-sig", "utf-16", "utf-32", "latin-1"])
def test_other_encodings_are_read_with_both(encoding: str) -> None:
    content = '{"name": "Zoë"}'.encode(encoding)
    assert json_content.decode(content, "latin-1") == without_orjson(content, "latin-1") == {"name": "Zoë"}


@cases("content", [b"", b"<html>", b"[1,]", b"01", b'{"a"}', b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused_with_both(content: bytes) -> None:
    for decode in (json_content.decode, without_orjson):
        with pytest.raises(ValueError):  # noqa: PT011 - of several kinds
            decode(content)
