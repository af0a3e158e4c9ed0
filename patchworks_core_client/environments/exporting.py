"""Export environments from the server as a file: what most of them share becomes the base."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from patchworks_core_client import AsyncPatchworks

from .entries import FIELDS, SECTIONS, Contents, Entry, Key, Section, order
from .entry_differences import same
from .server_state import EnvironmentState, ReadProgress, read_states
from .yaml_writer import NONE, Flow, Tagged, dump

_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}", re.ASCII)
HEADER = "# Virtual environments of Patchworks. `patchworks schema` writes the JSON Schema of this file.\n"


async def export(pw: AsyncPatchworks, names: Sequence[str] = (), *, progress: ReadProgress | None = None) -> str:
    """Return the text of a file that describes what is there.

    The draft is described, or the deployed version where there is no draft. The same state gives the same text.

    Args:
        pw: the client.
        names: which environments; all without any.
        progress: called after each environment that was read.

    Raises:
        SelectionError: there is none of a name, or there are two.
        PatchworksError: the server could not be asked.
    """
    return file_text(await read_states(pw, names, progress=progress))


def file_text(states: Sequence[EnvironmentState]) -> str:
    """Return the text of a file that describes those states."""
    states = sorted(states, key=lambda state: (state.environment.name, state.environment.id))
    base = shared_entries([state.contents for state in states])
    content: dict[str, Any] = {"schema": 1}
    if len(states) > 1:
        content["base"] = {section: section_value(section, base) for section in SECTIONS}
    content["environments"] = {
        state.environment.name: {**_attributes(state), **_sections(state, base if len(states) > 1 else None)}
        for state in states
    }
    return HEADER + dump(content)


def shared_entries(contents: Sequence[Contents]) -> Contents:
    """Return the base: each entry that more than half of the environments have in the same form."""
    base: dict[Key, Entry] = {}
    for place in sorted({place for content in contents for place in content}, key=order):
        entries = [content[place] for content in contents if place in content]
        form, count = Counter(_form(entry) for entry in entries).most_common(1)[0]
        if 2 * count > len(contents):
            base[place] = next(entry for entry in entries if _form(entry) == form)
    return base


def section_value(section: Section, contents: Contents) -> Any:
    """Return a section in the form of the file."""
    entries = [contents[place] for place in sorted(contents, key=order) if place[0] == section]
    if section == "variables":
        return {entry.key[0]: Flow(variable_value(entry)) for entry in entries}
    return [Flow(list_element(entry)) for entry in entries]


def variable_value(entry: Entry, base: Entry | None = None) -> dict[str, Any]:
    """Return a variable in the form of the file; what an overlay inherits from its base is left out."""
    fields: dict[str, Any] = dict(entry.fields)
    if base and base.fields.get("type") == fields.get("type"):
        fields.pop("type", None)
    if entry.secret != (base.secret if base else False):
        fields["secret"] = entry.secret
    if entry.source is not None:
        fields["value"] = Tagged("!secret", entry.source)
    names = ("type", "secret", *FIELDS["variables"])
    return {name: fields[name] for name in dict.fromkeys(names) if name in fields}


def list_element(entry: Entry) -> dict[str, Any]:
    """Return a manifest or a flow priority in the form of the file."""
    if entry.section == "manifests":
        model_type, original = entry.key
        replacement = number_or_text(entry.fields.get("replacement", ""))
        return {"model_type": model_type, "original": number_or_text(original), "replacement": replacement}
    fields: dict[str, Any] = {
        "flow": number_or_text(entry.key[0]),
        "priority": number_or_text(entry.fields.get("priority", "0")),
    }
    if "notes" in entry.fields:
        fields["notes"] = entry.fields["notes"]
    return fields


def removal_element(place: Key) -> dict[str, Any]:
    """Return the element of an overlay that takes an entry of the base out."""
    if place[0] == "manifests":
        return {"model_type": place[1], "original": number_or_text(place[2]), "replacement": None}
    return {"flow": number_or_text(place[1]), "priority": None}


def number_or_text(text: str) -> Any:
    """Return an id as a number where that is how it is written."""
    return int(text) if _NUMBER.fullmatch(text) else text


def _attributes(state: EnvironmentState) -> dict[str, Any]:
    environment = state.environment
    found: dict[str, Any] = {}
    if environment.type:
        found["type"] = environment.type
    if environment.description:
        found["description"] = environment.description
    if environment.labels is not None:
        found["labels"] = Flow([number_or_text(label) for label in environment.labels])
    return found


def _sections(state: EnvironmentState, base: Contents | None) -> dict[str, Any]:
    contents = state.contents
    if base is None:
        return {section: section_value(section, contents) for section in SECTIONS}
    sections: dict[str, Any] = {}
    for section in SECTIONS:
        held = [place for place in contents if place[0] == section]
        given = [place for place in base if place[0] == section]
        if given and not held:
            sections[section] = Tagged("!none", NONE)
            continue
        own = [place for place in {*held, *given} if not same(contents.get(place), base.get(place))]
        if own:
            sections[section] = _overlay(section, sorted(own, key=order), contents, base)
    return sections


def _overlay(section: Section, places: Iterable[Key], contents: Contents, base: Contents) -> Any:
    if section == "variables":
        return {
            place[1]: Flow(variable_value(contents[place], base.get(place))) if place in contents else None
            for place in places
        }
    return [Flow(list_element(contents[place]) if place in contents else removal_element(place)) for place in places]


def _form(entry: Entry) -> tuple[Any, ...]:
    return (entry.secret, tuple(sorted((name, value.strip()) for name, value in entry.fields.items())))
