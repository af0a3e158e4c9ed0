"""What is masked, and what is escaped, in a text that is shown: in an exception, a log line or a terminal.

Which headers of a request may be shown is in `headers`, what a model prints of itself in `_models.representation`.
"""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from .headers import SHOWN_HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import httpx

    from .request import Prepared

_MASK = "***"
# Shorter ones are words like any other: "1", "GB".
_DISTINCTIVE_CHARS = 4
_MAX_CHARS = 500

# Controls, bidirectional and other invisible marks, halves of surrogate pairs, private characters, line and paragraph
# separators: what a terminal obeys, or what makes a text look like another one.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})

# The fields of a body whose values are nobody's business.
_SECRET_FIELDS = frozenset({"password", "token"})
_VALUE_FIELDS = frozenset({"value", "fallback"})
_MAX_WORD_CHARS = 15
# What the names of headers have in them that hold a credential.
_CREDENTIAL = (b"auth", b"cookie", b"token", b"secret", b"key", b"password")


def shown_text(request: Prepared, secrets: Iterable[str], text: str) -> str:
    """Text from outside as it may be shown, without `secrets` and those of the call."""
    return shown(text, [*secrets, *credentials_in(request.headers), *_sensitive_values(request.content)])


def shown(text: str, secrets: Iterable[str]) -> str:
    """Text from outside as it may be shown: on one line, not long, without `secrets`, and with nothing hidden in it."""
    # In this order: of a secret that was cut, or whose spaces were changed, what is left would not be found.
    return escaped(" ".join(_masked(text, secrets)[: 4 * _MAX_CHARS].split())[:_MAX_CHARS])


def _masked(text: str, secrets: Iterable[str]) -> str:
    """`text` with each of `secrets` masked: a word like any other where it stands alone, anything else everywhere."""
    # Without the space round them, which servers take off.
    for secret in sorted({s.strip() for s in secrets} - {""}, key=len, reverse=True):
        if len(secret) >= _DISTINCTIVE_CHARS and not _is_word(secret):
            text = text.replace(secret, _MASK)
        elif secret in text:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", _MASK, text)
    return text


def shown_request(request: httpx.Request) -> httpx.Request:
    """A copy for an error: without credential, query and body, since errors end up in logs and reports."""
    import httpx

    pairs = [(k, v if k.lower().decode("latin-1") in SHOWN_HEADERS else b"[hidden]") for k, v in request.headers.raw]
    url = httpx.URL(str(request.url)).copy_with(query=None, fragment=None)
    shown = httpx.Request(request.method, url, headers=pairs, stream=httpx.ByteStream(b""))
    shown.read()
    return shown


def escaped(text: str) -> str:
    """`text` with every character that is not seen as itself written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_written(c) if unicodedata.category(c) in _HIDDEN else c for c in text)


def credentials_in(headers: Iterable[tuple[bytes, bytes]]) -> list[str]:
    """Return the credentials in the headers of a request, without the names of their schemes."""
    found = (value.decode("latin-1") for name, value in headers if any(word in name.lower() for word in _CREDENTIAL))
    return [value.rpartition(" ")[2] for value in found]


def _sensitive_values(content: bytes) -> list[str]:
    """The texts in a JSON body that no message may repeat."""
    found: list[str] = []
    try:
        todo: list[Any] = [json.loads(content)] if content else []
    except (ValueError, RecursionError):
        # A form or a file, in which no variable is stored.
        return found
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo += value
        elif isinstance(value, dict):
            fields: dict[str, Any] = value
            secret = str(fields.get("secret", False)).lower() not in {"false", "0", "none", ""}
            for name, given in fields.items():
                text = str(given) if isinstance(given, str | float | int) and not isinstance(given, bool) else ""
                if name in _SECRET_FIELDS or (name in _VALUE_FIELDS and (secret or not _is_word(text))):
                    found.append(text)
            todo += fields.values()
    return found


def _is_word(text: str) -> bool:
    """Whether a text is a word like any other, which sentences hold that say nothing of a secret."""
    return text.isalpha() and len(text) <= _MAX_WORD_CHARS and text[1:] == text[1:].lower()


def _written(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
