"""Every model and enumeration of the API, each imported when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .generated import models as _generated

if TYPE_CHECKING:
    from .generated.models import *  # noqa: F403 - the names are those of the generated `__all__`

# In this form type checkers follow it into the generated list.
__all__: list[str] = []
__all__ += _generated.__all__


if not TYPE_CHECKING:  # or every misspelt name would be one to the type checkers

    def __getattr__(name: str) -> Any:
        try:
            return getattr(_generated, name)
        except AttributeError:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None


def __dir__() -> list[str]:
    return sorted(__all__)
