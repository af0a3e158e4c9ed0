"""Text from outside is shown safely: nothing in it acts on a terminal, looks like another text, or is a secret."""

from __future__ import annotations

import contextlib
import json
import logging
import unicodedata
from collections.abc import Callable, Generator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from patchworks_core_client import APIStatusError, PatchworksError, UnprocessableEntityError
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import Steps, head, reply

HOSTILE = "\x1b]0;owned\x07\x1b[2J\r\n\x00\x7f\x9b\u202eevil\u2066\u200b\u2028\ufeff\U000e0041\ud800"
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def hidden_in(text: str) -> list[str]:
    return [character for character in text if character != "\n" and unicodedata.category(character) in HIDDEN]


def test_escapes_are_shown_as_such(
    driver: Driver, server: FaultServer, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "patchworks_core_client")
    body = {"message": HOSTILE, "errors": {HOSTILE: [HOSTILE, [HOSTILE], {HOSTILE: 1}]}}
    server.default = reply(422, json=body, headers={"X-Request-Id": "\x1b[2Jid\x07\x9b"})
    with pytest.raises(UnprocessableEntityError) as caught:
        driver.request("POST")
    error = caught.value
    shown = [str(error), repr(error), error.message, error.request_id or "", *caplog.messages]
    shown += [*error.errors, *(text for texts in error.errors.values() for text in texts)]
    assert hidden_in("".join(shown)) == []
    assert "\n" not in "".join(shown)
    assert "\\x1b]0;owned\\x07\\x1b[2J" in str(error)
    assert "\\u202eevil\\u2066\\u200b" in str(error)
    assert "(request id \\x1b[2Jid\\x07\\x9b)" in str(error)
    assert error.body == json.loads(json.dumps(body)), "what is there to be worked with stays as it is"


@pytest.mark.untraced
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(text=st.text(max_size=60), status=st.sampled_from([302, 400, 404, 422, 503]))
def test_any_text(driver: Driver, server: FaultServer, text: str, status: int) -> None:
    server.default = reply(status, json={"message": text, "errors": {text: text}})
    with pytest.raises(APIStatusError) as caught:
        driver.request("POST")
    assert hidden_in(f"{caught.value}{caught.value!r}{caught.value.errors}") == []


@cases(
    "answer",
    [
        [head(302, [("Location", "https://x.example/\x1b[2J\x9b"), ("Content-Length", "0")])],
        [head(200, [("Content-Encoding", "\x1b[2J"), ("Content-Length", "2")]) + b"{}"],
        [head(500, [("Retry-After", "\x1b[2J"), ("Content-Length", "0")])],
        [b"HTTP/1.1 \x1b[2J\r\n\r\n"],
        [b"\x1b[2J\x1b[2J\r\n\r\n"],
        [head(200, [("Content-Length", "\x1b[2J")]) + b"{}"],
    ],
)
def test_heads_that_hold_escapes(driver: Driver, server: FaultServer, clock: FakeClock, answer: list[bytes]) -> None:
    server.default = list(answer)
    with contextlib.suppress(PatchworksError):
        driver.request("POST")
        return  # What is odd in a head that can be read is no error of ours.
    with pytest.raises(PatchworksError) as caught:
        driver.request("POST")
    assert hidden_in(f"{caught.value}{caught.value!r}") == []


def test_a_link_to_a_host_with_marks_in_it(driver: Driver, server: FaultServer) -> None:
    server.default = reply(json={"data": [1], "links": {"next": "https://\u202eevil\u2066.example/\x9b?page=2"}})
    with pytest.raises(PatchworksError) as caught:
        driver.run(driver.pw.paginate("/x").collect())
    assert hidden_in(str(caught.value)) == []


def test_a_request_id_that_repeats_the_key(
    driver: Driver, server: FaultServer, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "patchworks_core_client")
    server.default = reply(500, headers={"X-Request-Id": "key-of-the-tests"})
    with pytest.raises(APIStatusError) as caught:
        driver.request("GET")
    assert caught.value.request_id == "***"
    assert "key-of-the-tests" not in str(caught.value) + caplog.text
    assert all("key-of-the-tests" not in str(vars(record)) for record in caplog.records)


LONG = "LIVEKEY-" + "A1b2C3d4E5" * 4


@pytest.mark.untraced
@cases(
    "echo",
    [
        lambda text: reply(500, json={"message": text}),
        lambda text: reply(422, json={"errors": {text: text}}),
        lambda text: reply(422, json={"errors": {"a": [{"b": [text]}, text]}}),
        lambda text: reply(500, headers={"X-Request-Id": text}),
        lambda text: reply(302, headers={"Location": f"/{text}"}),
    ],
)
@cases("before", [0, 10, 180, 480])
def test_a_secret_is_masked_before_the_text_is_cut(
    open_driver: Open, server: FaultServer, clock: FakeClock, echo: Callable[[str], Steps], before: int
) -> None:
    server.default = echo("x" * before + LONG)
    with pytest.raises(APIStatusError) as caught:
        open_driver(server.url, api_key=LONG, max_retries=0).request("POST")
    error = caught.value
    shown = f"{error}{error!r}{error.message}{error.errors}{error.request_id}"
    assert not any(part in shown for part in (LONG[:12], LONG[-12:]))


@cases(
    "value",
    ["two  spaces", "two\nlines", "a\ttab here", " space around ", 'quo"ted\\it', "sec\u200bret", 1234567, 1234.567],
)
def test_a_secret_value_of_any_kind(driver: Driver, server: FaultServer, value: object) -> None:
    text = str(value).strip()
    server.default = reply(422, json={"message": f"not {text}!", "errors": {"value": [f"not {text}", {"was": text}]}})
    with pytest.raises(UnprocessableEntityError) as caught:
        driver.request("POST", json={"value": value, "secret": True})
    assert caught.value.message == "not ***!"
    assert caught.value.errors == {"value": ["not ***", "{'was': '***'}"]}


@cases("key", ["test", "late", "a", "the", "Live"])
def test_a_credential_that_is_a_word_makes_no_holes_in_others(open_driver: Open, server: FaultServer, key: str) -> None:
    server.default = reply(404, json={"message": f"Nothing alive in the latest testing; not for {key}."})
    with pytest.raises(APIStatusError) as caught:
        open_driver(server.url, api_key=key).request("POST")
    words = caught.value.message.split()
    assert words[-1] == "***."
    assert [word for word in words[:-1] if word != "***"] == [
        word for word in ["Nothing", "alive", "in", "the", "latest", "testing;", "not", "for"] if word != key
    ]


@cases(
    ("headers", "echo"),
    [
        ({"Authorization": "Bearer abc-123-xyz"}, "abc-123-xyz"),
        ({"X-Api-Key": "abc-123-xyz"}, "abc-123-xyz"),
        ({"Cookie": "session=abc-123-xyz"}, "session=abc-123-xyz"),
    ],
)
def test_a_credential_of_one_call(driver: Driver, server: FaultServer, headers: dict[str, str], echo: str) -> None:
    server.default = reply(400, json={"message": f"what is {echo}?"})
    with pytest.raises(APIStatusError, match=r"what is \*\*\*\?"):
        driver.request("POST", headers=headers)


class Brought(httpx.Auth):
    """Brings a credential in a header of its own."""

    def __init__(self, name: str, value: str) -> None:
        self.name, self.value = name, value

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers[self.name] = self.value
        yield request


@cases(("name", "value"), [("Authorization", "Bearer abc-123-xyz"), ("X-Api-Key", "abc-123-xyz")])
def test_a_credential_that_an_auth_brings(open_driver: Open, server: FaultServer, name: str, value: str) -> None:
    server.default = reply(400, json={"message": "what is abc-123-xyz?"})
    with pytest.raises(APIStatusError, match=r"what is \*\*\*\?"):
        open_driver(server.url, auth=Brought(name, value)).request("POST")


@pytest.mark.untraced
@cases(
    ("body", "message", "shown"),
    [
        ({"value": "name"}, "The name field is required.", "The name field is required."),
        ({"value": "Live", "secret": False}, "Live is taken", "Live is taken"),
        ({"value": "name", "secret": True}, "The name field", "The *** field"),
        ({"value": "name", "secret": "true"}, "The name field", "The *** field"),
        ({"value": "hunter2"}, "bad hunter2", "bad ***"),
        ({"fallback": "hunter2"}, "bad hunter2", "bad ***"),
        ({"password": "name"}, "The name field", "The *** field"),
        ({"key": "name"}, "The name field", "The name field"),
    ],
)
def test_ordinary_words_stay_readable(
    driver: Driver, server: FaultServer, body: dict[str, object], message: str, shown: str
) -> None:
    server.default = reply(422, json={"message": message})
    with pytest.raises(APIStatusError) as caught:
        driver.request("POST", json=body)
    assert caught.value.message == shown
