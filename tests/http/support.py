"""A client of the caller's own, for `http_client=`."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.driver import Kind
from tests.support.plain_http import PLAIN_HTTP

# With a client of the caller's, that decides how things are sent.
own = pytest.mark.parametrize("kind", ["httpx", "sync"], indirect=True)


def own_client(kind: Kind, **options: Any) -> Any:
    options.setdefault("verify", PLAIN_HTTP)
    return httpx.Client(**options) if kind == "sync" else httpx.AsyncClient(**options)


def close_own(driver: Any, mine: Any) -> None:
    driver.run(mine.close() if driver.kind == "sync" else mine.aclose())


class OfTheHook(Exception):
    """What a hook raises."""
