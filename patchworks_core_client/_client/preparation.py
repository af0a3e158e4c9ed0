"""Imports what the first call needs: much of it takes longer than a call, and would hold an event loop up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .arguments import Settings


def prepare_sync(settings: Settings) -> None:
    """Import what the first call of a synchronous client needs."""
    _prepare_decoding()
    from .._session import sync_session

    _ = sync_session
    if settings.connection.http_client is None:
        _prepare_httpx()


def prepare_async(settings: Settings) -> None:
    """Import what the first call of an asynchronous client needs; to be called in a thread."""
    _prepare_decoding()
    from .._pagination import async_paginator
    from .._session import async_session

    _ = async_paginator, async_session
    if settings.connection.transport == "aiohttp":
        # The headers of a response are shown as httpx has them.
        import httpx

        from .._http import aiohttp_connection

        _ = aiohttp_connection, httpx
    else:
        _prepare_httpx()
        _prepare_anyio()


def _prepare_decoding() -> None:
    from .._models import declaration, decode, model

    _ = declaration, decode, model


def _prepare_httpx() -> None:
    # A transport imports httpcore only when it is made.
    import httpcore
    import httpx

    _ = httpcore, httpx


def _prepare_anyio() -> None:
    """Let anyio, with which httpx connects, load the part of it that is for asyncio, as it does when it is used."""
    import asyncio

    import anyio

    asyncio.run(anyio.lowlevel.checkpoint())
