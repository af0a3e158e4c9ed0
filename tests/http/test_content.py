"""Bodies that are no JSON, as a server receives them."""

from __future__ import annotations

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from hypothesis import given, strategies as st

from patchworks_core_client import Patchworks
from patchworks_core_client._operations.operation import JSON, Call, Operation
from patchworks_core_client._types import NOT_GIVEN
from patchworks_core_client.models import CreateVirtualEnvironmentRequest
from tests.support.cases import cases


class Upload:
    """A client whose requests end here."""

    def __init__(self) -> None:
        self.seen: list[httpx.Request] = []
        self._http = httpx.Client(transport=httpx.MockTransport(self._answer))
        self._pw = Patchworks(api_key="k", base_url="http://127.0.0.1:9", http_client=self._http)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return httpx.Response(200, json={})

    def send(self, media: str, **arguments: Any) -> httpx.Request:
        headers = arguments.pop("headers", None)
        self._pw._call(Call(Operation("POST", "/api/v1/things", JSON, media), headers=headers, **arguments))
        return self.seen[-1]


def parts(request: httpx.Request) -> list[EmailMessage]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + request.content)
    return list(message.iter_parts())  # type: ignore[arg-type]  # of the class above


@pytest.fixture
def upload() -> Upload:
    return Upload()


@pytest.mark.parametrize("body", [b"a,b\r\n", bytearray(b"a,b\r\n"), "a,b\r\n"])
def test_bytes_and_text_go_as_they_are(upload: Upload, body: object) -> None:
    request = upload.send("text/csv", body=body)
    assert request.content == b"a,b\r\n"
    assert request.headers["content-type"] == "text/csv"


def test_no_body_is_no_body(upload: Upload) -> None:
    request = upload.send("text/csv")
    assert request.content == b""
    assert "content-type" not in request.headers


def test_a_form(upload: Upload) -> None:
    fields = {"name": "a&b=ü", "yes": True, "tags": [1, 2], "left": NOT_GIVEN, "none": None}
    request = upload.send("application/x-www-form-urlencoded", fields=fields)
    assert parse_qs(request.content.decode()) == {"name": ["a&b=ü"], "yes": ["true"], "tags": ["1,2"]}
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"


def test_a_form_as_a_whole(upload: Upload) -> None:
    model = CreateVirtualEnvironmentRequest(name="UK")
    assert upload.send("application/x-www-form-urlencoded", body=model).content == b"name=UK"
    assert upload.send("application/x-www-form-urlencoded", body={"name": "UK"}).content == b"name=UK"


def test_files(upload: Upload) -> None:
    request = upload.send(
        "multipart/form-data",
        fields={"file": ('a"b.csv', b"1\r\n--x"), "raw": b"\x00\xff", "note": "ü", "none": None},
        headers={"content-type": "multipart/form-data; boundary=mine"},
    )
    first, second, third = parts(request)
    assert first.get_payload(decode=True) == b"1\r\n--x"
    assert first.get_filename() == "a%22b.csv"
    assert second.get_payload(decode=True) == b"\x00\xff"
    assert second.get_param("name", header="content-disposition") == "raw"
    assert third.get_payload(decode=True) == "ü".encode()


@given(content=st.binary(max_size=50), name=st.text(min_size=1, max_size=9), filename=st.text(max_size=9))
def test_whatever_a_file_holds_or_is_called_it_stays_one_part(content: bytes, name: str, filename: str) -> None:
    try:
        request = Upload().send("multipart/form-data", fields={name: (filename, content), "end": "x"})
    except UnicodeEncodeError:
        return
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    assert request.content.split(b"--" + boundary)[1].partition(b"\r\n\r\n")[2] == content + b"\r\n"
    assert request.content.count(boundary) == 3


@pytest.mark.parametrize(("name", "sent"), [("files", "files[]"), ("files[]", "files[]")])
def test_a_list_of_files_is_a_part_for_each(upload: Upload, name: str, sent: str) -> None:
    request = upload.send("multipart/form-data", fields={name: [b"one", ("a.txt", b"two")]})
    assert request.content.count(f'name="{sent}"; filename='.encode()) == 2


def test_lists_and_objects_in_a_form_have_the_names_that_php_reads(upload: Upload) -> None:
    model = CreateVirtualEnvironmentRequest(name="UK")
    whole = upload.send("multipart/form-data", body=model)
    assert [part.get_payload() for part in parts(whole)] == ["UK"]
    fields = {"tags": ["a", "b"], "rows": [{"id": 1, "on": None}, [2, 3]], "model": model, "map": {"k": {"l": ["x"]}}}
    request = upload.send("multipart/form-data", fields=fields)
    sent = [(part.get_param("name", header="content-disposition"), part.get_payload()) for part in parts(request)]
    assert sent == [
        ("tags[]", "a"),
        ("tags[]", "b"),
        ("rows[0][id]", "1"),
        ("rows[1][]", "2"),
        ("rows[1][]", "3"),
        ("model[name]", "UK"),
        ("map[k][l][]", "x"),
    ]


def test_an_object_that_says_of_itself_what_it_holds(upload: Upload) -> None:
    class Own:
        def to_dict(self) -> dict[str, Any]:
            return {"name": "UK"}

    assert [part.get_payload() for part in parts(upload.send("multipart/form-data", body=Own()))] == ["UK"]


@cases(
    ("media", "arguments", "message"),
    [
        ("multipart/form-data", {"fields": {"a": [object()]}}, r"a\[\] cannot be sent in a form as an object"),
        ("text/csv", {"body": {"a": 1}}, "takes bytes or str here, not a dict"),
        ("multipart/form-data", {"body": [1]}, "a mapping, not a list"),
        ("multipart/form-data", {"fields": {"a": 1}, "body": {"a": 1}}, "not both"),
        ("multipart/form-data", {"fields": {"a": object()}}, "a cannot be sent in a form as an object"),
    ],
)
def test_what_cannot_be_sent(upload: Upload, media: str, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        upload.send(media, **arguments)
    assert not upload.seen
