"""A first look at models: replaced by the tests beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from patchworks_core_client._model import Model, field, model


@model
class Version(Model):
    id: int | None = None
    at: datetime | None = None
    from_: str | None = field(default=None, wire="from")
    kids: list[Version] | None = None


def test_what_matches_is_typed_and_everything_comes_back() -> None:
    body: dict[str, Any] = {"id": 1, "at": "2025-01-01 10:00:00", "from": "x", "kids": [{"id": "a"}, 3], "to_dict": 1}
    version = Version.from_dict(body)
    assert version.at == datetime(2025, 1, 1, 10, tzinfo=UTC)
    assert version.from_ == "x"
    assert version.to_dict() == body
