"""The connections of the asynchronous client below HTTP: what is waited for, what fails, and when reading pauses."""

from __future__ import annotations

import asyncio
import gc
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpcore
import pytest

from patchworks_core_client._http.async_network import AsyncioBackend

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]


@asynccontextmanager
async def connected(**options: object) -> AsyncIterator[tuple[httpcore.AsyncNetworkStream, asyncio.StreamWriter]]:
    """A connection, and the server's end of it."""
    accepted: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.set_result(writer)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        stream = await AsyncioBackend().connect_tcp("127.0.0.1", port, timeout=10, **options)  # type: ignore[arg-type]
        writer = await accepted
        yield stream, writer
        await stream.aclose()
        writer.close()


async def lost(stream: httpcore.AsyncNetworkStream) -> None:
    while not stream.get_extra_info("is_readable"):  # noqa: ASYNC110 - no event says so
        await asyncio.sleep(0)


async def test_a_connection_is_made_as_it_was_ordered() -> None:
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    async with connected(local_address="127.0.0.1", socket_options=options) as (stream, writer):
        assert stream.get_extra_info("socket").getsockopt(*options[0][:2]) == 1
        assert stream.get_extra_info("client_addr") == writer.get_extra_info("peername")
        assert stream.get_extra_info("ssl_object") is None


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["127.0.0.2", "127.0.0.1"]])
async def test_a_name_is_connected_to_by_the_first_of_its_addresses_that_answers(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def getaddrinfo(_: str, port: int, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        stream = await AsyncioBackend().connect_tcp("api.example", port, timeout=10)
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", port)
        await stream.aclose()


async def test_connecting_that_is_cancelled_at_any_moment_leaves_no_socket() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        for turns in range(8):
            connecting = asyncio.create_task(AsyncioBackend().connect_tcp("127.0.0.1", port, timeout=10))
            for _ in range(turns):
                await asyncio.sleep(0)
            connecting.cancel()
            await asyncio.wait([connecting])
            if not connecting.cancelled():
                await connecting.result().aclose()
        await asyncio.sleep(0)
        # What was lost would be a warning now, and so an error.
        gc.collect()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names are looked up to."""
    known: dict[str, list[str]] = {}

    async def getaddrinfo(_: object, host: str, port: int, **__: object) -> object:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host]]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return known


async def test_no_address_answers(names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    # All are tried at once, and end one after the other.
    monkeypatch.setattr("patchworks_core_client._http.async_network._NEXT_ADDRESS_S", 0)
    names["api.example.com"] = ["127.0.0.97", "127.0.0.98", "127.0.0.99"]
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
        with pytest.raises(httpcore.ConnectError, match=str(port)):
            await AsyncioBackend().connect_tcp("api.example.com", port)


async def test_a_host_without_an_address(names: dict[str, list[str]]) -> None:
    names["api.example.com"] = []
    with pytest.raises(httpcore.ConnectError, match="no address"):
        await AsyncioBackend().connect_tcp("api.example.com", 80)


@pytest.mark.untraced
@pytest.mark.parametrize("ends", ["one is first", "cancelled"])
async def test_of_several_attempts_one_connection_stays(
    names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    monkeypatch.setattr("patchworks_core_client._http.async_network._NEXT_ADDRESS_S", 0)
    names["api.example.com"] = [f"127.0.0.{number}" for number in range(1, 9)]
    for turns in range(12):
        with socket.create_server(("0.0.0.0", 0), backlog=100) as listening:
            port = listening.getsockname()[1]
            task = asyncio.create_task(AsyncioBackend().connect_tcp("api.example.com", port))
            if ends == "cancelled":
                for _ in range(turns):
                    await asyncio.sleep(0)
                task.cancel()
            for stream in await asyncio.gather(task, return_exceptions=True):
                if not isinstance(stream, BaseException):
                    await stream.aclose()
    # A socket that was forgotten would be a warning, and so an error.
    gc.collect()


async def test_a_server_waits_while_nobody_reads() -> None:
    sent = bytes(16 * 1024 * 1024)
    async with connected() as (stream, writer):
        writer.write(sent)
        draining = asyncio.create_task(writer.drain())
        # Both ends stand still once their buffers are full, however long the loop runs.
        for _ in range(1000):
            await asyncio.sleep(0)
        assert not draining.done()
        size = 0
        while size < len(sent):
            size += len(await stream.read(100_000))
        await draining
        assert size == len(sent)


async def test_a_write_waits_while_the_server_takes_nothing() -> None:
    sent = bytes(16 * 1024 * 1024)
    takes, taken = asyncio.Event(), asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await takes.wait()
        taken.set_result(await reader.readexactly(len(sent)))
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        stream = await AsyncioBackend().connect_tcp("127.0.0.1", server.sockets[0].getsockname()[1], timeout=10)
        writing = asyncio.create_task(stream.write(sent))
        for _ in range(1000):
            await asyncio.sleep(0)
        assert not writing.done()
        takes.set()
        await writing
        assert await taken == sent
        await stream.aclose()


async def test_what_a_broken_connection_says() -> None:
    async with connected() as (stream, writer):
        # Closing with a linger of 0 s resets the connection.
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        await lost(stream)
        with pytest.raises(httpcore.ReadError, match="reset"):
            await stream.read(100)
        with pytest.raises(httpcore.WriteError, match="reset"):
            await stream.write(b"GET")


async def test_a_closed_connection_takes_nothing() -> None:
    async with connected() as (stream, _):
        await stream.aclose()
        assert await stream.read(100) == b""
        with pytest.raises(httpcore.WriteError, match="closed"):
            await stream.write(b"GET")


async def test_what_stood_before_the_end_is_read_first() -> None:
    async with connected() as (stream, writer):
        writer.write(b"last words")
        writer.write_eof()
        await lost(stream)
        assert [await stream.read(4), await stream.read(100), await stream.read(100)] == [b"last", b" words", b""]


async def test_steps_have_their_time() -> None:
    async with connected() as (stream, _):
        with pytest.raises(httpcore.ReadTimeout):
            await stream.read(100, timeout=0.001)
        with pytest.raises(httpcore.WriteTimeout):
            await stream.write(bytes(64 * 1024 * 1024), timeout=0.001)
    async with connected() as (stream, _):
        with pytest.raises(httpcore.ConnectTimeout):
            await stream.start_tls(ssl.create_default_context(), "localhost", timeout=0.001)


async def test_a_handshake_is_cancelled() -> None:
    async with connected() as (stream, _):
        task = asyncio.create_task(stream.start_tls(ssl.create_default_context(), "localhost"))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await stream.aclose()
