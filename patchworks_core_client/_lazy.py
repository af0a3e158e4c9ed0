"""Names looked up when they are first used, so that importing the package imports next to nothing."""

from __future__ import annotations

import sys
import typing
from importlib import import_module
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

C = TypeVar("C", bound=type)


def lazy_exports(
    module: str, exports: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return `__getattr__`, `__dir__` and `__all__` for a module whose names live in other modules.

    Call it where type checkers do not look, since to them a module with `__getattr__` has every name.

    Args:
        module: the `__name__` of the module.
        exports: for each module, relative to the first one, the names that it has. Of a name that is itself a module
            the key is `"."` and its own name.
    """
    homes = {name: home for home, names in exports.items() for name in names}

    def load(name: str) -> Any:
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        spec = sys.modules[module].__spec__
        package = spec.parent if spec is not None else module
        value = import_module(f".{name}", package) if home == "." else getattr(import_module(home, package), name)
        # From now on it is found without coming here.
        setattr(sys.modules[module], name, value)
        return value

    # A module that is imported as a whole is no part of `from package import *`.
    names = sorted(name for name, home in homes.items() if home != ".")
    return load, lambda: sorted(homes), names


class LazyClass:
    """Stands for a class in annotations, and imports it when somebody resolves one.

    It may be filled in, as in `Paginator[Model]`, or be one of several, as in `TokenStore | None`. Alone it resolves in
    a class that `resolvable` decorates.

    Args:
        module: the full name of the module that has it.
        name: its own.
    """

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    @property
    def cls(self) -> Any:
        """The class itself."""
        return getattr(import_module(self._module), self._name)

    def __getitem__(self, item: Any) -> Any:
        return self.cls[item]

    def __or__(self, other: Any) -> Any:
        return self.cls | other


def resolvable(cls: C) -> C:
    """Decorate a class whose annotations are text, so that those of its methods and properties resolve everywhere.

    A `LazyClass` that stands alone gives its class. And pydantic takes methods from an instance as well: of a bound one
    it would look such a text up where it is called, and not in the module of the method.
    """
    for name, member in vars(cls).items():
        function = getattr(member, "__func__", None) or getattr(member, "fget", None) or member
        if isinstance(function, FunctionType) and not name.startswith("_"):
            # What a function has as an attribute, its bound methods have too.
            vars(function)["__get_pydantic_core_schema__"] = _with_types
            for argument, text in function.__annotations__.items():
                if isinstance(function.__globals__.get(text), LazyClass):
                    function.__annotations__[argument] = f"{text}.cls"
    return cls


def _with_types(method: Any, handler: Callable[[Any], Any]) -> Any:
    """Return pydantic's schema of a method once the texts of its annotations are types."""
    function = getattr(method, "__func__", method)
    function.__annotations__ = typing.get_type_hints(function, include_extras=True)
    return handler(method)
