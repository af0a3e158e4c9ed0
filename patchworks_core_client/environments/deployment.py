"""Deploy a draft, show the versions of an environment, and go back to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from patchworks_core_client import AsyncPatchworks

from .entries import Contents, Key, natural
from .entry_differences import differing
from .environment_writer import EnvironmentWriter
from .errors import DraftEditedError, EnvironmentsError, SelectionError
from .escaping import quoted
from .server_state import EnvironmentState, ReadProgress, Version, read_contents, read_states

MAX_VERSIONS = 5


@attrs.frozen
class Deployment:
    """What a deploy or a rollback is going to do, known before it is done.

    Attributes:
        state: what the environment is.
        source: the version whose content is deployed: the draft, or the version that is gone back to.
        changes: where the content that is deployed differs from what is deployed now.
        drops: the inactive version that the limit of five versions will drop.
        edits: what the draft holds that is not deployed, which a rollback discards.
        is_needed: whether deploying changes anything that can be seen or may have changed.
    """

    state: EnvironmentState
    source: Version
    changes: tuple[Key, ...]
    drops: Version | None
    edits: tuple[Key, ...]
    is_needed: bool


def dropped_version(versions: Sequence[Version], made: int = 1) -> Version | None:
    """Return the inactive version that goes when `made` versions are added; `None` where there is room.

    The deployed version becomes inactive by then, and is the newest of those.
    """
    if len(versions) + made <= MAX_VERSIONS:
        return None
    inactive = [version for version in versions if version.status not in {"draft", "deployed"}]
    return min(inactive, key=lambda version: natural(version.number), default=None)


def previous_version(versions: Sequence[Version]) -> Version | None:
    """Return the version that was deployed before the one that is now."""
    inactive = [version for version in versions if version.status == "inactive"]
    return max(inactive, key=lambda version: (version.deployed_at, natural(version.id)), default=None)


async def history(pw: AsyncPatchworks, name: str) -> EnvironmentState:
    """Return an environment with its versions, the oldest first.

    Raises:
        SelectionError: there is none of that name, or there are two.
    """
    return await _state(pw, name)


async def plan_deploys(
    pw: AsyncPatchworks, names: Sequence[str], *, progress: ReadProgress | None = None
) -> tuple[Deployment, ...]:
    """Return what deploying the drafts of environments does.

    Args:
        pw: the client.
        names: the environments.
        progress: called after each environment that was read.

    Raises:
        SelectionError: there is none of a name, or there are two.
        EnvironmentsError: one has no draft.
    """
    return tuple(_deploy_of(state) for state in await read_states(pw, names, progress=progress))


def _deploy_of(state: EnvironmentState) -> Deployment:
    draft = state.version("draft")
    if draft is None or state.draft is None:
        raise EnvironmentsError(f"{quoted(state.environment.name)} has no draft, so there is nothing to deploy")
    deployed = state.deployed
    changes = differing(state.draft, deployed or {})
    # A secret that was changed cannot be seen, but that something was.
    has_secrets = any(entry.secret for entry in state.draft.values())
    touched = has_secrets and draft.updated_at != draft.created_at
    needed = deployed is None or bool(changes) or touched
    return Deployment(state, draft, changes, dropped_version(state.versions), (), needed)


async def deploy(pw: AsyncPatchworks, deployment: Deployment, progress: Callable[[str], None] | None = None) -> str:
    """Deploy a draft, if it is still what was read; return the id of the version.

    Raises:
        DraftEditedError: it was edited since.
        PatchworksError: the server refused, or did not answer.
    """
    state = deployment.state
    writer = EnvironmentWriter(pw, state.environment.name, {}, progress or (lambda text: None))
    return await writer.deploy(state, deployment.source, state.draft or {})


async def plan_rollback(pw: AsyncPatchworks, name: str, to: str | None = None) -> Deployment:
    """Return what going back to an earlier version does.

    Args:
        pw: the client.
        name: the environment.
        to: the id of the version; without it the one that was deployed before.

    Raises:
        SelectionError: there is no such environment, or no such version.
    """
    state = await _state(pw, name)
    target = previous_version(state.versions) if to is None else _chosen(state, to)
    if target is None:
        raise SelectionError(f"{quoted(name)} has no version that was deployed before")
    contents = await read_contents(pw, target.id)
    edits = differing(state.draft, state.deployed or {}) if state.draft is not None else ()
    # A draft that is made for it is one version more.
    added = 1 if state.version("draft") else 2
    changes = differing(contents, state.deployed or {})
    return Deployment(
        attrs.evolve(state, draft=contents), target, changes, dropped_version(state.versions, added), edits, True
    )


async def rollback(
    pw: AsyncPatchworks,
    deployment: Deployment,
    *,
    discard_drafts: bool = False,
    progress: Callable[[str], None] | None = None,
) -> str:
    """Copy the version into the draft and deploy that; return the id of the version that is deployed then.

    Raises:
        DraftEditedError: the draft holds edits that are not deployed, and they are not to be discarded.
        PatchworksError: the server refused, or did not answer.
    """
    name = deployment.state.environment.name
    if deployment.edits and not discard_drafts:
        raise DraftEditedError(
            f"{quoted(name)}: the draft holds {len(deployment.edits)} edits that are not deployed; deploy them first, "
            "or discard them with --discard-drafts"
        )
    expected: Contents = deployment.state.draft or {}
    writer = EnvironmentWriter(pw, name, {}, progress or (lambda text: None))
    draft = await writer.copy_to_draft(deployment.state.environment.id, deployment.source.id)
    return await writer.deploy(deployment.state, draft, expected)


def _chosen(state: EnvironmentState, to: str) -> Version:
    for version in state.versions:
        if version.id == to:
            if version.status == "inactive":
                return version
            raise SelectionError(f"version {quoted(to)} is the {version.status} one; going back takes an inactive one")
    ids = ", ".join(version.id for version in state.versions if version.status == "inactive") or "none"
    raise SelectionError(
        f"{quoted(state.environment.name)} has no version with the id {quoted(to)}; inactive ones have the ids {ids}"
    )


async def _state(pw: AsyncPatchworks, name: str) -> EnvironmentState:
    (state,) = await read_states(pw, [name])
    return state
