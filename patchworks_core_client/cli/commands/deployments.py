"""`deploy`, `history` and `rollback`: the versions of an environment."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence

import attrs
import click
from rich import box
from rich.table import Table
from rich.text import Text

from patchworks_core_client import PatchworksError

from ...environments import deployment
from ...environments.deployment import Deployment
from ...environments.entries import label
from ...environments.errors import DraftEditedError, EnvironmentsError
from ...environments.escaping import printable, quoted
from ...environments.server_state import Version
from .. import console, exit_status
from ..connect import client, run
from ..humanize import count
from ..progress import reading
from .shared_options import format_option, rate_option, refuse_twice, yes_option


@click.command
@click.argument("environments", nargs=-1, required=True, metavar="ENV...")
@yes_option
@rate_option
def deploy(environments: tuple[str, ...], yes: bool, rate: str | None) -> int:
    """Deploy the drafts of environments as they are.

    Asks first.

    \b
    Example:
      patchworks deploy "UK live" "FR live"
    """
    refuse_twice(environments)
    console.require_yes(yes=yes)

    async def work() -> int:
        async with client(rate) as pw:
            with reading() as progress:
                plans = await deployment.plan_deploys(pw, environments, progress=progress)
            needed = [plan for plan in plans if plan.is_needed]
            for plan in plans:
                if not plan.is_needed:
                    console.emit(f"{printable(plan.state.environment.name)}: nothing to deploy")
            if not needed:
                return exit_status.DONE
            for plan in needed:
                console.say(_announcement(plan, f"its draft (id {plan.source.id}) will be deployed"))
            console.confirm(f"Deploy {count(len(needed), 'environment')}?", yes=yes)
            return await _each(needed, lambda plan: deployment.deploy(pw, plan))

    return run(work)


@click.command
@click.argument("environment", metavar="ENV")
@format_option("text", "json")
@rate_option
def history(environment: str, form: str, rate: str | None) -> None:
    """Show the versions of an environment, the newest first.

    A version's number may change; its id stays.

    \b
    Example:
      patchworks history "UK live"
    """

    async def work() -> None:
        async with client(rate) as pw:
            _show((await deployment.history(pw, environment)).versions[::-1], form)

    run(work)


def _show(versions: Sequence[Version], form: str) -> None:
    if form == "json":
        console.emit_data(json.dumps([attrs.asdict(version) for version in versions], indent=2, ensure_ascii=False))
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("Version", "Id", "Status", "Deployed (UTC)", "Notes"):
        table.add_column(heading, overflow="fold")
    for version in versions:
        style = {"deployed": "green", "draft": "yellow"}.get(version.status, "")
        moment = version.deployed_at[:19].replace("T", " ")
        cells = (version.number, version.id, version.status, moment, printable(version.notes, 60))
        table.add_row(*(Text(cell, style) for cell in cells))
    console.out().print(table)


@click.command
@click.argument("environment", metavar="ENV")
@click.option("--to", metavar="ID", help="The id of the version; by default the one that was deployed before.")
@click.option("--discard-drafts", is_flag=True, help="Discard edits in the draft.")
@yes_option
@rate_option
def rollback(environment: str, to: str | None, discard_drafts: bool, yes: bool, rate: str | None) -> int:
    """Go back to an earlier version.

    It is copied into the draft, which is deployed. Asks first. Secrets are
    copied by the server, too.

    \b
    Examples:
      patchworks rollback "UK live"
      patchworks rollback "UK live" --to 31
    """
    console.require_yes(yes=yes)

    async def work() -> int:
        async with client(rate) as pw:
            plan = await deployment.plan_rollback(pw, environment, to)
            _refuse_edits(plan, discard_drafts=discard_drafts)
            source = f"goes back to version {plan.source.number} (id {plan.source.id})"
            if plan.edits:
                source += f"; {count(len(plan.edits), 'edit')} in the draft will be discarded"
            console.say(_announcement(plan, source))
            console.confirm("Roll back?", yes=yes)
            return await _each([plan], lambda one: deployment.rollback(pw, one, discard_drafts=discard_drafts))

    return run(work)


def _refuse_edits(plan: Deployment, *, discard_drafts: bool) -> None:
    if plan.edits and not discard_drafts:
        raise DraftEditedError(
            f"{quoted(plan.state.environment.name)}: the draft holds edits that are not deployed "
            f"({', '.join(label(place) for place in plan.edits[:5])}); deploy them first, or discard them with "
            "--discard-drafts; nothing was written"
        )


def _announcement(plan: Deployment, what: str) -> str:
    changes = count(len(plan.changes), "entry changes", "entries change")
    lines = [f"{printable(plan.state.environment.name)}: {what}; {changes}"]
    lines += [
        "  " + ", ".join(label(place) for place in plan.changes[some : some + 8])
        for some in range(0, min(len(plan.changes), 40), 8)
    ]
    if plan.drops:
        lines.append(f"  the limit of five drops inactive version {plan.drops.number} (id {plan.drops.id}) for good")
    return "\n".join(lines)


async def _each(plans: list[Deployment], work: Callable[[Deployment], Awaitable[str]]) -> int:
    """Work through environments, one after the other, and stop at the first failure."""
    for done, plan in enumerate(plans):
        name = printable(plan.state.environment.name)
        try:
            version = await work(plan)
        except (PatchworksError, EnvironmentsError) as error:
            console.say(f"patchworks: {name}: {printable(str(error), None)}")
            return exit_status.IN_PART if done else exit_status.error_status(error)
        console.emit(f"{name}: version id {version} is deployed")
    return exit_status.DONE
