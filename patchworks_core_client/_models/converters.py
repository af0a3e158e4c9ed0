"""The steps that convert a value which is of a fitting type: text to dates, lists, objects, models, unions."""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
import re
from typing import TYPE_CHECKING, Any

from .dates import read_date, read_datetime
from .field_types import MISMATCH
from .mismatches import SILENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .decoder import Plan
    from .field_types import Node, Step
    from .mismatches import Sink

# From so many objects on it pays to make ready for them.
MANY = 16
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")


def to_datetime(value: str, sink: Sink) -> Any:
    """Text as a moment."""
    moment = read_datetime(value)
    return MISMATCH if moment is None else moment


def to_date(value: str, sink: Sink) -> Any:
    """Text as a day."""
    day = read_date(value)
    return MISMATCH if day is None else day


def to_uuid(value: str, sink: Sink) -> Any:
    """Text as a UUID, in its usual form only."""
    if not _UUID.fullmatch(value):
        return MISMATCH
    from uuid import UUID  # few models have one

    return UUID(value)


def to_bytes(value: str, sink: Sink) -> Any:
    """Base64 text as bytes: JSON holds bytes in no other way."""
    from base64 import b64decode  # few models have such a field

    try:
        return b64decode(value, validate=True)
    except ValueError:
        return MISMATCH


class OneOf:
    """The step of a `Literal`, for those of its values that have one type."""

    def __init__(self, values: frozenset[Any]) -> None:
        self.values = values

    def __call__(self, value: Any, sink: Sink, /) -> Any:
        """The value itself, if it is described."""
        return value if value in self.values else MISMATCH


class EachOf:
    """The step of a list, or of an object whose names are not described: each value in it is converted."""

    def __init__(self, node: Node) -> None:
        self.node = node
        steps = node.table.values()
        # Where nothing in it is ever converted, a look at the types is enough.
        self.plain = frozenset({*node.table, type(None)}) if not any(steps) else frozenset[type]()
        # Lists of models are what pages are made of.
        self.plan = next((step.plan for step in steps if isinstance(step, ToModel)), None)

    def __call__(self, value: Any, sink: Sink, /) -> Any:
        """A list or dict of the converted values."""
        is_dict = isinstance(value, dict)
        if self.plain and self.plain.issuperset(map(type, value.values() if is_dict else value)):
            return value
        convert = self.node.convert
        if not sink.paths:
            if is_dict:
                return {key: convert(inner, sink) for key, inner in value.items()}
            if self.plan is not None:
                if len(value) >= MANY and type(value[0]) is dict:
                    self.plan.adopt(value[0])
                decode = self.plan.decode
                return [decode(inner, sink) if type(inner) is dict else convert(inner, sink) for inner in value]
            return [convert(inner, sink) for inner in value]
        converted: dict[Any, Any] = {}
        for key, inner in value.items() if is_dict else enumerate(value):
            start = len(sink.found)
            converted[key] = convert(inner, sink)
            if len(sink.found) > start:
                sink.prefix(start, path_of(key))
        return converted if is_dict else list(converted.values())

    def misfits(self, value: Any) -> tuple[int, int]:
        """How well a value fits, without converting it; see `misfits`."""
        scores = [misfits(self.node, inner) for inner in (value.values() if isinstance(value, dict) else value)]
        return sum(bad for bad, _ in scores), sum(known for _, known in scores)


class ToModel:
    """The step of a model."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def __call__(self, value: Any, sink: Sink, /) -> Any:
        """The model of an object."""
        return self.plan.decode(value if type(value) is dict else dict(value), sink)

    def misfits(self, value: dict[str, Any]) -> tuple[int, int]:
        """How well a value fits, without converting it; see `misfits`."""
        bad = known = 0
        fields = self.plan.fields
        for key, inner in value.items():
            if (field := fields.get(key)) is not None:
                known += 1
                if inner is None:
                    continue
                step = field.node.table.get(type(inner), MISMATCH)
                # One level deep is enough, and keeps the cost of nested unions in proportion to the body.
                if step is MISMATCH or (isinstance(inner, str | int) and step and step(inner, SILENT) is MISMATCH):
                    bad += 1
        return bad, known


class Choice:
    """The step of a union in which several members take values of one type.

    Args:
        steps: those of the members, in their order; `None` takes a value as it is.
    """

    def __init__(self, steps: Sequence[Step | None]) -> None:
        # Text that reads as a date or a UUID is one, even where plain text is described first. Any word may be
        # base64, so that text stays text where that is described too.
        self.steps = [step for step in steps if step is not None and not (step is to_bytes and None in steps)]
        self.plain = None in steps

    def __call__(self, value: Any, sink: Sink, /) -> Any:
        """The value as the member that fits it best."""
        if not isinstance(value, dict | list):
            for step in self.steps:
                if (converted := step(value, sink)) is not MISMATCH:
                    return converted
            return value if self.plain else MISMATCH
        best: Any = None
        best_rank = (0, 0) if self.plain else None
        for step in self.steps:
            bad, known = step.misfits(value)  # type: ignore[attr-defined]
            rank = (bad, -known)
            if best_rank is None or rank < best_rank:
                best, best_rank = step, rank
        return value if best is None else best(value, sink)


def misfits(node: Node, value: Any) -> tuple[int, int]:
    """How many parts of a value do not fit a place, and how many described fields it has, looked at one level deep."""
    step = node.table.get(type(value), MISMATCH)
    if value is None or step is None:
        return 0, 0
    if step is MISMATCH:
        return 1, 0
    rate = getattr(step, "misfits", None)
    return rate(value) if rate else (0, 0)


def path_of(key: object) -> str:
    """A place in a list or an object, for a path; what does not look like a name stays out of messages."""
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if isinstance(key, str) and _NAME.fullmatch(key) else "[*]"
