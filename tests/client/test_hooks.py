"""Which functions are taken as hooks and as listeners."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.fault_server import FaultServer
from tests.support.replies import reply

from .support import Client, coroutine_function


class AsyncHook:
    async def __call__(self, _: object) -> None:
        """What has to be awaited."""


ASYNC = [coroutine_function, AsyncHook(), functools.partial(coroutine_function), functools.partial(AsyncHook())]


@cases("hook", ASYNC)
def test_an_asynchronous_hook_is_for_the_asynchronous_client(hook: Any) -> None:
    for name in ("on_request", "on_response"):
        with pytest.raises(TypeError, match=f"^{name}= takes a plain function here"):
            Patchworks(api_key="k", **{name: hook})
        AsyncPatchworks(api_key="k", **{name: hook})


def generator(_: object) -> Iterator[int]:
    yield 1


async def async_generator(_: object) -> AsyncIterator[int]:
    yield 1


class Generating:
    def __call__(self, _: object) -> Iterator[int]:
        yield 1


@cases("name", ["on_request", "on_response", "on_mismatch"])
@cases("hook", [generator, async_generator, Generating(), functools.partial(async_generator)])
def test_a_generator_is_no_hook(client: Client, hook: Any, name: str) -> None:
    with pytest.raises(TypeError, match=f"^{name}= takes a plain function here"):
        client(api_key="k", **{name: hook})


def test_a_listener_that_only_turns_out_to_be_asynchronous(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(server.url, on_mismatch=lambda mismatch: coroutine_function(mismatch or None))
    server.default = reply(json={"data": {"id": "one"}})
    with pytest.raises(TypeError, match=r"^on_mismatch= takes a plain function here"):
        driver.run(driver.pw.virtual_environments.get(1))


class Awaitable:
    def __await__(self) -> Any:
        raise AssertionError("nobody awaits this")


@pytest.mark.parametrize("hook", [lambda request: coroutine_function(request or None), lambda _: Awaitable()])
@pytest.mark.parametrize("name", ["on_request", "on_response"])
def test_what_only_turns_out_to_be_asynchronous(server: FaultServer, hook: Any, name: str) -> None:
    with (
        Patchworks(api_key="k", base_url=server.url, **{name: hook}) as pw,
        pytest.raises(TypeError, match=f"^{name}= takes a plain function here"),
    ):
        pw.request("GET", "/x")
    assert len(server.requests) == (name == "on_response")
