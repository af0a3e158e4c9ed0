"""`completion`: the script that lets a shell complete the command line."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from ..console import emit_data

VARIABLE = "_PATCHWORKS_COMPLETE"


class _Bash(BashComplete):
    @staticmethod
    def _check_version() -> None:
        """Do not start a bash only to learn its version: the script is for the one that reads it."""


SHELLS: dict[str, type[ShellComplete]] = {"bash": _Bash, "zsh": ZshComplete, "fish": FishComplete}


@click.command
@click.argument("shell", type=click.Choice(list(SHELLS)))
def completion(shell: str) -> None:
    """Write the completion script of a shell.

    \b
    Examples:
      patchworks completion bash > ~/.local/share/bash-completion/completions/patchworks
      patchworks completion zsh > "${fpath[1]}/_patchworks"
      patchworks completion fish > ~/.config/fish/completions/patchworks.fish
    """
    root = click.get_current_context().find_root().command
    emit_data(SHELLS[shell](root, {}, "patchworks", VARIABLE).source())
