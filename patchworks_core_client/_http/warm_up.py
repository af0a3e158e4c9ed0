"""Imports what the transports import when they are first used, so that it is not the first call that waits for it."""

from __future__ import annotations


def prepare_httpx() -> None:
    """Import httpx and what it imports only when a transport is made."""
    import httpcore
    import httpx

    _ = httpcore, httpx


def prepare_anyio() -> None:
    """Let anyio, with which httpx connects, load the part of it that is for asyncio, as it does when it is used."""
    import asyncio

    import anyio

    asyncio.run(anyio.lowlevel.checkpoint())


def prepare_aiohttp() -> None:
    """Import the transport on aiohttp, and httpx, as which the headers of a response are shown."""
    import httpx

    from . import aiohttp_connection

    _ = aiohttp_connection, httpx
