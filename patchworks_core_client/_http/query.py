"""Queries: pairs of text in their order, of which several may have the same name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, quote

from .._checks import mapping
from .._types import NOT_GIVEN

# PHP takes `ids[]` and `ids[0]` for elements of the same array.
_INDEX = re.compile(r"\[[0-9]*\]")

_AS_BYTES = "surrogateescape"


class Query(tuple[tuple[str, str], ...]):
    """A query as it is sent, before it is escaped."""

    __slots__ = ()

    @classmethod
    def of(cls, values: Mapping[str, object] | Query) -> Query:
        """Make the query of names as the server knows them; `None` and empty sequences are left out.

        A sequence is joined with commas, or becomes one pair for each value where the name ends in `[]`. A bool is
        `true` or `false`, a date is in ISO form, a member of an enumeration its value.

        Raises:
            TypeError: a value is of another type.
            ValueError: a filter is an empty sequence, or a text cannot be sent.
        """
        if isinstance(values, Query):
            return values
        pairs: list[tuple[str, str]] = []
        for name, value in values.items():
            if value is None or value is NOT_GIVEN:
                continue
            if isinstance(value, str) or not isinstance(value, Iterable) or isinstance(value, _NO_SEQUENCES):
                pairs.append((name, query_text(name, value)))
                continue
            texts = [query_text(name, item) for item in value]  # pyright: ignore[reportUnknownVariableType]
            if name.endswith("[]"):
                pairs += [(name, text) for text in texts]
            elif texts:
                pairs.append((name, ",".join(texts)))
            elif name.startswith("filter["):
                # Left out, it would ask for all there is, and a loop that deletes what it lists would get that.
                raise ValueError(f"{name} is an empty sequence, which no row matches; give None for no filter")
        for name, text in pairs:
            try:
                f"{name}{text}".encode()
            except UnicodeEncodeError:
                raise ValueError(f"{name} must be text that UTF-8 can express") from None
        return cls(pairs)

    @classmethod
    def merged(cls, documented: Mapping[str, object] | None, params: Mapping[str, Any] | None) -> Query:
        """The documented parameters with the caller's own `params` over them.

        Raises:
            TypeError: `params` is no mapping, or as `of`.
            ValueError: as `of`.
        """
        return cls.of({**(documented or {}), **mapping(params, "params")})

    @classmethod
    def parse(cls, text: str) -> Query:
        """Read the query of a URL."""
        # Bytes that are no UTF-8 stay what they are.
        return cls(parse_qsl(text, keep_blank_values=True, errors=_AS_BYTES))

    def get(self, name: str) -> str | None:
        """The value of `name`, the last one where there are several; `None` if there is none."""
        return next((value for key, value in reversed(self) if key == name), None)

    def without(self, *names: str) -> Query:
        """This query without the pairs of these names."""
        return Query(pair for pair in self if pair[0] not in names)

    def having(self, other: Query) -> Query:
        """This query with the pairs of `other` in the place of those that they replace."""
        names = {_INDEX.sub("[]", name) for name, _ in other}
        return Query((*(pair for pair in self if _INDEX.sub("[]", pair[0]) not in names), *other))

    def encode(self) -> str:
        """The query as part of a URL."""
        return "&".join([f"{_quoted(name, '')}={_quoted(value, ',')}" for name, value in self])

    def __repr__(self) -> str:
        # The values may be nobody's business.
        return f"<Query of {', '.join(name for name, _ in self)}>"


def _quoted(text: str, safe: str) -> str:
    return quote(text, safe=safe, errors=_AS_BYTES)


_NO_SEQUENCES = (bytes, bytearray, Mapping, Enum)


def query_text(name: str, value: Any, place: str = "a query") -> str:
    """One value as text.

    Args:
        name: of the parameter or the field, for the error.
        value: what was given.
        place: where it is to go, for the error.

    Raises:
        TypeError: it is of a type that has no such form.
    """
    if isinstance(value, Enum):
        value = value.value
    # Those of the base classes: what a subclass prints is for people.
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float.__repr__(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    import uuid

    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"{name} cannot be sent in {place} as a {type(value).__name__}")
