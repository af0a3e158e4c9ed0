"""`completion`: the script that lets a shell complete the command line."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from ..console import emit_data

VARIABLE = "_PATCHWORKS_COMPLETE"


# Names of environments have spaces, and bash inserts what it is given as it is.
_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' response type value completion
    response=$(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete $1)
    while IFS=',' read -r type value; do
        case $type in
            dir) COMPREPLY=(); compopt -o dirnames ;;
            file) COMPREPLY=(); compopt -o default ;;
            plain)
                case ${COMP_WORDS[COMP_CWORD]} in
                    [\\'\\"]*) ;;
                    *) printf -v value '%%q' "$value" ;;
                esac
                COMPREPLY+=("$value") ;;
        esac
    done <<< "$response"
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class _Bash(BashComplete):
    source_template = _BASH

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
