"""A model's decoder as one straight run of statements, written for objects that have exactly one set of names.

A page holds a hundred objects of one form. Going through a plan takes 7 µs for one of sixteen fields; the statements
that one would write by hand for that form take 1.5. So they are written here, once a form was seen often enough to pay
for the 0.8 ms that it takes to compile them. With them, bytes to models take 1.6 times what `json.loads` takes, and 4.4
times without (`python -m benchmarks.decode`).

A value that is not as described, and that must be told (`Sink.known`), is given to the plan's field, which does so; an
object with another set of names, to the plan.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from .converters import EachOf, OneOf, ToModel, to_datetime
from .dates import read_datetime
from .field_types import Anything, TooDeep
from .storage import new, set_dict, set_extra, set_kept

if TYPE_CHECKING:
    from .decoder import Decode, Field, Plan
    from .field_types import Node
    from .mismatches import Sink

# Of the forms that fromisoformat reads, only those with dashes are dates (see _dates): they alone have a dash there
# and no week. These two looks take 18 ns, one at a slice takes 50.
_DATE = """\
    if type({v}) is str:
        try:
            m{i} = from_iso({v})
            if {v}[7] != "-" or "W" in {v}:
                m{i} = None
            elif m{i}.tzinfo is None:
                m{i} = combine(m{i}, m{i}.time(), UTC)
        except (ValueError, IndexError):
            m{i} = read_datetime({v})
        if m{i} is not None:
            values[{name}] = m{i}
        else:
            if (n{i}, str) not in known:
                c{i}({v}, sink)
            {v} = None
    elif {v} is not None:
        converted = values[{name}] = {v} if (n{i}, type({v})) in known else c{i}({v}, sink)
        if converted is {v}:
            {v} = None
"""
_CHECK = """\
    if {unfit} and {v} is not None and (n{i}, type({v})) not in known:
        c{i}({v}, sink)
"""
_CONVERT = """\
        if {v} is not None:
            values[{name}] = c{i}({v}, sink)
"""
_CONVERT_AND_KEEP = """\
        if {v} is not None:
            converted = values[{name}] = c{i}({v}, sink)
            if converted is {v}:
                {v} = None
"""
_MODEL = """\
        if {v} is not None:
            values[{name}] = p{i}.decode({v}, sink) if quiet and type({v}) is dict else c{i}({v}, sink)
"""
# An empty list stays as it is.
_MODELS = """\
        if {v} and quiet and type({v}) is list:
            decode = p{i}.decode
            values[{name}] = [decode(x, sink) if type(x) is dict else e{i}(x, sink) for x in {v}]
        elif {v} or ({v} is not None and type({v}) is not list):
            values[{name}] = c{i}({v}, sink)
"""
_PLAIN_LIST = """\
        if type({v}) is list:
            for x in {v}:
                if {unfit} and x is not None:
                    values[{name}] = c{i}({v}, sink)
                    break
        elif {v} is not None:
            values[{name}] = c{i}({v}, sink)
"""

_DEEP = """\
    except RecursionError:
        if not quiet:
            raise
        tell_deep(raw, values, sink)
"""


def straight_line(plan: Plan, layout: tuple[str, ...]) -> Decode | None:
    """A decoder for objects that have the names of a layout and no others.

    Args:
        plan: of the model.
        layout: the names.

    Returns:
        The decoder, or `None` where it would not pay.
    """
    fields = [plan.fields[key] for key in layout if key in plan.fields]
    others = [key for key in layout if key not in plan.fields]
    shown = [key for key in others if plan.is_shown(key)]
    hidden = [key for key in others if not plan.is_shown(key)]
    # With one field there is nothing to win, and itemgetter would not give a tuple.
    if len(fields) < 2 or (others and plan.extra is not None):
        return None
    scope = _scope(plan, fields)
    scope["order"] = [layout.index(key) for key in (*(field.wire for field in fields), *shown)]
    scope["getter"] = itemgetter(*(layout[place] for place in scope["order"]))
    tests, conversions = _statements(fields, scope)
    lines = [
        "def decode(raw, sink):\n",
        f"    if len(raw) != {len(layout)}:\n        return other_form(raw, sink)\n",
        f"    try:\n        {', '.join(f'v{i}' for i in range(len(fields) + len(shown)))} = getter(raw)\n",
        *_values(fields, shown, hidden, scope),
        "    except KeyError:\n        return other_form(raw, sink)\n",
        "    known = sink.known\n",
        *tests,
        *conversions,
        "    made = new(cls)\n    set_dict(made, values)\n",
        *_keep(fields, scope),
        *(["    set_extra(made, (extra, extra))\n"] if hidden else []),
        "    return made\n",
    ]
    # The text holds nothing but the templates above, numbers, and `repr` of names from the package's own code.
    exec(compile("".join(lines), f"<decoder of {plan.cls.__name__}>", "exec"), scope)  # noqa: S102
    decode: Decode = scope["decode"]
    return decode


def _scope(plan: Plan, fields: list[Field]) -> dict[str, Any]:
    scope: dict[str, Any] = {
        "cls": plan.cls,
        "combine": datetime.combine,
        "from_iso": datetime.fromisoformat,
        "new": new,
        "other_form": plan.decode_other,
        "read_datetime": read_datetime,
        "set_dict": set_dict,
        "set_extra": set_extra,
        "set_kept": set_kept,
        "UTC": UTC,
    }
    for i, field in enumerate(fields):
        scope[f"n{i}"] = field.node
        scope[f"c{i}"] = field.convert
    return scope


def _values(fields: list[Field], shown: list[str], hidden: list[str], scope: dict[str, Any]) -> list[str]:
    """The attributes. Names that are not described come from a body: the text has only variables for them."""
    scope |= {f"s{i}": key for i, key in enumerate(shown, len(fields))}
    scope |= {f"h{i}": key for i, key in enumerate(hidden)}
    if any(field.name != field.wire for field in fields):
        pairs = [f"{field.name!r}: v{i}" for i, field in enumerate(fields)]
        pairs += [f"s{i}: v{i}" for i in range(len(fields), len(fields) + len(shown))]
        lines, take = [f"        values = {{{', '.join(pairs)}}}\n"], "raw[h{0}]"
    else:
        # A copy takes 60 ns for twenty fields, a new dict of them 300.
        lines, take = ["        values = raw.copy()\n"], "values.pop(h{0})"
    if hidden:
        lines.append(f"        extra = {{{', '.join(f'h{i}: {take.format(i)}' for i in range(len(hidden)))}}}\n")
    return lines


def _keep(fields: list[Field], scope: dict[str, Any]) -> list[str]:
    """What is converted for good is kept as it came."""
    keeping = [(i, field.name) for i, field in enumerate(fields) if field.node.keeps]
    scope["kept"] = tuple(name for _, name in keeping)
    return [f"    set_kept(made, (kept, {', '.join(f'v{i}' for i, _ in keeping)}))\n"] if keeping else []


def _statements(fields: list[Field], scope: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The tests of plain values, and the conversions of others."""
    tests: list[str] = []
    conversions: list[str] = []
    nested: list[Field] = []
    for i, field in enumerate(fields):
        names = {"i": i, "v": f"v{i}", "name": repr(field.name)}
        test = _test(i, field.node, scope)
        if test is not None:
            tests.append(test.format(**names))
        else:
            conversion = _conversion(i, field.node, scope)
            conversions.append(conversion.format(**names))
            nested.append(field)
    if conversions:
        conversions.insert(0, "    quiet = not sink.paths\n    try:\n")
        conversions.append(_DEEP)
        scope["tell_deep"] = partial(_tell_deep, nested)
    return tests, conversions


def _test(i: int, node: Node, scope: dict[str, Any]) -> str | None:
    """The statement for values that stay as they are, or are dates; `None` if others convert them."""
    steps = list(node.table.items())
    if isinstance(node.table, Anything):
        return ""
    if steps == [(str, to_datetime)]:
        return _DATE
    scope |= {f"t{i}_{j}": kind for j, (kind, _) in enumerate(steps)}
    if all(step is None for _, step in steps):
        unfit = " and ".join(f"type({{v}}) is not t{i}_{j}" for j in range(len(steps))) or "True"
        return _CHECK.replace("{unfit}", unfit)
    if len(steps) == 1 and isinstance(step := steps[0][1], OneOf):
        scope[f"o{i}"] = step.values
        return _CHECK.replace("{unfit}", f"(type({{v}}) is not t{i}_0 or {{v}} not in o{i})")
    return None


def _conversion(i: int, node: Node, scope: dict[str, Any]) -> str:
    """The statement for values that others convert."""
    if node.keeps:
        return _CONVERT_AND_KEEP
    if len(node.table) == 1:
        ((kind, step),) = node.table.items()
        if isinstance(step, ToModel):
            scope[f"p{i}"] = step.plan
            return _MODEL
        if kind is list and isinstance(step, EachOf):
            scope[f"e{i}"] = step.node.convert
            if step.plan is not None:
                scope[f"p{i}"] = step.plan
                return _MODELS
            if step.plain:
                kinds = list(step.plain - {type(None)})
                scope |= {f"t{i}_{j}": kind for j, kind in enumerate(kinds)}
                unfit = " and ".join(f"type(x) is not t{i}_{j}" for j in range(len(kinds))) or "True"
                return _PLAIN_LIST.replace("{unfit}", unfit)
    return _CONVERT


def _tell_deep(nested: list[Field], raw: dict[str, Any], values: dict[str, Any], sink: Sink) -> None:
    """Where nested objects end Python's stack: what is not converted stays as it came, and this is told.

    Where paths are wanted it is left to `Node.convert`, which knows what was found inside.
    """
    for field in nested:
        value = raw[field.wire]
        if value and values[field.name] is value and field.node.opens(value):
            sink.add(field.node, TooDeep)
