"""The signature of one function or attribute as text, from what griffe reads."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

import griffe
from griffe import ParameterKind

_STARS = {ParameterKind.var_positional: "*", ParameterKind.var_keyword: "**"}
_LABELS = ("async", "classmethod", "staticmethod")
# Those that make something else of what the function gives.
_DECORATORS = {"contextmanager", "asynccontextmanager"}


def signature_text(function: griffe.Function, default: Callable[[str | griffe.Expr], str], *, bound: bool) -> str:
    """Return a function as `async def(...) -> ...`.

    Args:
        function: what to show.
        default: gives the text of a default.
        bound: whether the first parameter is given by Python.
    """
    parameters = list(function.parameters)[1 if bound else 0 :]
    labels = [label for label in _LABELS if label in function.labels]
    decorators = [str(decorator.value).rpartition(".")[2] for decorator in function.decorators]
    labels = [*(name for name in decorators if name in _DECORATORS), *labels]
    return " ".join([*labels, f"def({', '.join(_parameters(parameters, default))}) -> {function.returns}"])


def attribute_text(attribute: griffe.Attribute) -> str:
    """Return an attribute, a property or a type alias with its type."""
    if is_type_alias(attribute):
        return f"type {attribute.value}"
    kind = "property" if "property" in attribute.labels else "attribute"
    return f"{kind} {attribute.annotation or _type_of(attribute)}"


def is_type_alias(attribute: griffe.Attribute) -> bool:
    """Return whether the attribute names a type."""
    return str(attribute.annotation) in {"TypeAlias", "typing.TypeAlias"}


def _parameters(parameters: Sequence[griffe.Parameter], default: Callable[[str | griffe.Expr], str]) -> Iterator[str]:
    before: ParameterKind | None = None
    for parameter in parameters:
        kind = parameter.kind
        if before is ParameterKind.positional_only and kind is not before:
            yield "/"
        if kind is ParameterKind.keyword_only and before not in {kind, ParameterKind.var_positional}:
            yield "*"
        before = kind
        text = f"{_STARS.get(kind, '') if kind else ''}{parameter.name}"
        text = f"{text}: {parameter.annotation}" if parameter.annotation else text
        # griffe gives the starred ones an empty default.
        yield f"{text} = {default(parameter.default)}" if parameter.default and kind not in _STARS else text
    if before is ParameterKind.positional_only:
        yield "/"


def _type_of(attribute: griffe.Attribute) -> str:
    try:
        return type(ast.literal_eval(str(attribute.value))).__name__
    except (ValueError, SyntaxError):
        return "Any"
