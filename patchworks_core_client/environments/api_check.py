"""Check the API against its description: call every operation that reads, and compare the responses."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import Any, cast, get_args

import attrs

from patchworks_core_client import AsyncPatchworks, Mismatch

from .api_check_report import CheckedOperation, Choice, Difference, Report, parts
from .entries import as_text
from .escaping import printable

MAX_ITEMS = 100
MAX_DEPTH = 6


async def check(pw: AsyncPatchworks) -> Report:
    """Call every operation that reads, and compare the responses with the description.

    Operations that need an environment, a version or a rule are called with the first ones that are there. An
    operation that is refused or fails is reported; the others are still called.

    Args:
        pw: the client.
    """
    return await _Check(pw).run()


class _Check:
    def __init__(self, pw: AsyncPatchworks) -> None:
        self._pw = pw.with_options(on_mismatch=self._note)
        self._found: set[Difference] = set()
        self._received: dict[tuple[str, str, str], set[str]] = {}
        self._operations: list[CheckedOperation] = []
        self._errors: list[Exception] = []

    async def run(self) -> Report:
        environments = self._pw.virtual_environments
        listed = await self._list("virtual_environments.list", environments.list, "VirtualEnvironment")
        await self._list(
            "virtual_environments.list_deployed",
            environments.list_deployed,
            "VirtualEnvironment",
        )
        environment = _first_id(listed)
        await self._one("virtual_environments.get", environment, environments.get)
        versions = await self._below(
            "virtual_environments.list_versions",
            [as_text(item.id) for item in listed],
            environments.list_versions,
            "VirtualEnvironmentVersion",
        )
        version = _first_id(versions)
        owner = as_text(getattr(versions[0], "virtual_environment_id", None)) if versions else None
        await self._one(
            "virtual_environments.get_version",
            version,
            lambda key: environments.get_version(owner or environment or "", key),
        )
        await self._contents([as_text(item.id) for item in versions])
        choices = tuple(Choice(*key, tuple(sorted(received))) for key, received in sorted(self._received.items()))
        return Report(tuple(self._operations), tuple(sorted(self._found)), choices, tuple(self._errors))

    async def _contents(self, versions: list[str]) -> None:
        space = self._pw.virtual_environment_versions
        name = "virtual_environment_versions"
        await self._below(
            f"{name}.list_flow_priorities",
            versions,
            space.list_flow_priorities,
            "FlowPriority",
        )
        manifests = await self._below(f"{name}.list_manifests", versions, space.list_manifests, "Manifest")
        holder = self._holder
        await self._one(f"{name}.get_manifest", _first_id(manifests), lambda key: space.get_manifest(holder or "", key))
        await self._below(f"{name}.list_variables", versions, space.list_variables, "")

    async def _list(self, operation: str, call: Callable[..., AsyncIterable[Any]], model: str) -> list[Any]:
        items: list[Any] = []

        async def read() -> Iterable[Any]:
            items.extend([item async for item in _first_items(call())])
            relations = _relations(model)
            # Relations are only sent where they are asked for, and are described as well.
            return [*items, *([item async for item in _first_items(call(include=relations))] if relations else ())]

        await self._call(operation, read)
        return items

    async def _below(
        self, operation: str, owners: list[str], call: Callable[..., AsyncIterable[Any]], model: str
    ) -> list[Any]:
        """List what the first owner that holds anything holds."""
        self._holder = None
        if not owners:
            self._operations.append(CheckedOperation(operation, "skipped", "there is nothing to call it with"))
            return []
        items: list[Any] = []

        async def read() -> Iterable[Any]:
            for owner in owners[:MAX_DEPTH]:
                items.extend([item async for item in _first_items(call(owner))])
                if items:
                    self._holder = owner
                    break
            relations = _relations(model)
            more = (
                [item async for item in _first_items(call(self._holder or owners[0], include=relations))]
                if relations
                else []
            )
            return [*items, *more]

        await self._call(operation, read)
        return items

    async def _one(self, operation: str, key: str | None, call: Callable[[str], Awaitable[Any]]) -> None:
        if key is None:
            self._operations.append(CheckedOperation(operation, "skipped", "there is nothing to call it with"))
            return

        async def read() -> Iterable[Any]:
            return [await call(key)]

        await self._call(operation, read)

    async def _call(self, operation: str, read: Callable[[], Awaitable[Iterable[Any]]]) -> None:
        from patchworks_core_client import AuthenticationError, PatchworksError, PermissionDeniedError

        before = set(self._found)
        try:
            for item in await read():
                self._walk(item, 0)
        except PatchworksError as error:
            refused = isinstance(error, AuthenticationError | PermissionDeniedError)
            self._operations.append(
                CheckedOperation(operation, "refused" if refused else "failed", printable(str(error)))
            )
            self._errors.append(error)
            return
        found = len(self._found - before)
        self._operations.append(
            CheckedOperation(operation, "different" if found else "as described", f"{found} new" if found else "")
        )

    def _note(self, mismatch: Mismatch) -> None:
        field = mismatch.field.rpartition(".")[2].partition("[")[0] or mismatch.field
        self._found.add(Difference(mismatch.model, printable(field), "type", mismatch.declared, mismatch.got))

    def _walk(self, item: Any, depth: int) -> None:
        """Note nulls and fields that are not described, which are no mismatches for the SDK."""
        if depth > MAX_DEPTH or not hasattr(item, "__attrs_attrs__"):
            return
        model = type(item).__name__
        described = _described(type(item))
        # A relation that can be asked for by name is described by that.
        for relation in _relations(model):
            described.setdefault(_snake(relation.partition(".")[0]), "dict")
        for name, value in cast("Mapping[str, Any]", item.to_dict()).items():
            known = name if name in described else f"{name}_"
            if known not in described:
                self._found.add(Difference(model, printable(name), "undescribed", "", type(value).__name__))
            elif value is None:
                self._found.add(Difference(model, name, "null", _declared(described[known]), "NoneType"))
            else:
                declared = _declared(described[known])
                if len(parts(declared)) > 1:
                    self._received.setdefault((model, name, declared), set()).add(type(value).__name__)
                below: Any = getattr(item, known, None)
                for nested in below if hasattr(below, "append") else [below]:
                    self._walk(nested, depth + 1)

    _holder: str | None = None


async def _first_items(items: AsyncIterable[Any]) -> AsyncIterator[Any]:
    count = 0
    async for item in items:
        yield item
        count += 1
        if count == MAX_ITEMS:
            return


def _relations(model: str) -> list[str]:
    from patchworks_core_client import models

    return list(get_args(getattr(models, f"{model}Include", None)))


def _described(model: Any) -> dict[str, str]:
    fields: Any = attrs.fields(model)
    return {attribute.name: str(attribute.type) for attribute in fields}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _first_id(items: list[Any]) -> str | None:
    return as_text(items[0].id) if items else None


def _declared(annotation: str) -> str:
    return " | ".join(part for part in parts(annotation) if part != "None")
