"""List the public surface of the package: one line for each name that users may rely on, with its types.

Read from the sources without importing them, so that it is the same on every Python. Where a thing is defined does not
matter, only where users find it: what a private base class offers stands under the public class.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import griffe

from scripts.release.signatures import attribute_text, is_type_alias, signature_text

PACKAGE = "patchworks_core_client"
SURFACE_FILE = Path("docs", "public-surface.txt")
HEADER = """\
# The public surface of the package. Written by `python scripts/check_release.py --write`, compared by `make check`.
# A line that changes or goes may break somebody's code; docs/releasing.md says what that asks of the version.
"""

# What Python asks for, and what nobody calls: these say nothing about how a class is used.
_IGNORED_MEMBERS = {
    "__copy__",
    "__deepcopy__",
    "__delattr__",
    "__getstate__",
    "__hash__",
    "__init_subclass__",
    "__post_init__",
    "__reduce__",
    "__repr__",
    "__rich_repr__",
    "__setattr__",
    "__setstate__",
    "__str__",
}
_IGNORED_BASES = {"abc.ABC", "typing.Generic"}


def load(root: Path) -> griffe.Module:
    """Return the package in a folder, as griffe reads it."""
    # Without `try_relative_path=False` griffe prefers a package in the current folder.
    found = griffe.load(PACKAGE, search_paths=[str(root)], try_relative_path=False, allow_inspection=False)
    return cast("griffe.Module", found)


def surface(package: griffe.Module) -> str:
    """Return the text for a package.

    Raises:
        ValueError: a name is exported that is nowhere defined.
    """
    lines = sorted(f"{path}: {text}" for path, text in _Surface(package).items())
    return HEADER + "".join(f"{line}\n" for line in lines)


class _Surface:
    def __init__(self, package: griffe.Module) -> None:
        self.package = package
        self.public: dict[str, str] = {}
        for module, shown in (("", ""), ("generated.models", ".models"), ("sandbox", ".sandbox")):
            self._name_exports(self._module(module), f"{PACKAGE}{shown}")
        for name, alias in self._module("_types").members.items():
            if isinstance(alias, griffe.Attribute) and is_type_alias(alias):
                self.public.setdefault(alias.path, f"{PACKAGE}._types.{name}")

    def items(self) -> Iterator[tuple[str, str]]:
        """Yield each public thing and what it is."""
        for path, shown in self.public.items():
            yield from self._thing(shown, self._find(path))
        yield from self._endpoints()
        yield from self._fixtures()

    def _find(self, path: str) -> griffe.Object | griffe.Alias:
        found: griffe.Object | griffe.Alias = self.package[path.removeprefix(f"{PACKAGE}.")]
        return found

    def _module(self, name: str) -> griffe.Module:
        return cast("griffe.Module", self._find(name)) if name else self.package

    def _name_exports(self, module: griffe.Module, prefix: str) -> None:
        for export in _exports(module):
            try:
                target = _target(module.members[str(export)])
            except (KeyError, griffe.AliasResolutionError):
                raise ValueError(f"{prefix}.{export} is exported, but nowhere defined") from None
            self.public.setdefault(target.path, f"{prefix}.{export}")

    def _thing(self, shown: str, thing: griffe.Object | griffe.Alias) -> Iterator[tuple[str, str]]:
        if isinstance(thing, griffe.Class):
            yield from self._class(shown, thing)
        elif isinstance(thing, griffe.Function):
            yield shown, self._function(thing, bound=False)
        else:
            yield shown, attribute_text(cast("griffe.Attribute", thing))

    def _class(self, shown: str, cls: griffe.Class) -> Iterator[tuple[str, str]]:
        bases = ", ".join(dict.fromkeys(self._bases(cls)))
        yield shown, f"class({bases})" if bases else "class"
        above = [ancestor for ancestor in self._ancestors(cls) if ancestor.path in self.public]
        for name, member in sorted(self._members(cls).items()):
            if name in _IGNORED_MEMBERS or (name.startswith("_") and not name.endswith("__")):
                continue
            # What a public ancestor offers stands there.
            if name in cls.members or not any(name in self._members(ancestor) for ancestor in above):
                yield from self._member(f"{shown}.{name}", _target(member))

    def _members(self, cls: griffe.Class) -> dict[str, griffe.Object | griffe.Alias]:
        """Return the members of a class, with those that it inherits."""
        found: dict[str, griffe.Object | griffe.Alias] = {}
        for owner in (*reversed([*self._ancestors(cls)]), cls):
            found.update(owner.members)
        return found

    def _ancestors(self, cls: griffe.Class) -> Iterator[griffe.Class]:
        """Yield the classes of this package that a class is made of, the nearest first.

        griffe's own list ends at a base that is one class for type checkers and another at run time.
        """
        for base in cls.bases:
            if (path := _path(base)).startswith(f"{PACKAGE}."):
                ancestor = self._class_at(path)
                yield ancestor
                yield from self._ancestors(ancestor)

    def _class_at(self, path: str) -> griffe.Class:
        """Return the class at a path, or the one that the name there stands for."""
        found = _target(self._find(path))
        if isinstance(found, griffe.Attribute):
            return self._class_at(_path(cast("griffe.Expr", found.value)))
        return cast("griffe.Class", found)

    def _member(self, shown: str, member: griffe.Object) -> Iterator[tuple[str, str]]:
        if namespace := self._namespace(member):
            things = dict(self._class(shown, namespace))
            things.pop(f"{shown}.__init__", None)
            yield from {**things, shown: "namespace"}.items()
        elif isinstance(member, griffe.Function):
            yield shown, self._function(member, bound="staticmethod" not in member.labels)
        elif isinstance(member, griffe.Attribute) and not shown.endswith("__"):
            yield shown, attribute_text(member)

    def _namespace(self, member: griffe.Object) -> griffe.Class | None:
        """Return the class behind `client.things`, whose methods are shown under that name."""
        gives = member.annotation if isinstance(member, griffe.Attribute) else None
        if isinstance(gives, griffe.ExprName | griffe.ExprAttribute):
            path = gives.canonical_path
            if path.startswith(f"{PACKAGE}.generated.api."):
                found = _target(self._find(path))
                return found if isinstance(found, griffe.Class) else None
        return None

    def _bases(self, cls: griffe.Class) -> Iterator[str]:
        """Yield the nearest public ancestors, and those from outside."""
        for base in cls.bases:
            path = _path(base)
            if path in self.public:
                yield self.public[path].rpartition(".")[2]
            elif path.startswith(f"{PACKAGE}."):
                yield from self._bases(self._class_at(path))
            elif path not in _IGNORED_BASES:
                yield path.rpartition(".")[2]

    def _endpoints(self) -> Iterator[tuple[str, str]]:
        for tag in self._module("generated.api").modules.values():
            for module in tag.modules.values():
                if not module.name.startswith("_"):
                    for name, function in module.members.items():
                        if isinstance(function, griffe.Function):
                            yield function.path, self._function(function, bound=False)
                        elif isinstance(function, griffe.Attribute):
                            # Made of the function before it by a decorator: `parsed(sync_detailed)`.
                            yield f"{module.path}.{name}", f"function {function.value}"

    def _fixtures(self) -> Iterator[tuple[str, str]]:
        for function in self._module("sandbox.pytest_plugin").functions.values():
            if any(str(decorator.value).startswith("pytest.fixture") for decorator in function.decorators):
                yield f"pytest fixture {function.name}", f"attribute {function.returns}"

    def _function(self, function: griffe.Function, *, bound: bool) -> str:
        variants = function.overloads or [function]
        return " & ".join(signature_text(variant, self._default, bound=bound) for variant in variants)

    def _default(self, default: str | griffe.Expr) -> str:
        """Return the value behind the name of a private constant: it is what changes for the caller."""
        if isinstance(default, griffe.ExprName):
            path = default.canonical_path
            if path.startswith(f"{PACKAGE}.") and path not in self.public:
                return str(cast("griffe.Attribute", self._find(path)).value)
        return str(default)


def _path(base: str | griffe.Expr) -> str:
    """Return where the class of a base comes from, whatever it is filled in with."""
    name = base.left if isinstance(base, griffe.ExprSubscript) else base
    return name if isinstance(name, str) else name.canonical_path


def _exports(module: griffe.Module) -> Iterator[str]:
    """Yield the names that a module exports: those of `__all__`, or those of this package that it re-exports."""
    if module.exports is not None:
        yield from map(str, module.exports)
        return
    for name, member in module.members.items():
        if name == "__version__" or (
            isinstance(member, griffe.Alias)
            and not name.startswith("_")
            and member.target_path.startswith(f"{PACKAGE}.")
            and member.target_path.count(".") > 1
            and "._lazy." not in member.target_path
        ):
            yield name


def _target(member: griffe.Object | griffe.Alias) -> griffe.Object:
    return member.final_target if isinstance(member, griffe.Alias) else member
