"""Compare two public surfaces: each change, and whether it asks for a major, minor or patch version."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from enum import IntEnum
from itertools import zip_longest
from typing import NamedTuple, cast


class Level(IntEnum):
    """What a difference is to the users of the package."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Change(NamedTuple):
    """One difference."""

    level: Level
    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


def parse(text: str) -> dict[str, str]:
    """Return the lines of a surface by what they are about."""
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {path: rest for path, _, rest in (line.partition(": ") for line in lines)}


def surface_changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    """Return every difference between two surfaces, by path."""
    found: list[Change] = []
    gone: set[str] = set()
    come: set[str] = set()
    for path in sorted({*old, *new}, key=lambda path: path.split(".")):
        before, after = old.get(path), new.get(path)
        parent = path.rpartition(".")[0]
        if after is None:
            # Of a class that goes, or comes, the class alone is named.
            gone.add(path)
            found += [] if parent in gone else [Change(Level.MAJOR, path, "removed")]
        elif before is None:
            come.add(path)
            found += [] if parent in come else [Change(Level.MINOR, path, "added")]
        elif before != after:
            found += [Change(level, path, text) for level, text in _changed(before, after)]
    return found


def highest_level(found: list[Change]) -> Level:
    """Return the level of the gravest of some changes."""
    return max((change.level for change in found), default=Level.NONE)


def _changed(before: str, after: str) -> Iterator[tuple[Level, str]]:
    kind, _, rest = before.partition(" ")
    new_kind, _, new_rest = after.partition(" ")
    if "def(" in before and "def(" in after:
        yield from _function_changed(before, after)
    elif before.startswith("class") and after.startswith("class"):
        yield from _bases_changed(before, after)
    elif kind == new_kind == "type":
        yield _type_changed("it", rest, new_rest, widening=Level.MINOR, narrowing=Level.MAJOR)
    elif (kind, new_kind) in {("attribute", "attribute"), ("property", "property"), ("property", "attribute")}:
        yield _type_changed("its type", rest, new_rest, widening=Level.MAJOR, narrowing=Level.MINOR)
    else:
        yield Level.MAJOR, f"was {before}, is {after}"


def _bases_changed(before: str, after: str) -> Iterator[tuple[Level, str]]:
    old, new = (dict.fromkeys(text.removeprefix("class").strip("()").split(", ")) for text in (before, after))
    for base in old:
        if base and base not in new:
            yield Level.MAJOR, f"is no {base} any more"
    for base in new:
        if base and base not in old:
            yield Level.MINOR, f"is a {base} now"
    if list(old) != list(new) and set(old) == set(new):
        yield Level.MAJOR, f"its bases were {before}, are {after}"


class _Parameter(NamedTuple):
    name: str
    kind: str
    annotation: str
    default: str | None


class _Signature(NamedTuple):
    labels: str
    parameters: dict[str, _Parameter]
    returns: str


def _function_changed(before: str, after: str) -> Iterator[tuple[Level, str]]:
    if " & " in before or " & " in after:
        yield Level.MAJOR, f"its overloads were {before}, are {after}"
        return
    old, new = _signature(before), _signature(after)
    if old == new and [*old.parameters] == [*new.parameters]:
        yield Level.PATCH, f"is written otherwise: {after}"
    if old.labels != new.labels:
        yield Level.MAJOR, f"was {old.labels or 'plain'}, is {new.labels or 'plain'}"
    yield from _positions_changed(old, new)
    for name, parameter in old.parameters.items():
        if name in new.parameters:
            yield from _parameter_changed(parameter, new.parameters[name])
        else:
            yield Level.MAJOR, f"parameter {name} removed"
    for name, parameter in new.parameters.items():
        if name not in old.parameters:
            optional = parameter.default is not None or parameter.kind.startswith("*")
            yield Level.MINOR if optional else Level.MAJOR, f"parameter {name} added{'' if optional else ', required'}"
    if old.returns != new.returns:
        yield _type_changed("what it returns", old.returns, new.returns, widening=Level.MAJOR, narrowing=Level.MINOR)


def _positions_changed(old: _Signature, new: _Signature) -> Iterator[tuple[Level, str]]:
    """Yield positional parameters that are no longer where they were."""
    before, after = (
        [name for name, parameter in signature.parameters.items() if parameter.kind == "by place"]
        for signature in (old, new)
    )
    for was, now in zip_longest(before, after):
        if was is not None and was != now and was in new.parameters:
            yield Level.MAJOR, f"parameter {was} is not in its place any more"
            return


def _parameter_changed(old: _Parameter, new: _Parameter) -> Iterator[tuple[Level, str]]:
    if (old.kind, new.kind) == ("by name", "by place"):
        yield Level.MINOR, f"parameter {old.name} may be given by its place now"
    elif old.kind != new.kind and "*" in old.kind + new.kind:
        yield Level.MAJOR, f"parameter {old.name} was {old.kind}, is {new.kind}"
    if old.default is not None and new.default is None and not old.kind.startswith("*"):
        yield Level.MAJOR, f"parameter {old.name} is required now"
    elif old.default is None and new.default is not None:
        yield Level.MINOR, f"parameter {old.name} may be left out now"
    elif old.default != new.default:
        yield Level.MAJOR, f"parameter {old.name} was {old.default} when left out, is {new.default}"
    if old.annotation != new.annotation:
        name = f"parameter {old.name}"
        yield _type_changed(name, old.annotation, new.annotation, widening=Level.MINOR, narrowing=Level.MAJOR)


def _type_changed(what: str, old: str, new: str, *, widening: Level, narrowing: Level) -> tuple[Level, str]:
    before, after = members(old), members(new)
    if before == after:
        return Level.PATCH, f"{what} is written otherwise: {new}"
    level = widening if before < after else narrowing if after < before else Level.MAJOR
    return level, f"{what} was {old}, is {new}"


def members(annotation: str) -> frozenset[str]:
    """Return the types, and the values of literals, that a union is made of."""
    try:
        return frozenset(_members(ast.parse(annotation, mode="eval").body))
    except SyntaxError:
        return frozenset({annotation})


def _members(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from _members(left)
            yield from _members(right)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=values):
            for value in values.elts if isinstance(values, ast.Tuple) else [values]:
                yield f"Literal[{ast.unparse(value)}]"
        case _:
            yield ast.unparse(node)


def _signature(text: str) -> _Signature:
    labels, _, rest = text.partition("def(")
    function = cast("ast.FunctionDef", ast.parse(f"def f({rest}: ...").body[0])
    arguments = function.args
    places = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(places) - len(arguments.defaults)) + [*arguments.defaults]
    found = [_parameter(arg, "by place", default) for arg, default in zip(places, defaults, strict=True)]
    found += [
        _parameter(arg, "by name", default)
        for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    found += [_parameter(arguments.vararg, "*", None)] if arguments.vararg else []
    found += [_parameter(arguments.kwarg, "**", None)] if arguments.kwarg else []
    returns = ast.unparse(function.returns) if function.returns else ""
    return _Signature(labels.strip(), {parameter.name: parameter for parameter in found}, returns)


def _parameter(arg: ast.arg, kind: str, default: ast.expr | None) -> _Parameter:
    annotation = ast.unparse(arg.annotation) if arg.annotation else ""
    return _Parameter(arg.arg, kind, annotation, ast.unparse(default) if default else None)
