"""`apply`: make the drafts what the file says, or apply a saved plan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from patchworks_core_client import AsyncPatchworks

from ...environments.apply_results import EnvironmentResult, Result
from ...environments.apply_work import DEFAULT_CONCURRENCY, ApplyOptions, EnvironmentWork, work_for
from ...environments.applying import apply as apply_plan, resolve_secrets
from ...environments.configuration import Configuration
from ...environments.deployment import dropped_version
from ...environments.entries import Key
from ...environments.errors import InputError, StalePlanError
from ...environments.escaping import printable
from ...environments.plans import Plan, digest, plan as plan_of_file, read_wanted
from ...environments.safety_rules import broken_rule
from ...environments.saved_plans import SavedPlan
from ...environments.yaml_reader import MAX_BYTES
from .. import console, exit_status
from ..connect import client, run, server
from ..humanize import count
from ..progress import applying, reading
from ..render.plan_text import show_plan
from .shared_options import FILE, file_environments, format_option, load, rate_option, yes_option


@click.command
@click.argument("file", type=FILE, required=False)
@file_environments
@click.option("--plan", "saved", type=FILE, metavar="PLAN", help="Apply a plan that `plan --out` saved.")
@click.option("--deploy", is_flag=True, help="Deploy the drafts that then hold what is wanted.")
@click.option("--prune", is_flag=True, help="Delete entries that the file does not hold.")
@click.option("--force", is_flag=True, help="Delete more than 30 % of the entries of an environment.")
@click.option("--discard-drafts", is_flag=True, help="Discard others' edits in the drafts.")
@click.option("--include-protected", is_flag=True, help="Write to protected environments, too.")
@click.option("--write-secret", "secrets", multiple=True, metavar="KEY", help="Write this secret again; repeatable.")
@click.option("--keep-going", is_flag=True, help="Go on with other environments after a failure.")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 100),
    default=DEFAULT_CONCURRENCY,
    show_default=True,
    metavar="N",
    help="Environments at a time.",
)
@rate_option
@yes_option
@format_option("text", "json")
def apply(
    file: str | None,
    environments: tuple[str, ...],
    saved: str | None,
    secrets: tuple[str, ...],
    rate: str | None,
    yes: bool,
    form: str,
    **flags: Any,
) -> int:
    """Make the drafts what the file says.

    Asks first. Nothing is deleted without --prune, and nothing is deployed
    without --deploy. After any failure, run it again.

    \b
    Examples:
      patchworks apply patchworks.yaml "UK sandbox"
      patchworks apply patchworks.yaml --deploy --prune --yes
      patchworks apply --plan uk.plan --yes
      patchworks apply patchworks.yaml --write-secret api_token
    """
    if (file is None) == (saved is None):
        raise click.UsageError("give either FILE or --plan PLAN")
    options = ApplyOptions(write_secrets=secrets, **flags)
    source = _saved(saved) if saved is not None else load(file or "")
    if isinstance(source, Configuration):
        source.select(environments)
    console.require_yes(yes=yes)
    result = Result()

    async def work() -> int:
        await _apply(source, environments, options, rate, yes, result)
        _report(result, form)
        return exit_status.result_status(result)

    try:
        return run(work)
    except KeyboardInterrupt:
        _report(result, form)
        console.say("stopped; run it again to go on")
        return exit_status.IN_PART if result.has_written else exit_status.FAILED


async def _apply(
    source: Configuration | SavedPlan,
    environments: tuple[str, ...],
    options: ApplyOptions,
    rate: str | None,
    yes: bool,
    result: Result,
) -> None:
    async with client(rate) as pw:
        with reading() as progress:
            if isinstance(source, SavedPlan):
                plan = await source.refresh(pw, progress=progress)
            else:
                plan = await plan_of_file(pw, source, environments, progress=progress)
        works = [work_for(environment, options) for environment in plan.environments]
        todo = [work for work in works if not work.is_empty and broken_rule(work, options) is None]
        refused = any(broken_rule(work, options) for work in works)
        values: Mapping[tuple[str, Key], str] = {}
        if options.keep_going or not refused:
            # Before it asks, so that nobody says yes to what cannot be done.
            values = await resolve_secrets(plan, options)
        if todo and (options.keep_going or not refused):
            if not plan.is_empty:
                show_plan(plan, console.err())
            for work in todo:
                for warning in _warnings(work):
                    console.say(f"{printable(work.plan.name)}: {warning}")
            if not yes:
                console.confirm(f"Apply this to {server()}?", yes=False)
                await _require_unchanged(pw, plan)
        with applying(sum(work.steps for work in todo)) as tell:
            await apply_plan(pw, plan, options, progress=tell, result=result, values=values)


async def _require_unchanged(pw: AsyncPatchworks, plan: Plan) -> None:
    """Make sure that what was read before the question still holds."""
    wanted = [environment.wanted for environment in plan.environments]
    with reading() as progress:
        states = await read_wanted(pw, wanted, progress)
    if digest(states) != plan.digest:
        raise StalePlanError("somebody changed an environment while this waited for an answer; nothing was written")


def _saved(path: str) -> SavedPlan:
    with Path(path).open("rb") as file:
        saved = SavedPlan.parse(file.read(4 * MAX_BYTES + 1), path)
    if saved.server != server():
        raise InputError(f"the plan was made for {printable(saved.server)}, and this would be {printable(server())}")
    return saved


def _warnings(work: EnvironmentWork) -> list[str]:
    """Return what cannot be undone."""
    found: list[str] = []
    state = work.plan.state
    deleted = sum(change.action == "delete" for change in work.changes)
    if work.discard:
        found.append("the edits in the draft will be discarded")
    if deleted:
        found.append(f"{count(deleted, 'entry', 'entries')} will be deleted from the draft")
    if work.secrets:
        found.append(f"{count(len(work.secrets), 'secret')} will be written over")
    if work.deploy:
        gone = dropped_version(state.versions, 1 if state.draft is not None else 2) if state else None
        limit = f"; the limit of five drops inactive version {gone.number} (id {gone.id})" if gone else ""
        found.append(f"will be deployed{limit}")
    return found


def _report(result: Result, form: str) -> None:
    if form == "json":
        console.emit_data(json.dumps(_json(result), indent=2, ensure_ascii=False))
    else:
        for environment in result.environments:
            if environment.status != "not started":
                console.emit(f"{printable(environment.name)}: {_line(environment)}")
        left = sum(environment.status == "not started" for environment in result.environments)
        if left:
            console.emit(f"not started: {count(left, 'environment')}")
    for environment in result.environments:
        if environment.error:
            console.say(f"patchworks: {printable(str(environment.error), None)}")


def _line(result: EnvironmentResult) -> str:
    parts = ["environment written"] if result.attributes else []
    if result.draft:
        parts.append("edits in the draft discarded" if result.discarded else "draft made")
    counted = (("created", result.created), ("changed", result.updated), ("deleted", result.deleted))
    parts += [f"{number} {what}" for what, number in counted if number]
    if result.deployed:
        parts.append(f"version id {result.deployed} deployed")
    if result.waiting:
        parts.append(f"{count(result.waiting, 'delete')} {'waits' if result.waiting == 1 else 'wait'} for --prune")
    done = ", ".join(parts)
    if result.status == "unchanged":
        return f"nothing to do{f' ({done})' if done else ''}"
    if result.status == "done":
        return done or "done"
    if result.uncertain:
        return f"{result.status} after: {done or 'nothing'}; its last write may have taken effect"
    return f"{result.status}{f' after: {done}' if done else ', nothing was written'}"


def _json(result: Result) -> dict[str, Any]:
    return {
        "complete": result.is_complete,
        "environments": [
            {
                "name": item.name,
                "status": item.status,
                "environment_written": item.attributes,
                "created": item.created,
                "changed": item.updated,
                "deleted": item.deleted,
                "waiting_for_prune": item.waiting,
                "draft_made": item.draft,
                "draft_discarded": item.discarded,
                "deployed_version": item.deployed,
                "error": printable(str(item.error), None) if item.error else None,
            }
            for item in result.environments
        ],
    }
