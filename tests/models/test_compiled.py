"""Compiled decoders: when there is one, what it leaves to the model's decoder, and which keys are not remembered."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from patchworks_core_client import Mismatch, Model
from patchworks_core_client._models import model_decoder
from patchworks_core_client._models.annotations import decoder
from patchworks_core_client._models.mismatches import Reporter
from patchworks_core_client._models.model_decoder import ModelDecoder

from .examples import Containers, Counts, Renamed, Scalars, Tag, Unions

FULL: dict[str, Any] = {
    "flag": True,
    "count": 1,
    "ratio": 2,
    "name": "x",
    "at": "2025-01-02T03:04:05.000000Z",
    "day": "2025-01-02",
    "uuid": "0b64f3a0-5d8c-4a54-9f27-0f3d0a4f7a11",
    "status": "Draft",
    "level": 2,
    "mixed": "a",
    "anything": [1],
    "nothing": None,
}


@pytest.fixture(autouse=True)
def _fresh_decoders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_decoder, "COMPILE_AFTER", 3)
    for cls in (Scalars, Tag, Containers, Unions, Renamed, Counts):
        fresh = ModelDecoder(cls, cls.__patchworks_decoder__.extra_annotation)
        monkeypatch.setattr(cls, "__patchworks_decoder__", fresh)
    decoder.cache_clear()


def not_compiled(cls: type[Model], body: dict[str, Any]) -> tuple[Model, list[Mismatch]]:
    """What is made of a body, and reported, where nothing is compiled."""
    found: list[Mismatch] = []
    report = Reporter(on_mismatch=found.append).start()
    made: Model = ModelDecoder(cls).decode_any(body, report)
    report.finish()
    return made, found


def check(cls: type[Model], body: dict[str, Any]) -> None:
    """Reported or known, a body comes out of a compiled decoder as where nothing is compiled."""
    expected, mismatches = not_compiled(cls, body)
    found: list[Mismatch] = []
    assert cls.from_dict(body, on_mismatch=found.append) == expected
    assert sorted(found) == sorted(mismatches)
    for _ in range(2):
        made = cls.from_dict(body)
        assert made == expected
        assert made.to_dict() == body


def compiled(cls: type[Model]) -> int:
    return sum(map(bool, cls.__patchworks_decoder__._compiled.values()))


def calls_of_the_model_decoder(cls: type[Model], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry, from now on, for each object that the model's decoder decodes since no compiled one would."""
    calls: list[int] = []
    fill = ModelDecoder.fill

    def counted(self: ModelDecoder, made: Any, raw: dict[str, Any], mismatches: Any) -> None:
        if self.cls is cls:
            calls.append(len(raw))
        fill(self, made, raw, mismatches)

    monkeypatch.setattr(ModelDecoder, "fill", counted)
    return calls


def test_a_form_that_comes_often_gets_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = calls_of_the_model_decoder(Scalars, monkeypatch)
    made = [Scalars.from_dict(FULL) for _ in range(10)]
    assert (len(calls), compiled(Scalars)) == (3, 1)
    assert all(one == made[0] and one.to_dict() == FULL for one in made)


def test_every_type_but_the_described_one_is_seen() -> None:
    odd: list[Any] = [True, 1, 1.5, "x", "Old", [], {}, [1], {"a": 1}]
    for cls, body in ((Scalars, FULL), (Renamed, {"from": "x", "class": "2025-01-02", "plain": 1})):
        for _ in range(4):
            cls.from_dict(body)
        assert compiled(cls) == 1
        for name in body:
            for value in odd:
                check(cls, {**body, name: value})


def test_known_mismatches_stay_with_the_compiled_decoder(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "patchworks_core_client")
    faulty = {**FULL, "count": "1", "at": 3, "status": "Old", "name": {}}
    reporter = Reporter()
    calls = calls_of_the_model_decoder(Scalars, monkeypatch)
    decode = decoder("list[Scalars]", Scalars.__module__)
    for _ in range(3):
        report = reporter.start()
        assert [one.to_dict() for one in decode([faulty] * 20, report)] == [faulty] * 20
    assert len(calls) == 20
    assert len(caplog.messages) == 4


def test_two_forms_of_one_size_and_two_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = calls_of_the_model_decoder(Tag, monkeypatch)
    forms: list[dict[str, Any]] = [
        {"id": 1, "label": "x"},
        {"label": "x", "id": 1},
        {"id": 1, "label": "x", "new": 2},
        {"id": 1, "label": "x", "newer": 2},
        {"id": 1, "label": "x", "new": 2, "newer": 3},
    ]
    for _ in range(4):
        for form in forms:
            for _ in range(5):
                assert Tag.from_dict(form).to_dict() == form
    assert compiled(Tag) == len(forms)
    calls.clear()
    for form in forms:
        assert Tag.from_dict(form, strict=True).to_dict() == form
    assert calls == []


def test_nothing_is_written_where_it_would_not_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    for cls, body in (
        (Tag, {"id": 1}),
        (Tag, {"a": 1, "b": 2, "c": 3}),
        (Tag, {}),
        (Counts, {"name": "x", "a": 1, "b": 2}),
    ):
        for _ in range(10):
            assert cls.from_dict(body).to_dict() == body
        assert compiled(cls) == 0


def test_many_forms_are_not_all_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_decoder, "MAX_COMPILED", 5)
    tags: ModelDecoder = Tag.__patchworks_decoder__
    for number in range(500):
        Tag.from_dict({"id": 1, f"x{number}": 2})
    assert len(tags._seen) <= model_decoder.MAX_KEY_SETS
    for number in range(20):
        for _ in range(5):
            Tag.from_dict({"id": 1, "label": "x", **dict.fromkeys(map(str, range(number)))})
    assert compiled(Tag) == 5
    seen = dict(tags._seen)
    Tag.from_dict({"another": 1})
    assert tags._seen == seen


@pytest.mark.parametrize("body", [{"x" * 5_000: 1, "id": 1}, dict.fromkeys(map(str, range(200)), 1)])
def test_long_forms_are_not_remembered(body: dict[str, Any]) -> None:
    for _ in range(5):
        assert Tag.from_dict(body).to_dict() == body
    assert Tag.__patchworks_decoder__._seen == {}
    assert compiled(Tag) == 0


def test_a_page_is_looked_up_by_its_own_names() -> None:
    decode = decoder("list[Tag]", Tag.__module__)
    page = [{"id": number, "label": "x"} for number in range(50)]
    for _ in range(3):
        assert [tag.to_dict() for tag in decode(page)] == page
    # Another form at its head, or no object at all.
    for head in ({"label": "x", "id": 1}, {"id": 1}, 3, None):
        decoded = decode([head, *page])
        assert [tag.to_dict() for tag in decoded[1:]] == page


def test_a_page_of_another_form_and_the_same_size() -> None:
    decode = decoder("list[Tag]", Tag.__module__)
    usual: list[dict[str, Any]] = [{"id": number, "label": "x", "new": 1} for number in range(50)]
    others: list[dict[str, Any]] = [{"a": number, "b": "x", "c": 1} for number in range(50)]
    for page in (usual, others, usual, others):
        assert [tag.to_dict() for tag in decode(page)] == page
        assert [tag.id for tag in decode(page)] == [item.get("id") for item in page]


@pytest.mark.untraced
def test_threads(soak: bool) -> None:
    forms: list[dict[str, Any]] = [
        {"id": 1, "label": "x", **dict.fromkeys((f"new{number}" for number in range(count)), 1)} for count in range(8)
    ]
    pages = [[form] * 20 for form in forms]
    decode = decoder("list[Tag]", Tag.__module__)

    def work(number: int) -> bool:
        page = pages[number % len(pages)]
        return [tag.to_dict() for tag in decode(page)] == page and Tag.from_dict(page[0]).id == 1

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(400 if soak else 100)))


def test_inside_of_containers() -> None:
    body: dict[str, Any] = {
        "tags": [{"id": 1}],
        "tag": {"id": 1},
        "numbers": [1],
        "moments": ["2025-01-02"],
        "by_name": {"a": {}},
        "free_list": [{}],
        "itself": {"tag": {}},
    }
    empty: dict[str, Any] = {name: type(value)() for name, value in body.items()}
    null: dict[str, Any] = dict.fromkeys(body)
    for one in (body, empty, null):
        for _ in range(5):
            assert Containers.from_dict(one, strict=True).to_dict() == one
    for name in body:
        for wrong in (0, "", False, "x", {}, [], [3], {"a": 3}, [{"id": "x"}], [None], ["2025-01-02", "no"]):
            check(Containers, {**body, name: wrong})


def test_evolving_what_does_not_match_is_silent(caplog: pytest.LogCaptureFixture) -> None:
    made = Tag.from_dict({"id": "x", "label": "y"})
    caplog.clear()
    for _ in range(6):
        made = made.evolve(label="z")
    assert made.to_dict() == {"id": "x", "label": "z"}
    assert caplog.messages == []
