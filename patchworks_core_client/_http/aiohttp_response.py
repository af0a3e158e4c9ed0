"""The body of a response of aiohttp, and its end: needs the extra of that name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable


class Chunks:
    """The body of a response as it comes."""

    __slots__ = ("_content",)

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._content = response.content

    def __aiter__(self) -> Chunks:
        return self

    async def __anext__(self) -> bytes:
        if self._content.at_eof() and self._content.exception() is None:
            raise StopAsyncIteration
        return await self._content.readany()


async def close(response: aiohttp.ClientResponse) -> None:
    """Let go of a response that is not read any further."""
    # One that was read to its end has given its connection back already.
    if not response.closed:
        response.close()


def tell_reader_of_end(response: aiohttp.ClientResponse) -> None:
    """Let reading end with the connection.

    Where a chunk is broken, aiohttp closes the connection and tells nobody. Where a body ends with the connection, it
    takes one that was reset in the middle for a whole one.
    """
    connection = response.connection
    closed = None if connection is None or connection.protocol is None else connection.protocol.closed
    if closed is None:
        # The whole of it is here.
        return
    lost = partial(_lost, response.content)
    # asyncio logs an exception that nobody has looked at.
    closed.remove_done_callback(_failed)
    closed.add_done_callback(_failed)
    closed.add_done_callback(lost)
    response.content.on_eof(partial(_ended, response.content, closed, lost))


def _lost(content: aiohttp.StreamReader, _: asyncio.Future[None]) -> None:
    if not content.is_eof() and content.exception() is None:
        content.set_exception(aiohttp.ClientPayloadError())


def _ended(content: aiohttp.StreamReader, closed: asyncio.Future[None], lost: Callable[..., None]) -> None:
    closed.remove_done_callback(lost)
    # What ended before the connection did is whole.
    if closed.done() and _failed(closed):
        content.set_exception(aiohttp.ClientPayloadError())


def _failed(closed: asyncio.Future[None]) -> bool:
    return not closed.cancelled() and closed.exception() is not None
