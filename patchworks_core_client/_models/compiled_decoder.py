"""Compiled decoders: the statements that one would write by hand for the objects of a model with one key set.

A page holds a hundred objects with the same keys. Once they were seen often enough to pay for it, a function is
written and compiled for exactly these keys (`python -m benchmarks.decode` compares).

A value that is not as described, and that must be reported (`Mismatches.known`), is given to its field, which does so;
an object with another key set, to the model's decoder.
"""

from __future__ import annotations

from datetime import UTC, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from .compiled_statements import statements
from .dates import read_datetime
from .storage import new, set_came, set_dict, set_extra

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .field_types import Converter, Field, ModelConverter


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
    tests, conversions = statements(described, scope)
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
