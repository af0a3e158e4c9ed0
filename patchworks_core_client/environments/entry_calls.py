"""Calls to the API for each kind of entry: how it is listed, created, updated and deleted through the SDK."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from .entries import Entry, Section, as_text, filled, is_true, when

if TYPE_CHECKING:
    from patchworks_core_client import AsyncPatchworks

PER_PAGE = 100


class EntryCalls(Protocol):
    """What is done with the entries of one section of a version."""

    def rows(self, pw: AsyncPatchworks, version: str) -> AsyncIterable[Any]:
        """Give the rows of a version."""
        ...

    def entry(self, row: Any) -> Entry:
        """Return a row as an entry."""
        ...

    async def create(self, pw: AsyncPatchworks, version: str, entry: Entry, value: str | None) -> None:
        """Create an entry; `value` is that of a secret."""
        ...

    async def update(self, pw: AsyncPatchworks, version: str, row: str, entry: Entry, value: str | None) -> None:
        """Make a row what an entry says; `value` is that of a secret, `None` to leave it as it is."""
        ...

    async def delete(self, pw: AsyncPatchworks, version: str, row: str) -> None:
        """Delete a row."""
        ...


class _Variables:
    def rows(self, pw: AsyncPatchworks, version: str) -> AsyncIterable[Any]:
        return pw.virtual_environment_versions.list_variables(version, per_page=PER_PAGE, sort="key")

    def entry(self, row: Any) -> Entry:
        secret = is_true(row.secret)
        fields = {"type": as_text(row.type), "fallback": as_text(row.fallback)}
        fields["date_format"] = as_text(row.date_format)
        if not secret:
            fields["value"] = as_text(row.value)
        return _entry("variables", (as_text(row.key),), fields, row, secret=secret)

    async def create(self, pw: AsyncPatchworks, version: str, entry: Entry, value: str | None) -> None:
        fields: dict[str, Any] = dict(entry.fields)
        if entry.secret:
            fields |= {"secret": True, "value": value}
        await pw.virtual_environment_versions.create_variable(version, key=entry.key[0], **fields)

    async def update(self, pw: AsyncPatchworks, version: str, row: str, entry: Entry, value: str | None) -> None:
        fields: dict[str, Any] = _all(entry, ("type", "value", "fallback", "date_format"))
        fields["secret"] = entry.secret
        if entry.secret:
            del fields["value"]
            if value is not None:
                fields["value"] = value
        await pw.virtual_environment_versions.update_variable(version, row, key=entry.key[0], **fields)

    async def delete(self, pw: AsyncPatchworks, version: str, row: str) -> None:
        await pw.virtual_environment_versions.delete_variable(version, row)


class _Manifests:
    def rows(self, pw: AsyncPatchworks, version: str) -> AsyncIterable[Any]:
        return pw.virtual_environment_versions.list_manifests(version, per_page=PER_PAGE, sort="id")

    def entry(self, row: Any) -> Entry:
        key = (as_text(row.model_type), as_text(row.original_model_id))
        return _entry("manifests", key, {"replacement": as_text(row.replacement_model_id)}, row)

    async def create(self, pw: AsyncPatchworks, version: str, entry: Entry, value: str | None) -> None:
        del value
        await pw.virtual_environment_versions.create_manifest(version, **_manifest(entry))

    async def update(self, pw: AsyncPatchworks, version: str, row: str, entry: Entry, value: str | None) -> None:
        del value
        await pw.virtual_environment_versions.update_manifest(version, row, **_manifest(entry))

    async def delete(self, pw: AsyncPatchworks, version: str, row: str) -> None:
        await pw.virtual_environment_versions.delete_manifest(version, row)


class _FlowPriorities:
    def rows(self, pw: AsyncPatchworks, version: str) -> AsyncIterable[Any]:
        return pw.virtual_environment_versions.list_flow_priorities(version, per_page=PER_PAGE, sort="id")

    def entry(self, row: Any) -> Entry:
        fields = {"priority": as_text(row.priority), "notes": as_text(row.notes)}
        return _entry("flow_priorities", (as_text(row.flow_id),), fields, row)

    async def create(self, pw: AsyncPatchworks, version: str, entry: Entry, value: str | None) -> None:
        del value
        fields: dict[str, Any] = filled({"notes": entry.fields.get("notes", "")})
        await pw.virtual_environment_versions.create_flow_priority(
            version, flow_id=entry.key[0], priority=int(entry.fields["priority"]), **fields
        )

    async def update(self, pw: AsyncPatchworks, version: str, row: str, entry: Entry, value: str | None) -> None:
        del value
        await pw.virtual_environment_versions.update_flow_priority(
            version,
            row,
            flow_id=entry.key[0],
            priority=int(entry.fields["priority"]),
            notes=entry.fields.get("notes", ""),
        )

    async def delete(self, pw: AsyncPatchworks, version: str, row: str) -> None:
        await pw.virtual_environment_versions.delete_flow_priority(version, row)


ENTRY_CALLS: Mapping[Section, EntryCalls] = {
    "variables": _Variables(),
    "manifests": _Manifests(),
    "flow_priorities": _FlowPriorities(),
}


def _entry(
    section: Section, key: tuple[str, ...], fields: Mapping[str, str], row: Any, *, secret: bool = False
) -> Entry:
    updated = when(row.updated_at) or None
    return Entry(section, key, filled(fields), secret=secret, id=as_text(row.id), updated_at=updated)


def _manifest(entry: Entry) -> dict[str, Any]:
    model_type, original = entry.key
    return {
        "model_type": model_type,
        "original_model_id": original,
        "replacement_model_id": entry.fields["replacement"],
    }


def _all(entry: Entry, names: tuple[str, ...]) -> dict[str, Any]:
    # An empty text clears a field; a null is refused where none is documented.
    return {name: entry.fields.get(name, "") for name in names}
