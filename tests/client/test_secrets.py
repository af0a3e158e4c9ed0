"""No secret is seen, in whatever way it is looked at: in frames, cut, formatted, joined, or walked through."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from patchworks_core_client import APIConnectionError, AsyncPatchworks, AuthenticationError, PatchworksError
from patchworks_core_client._http.secret import Secret, SecretBytes
from patchworks_core_client._operations.operation import Call, Operation, Shape
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import CLOSE, RESET, STALL, Steps, head, reply

KEY = "LIVEKEY-" + "A1b2C3d4E5" * 12
VALUE = "VALUE-" + "f6g7h8i9j0" * 12
PROBES = ("LIVEKEY-A1b2", "VALUE-f6g7")


def values_in(value: Any, depth: int = 0) -> Iterator[str]:
    """What a tool shows that walks through containers, cuts what is long, and prints the rest."""
    if isinstance(value, str | bytes):
        yield repr(value[:80])
        yield repr(value)
    elif isinstance(value, dict) and depth < 6:
        for key, item in value.items():
            yield from values_in(key, depth + 1)
            yield from values_in(item, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset) and depth < 6:
        yield repr(value)
        for item in value:
            yield from values_in(item, depth + 1)
    else:
        yield repr(value)


def leaks(error: BaseException | None, within: str = "/patchworks_core_client/") -> list[str]:
    """The frames of the package that show a secret, in an error and in what stands behind it.

    Args:
        error: what was raised.
        within: a part of the paths of the files whose frames are looked at.
    """
    found: list[str] = []
    while error is not None:
        for frame, line in traceback.walk_tb(error.__traceback__):
            if within not in frame.f_code.co_filename:
                continue
            for name, value in frame.f_locals.items():
                if any(probe in text for text in values_in(value) for probe in PROBES):
                    found.append(f"{frame.f_code.co_filename}:{line} {name}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


ANSWERS: dict[str, Steps] = {
    "500": reply(500, json={"message": f"what is {KEY} and {VALUE}?", "errors": {"value": [VALUE]}}),
    "401": reply(401, json={"message": KEY}),
    "reset": [RESET],
    "close": [head(200, {"Content-Length": "100"}) + b"{", CLOSE],
    "no JSON": reply(200, body=f"<p>{VALUE}</p>".encode()),
    "another shape": reply(json={"data": [{"value": VALUE}]}),
    "too large": reply(json={"value": VALUE * 1000}),
    "redirect": reply(302, headers={"Location": f"https://u:{KEY}@x.example/?{VALUE}"}),
}


@pytest.mark.untraced
@cases("answer", ANSWERS)
def test_no_frame_of_a_failing_call_shows_a_secret(
    open_driver: Open, server: FaultServer, clock: FakeClock, answer: str
) -> None:
    server.default = ANSWERS[answer]
    driver = open_driver(server.url, api_key=KEY, max_response_bytes=50_000, strict=True)
    pw = driver.pw.virtual_environment_versions
    calls = [
        lambda: pw.create_variable(1, type="string", key="k", value=VALUE, fallback=VALUE, secret=True),
        lambda: pw.create_variable(1, body={"type": "string", "key": "k", "value": VALUE, "secret": True}),
        lambda: pw.update_variable(1, 2, value=VALUE, headers={"Authorization": f"Bearer {KEY}"}),
        lambda: driver.pw.request("POST", "/x", json={"value": VALUE}, headers={"X-Api-Key": KEY}),
    ]
    for number, call in enumerate(calls):
        if answer == "another shape" and number == 3:
            continue  # Nothing is described there.
        with pytest.raises(PatchworksError) as caught:
            driver.run(call())
        assert leaks(caught.value) == [], number
        assert not any(probe in f"{caught.value}{caught.value!r}" for probe in PROBES)


@cases(
    "arguments",
    [
        {"body": {"value": VALUE}, "value": VALUE},
        {"value": VALUE, "headers": {"X-A": f"{KEY}\n"}},
        {"value": VALUE, "headers": {"Transfer-Encoding": KEY}},
        {"value": VALUE, "params": {"q": object()}},
        {"value": VALUE, "timeout": -1},
        {"value": VALUE, "type": object()},
    ],
)
def test_no_frame_of_a_refused_call_shows_a_secret(
    open_driver: Open, server: FaultServer, arguments: dict[str, Any]
) -> None:
    server.requests.clear()
    driver = open_driver(server.url, api_key=KEY)
    with pytest.raises((TypeError, ValueError)) as caught:
        driver.run(driver.pw.virtual_environment_versions.create_variable(1, **arguments))
    assert leaks(caught.value) == []
    assert server.requests == []


@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
@pytest.mark.parametrize("answer", [[STALL], [head(200, {"Content-Length": "100"}) + b"{", STALL]])
async def test_no_frame_of_a_cancelled_call_shows_a_secret(server: FaultServer, transport: Any, answer: Steps) -> None:
    server.default = answer
    async with AsyncPatchworks(api_key=KEY, base_url=server.url, transport=transport) as pw:
        call = asyncio.create_task(pw.virtual_environment_versions.create_variable(1, value=VALUE))
        await asyncio.to_thread(server.wait_for, 1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await call
    assert leaks(caught.value) == []
    # Nor do those of the libraries.
    assert leaks(caught.value, within="/site-packages/") == []


def test_no_frame_of_a_failing_login_shows_a_password(open_driver: Open, server: FaultServer, clock: FakeClock) -> None:
    for answer in (reply(403, json={"message": KEY}), reply(500), [RESET], reply(json={"token": ""}), reply(body=b"?")):
        server.default = answer
        driver = open_driver(server.url, username="u", password=KEY, login_url=f"{server.url}/login")
        with pytest.raises(PatchworksError) as caught:
            driver.request("GET")
        assert leaks(caught.value) == []
        assert PROBES[0] not in str(caught.value)
    server.default = reply(json={"access_token": KEY, "message": KEY})
    with pytest.raises(AuthenticationError, match=r"without a token: \*\*\*\. Check") as caught:
        open_driver(server.url, username="u", password=KEY, login_url=f"{server.url}/login").request("GET")
    assert leaks(caught.value) == []


def test_a_listener_that_fails_shows_its_own_frames_and_no_body(open_driver: Open, server: FaultServer) -> None:
    def fail(_: object) -> None:
        raise ValueError("mine")

    server.default = reply(json={"data": {"id": "x", "value": VALUE}})
    driver = open_driver(server.url, on_mismatch=fail)
    with pytest.raises(ValueError, match="mine") as caught:
        driver.run(driver.pw.virtual_environment_versions.create_variable(1, value=VALUE))
    assert leaks(caught.value) == []
    assert [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)][-1] == "fail"


def test_the_password_of_a_proxy_is_nowhere(
    open_driver: Open, server: FaultServer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    no_certificates = tmp_path / "none.pem"
    no_certificates.touch()
    server.default = reply(407)
    proxy = f"http://user:{KEY}@127.0.0.1:{server.port}"
    given = open_driver("https://api.invalid", proxy=proxy, max_retries=0)
    settings = given.pw._shared.settings
    seen = [*vars(settings).values(), *vars(settings.connection).values()]
    assert not any(probe in text for text in values_in(seen) for probe in PROBES)
    monkeypatch.setenv("https_proxy", proxy)
    of_environment = open_driver("https://api.invalid", max_retries=0)
    for driver in (given, of_environment, open_driver("https://api.invalid", proxy=proxy, verify=no_certificates)):
        with pytest.raises(PatchworksError) as caught:
            driver.request("GET")
        assert leaks(caught.value) == []


def test_a_hook_that_fails_shows_nothing_of_ours(open_driver: Open, server: FaultServer) -> None:
    def fail(_: object) -> None:
        raise KeyError("mine")

    driver = open_driver(server.url, api_key=KEY, on_request=fail)
    with pytest.raises(KeyError) as caught:
        driver.run(driver.pw.virtual_environment_versions.create_variable(1, value=VALUE))
    assert leaks(caught.value) == []


def test_a_secret_is_no_text() -> None:
    secret = Secret(KEY)
    assert secret.reveal() == KEY
    assert f"{secret}{secret!r}{secret!s}%s" % secret == "***" * 4
    assert str([secret, {"a": secret}]) == "[***, {'a': ***}]"
    assert (secret == Secret(KEY), secret == KEY, secret == Secret("x"), bool(Secret(""))) == (
        True,
        False,
        False,
        False,
    )
    assert len({secret, Secret(KEY)}) == 1
    for use in (iter, len, "".join, lambda value: value[:80], lambda value: value + "x"):
        with pytest.raises(TypeError):
            use(secret)  # type: ignore[arg-type]


def test_secret_bytes_show_nothing_of_themselves() -> None:
    secret = SecretBytes(KEY.encode())
    shown = [
        str(secret),
        repr(secret),
        f"{secret}",
        repr(secret[:80]),
        repr(secret[0]),
        repr(list(secret)),
        repr([secret]),
    ]
    assert not any(probe in text for text in shown for probe in PROBES)
    assert b"".join([b"a: ", secret]) == b"a: " + KEY.encode(), "what sends it gets it whole"


def test_a_call_is_not_walked_through() -> None:
    call: Call[Any] = Call(Operation("POST", "/x", Shape("json")), fields={"value": VALUE}, headers={"X-A": KEY})
    assert repr(call) == "<Call POST /x>"
    with pytest.raises(TypeError):
        iter(call)  # type: ignore[call-overload]


def test_a_driver_is_there(driver: Driver) -> None:
    with pytest.raises(APIConnectionError):
        driver.request("GET", timeout=1e-9)
