"""A documentation server on a real socket, which answers as it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.support import replies
from tests.support.quiet_server import QuietServer

REFERENCE = "/docs/api-reference/"
INDEX = "/docs/llms.txt"
Reply = Callable[["DocsRequest"], None]


class DocsRequest(BaseHTTPRequestHandler):
    """One request; the replies below write to it."""

    protocol_version = "HTTP/1.1"
    # A body is written after its head, and would wait until the client has acknowledged that.
    disable_nagle_algorithm = True
    server: DocsServer

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        self.server.replies.get(self.path, status(404))(self)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def answer(self, code: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """Answer properly."""
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class DocsServer(QuietServer):
    """Replies by path, and the requests that came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), DocsRequest)
        self.replies: dict[str, Reply] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def asked_for(self, name: str) -> list[dict[str, str]]:
        """The headers of each request for a page."""
        return [headers for path, headers in self.requests if path.endswith(f"/{name}")]

    def publish(self, **pages: str) -> None:
        """Publish pages of the reference, and an index that lists them."""
        for name, text in pages.items():
            self.replies[f"{REFERENCE}{name}.md"] = page(text)
        links = "".join(f"- [{name}]({self.url}{REFERENCE}{name}.md): about it\n" for name in pages)
        self.replies[INDEX] = page(f"# Documentation\n\n{links}")


@contextmanager
def serving() -> Iterator[DocsServer]:
    """A server for the length of a block."""
    server = DocsServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page(text: str | bytes, **headers: str) -> Reply:
    """A page as the documentation publishes it; headers with `_` for `-`."""
    body = text.encode() if isinstance(text, str) else text
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: request.answer(200, body, {"Content-Type": "text/markdown; charset=utf-8", **named})


def versioned(text: str, etag: str = "", modified: str = "") -> Reply:
    """A page that answers 304 to whoever has this version."""

    def reply(request: DocsRequest) -> None:
        same_tag = etag and request.headers.get("If-None-Match") == etag
        same_date = modified and request.headers.get("If-Modified-Since") == modified
        if same_tag or same_date:
            return request.answer(304)
        validators = {"ETag": etag, "Last-Modified": modified}
        return request.answer(200, text.encode(), {name: value for name, value in validators.items() if value})

    return reply


def status(code: int, **headers: str) -> Reply:
    """An error without further ado."""
    return lambda request: request.answer(code, b"", {name.replace("_", "-"): value for name, value in headers.items()})


def redirect(location: str) -> Reply:
    """A redirect."""
    return status(302, Location=location)


def in_turn(*replies: Reply) -> Reply:
    """One reply after the other; the last one stays."""
    left = list(replies)

    def reply(request: DocsRequest) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(request)

    return reply


def cut(text: str, **headers: str) -> Reply:
    """Half a page, then the connection is closed."""

    def reply(request: DocsRequest) -> None:
        body = text.encode()
        request.send_response(200)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body[: len(body) // 2])
        request.close_connection = True

    return reply


def endless(chunk: bytes = b"x" * 65536, **headers: str) -> Reply:
    """A body without a length that goes on until the other side hangs up."""

    def reply(request: DocsRequest) -> None:
        request.send_response(200)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.close_connection = True
        while True:
            request.wfile.write(chunk)

    return reply


def stalled(release: threading.Event) -> Reply:
    """Nothing at all, until the event is set."""

    def reply(_: DocsRequest) -> None:
        release.wait(10)

    return reply


def bomb(size: int) -> Reply:
    """Few bytes that unpack to many."""
    return page(replies.bomb(size), Content_Encoding="gzip")


def block(summary: str, path: str, **operation: Any) -> str:
    """One documented endpoint, heading and all, in the published form."""
    document = {
        "openapi": "3.0.0",
        "info": {"title": "Patchworks Core API", "version": "1.0.0"},
        "tags": [{"name": "Things"}],
        "servers": [{"url": "https://core.wearepatchworks.com"}],
        "paths": {
            path: {
                "get": {
                    "summary": summary,
                    "tags": ["Things"],
                    "responses": {"200": {"description": "Successful response"}},
                    **operation,
                }
            }
        },
    }
    return f"## {summary}\n\n> Text.\n\n```json\n{json.dumps(document)}\n```\n\n"


def markdown(*blocks: str) -> str:
    """A page of some blocks."""
    return "# Things\n\n" + "".join(blocks)
