"""Convert responses to what the pages document, also where the real API differs.

The description knows no null outside of `meta` and `links`, so what would be null is left out; what is declared as text
is text; and a flag is the text that the pages call it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from .resources import USER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_CONVERTERS: Mapping[str, Callable[[Any], Any]] = {
    "flow_id": str,
    "original_model_id": str,
    "replacement_model_id": str,
    "secret": lambda flag: "1" if flag else "0",
    "deployed_by": lambda _: [dict(USER)],
}


def as_documented(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a response in the documented form."""
    if "data" not in payload:
        return payload
    return payload | {"data": _converted(payload["data"])}


def _converted(value: Any) -> Any:
    if isinstance(value, list):
        return [_converted(item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {name: _CONVERTERS.get(name, _converted)(field) for name, field in fields.items() if field is not None}
    return value
