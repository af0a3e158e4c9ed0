"""What is reported of mismatches: to whom, how often, and what never."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from patchworks_core_client import DecodeError, Mismatch
from patchworks_core_client._models import annotations, mismatches, model_decoder
from patchworks_core_client._models.annotations import decoder
from patchworks_core_client._models.mismatches import Reporter
from patchworks_core_client._models.model import Model

from .examples import Containers, Scalars, Tag

PACKAGE = Tag.__module__
LOGGER = "patchworks_core_client"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING, LOGGER)
    return caplog


def decode(reporter: Reporter, value: Any, annotation: str = "list[Tag]", path: str = "data") -> Any:
    report = reporter.start()
    decoded = report.decode(decoder(annotation, PACKAGE), value, path)
    report.finish()
    return decoded


class TestLog:
    def test_warns_once_for_each_kind(self, log: pytest.LogCaptureFixture) -> None:
        reporter = Reporter()
        for _ in range(3):
            decode(reporter, [{"id": "x", "label": 1}] * 300 + [{"id": 1.5}, 7, 8])
        assert sorted(log.messages) == [
            "patchworks_core_client: Tag.id: int is described, float came; such values are kept as they came",
            "patchworks_core_client: Tag.id: int is described, str came; such values are kept as they came",
            "patchworks_core_client: Tag.label: str is described, int came; such values are kept as they came",
            "patchworks_core_client: Tag[]: Tag is described, int came; such values are kept as they came",
        ]
        assert {(record.name, record.levelno) for record in log.records} == {(LOGGER, logging.WARNING)}

    def test_a_value_that_only_is_another(self, log: pytest.LogCaptureFixture) -> None:
        decode(Reporter(), {"status": "Retired", "at": "yesterday", "mixed": 2}, "Scalars")
        decode(Reporter(), {"status": 1}, "Scalars")
        assert [message.partition(" is described, ")[2].partition(" came;")[0] for message in log.messages] == [
            *["an undocumented value (str)", "an undocumented value (str)", "an undocumented value (int)"],
            "int",
        ]

    def test_with_a_listener_as_well(self, log: pytest.LogCaptureFixture) -> None:
        found: list[Mismatch] = []
        reporter = Reporter(on_mismatch=found.append)
        for _ in range(2):
            decode(reporter, [{"id": "x"}] * 2)
        assert len(log.messages) == 1
        assert len(found) == 4

    def test_options_share_what_was_told_and_clients_do_not(self, log: pytest.LogCaptureFixture) -> None:
        reporter = Reporter()
        decode(reporter, [{"id": "x"}])
        decode(reporter.having(), [{"id": "x"}])
        decode(reporter.having(on_mismatch=lambda mismatch: None), [{"id": "x"}])
        assert len(log.messages) == 1
        decode(Reporter(), [{"id": "x"}])
        assert len(log.messages) == 2

    def test_not_in_strict_mode(self, log: pytest.LogCaptureFixture) -> None:
        with pytest.raises(DecodeError):
            decode(Reporter(strict=True), [{"id": "x"}])
        assert log.messages == []

    def test_memory_is_bounded(self, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mismatches, "MAX_KINDS", 2)
        values: list[Any] = [1.5, True, [], {}]
        body = [{"id": value, "label": value} for value in values]
        assert [tag.to_dict() for tag in decode(Reporter(), body)] == body
        assert len(log.messages) == 2

    def test_threads_that_decode_the_first_of_a_model_warn_once_together(
        self, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Fresh(Model):
            id: int

        together = threading.Barrier(2)

        def collect_with_the_other(base: type) -> Any:
            if base is Fresh:
                together.wait(10)
            return annotations.evaluator(base)

        monkeypatch.setattr(model_decoder, "evaluator", collect_with_the_other)
        reporter = Reporter()

        def decode_one(_: int) -> None:
            report = reporter.start()
            report.decode(annotations.decoder.__wrapped__(Fresh), {"id": "x"})
            report.finish()

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(decode_one, range(2)))
        assert len(log.messages) == 1

    def test_values_are_never_reported(self, log: pytest.LogCaptureFixture) -> None:
        body = {"at": "s3cr3t", "status": "s3cr3t", "level": "s3cr3t", "uuid": "s3cr3t"}
        found: list[Mismatch] = []
        Scalars.from_dict(body, on_mismatch=found.append)
        with pytest.raises(DecodeError) as caught:
            Scalars.from_dict(body, strict=True)
        assert len(found) == 4
        for text in (log.text, repr(found), str(caught.value), repr(caught.value)):
            assert "s3cr3t" not in text


class TestListener:
    def test_gets_each_with_its_path_in_the_body(self) -> None:
        found: list[Mismatch] = []
        body = [{"id": 1}, {"id": "x"}, {"label": 2, "id": True}, "no"]
        decode(Reporter(on_mismatch=found.append), body)
        # Within one object their order is that of the body or that of the class: whichever way it was decoded.
        assert sorted(found, key=lambda mismatch: mismatch.field) == [
            Mismatch("Tag", "data[1].id", "int", "str"),
            Mismatch("Tag", "data[2].id", "int", "bool"),
            Mismatch("Tag", "data[2].label", "str", "int"),
            Mismatch("Tag", "data[3]", "Tag", "str"),
        ]

    def test_of_one_part_of_a_body(self) -> None:
        found: list[Mismatch] = []
        reporter = Reporter(on_mismatch=found.append)
        decode(reporter, {"id": "x"}, "Tag")
        decode(reporter, {"id": "x"}, "Tag", path="")
        decode(reporter, [1], "Tag")
        decode(reporter, "x", "dict[str, int]", path="")
        assert found == [
            Mismatch("Tag", "data.id", "int", "str"),
            Mismatch("Tag", "id", "int", "str"),
            Mismatch("Tag", "data", "Tag", "list"),
            Mismatch("dict[str, int]", "", "dict[str, int]", "str"),
        ]

    def test_deep_paths(self) -> None:
        found: list[Mismatch] = []
        body = {"itself": {"tags": [{}, {"id": "x"}], "by_name": {"a": {"id": "x"}}, "matrix": [[], [1, "x"]]}}
        Containers.from_dict(body, on_mismatch=found.append)
        assert [mismatch.field for mismatch in found] == [
            "itself.tags[1].id",
            "itself.by_name.a.id",
            "itself.matrix[1][1]",
        ]

    def test_what_it_raises_goes_to_the_caller(self) -> None:
        def refuse(mismatch: Mismatch) -> None:
            raise ZeroDivisionError(mismatch.field)

        with pytest.raises(ZeroDivisionError, match=r"^id$"):
            Tag.from_dict({"id": "x"}, on_mismatch=refuse)
        assert Tag.from_dict({"id": "x"}).to_dict() == {"id": "x"}

    def test_hears_of_it_before_strict_mode_raises(self) -> None:
        found: list[Mismatch] = []
        with pytest.raises(DecodeError):
            Tag.from_dict({"id": "x"}, strict=True, on_mismatch=found.append)
        assert len(found) == 1


class TestStrict:
    def test_names_the_first_few_and_holds_all(self) -> None:
        with pytest.raises(DecodeError) as caught:
            decode(Reporter(strict=True), [{"id": "x"}] * 8)
        assert str(caught.value) == (
            "the body is not as described: "
            + "; ".join(f"data[{i}].id: int is described, str came" for i in range(5))
            + "; and 3 more"
        )
        assert len(caught.value.mismatches) == 8
        assert caught.value.response is None

    def test_the_error_is_the_callers_to_make(self) -> None:
        report = Reporter(strict=True).start()
        report.mismatch(Mismatch("Tag", "data", "list", "dict"))
        report.decode(decoder("Tag", PACKAGE), {"id": "x"}, "data")
        with pytest.raises(
            DecodeError, match=r"^GET /x: the body is not as described: data: list is described"
        ) as caught:
            report.finish(lambda message: DecodeError(f"GET /x: {message}"))
        assert [mismatch.field for mismatch in caught.value.mismatches] == ["data", "data.id"]

    def test_nothing_to_say(self) -> None:
        assert decode(Reporter(strict=True), [{"id": 1}, None]) == [Tag(id=1), None]
        assert decode(Reporter(strict=True), None) is None

    def test_options(self) -> None:
        reporter = Reporter(strict=True)
        assert decode(reporter.having(strict=False), {"id": "x"}, "Tag").id == "x"
        with pytest.raises(DecodeError):
            decode(reporter.having(), {"id": "x"}, "Tag")
        found: list[Mismatch] = []
        listening = Reporter(on_mismatch=found.append)
        decode(listening.having(on_mismatch=None), {"id": "x"}, "Tag")
        assert found == []
        decode(listening.having(strict=None), {"id": "x"}, "Tag")
        assert len(found) == 1


class TestEnvelope:
    def test_a_mismatch_outside_of_any_model(self, log: pytest.LogCaptureFixture) -> None:
        found: list[Mismatch] = []
        mismatch = Mismatch("Tag", "data", "list[Tag]", "dict")
        for reporter in (Reporter(), Reporter(on_mismatch=found.append)):
            for _ in range(2):
                report = reporter.start()
                report.mismatch(mismatch)
                report.finish()
        assert found == [mismatch] * 2
        assert (
            log.messages
            == [
                "patchworks_core_client: Tag.data: list[Tag] is described, dict came; such values are kept as they came"
            ]
            * 2
        )


class TestDecoder:
    def test_is_kept(self) -> None:
        assert decoder("list[Tag]", PACKAGE) is decoder("list[Tag]", PACKAGE)

    def test_of_a_class_and_of_plain_types(self) -> None:
        assert decoder(Tag)({"id": 1}) == Tag(id=1)
        assert decoder("dict[str, Any]")({"a": 1}) == {"a": 1}
        assert decoder("Any")([1]) == [1]
        assert decoder("Tag | None", PACKAGE)(None) is None
        assert decoder("list[Tag]", PACKAGE)("no") == "no"

    def test_many_of_one_form(self) -> None:
        body = [{"id": number, "label": "x", "new": number} for number in range(300)]
        for _ in range(3):
            decoded = decoder("list[Tag]", PACKAGE)([*body, {"label": "y", "id": 1, "new": 2}, {"id": 1}, None, 3])
            assert [tag.to_dict() for tag in decoded[:302]] == [*body, {"label": "y", "id": 1, "new": 2}, {"id": 1}]
            assert decoded[302:] == [None, 3]

    @pytest.mark.parametrize("annotation", ["Tga", "list[Nobody]"])
    def test_unknown_names(self, annotation: str) -> None:
        with pytest.raises(NameError, match="the annotation names"):
            decoder(annotation, PACKAGE)

    @pytest.mark.parametrize("annotation", ["object | set", "list[complex]", "tuple[int, ...]"])
    def test_types_of_python_that_json_has_not(self, annotation: str) -> None:
        with pytest.raises(TypeError, match="describes no JSON"):
            decoder(annotation, PACKAGE)

    def test_no_other_builtins(self) -> None:
        with pytest.raises(NameError, match="the annotation names 'print'"):
            decoder("print", PACKAGE)

    def test_what_does_not_come_from_json(self) -> None:
        with pytest.raises(TypeError, match="describes no JSON"):
            decoder(complex)
