"""Compiled decoders: the statements that one would write by hand for the objects of a model with one key set.

A page holds a hundred objects with the same keys. Once they were seen often enough to pay for it, a function is
written and compiled for exactly these keys (`python -m benchmarks.decode` compares).

A value that is not as described, and that must be reported (`Mismatches.known`), is given to its field, which does so;
an object with another key set, to the model's decoder.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from .converters import EachOf, OneOf, ToModel, to_datetime
from .dates import read_datetime
from .field_types import AnyType, TooDeep
from .storage import new, set_came, set_dict, set_extra

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .field_types import Converter, Field, FieldType, ModelConverter
    from .mismatches import Mismatches


# Of the forms that fromisoformat reads, only those with dashes are dates (see dates.py): they alone have a dash there
# and no week. Two looks are faster than one at a slice.
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
                c{i}({v}, mismatches)
            {v} = None
    elif {v} is not None:
        converted = values[{name}] = {v} if (n{i}, type({v})) in known else c{i}({v}, mismatches)
        if converted is {v}:
            {v} = None
"""
_CHECK = """\
    if {unfit} and {v} is not None and (n{i}, type({v})) not in known:
        c{i}({v}, mismatches)
"""
_CONVERT = """\
        if {v} is not None:
            values[{name}] = c{i}({v}, mismatches)
"""
_CONVERT_AND_KEEP = """\
        if {v} is not None:
            converted = values[{name}] = c{i}({v}, mismatches)
            if converted is {v}:
                {v} = None
"""
_MODEL = """\
        if {v} is not None:
            values[{name}] = p{i}.decode({v}, mismatches) if quiet and type({v}) is dict else c{i}({v}, mismatches)
"""
# An empty list stays as it is.
_MODELS = """\
        if {v} and quiet and type({v}) is list:
            decode = p{i}.decode
            values[{name}] = [decode(x, mismatches) if type(x) is dict else e{i}(x, mismatches) for x in {v}]
        elif {v} or ({v} is not None and type({v}) is not list):
            values[{name}] = c{i}({v}, mismatches)
"""
_PLAIN_LIST = """\
        if type({v}) is list:
            for x in {v}:
                if {unfit} and x is not None:
                    values[{name}] = c{i}({v}, mismatches)
                    break
        elif {v} is not None:
            values[{name}] = c{i}({v}, mismatches)
"""

_DEEP = """\
    except RecursionError:
        if not quiet:
            raise
        report_depth(raw, values, mismatches)
"""


def compile_decoder(model: ModelConverter, keys: tuple[str, ...]) -> Converter | None:
    """Compile the decoder for one key set, in the order of the body; `None` where it would not pay.

    It gives an object with other keys to the fallback.
    """
    described = [model.fields[key] for key in keys if key in model.fields]
    others = [key for key in keys if key not in model.fields and model.is_shown(key)]
    hidden = [key for key in keys if key not in model.fields and not model.is_shown(key)]
    # With one field there is nothing to win, and itemgetter would not give a tuple.
    if len(described) < 2:
        return None
    # The strings of a body: orjson keeps its keys, and the very same are found sooner than equal ones.
    names = [*(key for key in keys if key in model.fields), *others]
    scope = _scope(model, described)
    scope["getter"] = itemgetter(*names)
    tests, conversions = _statements(described, scope)
    lines = [
        "def decode(raw, mismatches):\n",
        f"    if len(raw) != {len(keys)}:\n        return fallback(raw, mismatches)\n",
        f"    try:\n        {', '.join(f'v{i}' for i in range(len(names)))} = getter(raw)\n",
        *_values(described, others, hidden, scope),
        "    except KeyError:\n        return fallback(raw, mismatches)\n",
        "    known = mismatches.known\n",
        *tests,
        *conversions,
        "    made = new(cls)\n    set_dict(made, values)\n",
        *_came(described, others, scope),
        *(["    set_extra(made, (extra, extra))\n"] if hidden else []),
        "    return made\n",
    ]
    # The text holds nothing but the templates above, numbers, and `repr` of names from the package's own code.
    exec(compile("".join(lines), f"<decoder of {model.cls.__name__}>", "exec"), scope)  # noqa: S102
    decode: Converter = scope["decode"]
    return decode


def _scope(model: ModelConverter, fields: Iterable[Field]) -> dict[str, Any]:
    scope: dict[str, Any] = {
        "cls": model.cls,
        "combine": datetime.combine,
        "fallback": model.decode_other,
        "from_iso": datetime.fromisoformat,
        "new": new,
        "read_datetime": read_datetime,
        "set_came": set_came,
        "set_dict": set_dict,
        "set_extra": set_extra,
        "UTC": UTC,
    }
    for i, field in enumerate(fields):
        scope[f"n{i}"] = field.field_type
        scope[f"c{i}"] = field.convert
    return scope


def _values(fields: list[Field], others: list[str], hidden: list[str], scope: dict[str, Any]) -> list[str]:
    """The attributes. Keys that are not described come from a body: the text has only variables for them."""
    scope |= {f"s{i}": key for i, key in enumerate(others, len(fields))}
    scope |= {f"h{i}": key for i, key in enumerate(hidden)}
    if any(field.name != field.wire for field in fields):
        pairs = [f"{field.name!r}: v{i}" for i, field in enumerate(fields)]
        pairs += [f"s{i}: v{i}" for i in range(len(fields), len(fields) + len(others))]
        lines, take = [f"        values = {{{', '.join(pairs)}}}\n"], "raw[h{0}]"
    else:
        # A copy is faster than a new dict of the same fields.
        lines, take = ["        values = raw.copy()\n"], "values.pop(h{0})"
    if hidden:
        lines.append(f"        extra = {{{', '.join(f'h{i}: {take.format(i)}' for i in range(len(hidden)))}}}\n")
    return lines


def _came(fields: list[Field], others: list[str], scope: dict[str, Any]) -> list[str]:
    """What is converted for good is kept as it came, and names that are not described are remembered."""
    keeping = [(i, field.name) for i, field in enumerate(fields) if field.field_type.keeps]
    scope |= {"kept": tuple(name for _, name in keeping), "others": tuple(others)}
    values = ", ".join(["kept", "others", *(f"v{i}" for i, _ in keeping)])
    return [f"    set_came(made, ({values}))\n"] if keeping or others else []


def _statements(fields: list[Field], scope: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the tests of plain values, and the conversions of others.

    Args:
        fields: those of the key set, of which `v0`, `v1` ... are the values.
        scope: gets the names that the statements use.
    """
    tests: list[str] = []
    conversions: list[str] = []
    nested: list[Field] = []
    for i, field in enumerate(fields):
        names = {"i": i, "v": f"v{i}", "name": repr(field.name)}
        test = _test(i, field.field_type, scope)
        if test is not None:
            tests.append(test.format(**names))
        else:
            conversion = _conversion(i, field.field_type, scope)
            conversions.append(conversion.format(**names))
            nested.append(field)
    if conversions:
        conversions.insert(0, "    quiet = not mismatches.paths\n    try:\n")
        conversions.append(_DEEP)
        scope["report_depth"] = partial(_report_depth, nested)
    return tests, conversions


def _test(i: int, field_type: FieldType, scope: dict[str, Any]) -> str | None:
    """The statement for values that stay as they are, or are dates; `None` if others convert them."""
    converters = list(field_type.table.items())
    if isinstance(field_type.table, AnyType):
        return ""
    if converters == [(str, to_datetime)]:
        return _DATE
    scope |= {f"t{i}_{j}": kind for j, (kind, _) in enumerate(converters)}
    if all(convert is None for _, convert in converters):
        unfit = " and ".join(f"type({{v}}) is not t{i}_{j}" for j in range(len(converters))) or "True"
        return _CHECK.replace("{unfit}", unfit)
    if len(converters) == 1 and isinstance(convert := converters[0][1], OneOf):
        scope[f"o{i}"] = convert.values
        return _CHECK.replace("{unfit}", f"(type({{v}}) is not t{i}_0 or {{v}} not in o{i})")
    return None


def _conversion(i: int, field_type: FieldType, scope: dict[str, Any]) -> str:
    """The statement for values that others convert."""
    if field_type.keeps:
        return _CONVERT_AND_KEEP
    if len(field_type.table) == 1:
        ((kind, convert),) = field_type.table.items()
        if isinstance(convert, ToModel):
            scope[f"p{i}"] = convert.decoder
            return _MODEL
        if kind is list and isinstance(convert, EachOf):
            scope[f"e{i}"] = convert.field_type.convert
            if convert.decoder is not None:
                scope[f"p{i}"] = convert.decoder
                return _MODELS
            if convert.plain:
                kinds = list(convert.plain - {type(None)})
                scope |= {f"t{i}_{j}": kind for j, kind in enumerate(kinds)}
                unfit = " and ".join(f"type(x) is not t{i}_{j}" for j in range(len(kinds))) or "True"
                return _PLAIN_LIST.replace("{unfit}", unfit)
    return _CONVERT


def _report_depth(nested: list[Field], raw: dict[str, Any], values: dict[str, Any], mismatches: Mismatches) -> None:
    """Where nested objects end Python's stack: what is not converted stays as it came, and this is reported.

    Where paths are wanted it is left to `FieldType.convert`, which knows what was found inside.
    """
    for field in nested:
        value = raw[field.wire]
        if value and values[field.name] is value and field.field_type.opens(value):
            mismatches.add(field.field_type, TooDeep)
