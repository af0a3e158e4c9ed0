"""Names that are safe in code and on disk, made from any text.

Everything that a page calls something (a parameter, a tag, a schema, a heading) goes through one of these functions
before it becomes a Python name or a file name. What comes out is plain ASCII, whatever went in.
"""

from __future__ import annotations

import hashlib
import keyword
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

MAX_NAME_LENGTH = 80
"""Longer names are cut; 255 bytes is what a file name may have."""
DIGEST_LENGTH = 8

# An acronym in the plural (APIs), an acronym (the HTTP of HTTPServer), a word; each with the digits after it; a number.
_WORD = re.compile(r"[A-Z]{2,}s(?![a-z])[0-9]*|[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
_APOSTROPHE = re.compile("['`\u00b4\u2019]")


def words(text: str) -> list[str]:
    """Return the words of a text, in their own case: `filter[hasVersion]` gives filter, has, Version."""
    return _WORD.findall(_plain(text))


def snake(text: str) -> str:
    """Return the words of a text in snake case; empty when it has none."""
    return "_".join(words(text)).lower()


def identifier(wire_name: str, taken: Collection[str] = (), reserved: Collection[str] = ()) -> str:
    """Return a Python name in snake case for what the API calls `wire_name`.

    Args:
        wire_name: any text at all; brackets, dots and capitals divide words.
        taken: names that others of the same scope have already.
        reserved: names that mean something else in that scope, such as a method's own arguments.

    Returns:
        A valid identifier that is no keyword, is in neither collection, has no underscore in front, and is the same
        whenever the arguments are. One that would be taken, reserved or a keyword gets an underscore at its end, or
        a number when that is taken too.
    """
    name = snake(wire_name)[:MAX_NAME_LENGTH].strip("_") or "value"
    if name[0].isdigit():
        name = f"value_{name}"
    if name not in taken and name not in reserved and not keyword.iskeyword(name):
        return name
    underscored = f"{name}_"
    if underscored not in taken and underscored not in reserved:
        return underscored
    return unused(name, lambda candidate: candidate == name or candidate in taken or candidate in reserved)


def class_name(text: str, limit: int = MAX_NAME_LENGTH) -> str:
    """Return a class name in Pascal case for any text; `Unnamed` when it has no letter or digit.

    One that is longer than `limit` is cut, and ends in a digest of the whole, so that different ones stay different.
    """
    name = "".join(word[0].upper() + word[1:] for word in words(text))
    if not name:
        return "Unnamed"
    if len(name) > limit:
        name = name[: limit - DIGEST_LENGTH] + _digest(name)
    return f"N{name}" if name[0].isdigit() else name


def module_key(name: str) -> str:
    """Return what two class names share if their modules could be one file, whoever makes snake case of them."""
    return name.replace("_", "").lower()


def slug(text: str) -> str:
    """Return a file name for any text: lower case letters, digits and hyphens; empty when nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", _plain(text).lower())[:MAX_NAME_LENGTH].strip("-")


def slugs(texts: Iterable[str]) -> dict[str, str]:
    """Return a slug for each text, different ones for different texts, whatever their order."""
    owners: dict[str, list[str]] = {}
    for text in set(texts):
        owners.setdefault(slug(text), []).append(text)
    result: dict[str, str] = {}
    for name, alike in owners.items():
        for text in alike:
            plain = name and (len(alike) == 1 or text == name)
            result[text] = name if plain else f"{name or 'page'}-{_digest(text)}"
    return result


def unused(name: str, is_taken: Callable[[str], bool], separator: str = "_") -> str:
    """Return `name`, or `name` with a number from 2 that is free; class names take no separator before it.

    It is the first such number where the free ones begin behind the taken ones. The search takes a few steps however
    many are taken, and ends, since each number makes another name.
    """
    if not is_taken(name):
        return name

    def is_free(number: int) -> bool:
        return not is_taken(f"{name}{separator}{number}")

    low, high = 1, 2
    while not is_free(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_free(middle) else (middle, high)
    return f"{name}{separator}{high}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:DIGEST_LENGTH]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
