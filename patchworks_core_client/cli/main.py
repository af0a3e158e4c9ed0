"""Run a command, and turn an error into a line on stderr and an exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from patchworks_core_client import AuthenticationError, PatchworksError

from ..environments.errors import EnvironmentsError
from ..environments.escaping import printable
from . import console, exit_status
from .command_group import cli
from .connect import CredentialsError
from .console import say


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
        return result if isinstance(result, int) else exit_status.DONE
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return exit_status.BAD_INPUT
    except click.ClickException as error:
        error.show(sys.stderr)
        return exit_status.BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        say("stopped; nothing more is written")
        return exit_status.FAILED
    except CredentialsError as error:
        return _fail(error, exit_status.CREDENTIALS)
    except AuthenticationError as error:
        status = _fail(error, exit_status.CREDENTIALS)
        say("check PATCHWORKS_API_KEY, or PATCHWORKS_USERNAME and PATCHWORKS_PASSWORD")
        return status
    except (EnvironmentsError, PatchworksError) as error:
        return _fail(error, exit_status.error_status(error))
    except OSError as error:
        name = f"{printable(str(error.filename))}: " if error.filename else ""
        say(f"patchworks: {name}{error.strerror or error}")
        return exit_status.BAD_INPUT if error.filename else exit_status.FAILED


def _fail(error: Exception, status: int) -> int:
    lines = [printable(line, None) for line in str(error).split("\n")]
    say("\n".join([f"patchworks: {lines[0]}", *lines[1:]]))
    return status
