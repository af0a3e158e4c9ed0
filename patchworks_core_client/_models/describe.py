"""Types of annotations turned into the tables by which values are decoded."""

from __future__ import annotations

import types
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Union, get_args, get_origin

from .converters import Choice, EachOf, OneOf, ToModel, to_bytes, to_date, to_datetime, to_uuid
from .field_types import Anything, Node

if TYPE_CHECKING:
    from collections.abc import Callable

    from .field_types import Step, Table

    Evaluate: TypeAlias = Callable[[Any], Any]

_PLAIN: dict[Any, Table] = {
    str: {str: None},
    bool: {bool: None},
    int: {int: None},
    # An int is a float as well, in JSON and to type checkers.
    float: {float: None, int: None},
    dict: {dict: None},
    list: {list: None},
    type(None): {},
    None: {},
}
_TEXT: dict[Any, Step] = {datetime: to_datetime, date: to_date, bytes: to_bytes}


def describe(annotation: Any, evaluate: Evaluate, *, model: str, field: str, declared: str = "") -> Node:
    """The node for an annotation.

    Args:
        annotation: a type, or the text of an annotation.
        evaluate: makes a type of such a text.
        model: the name of the model that it stands in.
        field: the name in JSON of the field that it stands at.
        declared: what to call it instead of by its own text.

    Raises:
        TypeError: if values of that type do not come from JSON.
    """
    kind = evaluate(annotation)
    node = Node(model, field, declared or _text(annotation))
    if kind is Any or kind is object:
        node.table = Anything()
    elif kind in _PLAIN:
        node.table = _PLAIN[kind]
    elif kind in _TEXT or (isinstance(kind, type) and kind.__name__ == "UUID" and kind.__module__ == "uuid"):
        node.table = {str: _TEXT.get(kind, to_uuid)}
        node.keeps = True
    elif (plan := getattr(kind, "__patchworks_plan__", None)) is not None and get_origin(kind) is None:
        node.table = {dict: ToModel(plan)}
    else:
        _compose(node, kind, evaluate)
    return node


def _compose(node: Node, kind: Any, evaluate: Evaluate) -> None:
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        for type_ in dict.fromkeys(map(type, args)):
            if type_ is not type(None):
                node.table[type_] = OneOf(frozenset(value for value in args if type(value) is type_))
    elif origin in (list, dict) and args:
        declared = _inner(node.declared, origin)
        inner = describe(args[-1], evaluate, model=node.model, field=f"{node.field}[]", declared=declared)
        node.table = {origin: None if isinstance(inner.table, Anything) else EachOf(inner)}
        node.keeps = inner.keeps
    elif origin is Union or origin is types.UnionType:
        args = tuple(arg for arg in args if arg is not type(None))
        declared = node.declared if len(args) == 1 else ""
        members = [describe(arg, evaluate, model=node.model, field=node.field, declared=declared) for arg in args]
        if any(isinstance(member.table, Anything) for member in members):
            node.table = Anything()
            return
        for type_ in dict.fromkeys(type_ for member in members for type_ in member.table):
            steps = [member.table[type_] for member in members if type_ in member.table]
            node.table[type_] = steps[0] if len(steps) == 1 else _choice(steps)
        node.keeps = any(member.keeps for member in members)
    else:
        raise TypeError(f"{node.model}.{node.field}: no JSON is described by {kind!r}")


def _choice(steps: list[Step | None]) -> Step | None:
    return None if all(step is None for step in steps) else Choice(steps)


def _text(annotation: Any) -> str:
    """An annotation as one would write it, without `None`."""
    if isinstance(annotation, str):
        return annotation.removesuffix(" | None")
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, args))}]"
    if origin is Union or origin is types.UnionType:
        return " | ".join(_text(arg) for arg in args if arg is not type(None))
    name = getattr(origin or annotation, "__name__", str(annotation))
    return f"{name}[{', '.join(map(_text, args))}]" if args else name


def _inner(declared: str, origin: type) -> str:
    """What the text of a list or an object calls what it holds: `Status` says more than the `Literal` behind it."""
    start = "list[" if origin is list else "dict[str, "
    simple = declared.startswith(start) and declared.find("]") == len(declared) - 1
    return declared[len(start) : -1] if simple else ""
