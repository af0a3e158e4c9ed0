"""Where the parsers of httpx and aiohttp differ: as the table in docs/transports.md says, row by row."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from patchworks_core_client import APIConnectionError, APITimeoutError, ResponseTooLargeError
from tests.support.cases import cases
from tests.support.clock import FakeClock
from tests.support.driver import Driver, Kind
from tests.support.fault_server import FaultServer
from tests.support.replies import CLOSE, STALL, Steps, head, reply

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "transports.md"

BODY = b'{"id": 1}'
LENGTH = ("Content-Length", "9")
CHUNKED = ("Transfer-Encoding", "chunked")
END = b"0\r\n\r\n"
CHUNKS = b"9\r\n" + BODY + b"\r\n" + END

# What a server sends for each row of the table.
ANSWERS: dict[str, list[Steps]] = {
    "204 with a body, or with a chunked end": [[head(204, [LENGTH]) + BODY], [head(204, [CHUNKED]) + END]],
    "more bytes than `Content-Length` says, or behind the last chunk, at once": [
        [head(200, [LENGTH]) + BODY + b"x"],
        [head(200, [CHUNKED]) + CHUNKS + b"x"],
    ],
    "`Content-Length` twice, or as `2, 2`, with the same value": [
        [head(200, [LENGTH] * 2) + BODY],
        [head(200, {"Content-Length": "9, 9"}) + BODY],
    ],
    "`Content-Length` together with `Transfer-Encoding: chunked`, or behind the last chunk": [
        [head(200, [LENGTH, CHUNKED]) + CHUNKS],
        [head(200, [CHUNKED]) + CHUNKS[:-2] + b"Content-Length: 9\r\n\r\n"],
    ],
    "`Content-Length` of 2^64 or more": [[head(200, {"Content-Length": str(2**64)}) + BODY, CLOSE]],
    "a broken chunk together with the head": [
        [head(200, [CHUNKED]) + b"zz\r\n", CLOSE],
        [head(200, [CHUNKED]) + CHUNKS[:-2] + b"a trailer\r\n\r\n", CLOSE],
    ],
    "chunks whose lines end with LF alone, or no HTTP and no end of a line": [
        [head(200, [CHUNKED]) + CHUNKS.replace(b"\r\n", b"\n"), STALL],
        [b"x" * 50, STALL],
    ],
    "an extension of a chunk that is not ASCII": [[head(200, [CHUNKED]) + CHUNKS.replace(b"9", b"9;a=\xe9", 1)]],
    "`HTTP/1.2`": [[head(200, [LENGTH]).replace(b"1.1", b"1.2") + BODY]],
    "empty lines before the status": [[b"\r\n" + head(200, [LENGTH]) + BODY]],
    "a chunk size of more than 20 digits": [[head(200, [CHUNKED]) + b"0" * 30 + CHUNKS]],
}


def table() -> dict[str, tuple[str, str]]:
    """The cells of the table: what httpx and aiohttp make of each answer."""
    text = (
        DOCUMENT.read_text("utf-8").partition("| answer | httpx | aiohttp |\n|---|---|---|\n")[2].partition("\n\n")[0]
    )
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in text.splitlines()]
    return {answer: (httpx_, aiohttp_) for answer, httpx_, aiohttp_ in rows}


def test_each_row_is_tried() -> None:
    assert list(table()) == list(ANSWERS)


@pytest.mark.untraced
@cases("verb", ["GET", "POST"])
@cases(("row", "number"), [(row, number) for row in ANSWERS for number in range(len(ANSWERS[row]))])
def test_what_a_parser_makes_of_it(
    driver: Driver, kind: Kind, server: FaultServer, clock: FakeClock, verb: str, row: str, number: int
) -> None:
    server.requests.clear()
    said = table()[row][kind == "aiohttp"]
    server.default = ANSWERS[row][number]
    again = False
    if said.startswith("taken"):
        assert driver.request(verb) == (None if row.startswith("204") else {"id": 1})
    elif said == "`ResponseTooLargeError`":
        with pytest.raises(ResponseTooLargeError):
            driver.request(verb)
    elif said == "`APITimeoutError`":
        again = True
        with pytest.raises(APITimeoutError):
            driver.request(verb, timeout=httpx.Timeout(5.0, read=0.05))
    else:
        again = said == "stops in the middle: GET, PUT and DELETE are sent again"
        with pytest.raises(APIConnectionError, match=re.escape(said.partition(":")[0])) as caught:
            driver.request(verb)
        assert caught.value.may_have_taken_effect is True
    sent = 3 if again and verb == "GET" else 1
    # On a busy machine the last one may arrive after its time.
    server.wait_for(sent)
    assert len(server.requests) == sent
    server.default = reply(json="well")
    assert driver.request("POST") == "well"
