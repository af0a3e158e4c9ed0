"""Text of a page is dead text in a docstring, whatever it is."""

import ast

import pytest
from hypothesis import given, strategies as st

from scripts.codegen.docstrings import docstring, plain, sentence

HOSTILE = st.text(alphabet=st.sampled_from("ab\"'\\\n\r\t{}()#%\u2028\u202e\x00\ud800é "), max_size=30) | st.text()


@given(HOSTILE, HOSTILE, st.sampled_from([0, 4, 8]))
def test_a_docstring_is_one_string_whose_value_is_the_text(summary: str, line: str, indent: int) -> None:
    code = docstring([summary], [("Args", [line])], indent=indent)
    module = ast.parse(code)
    (statement,) = module.body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)
    value = statement.value.value
    assert isinstance(value, str)
    assert [*plain(summary).split(), "Args:", *plain(line).split()] == value.split()


@given(HOSTILE)
def test_plain_text_is_one_printable_line(text: str) -> None:
    line = plain(text)
    assert line.isprintable()
    assert len(line.splitlines()) <= 1
    line.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ""), ("  Two\n words ", "Two words."), ("Is it?", "Is it?"), ("Done.", "Done."), ("tail\\", "tail\\.")],
)
def test_a_sentence_ends(text: str, expected: str) -> None:
    assert sentence(text) == expected


def test_paragraphs_and_empty_sections_are_left_out() -> None:
    assert docstring(["Only this."], [("Args", [])], indent=4) == '"""Only this."""'
    assert docstring(["One.", "", "Two."], indent=0) == '"""One.\n\nTwo.\n"""'
