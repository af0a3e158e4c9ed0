"""Update a user's file after a promotion, and keep its comments and layout."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import attrs

from .configuration import Configuration, Wanted
from .entries import Contents, Entry, Key, Section
from .entry_differences import same
from .errors import EnvironmentsError, SelectionError
from .escaping import quoted
from .exporting import list_element, removal_element, variable_value
from .required_changes import required_changes
from .suggestions import suggestion
from .yaml_scalars import plain_kind
from .yaml_writer import needs_escapes

# The first mapping, and the first list, of the file: by how much they are indented.
_MAPPING = re.compile(r"^\w+:[^\n]*\n( +)[^\s#-]", re.MULTILINE)
_DASH = re.compile(r"^( *)[^\s-][^\n]*:[ \t]*(?:#[^\n]*)?\n\1( *)- ", re.MULTILINE)


def updated_text(path: str | Path, wanted: Iterable[Wanted]) -> str:
    """Return the text of a file in which environments are what is wanted.

    Only entries that differ are touched; the rest of the text stays, as far as YAML can be written as it was read.

    Args:
        path: the file.
        wanted: what environments of it are to hold.

    Raises:
        ConfigurationError: the file cannot be used as it is.
        SelectionError: it has no such environment.
    """
    configuration = Configuration.load(path)
    data = Path(path).read_bytes()
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    yaml = _round_trip(text)
    document: Any = yaml.load(text)
    known = {environment.name: environment for environment in configuration.environments}
    by_id = {environment.id: environment for environment in configuration.environments if environment.id}
    names = {identifier: alias for alias, identifier in configuration.aliases.items()}
    wanted = list(wanted)
    for want in wanted:
        now = known.get(want.name) or by_id.get(want.id or "")
        if now is None:
            raise SelectionError(f"{path} has no environment {quoted(want.name)}{suggestion(want.name, known)}")
        base = {entry.place: entry for entries in configuration.base.values() for entry in entries}
        environments = document["environments"]
        if not isinstance(environments[now.name], dict):
            environments[now.name] = {}
        _update(environments[now.name], now, want, base, names)
    out = io.StringIO()
    yaml.dump(document, out)
    _check(out.getvalue(), configuration, wanted)
    begin = "\ufeff" if data.startswith(codecs.BOM_UTF8) else ""
    return begin + (out.getvalue().replace("\n", "\r\n") if b"\r\n" in data else out.getvalue())


def _round_trip(text: str) -> Any:
    """Return what reads and writes YAML with its comments; a scalar is a text, so that each stays as it is spelled."""
    from ruamel.yaml import YAML
    from ruamel.yaml.nodes import ScalarNode
    from ruamel.yaml.resolver import VersionedResolver

    base: Any = VersionedResolver

    def resolve(self: Any, kind: Any, value: Any, implicit: Any) -> Any:
        spelled = kind is ScalarNode and implicit[0] and value != ""
        return self.DEFAULT_SCALAR_TAG if spelled else base.resolve(self, kind, value, implicit)

    yaml: Any = YAML()
    yaml.Resolver = type("Resolver", (base,), {"resolve": resolve})
    yaml.preserve_quotes = True
    yaml.width = 10_000
    mapping, dash = _MAPPING.search(text), _DASH.search(text)
    offset = len(dash[2]) if dash else 0
    yaml.indent(mapping=len(mapping[1]) if mapping else 2, sequence=offset + 2, offset=offset)
    return yaml


def _update(overlay: Any, now: Wanted, want: Wanted, base: Contents, names: Mapping[str, str]) -> None:
    for change in required_changes(want, now.contents):
        section = cast("Section", change.place[0])
        entry = change.want
        if entry and entry.secret and (have := now.contents.get(change.place)) and have.secret:
            entry = attrs.evolve(entry, source=have.source)
        _set(overlay, section, change.place, entry, base, names)


def _set(
    overlay: Any, section: Section, place: Key, entry: Entry | None, base: Contents, names: Mapping[str, str]
) -> None:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    given = base.get(place)
    inherits = same(entry, given) and (entry is None or entry.source is None)
    current = overlay.get(section)
    if current is None or not isinstance(current, CommentedMap | CommentedSeq):
        # Nothing, or `!none`: what the base gives then comes back, and is taken out entry by entry.
        cleared = current is not None
        current = overlay[section] = CommentedMap() if section == "variables" else CommentedSeq()
        if cleared:
            for other in base:
                if other[0] == section and other != place:
                    _put(current, other, None, base, names)
    if inherits:
        _drop(current, place, names)
    else:
        _put(current, place, entry, base, names)


def _put(current: Any, place: Key, entry: Entry | None, base: Contents, names: Mapping[str, str]) -> None:
    if place[0] == "variables":
        current[_scalar(place[1])] = _flow(variable_value(entry, base.get(place)), {}) if entry else None
        return
    value = _flow(list_element(entry) if entry else removal_element(place), names)
    index = _index(current, place, names)
    if index is None:
        current.append(value)
    else:
        current[index] = value


def _drop(current: Any, place: Key, names: Mapping[str, str]) -> None:
    if place[0] == "variables":
        current.pop(place[1], None)
    elif (index := _index(current, place, names)) is not None:
        del current[index]


def _index(current: Any, place: Key, names: Mapping[str, str]) -> int | None:
    keys = ("model_type", "original") if place[0] == "manifests" else ("flow",)
    ids = {alias: identifier for identifier, alias in names.items()}
    for index, item in enumerate(current):
        texts: list[str] = []
        for key in keys:
            value = item[key]
            text = str(getattr(value, "value", value))
            texts.append(ids.get(text, text) if hasattr(value, "tag") and str(value.tag.value) == "!alias" else text)
        if tuple(texts) == place[1:]:
            return index
    return None


def _flow(fields: Mapping[str, Any], names: Mapping[str, str]) -> Any:
    from ruamel.yaml.comments import CommentedMap, TaggedScalar
    from ruamel.yaml.tag import Tag

    flow: Any = CommentedMap()
    for key, value in fields.items():
        text, tag = str(value), ""
        if key in {"original", "replacement", "flow"} and text in names:
            text, tag = names[text], "!alias"
        elif hasattr(value, "tag"):
            text, tag = value.text, value.tag
        flow[key] = TaggedScalar(text, style=None, tag=Tag(suffix=tag)) if tag else _scalar(value)
    flow.fa.set_flow_style()
    return flow


def _scalar(value: Any) -> Any:
    """Return a value as the text that is written for it."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, PlainScalarString, SingleQuotedScalarString

    if not isinstance(value, str):
        return value if value is None else PlainScalarString(str(value).lower())
    if needs_escapes(value):
        return DoubleQuotedScalarString(value)
    # Between braces the parser that reads the file has a use for a question mark or a colon where YAML 1.2 has none.
    indicates = value == "<<" or value.startswith(("?", ":")) or ":?" in value
    return SingleQuotedScalarString(value) if indicates or plain_kind(value) != "text" else value


def _check(text: str, before: Configuration, wanted: Iterable[Wanted]) -> None:
    """Make sure that the new text says what is wanted, and of other environments what it said before."""
    meant = {environment.name: environment for environment in before.environments}
    names = {environment.id: environment.name for environment in before.environments}
    for want in wanted:
        meant[want.name if want.name in meant else names[want.id]] = want
    after = {environment.name: environment for environment in Configuration.parse(text, before.name).environments}
    for name, want in meant.items():
        if name not in after or required_changes(want, after[name].contents):
            raise EnvironmentsError(
                f"{quoted(name)} cannot be brought up to date by itself, since the file says several things in one "
                "place; edit it by hand"
            )
