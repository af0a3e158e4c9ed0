"""Make a plan: what would change, from the file and the state on the server."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, cast

import attrs

from patchworks_core_client import AsyncPatchworks

from .configuration import Configuration, Wanted
from .draft_edits import edits_of_others, undeployed
from .entries import Contents, Key
from .entry_differences import incomparable
from .errors import SelectionError
from .escaping import quoted
from .required_changes import AttributeChange, Change, attribute_changes, required_changes
from .server_state import Environment, EnvironmentState, ReadProgress, find_environment, list_environments, read_all

REQUESTS_PER_MINUTE = 240


@attrs.frozen
class EnvironmentPlan:
    """What would change in one environment.

    Attributes:
        wanted: what it is to be.
        state: what it is; `None` where it is not on the server.
        attributes: what changes in the environment itself.
        changes: what changes in the draft; deletes last.
        incomparable: secrets whose values cannot be compared.
        edits: what the draft holds that is in neither the file nor the deployed version.
        undeployed: where the draft differs from the deployed version.
    """

    wanted: Wanted
    state: EnvironmentState | None
    attributes: tuple[AttributeChange, ...]
    changes: tuple[Change, ...]
    incomparable: tuple[Key, ...]
    edits: tuple[Key, ...]
    undeployed: tuple[Key, ...]

    @property
    def name(self) -> str:
        """The environment's name."""
        return self.wanted.name

    @property
    def contents(self) -> Contents:
        """What was read of it: the draft, or the deployed version where there is none."""
        return self.state.contents if self.state else {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return self.state is not None and not self.attributes and not self.changes

    @property
    def requests(self) -> int:
        """How many requests applying it takes, reading again not counted."""
        made = int(bool(self.attributes)) + len(self.changes)
        if self.state is None:
            return made + 2
        return made + (2 if self.changes and self.state.draft is None else 0)


@attrs.frozen
class Plan:
    """What would change.

    Attributes:
        environments: the plan of each environment.
        digest: a hash of all that was read.
        kept: what a promotion leaves different, by environment.
    """

    environments: tuple[EnvironmentPlan, ...]
    digest: str
    kept: tuple[tuple[str, tuple[Key, ...]], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return all(environment.is_empty for environment in self.environments)

    @property
    def requests(self) -> int:
        """How many requests applying it takes."""
        return sum(environment.requests for environment in self.environments)

    @property
    def seconds(self) -> float:
        """How long applying it takes at the known rate."""
        return seconds_for(self.requests)


def seconds_for(requests: int) -> float:
    """Return how long so many requests take at the known rate."""
    return requests * 60 / REQUESTS_PER_MINUTE


async def plan(
    pw: AsyncPatchworks,
    configuration: Configuration,
    names: Sequence[str] = (),
    *,
    progress: ReadProgress | None = None,
) -> Plan:
    """Compare a file with the server.

    Args:
        pw: the client.
        configuration: the file.
        names: the environments; all of the file without any.
        progress: called after each environment that was read.

    Raises:
        SelectionError: a name is not in the file, or is twice on the server, or a pinned id is not there.
        PatchworksError: the server could not be asked.
    """
    wanted = configuration.select(names)
    return make_plan(wanted, await read_wanted(pw, wanted, progress))


async def read_wanted(
    pw: AsyncPatchworks, wanted: Iterable[Wanted], progress: ReadProgress | None = None
) -> tuple[EnvironmentState | None, ...]:
    """Read the environments that are wanted; `None` for one that is not on the server."""
    index = await list_environments(pw)
    found: list[Environment | None] = []
    names: dict[str, str] = {}
    for want in wanted:
        environment = _found(index, want)
        found.append(environment)
        if environment and names.setdefault(environment.id, want.name) != want.name:
            raise SelectionError(
                f"{quoted(names[environment.id])} and {quoted(want.name)} are both the environment {environment.id}; "
                "correct an `id:`"
            )
    states = {
        state.environment.id: state
        for state in await read_all(pw, [environment for environment in found if environment], progress)
    }
    return tuple(states[environment.id] if environment else None for environment in found)


def make_plan(wanted: Sequence[Wanted], states: Sequence[EnvironmentState | None]) -> Plan:
    """Compare what is wanted with what was read."""
    environments = tuple(_environment(want, state) for want, state in zip(wanted, states, strict=True))
    return Plan(environments, digest(states))


def digest(states: Iterable[EnvironmentState | None]) -> str:
    """Return a hash of all that was read."""
    read = [attrs.asdict(state, value_serializer=_hashable) if state else None for state in states]
    text = json.dumps(read, sort_keys=True, ensure_ascii=True)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _environment(wanted: Wanted, state: EnvironmentState | None) -> EnvironmentPlan:
    contents: Contents = state.contents if state else {}
    return EnvironmentPlan(
        wanted=wanted,
        state=state,
        attributes=attribute_changes(wanted, state) if state else (),
        changes=required_changes(wanted, contents),
        incomparable=incomparable(wanted.contents, contents),
        edits=edits_of_others(wanted, state) if state else (),
        undeployed=undeployed(state) if state else (),
    )


def _found(index: Sequence[Environment], wanted: Wanted) -> Environment | None:
    if wanted.id is None:
        return find_environment(index, wanted.name)
    for environment in index:
        if environment.id == wanted.id:
            return environment
    raise SelectionError(
        f"{quoted(wanted.name)} is pinned to the id {quoted(wanted.id)}, which no environment on the server has; "
        "correct or remove its `id:`"
    )


def _hashable(owner: Any, attribute: Any, value: Any) -> Any:
    del owner, attribute
    if hasattr(value, "items"):
        content: dict[Any, Any] = value
        # The key of an entry is a tuple, which JSON has none of.
        return {"\x1f".join(cast("Key", key)) if isinstance(key, tuple) else key: item for key, item in content.items()}
    return value
