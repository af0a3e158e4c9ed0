"""Running text cannot pretend to be anything else."""

from __future__ import annotations

from hypothesis import given, strategies as st

from scripts.spec.rules.descriptions import plain_descriptions, plain_text
from tests.spec.build import relaxed
from tests.support.cases import cases


@cases(
    ("text", "expected"),
    [
        ("one\r\ntwo\rthree\x0cfour\x85five\u2028six", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("safe\u202e esrever\u2066 \u200bnothing\x1b[31m", "safe esrever nothing[31m"),
        ("  tabs\tstay  ", "tabs\tstay"),
        ("ünïcödé 页 `code`", "ünïcödé 页 `code`"),
    ],
)
def test_plain_text(text: str, expected: str) -> None:
    assert plain_text(text) == expected


@relaxed
@given(st.text())
def test_lines_are_lines_for_everybody(text: str) -> None:
    assert plain_text(text).splitlines() == ([] if not plain_text(text) else plain_text(text).split("\n"))


def test_only_texts_are_changed() -> None:
    plain = {"summary": "a", "name": "\x00"}
    assert plain_descriptions(plain) is plain
    assert plain_descriptions({"description": "a\r\nb", "name": "\x00"}) == {"description": "a\nb", "name": "\x00"}
    assert plain_descriptions({"summary": 1, "description": "x"}) == {"summary": 1, "description": "x"}
