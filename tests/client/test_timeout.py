"""`timeout=`: which values are one, and which are as good as none."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.fault_server import FaultServer
from tests.support.replies import reply


def test_the_time_out_of_an_http_client_holds_unless_another_is_given() -> None:
    with httpx.Client(timeout=httpx.Timeout(1, read=2)) as own:
        with Patchworks(api_key="k", http_client=own) as pw:
            limits = pw._calls.options.limits
            assert (limits.total, limits.steps["read"], limits.steps["connect"]) == (None, 2, 1)
        for timeout, total in ((30.0, 30.0), (7, 7.0), (None, None)):
            with Patchworks(api_key="k", http_client=own, timeout=timeout) as pw:
                limits = pw._calls.options.limits
                assert (limits.total, limits.steps["read"]) == (total, None)


@pytest.mark.parametrize("client", [AsyncPatchworks, Patchworks])
@cases(
    ("timeout", "error", "message"),
    [
        (0, ValueError, "timeout= must be above 0 seconds, not 0; None is no limit"),
        (float("nan"), ValueError, "timeout= must be above 0 seconds, not nan"),
        ("5", TypeError, "timeout= takes seconds, an httpx.Timeout or None, not a str"),
        (httpx.Timeout, TypeError, "timeout= takes seconds, an httpx.Timeout or None, not the class Timeout"),
        (httpx.Timeout(5, read=-1), ValueError, "read= of timeout= must be above 0 seconds, not -1"),
        (httpx.Timeout(5, pool=0), ValueError, "pool= of timeout= must be above 0 seconds, not 0"),
        (httpx.Timeout(5, connect="1"), TypeError, "connect= of timeout= takes seconds or None, not a str"),  # type: ignore[arg-type]
        (httpx.Timeout(5, write=True), TypeError, "write= of timeout= takes seconds or None, not a bool"),
    ],
)
def test_a_time_out_that_is_none(client: Any, timeout: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=re.escape(message)):
        client(api_key="k", timeout=timeout)


@cases("timeout", [None, float("inf"), 10**400, 0.001, httpx.Timeout(None), httpx.Timeout(5)])
def test_a_time_out_that_is_one(timeout: Any) -> None:
    Patchworks(api_key="k", timeout=timeout).close()


STEPS = [httpx.Timeout(1e20), httpx.Timeout(float("inf")), httpx.Timeout(5, read=1e12)]
LONG = [1e10, 1e300, 10**400, float("inf"), *STEPS]


@cases("timeout", LONG)
def test_a_number_that_is_as_good_as_no_limit_is_none(open_driver: Open, server: FaultServer, timeout: Any) -> None:
    driver = open_driver(server.url, timeout=timeout, max_response_bytes=10**30)
    server.default = reply(json={"data": 1}, compressed=True)
    assert driver.request("POST", json={}) == {"data": 1}


def test_a_client_of_your_own_that_waits_for_ever(server: FaultServer) -> None:
    mine = httpx.Client(timeout=float("inf"))
    with mine, Patchworks(api_key="k", base_url=server.url, http_client=mine) as pw:
        assert pw.request("GET", "/x") == {"data": {"ok": True}}
