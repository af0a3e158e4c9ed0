"""Read the body of a request: at most 8 MB, and JSON."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn, cast

from starlette.requests import ClientDisconnect

from ..laravel.errors import CLIENT_CLOSED_REQUEST, HttpError, ValidationError

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_BODY_BYTES = 8 * 1024 * 1024
JSON = "application/json"


async def read(request: Request) -> bytes:
    """Return the whole body.

    One that is too large is read to its end and dropped as it comes: a server that hangs up in the middle
    would break the connection under the client, which then never sees the 413.

    Raises:
        HttpError: 413, or 499 where the client did not wait.
    """
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= MAX_BODY_BYTES:
                chunks.append(chunk)
            else:
                chunks.clear()
    except ClientDisconnect:
        raise HttpError(CLIENT_CLOSED_REQUEST, "The client went away.") from None
    if size > MAX_BODY_BYTES:
        raise HttpError(413, "The POST data is too large.")
    return b"".join(chunks)


async def drain(request: Request) -> None:
    """Take a body off the wire and drop it, as much of it as comes."""
    with suppress(ClientDisconnect):
        async for _ in request.stream():
            pass


def decode(body: bytes, request: Request, *, required: bool) -> dict[str, Any]:
    """Return the JSON object in a body; Laravel takes an empty one for an empty object.

    Args:
        body: the bytes.
        request: the request that it came with, for its `Content-Type`.
        required: whether an empty body is refused, as the description wants it.

    Raises:
        HttpError: 415 for another media type, 400 for what is no JSON.
        ValidationError: for JSON that is no object.
    """
    if not body:
        if required:
            raise HttpError(400, "The request has no body.")
        return {}
    sent = media_type(request)
    if sent != JSON and not sent.endswith("+json"):
        raise HttpError(415, "The request body must be application/json.")
    try:
        decoded = json.loads(body, parse_constant=_refuse_constant)
        # Lone surrogates, written as escapes, are no text and could not be sent back.
        json.dumps(decoded, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise HttpError(400, "The request body is not valid JSON.") from None
    if not isinstance(decoded, dict):
        raise ValidationError({"body": ["The body field must be an object."]})
    return cast("dict[str, Any]", decoded)


def decode_control(body: bytes, request: Request) -> dict[str, Any]:
    """Return the JSON object in a body of the control path.

    Only as `application/json`, which no page of another origin can send unasked.

    Raises:
        HttpError: 415 for another media type, 400 for what is no JSON.
        ValidationError: for JSON that is no object.
    """
    if body and media_type(request) != JSON:
        raise HttpError(415, "The request body must be application/json.")
    return decode(body, request, required=False)


def media_type(request: Request) -> str:
    """Return the media type of a request's body, without its parameters; empty where it has none."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
