"""Names made from any text are safe, and the same every time."""

from __future__ import annotations

import keyword
import re

import pytest
from hypothesis import given, strategies as st
from openapi_python_client import strings

from scripts.openapi.identifiers import (
    MAX_NAME_LENGTH,
    class_name,
    identifier,
    module_key,
    slug,
    slugs,
    snake,
    unused,
    words,
)
from tests.spec.build import relaxed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("filter[hasDeployedVersion]", "filter_has_deployed_version"),
        ("filter[model_type]", "filter_model_type"),
        ("per_page", "per_page"),
        ("X-Request-Id", "x_request_id"),
        ("HTTPServer", "http_server"),
        ("SFTPs and APIs", "sftps_and_apis"),
        ("address_line_1", "address_line_1"),
        ("oauth2Client", "oauth2_client"),
        ("Café's crème", "cafes_creme"),
        ("class", "class_"),
        ("None", "none"),
        ("__class__", "class_"),
        ("__init__", "init"),
        ("1x", "value_1_x"),
        ("", "value"),
        ("filter[,]", "filter"),
        ("名前", "value"),
        ("a\nimport os", "a_import_os"),
        ("'); __import__('os').system('x", "import_os_system_x"),
        ("ﬁeld", "field"),
    ],
)
def test_identifiers(text: str, expected: str) -> None:
    assert identifier(text) == expected


def test_identifiers_that_are_taken() -> None:
    assert identifier("Timeout", reserved={"timeout"}) == "timeout_"
    assert identifier("id", taken={"id"}) == "id_"
    assert identifier("id", taken={"id", "id_"}) == "id_2"
    assert identifier("id", taken={"id", "id_2"}, reserved={"id_"}) == "id_3"
    assert identifier("class", taken={"class_"}) == "class_2"


@relaxed
@given(st.text(), st.sets(st.sampled_from(["value", "value_", "a", "a_", "b"])))
def test_any_text_is_a_safe_identifier(text: str, taken: set[str]) -> None:
    name = identifier(text, taken)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert not keyword.iskeyword(name)
    assert name not in taken
    assert len(name) <= MAX_NAME_LENGTH + len("value__")


@relaxed
@given(st.text())
def test_the_generator_leaves_modules_as_they_are(text: str) -> None:
    name = identifier(text)
    assert strings.snake_case(name) == re.sub(r"_+$", "", name)


@relaxed
@given(st.text())
def test_the_generator_leaves_class_names_as_they_are(text: str) -> None:
    name = class_name(text)
    assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)
    assert strings.pascal_case(name) == name
    assert class_name(name) == name


@relaxed
@given(st.text(alphabet="AaBb1_s "), st.text(alphabet="AaBb1_s "))
def test_classes_that_could_share_a_module_have_one_key(one: str, other: str) -> None:
    first, second = class_name(one), class_name(other)
    if strings.snake_case(first) == strings.snake_case(second) or snake(first) == snake(second):
        assert module_key(first) == module_key(second)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("virtual environments", "VirtualEnvironments"), ("OAuth2Client", "OAuth2Client"), ("1", "N1"), ("", "Unnamed")],
)
def test_class_names(text: str, expected: str) -> None:
    assert class_name(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Create Virtual Environment", "create-virtual-environment"), ("../../etc/passwd", "etc-passwd"), ("…", "")],
)
def test_slugs_of_headings(text: str, expected: str) -> None:
    assert slug(text) == expected


@relaxed
@given(st.sets(st.text(max_size=20), max_size=8))
def test_slugs_are_different_and_safe(texts: set[str]) -> None:
    found = slugs(texts)
    assert found.keys() == texts
    assert len(set(found.values())) == len(texts)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) for name in found.values())
    assert found == slugs(sorted(texts, reverse=True))


def test_slugs_that_clash() -> None:
    found = slugs(["flows", "Flows", "FLOWS", "页"])
    assert found["flows"] == "flows"
    assert found["Flows"] != found["FLOWS"]
    assert found["页"].startswith("page-")


def test_words_keep_their_case() -> None:
    assert words("filter[hasDeployedVersion]") == ["filter", "has", "Deployed", "Version"]


@pytest.mark.parametrize("text", ["x" * 159, "VeryLong" * 30, "aB" * 100, "Create " + "Thing " * 60, "X1" * 90])
def test_long_class_names_that_differ_stay_different(text: str) -> None:
    names = {class_name(text), class_name(f"{text}2"), class_name(f"{text} Two"), class_name(text, 40)}
    assert len(names) == 4
    assert all(name.isidentifier() and len(name) <= MAX_NAME_LENGTH + 1 for name in names)


@given(st.integers(0, 2000), st.sets(st.integers(2, 40)))
@relaxed
def test_the_search_for_a_free_name_ends_soon(run: int, others: set[int]) -> None:
    taken = {"a", *(f"a_{number}" for number in range(2, run + 2))} | {f"a_{number}" for number in others}
    asked: list[str] = []

    def is_taken(name: str) -> bool:
        asked.append(name)
        return name in taken

    assert unused("a", is_taken) not in taken
    assert len(asked) < 40


def test_unused() -> None:
    assert unused("a", set().__contains__) == "a"
    assert unused("a", {"a", "a_2"}.__contains__) == "a_3"
