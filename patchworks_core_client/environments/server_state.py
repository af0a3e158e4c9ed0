"""Read the state on the server: environments, their versions, and what those hold."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterable, Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import attrs

from patchworks_core_client import AsyncPatchworks

from .concurrent import gather
from .entries import SECTIONS, Contents, Entry, Key, Section, as_text, label, natural, when
from .entry_calls import ENTRY_CALLS, PER_PAGE
from .errors import SelectionError
from .escaping import quoted
from .suggestions import suggestion

CONCURRENCY = 10

# Called with how many environments were read, and how many are to be.
ReadProgress = Callable[[int, int], None]


@attrs.frozen
class Version:
    """A version of an environment.

    Attributes:
        id: the server's id of it, which stays.
        number: its number, which may change.
        status: `draft`, `deployed` or `inactive`.
        deployed_at: when it was deployed.
        created_at: when it was made.
        updated_at: when it was last changed.
        notes: what somebody wrote about it.
    """

    id: str
    number: str
    status: str
    deployed_at: str = ""
    created_at: str = ""
    updated_at: str = ""
    notes: str = ""


@attrs.frozen
class Environment:
    """An environment as the list of all shows it.

    Attributes:
        id: the server's id of it.
        name: its name.
        type: `test` or `live`.
        description: what it is for.
        labels: the ids of its labels; `None` where the server does not say.
        versions: its versions, the oldest first; `None` where the list does not tell them.
    """

    id: str
    name: str
    type: str = ""
    description: str = ""
    labels: tuple[str, ...] | None = None
    versions: tuple[Version, ...] | None = None


@attrs.frozen
class EnvironmentState:
    """What the server holds of one environment.

    Attributes:
        environment: the environment itself.
        versions: its versions, the oldest first.
        draft: what its draft holds; `None` where there is none.
        deployed: what its deployed version holds; `None` where there is none.
    """

    environment: Environment
    versions: tuple[Version, ...] = ()
    draft: Contents | None = None
    deployed: Contents | None = None

    def version(self, status: str) -> Version | None:
        """Return the version with that status; there is one draft and one deployed one at most."""
        return next((version for version in self.versions if version.status == status), None)

    @property
    def contents(self) -> Contents:
        """What a plan is made against: the draft, or the deployed version where there is no draft."""
        if self.draft is not None:
            return self.draft
        return self.deployed or {}


async def list_environments(pw: AsyncPatchworks) -> tuple[Environment, ...]:
    """Return all environments, by name."""
    found = [
        _environment(environment)
        async for environment in pw.virtual_environments.list(
            include=["labels", "versions"], sort="name", per_page=PER_PAGE
        )
    ]
    # One that is renamed while the pages are read may be on two of them.
    unique = {environment.id: environment for environment in found}
    return tuple(sorted(unique.values(), key=lambda environment: (environment.name, environment.id)))


def find_environment(index: Iterable[Environment], name: str) -> Environment | None:
    """Return the environment of a name; `None` where there is none.

    Raises:
        SelectionError: there are two of that name.
    """
    found = [environment for environment in index if environment.name.strip() == name.strip()]
    if len(found) > 1:
        ids = " and ".join(environment.id for environment in found)
        raise SelectionError(
            f"there are {len(found)} environments called {quoted(name)} on the server, with the ids {ids}; "
            "rename one, or pin the one that is meant with `id:` in the file"
        )
    return found[0] if found else None


def select_environments(index: Sequence[Environment], names: Sequence[str]) -> tuple[Environment, ...]:
    """Return the environments of those names; all without any.

    Raises:
        SelectionError: there is none of a name, or there are two.
    """
    chosen: dict[str, Environment] = {}
    for name in names or [environment.name for environment in index]:
        environment = find_environment(index, name)
        if environment is None:
            known = [other.name for other in index]
            raise SelectionError(f"there is no environment {quoted(name)} on the server{suggestion(name, known)}")
        chosen[environment.id] = environment
    return tuple(chosen.values())


async def read_states(
    pw: AsyncPatchworks, names: Sequence[str] = (), *, progress: ReadProgress | None = None
) -> tuple[EnvironmentState, ...]:
    """Read environments with their drafts and deployed versions.

    Args:
        pw: the client.
        names: which; all without any.
        progress: called after each environment.

    Raises:
        SelectionError: there is none of a name, or there are two.
        PatchworksError: the server could not be asked.
    """
    return await read_all(pw, select_environments(await list_environments(pw), names), progress)


async def read_all(
    pw: AsyncPatchworks, environments: Sequence[Environment], progress: ReadProgress | None = None
) -> tuple[EnvironmentState, ...]:
    """Read the states of those environments, several at a time."""
    gate = asyncio.Semaphore(CONCURRENCY)
    done = itertools.count(1)

    async def one(environment: Environment) -> EnvironmentState:
        async with gate:
            state = await read_state(pw, environment)
        if progress:
            progress(next(done), len(environments))
        return state

    return tuple(await gather(one(environment) for environment in environments))


async def read_state(pw: AsyncPatchworks, environment: Environment) -> EnvironmentState:
    """Read one environment."""
    versions = environment.versions if environment.versions is not None else await read_versions(pw, environment.id)
    state = EnvironmentState(environment, versions)
    draft, deployed = state.version("draft"), state.version("deployed")

    async def contents(version: Version | None) -> Contents | None:
        return await read_contents(pw, version.id) if version else None

    in_draft, in_deployed = await gather([contents(draft), contents(deployed)])
    return attrs.evolve(state, draft=in_draft, deployed=in_deployed)


async def read_versions(pw: AsyncPatchworks, environment: str) -> tuple[Version, ...]:
    """Return the versions of an environment, the oldest first."""
    return tuple(
        [
            _version(version)
            async for version in pw.virtual_environments.list_versions(environment, sort="id", per_page=PER_PAGE)
        ]
    )


async def read_contents(pw: AsyncPatchworks, version: str) -> Contents:
    """Return what a version holds."""
    sections = await gather(read_section(pw, version, section) for section in SECTIONS)
    return {place: entry for section in sections for place, entry in section.items()}


async def read_section(pw: AsyncPatchworks, version: str, section: Section) -> dict[Key, Entry]:
    """Return what a section of a version holds.

    Raises:
        SelectionError: two entries have one natural key.
    """
    kind = ENTRY_CALLS[section]
    rows: AsyncIterable[Any] = kind.rows(pw, version)
    found: dict[Key, Entry] = {}
    async for row in rows:
        entry = kind.entry(row)
        other = found.setdefault(entry.place, entry)
        if other.id != entry.id:
            raise SelectionError(
                f"version {version} holds {label(entry.place)} twice in {section}, with the ids {other.id} "
                f"and {entry.id}; delete one of them"
            )
    return found


def _environment(environment: Any) -> Environment:
    labels = environment.labels
    ids = None
    if isinstance(labels, list):
        ids = tuple(sorted(filter(None, (_label(label) for label in cast("list[object]", labels)))))
    return Environment(
        id=as_text(environment.id),
        name=as_text(environment.name),
        type=as_text(environment.type),
        description=as_text(environment.description),
        labels=ids,
        versions=_versions(environment),
    )


def _versions(environment: Any) -> tuple[Version, ...] | None:
    """Return the versions that come with an environment; `None` where they are not all of them, as far as it says."""
    items = environment.versions
    if not isinstance(items, list):
        return None
    versions = [_version(item) for item in cast("list[object]", items) if hasattr(item, "status")]
    known = all(version.id and version.status for version in versions)
    if not versions or not known or as_text(environment.versions_count) != str(len(versions)):
        return None
    return tuple(sorted(versions, key=lambda version: natural(version.id)))


def _label(value: object) -> str:
    if isinstance(value, Mapping):
        return as_text(cast("Mapping[str, object]", value).get("id"))
    return as_text(getattr(value, "id", value))


def _version(version: Any) -> Version:
    return Version(
        id=as_text(version.id),
        number=as_text(version.version),
        status=as_text(version.status).lower(),
        deployed_at=when(version.deployed_at),
        created_at=when(version.created_at),
        updated_at=when(version.updated_at),
        notes=as_text(version.notes),
    )
