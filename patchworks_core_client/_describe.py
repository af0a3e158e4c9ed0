"""Types of annotations turned into the tables by which values are decoded."""

from __future__ import annotations

import types
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Union, get_args, get_origin

from ._nodes import Anything, Node
from ._steps import Choice, EachOf, OneOf, ToModel, to_bytes, to_date, to_datetime, to_uuid

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._nodes import Step, Table

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


def describe(annotation: Any, evaluate: Evaluate, *, model: str, field: str) -> Node:
    """The node for an annotation.

    Args:
        annotation: a type, or the text of an annotation.
        evaluate: makes a type of such a text.
        model: the name of the model that it stands in.
        field: the name on the wire of the field that it stands at.

    Raises:
        TypeError: if values of that type do not come from JSON.
    """
    node = Node(model, field, _declared(annotation))
    kind = evaluate(annotation)
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
        inner = describe(args[-1], evaluate, model=node.model, field=f"{node.field}[]")
        inner.declared = _inner(node.declared, origin, inner.declared)
        node.table = {origin: None if isinstance(inner.table, Anything) else EachOf(inner)}
        node.keeps = inner.keeps
    elif origin is Union or origin is types.UnionType:
        members = [describe(arg, evaluate, model=node.model, field=node.field) for arg in args]
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


def _declared(annotation: Any) -> str:
    if isinstance(annotation, str):
        return annotation.removesuffix(" | None")
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation.__name__
    return str(annotation).replace("typing.", "").removesuffix(" | None")


def _inner(declared: str, origin: type, otherwise: str) -> str:
    # The names in the annotation's own text say more than the types: an enumeration is only a Literal then.
    start = "list[" if origin is list else "dict[str, "
    if declared.startswith(start) and declared.find("]") == len(declared) - 1:
        return declared[len(start) : -1]
    return otherwise
