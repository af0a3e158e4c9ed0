"""Queries: pairs of text in their order, of which several may have the same name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, cast
from urllib.parse import parse_qsl, quote

from .._checks import is_utf8, kind_of, mapping
from .._models.serialise import fields_of
from .._types import NOT_GIVEN

COMMAS: Mapping[str, str] = {}
"""Separators of a query in which every sequence is joined with commas."""

# PHP takes `ids[]` and `ids[0]` for elements of the same array.
_INDEX = r"\[[0-9]*\]"

_AS_BYTES = "surrogateescape"


class Query(tuple[tuple[str, str], ...]):
    """A query as it is sent, before it is escaped."""

    __slots__ = ()

    @classmethod
    def of(cls, values: Mapping[str, object] | Query, separators: Mapping[str, str] = COMMAS) -> Query:
        """Make the query of names as the server knows them; `None` and empty sequences are left out.

        A sequence is joined with commas, or becomes one pair for each value where the name ends in `[]`. An object, and
        a sequence of objects, becomes pairs with names in brackets. A bool is `true` or `false`, a date is in ISO form,
        a member of an enumeration its value.

        Args:
            values: of the parameters, by their names.
            separators: what joins a sequence instead of a comma, by the name of the parameter; empty where each value
                is a pair of its own.

        Raises:
            TypeError: a value is of another type.
            ValueError: a filter is an empty sequence, or a text cannot be sent.
        """
        return values if isinstance(values, Query) else cls._of(_items(values), separators)

    @classmethod
    def _of(cls, given: Iterable[tuple[object, object]], separators: Mapping[str, str]) -> Query:
        pairs: list[tuple[str, str]] = []
        for key, value in given:
            if value is None or value is NOT_GIVEN:
                continue
            name = _name(key)
            if isinstance(value, str) or not isinstance(value, Iterable) or isinstance(value, _NO_SEQUENCES):
                pairs += _texts(bracketed(name, value))  # pyright: ignore[reportUnknownArgumentType]
                continue
            items = list(cast("Iterable[object]", value))
            _refuse_no_row(name, items)
            if any(map(_has_parts, items)):
                pairs += _texts(bracketed(name, items))
                continue
            texts = [query_text(name, item) for item in items]
            separator = "" if name.endswith("[]") else separators.get(name, ",")
            if not separator:
                pairs += [(name, text) for text in texts]
            elif texts:
                pairs.append((name, separator.join(texts)))
        for name, text in pairs:
            if not is_utf8(f"{name}{text}"):
                raise ValueError(f"{name} must be text that UTF-8 can express")
        return cls(pairs)

    @classmethod
    def merged(
        cls,
        documented: Mapping[str, object] | None,
        params: Mapping[str, Any] | None,
        separators: Mapping[str, str] = COMMAS,
    ) -> Query:
        """The documented parameters with the caller's own `params` in their place; `separators` as of `of`.

        Raises:
            TypeError: `params` is no mapping, or as `of`.
            ValueError: as `of`.
        """
        given: Iterable[tuple[object, object]] = (documented or {}).items()
        if params is not None:
            own = mapping(params, "params")
            given = [*((name, value) for name, value in given if name not in own), *_items(own)]
        return cls._of(given, separators)

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
        names = {re.sub(_INDEX, "[]", name) for name, _ in other}
        return Query((*(pair for pair in self if re.sub(_INDEX, "[]", pair[0]) not in names), *other))

    def encode(self) -> str:
        """The query as part of a URL."""
        return "&".join([f"{_quoted(name, '')}={_quoted(value, ',')}" for name, value in self])

    def __repr__(self) -> str:
        # The values may be nobody's business.
        return f"<Query of {', '.join(name for name, _ in self)}>"


def _items(values: Mapping[str, object]) -> Iterable[tuple[object, object]]:
    """The pairs of a mapping, of which one for queries, such as `httpx.QueryParams`, may hold several of a name."""
    items: Callable[[], Iterable[tuple[object, object]]] = getattr(values, "multi_items", values.items)
    return items()


def _name(key: object) -> str:
    return key if type(key) is str else query_text("a name", key)


def _refuse_no_row(name: str, items: list[object]) -> None:
    """Refuse a filter that no row matches: left out, it asks for all there is, and a loop may delete what it gets."""
    if not items and name.partition("[")[0] == "filter":
        raise ValueError(f"{name} is an empty sequence, which no row matches; give None for no filter")


def _texts(parts: Iterable[tuple[str, object]]) -> list[tuple[str, str]]:
    return [(name, query_text(name, part)) for name, part in parts]


def _quoted(text: str, safe: str) -> str:
    return quote(text, safe=safe, errors=_AS_BYTES)


_NO_SEQUENCES = (bytes, bytearray, memoryview, Mapping, Enum)


def bracketed(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield the parts of a value by the names that PHP reads as those of arrays; `None` is left out.

    A sequence of texts, numbers or files has one name, `ids[]`; in one of objects or sequences each has its own,
    `rows[0][id]`.
    """
    value = fields_of(value) if hasattr(value, "to_dict") else value
    if isinstance(value, Mapping):
        for key, part in cast("Mapping[str, object]", value).items():
            yield from bracketed(f"{name}[{_name(key)}]", part)
    elif isinstance(value, list):
        parts = cast("list[object]", value)
        _refuse_no_row(name, parts)
        is_numbered = any(_has_parts(part) or isinstance(part, list) for part in parts)
        plain = name.removesuffix("[]")
        for number, part in enumerate(parts):
            yield from bracketed(f"{plain}[{number}]" if is_numbered else f"{plain}[]", part)
    elif value is not None:
        yield name, value


def _has_parts(value: object) -> bool:
    return isinstance(value, Mapping) or hasattr(value, "to_dict")


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
    raise TypeError(f"{name} cannot be sent in {place} as {kind_of(value)}")
