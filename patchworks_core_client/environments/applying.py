"""Carry out a plan: every safety rule is checked before the first write."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import attrs

from . import secrets
from .changes import Change, differing, incomparable, required_changes, tally
from .configuration import Wanted
from .entries import Contents, Key
from .errors import DraftEditedError, EnvironmentsError, InputError, SecretError
from .plans import EnvironmentPlan, Plan
from .reading import State
from .text import quoted, suggestion
from .writing import Writer

if TYPE_CHECKING:
    from patchworks_core_client import AsyncPatchworks

FEW_ENTRIES = 10
MAX_DELETED_SHARE = 0.3
DEFAULT_CONCURRENCY = 4

Status = Literal["done", "unchanged", "failed", "refused", "not started"]


@attrs.frozen
class ApplyOptions:
    """What an apply may do.

    Attributes:
        deploy: deploy each draft that is then what was wanted.
        prune: delete entries of managed sections that the file does not hold.
        force: delete more than 30 % of the entries of an environment.
        discard_drafts: make a draft with others' edits a copy of the deployed version first.
        include_protected: write to protected environments.
        write_secrets: keys of secret variables that are written again.
        keep_going: go on with other environments after a failure.
        concurrency: how many environments at a time.
    """

    deploy: bool = False
    prune: bool = False
    force: bool = False
    discard_drafts: bool = False
    include_protected: bool = False
    write_secrets: tuple[str, ...] = ()
    keep_going: bool = False
    concurrency: int = DEFAULT_CONCURRENCY


@attrs.define
class EnvironmentResult:
    """What became of one environment.

    Attributes:
        name: its name.
        status: `done`, `unchanged`, `failed`, `refused` or `not started`.
        created, updated, deleted: how many entries were.
        attributes: whether the environment itself was created or changed.
        discarded: whether its draft was made a copy of the deployed version.
        deployed: the id of the version that was deployed.
        waiting: how many deletes wait for `prune`.
        error: why it failed or was refused.
    """

    name: str
    status: Status = "not started"
    created: int = 0
    updated: int = 0
    deleted: int = 0
    attributes: bool = False
    discarded: bool = False
    deployed: str | None = None
    waiting: int = 0
    error: Exception | None = None
    uncertain: bool = False

    @property
    def has_written(self) -> bool:
        """Whether anything was written, or may have been."""
        counted = self.created or self.updated or self.deleted or self.attributes or self.discarded or self.deployed
        return bool(counted) or self.uncertain


@attrs.define
class Result:
    """What became of each environment, in the plan's order. It is filled while the work goes on."""

    environments: list[EnvironmentResult] = attrs.field(factory=list[EnvironmentResult])

    @property
    def has_written(self) -> bool:
        """Whether anything was written."""
        return any(environment.has_written for environment in self.environments)

    @property
    def errors(self) -> list[Exception]:
        """What went wrong."""
        return [environment.error for environment in self.environments if environment.error]

    @property
    def is_complete(self) -> bool:
        """Whether all that was to be done was done."""
        return all(environment.status in {"done", "unchanged"} for environment in self.environments)


@attrs.frozen
class Step:
    """One request that was made, or one environment that is finished; for showing progress."""

    environment: str
    text: str
    is_last: bool = False


Progress = Callable[[Step], None]


@attrs.frozen
class Work:
    """What is to be done in one environment, by the options.

    Attributes:
        plan: its plan.
        changes: what is written.
        discard: whether the draft is first made a copy of the deployed version.
        deploy: whether it is to be deployed in the end.
        secrets: the places of secrets that are written again.
    """

    plan: EnvironmentPlan
    changes: tuple[Change, ...]
    discard: bool
    deploy: bool
    secrets: tuple[Key, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        plan = self.plan
        writes = plan.state is None or plan.attributes or self.changes or self.discard or self.secrets
        return not writes and not self.deploy


def work_for(plan: EnvironmentPlan, options: ApplyOptions) -> Work:
    """Return what an apply with those options does in one environment."""
    state, wanted = plan.state, plan.wanted
    discard = options.discard_drafts and bool(blocking(plan, options))
    never_deployed = state is None or state.deployed is None
    # What a discarded draft holds then is what the deployed version holds.
    contents = plan.contents if state is None or not discard or state.deployed is None else state.deployed
    prune = options.prune or (discard and never_deployed)
    changes = tuple(change for change in required_changes(wanted, contents) if prune or change.action != "delete")
    again = tuple(place for place in incomparable(wanted, contents) if place[1] in options.write_secrets)
    deploy = options.deploy and (bool(changes or again) or _needs_deploy(state, wanted, contents))
    return Work(plan, changes, discard, deploy, again)


def blocking(plan: EnvironmentPlan, options: ApplyOptions) -> tuple[Key, ...]:
    """Return the edits of others that stand in the way: those that would be overwritten, or deployed unseen."""
    if plan.edits:
        return plan.edits
    if options.deploy and plan.state is not None:
        return tuple(place for place in plan.undeployed if place[0] not in plan.wanted.sections)
    return ()


def obstacle(work: Work, options: ApplyOptions) -> Exception | None:
    """Return why an environment may not be written to with those options; `None` where it may."""
    plan = work.plan
    edited = blocking(plan, options)
    if work.is_empty and not edited:
        return None
    if plan.wanted.protected and not options.include_protected:
        return InputError(f"{quoted(plan.name)} is protected; writing to it takes --include-protected")
    deleted, held = tally(work.changes)["delete"], len(plan.contents)
    if held >= FEW_ENTRIES and deleted > MAX_DELETED_SHARE * held and not options.force:
        return InputError(
            f"{quoted(plan.name)}: {deleted} of {held} entries would be deleted, more than 30 %; that takes --force"
        )
    if edited and not options.discard_drafts:
        return DraftEditedError(
            f"{quoted(plan.name)}: the draft holds {len(edited)} edits that are in neither the file nor the deployed "
            "version; deploy them, take them into the file, or give them up with --discard-drafts"
        )
    return None


async def resolve_secrets(plan: Plan, options: ApplyOptions) -> Mapping[tuple[str, Key], str]:
    """Resolve every secret that an apply with those options writes.

    Raises:
        SecretError: one cannot be had, or a key of `write_secrets` is no secret of the plan with a source.
    """
    _check_keys(plan, options)
    resolved: dict[str, str] = {}
    found: dict[tuple[str, Key], str] = {}
    for environment in plan.environments:
        work = work_for(environment, options)
        if obstacle(work, options) is not None:
            continue
        wants = environment.wanted.contents
        created = [change.place for change in work.changes if change.action == "create" and wants[change.place].secret]
        for place in (*created, *work.secrets):
            source, label = wants[place].source, f"{environment.name}: {place[1]}"
            if source is None:
                raise SecretError(f"{quoted(label)} is a secret without a source; give it a value: {secrets.ALLOWED}")
            if source not in resolved:
                resolved[source] = await secrets.resolve(source, quoted(label))
            found[environment.name, place] = resolved[source]
    return found


async def apply(
    pw: AsyncPatchworks,
    plan: Plan,
    options: ApplyOptions | None = None,
    *,
    progress: Progress | None = None,
    result: Result | None = None,
    values: Mapping[tuple[str, Key], str] | None = None,
) -> Result:
    """Carry out a plan.

    Every rule is checked, and every secret resolved, before the first write. An environment is left at its first
    failure, and so is the whole, unless it is to keep going.

    Args:
        pw: the client.
        plan: what to do.
        options: what it may do.
        progress: called with each step.
        result: is filled; one that the caller keeps tells what was done even when the call is cancelled.
        values: what `resolve_secrets` gave, so that nothing is resolved twice.

    Raises:
        SecretError: a secret cannot be had; nothing was written.
    """
    options = options or ApplyOptions()
    result = result or Result()
    works = [work_for(environment, options) for environment in plan.environments]
    for work in works:
        waiting = sum(change.action == "delete" for change in work.plan.changes) - tally(work.changes)["delete"]
        outcome = EnvironmentResult(work.plan.name, waiting=waiting)
        outcome.error = obstacle(work, options)
        if outcome.error:
            outcome.status = "refused"
        elif work.is_empty:
            outcome.status = "unchanged"
        result.environments.append(outcome)
    if result.errors and not options.keep_going:
        return result
    if values is None:
        values = await resolve_secrets(plan, options)
    await _Run(pw, options, values, progress or _silent).all(list(zip(works, result.environments, strict=True)))
    return result


class _Run:
    """Works through the environments, several at a time."""

    def __init__(
        self, pw: AsyncPatchworks, options: ApplyOptions, values: Mapping[tuple[str, Key], str], progress: Progress
    ) -> None:
        self._pw = pw
        self._options = options
        self._values = values
        self._progress = progress
        self._stopped = False

    async def all(self, works: Sequence[tuple[Work, EnvironmentResult]]) -> None:
        todo = iter([pair for pair in works if pair[1].status == "not started"])

        async def worker() -> None:
            for work, outcome in todo:
                if self._stopped:
                    return
                await self._one(work, outcome)

        async with asyncio.TaskGroup() as group:
            for _ in range(max(1, self._options.concurrency)):
                group.create_task(worker())

    async def _one(self, work: Work, outcome: EnvironmentResult) -> None:
        from patchworks_core_client import PatchworksError

        values = {place: value for (name, place), value in self._values.items() if name == work.plan.name}
        writer = Writer(self._pw, work.plan.name, values, lambda text: self._progress(Step(work.plan.name, text)))
        outcome.status = "failed"
        try:
            await self._write(writer, work, outcome)
            outcome.status = "done"
        except (PatchworksError, EnvironmentsError) as error:
            outcome.error = error
            self._stopped = not self._options.keep_going
        finally:
            outcome.created, outcome.updated, outcome.deleted = writer.created, writer.updated, writer.deleted
            outcome.uncertain, outcome.discarded = writer.uncertain, writer.copied
        self._progress(Step(work.plan.name, outcome.status, is_last=True))

    async def _write(self, writer: Writer, work: Work, outcome: EnvironmentResult) -> None:
        plan = work.plan
        if plan.state is None:
            state = await writer.create_environment(plan.wanted)
            outcome.attributes = True
        else:
            state = plan.state
            if plan.attributes:
                await writer.update_environment(plan.wanted, state)
                outcome.attributes = True
        if not (work.changes or work.discard or work.secrets or work.deploy):
            return
        draft, contents = await writer.prepare_draft(state, discard=work.discard)
        prune = self._options.prune or (work.discard and state.deployed is None)
        expected = await writer.write(draft, contents, plan.wanted, prune=prune, again=work.secrets)
        if work.deploy:
            outcome.deployed = await writer.deploy(state, draft, expected)


def _needs_deploy(state: State | None, wanted: Wanted, contents: Contents) -> bool:
    """Return whether contents that need no change still have to be deployed."""
    if state is None or state.deployed is None:
        return True
    return bool(differing(contents, state.deployed, wanted.sections))


def _check_keys(plan: Plan, options: ApplyOptions) -> None:
    known: dict[str, Any] = {
        entry.key[0]: None
        for environment in plan.environments
        for entry in environment.wanted.contents.values()
        if entry.secret
    }
    for key in options.write_secrets:
        if key not in known:
            raise SecretError(
                f"--write-secret {quoted(key)}: no secret of that key is in the file{suggestion(key, known)}"
            )


def _silent(step: Step) -> None:
    del step
