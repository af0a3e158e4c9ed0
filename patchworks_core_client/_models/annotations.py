"""Annotations, which are text for the most part, turned into types, and these into what decodes values."""

from __future__ import annotations

import builtins
import re
import sys
import types
from datetime import date, datetime
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, ForwardRef, Literal, TypeAlias, Union, get_args, get_origin

from .._types import NOT_GIVEN, NotGiven
from .converters import Choice, EachOf, OneOf, ToModel, to_bytes, to_date, to_datetime, to_uuid
from .field_types import AnyType, FieldType

if TYPE_CHECKING:
    from collections.abc import Callable

    from .field_types import Converter, Table

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
_TEXT: dict[Any, Converter] = {datetime: to_datetime, date: to_date, bytes: to_bytes}
_MODULE = r"\b[A-Za-z_]\w*\.(?=[A-Za-z_])"


class _Names(dict[str, Any]):
    """The names of an annotation: its module's, types, those of a package, which it imports for type checkers only."""

    def __init__(self, module: str, package: str, own: dict[str, Any]) -> None:
        super().__init__(own)
        self._module = module
        self._package = package

    def __missing__(self, name: str) -> Any:
        found = getattr(sys.modules.get(self._module), name, None)
        if found is None and isinstance(builtin := getattr(builtins, name, None), type):
            found = builtin
        for place in (self._package, "typing", "datetime", "uuid"):
            if found is None and place:
                found = getattr(import_module(place), name, None)
        if found is None:
            where = f"the module {self._module}" if self._module else f"the package {self._package or 'builtins'}"
            raise NameError(f"the annotation names {name!r}, which is not found in {where}")
        return found

    def evaluate(self, annotation: Any) -> Any:
        if isinstance(annotation, ForwardRef):
            annotation = annotation.__forward_arg__
        if not isinstance(annotation, str):
            return annotation
        # The text is source code of this package, not of a document or a server; it sees no builtins but the types.
        return eval(annotation, {"__builtins__": {}}, self)  # noqa: S307


def evaluator(owner: type) -> Evaluate:
    """Return what makes a type of an annotation in the body of a class, looking up names no sooner than needed."""
    module = owner.__module__
    return _Names(module, module.rpartition(".")[0], {owner.__name__: owner}).evaluate


@lru_cache(maxsize=1024)
def decoder(annotation: str | type, package: str = "") -> Converter:
    """Return what decodes a value of JSON as one annotation describes it; `None` is described everywhere.

    Args:
        annotation: a model, or an annotation as text: `"list[Version] | None"`, `"dict[str, Any]"`.
        package: the package of models in which its names are looked up.

    Raises:
        NameError: if a name in it is not found.
        TypeError: if it describes nothing that comes from JSON.
    """
    name = annotation if isinstance(annotation, str) else annotation.__name__
    name = name.removeprefix("list[").removesuffix("]") if name.startswith("list[") else name
    return describe(annotation, _Names("", package, {}).evaluate, model=name, field="").convert


def describe(annotation: Any, evaluate: Evaluate, *, model: str, field: str, declared: str = "") -> FieldType:
    """Return the field type for an annotation.

    Args:
        annotation: a type, or the text of an annotation.
        evaluate: makes a type of such a text.
        model: the name of the model that it stands in.
        field: the name in JSON of the field that it stands at.
        declared: what to call it instead of by its own text.

    Raises:
        NameError: if a name in it is not found.
        TypeError: if values of that type do not come from JSON.
    """
    try:
        kind = evaluate(annotation)
    except NameError as error:
        raise NameError(f"{model}.{field}: {error}") from None
    described = FieldType(model, field, declared or _text(annotation))
    if kind is Any or kind is object:
        described.table = AnyType()
    elif kind in _PLAIN:
        described.table = _PLAIN[kind]
    elif kind in _TEXT or (isinstance(kind, type) and kind.__name__ == "UUID" and kind.__module__ == "uuid"):
        described.table = {str: _TEXT.get(kind, to_uuid)}
        described.decoded = (kind,)
        described.keeps = True
    elif (decoder := getattr(kind, "__patchworks_decoder__", None)) is not None and get_origin(kind) is None:
        described.table = {dict: ToModel(decoder)}
        described.decoded = (kind,)
    else:
        _compose(described, kind, evaluate)
    return described


def _compose(described: FieldType, kind: Any, evaluate: Evaluate) -> None:
    origin, args = get_origin(kind), get_args(kind)
    model, field = described.model, described.field
    if origin is Literal:
        # `NOT_GIVEN` is no value of JSON, but what a field reads as that has none.
        args = tuple(arg for arg in args if arg is not None and arg is not NOT_GIVEN)
        for type_ in dict.fromkeys(map(type, args)):
            described.table[type_] = OneOf(frozenset(value for value in args if type(value) is type_))
    elif origin in (list, dict) and args:
        declared = _inner(described.declared, origin)
        inner = describe(args[-1], evaluate, model=model, field=f"{field}[]", declared=declared)
        described.table = {origin: None if isinstance(inner.table, AnyType) else EachOf(inner)}
        described.keeps = inner.keeps
    elif origin is Union or origin is types.UnionType:
        args = tuple(arg for arg in args if arg is not type(None) and arg != NotGiven)
        declared = described.declared if len(args) == 1 else ""
        members = [describe(arg, evaluate, model=model, field=field, declared=declared) for arg in args]
        if any(isinstance(member.table, AnyType) for member in members):
            described.table = AnyType()
            return
        for type_ in dict.fromkeys(type_ for member in members for type_ in member.table):
            converters = [member.table[type_] for member in members if type_ in member.table]
            described.table[type_] = converters[0] if len(converters) == 1 else _choice(converters)
        described.decoded = tuple(type_ for member in members for type_ in member.decoded)
        described.keeps = any(member.keeps for member in members)
    else:
        raise TypeError(
            f"{model}.{field}: {described.declared} describes no JSON; a field is a str, int, float, bool, datetime, "
            f"date, UUID, bytes, Literal, Any, a model, a list or a dict of these, or a union"
        )


def _choice(converters: list[Converter | None]) -> Converter | None:
    return None if all(each is None for each in converters) else Choice(converters)


def _text(annotation: Any) -> str:
    """Return an annotation as one would write it, without modules, `None` and `NotGiven`."""
    if isinstance(annotation, str):
        has_module = "." in annotation and "'" not in annotation and '"' not in annotation
        plain = re.sub(_MODULE, "", annotation) if has_module else annotation
        return plain.removesuffix(" | None").removesuffix(" | NotGiven")
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, args))}]"
    if origin is Union or origin is types.UnionType:
        return " | ".join(_text(arg) for arg in args if arg is not type(None) and arg != NotGiven)
    name = getattr(origin or annotation, "__name__", str(annotation))
    return f"{name}[{', '.join(map(_text, args))}]" if args else name


def _inner(declared: str, origin: type) -> str:
    """Return what a list or an object calls what it holds: `Status` says more than the `Literal` behind it."""
    start = "list[" if origin is list else "dict[str, "
    simple = declared.startswith(start) and declared.find("]") == len(declared) - 1
    return declared[len(start) : -1] if simple else ""
