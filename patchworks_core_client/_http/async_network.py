"""The network as httpcore sees it, on asyncio itself.

httpcore would reach asyncio by way of anyio, which opens a cancel scope round every read and write and gives the event
loop a turn at each. No other single thing in a call costs as much, and this client runs on asyncio alone.
"""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any, cast

import httpcore

from .connections import is_readable
from .urls import is_address

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

# After so long without an answer from one address, the next one is tried beside it (RFC 8305).
_NEXT_ADDRESS_S = 0.25
# Reading pauses while so much waits to be taken.
_MAX_WAITING_BYTES = 256 * 1024
# The time-out of the step bounds a handshake; this one only replaces asyncio's own.
_NO_LIMIT_S = 86_400.0
_INFO = {"client_addr": "sockname", "server_addr": "peername"}


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of a host that answers."""
        try:
            async with asyncio.timeout(timeout):
                transport, stream = await _connect(host, port, local_address)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except (OSError, UnicodeError) as error:
            # A `UnicodeError` is that of a name that cannot be one.
            raise httpcore.ConnectError(str(error)) from error
        for option in socket_options or ():
            transport.get_extra_info("socket").setsockopt(*option)
        return stream


async def _connect(host: str, port: int, local_address: str | None) -> tuple[asyncio.Transport, AsyncioStream]:
    # What asyncio has for this (`happy_eyeballs_delay`) leaves a socket behind when it is cancelled at its last step.
    loop = asyncio.get_running_loop()
    addresses = [host]
    if not is_address(host):
        addresses = [str(to[0]) for *_, to in await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    local = None if local_address is None else (local_address, 0)
    attempts: list[asyncio.Task[tuple[asyncio.Transport, AsyncioStream]]] = []
    first = None
    failed: BaseException = OSError(f"{host} has no address")
    try:
        waiting = set(attempts)
        while addresses or waiting:
            if addresses:
                made = loop.create_connection(AsyncioStream, addresses.pop(0), port, local_addr=local)
                attempts.append(loop.create_task(made))
                waiting.add(attempts[-1])
            done, waiting = await asyncio.wait(
                waiting, timeout=_NEXT_ADDRESS_S if addresses else None, return_when=asyncio.FIRST_COMPLETED
            )
            for attempt in done:
                error = attempt.exception()
                if error is None:
                    first = attempt
                    return attempt.result()
                failed = error
        raise failed
    finally:
        for attempt in attempts:
            if attempt is not first:
                attempt.cancel()
                attempt.add_done_callback(_abandon)


def _abandon(attempt: asyncio.Task[tuple[asyncio.Transport, AsyncioStream]]) -> None:
    """Close the connection of an attempt that came second."""
    if not attempt.cancelled() and attempt.exception() is None:
        attempt.result()[0].abort()


class AsyncioStream(httpcore.AsyncNetworkStream, asyncio.Protocol):
    """A connection, with TLS or without."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._received = b""
        self._ended = False
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._use(transport)

    def _use(self, transport: asyncio.BaseTransport | None) -> None:
        # No subclass of asyncio's in other loops.
        self._transport = cast("asyncio.Transport", transport)
        # A write ends when the operating system has all of it. With a limit of 0, asyncio's TLS holds nothing for too
        # much, and a write would wait for ever.
        self._transport.set_write_buffer_limits(high=1, low=0)

    def data_received(self, data: bytes) -> None:
        self._received = self._received + data if self._received else data
        if len(self._received) > _MAX_WAITING_BYTES:
            self._transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> bool:
        """Nothing more comes; whether the connection stays open to be written to, which it cannot with TLS."""
        self._ended = True
        _wake(self._reader)
        return self._transport.get_extra_info("ssl_object") is None

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended, self._error = True, exc
        _wake(self._reader)
        _wake(self._writer)
        _wake(self._lost)

    def pause_writing(self) -> None:
        self._writer = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        _wake(self._writer)
        self._writer = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what there is, nothing at the end."""
        if not self._received and not self._ended:
            self._reader = asyncio.get_running_loop().create_future()
            await _wait(self._reader, timeout, httpcore.ReadTimeout)
        data = self._received
        if not data and self._error is not None:
            raise httpcore.ReadError(str(self._error)) from self._error
        self._received = data[max_bytes:]
        if len(data) > _MAX_WAITING_BYTES >= len(self._received):
            self._transport.resume_reading()
        return data[:max_bytes]

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not self._lost.done():
            self._transport.write(buffer)
            if self._writer is not None:
                await _wait(self._writer, timeout, httpcore.WriteTimeout)
        if self._lost.done():
            raise httpcore.WriteError(str(self._error or "the connection is closed")) from self._error

    async def aclose(self) -> None:
        self._transport.abort()
        await asyncio.wait([self._lost])

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                transport = await asyncio.get_running_loop().start_tls(
                    self._transport,
                    self,
                    ssl_context,
                    server_hostname=server_hostname,
                    ssl_handshake_timeout=_NO_LIMIT_S,
                )
        except BaseException as error:
            self._transport.abort()
            # In the middle of a handshake nobody else says so.
            self.connection_lost(None)
            if isinstance(error, TimeoutError):
                raise httpcore.ConnectTimeout(str(error)) from error
            if isinstance(error, OSError):
                raise httpcore.ConnectError(str(error)) from error
            raise
        self._use(transport)
        return self

    def get_extra_info(self, info: str) -> Any:
        """What httpcore wants to know; a connection that can be read while none is expected is of no more use."""
        if info == "is_readable":
            return bool(self._received) or self._ended or is_readable(self._transport.get_extra_info("socket"))
        return self._transport.get_extra_info(_INFO.get(info, info))


def _wake(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)


async def _wait(future: asyncio.Future[None], timeout: float | None, too_late: type[Exception]) -> None:
    if timeout is None:
        await future
        return
    try:
        async with asyncio.timeout(timeout):
            await future
    except TimeoutError as error:
        raise too_late(str(error)) from error
