"""Write one thing into an environment: itself, its draft, an entry, the deploy. The order is in `write_order`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .configuration import Wanted
from .entries import Contents, Entry, Key, label
from .entry_calls import ENTRY_CALLS
from .entry_differences import differences, differing
from .errors import DraftEditedError, EnvironmentsError, StalePlanError
from .escaping import quoted
from .required_changes import Change
from .server_state import (
    Environment,
    EnvironmentState,
    Version,
    find_environment,
    list_environments,
    read_contents,
    read_section,
    read_state,
    read_versions,
)
from .write_retries import WriteSender, poll

if TYPE_CHECKING:
    from patchworks_core_client import AsyncPatchworks


class EnvironmentWriter:
    """Writes into one environment.

    Attributes:
        created, updated, deleted: how many entries were.
        draft: whether a draft was made, new or as a copy of another version.
        environment: whether the environment itself was created or changed.
    """

    def __init__(
        self, pw: AsyncPatchworks, name: str, values: Mapping[Key, str], progress: Callable[[str], None]
    ) -> None:
        self.created = self.updated = self.deleted = 0
        self.draft = self.environment = False
        self._sender = WriteSender()
        self._pw = pw
        self._name = name
        self._values = values
        self._progress = progress

    @property
    def uncertain(self) -> bool:
        """Whether a write failed that may have taken effect."""
        return self._sender.uncertain

    async def create_environment(self, wanted: Wanted) -> EnvironmentState:
        """Create the environment, and return it with its draft.

        Raises:
            StalePlanError: somebody else created one of that name since the plan was made.
            SelectionError: somebody else created one of that name at the same time.
        """
        index = await list_environments(self._pw)
        # Nothing but its name tells that there is one already, and a second of that name would be taken.
        if find_environment(index, wanted.name):
            raise StalePlanError(
                f"{quoted(self._name)} was created by somebody else since the plan was made; make a new plan"
            )
        known = {environment.id for environment in index}
        fields: dict[str, Any] = {"name": wanted.name, "labels": _labels(wanted.labels or ())}
        if wanted.type:
            fields["type"] = wanted.type
        if wanted.description:
            fields["description"] = wanted.description

        async def post() -> Environment:
            made = await self._pw.virtual_environments.create(**fields)
            return Environment(str(made.id), wanted.name)

        async def look() -> Environment | None:
            new = [
                environment
                for environment in await list_environments(self._pw)
                if environment.name == wanted.name and environment.id not in known
            ]
            return new[0] if new else None

        created = await self._sender.post_once(post, look, patient=True)
        self.environment = True
        self._progress("environment created")

        async def state() -> EnvironmentState | None:
            found = find_environment(await list_environments(self._pw), wanted.name)
            if found is None or found.id != created.id:
                return None
            state = await read_state(self._pw, found)
            return state if state.draft is not None else None

        return await poll(state) or EnvironmentState(created)

    async def update_environment(self, wanted: Wanted, state: EnvironmentState) -> None:
        """Change the environment itself; what the file does not manage stays."""
        environment = state.environment
        labels = wanted.labels if wanted.labels is not None else environment.labels
        if labels is None:
            raise EnvironmentsError(
                f"{quoted(self._name)}: the server did not say which labels it has, and they would be lost; "
                "add `labels:` to the file"
            )
        fields: dict[str, Any] = {"name": wanted.name, "labels": _labels(labels)}
        managed = {"type": wanted.type, "description": wanted.description}
        fields |= {key: value for key, value in managed.items() if value is not None}
        await self._sender.idempotent(lambda: self._pw.virtual_environments.update(environment.id, **fields))
        self.environment = True
        self._progress("environment changed")

    async def prepare_draft(self, state: EnvironmentState, *, discard: bool) -> tuple[Version, Contents]:
        """Return the draft and what it holds; make one where there is none, or where its edits are discarded."""
        environment, draft, deployed = state.environment.id, state.version("draft"), state.version("deployed")
        if draft and state.draft is not None and not (discard and deployed):
            return draft, state.draft
        if deployed:
            found = await self.copy_to_draft(environment, deployed.id)
            return found, await read_contents(self._pw, found.id)

        async def create() -> None:
            await self._pw.virtual_environments.create_version(environment)

        async def look() -> bool | None:
            return True if await self._draft(environment) else None

        await self._sender.post_once(create, look)
        self.draft = True
        self._progress("draft created")
        found = await self._made_draft(environment)
        return found, await read_contents(self._pw, found.id)

    async def copy_to_draft(self, environment: str, version: str) -> Version:
        """Make the draft a copy of a version, by the server, so that secrets are copied, too; return the draft."""

        async def copy() -> None:
            await self._pw.virtual_environments.copy_version(environment, version)

        # Made twice it does the same, so there is nothing to look up.
        await self._sender.post_once(copy, _nothing)
        self.draft = True
        self._progress(f"draft is a copy of version {version}")
        return await self._made_draft(environment)

    async def write_entry(self, draft: Version, change: Change, *, again: bool) -> None:
        """Create or update an entry; a secret that is there gets its value only where it is written `again`."""
        want = change.want
        assert want is not None  # noqa: S101 - deletes go elsewhere
        kind, value = ENTRY_CALLS[want.section], self._values.get(change.place)
        if change.have is None or change.have.id is None:

            async def post() -> None:
                await kind.create(self._pw, draft.id, want, value)

            async def look() -> Entry | None:
                return (await read_section(self._pw, draft.id, want.section)).get(want.place)

            found = await self._sender.post_once(post, look)
            self.created += 1
            if isinstance(found, Entry) and differences(found, want):
                await self._update(draft, found, want, value)
        else:
            await self._update(draft, change.have, want, value if again else None)
            self.updated += 1
        self._tell(change)

    async def delete_entry(self, draft: Version, change: Change) -> None:
        """Delete an entry."""
        from patchworks_core_client import NotFoundError

        have = change.have
        assert have is not None  # noqa: S101 - what is not there is not deleted
        # Where it is not found, an attempt before this one, whose answer was lost, had deleted it.
        with suppress(NotFoundError):
            await self._sender.idempotent(lambda: ENTRY_CALLS[have.section].delete(self._pw, draft.id, str(have.id)))
        self.deleted += 1
        self._tell(change)

    async def deploy(self, state: EnvironmentState, draft: Version, expected: Contents) -> str:
        """Deploy a draft if it is what is expected; return the version's id."""

        async def as_expected() -> bool | None:
            return None if differing(await read_contents(self._pw, draft.id), expected) else True

        if not await poll(as_expected):
            raise DraftEditedError(
                f"{quoted(self._name)}: the draft is not what was written, somebody edited it; it was not deployed"
            )
        environment = state.environment.id

        async def post() -> None:
            await self._pw.virtual_environments.deploy_version(environment, draft.id)

        async def look() -> bool | None:
            versions = await read_versions(self._pw, environment)
            return True if any(found.id == draft.id and found.status == "deployed" for found in versions) else None

        await self._sender.post_once(post, look)
        self._progress("deployed")
        return draft.id

    async def _made_draft(self, environment: str) -> Version:
        found = await poll(lambda: self._draft(environment))
        if found is None:
            raise EnvironmentsError(f"{quoted(self._name)}: the server shows no draft")
        return found

    async def _draft(self, environment: str) -> Version | None:
        versions = await read_versions(self._pw, environment)
        return next((version for version in versions if version.status == "draft"), None)

    async def _update(self, draft: Version, have: Entry, want: Entry, value: str | None) -> None:
        await self._sender.idempotent(
            lambda: ENTRY_CALLS[want.section].update(self._pw, draft.id, str(have.id), want, value)
        )

    def _tell(self, change: Change) -> None:
        self._progress(f"{change.action} {label(change.place)}")


async def _nothing() -> None:
    return None


def _labels(labels: Sequence[str]) -> list[dict[str, Any]]:
    return [{"id": label} for label in labels]
