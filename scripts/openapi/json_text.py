"""JSON read strictly and written the same way every time."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

MAX_DEPTH = 100
"""How deep a document may nest; the deepest published one has 14 levels."""

_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class JSONTextError(ValueError):
    """JSON text that is refused; `pointer` says where, when that is known."""

    def __init__(self, message: str, pointer: str = "#") -> None:
        super().__init__(message)
        self.pointer = pointer


class _Repeated(dict[str, Any]):
    """Stands in for an object that has a key twice, until the walk finds out where it is."""

    key = ""


def pointer(parts: tuple[str | int, ...] | list[str | int]) -> str:
    """Return the parts as a JSON pointer in the form of a URI fragment, as `$ref` has it."""
    return "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def path_of(text: str) -> tuple[str, ...]:
    """Return the parts of a JSON pointer in the form of a URI fragment."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.removeprefix("#").split("/")[1:])


def loads(text: str) -> Any:
    """Parse JSON, refusing what other parsers would read differently or could not write again.

    Raises:
        JSONTextError: not JSON, an object with a key twice, a number that is not finite, half a surrogate pair, or
            nesting deeper than `MAX_DEPTH`.
    """
    repeated = False

    def pairs_hook(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        result = dict(pairs)
        if len(result) == len(pairs):
            return result
        repeated = True
        marked = _Repeated(result)
        seen: set[str] = set()
        marked.key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        return marked

    try:
        value = json.loads(text, object_pairs_hook=pairs_hook, parse_constant=_refuse_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise JSONTextError(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError:
        raise JSONTextError(f"nested deeper than {MAX_DEPTH} levels") from None
    except JSONTextError:
        raise
    except ValueError as error:
        raise JSONTextError(f"not JSON that can be read: {error}") from error
    # Most texts hold nothing of the kind, and a path to each of their parts takes longer than reading them.
    if repeated or _may_hold_half_pair(text) or _is_too_deep(value):
        _inspect(value)
    return value


def dumps(value: Any) -> str:
    """Return the value as pretty JSON text with a newline at its end."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def canonical(value: Any) -> str:
    """Return a text that is equal for two values only if they are the same JSON, whatever the order of their keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def difference(one: Any, other: Any) -> tuple[str | int, ...]:
    """Return the path to the first thing in which two JSON values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in [*one, *(key for key in other if key not in one)]:
            if key not in one or key not in other:
                return (key,)
            if canonical(one[key]) != canonical(other[key]):
                return (key, *difference(one[key], other[key]))
    if isinstance(one, list) and isinstance(other, list):
        for index, (left, right) in enumerate(zip(one, other, strict=False)):
            if canonical(left) != canonical(right):
                return (index, *difference(left, right))
        if len(one) != len(other):
            return (min(len(one), len(other)),)
    return ()


def _refuse_constant(name: str) -> NoReturn:
    raise JSONTextError(f"not JSON: {name} is not a number of JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise JSONTextError(f"the number {text} is too large")
    return value


def _may_hold_half_pair(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return _ESCAPED_SURROGATE.search(text) is not None


def _is_too_deep(value: Any) -> bool:
    level: list[Any] = [[value]]
    for _ in range(MAX_DEPTH + 2):
        level = [
            child
            for part in level
            for child in (part.values() if isinstance(part, dict) else part)
            if isinstance(child, (dict, list))
        ]
        if not level:
            return False
    return True


def _inspect(root: Any) -> None:
    stack: list[tuple[tuple[str | int, ...], Any]] = [((), root)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, str):
            _check_text(value, path)
            continue
        if not isinstance(value, (dict, list)):
            continue
        if len(path) > MAX_DEPTH:
            raise JSONTextError(f"nested deeper than {MAX_DEPTH} levels", pointer(path[:8]))
        if isinstance(value, _Repeated):
            raise JSONTextError(f"the key {json.dumps(value.key)} is there twice", pointer((*path, value.key)))
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(key, str):
                _check_text(key, path)
            stack.append(((*path, key), child))


def _check_text(text: str, path: tuple[str | int, ...]) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise JSONTextError("a text holds half a surrogate pair", pointer(path)) from None
