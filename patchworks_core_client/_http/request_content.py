"""The content of a request: JSON, a form, files, or bytes as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from .._checks import kind_of
from .._models.serialise import fields_of
from .._types import NOT_GIVEN
from . import json_content
from .query import Query, bracketed, query_text

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def encode_content(
    media: str, fields: Mapping[str, object] | None, body: object, *, is_value: bool = False
) -> tuple[bytes, str] | None:
    """Return the content of a request and its `Content-Type`; `None` where there is none.

    Args:
        media: the documented media type.
        fields: the fields of the body, those left out among them; `None` where the operation has none.
        body: the whole body instead: a model or a mapping for JSON and forms, else bytes or text.
        is_value: whether a body of JSON is described as no object, but as a list, a text or a number.

    Raises:
        TypeError: both are given, or one is of a type that cannot be sent so.
        ValueError: a value has no form that can be sent.
    """
    if body is NOT_GIVEN and fields is None and media not in {FORM, MULTIPART}:
        return None
    given = _given(fields or {})
    if body is NOT_GIVEN:
        if _is_json(media):
            return json_content.encode(given), media
    elif given:
        raise TypeError(f"give the fields ({', '.join(given)}) or body=, not both: put them into the body")
    if _is_json(media):
        return json_content.encode(body if is_value else _object(body)), media
    if media in {FORM, MULTIPART}:
        whole = given if body is NOT_GIVEN else _fields_of(body)
        return (Query.of(whole).encode().encode(), FORM) if media == FORM else _multipart(whole)
    if isinstance(body, str):
        return body.encode(), media
    if isinstance(body, bytes | bytearray):
        return bytes(body), media
    raise TypeError(f"body= takes bytes or str here, not {kind_of(body)}")


def _is_json(media: str) -> bool:
    return media == JSON or media.endswith("+json")


def _given(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not NOT_GIVEN}


def _object(body: Any) -> Any:
    """A whole body as the JSON encoder takes it: a model, or a mapping without what was left out."""
    if isinstance(body, Mapping):
        return _given(cast("Mapping[str, object]", body))
    if not hasattr(body, "to_dict"):
        raise TypeError(f"body= takes the request model or a mapping, not {kind_of(body)}")
    return body


def _fields_of(body: Any) -> Mapping[str, object]:
    whole: Any = _object(body)
    return whole if isinstance(whole, dict) else fields_of(whole)  # pyright: ignore[reportUnknownVariableType]


def _multipart(fields: Mapping[str, object]) -> tuple[bytes, str]:
    """As httpx encodes it; a part without a file name is a field."""
    import httpx

    parts = [(inner, _part(inner, part)) for name, value in fields.items() for inner, part in bracketed(name, value)]
    request = httpx.Request("POST", "http://multipart", files=parts)
    return request.read(), request.headers.get("content-type", MULTIPART)


def _part(name: str, value: object) -> tuple[str | None, bytes] | tuple[str, bytes, str]:
    if isinstance(value, bytes | bytearray):
        value = ("upload", bytes(value))
    if isinstance(value, tuple):
        filename, content = cast("tuple[str, bytes]", value)
        return filename, bytes(content), "application/octet-stream"
    return None, query_text(name, value, "a form").encode()
