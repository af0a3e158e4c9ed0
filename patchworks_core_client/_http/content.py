"""Bodies that are no JSON: forms, files, and bytes as they are."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote

from .._types import NOT_GIVEN
from .query import Query, query_text

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def encode_media(media: str, fields: Mapping[str, object] | None, body: object) -> tuple[bytes, str] | None:
    """A body and its `Content-Type`; `None` where there is none.

    Args:
        media: the documented media type.
        fields: the fields of a form, those left out among them.
        body: the whole instead: a model or a mapping for a form, else bytes or text.

    Raises:
        TypeError: both are given, or one is of a type that cannot be sent so.
    """
    given = {name: value for name, value in (fields or {}).items() if value is not NOT_GIVEN}
    if body is not NOT_GIVEN and given:
        raise TypeError(f"give the fields ({', '.join(given)}) or body=, not both: put them into the body")
    if media in {FORM, MULTIPART}:
        whole = given if body is NOT_GIVEN else _mapping(body)
        return (Query.of(whole).encode().encode(), FORM) if media == FORM else _multipart(whole)
    if body is NOT_GIVEN:
        return None
    if isinstance(body, str):
        return body.encode(), media
    if isinstance(body, bytes | bytearray):
        return bytes(body), media
    raise TypeError(f"body= takes bytes or str here, not {type(body).__name__}")


def _mapping(body: Any) -> Mapping[str, object]:
    if hasattr(body, "to_dict"):
        body = body.to_dict()
    if not isinstance(body, Mapping):
        raise TypeError(f"body= takes the request model or a mapping, not {type(body).__name__}")
    return cast("Mapping[str, object]", body)


def _multipart(fields: Mapping[str, object]) -> tuple[bytes, str]:
    """As RFC 7578 has it. What is in a field cannot end it: the boundary is random."""
    boundary = secrets.token_hex(16)
    parts: list[bytes] = []
    for name, value in fields.items():
        if value is None:
            continue
        content, about = _part(name, value)
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"{about}\r\n\r\n'
        parts += [head.encode(), content, b"\r\n"]
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"{MULTIPART}; boundary={boundary}"


def _part(name: str, value: object) -> tuple[bytes, str]:
    if isinstance(value, bytes | bytearray):
        value = ("upload", bytes(value))
    if isinstance(value, tuple):
        filename, content = cast("tuple[str, bytes]", value)
        return bytes(content), f'; filename="{_quoted(filename)}"\r\nContent-Type: application/octet-stream'
    return query_text(name, value, "a form").encode(), ""


def _quoted(text: str) -> str:
    # What would end the quotes or the line, as browsers write it.
    return "".join(quote(c) if c in '"\r\n' else c for c in text)
