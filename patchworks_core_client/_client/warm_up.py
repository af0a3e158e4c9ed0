"""Imports what the first call needs: much of it takes longer than a call, and would hold an event loop up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._http.warm_up import prepare_aiohttp, prepare_anyio, prepare_httpx

if TYPE_CHECKING:
    from .client_arguments import Settings


def prepare_sync(settings: Settings) -> None:
    """Import what the first call of a synchronous client needs."""
    _prepare_decoding()
    from .._session import sync_session

    _ = sync_session
    if settings.connection.http_client is None:
        prepare_httpx()


def prepare_async(settings: Settings) -> None:
    """Import what the first call of an asynchronous client needs; to be called in a thread."""
    _prepare_decoding()
    from .._http import failures
    from .._pagination import async_paginator
    from .._session import async_session, call_errors, retry

    _ = async_paginator, async_session, call_errors, failures, retry
    if settings.connection.transport == "aiohttp":
        prepare_aiohttp()
    else:
        prepare_httpx()
        prepare_anyio()


def _prepare_decoding() -> None:
    from .._models import annotations, declaration, model

    _ = annotations, declaration, model
