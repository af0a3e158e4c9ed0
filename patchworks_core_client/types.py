"""Names for annotating your own helpers: types of arguments, and the namespaces of the clients.

    from patchworks_core_client.types import AsyncVirtualEnvironmentsApi, Id

    async def rename(environments: AsyncVirtualEnvironmentsApi, identifier: Id, name: str) -> None: ...

Each is imported when it is first used.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._types import (
        File as File,
        Filter as Filter,
        FilterValue as FilterValue,
        Id as Id,
        NotGiven as NotGiven,
        OneOrMore as OneOrMore,
        Timeout as Timeout,
    )
    from .generated.api.namespaces import *  # noqa: F403 - the names are those of the generated module
else:
    from ._lazy import lazy_exports
    from .generated.api import namespaces as _generated

    __getattr__, __dir__, __all__ = lazy_exports(
        __name__,
        {
            "._types": ("File", "Filter", "FilterValue", "Id", "NotGiven", "OneOrMore", "Timeout"),
            ".generated.api.namespaces": _generated.__all__,
        },
    )
