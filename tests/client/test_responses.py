"""What a success comes to: each described shape, every envelope that is not as described, and every kind of body."""

from __future__ import annotations

import json
from typing import Any

import pytest

from patchworks_core_client import DecodeError, Mismatch, Page, Patchworks
from patchworks_core_client._operations.operation import BYTES, JSON, TEXT, Operation, Shape
from patchworks_core_client.models import MessageResponse, Variable
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import bomb, head, reply

MODELS = "patchworks_core_client.generated.models"
ITEM: Operation[Any] = Operation("GET", "/item", Shape("item", "Variable", MODELS))
PAGE: Operation[Any] = Operation("GET", "/page", Shape("page", "Variable", MODELS))
BODY: Operation[Any] = Operation("GET", "/body", Shape("body", "MessageResponse", MODELS))
NUMBERS: Operation[Any] = Operation("GET", "/numbers", Shape("body", "list[int]"))
PLAIN: Operation[Any] = Operation("GET", "/plain", JSON)
AS_TEXT: Operation[Any] = Operation("GET", "/text", TEXT)
AS_BYTES: Operation[Any] = Operation("GET", "/bytes", BYTES)


def test_an_item(driver: Driver, server: FaultServer) -> None:
    server.script(reply(201, json={"data": {"id": 1, "key": "k"}}, headers={"X-A": "b"}))
    response = driver.call(ITEM)
    assert isinstance(response.parsed, Variable)
    assert response.parsed.key == "k"
    assert (response.status_code, response.headers["x-a"]) == (201, "b")
    assert response.headers is response.headers
    assert json.loads(response.content) == {"data": {"id": 1, "key": "k"}}
    assert repr(response) == f"<Response 201, {len(response.content)} bytes>"


def test_a_page(driver: Driver, server: FaultServer) -> None:
    server.script(reply(json={"data": [{"id": 1}, {"id": 2}], "meta": {"total": 2}, "links": {}}))
    page = driver.call(PAGE).parsed
    assert isinstance(page, Page)
    assert [item.id for item in page] == [1, 2]
    assert page.total == 2


def test_a_body(driver: Driver, server: FaultServer) -> None:
    server.script(reply(json={"message": "Deployed."}))
    assert driver.call(BODY).parsed.message == "Deployed."


def test_plain_json_text_and_bytes(driver: Driver, server: FaultServer) -> None:
    server.default = reply(body=b'["\xc3\xbc", 1]')
    assert driver.call(PLAIN).parsed == ["ü", 1]
    assert driver.call(AS_TEXT).parsed == '["ü", 1]'
    assert driver.call(AS_BYTES).parsed == b'["\xc3\xbc", 1]'


NOTHING = [b"", b" null\n", b"\r\n"]


@pytest.mark.untraced
@cases("operation", [PLAIN, AS_TEXT, AS_BYTES, NUMBERS])
@cases("status", [200, 204, 205, 299])
def test_an_empty_body_is_none_where_no_model_is_described(
    driver: Driver, server: FaultServer, operation: Operation[Any], status: int
) -> None:
    server.script(reply(status, body=b""))
    assert driver.call(operation, strict=True).parsed is None


@pytest.mark.untraced
@cases("body", NOTHING)
@cases(("operation", "model"), [(ITEM, Variable), (BODY, MessageResponse), (PAGE, Page)])
def test_a_body_of_nothing_is_what_is_described_with_nothing_in_it(
    open_driver: Open, server: FaultServer, operation: Operation[Any], model: type[Any], body: bytes
) -> None:
    told: list[Mismatch] = []
    driver = open_driver(server.url, on_mismatch=told.append)
    server.default = reply(body=body)
    parsed = driver.call(operation).parsed
    assert isinstance(parsed, model)
    assert list(parsed if model is Page else parsed.to_dict()) == []
    assert [(mismatch.field, mismatch.got) for mismatch in told] == [("", "NoneType")]
    with pytest.raises(DecodeError, match="NoneType came"):
        driver.call(operation, strict=True)


def test_data_that_is_null(driver: Driver, server: FaultServer) -> None:
    server.default = reply(json={"data": None})
    assert driver.call(ITEM).parsed == Variable()
    with pytest.raises(DecodeError, match="data: Variable is described, NoneType came"):
        driver.call(ITEM, strict=True)
    assert list(driver.call(PAGE, strict=True).parsed) == [], "a list of nothing is one"


OTHER_FORMS = [
    (ITEM, {"data": [{"id": 1}]}, Mismatch("Variable", "data", "Variable", "list")),
    (ITEM, {"data": "x"}, Mismatch("Variable", "data", "Variable", "str")),
    (ITEM, {"id": 1}, Mismatch("Variable", "", "Variable", "dict")),
    (ITEM, [1], Mismatch("Variable", "", "Variable", "list")),
    (ITEM, "x", Mismatch("Variable", "", "Variable", "str")),
    (ITEM, {}, Mismatch("Variable", "", "Variable", "dict")),
    (PAGE, {"data": {"id": 1}}, Mismatch("Variable", "data", "list[Variable]", "dict")),
    (PAGE, [{"id": 1}], Mismatch("Variable", "", "list[Variable]", "list")),
    (PAGE, {"message": "x"}, Mismatch("Variable", "", "list[Variable]", "dict")),
    (PAGE, 5, Mismatch("Variable", "", "list[Variable]", "int")),
]


@pytest.mark.untraced
@cases(("operation", "body", "mismatch"), OTHER_FORMS)
def test_a_body_of_another_form_comes_back_as_it_is(
    open_driver: Open, server: FaultServer, operation: Operation[Any], body: object, mismatch: Mismatch
) -> None:
    told: list[Mismatch] = []
    driver = open_driver(server.url, on_mismatch=told.append)
    server.default = reply(json=body)
    assert driver.call(operation).parsed == body
    assert told == [mismatch]
    with pytest.raises(DecodeError, match="not as described") as caught:
        driver.call(operation, strict=True)
    assert caught.value.response is not None
    assert caught.value.response.json() == body
    assert str(caught.value).startswith(f"GET {operation.path}: ")


def test_a_body_that_is_no_object(driver: Driver, server: FaultServer) -> None:
    server.default = reply(json=["x"])
    assert driver.call(BODY).parsed == ["x"]
    with pytest.raises(DecodeError):
        driver.call(BODY, strict=True)


def test_mismatches_within_have_their_path(open_driver: Open, server: FaultServer) -> None:
    told: list[Mismatch] = []
    driver = open_driver(server.url, on_mismatch=told.append)
    server.default = reply(json={"data": [{"id": 1}, {"id": "x"}], "meta": None, "links": "?"})
    assert [item.id for item in driver.call(PAGE).parsed] == [1, "x"]
    assert [mismatch.field for mismatch in told] == ["data[1].id"]


def test_strict_for_a_client_a_copy_and_a_call(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(server.url, strict=True)
    server.default = reply(json={"data": {"id": "x"}})
    with pytest.raises(DecodeError):
        driver.call(ITEM)
    assert driver.call(ITEM, strict=False).parsed.id == "x"
    tolerant = driver.pw.with_options(strict=False)
    assert driver.call(ITEM, client=tolerant).parsed.id == "x"
    with pytest.raises(DecodeError):
        driver.call(ITEM, client=tolerant, strict=True)
    with pytest.raises(DecodeError):
        driver.call(ITEM)


def test_on_mismatch_of_a_copy(open_driver: Open, server: FaultServer) -> None:
    first: list[Mismatch] = []
    second: list[Mismatch] = []
    driver = open_driver(server.url, on_mismatch=first.append)
    server.default = reply(json={"data": {"id": "x"}})
    driver.call(ITEM, client=driver.pw.with_options(on_mismatch=second.append))
    driver.call(ITEM, client=driver.pw.with_options(on_mismatch=None))
    assert (len(first), len(second)) == (0, 1)
    driver.call(ITEM)
    assert (len(first), len(second)) == (1, 1)


def test_each_kind_is_logged_once(driver: Driver, server: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    server.default = reply(json={"data": {"id": "x"}})
    for _ in range(3):
        driver.call(ITEM)
        driver.call(ITEM, client=driver.pw.with_options(max_retries=1))
    assert [r.levelname for r in caplog.records if "is described" in r.message] == ["WARNING"]


@cases(
    ("content", "content_type"),
    [
        ('{"a": "ü"}'.encode(), "application/json"),
        ('{"a": "ü"}'.encode(), "text/html; charset=utf-8"),
        ('{"a": "ü"}'.encode("latin-1"), "application/json; charset=iso-8859-1"),
        ('{"a": "ü"}'.encode("latin-1"), 'application/json; charset="ISO-8859-1"; x=y'),
        ('{"a": "ü"}'.encode("utf-8-sig"), "application/json"),
        ('{"a": "ü"}'.encode("utf-16"), "application/json"),
    ],
)
def test_charsets(driver: Driver, server: FaultServer, content: bytes, content_type: str) -> None:
    server.script(reply(body=content, headers={"Content-Type": content_type}))
    assert driver.call(PLAIN).parsed == {"a": "ü"}


@cases(
    ("content", "content_type"),
    [
        (b"<html>", "text/html"),
        (b"{", "application/json"),
        (b'{"a": 1} x', "application/json"),
        (b'{"a": "\xfc"}', "application/json"),
        (b'{"a": "\xfc"}', "application/json; charset=klingon"),
    ],
)
def test_what_is_not_json(driver: Driver, server: FaultServer, content: bytes, content_type: str) -> None:
    server.script(reply(body=content, headers={"Content-Type": content_type}))
    with pytest.raises(DecodeError, match="GET /plain: the body of this 200 is not JSON") as caught:
        driver.call(PLAIN)
    assert caught.value.__context__ is None, "the parser's error holds the body"
    assert caught.value.response is not None
    assert caught.value.response.content == content
    assert caught.value.response.status_code == 200


def test_what_has_no_body(driver: Driver, server: FaultServer) -> None:
    server.script([head(200, {"Content-Length": "100", "Content-Encoding": "gzip"})])
    assert driver.request("HEAD") is None
    assert driver.request("GET") == {"data": {"ok": True}}
    assert server.connections == 1


def test_text_in_its_charset(driver: Driver, server: FaultServer) -> None:
    server.script(
        reply(body="ü".encode("latin-1"), headers={"Content-Type": "text/plain; charset=latin-1"}),
        reply(body="ü".encode(), headers={"Content-Type": "text/plain; charset=klingon"}),
        reply(body=b"\xfc", headers={"Content-Type": "text/plain; charset="}),
    )
    assert [driver.call(AS_TEXT).parsed for _ in range(3)] == ["ü", "ü", "\ufffd"]


@cases("chunked", [False, True])
def test_compressed_bodies(driver: Driver, server: FaultServer, chunked: bool) -> None:
    value = ["x" * 100] * 1000
    server.script(reply(json=value, compressed=True, chunked=chunked))
    response = driver.call(PLAIN)
    assert response.parsed == value
    assert len(response.content) > 100_000


def test_other_compressed_forms(driver: Driver, server: FaultServer) -> None:
    import gzip
    import zlib

    raw = zlib.compressobj(wbits=-15)
    forms = {
        "gzip": gzip.compress(b"[1, ") + gzip.compress(b"2]"),
        "x-gzip": gzip.compress(b"[1, 2]"),
        "GZIP": gzip.compress(b"[1, 2]"),
        "deflate": zlib.compress(b"[1, 2]"),
        "Deflate": raw.compress(b"[1, 2]") + raw.flush(),
        "identity": b"[1, 2]",
    }
    for name, content in forms.items():
        server.script(reply(body=content, headers={"Content-Encoding": name}))
        assert driver.call(PLAIN).parsed == [1, 2], name


def test_an_empty_body_that_is_called_compressed(driver: Driver, server: FaultServer) -> None:
    server.script([head(200, {"Content-Encoding": "gzip", "Content-Length": "0"})])
    assert driver.call(PLAIN).parsed is None


def test_the_limit_counts_decompressed_bytes(open_driver: Open, server: FaultServer) -> None:
    import gzip

    from patchworks_core_client import ResponseTooLargeError

    driver = open_driver(server.url, max_response_bytes=1000)
    fits, too_large = b'"' + b"x" * 998 + b'"', b'"' + b"x" * 999 + b'"'
    for encode, headers in ((bytes, {}), (gzip.compress, {"Content-Encoding": "gzip"})):
        for chunked in (False, True):
            server.script(reply(body=encode(fits), headers=headers, chunked=chunked))
            assert len(driver.call(PLAIN).parsed) == 998
            server.script(reply(body=encode(too_large), headers=headers, chunked=chunked))
            with pytest.raises(ResponseTooLargeError, match="GET /plain: the body is larger than 1000 bytes"):
                driver.call(PLAIN)


@pytest.mark.untraced
def test_a_gzip_bomb_stays_small_in_memory(open_driver: Open, server: FaultServer) -> None:
    import tracemalloc

    from patchworks_core_client import ResponseTooLargeError

    driver = open_driver(server.url, max_response_bytes=1_000_000)
    server.script(reply(body=bomb(100_000_000), headers={"Content-Encoding": "gzip"}))
    tracemalloc.start()
    try:
        with pytest.raises(ResponseTooLargeError):
            driver.call(PLAIN)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


def test_a_list_that_is_none_and_that_no_operation_describes(server: FaultServer) -> None:
    server.default = reply(json={"data": {"id": 1}})
    found: list[Mismatch] = []
    with Patchworks(api_key="k", base_url=server.url, on_mismatch=found.append) as pw:
        assert pw.paginate("/x").collect() == [{"id": 1}]
    assert found == [Mismatch("Page", "data", "list[dict]", "dict")]
