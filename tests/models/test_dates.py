"""Dates: every form that PHP and Laravel send, and nothing else."""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from tests.support.cases import cases

from .examples import Scalars

PLAIN = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
IST = timezone(timedelta(hours=5, minutes=30))
READ = {
    "2025-01-02T03:04:05Z": PLAIN,
    "2025-01-02T03:04:05.000000Z": PLAIN,
    "2025-01-02T03:04:05+00:00": PLAIN,
    "2025-01-02T03:04:05.123456Z": PLAIN.replace(microsecond=123456),
    "2025-01-02T03:04:05.1234567Z": PLAIN.replace(microsecond=123456),
    "2025-01-02T03:04:05,5Z": PLAIN.replace(microsecond=500000),
    "2025-01-02T03:04:05+05:30": PLAIN.replace(tzinfo=IST),
    "2025-01-02T03:04:05+0530": PLAIN.replace(tzinfo=IST),
    "2025-01-02T03:04:05-03": PLAIN.replace(tzinfo=timezone(timedelta(hours=-3))),
    "2025-01-02 03:04:05": PLAIN,
    "2025-01-02 03:04:05.5": PLAIN.replace(microsecond=500000),
    "2025-01-02T03:04:05": PLAIN,
    "2025-01-02 03:04:05+00:00": PLAIN,
    "2025-01-02T03:04Z": PLAIN.replace(second=0),
    "2025-01-02T03Z": PLAIN.replace(minute=0, second=0),
    "2025-01-02T030405Z": PLAIN,
    "2025-01-02": PLAIN.replace(hour=0, minute=0, second=0),
    "2025-01-02T24:00:00Z": datetime(2025, 1, 3, tzinfo=UTC),
    "2025-01-02T24:00": datetime(2025, 1, 3, tzinfo=UTC),
    "0001-01-01T00:00:00Z": datetime(1, 1, 1, tzinfo=UTC),
    "9999-12-31T23:59:59Z": datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    "2024-02-29T00:00:00Z": datetime(2024, 2, 29, tzinfo=UTC),
}
KEPT = [
    "",
    "1234",
    "2025",
    "2025-01",
    "20250102",
    "20250102T030405Z",
    "2025-W01-1",
    "2025-W01-1T10:00Z",
    "2025W01",
    "2025W01-10:00Z",
    "2025-002",
    "2025-1-2",
    "02-01-2025",
    "2025/01/02",
    "2025-13-01",
    "2025-02-30",
    "2025-02-30T00:00:00Z",
    "0000-00-00 00:00:00",
    "0000-01-01T00:00:00Z",
    "2025-01-02T03:04:60Z",
    "2025-01-02T25:00:00Z",
    "2025-01-02T24:00:01Z",
    "2025-01-02T03:04:05+99:00",
    "2025-01-02T03:04:05+24:00",
    "9999-12-31T24:00",
    "2025-01-02T03:04:05Z and more",
    "2025-01-02T03:04:05Z" + " " * 100,
    "-2025-01-02",
    "+2025-01-02",
    "\u0662\u0660\u0662\u0665-01-02",
    "2025-01-02T\u0660\u0663:04:05Z",
    "now",
    "2025-01-02\x00",
    "\ud800",
]


@pytest.mark.parametrize("compiled", [False, True])
@cases("text", READ)
def test_dates_are_read_as_aware_moments(text: str, compiled: bool) -> None:
    made = Scalars.from_dict({"at": text, "name": "x"} if compiled else {"at": text}, strict=True)
    assert made.at == READ[text]
    assert isinstance(made.at, datetime)
    assert made.at.utcoffset() == READ[text].utcoffset()
    assert made["at"] == text
    assert pickle.loads(pickle.dumps(made.at)) == made.at
    assert type(made.at.tzinfo) is timezone


@pytest.mark.parametrize("compiled", [False, True])
@cases("text", KEPT)
def test_other_text_is_kept(text: str, compiled: bool) -> None:
    made = Scalars.from_dict({"at": text, "day": text, "name": "x"} if compiled else {"at": text, "day": text})
    assert made.to_dict() == {**made.to_dict(), "at": text, "day": text}
    assert [vars(made)["at"], vars(made)["day"]] == [text, text]


@pytest.fixture(autouse=True)
def _compiled() -> None:
    for names in ({"at": PLAIN.isoformat(), "name": "x"}, {"at": "", "day": "", "name": "x"}):
        for _ in range(120):
            Scalars.from_dict(names)


@given(st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]?[0-9:]{0,8}[.,]?[0-9]{0,7}(Z|[+-][0-9:]{0,6})?"))
def test_no_text_raises(text: str) -> None:
    for names in ({"name": "x"}, {}):
        at = Scalars.from_dict({"at": text, **names}).at
        assert at == text or (isinstance(at, datetime) and at.tzinfo is not None)


def test_dateutil_is_imported_for_odd_dates_only() -> None:
    code = """
import sys
from patchworks_core_client._models.dates import read_datetime as read
read("2025-01-02 03:04:05"), read("0000-00-00 00:00:00"), read("soon"), read("1234")
assert "dateutil" not in sys.modules
assert read("2025-01-02T24:00") is not None
assert "dateutil" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
