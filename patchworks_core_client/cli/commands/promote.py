"""`promote`: make environments like another one."""

from __future__ import annotations

import click

from ...environments.atomic_write import write_atomically
from ...environments.escaping import printable
from ...environments.plans import Plan
from ...environments.promotion import promote as plan_promotion, protected_by
from .. import exit_status
from ..connect import client, run
from ..console import say
from ..progress import reading
from .output_formats import FORMATS, save_plan, write_plan
from .shared_options import FILE, exit_code_option, format_option, load, out_option, rate_option


@click.command
@click.argument("source")
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--keep", multiple=True, metavar="KEY", help="Leave this entry of the targets as it is; repeatable.")
@out_option
@click.option("--write", "file", type=FILE, metavar="FILE", help="Bring the file up to date.")
@format_option(*FORMATS)
@exit_code_option
@rate_option
def promote(
    source: str,
    targets: tuple[str, ...],
    keep: tuple[str, ...],
    out: str | None,
    file: str | None,
    form: str,
    exit_code: bool,
    rate: str | None,
) -> int:
    """Plan what makes targets like a source.

    Nothing is written to the server; apply it with `apply --plan`.

    --keep takes a variable's key, or the name that plans show, such as
    "connector 812" or "flow 12". Values of secrets are never copied.

    \b
    Examples:
      patchworks promote "UK sandbox" "UK live" --keep shop_host --out uk.plan
      patchworks promote "UK live@deployed" "FR live" --write patchworks.yaml
    """

    async def work() -> int:
        async with client(rate) as pw:
            with reading() as progress:
                plan = await plan_promotion(pw, source, targets, keep, progress=progress)
        _write(plan, f"Promotion of {printable(source)}", form, out, file)
        return exit_status.changes_status(not plan.is_empty, asked=exit_code)

    return run(work)


def _write(plan: Plan, title: str, form: str, out: str | None, file: str | None) -> None:
    updated = None
    if file is not None:
        from ...environments.file_updates import updated_text as text_of

        plan = protected_by(plan, load(file))
        updated = text_of(file, [environment.wanted for environment in plan.environments])
    write_plan(plan, form, title)
    if out:
        save_plan(plan, out)
    if file is not None and updated is not None:
        write_atomically(file, updated)
        say(f"brought {file} up to date")
    elif not plan.is_empty:
        say("Once this is applied, the file differs from the server; --write FILE brings it up to date.")
