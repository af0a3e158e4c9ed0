"""The command `patchworks`: its commands, each imported when it is used, and the errors that it shows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from patchworks_core_client import AuthenticationError, PatchworksError, __version__

from ..environments.errors import EnvironmentsError
from ..environments.escaping import printable
from ..environments.suggestions import suggestion
from . import console, exit_status
from .console import say

# Each command and the module that defines it.
COMMANDS = {
    "check": "check",
    "export": "configuration_file",
    "validate": "configuration_file",
    "schema": "configuration_file",
    "plan": "plans",
    "drift": "plans",
    "apply": "apply",
    "diff": "diff",
    "promote": "promote",
    "deploy": "deployments",
    "history": "deployments",
    "rollback": "deployments",
    "completion": "completion",
}
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


class Commands(click.Group):
    """A group that loads its commands late and suggests what a mistyped name may have meant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the help."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command."""
        del ctx
        # `resolve_command` has refused names that there are not.
        command: click.Command = getattr(import_module(f".commands.{COMMANDS[cmd_name]}", __package__), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            ctx.fail(f"there is no command {args[0]!r}{suggestion(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings=SETTINGS)
@click.version_option(__version__, prog_name="patchworks")
def cli(**_: Any) -> None:
    """Keep the virtual environments of Patchworks in a file: read them, see what
    differs, change them safely.

    Credentials come from PATCHWORKS_API_KEY, or from PATCHWORKS_USERNAME and
    PATCHWORKS_PASSWORD; the server from PATCHWORKS_BASE_URL.

    \b
    Begin with:
      patchworks export -o patchworks.yaml
      patchworks plan patchworks.yaml
      patchworks apply patchworks.yaml

    \b
    Exit status: 0 done; 1 failed; 2 there are changes; 3 credentials or
    rights; 4 done in part; 5 stale plan or others' edits; 6 wrong input.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: those of the process by default.

    Returns:
        The exit status.
    """
    console.prepare()
    try:
        result = cli.main(None if arguments is None else list(arguments), "patchworks", standalone_mode=False)
    except (click.ClickException, click.Abort, KeyboardInterrupt, EnvironmentsError, PatchworksError, OSError) as error:
        _show(error)
        return exit_status.error_status(error)
    return result if isinstance(result, int) else exit_status.DONE


def _show(error: BaseException) -> None:
    """Write an error to stderr."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
    elif isinstance(error, click.ClickException):
        error.show(sys.stderr)
    elif isinstance(error, click.Abort | KeyboardInterrupt):
        say("stopped; nothing more is written")
    elif isinstance(error, OSError) and not isinstance(error, PatchworksError):
        name = f"{printable(str(error.filename))}: " if error.filename else ""
        say(f"patchworks: {name}{error.strerror or error}")
    else:
        lines = [printable(line, None) for line in str(error).split("\n")]
        say("\n".join([f"patchworks: {lines[0]}", *lines[1:]]))
    if isinstance(error, AuthenticationError):
        say("check PATCHWORKS_API_KEY, or PATCHWORKS_USERNAME and PATCHWORKS_PASSWORD")
