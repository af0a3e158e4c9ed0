"""Apply a plan: check every rule and resolve every secret, then write, several environments at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from patchworks_core_client import AsyncPatchworks

from . import secrets
from .apply_results import EnvironmentResult, Result
from .apply_work import ApplyOptions, EnvironmentWork, work_for
from .concurrent import work_through
from .entries import Key
from .environment_writer import EnvironmentWriter
from .errors import EnvironmentsError, SecretError
from .escaping import quoted
from .plans import Plan
from .required_changes import count_by_action
from .safety_rules import broken_rule
from .suggestions import suggestion
from .write_order import write_in_order


@attrs.frozen
class Step:
    """One request that was made, or one environment that is finished; for showing progress."""

    environment: str
    text: str
    is_last: bool = False


Progress = Callable[[Step], None]


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
        if broken_rule(work, options) is not None:
            continue
        wants = environment.wanted.contents
        created = [change.place for change in work.changes if change.action == "create" and wants[change.place].secret]
        for place in (*created, *work.secrets):
            source, label = wants[place].source, f"{environment.name}: {place[1]}"
            if source is None:
                raise SecretError(
                    f"{quoted(label)} is a secret without a value in the file; allowed are {secrets.ALLOWED}"
                )
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
    """Apply a plan.

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
        waiting = (
            sum(change.action == "delete" for change in work.plan.changes) - count_by_action(work.changes)["delete"]
        )
        outcome = EnvironmentResult(work.plan.name, waiting=waiting)
        outcome.error = broken_rule(work, options)
        if outcome.error:
            outcome.status = "refused"
        elif work.is_empty:
            outcome.status = "unchanged"
        result.environments.append(outcome)
    if result.errors and not options.keep_going:
        return result
    if values is None:
        values = await resolve_secrets(plan, options)
    await _Run(pw, options, values, progress or (lambda step: None)).all(
        list(zip(works, result.environments, strict=True))
    )
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

    async def all(self, works: Sequence[tuple[EnvironmentWork, EnvironmentResult]]) -> None:
        todo = [pair for pair in works if pair[1].status == "not started"]
        workers = max(1, self._options.concurrency)
        await work_through(todo, lambda pair: self._one(*pair), workers=workers, stopped=lambda: self._stopped)

    async def _one(self, work: EnvironmentWork, outcome: EnvironmentResult) -> None:
        from patchworks_core_client import PatchworksError

        values = {place: value for (name, place), value in self._values.items() if name == work.plan.name}
        writer = EnvironmentWriter(
            self._pw, work.plan.name, values, lambda text: self._progress(Step(work.plan.name, text))
        )
        outcome.status = "stopped"
        try:
            outcome.deployed = await write_in_order(writer, work, prune=self._options.prune)
            outcome.status = "done"
        except (PatchworksError, EnvironmentsError) as error:
            outcome.status, outcome.error = "failed", error
            self._stopped = not self._options.keep_going
        finally:
            outcome.created, outcome.updated, outcome.deleted = writer.created, writer.updated, writer.deleted
            outcome.attributes, outcome.draft = writer.environment, writer.draft
            outcome.discarded, outcome.uncertain = work.discard and writer.draft, writer.uncertain
        self._progress(Step(work.plan.name, outcome.status, is_last=True))


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
