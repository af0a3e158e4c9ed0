"""Write YAML that reads well: one entry on a line, in the order given."""

from __future__ import annotations

from typing import Any

import yaml

from .errors import InputError

NONE = ""
_WIDTH = 10_000
_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class Flow:
    """A mapping or a list that is written on one line."""

    def __init__(self, value: dict[str, Any] | list[Any]) -> None:
        self.value = value


class Tagged:
    """A text with a tag of its own, such as `!secret env:NAME`."""

    def __init__(self, tag: str, text: str) -> None:
        self.tag = tag
        self.text = text


class _Dumper(_Base):  # type: ignore[misc]
    """Writes plain data, `Flow` and `Tagged`."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _text(dumper: Any, value: str) -> Any:
    # A text that another reader could take for a number or a flag is quoted by itself; one of several lines, too.
    style = '"' if not value.isprintable() or value != value.strip() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _flow(dumper: Any, flow: Flow) -> Any:
    if isinstance(flow.value, list):
        return dumper.represent_sequence("tag:yaml.org,2002:seq", flow.value, flow_style=True)
    return dumper.represent_mapping("tag:yaml.org,2002:map", flow.value, flow_style=True)


def _tagged(dumper: Any, tagged: Tagged) -> Any:
    return dumper.represent_scalar(tagged.tag, tagged.text, style=None)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Flow, _flow)
_Dumper.add_representer(Tagged, _tagged)


def dump(content: Any) -> str:
    """Return plain data as YAML.

    Raises:
        InputError: a text holds what no YAML can.
    """
    try:
        text = yaml.dump(
            content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
        )
        text.encode()
    except (UnicodeError, yaml.YAMLError):
        raise InputError("a text on the server is no valid Unicode, which YAML cannot hold") from None
    return str(text)
