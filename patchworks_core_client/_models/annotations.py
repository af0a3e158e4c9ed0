"""Annotations as text turned into types, with every name looked up no sooner than it is needed."""

from __future__ import annotations

import builtins
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, ForwardRef

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a generated module imports for its type checker only, so that it cannot be found there at run time.
_STANDARD = {
    "Any": "typing",
    "Literal": "typing",
    "Optional": "typing",
    "Union": "typing",
    "date": "datetime",
    "datetime": "datetime",
    "UUID": "uuid",
}
_BUILTINS = frozenset({"bool", "bytes", "dict", "float", "int", "list", "object", "str"})


class _Names(dict[str, Any]):
    """The names of an annotation: builtins, the module's own, those of a package of models, the standard library's."""

    def __init__(self, module: str, package: str, own: Mapping[str, Any]) -> None:
        super().__init__(own)
        self._module = module
        self._package = package

    def __missing__(self, name: str) -> Any:
        if name in _BUILTINS:
            return getattr(builtins, name)
        found = vars(sys.modules[self._module]).get(name) if self._module in sys.modules else None
        if found is None and self._package:
            found = getattr(import_module(self._package), name, None)
        if found is None and name in _STANDARD:
            found = getattr(import_module(_STANDARD[name]), name)
        if found is None and isinstance(builtin := getattr(builtins, name, None), type):
            found = builtin
        if found is None:
            where = f"the module {self._module}" if self._module else f"the package {self._package or 'builtins'}"
            raise NameError(f"the annotation names {name!r}, which is not found in {where}")
        return found


def evaluate(annotation: Any, *, module: str = "", package: str = "", own: Mapping[str, Any] | None = None) -> Any:
    """Return the type that an annotation stands for.

    Args:
        annotation: the text of an annotation, or what is one already.
        module: the module that it stands in.
        package: the package of models where a name is looked up that the module imports for type checkers only.
        own: names that come before all others.
    """
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    if not isinstance(annotation, str):
        return annotation
    # The text is source code of this package, not of a document or a server; it sees no builtins but the types.
    return eval(annotation, {"__builtins__": {}}, _Names(module, package, own or {}))  # noqa: S307
