"""The summary of a run: what was read, skipped, repaired and written, for a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from scripts.openapi.escaping import printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scripts.regeneration.update import Result

WIDTH = 80
LABEL_WIDTH = 11
SHOWN_NAMES = 10

# What a rule did, for who does not know the rules by their names.
REPAIRS = {
    "all_of": "schema combined of several",
    "body_as_parameters": "body of a GET read as its query",
    "bounds_by_type": "bound fitted to its type",
    "date_by_name": "date told by its name",
    "date_in_array": "date declared as a list",
    "described": "parameter described in its schema",
    "described_responses": "answers put into one form",
    "format_of_scalars_only": "format of what has parts dropped",
    "free_form_object": "free-form object",
    "implied_type": "type left out",
    "items_of_arrays_only": "items of what is no list dropped",
    "json_body": "body sent as JSON",
    "known_type": "type by another name",
    "named_array": "list with named entries",
    "number_by_name": "number told by its name",
    "objects_spread": "object in a query spread",
    "only_the_reference": "text beside a reference dropped",
    "plain_descriptions": "text cleaned",
    "plain_headers": "header sent as text",
    "required_as_list": "required field listed",
    "shared_enumeration": "enumeration shared",
    "styled_arrays": "list in a query joined with commas, or as described",
    "text_in_json": "binary in JSON, which is text",
    "that_can_be_sent": "parameter that cannot be sent dropped",
    "usable_enumeration": "enumeration cleaned",
    "wildcard_properties": "property * told as what each entry is",
    "with_placeholders": "parameter of the path added",
    "with_schema": "parameter without a schema",
    "without_duplicates": "parameter listed twice",
    "without_unused_keys": "title, default or example dropped",
}


def summary(result: Result, target: Path | None) -> str:
    """Return the summary of a run, as lines of text."""
    built, names = result.built, result.built.names
    operations = sum(len(item) for item in built.document["paths"].values())
    schemas = len(built.document["components"].get("schemas", {}))
    lines = [*_pages(result)]
    lines += _entry("Merged", f"{counted(operations, 'operation')}, {counted(schemas, 'schema')}")
    lines += _entry("Overlay", _overlay(result))
    lines += _entry("Repaired", _counts(built.repairs))
    locked = f"{operations - len(names.new)} locked, {len(names.new)} new"
    if names.skipped:
        locked += f", {len(names.skipped)} of pages not among these skipped"
    lines += _entry("Names", locked)
    for entry in names.new[:SHOWN_NAMES]:
        lines += _entry("", f"new: {entry.namespace}.{entry.name}")
    if len(names.new) > SHOWN_NAMES:
        lines += _entry("", f"and {len(names.new) - SHOWN_NAMES} more")
    for before, now in names.renamed:
        was = f"answers with {now.answer or 'no model'}, and not with {before.answer}"
        lines += _entry("", f"{now.namespace}.{now.name} {was}")
    if built.retired:
        lines += _entry("Kept", f"{counted(len(built.retired), 'part')} no longer documented, marked as deprecated")
    for entry in names.gone:
        lines += _entry("", f"no longer documented: {entry.namespace}.{entry.name}")
    changes = result.changes
    files = f"{len(changes.written)} written, {len(changes.removed)} removed, {changes.unchanged} unchanged"
    lines += _entry("Files", f"{files}" + (f", in {target}" if target else ""))
    return "\n".join(lines)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 page`, `2 pages`, `2 quotes`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _pages(result: Result) -> list[str]:
    lines: list[str] = []
    for page in result.start.pages:
        skipped = ", ".join(counted(number, what) for what, number in sorted(page.skipped.items()))
        note = f"; skipped {skipped}" if skipped else ""
        lines += _entry("Page", f"{printable(page.name)}: {counted(len(page.fragments), 'block')}{note}")
    if result.start.kept:
        lines += _entry("Pages", f"{result.start.kept} as they were in openapi/fragments")
    for name in result.start.gone:
        lines += _entry("Page", f"{printable(name)}: gone; what it documented is deprecated, and goes later")
    return lines


def _overlay(result: Result) -> str:
    applied = result.built.applied
    text = f"{len(applied.applied)} applied, {len(applied.skipped)} skipped (other pages)"
    if applied.without_effect:
        text += f", {len(applied.without_effect)} without effect: {', '.join(applied.without_effect)}"
    return text


def _counts(repairs: Mapping[str, int]) -> str:
    listed = sorted(f"{REPAIRS[name]} ({number})" for name, number in repairs.items())
    return ", ".join(listed) or "nothing"


def _entry(label: str, text: str) -> list[str]:
    indent = " " * LABEL_WIDTH
    lines = textwrap.wrap(text, WIDTH - LABEL_WIDTH, break_on_hyphens=False) or [""]
    return [f"{label:<{LABEL_WIDTH}}{lines[0]}", *(indent + line for line in lines[1:])]
