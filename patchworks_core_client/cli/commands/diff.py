"""`diff`: two environments, or two versions of one, side by side."""

from __future__ import annotations

import json

import click
from rich import box
from rich.table import Table
from rich.text import Text

from ...environments.entries import Contents, Key, label
from ...environments.entry_differences import differing, same
from ...environments.escaping import printable
from ...environments.promotion import contents_of, split_side
from ...environments.saved_plans import shown_value
from ...environments.server_state import list_environments, read_all, select_environments
from .. import console, exit_status
from ..connect import client, run
from ..humanize import count
from ..progress import reading
from ..render.entry_text import noun, summary
from ..render.table import comparison_table
from .output_formats import write_table
from .shared_options import exit_code_option, format_option, rate_option

Sides = dict[str, Contents]


@click.command
@click.argument("a")
@click.argument("b")
@format_option("text", "json", "markdown", "html")
@exit_code_option
@rate_option
def diff(a: str, b: str, form: str, exit_code: bool, rate: str | None) -> int:
    """Compare two environments, or two versions of one.

    NAME@draft and NAME@deployed stand for one version of an environment.

    \b
    Examples:
      patchworks diff "UK sandbox" "UK live"
      patchworks diff "UK live@draft" "UK live@deployed"
    """

    async def work() -> int:
        return _write(a, b, await _read(a, b, rate), form, exit_code=exit_code)

    return run(work)


def _write(a: str, b: str, sides: Sides, form: str, *, exit_code: bool) -> int:
    title = f"{printable(a)} and {printable(b)}"
    one, other = sides.values() if len(sides) == 2 else (*sides.values(), *sides.values())
    places = differing(one, other)
    if form == "json":
        console.emit_data(_json(a, b, one, other, places))
    elif form == "text":
        _show(a, b, one, other, places)
    else:
        write_table(comparison_table(title, sides), form)
    return exit_status.changes_status(bool(places), asked=exit_code)


async def _read(a: str, b: str, rate: str | None) -> Sides:
    async with client(rate) as pw:
        index = await list_environments(pw)
        names = [environment.name for environment in index]
        wanted = {text: split_side(text, names) for text in (a, b)}
        chosen = select_environments(index, [name for name, _ in wanted.values()])
        with reading() as progress:
            states = {state.environment.name.strip(): state for state in await read_all(pw, chosen, progress)}
        return {text: contents_of(states[name.strip()], side) for text, (name, side) in wanted.items()}


def _show(a: str, b: str, one: Contents, other: Contents, places: tuple[Key, ...]) -> None:
    out = console.out()
    if places:
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=False)
        for heading in ("", "Entry", printable(a), printable(b)):
            table.add_column(Text(heading), overflow="fold")
        for place in places:
            mark, style = _mark(one, other, place)
            cells = [Text(summary(side.get(place))) for side in (one, other)]
            table.add_row(Text(mark, style), Text(f"{noun(place)} {label(place)}"), *cells)
        out.print(table)
    alike = len({*one, *other}) - len(places)
    secrets = sum(entry.secret and place in other for place, entry in one.items())
    unknown = f"; {count(secrets, 'secret')} cannot be compared" if secrets else ""
    out.print(Text(f"{len(places)} differ, {alike} alike{unknown}.", "bold"))


def _mark(one: Contents, other: Contents, place: Key) -> tuple[str, str]:
    if place not in one:
        return "+", "green"
    return ("~", "yellow") if place in other else ("-", "red")


def _json(a: str, b: str, one: Contents, other: Contents, places: tuple[Key, ...]) -> str:
    def shown(side: Contents, place: Key) -> dict[str, str | None] | None:
        entry = side.get(place)
        return {name: shown_value(entry, name) for name in (*entry.fields, "secret")} if entry else None

    rows = [
        {"section": place[0], "key": list(place[1:]), "a": shown(one, place), "b": shown(other, place)}
        for place in places
    ]
    incomparable = [
        {"section": place[0], "key": list(place[1:])}
        for place, entry in one.items()
        if entry.secret and place in other and same(entry, other[place])
    ]
    return json.dumps({"a": a, "b": b, "differences": rows, "incomparable": incomparable}, indent=2, ensure_ascii=False)
