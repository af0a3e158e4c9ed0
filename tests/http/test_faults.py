"""What a caller gets for each fault of a server, with each verb and each kind of client."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from patchworks_core_client import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    PatchworksError,
)
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.driver import KINDS, Driver
from tests.support.fault_server import FaultServer
from tests.support.ports import closed_port
from tests.support.replies import CLOSE, RESET, STALL, Steps, head, reply

from .faults import BODY, FAULTS, MAX_BYTES, Fault

VERBS = ("GET", "PUT", "DELETE", "POST")


@pytest.fixture
def limited(open_driver: Open, server: FaultServer) -> Driver:
    """A client that takes no large body."""
    return open_driver(server.url, max_response_bytes=MAX_BYTES)


@pytest.mark.untraced
@cases("name", FAULTS)
@cases("verb", VERBS)
def test_a_fault(limited: Driver, server: FaultServer, clock: FakeClock, name: str, verb: str) -> None:
    server.default = FAULTS[name].steps
    server.requests.clear()
    clock.waits.clear()
    assert_fault(limited, server, clock, FAULTS[name], verb)
    assert_healthy(limited, server)


def assert_fault(driver: Driver, server: FaultServer, clock: FakeClock, fault: Fault, verb: str) -> None:
    if fault.error is None:
        assert driver.request(verb) == {"data": {"id": 1}}
    else:
        with pytest.raises(fault.error) as caught:
            driver.request(verb)
        if isinstance(caught.value, APIConnectionError):
            assert caught.value.may_have_taken_effect is True
            assert "may have taken effect" in str(caught.value)
            assert caught.value.request is not None
        assert "key-of-the-tests" not in f"{caught.value!r} {caught.value} {vars(caught.value)}"
    again = fault.again and verb != "POST"
    assert len(server.requests) == (3 if again else 1)
    assert clock.waits == ([0.5, 1.0] if again else [])


@pytest.fixture
def of_each_kind(server: FaultServer) -> Iterator[list[Driver]]:
    """Clients that take no large body."""
    drivers = [Driver(kind, server.url, max_response_bytes=MAX_BYTES) for kind in KINDS]
    yield drivers
    for driver in drivers:
        driver.close()


@cases("name", FAULTS)
def test_each_kind_of_client_says_the_same(
    of_each_kind: list[Driver], server: FaultServer, clock: FakeClock, name: str
) -> None:
    server.default = FAULTS[name].steps
    said = set()
    for driver in of_each_kind:
        try:
            said.add(repr(driver.request("GET")))
        except PatchworksError as error:
            # Parsers have words of their own for what is not valid HTTP.
            words = re.sub(r"(not valid HTTP): [^(]*", r"\1 ", str(error))
            said.add(f"{type(error)} {words}")
    assert len(said) == 1


def assert_healthy(driver: Driver, server: FaultServer) -> None:
    """The next calls are as if nothing had been, and no connection was left behind."""
    server.default = reply(json="well")
    # First the one that is not sent again where it meets a broken connection.
    for verb in ("POST", "GET"):
        assert driver.request(verb) == "well"
    # The server may find out later what the client closed.
    server.wait_for_connections(1)


@cases("verb", VERBS)
def test_nobody_listens(open_driver: Open, clock: FakeClock, verb: str) -> None:
    clock.waits.clear()
    driver = open_driver(f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(APIConnectionError, match="had no effect") as caught:
        driver.request(verb)
    assert not isinstance(caught.value, APITimeoutError)
    assert caught.value.may_have_taken_effect is False
    assert clock.waits == [0.5, 1.0], "it cannot have taken effect, so every verb is sent again"


@pytest.mark.untraced
@pytest.mark.parametrize(
    "steps",
    [[STALL], [head(200, {"Content-Length": "100"}) + BODY, STALL], [b"HTTP/1.1 2", STALL]],
    ids=["before the head", "within the body", "within the head"],
)
def test_a_stall_with_time_outs_for_steps(driver: Driver, server: FaultServer, clock: FakeClock, steps: Steps) -> None:
    server.default = steps
    errors = driver.at_once(*((verb, "/x") for verb in VERBS), timeout=httpx.Timeout(5.0, read=0.05))
    assert [type(error) for error in errors] == [APITimeoutError] * len(VERBS)
    assert {error.may_have_taken_effect for error in errors} == {True}
    # On a busy machine the last one may arrive after its time.
    server.wait_for(10)
    assert Counter(request.method for request in server.requests) == {"GET": 3, "PUT": 3, "DELETE": 3, "POST": 1}
    assert_healthy(driver, server)


@pytest.mark.untraced
@pytest.mark.parametrize(
    "steps",
    [[STALL], [head(200, {"Content-Length": "100"}) + BODY, STALL]],
    ids=["before the head", "within the body"],
)
def test_a_stall_with_a_deadline(driver: Driver, server: FaultServer, steps: Steps) -> None:
    requests = [(verb, "/x") for verb in VERBS]
    # Imports and the connections are there before the little time begins.
    server.default = [server.after(len(VERBS)), *reply(json=1)]
    driver.at_once(*requests)
    server.default = steps
    errors = driver.at_once(*requests, timeout=0.2)
    assert [type(error) for error in errors] == [APITimeoutError] * len(VERBS)
    assert {error.may_have_taken_effect for error in errors} == {True}
    assert len(server.requests) == 2 * len(VERBS), "there was no time left for another attempt"
    assert_healthy(driver, server)


def test_a_status_is_told_though_its_body_never_ends(driver: Driver, server: FaultServer) -> None:
    driver.request("GET")
    server.default = [head(422, {"Content-Length": "100"}) + b'{"message": "no', STALL]
    with pytest.raises(APIStatusError) as caught:
        driver.request("POST", timeout=0.1)
    assert caught.value.status_code == 422
    assert caught.value.body == '{"message": "no'
    assert_healthy(driver, server)


@cases(
    "steps",
    [
        [b"s3cret is no status line\r\n\r\n", CLOSE],
        [head(200, {"Content-Length": "2"}) + b'{}{"value": "s3cret"}', CLOSE],
        [head(204) + b'{"value": "s3cret"}', CLOSE],
        [b"HTTP/1.1 200 OK\r\ns3cret : x\r\n\r\n", CLOSE],
        [head(200, {"Transfer-Encoding": "chunked"}) + b"s3cret\r\n", CLOSE],
    ],
)
def test_no_message_repeats_what_a_parser_refused(driver: Driver, server: FaultServer, steps: Steps) -> None:
    server.requests.clear()
    server.default = steps
    said = ""
    try:
        driver.request("POST")
    except APIConnectionError as error:
        said = str(error)
    assert "s3cret" not in said
    assert len(server.requests) == 1


def test_redirects_are_not_followed(driver: Driver, server: FaultServer) -> None:
    for number in range(100):
        location = f"https://user:pass@evil.example/api/v1/hop/{number}?token=s3cret#x"
        server.script(reply(301, headers={"Location": location}, json=None))
    with pytest.raises(APIStatusError, match=r"301 .*, to 'evil\.example/api/v1/hop/0'; redirects are"):
        driver.request("GET")
    assert len(server.requests) == 1


def test_what_is_too_much_does_not_become_the_answer_of_the_next_call(driver: Driver, server: FaultServer) -> None:
    smuggled = head(200, {"Content-Length": "7"}) + b'"other"'
    server.script([head(200, {"Content-Length": "6"}) + b'"mine"' + smuggled])
    server.default = reply(json="own")
    assert driver.request("GET") == "mine"
    assert driver.request("POST") == "own"
    assert driver.request("POST") == "own"


def test_one_call_that_fails_leaves_the_others_alone(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(server.url, max_retries=0)
    answers: dict[str, Steps] = {"/bad": [0.01, RESET], "/good": [0.02, *reply(json=1)]}
    server.default = lambda received: answers[received.path]
    results = driver.at_once(*[("GET", "/bad"), ("GET", "/good")] * 5)
    assert [r for r in results if r == 1] == [1] * 5
    assert sum(isinstance(r, APIConnectionError) for r in results) == 5
