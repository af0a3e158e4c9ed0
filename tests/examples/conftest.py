"""A local Patchworks for the programs under examples/."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from examples._local import API_KEY, local_patchworks
from tests.support.processes import unmeasured


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The URL of a local Patchworks that the tests of a file share."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - unmeasured().keys():
            patch.delenv(name)
        with local_patchworks() as url:
            yield url


@pytest.fixture
def environ(served: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment of a program that is to use it; gives the URL."""
    monkeypatch.setenv("PATCHWORKS_BASE_URL", served)
    monkeypatch.setenv("PATCHWORKS_API_KEY", API_KEY)
    return served
