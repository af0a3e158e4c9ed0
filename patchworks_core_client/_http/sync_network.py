"""The network as httpcore sees it, bounded by the deadline of a call: every connect, read and write waits no longer.

httpcore takes one time-out for each step and applies it to every read of that step, so that a server which sends a byte
now and then, or `100 Continue` again and again, holds a call for as long as it likes.
"""

from __future__ import annotations

import socket
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import httpcore

from .. import _clock
from .urls import is_address, is_loopback

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    from .._clock import Deadline

# So much is written at once: what is left of the time is looked at in between.
_WRITE_BYTES = 64 * 1024


class DeadlineBackend(httpcore.NetworkBackend):
    """Opens the one connection of a transport.

    Attributes:
        deadline: of the call that the connection is used for.
        stream: the connection, once there is one.
    """

    def __init__(self) -> None:
        self.deadline: Deadline | None = None
        self._interrupted = False
        self._backend = httpcore.SyncBackend()
        self.stream: httpcore.NetworkStream | None = None
        # Set when a host is looked up, or nobody waits for that any more.
        self._looked_up = Event()

    def left(self, timeout: float | None, error: type[Exception]) -> float | None:
        """Return the seconds that a step may take.

        Raises:
            Exception: `error`, if there are none, or nobody waits for the response.
        """
        if self._interrupted:
            raise error("nobody wants the response any more")
        left = timeout if self.deadline is None else self.deadline.within(timeout)
        if left is not None and left <= 0:
            raise error("the deadline of the call is over")
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that can be reached; all of them have the time-out together."""
        end = _clock.Deadline(self.left(timeout, httpcore.ConnectTimeout))
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._look_up(host, port, end.remaining()):
            remaining = end.remaining()
            if remaining == 0:
                raise httpcore.ConnectTimeout("timed out")
            try:
                stream = self._backend.connect_tcp(address, port, remaining, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                self.stream = stream
                return DeadlineStream(stream, self)
        raise failed

    def _look_up(self, host: str, port: int, seconds: float | None) -> list[str]:
        def look_up() -> None:
            try:
                found.append(
                    [str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
                )
            except Exception as error:
                found.append(error)
            looked_up.set()

        # A thread that comes too late finds that nobody reads its own any more.
        found: list[list[str] | Exception] = []
        looked_up = self._looked_up = Event()
        if seconds is None or is_loopback(host) or is_address(host):
            look_up()
        else:
            # The operating system takes no time-out for it, and waits for half a minute and more.
            Thread(target=look_up, name="looks up a host", daemon=True).start()
        if not looked_up.wait(seconds):
            raise httpcore.ConnectTimeout("looking up the host took too long")
        if not found:
            raise httpcore.ConnectError("nobody wants the response any more")
        addresses = found.pop()
        if isinstance(addresses, Exception):
            # A `UnicodeError` is that of a name that cannot be one.
            raise httpcore.ConnectError(str(addresses)) from addresses
        return addresses

    def interrupt(self) -> None:
        """End what a thread waits for on the connection, as closing it alone does not do, and what it would do next."""
        self._interrupted = True
        self._looked_up.set()
        if self.stream is not None:
            plain = self.stream.get_extra_info("socket")
            try:
                plain.shutdown(socket.SHUT_RDWR)
            except OSError:
                # It is closed already.
                return


class DeadlineStream(httpcore.NetworkStream):
    """A connection whose every read and write ends with the deadline of the call."""

    def __init__(self, stream: httpcore.NetworkStream, backend: DeadlineBackend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if len(buffer) <= _WRITE_BYTES:
            self._stream.write(buffer, self._backend.left(timeout, httpcore.WriteTimeout))
            return
        for start in range(0, len(buffer), _WRITE_BYTES):
            left = self._backend.left(timeout, httpcore.WriteTimeout)
            self._stream.write(buffer[start : start + _WRITE_BYTES], left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._backend.left(timeout, httpcore.ConnectTimeout)
        # It takes the place of the plain one.
        stream = self._backend.stream = self._stream.start_tls(ssl_context, server_hostname, left)
        return DeadlineStream(stream, self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
