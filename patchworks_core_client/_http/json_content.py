"""JSON as it goes over the wire: what the caller gave to bytes, bytes to plain values."""

from __future__ import annotations

import json
import sys
from typing import Any

from .._models.serialise import encoded

try:
    import orjson
except ImportError:  # pragma: no cover - the extra is there or it is not
    orjson = None  # type: ignore[assignment]

_TO_ZERO = bytes.maketrans(b"123456789", b"000000000")


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

    Where orjson is installed (the extra of that name) it is used, with the same results.

    Raises:
        BeyondLimits: they are JSON, but the interpreter refuses to read them.
        ValueError: they are no JSON.
    """
    if orjson is not None and not _may_hold_large_integer(content):
        try:
            return orjson.loads(content)
        except ValueError:
            # `json` reads more: other encodings, halves of surrogate pairs, NaN. What is no JSON at all it finds, too.
            pass
    try:
        try:
            return json.loads(content)
        except UnicodeDecodeError:
            if charset is None:
                raise
            return json.loads(content.decode(charset))
    except RecursionError:
        raise BeyondLimits("is nested deeper than this interpreter reads JSON") from None
    except LookupError:
        raise ValueError("the body is in an unknown charset") from None
    except ValueError as error:
        if type(error) is ValueError:
            # Not a syntax error: the interpreter bounds how many digits an integer may have.
            raise BeyondLimits(f"holds an integer of more than {sys.get_int_max_str_digits()} digits") from None
        raise


def _may_hold_large_integer(content: bytes) -> bool:
    """Return whether 19 digits follow each other, as in every integer that does not fit into 64 bits.

    orjson makes a float of such a one, and so another number.
    """
    # Of so many, four of every fourth byte are digits. Those of a date are not, and a quarter is seen sooner.
    return b"0" * 4 in content[::4].translate(_TO_ZERO) and b"0" * 19 in content.translate(_TO_ZERO)


class BeyondLimits(ValueError):
    """JSON that the interpreter refuses to read; its text says why, of "the body"."""
