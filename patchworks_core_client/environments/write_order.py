"""The order in which an environment is written: itself, its draft, creates and updates, deletes, the deploy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from .apply_work import EnvironmentWork
from .concurrent import work_through
from .entries import Contents
from .environment_writer import EnvironmentWriter
from .required_changes import Change, contents_after, required_changes
from .server_state import Version

WRITERS = 4


async def write_in_order(writer: EnvironmentWriter, work: EnvironmentWork, *, prune: bool) -> str | None:
    """Do what is to be done in one environment.

    Args:
        writer: that of the environment.
        work: what is to be done.
        prune: whether to delete entries that are not wanted.

    Returns:
        The id of the version that was deployed, if one was.
    """
    plan = work.plan
    if plan.state is None:
        state = await writer.create_environment(plan.wanted)
    else:
        state = plan.state
        if plan.attributes:
            await writer.update_environment(plan.wanted, state)
    if not (work.changes or work.discard or work.secrets or work.deploy):
        return None
    draft, contents = await writer.prepare_draft(state, discard=work.discard)
    prune = prune or (work.discard and state.deployed is None)
    expected = await _write_entries(writer, draft, contents, work, prune=prune)
    return await writer.deploy(state, draft, expected) if work.deploy else None


async def _write_entries(
    writer: EnvironmentWriter, draft: Version, contents: Contents, work: EnvironmentWork, *, prune: bool
) -> Contents:
    """Make a draft that holds `contents` what is wanted; return what it holds then."""
    wanted, again = work.plan.wanted, work.secrets
    # Not those of the plan: the draft was made, or copied, since.
    made = required_changes(wanted, contents)
    changed = {change.place for change in made}
    rewritten = [
        Change("update", place, wanted.contents[place], contents[place])
        for place in again
        if place in contents and place not in changed
    ]
    writes = [*(change for change in made if change.action != "delete"), *rewritten]
    deletes = [change for change in made if change.action == "delete"] if prune else []
    await _each(writes, lambda change: writer.write_entry(draft, change, again=change.place in again))
    await _each(deletes, lambda change: writer.delete_entry(draft, change))
    return contents_after(contents, [*writes, *deletes])


async def _each(changes: Sequence[Change], work: Callable[[Change], Awaitable[None]]) -> None:
    """Work through changes, a few at a time; after a failure none is begun."""
    failures: list[Exception] = []

    async def one(change: Change) -> None:
        try:
            await work(change)
        except Exception as error:
            failures.append(error)

    await work_through(changes, one, workers=min(WRITERS, len(changes)), stopped=lambda: bool(failures))
    if failures:
        raise failures[0]
