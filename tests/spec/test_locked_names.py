"""The lock: one line for each operation, read strictly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.openapi.errors import PipelineError
from scripts.openapi.operations import operation_key
from scripts.spec.naming.locked_names import LockedName, lock_text, read_lock
from tests.support.cases import cases

LIST = LockedName("get", "/api/v1/things", "things", "list", "list_things", ("things",), "", "T", (("sort", "S"),))
GET = LockedName("get", "/api/v1/things/{thing}", "things", "get", "get_thing", ("things", "more"), "", "Thing")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    file.write_text(lock_text({entry.key: entry for entry in (LIST, GET)}))
    assert read_lock(file) == {LIST.key: LIST, GET.key: GET}
    lines = file.read_text().splitlines()
    assert len(lines) == 4
    assert lines[1].startswith(
        '  "GET /api/v1/things/{thing}": {"name": "things.get", "module": "get_thing", "pages": '
    )


def test_names_in_braces_may_change() -> None:
    assert GET.key == operation_key("get", "/api/v1/things/{id}")
    assert GET.key != operation_key("put", "/api/v1/things/{thing}")


def test_no_lock_yet(tmp_path: Path) -> None:
    assert read_lock(tmp_path / "lock") == {}
    assert lock_text({}) == "{}\n"
    assert json.loads(lock_text({LIST.key: LIST}))


@cases(
    "text",
    [
        "{",
        "[]",
        '{"GET /a": {}}',
        '{"GET": {"name": "a.b", "module": "c", "pages": []}}',
        '{"GET /a": {"name": "ab", "module": "c", "pages": []}}',
        '{"GET /a": {"name": "a.b c", "module": "c", "pages": []}}',
        '{"GET /a": {"name": "a.b", "module": "../c", "pages": []}}',
        '{"GET /a": {"name": "a.ä", "module": "c", "pages": []}}',
        '{"GET /a": {"name": "a.b", "module": "c", "pages": [1]}}',
        '{"GET /a": {"name": "a.b", "module": "c", "pages": [], "enumerations": ["A"]}}',
        '{"GET /a": {"name": "a.b", "module": "c", "pages": [], "answer": "../A"}}',
        '{"GET /a": {"name": "a.b", "module": "c", "pages": [], "answer": 1}}',
        '{"GET /a": {"name": "a.b", "module": "c", "pages": [], "enumerations": {"sort": "a.b"}}}',
    ],
)
def test_files_that_are_no_lock(tmp_path: Path, text: str) -> None:
    file = tmp_path / "lock"
    file.write_text(text)
    with pytest.raises(PipelineError, match=r"^lock, #"):
        read_lock(file)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "lock").write_bytes(b"\xff")
    with pytest.raises(PipelineError, match="cannot be read"):
        read_lock(tmp_path / "lock")
