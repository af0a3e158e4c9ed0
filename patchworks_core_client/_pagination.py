"""The paginators, and what the clients build them from."""

from ._pagination_async import AsyncFetch, AsyncPaginator
from ._pagination_sync import Fetch, Paginator

__all__ = ["AsyncFetch", "AsyncPaginator", "Fetch", "Paginator"]
