from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from patchworks_core_client import FileTokenStore, _clock

from .support import TOKEN, AsyncFace, Face, MakeFace, SyncFace


@pytest.fixture(params=[AsyncFace, SyncFace], ids=["async", "sync"])
def make(request: pytest.FixtureRequest) -> Iterator[MakeFace]:
    faces: list[Face] = []

    def make_face(*args: Any, **options: Any) -> Face:
        faces.append(request.param(*args, **options))
        return faces[-1]

    yield make_face
    for face in faces:
        face.close()


class Clock:
    """A clock that stands still until it is moved, or waited on."""

    def __init__(self) -> None:
        self.time = 1_000_000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(_clock, "wall", clock)
    monkeypatch.setattr(_clock, "now", clock)
    monkeypatch.setattr(_clock, "sleep", clock.sleep)
    monkeypatch.setattr(_clock, "sleep_async", clock.sleep_async)
    return clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file for tokens, in a folder that is still to be made."""
    return tmp_path / "new" / "tokens.json"


@pytest.fixture
def kept(path: Path) -> Path:
    """The same file, with a token in it."""
    FileTokenStore(path).save("me", TOKEN)
    return path
