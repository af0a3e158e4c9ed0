"""Logins of both clients, over real sockets."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from patchworks_core_client import (
    APITimeoutError,
    AsyncPatchworks,
    AuthenticationError,
    ClientStateError,
    FileTokenStore,
    Patchworks,
    RateLimitError,
    ServerError,
)
from tests.support.api_server import ApiServer, api_server

from .conftest import Clock

PASSWORD = "correct horse"
PATH = "/api/v1/virtual-environments"


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with api_server() as server:
        yield server


def options(server: ApiServer, **more: Any) -> dict[str, Any]:
    login = {"username": "me@example.com", "password": PASSWORD, "login_url": f"{server.url}/login"}
    return {"base_url": server.url, **login, **more}


def held_logins(server: ApiServer) -> threading.Event:
    """Logins are answered once this is set, or the test has failed for good."""
    release = threading.Event()

    def delay(path: str, _: object) -> float:
        if path == "/login" and not release.wait(30):
            release.set()
        return 0.0

    server.delay = delay
    return release


class AsyncCaller:
    """Calls an asynchronous client from code that waits for it."""

    def __init__(self, **options: Any) -> None:
        self._runner = asyncio.Runner()
        self._client = AsyncPatchworks(**options)

    def call(self, method: str = "GET", **arguments: Any) -> Any:
        return self._runner.run(self._client.request(method, PATH, **arguments))

    def calls(self, count: int) -> list[Any]:
        async def run() -> list[Any]:
            calls = (self._client.request("GET", PATH) for _ in range(count))
            return await asyncio.gather(*calls, return_exceptions=True)

        return self._runner.run(run())

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


class SyncCaller:
    def __init__(self, **options: Any) -> None:
        self._client = Patchworks(**options)

    def call(self, method: str = "GET", **arguments: Any) -> Any:
        return self._client.request(method, PATH, **arguments)

    def calls(self, count: int) -> list[Any]:
        def one(_: int) -> Any:
            try:
                return self.call()
            except Exception as error:
                return error

        with ThreadPoolExecutor(count) as threads:
            return list(threads.map(one, range(count)))

    def close(self) -> None:
        self._client.close()


@pytest.fixture(params=[AsyncCaller, SyncCaller], ids=["async", "sync"])
def make(request: pytest.FixtureRequest) -> Iterator[Any]:
    made: list[Any] = []

    def make_caller(server: ApiServer, **more: Any) -> Any:
        made.append(request.param(**options(server, **more)))
        return made[-1]

    yield make_caller
    for caller in made:
        caller.close()


@pytest.mark.parametrize("form", ["username", "email"])
def test_a_client_logs_in_when_it_first_has_to(make: Any, server: ApiServer, form: str) -> None:
    caller = make(server, login_form=form)
    assert server.logins == []
    assert caller.call()["meta"]["current_page"] == 1
    caller.call()
    assert server.logins == [{form: "me@example.com", "password": PASSWORD}]
    assert [call[3] for call in server.calls] == ["Bearer token-1"] * 2


@pytest.mark.untraced
def test_fifty_calls_at_once_make_one_login(make: Any, server: ApiServer) -> None:
    server.delay = lambda path, _: 0.05 if path == "/login" else 0.0
    results = make(server).calls(50)
    assert Counter(type(result) for result in results) == {dict: 50}
    assert len(server.logins) == 1


@pytest.mark.untraced
def test_fifty_calls_whose_token_was_revoked_make_one_login_and_are_sent_again(make: Any, server: ApiServer) -> None:
    caller = make(server)
    caller.call()
    server.valid.clear()
    server.delay = lambda path, _: 0.05 if path == "/login" else 0.0
    results = caller.calls(50)
    assert Counter(type(result) for result in results) == {dict: 50}
    assert len(server.logins) == 2
    used = Counter(call[3] for call in server.calls[1:])
    assert used["Bearer token-2"] == 50
    assert used["Bearer token-1"] <= 50


def test_a_post_is_sent_again_with_the_new_token(make: Any, server: ApiServer) -> None:
    caller = make(server)
    caller.call()
    server.valid.clear()
    assert caller.call("POST", json={"name": "x"}) == {"data": {"id": 1}}
    assert [call[3] for call in server.calls[1:]] == ["Bearer token-1", "Bearer token-2"]


def test_a_new_token_that_is_refused_too_ends_the_call(make: Any, server: ApiServer) -> None:
    server.answer_call = lambda *_: (401, {}, {"message": "Unauthenticated."})
    caller = make(server)
    with pytest.raises(AuthenticationError) as caught:
        caller.call()
    assert caught.value.status_code == 401
    assert len(server.logins) == 2
    assert len(server.calls) == 2


def test_a_login_that_gives_the_refused_token_again_ends_the_call(make: Any, server: ApiServer) -> None:
    server.answer_login = lambda _: (200, {}, {"token": "the-same"})
    server.answer_call = lambda *_: (401, {}, {"message": "Unauthenticated."})
    with pytest.raises(AuthenticationError):
        make(server).call()
    assert len(server.logins) == 2
    assert [call[3] for call in server.calls] == ["Bearer the-same"]


def test_a_login_that_is_refused(make: Any, server: ApiServer) -> None:
    server.answer_login = lambda _: (422, {}, {"message": f"Not with {PASSWORD}.", "errors": {"password": ["no"]}})
    with pytest.raises(AuthenticationError) as caught:
        make(server).call()
    text = str(caught.value)
    assert f"me@example.com at {server.url.removeprefix('http://')}" in text
    assert PASSWORD not in text + repr(caught.value)
    assert caught.value.errors == {"password": ["no"]}
    assert len(server.logins) == 1
    assert server.calls == []


def test_a_429_of_the_login_is_waited_for(make: Any, server: ApiServer, clock: Clock) -> None:
    good = server.answer_login
    server.answer_login = lambda number: (429, {"retry-after": "1"}, {}) if number == 1 else good(number)
    make(server).call()
    assert len(server.logins) == 2
    assert clock.waits == [1.0]


def test_a_429_of_the_login_that_asks_for_too_much(make: Any, server: ApiServer) -> None:
    server.answer_login = lambda _: (429, {"retry-after": "120"}, {"message": "Too many logins."})
    caller = make(server)
    with pytest.raises(RateLimitError) as caught:
        caller.call()
    assert caught.value.retry_after == 120.0
    assert len(server.logins) == 1


def test_a_login_that_fails_is_not_sent_again_blindly(make: Any, server: ApiServer) -> None:
    server.answer_login = lambda _: (500, {}, b"<html>")
    with pytest.raises(ServerError):
        make(server).call()
    assert len(server.logins) == 1


def test_a_slow_login_does_not_outlast_the_time_of_a_call(make: Any, server: ApiServer) -> None:
    release = held_logins(server)
    caller = make(server)
    with pytest.raises(APITimeoutError) as caught:
        caller.call("POST", json={}, timeout=0.1)
    assert not release.is_set(), "the login has not been answered yet"
    release.set()
    assert caught.value.may_have_taken_effect is False
    assert server.calls == []


def test_a_fleet_of_clients_with_one_file_logs_in_once(make: Any, server: ApiServer, tmp_path: Path) -> None:
    server.answer_login = lambda number: (200, {}, {"token": f"token-{number}", "expires_in": 86_400})
    for _ in range(3):
        make(server, token_store=FileTokenStore(tmp_path / "tokens.json")).call()
    assert len(server.logins) == 1


async def test_a_login_that_one_call_has_no_time_for_is_there_for_the_next_one(server: ApiServer) -> None:
    release = held_logins(server)
    async with AsyncPatchworks(**options(server)) as pw:
        with pytest.raises(APITimeoutError):
            await pw.request("GET", PATH, timeout=0.05)
        release.set()
        await pw.with_options(max_retries=0).request("GET", PATH)
    assert len(server.logins) == 1


async def test_closing_while_logging_in(server: ApiServer) -> None:
    release = held_logins(server)
    pw = AsyncPatchworks(**options(server))
    calls = [asyncio.create_task(pw.request("GET", PATH)) for _ in range(3)]
    await asyncio.sleep(0.1)
    await pw.aclose()
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(result) for result in results] == [ClientStateError] * 3
    assert not release.is_set(), "the login has not been answered yet"
    release.set()


def test_no_secret_in_what_a_client_shows(make: Any, server: ApiServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "patchworks_core_client")
    caller = make(server)
    caller.call()
    server.answer_call = lambda *_: (500, {}, {"message": f"{PASSWORD} token-1"})
    with pytest.raises(ServerError) as caught:
        caller.call("POST", json={})
    shown = caplog.text + str(caught.value) + repr(caller._client) + repr(caught.value.response)
    assert PASSWORD not in shown
    assert "token-1" not in shown


def test_threads_end(server: ApiServer) -> None:
    before = threading.active_count()
    with Patchworks(**options(server)) as pw:
        pw.request("GET", PATH)
    deadline = time.monotonic() + 5.0
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before
