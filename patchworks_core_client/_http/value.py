"""Objects that hold a few values by their names.

They are declared as dataclasses are, and type checkers read them so. Making a dataclass, or a named tuple, costs every
program at its start ten times what this does.
"""

from __future__ import annotations

from typing import Any, dataclass_transform


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Value:
    """The base of such objects, which nobody changes."""

    def __init__(self, **values: Any) -> None:
        vars(self).update(values)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"
