"""The paginators; each is loaded when it is first used, since a synchronous program needs no asyncio."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._pagination_async import AsyncFetch, AsyncPaginator
    from ._pagination_sync import Fetch, Paginator

__all__ = ["AsyncFetch", "AsyncPaginator", "Fetch", "Paginator"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "_pagination_async" if name.startswith("Async") else "_pagination_sync"
    return getattr(import_module(f".{module}", __package__), name)
