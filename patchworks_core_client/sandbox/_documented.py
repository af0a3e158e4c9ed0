"""The letter of the pages: what is sent as they describe it, even where the real one differs."""

from __future__ import annotations

from typing import Any


def as_documented(operation: str, answer: dict[str, Any]) -> dict[str, Any]:
    """An answer in the documented form."""
    del operation
    return answer
