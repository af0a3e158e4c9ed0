"""What a server says of its body is believed as far as the bytes bear it out."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest
from hypothesis import given, strategies as st

from patchworks_core_client import DecodeError, PatchworksError
from patchworks_core_client._http.response_body import Body
from tests.support.cases import cases
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import head, reply

BODY = b'{"data": {"ok": true}}'
OK = {"data": {"ok": True}}


def raw_deflate(content: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return stream.compress(content) + stream.flush()


def packed(content: bytes) -> bytes:
    # Without the time, so that two processes collect the same tests.
    return gzip.compress(content, mtime=0)


ENCODED = [
    ("none", BODY),
    ("UTF-8", BODY),
    ("identity", BODY),
    ("", BODY),
    ("gzip", BODY),
    ("deflate", BODY),
    ("br", BODY),
    ("gzip, identity", packed(BODY)),
    ("identity,gzip", packed(BODY)),
    ("GZIP", packed(BODY)),
    ("gzip, gzip", packed(packed(BODY))),
    ("deflate", zlib.compress(BODY)),
    ("deflate", raw_deflate(BODY)),
    ("x-gzip", packed(BODY[:5]) + packed(BODY[5:])),
    ("gzip", packed(BODY) + b"\0" * 700),
    ("gzip", packed(BODY) + b"\r\n"),
    ("gzip", packed(BODY[:5]) + b"\0\0" + packed(BODY[5:])),
    ("gzip", packed(BODY) + b"\x1f"),
    ("utf-8", packed(BODY)),
    ("gzip;q=1", packed(BODY)),
    ('"gzip"', packed(BODY)),
    ("gzip gzip", packed(BODY)),
    ("gzip, aws-chunked", packed(BODY)),
]


@cases(("coding", "body"), ENCODED)
def test_a_body_under_another_name(driver: Driver, server: FaultServer, coding: str, body: bytes) -> None:
    server.requests.clear()
    server.default = reply(201, body=body, headers={"Content-Language": "en", "Content-Encoding": coding})
    assert driver.request("POST") == OK
    assert len(server.requests) == 1


@cases(
    ("coding", "body", "words"),
    [
        ("br", b"\x0b\x09\x80", "encoded as 'br', which was not asked for"),
        ("gzip", packed(BODY)[:-9], "stops in the middle"),
        ("gzip", packed(BODY)[:-8] + b"\xff" * 8, "not in the compressed form"),
    ],
)
def test_a_body_that_cannot_be_read(driver: Driver, server: FaultServer, coding: str, body: bytes, words: str) -> None:
    server.requests.clear()
    server.default = reply(201, body=body, headers={"Content-Encoding": coding})
    with pytest.raises(DecodeError, match=words):
        driver.request("POST")
    assert len(server.requests) == 1


@given(
    st.binary(max_size=300), st.sampled_from([b"gzip", b"deflate", b"br", b"gzip, deflate", b"x"]), st.integers(1, 40)
)
def test_any_bytes_under_any_name_end_in_a_body_or_in_an_error_of_ours(
    content: bytes, coding: bytes, size: int
) -> None:
    body = Body(200, [(b"Content-Encoding", coding)], 10_000)
    try:
        for start in range(0, len(content), size):
            body.feed(content[start : start + size])
        assert isinstance(body.end(), bytes)
    except PatchworksError:
        pass


def test_more_layers_than_anybody_sends_are_not_undone(driver: Driver, server: FaultServer) -> None:
    server.default = reply(200, body=packed(packed(packed(packed(BODY)))), headers={"Content-Encoding": "gzip," * 4})
    with pytest.raises(DecodeError, match="not asked for"):
        driver.request("POST")


def test_an_error_whose_compressed_body_breaks_is_told(driver: Driver, server: FaultServer) -> None:
    body = packed(b"x" * 100)[:-8] + b"\xff" * 8
    server.default = reply(404, body=body, headers={"Content-Encoding": "gzip"})
    with pytest.raises(PatchworksError, match="404 Not Found"):
        driver.request("POST")


@given(st.binary(max_size=300), st.integers(1, 40), st.sampled_from([0, 5]))
def test_what_was_compressed_comes_back_however_it_is_cut(content: bytes, size: int, padding: int) -> None:
    body = Body(200, [(b"content-encoding", b"gzip")], 10_000)
    sent = packed(content) + b"\0" * padding
    for start in range(0, len(sent), size):
        assert body.feed(sent[start : start + size])
    assert body.end() == content


@cases("status", [200, 404])
def test_the_length_of_what_a_head_does_not_send(driver: Driver, server: FaultServer, status: int) -> None:
    server.requests.clear()
    server.default = [head(status, {"Content-Length": str(10**12), "Content-Encoding": "gzip"})]
    if status == 200:
        assert driver.request("HEAD") is None
    else:
        with pytest.raises(PatchworksError, match="404"):
            driver.request("HEAD")
    assert len(server.requests) == 1


CHARSETS = ["utf-8", "latin-1", "idna", "punycode", "undefined", "unicode_escape", "rot13", "no-such", '"', ""]


@cases("status", [200, 500])
@cases("charset", CHARSETS)
def test_a_charset_that_decodes_nothing(driver: Driver, server: FaultServer, charset: str, status: int) -> None:
    headers = {"Content-Type": f"application/json; charset={charset}"}
    server.default = reply(status, body=b"\xff\\d..", headers=headers)
    with pytest.raises(PatchworksError) as caught:
        driver.request("POST")
    assert str(status) in str(caught.value)
    server.default = reply(body=BODY, headers=headers)
    assert driver.request("POST") == OK


@cases(
    ("body", "words"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "is nested deeper than this interpreter reads"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "is nested deeper than this interpreter reads"),
        (b"9" * 5000, "holds an integer of more than 4300 digits"),
        (b'{"id": -' + b"1" * 6000 + b"}", "holds an integer of more than 4300 digits"),
        (b"[1,", "is not JSON"),
    ],
)
def test_json_beyond_the_limits_of_the_interpreter(
    driver: Driver, server: FaultServer, body: bytes, words: str
) -> None:
    server.default = reply(200, body=body)
    with pytest.raises(DecodeError, match=words) as caught:
        driver.request("POST")
    assert caught.value.response is not None
    assert caught.value.response.content == body


@cases("text", ['{"a": 12345678901234567890123}', '{"a": NaN}', '"\\ud800"', "[" * 200 + "]" * 200])
def test_json_that_is_unusual_is_read(driver: Driver, server: FaultServer, text: str) -> None:
    server.default = reply(200, body=text.encode())
    assert repr(driver.request("GET")) == repr(json.loads(text))


def test_the_limits_hold_in_another_charset(driver: Driver, server: FaultServer) -> None:
    headers = {"Content-Type": "application/json; charset=iso-8859-1"}
    server.default = reply(200, body=b'["\xfc",' + b"[" * 100_000, headers=headers)
    with pytest.raises(DecodeError, match="is nested deeper than this interpreter reads"):
        driver.request("POST")


@cases("body", [b"\n", b" \r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\t"])
def test_a_body_of_nothing_but_white_space_is_empty(driver: Driver, server: FaultServer, body: bytes) -> None:
    server.default = reply(201, body=body)
    assert driver.request("DELETE") is None
