"""Serve a sandbox on a real socket, in this thread or in one of its own."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette

from ..._lazy import resolvable
from ..testing.sandbox import Sandbox
from .allowed_hosts import is_every_interface
from .error_responses import CutShortError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


LOOPBACK = "127.0.0.1"
BACKLOG = 2_048
STOP_TIMEOUT_S = 2


@resolvable
class RunningSandbox:
    """A sandbox that is served.

    Attributes:
        url: where, like `http://127.0.0.1:43567`.
    """

    def __init__(self, url: str, host: str, sandbox: Sandbox) -> None:
        self.url = url
        self._host = host
        # The thread of the server and that of the program may be the first to want a new one.
        self._lock = threading.Lock()
        self._sandbox: Sandbox | None = None
        self._make: Callable[[], Sandbox] = lambda: sandbox

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox behind it; another one may be put in its place."""
        with self._lock:
            if self._sandbox is None:
                self._sandbox = self._here(self._make())
            return self._sandbox

    @sandbox.setter
    def sandbox(self, sandbox: Sandbox) -> None:
        with self._lock:
            self._sandbox = self._here(sandbox)

    def renew(self, make: Callable[[], Sandbox]) -> None:
        """Close the sandbox, and make another one in its place once somebody asks for it.

        Args:
            make: gives the new one.
        """
        with self._lock:
            if self._sandbox is not None:
                self._sandbox.close()
            self._sandbox, self._make = None, make

    def _here(self, sandbox: Sandbox) -> Sandbox:
        sandbox.app.state.hosts.add(self._host)
        return sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request through the ASGI interface."""
        await self.sandbox.app(scope, receive, send)

    def __repr__(self) -> str:
        return f"<RunningSandbox at {self.url}>"


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 is a free one.

    Raises:
        OSError: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only for sockets that name their protocol; with it each response on a kept
    # connection waits until the other side acknowledges the headers, which it delays.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port of a server that just ended may be taken again at once.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    except (ValueError, TypeError):
        # Of a name that cannot be encoded, each in its own way.
        listener.close()
        raise OSError(f"{host!r} is no name of a host") from None
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    if is_every_interface(host):
        # Nobody can connect to that address itself.
        host = "::1" if ":" in host else LOOPBACK
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_for(app: ASGIApp) -> uvicorn.Server:
    """Return a server that writes no log of its own and installs nothing that it does not need."""
    logging.getLogger("uvicorn.error").addFilter(_is_not_injected_cut)
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            log_level="error",
            access_log=False,
            # The address of a client is that of its connection, whatever a header says.
            proxy_headers=False,
            ws="none",
            http="h11",
            loop="asyncio",
            timeout_graceful_shutdown=STOP_TIMEOUT_S,
        )
    )


@contextmanager
def serve(app: Starlette, *, host: str = LOOPBACK, port: int = 0) -> Generator[RunningSandbox]:
    """Serve a sandbox app in a thread for as long as the block lasts.

    Args:
        app: what `create_app` gave.
        host: the address to listen at.
        port: the port; 0 takes a free one.

    Raises:
        OSError: the address cannot be had.

    Example:
        ```python
        with serve(create_app(seed=1)) as served:
            with Patchworks(api_key="sandbox-api-key", base_url=served.url) as pw:
                print(pw.virtual_environments.list().first_page().total)
        ```
    """
    with listen(host, port) as listener:
        running = RunningSandbox(url_of(listener), host, app.state.sandbox)
        server = server_for(running)
        thread = threading.Thread(target=server.run, args=([listener],), name="patchworks-sandbox", daemon=True)
        thread.start()
        try:
            # The socket listens already, so a request that comes before the server is up waits for it.
            yield running
        finally:
            server.should_exit = True
            thread.join()


def _is_not_injected_cut(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], CutShortError))
