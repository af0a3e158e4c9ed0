"""JSON as it goes over the wire: what the caller gave to bytes, bytes to plain values."""

from __future__ import annotations

import json
from typing import Any

from ._wire import encoded


def encode(value: object) -> bytes:
    """The JSON of a value, compact and in UTF-8.

    Models, mappings, dates, UUIDs and members of enumerations are taken at every depth.

    Raises:
        TypeError: something in it has no JSON form.
        ValueError: it holds a number that is not finite, or itself, or text that UTF-8 cannot express.
    """
    try:
        text = json.dumps(encoded(value), separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("the body holds text that UTF-8 cannot express") from None
    except RecursionError:
        raise ValueError("the body is nested too deeply, or holds itself") from None


def decode(content: bytes, charset: str | None = None) -> Any:
    """The plain value of JSON bytes, in UTF-8, UTF-16, UTF-32 or else the charset that the server names.

    Raises:
        ValueError: they are no JSON.
    """
    try:
        return json.loads(content)
    except UnicodeDecodeError:
        if charset is None:
            raise
        try:
            return json.loads(content.decode(charset))
        except LookupError:
            raise ValueError("the body is in an unknown charset") from None
    except RecursionError:
        raise ValueError("the body is nested too deeply") from None
