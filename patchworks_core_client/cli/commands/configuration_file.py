"""`export`, `validate` and `schema`: the file itself."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ...environments.atomic_write import write_atomically
from ...environments.escaping import printable
from ...environments.exporting import export as export_text
from ...environments.schema_validation import json_schema
from ..connect import client, run
from ..console import can_ask, confirm, emit_data, say
from ..humanize import count
from ..progress import reading
from .shared_options import FILE, environments_argument, file_argument, load, rate_option


@click.command
@environments_argument
@click.option("-o", "--output", type=FILE, metavar="FILE", help="Where to write it; stdout by default.")
@rate_option
def export(environments: tuple[str, ...], output: str | None, rate: str | None) -> None:
    """Write the file from what is on the server.

    It holds the drafts, or the deployed versions where there is no draft. What
    environments share becomes the base. A plan of the file is empty.

    \b
    Examples:
      patchworks export -o patchworks.yaml
      patchworks export "UK live" "FR live"
    """

    async def work() -> None:
        async with client(rate) as pw:
            with reading() as progress:
                text = await export_text(pw, environments, progress=progress)
        _write(text, output)

    run(work)


def _write(text: str, output: str | None) -> None:
    if output is None:
        emit_data(text)
        return
    path = Path(output)
    if can_ask() and path.is_file() and path.read_bytes() not in {b"", text.encode()}:
        name = printable(output)
        say(f"{name} is there. Its comments, aliases and references to secrets are not on the server.")
        confirm(f"Write over {name}?", yes=False)
    write_atomically(path, text)
    say(f"wrote {printable(output)}")


@click.command
@file_argument
def validate(file: str) -> None:
    """Check the file, without a network.

    No secret is resolved, and no command is run.

    \b
    Example:
      patchworks validate patchworks.yaml
    """
    wanted = load(file).environments
    entries = count(sum(len(environment.contents) for environment in wanted), "entry", "entries")
    say(f"{printable(file)} is fine: {count(len(wanted), 'environment')}, {entries}")


@click.command
def schema() -> None:
    """Write the JSON Schema of the file, for editors.

    \b
    Example:
      patchworks schema > patchworks.schema.json
    """
    emit_data(json.dumps(json_schema(), indent=2, ensure_ascii=False))
