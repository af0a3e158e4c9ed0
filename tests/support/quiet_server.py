"""The base of the HTTP servers of tests."""

from __future__ import annotations

from http.server import ThreadingHTTPServer


class QuietServer(ThreadingHTTPServer):
    """A server that prints nothing about clients that go away: it would be in the output of a later test."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Print nothing."""
