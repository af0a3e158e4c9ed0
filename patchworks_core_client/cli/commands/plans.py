"""`plan` and `drift`: what would change."""

from __future__ import annotations

from collections.abc import Callable

import click

from ...environments.escaping import printable
from ...environments.plans import Plan, plan as make_plan
from .. import exit_status
from ..connect import client, run
from ..progress import reading
from .output_formats import FORMATS, save_plan, write_plan
from .shared_options import (
    exit_code_option,
    file_argument,
    file_environments,
    format_option,
    load,
    out_option,
    rate_option,
)


@click.command
@file_argument
@file_environments
@out_option
@format_option(*FORMATS)
@exit_code_option
@rate_option
def plan(
    file: str, environments: tuple[str, ...], out: str | None, form: str, exit_code: bool, rate: str | None
) -> int:
    """Show what would change, against the drafts.

    Nothing is written, and no secret is resolved.

    + is created, ~ changed, - deleted (with --prune only); ? is a secret, which
    cannot be compared; ! is an edit that somebody made in the draft.

    \b
    Examples:
      patchworks plan patchworks.yaml
      patchworks plan patchworks.yaml "UK live" --out uk.plan
      patchworks plan patchworks.yaml --format html > plan.html
    """

    def write(found: Plan) -> int:
        write_plan(found, form, f"Plan of {printable(file)}")
        if out:
            save_plan(found, out)
        return exit_status.changes_status(not found.is_empty, asked=exit_code)

    return _plan(file, environments, rate, write)


@click.command
@file_argument
@file_environments
@format_option(*FORMATS)
@rate_option
def drift(file: str, environments: tuple[str, ...], form: str, rate: str | None) -> int:
    """Tell whether somebody changed an environment by hand.

    It is a plan that exits with 2 where there are changes, for a nightly job.

    \b
    Example:
      patchworks drift patchworks.yaml
    """

    def write(found: Plan) -> int:
        write_plan(found, form, f"Drift from {printable(file)}")
        return exit_status.changes_status(not found.is_empty)

    return _plan(file, environments, rate, write)


def _plan(file: str, environments: tuple[str, ...], rate: str | None, write: Callable[[Plan], int]) -> int:
    configuration = load(file)
    configuration.select(environments)

    async def work() -> int:
        async with client(rate) as pw:
            with reading() as progress:
                found = await make_plan(pw, configuration, environments, progress=progress)
        return write(found)

    return run(work)
