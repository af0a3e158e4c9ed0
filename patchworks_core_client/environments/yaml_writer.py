"""Write YAML that reads well: one entry on a line, in the order given."""

from __future__ import annotations

from typing import Any

import yaml

from .errors import InputError
from .yaml_scalars import plain_kind

NONE = ""
_WIDTH = 10_000


class Flow:
    """A mapping or a list that is written on one line."""

    def __init__(self, value: dict[str, Any] | list[Any]) -> None:
        self.value = value


class Tagged:
    """A text with a tag of its own, such as `!secret env:NAME`."""

    def __init__(self, tag: str, text: str) -> None:
        self.tag = tag
        self.text = text


def _text(dumper: Any, value: str) -> Any:
    # What another reader could take for a number or a flag is quoted: by itself what YAML 1.1 does, here what 1.2 does.
    style = None
    if needs_escapes(value):
        style = '"'
    elif plain_kind(value) != "text":
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _flow(dumper: Any, flow: Flow) -> Any:
    if isinstance(flow.value, list):
        return dumper.represent_sequence("tag:yaml.org,2002:seq", flow.value, flow_style=True)
    return dumper.represent_mapping("tag:yaml.org,2002:map", flow.value, flow_style=True)


def _tagged(dumper: Any, tagged: Tagged) -> Any:
    return dumper.represent_scalar(tagged.tag, tagged.text, style=None)


def needs_escapes(text: str) -> bool:
    """Return whether a text is only seen as it is with escapes."""
    return not text.isprintable() or text != text.strip()


def _always(dumper: Any, data: Any) -> bool:
    del dumper, data
    return True


def _dumper(base: Any) -> Any:
    """Return a class that writes plain data, `Flow` and `Tagged`."""
    dumper: Any = type("Dumper", (base,), {"ignore_aliases": _always})
    for kind, represent in ((str, _text), (Flow, _flow), (Tagged, _tagged)):
        dumper.add_representer(kind, represent)
    return dumper


_PYTHON = _dumper(yaml.SafeDumper)
_FAST = _dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper))
# What the fast one makes of an emoji, and of all else beyond 16 bits.
_ESCAPED = "\\U000"


def dump(content: Any) -> str:
    """Return plain data as YAML.

    Raises:
        InputError: a text holds what no YAML can.
    """
    try:
        text = _dumped(content, _FAST)
        if _ESCAPED in text:
            text = _dumped(content, _PYTHON)
        text.encode()
    except (UnicodeError, yaml.YAMLError):
        raise InputError("a text on the server is no valid Unicode, which YAML cannot hold") from None
    return "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    # What cannot be seen, or turns the direction of what is seen, stands in double quotes alone.
    return "".join(character if character.isprintable() else f"\\U{ord(character):08X}" for character in line)


def _dumped(content: Any, dumper: Any) -> str:
    return str(
        yaml.dump(content, Dumper=dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False)
    )
