from __future__ import annotations

import pytest

from .support import AsyncReader, Reader, SyncReader


@pytest.fixture(params=[AsyncReader, SyncReader], ids=["async", "sync"])
def reader(request: pytest.FixtureRequest) -> Reader:
    kind: type[Reader] = request.param
    return kind()
