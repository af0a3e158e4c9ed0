"""Every model and enumeration of the API, each imported when it is first asked for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .generated.models import *  # noqa: F403 - the names are those of the generated package
else:
    from ._lazy import lazy_exports
    from .generated import models as _generated

    __getattr__, __dir__, __all__ = lazy_exports(__name__, {".generated.models": _generated.__all__})
