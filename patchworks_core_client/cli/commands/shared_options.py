"""Arguments and options that several commands take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from ...environments.configuration import Configuration
from ...environments.errors import EnvironmentsError

F = TypeVar("F", bound=Callable[..., Any])


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the names of the environments in the file of the same command line."""
    del param
    try:
        names = [wanted.name for wanted in Configuration.load(ctx.params["file"]).environments]
    except (EnvironmentsError, OSError, KeyError, TypeError):
        return []
    return [name for name in names if name.startswith(incomplete) and name.isprintable()]


FILE = click.Path(dir_okay=False)

file_argument = click.argument("file", type=FILE)
file_environments = click.argument("environments", nargs=-1, metavar="[ENV]...", shell_complete=_complete)
environments_argument = click.argument("environments", nargs=-1, metavar="[ENV]...")
rate_option = click.option("--rate", metavar="R", help="Budget of requests, such as 240/min; none by default.")
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
exit_code_option = click.option("--exit-code", is_flag=True, help="Exit with 2 where there are changes.")
out_option = click.option("--out", type=FILE, metavar="PLAN", help="Save the plan for `apply --plan`.")


def format_option(*formats: str) -> Callable[[F], F]:
    """Return the option `--format` with those formats; the first is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to write the output.",
    )


def load(file: str | Path) -> Configuration:
    """Read the file of a command."""
    return Configuration.load(file)


def refuse_twice(names: Sequence[str]) -> None:
    """Refuse a name that is given twice.

    Raises:
        click.UsageError: one is.
    """
    if len(set(names)) < len(names):
        raise click.UsageError("an environment is named twice")
