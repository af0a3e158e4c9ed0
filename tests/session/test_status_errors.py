"""What a status that is no success comes to."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

import patchworks_core_client as package
from patchworks_core_client import APIConnectionError, APIStatusError, DecodeError, PatchworksError, RateLimitError
from patchworks_core_client._operations.operation import JSON, Operation
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import bomb, reply

POST: Operation[Any] = Operation("POST", "/api/v1/things/{thing}", JSON)

CLASSES = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    409: "ConflictError",
    413: "PayloadTooLargeError",
    422: "UnprocessableEntityError",
    429: "RateLimitError",
    500: "ServerError",
    501: "ServerError",
    503: "ServerError",
    520: "ServerError",
    599: "ServerError",
    300: "APIStatusError",
    304: "APIStatusError",
    402: "APIStatusError",
    405: "APIStatusError",
    418: "APIStatusError",
    419: "APIStatusError",
    600: "APIStatusError",
    999: "APIStatusError",
}


@pytest.mark.untraced
@cases(("status", "name"), CLASSES.items())
def test_the_class_of_a_status(open_driver: Open, server: FaultServer, status: int, name: str) -> None:
    driver = open_driver(server.url, max_retries=0)
    server.script(reply(status, json={"message": "Said so."}, headers={"X-Request-Id": "abc"}))
    with pytest.raises(APIStatusError) as caught:
        driver.call(POST, (7,))
    error = caught.value
    assert type(error) is getattr(package, name)
    assert error.status_code == status
    assert error.response is not None
    assert error.response.status_code == status
    if status == 304:  # which has no body
        return
    assert str(error) == f"POST /api/v1/things/7: {status} Said so. (request id abc)"
    assert (error.message, error.request_id, error.errors) == ("Said so.", "abc", {})
    assert error.body == {"message": "Said so."}
    assert error.response.json() == error.body


@pytest.mark.untraced
@cases(
    ("body", "message", "decoded"),
    [
        (b"", "Not Found", None),
        (b"null", "Not Found", None),
        (b"<html>\n<h1>x</h1>", "Not Found", "<html>\n<h1>x</h1>"),
        (b'{"message": ""}', "Not Found", {"message": ""}),
        (b'{"message": 5}', "Not Found", {"message": 5}),
        (b'{"message": "two\\n lines"}', "two lines", {"message": "two\n lines"}),
        (b'{"error": "old form"}', "old form", {"error": "old form"}),
        (b'{"detail": "x", "title": "y"}', "x", {"detail": "x", "title": "y"}),
        (b'["x"]', "Not Found", ["x"]),
        (b"\xff\xfe\xfd", "Not Found", "\ufffd\ufffd\ufffd"),
        (b'{"mess', "Not Found", '{"mess'),
    ],
)
def test_the_body_of_an_error(driver: Driver, server: FaultServer, body: bytes, message: str, decoded: object) -> None:
    server.script(reply(404, body=body))
    with pytest.raises(APIStatusError) as caught:
        driver.request("GET")
    assert (caught.value.message, caught.value.body, caught.value.request_id) == (message, decoded, None)


def test_an_unknown_status_has_no_phrase(driver: Driver, server: FaultServer) -> None:
    server.script(reply(999, body=b""))
    with pytest.raises(APIStatusError, match="999 unknown status"):
        driver.request("GET")


@cases(
    ("errors", "expected"),
    [
        (
            {"name": ["Taken.", "Too long."], "type": ["Unknown."]},
            {"name": ["Taken.", "Too long."], "type": ["Unknown."]},
        ),
        ({"name": "Taken."}, {"name": ["Taken."]}),
        ({"name": [1, None]}, {"name": ["1", "None"]}),
        ({}, {}),
        (["x"], {}),
        ("x", {}),
        (None, {}),
    ],
)
def test_the_errors_of_fields(driver: Driver, server: FaultServer, errors: object, expected: object) -> None:
    server.script(reply(422, json={"message": "The given data was invalid.", "errors": errors}))
    with pytest.raises(package.UnprocessableEntityError) as caught:
        driver.request("POST")
    assert caught.value.errors == expected


def test_a_long_message_is_cut(driver: Driver, server: FaultServer) -> None:
    server.script(reply(400, json={"message": "x" * 10_000}))
    with pytest.raises(APIStatusError) as caught:
        driver.request("GET")
    assert len(str(caught.value)) < 600


def test_an_error_page_is_read_up_to_a_limit(driver: Driver, server: FaultServer) -> None:
    for headers, body in (({}, b"x" * 3_000_000), ({"Content-Encoding": "gzip"}, bomb(100_000_000))):
        server.script(reply(404, body=body, headers=headers))
        with pytest.raises(APIStatusError) as caught:
            driver.request("GET")
        assert caught.value.body == "x" * 1024 * 1024
        assert driver.request("GET") == {"data": {"ok": True}}


@cases("encoding", ["gzip", "br"])
def test_an_error_that_cannot_be_decompressed(driver: Driver, server: FaultServer, encoding: str) -> None:
    server.script(reply(404, body=b"??", headers={"Content-Encoding": encoding}))
    with pytest.raises(APIStatusError) as caught:
        driver.request("GET")
    assert caught.value.body == "??"


def test_what_is_said_of_the_request(driver: Driver, server: FaultServer) -> None:
    server.script(reply(404))
    with pytest.raises(APIStatusError) as caught:
        driver.request("POST", "/api/v1/x", params={"secret": "query-value"}, json={"a": "body-value"})
    assert caught.value.response is not None
    request = caught.value.response.request
    assert (request.method, str(request.url)) == ("POST", f"{server.url}/api/v1/x")
    assert request.content == b""
    shown = f"{request!r} {dict(request.headers)} {caught.value.response!r} {caught.value!r}"
    assert not any(word in shown for word in ("key-of-the-tests", "query-value", "body-value"))
    assert request.headers["accept"] == "application/json"


def test_errors_can_be_copied_and_pickled(driver: Driver, server: FaultServer) -> None:
    server.script(reply(429, json={"message": "Slow down."}, headers={"Retry-After": "99"}))
    with pytest.raises(RateLimitError) as caught:
        driver.request("GET")
    for again in (copy.copy(caught.value), pickle.loads(pickle.dumps(caught.value))):
        assert type(again) is RateLimitError
        assert str(again) == str(caught.value)
        assert (again.retry_after, again.message, again.body) == (99.0, "Slow down.", {"message": "Slow down."})
    lost = pickle.loads(pickle.dumps(APIConnectionError("gone", may_have_taken_effect=True)))
    assert lost.may_have_taken_effect is True
    assert "may have taken effect" in str(lost)


def test_the_tree() -> None:
    assert issubclass(package.APITimeoutError, APIConnectionError)
    for name in ("APIConnectionError", "ClientStateError", "ResponseTooLargeError", "DecodeError", "PaginationError"):
        assert getattr(package, name).__bases__ == (PatchworksError,)
    assert {getattr(package, name) for name in CLASSES.values()} - {APIStatusError} == set(
        APIStatusError.__subclasses__()
    )
    assert DecodeError("x").response is None
