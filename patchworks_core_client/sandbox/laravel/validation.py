"""Validation of request bodies, as Laravel applies the documented rules, and exactly as documented."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from .errors import ValidationError

Kind = Literal["string", "identifier", "integer", "flag", "labels"]
Json = Any

TRUTHY_FLAGS = frozenset({"1", "true", "on", "yes"})
FALSY_FLAGS = frozenset({"", "0", "false", "off", "no"})
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
# As far as an INT column goes.
MAX_INTEGER = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one field of a body has to be.

    Attributes:
        kind: its type; an `identifier` may come as a string or a whole number, a `flag` as a boolean in any
            spelling.
        required: it must be there, and not be empty.
        present: it must be there.
        filled: where it is there, it must not be empty.
        nullable: null is documented. Laravel sees an empty string as null, and null is sent in responses for what is
            empty, so that it is taken for every text that may be empty.
        trim: whether white space around a string is dropped; a password keeps it.
        min: the least characters in the description.
        max: the most characters.
        options: the values that the API is known to take. The pages do not list them, so as documented all
            are taken.
    """

    kind: Kind = "string"
    required: bool = False
    present: bool = False
    filled: bool = False
    nullable: bool = False
    trim: bool = True
    min: int = 0
    max: int | None = None
    options: tuple[str, ...] = ()


Rules = Mapping[str, Rule]


class _Invalid(Exception):
    """A value that is not what its rule says; the text is the end of the message."""

    def __init__(self, text: str, suffix: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.suffix = suffix


def validate(body: Mapping[str, Json], rules: Rules, *, documented: bool) -> dict[str, Json]:
    """Return the fields of a body that have a rule and were sent, cleaned up; others are ignored.

    Args:
        body: the decoded JSON object.
        rules: the rules of the operation.
        documented: exactly as documented, without Laravel's trimming and conversions.

    Raises:
        ValidationError: with the messages of every field that breaks its rule.
    """
    apply = _as_documented if documented else _as_laravel
    clean: dict[str, Json] = {}
    errors: dict[str, list[str]] = {}
    for name, rule in rules.items():
        try:
            if name in body:
                value = apply(rule, body[name])
                # An empty flag says nothing.
                if value is not None or rule.kind != "flag":
                    clean[name] = value
            elif rule.required:
                raise _Invalid("is required")
            elif rule.present:
                raise _Invalid("must be present")
        except _Invalid as invalid:
            field = name + invalid.suffix
            errors[field] = [f"The {field.replace('_', ' ')} field {invalid.text}."]
    if errors:
        raise ValidationError(errors)
    return clean


def truthy(value: Json) -> bool:
    """Return what a flag means, however it is spelled."""
    return value.strip().lower() not in FALSY_FLAGS if isinstance(value, str) else bool(value)


def _as_laravel(rule: Rule, value: Json) -> Json:
    """Return a value under Laravel's middleware (strings trimmed, empty ones null) and its rules."""
    if isinstance(value, str):
        value = (value.strip() if rule.trim else value) or None
    if value is None:
        return _empty(rule)
    value = _LARAVEL_KINDS[rule.kind](value)
    if isinstance(value, str):
        _check_length(rule, value)
        if rule.options and value not in rule.options:
            raise _Invalid(f"must be one of {', '.join(rule.options)}")
    return value


def _empty(rule: Rule) -> None:
    if rule.required:
        raise _Invalid("is required")
    if rule.filled:
        raise _Invalid("must have a value")
    if rule.kind == "labels":
        raise _Invalid("must be an array")


def _as_documented(rule: Rule, value: Json) -> Json:
    """Return a value that matches the JSON schema of the pages."""
    if value is None and rule.nullable:
        return None
    value = _DOCUMENTED_KINDS[rule.kind](value)
    if isinstance(value, str):
        _check_length(rule, value)
    return value


def _check_length(rule: Rule, value: str) -> None:
    if len(value) < rule.min:
        raise _Invalid("is required")
    if rule.max is not None and len(value) > rule.max:
        raise _Invalid(f"must not be greater than {rule.max} characters")


def _string(value: Json) -> Json:
    if isinstance(value, str):
        return value
    raise _Invalid("must be a string")


def _identifier(value: Json) -> Json:
    # Past 64 bits an integer would not fit the database, and no identifier is that long.
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return value
    return _string(value)


def _whole(value: Json) -> Json:
    if isinstance(value, bool):
        raise _Invalid("must be an integer")
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise _Invalid("must be an integer")


def _integer(value: Json) -> Json:
    if isinstance(value, str) and WHOLE_NUMBER.fullmatch(value.strip()):
        value = int(value)
    number = _whole(value)
    if abs(number) > MAX_INTEGER:
        raise _Invalid(f"must be between -{MAX_INTEGER} and {MAX_INTEGER}")
    return number


def _flag(value: Json) -> Json:
    if isinstance(value, str):
        if value.lower() in TRUTHY_FLAGS | FALSY_FLAGS:
            return value
    elif isinstance(value, int) and value in {0, 1}:
        return value
    raise _Invalid("must be true or false")


def _any_flag(value: Json) -> Json:
    return value if isinstance(value, bool | str) else _whole(value)


def _label_list(value: Json, identifier: Callable[[Json], Json]) -> Json:
    if not isinstance(value, list):
        raise _Invalid("must be an array")
    labels: list[Json] = []
    for index, label in enumerate(cast("list[object]", value)):
        if not isinstance(label, dict):
            raise _Invalid("must be an array", f".{index}")
        if "id" in label:
            try:
                labels.append(identifier(cast("dict[str, object]", label)["id"]))
            except _Invalid as invalid:
                raise _Invalid(invalid.text, f".{index}.id") from None
    return labels


_LARAVEL_KINDS: Mapping[Kind, Callable[[Json], Json]] = {
    "string": _string,
    "identifier": _identifier,
    "integer": _integer,
    "flag": _flag,
    "labels": lambda value: _label_list(value, _integer),
}
_DOCUMENTED_KINDS: Mapping[Kind, Callable[[Json], Json]] = {
    "string": _string,
    "identifier": _string,
    "integer": _whole,
    "flag": _any_flag,
    "labels": lambda value: _label_list(value, _string),
}
