"""Instance storage: what an instance of a model holds, and the fastest way to put it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Instance:
    """The state of a model: the fields that came, in `__dict__`, and two slots.

    `__dict__` may hold more, such as the value of a `cached_property`: no field is what is not described and did not
    come. No name from a body gets into it that would hide an attribute of the class.
    """

    # __patchworks_came__: the names of fields in __dict__ whose value was converted for good, the names of those that
    #     are not described, and then for each of the first its value as it came, or None if it was not converted after
    #     all. Unset if there are none of either. (One slot is set for each instance, and not two, for their cost.)
    # __patchworks_extra__: what came besides and cannot be in __dict__, by the names in JSON: as it came, and as
    #     described. Unset if there is nothing.
    __slots__ = ("__dict__", "__patchworks_came__", "__patchworks_extra__", "__weakref__")


new: Callable[[type], Any] = object.__new__
# The bound setters of slots: a frozen class refuses assignment, and they are faster than object.__setattr__.
set_dict: Callable[[Any, dict[str, Any]], None] = vars(Instance)["__dict__"].__set__
set_came: Callable[[Any, tuple[Any, ...]], None] = vars(Instance)["__patchworks_came__"].__set__
set_extra: Callable[[Any, tuple[dict[str, Any], dict[str, Any]]], None] = vars(Instance)["__patchworks_extra__"].__set__

_NONE: tuple[Any, ...] = ((), ())
_NOTHING: tuple[dict[str, Any], dict[str, Any]] = ({}, {})


def as_they_came(instance: Instance) -> dict[str, Any]:
    """Return a copy of `__dict__`, with the values that were converted for good as they came."""
    values = instance.__dict__.copy()
    converted, _, *originals = getattr(instance, "__patchworks_came__", _NONE)
    for name, value in zip(converted, originals, strict=True):
        if value is not None:
            values[name] = value
    return values


def extras(instance: Instance) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what came besides the described fields: as it came, and as described. Not to be changed."""
    extra: tuple[dict[str, Any], dict[str, Any]] = getattr(instance, "__patchworks_extra__", _NOTHING)
    names: tuple[str, ...] = getattr(instance, "__patchworks_came__", _NONE)[1]
    if not names:
        return extra
    values = instance.__dict__
    others = {name: values[name] for name in names}
    return others | extra[0], others | extra[1]
