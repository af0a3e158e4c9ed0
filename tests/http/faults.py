"""The faults of a server, and what each has to come to."""

from __future__ import annotations

import gzip
from dataclasses import dataclass

from patchworks_core_client import (
    APIConnectionError,
    APIStatusError,
    DecodeError,
    PatchworksError,
    ResponseTooLargeError,
    ServerError,
)
from tests.support.replies import CLOSE, RESET, STALL, Steps, bomb, head, reply

MAX_BYTES = 100_000
HTML = b"<html><body>502 Bad Gateway: upstream said \xff\xfe</body></html>"


@dataclass(frozen=True)
class Fault:
    """A fault, and what it has to come to.

    Attributes:
        steps: what the server does, each time.
        error: what is raised in the end; `None` for a success.
        again: whether GET, PUT and DELETE are sent three times.
    """

    steps: Steps
    error: type[PatchworksError] | None
    again: bool = False


BODY = b'{"data": {"id": 1}}'

FAULTS: dict[str, Fault] = {
    "reset before the answer": Fault([RESET], APIConnectionError, again=True),
    "closed before the answer": Fault([CLOSE], APIConnectionError, again=True),
    "reset within the head": Fault([b"HTTP/1.1 200 OK\r\nContent-Le", 0.01, RESET], APIConnectionError, again=True),
    "reset within the body": Fault(
        [head(200, {"Content-Length": "100"}) + BODY, 0.01, RESET], APIConnectionError, again=True
    ),
    "truncated body": Fault([head(200, {"Content-Length": "100"}) + BODY, CLOSE], APIConnectionError, again=True),
    "truncated chunks": Fault(
        [head(200, {"Transfer-Encoding": "chunked"}) + b"a\r\n0123456789\r\n", CLOSE], APIConnectionError, again=True
    ),
    "broken chunks": Fault(
        # aiohttp finds it not valid HTTP where it comes together with the head.
        [head(200, {"Transfer-Encoding": "chunked"}), 0.05, b"zz\r\n0123", CLOSE],
        APIConnectionError,
        again=True,
    ),
    "reset where the body ends with the connection": Fault(
        [head(200) + BODY, 0.01, RESET], APIConnectionError, again=True
    ),
    "no HTTP": Fault([b"SSH-2.0-OpenSSH_9.6\r\n\r\n", CLOSE], APIConnectionError),
    "a head without end": Fault([b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 40_000, STALL], APIConnectionError),
    "two lengths that differ": Fault(
        [head(200, [("Content-Length", "19"), ("Content-Length", "20")]) + BODY, CLOSE], APIConnectionError
    ),
    "HTML for a success": Fault(reply(200, body=HTML, headers={"Content-Type": "text/html"}), DecodeError),
    "half of a JSON text": Fault(reply(200, body=b'{"data": {"i'), DecodeError),
    "HTML for an error": Fault(reply(502, body=HTML, headers={"Content-Type": "text/html"}), ServerError, again=True),
    "a truncated error": Fault([head(500, {"Content-Length": "100"}) + b'{"mess', CLOSE], ServerError, again=True),
    "a reset error": Fault([head(404, {"Content-Length": "100"}) + b'{"mess', 0.01, RESET], APIStatusError),
    "a gzip bomb": Fault(
        reply(200, body=bomb(50_000_000), headers={"Content-Encoding": "gzip"}), ResponseTooLargeError
    ),
    "too large by its length": Fault([head(200, {"Content-Length": "200000"}), STALL], ResponseTooLargeError),
    "too large in chunks": Fault(reply(200, body=b" " * 200_000, chunked=True), ResponseTooLargeError),
    "broken gzip": Fault(reply(200, body=b"not gzip at all", headers={"Content-Encoding": "gzip"}), DecodeError),
    "half of a gzip": Fault(
        reply(200, body=gzip.compress(BODY)[:-9], headers={"Content-Encoding": "gzip"}), DecodeError
    ),
    "an encoding not asked for": Fault(
        reply(200, body=b"\x0b\x09\x80", headers={"Content-Encoding": "br"}), DecodeError
    ),
    "redirect": Fault(reply(302, json=None, headers={"Location": "https://evil.example/api"}), APIStatusError),
    "redirect within the origin": Fault(reply(308, json=None, headers={"Location": "/api/v1/other"}), APIStatusError),
    "unknown 4xx": Fault(reply(419, json={"message": "CSRF token mismatch."}), APIStatusError),
    "unknown 5xx": Fault(reply(520, body=b"error code: 520"), ServerError),
    "unknown status": Fault(reply(999, body=b""), APIStatusError),
    "status 101": Fault([head(101, {"Upgrade": "x", "Connection": "Upgrade"}), CLOSE], APIConnectionError),
    "status 000": Fault([head(0, {"Content-Length": "0"}), CLOSE], APIConnectionError),
    "chunked and more": Fault(
        [head(200, {"Transfer-Encoding": "gzip, chunked"}) + b"13\r\n" + BODY + b"\r\n0\r\n\r\n"], APIConnectionError
    ),
    "chunked twice": Fault(
        [head(200, [("Transfer-Encoding", "chunked")] * 2) + b"13\r\n" + BODY + b"\r\n0\r\n\r\n"], APIConnectionError
    ),
    "an encoding of the transfer that is none": Fault(
        [head(200, {"Transfer-Encoding": "x"}) + BODY, CLOSE], APIConnectionError
    ),
    "slow trickle": Fault(
        [
            head(200, {"Content-Length": str(len(BODY))}),
            *(step for b in BODY for step in (bytes([b]), 0.002)),
        ],
        None,
    ),
    "duplicate headers": Fault(
        [
            head(
                200,
                [
                    ("Content-Length", "19"),
                    ("Set-Cookie", "a=1"),
                    ("Set-Cookie", "b=2"),
                    ("Content-Type", "application/json"),
                    ("Content-Type", "text/html"),
                ],
            )
            + BODY
        ],
        None,
    ),
    "informational first": Fault([head(103, {"Link": "</x>"}) + head(200, {"Content-Length": "19"}) + BODY], None),
    "HTTP/1.0 without length": Fault([b"HTTP/1.0 200 OK\r\n\r\n" + BODY, CLOSE], None),
}
