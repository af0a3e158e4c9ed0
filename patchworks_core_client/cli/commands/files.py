"""`export`, `validate` and `schema`: the file itself."""

from __future__ import annotations

import json

import click

from ...environments.exporting import export as export_text
from ...environments.files import write_whole
from ...environments.schema import json_schema
from ..connect import client, run
from ..console import emit_data, say
from ..progress import reading
from ..words import count
from .options import FILE, environments_argument, file_argument, load, rate_option


@click.command
@environments_argument
@click.option("-o", "--output", type=FILE, metavar="FILE", help="Where to write it; stdout by default.")
@rate_option
def export(environments: tuple[str, ...], output: str | None, rate: str | None) -> None:
    """Write the file from what is on the server: the drafts, or the deployed
    versions where there is no draft.

    What environments share becomes the base. A plan of the file is empty.

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
    else:
        write_whole(output, text)
        say(f"wrote {output}")


@click.command
@file_argument
def validate(file: str) -> None:
    """Check the file without a network and without resolving secrets.

    \b
    Example:
      patchworks validate patchworks.yaml
    """
    configuration = load(file)
    entries = sum(len(wanted.contents) for wanted in configuration.environments)
    say(f"{file} is fine: {count(len(configuration.environments), 'environment')}, {entries} entries")


@click.command
def schema() -> None:
    """Write the JSON Schema of the file, for editors that complete and check.

    \b
    Example:
      patchworks schema > patchworks.schema.json
    """
    emit_data(json.dumps(json_schema(), indent=2, ensure_ascii=False))
