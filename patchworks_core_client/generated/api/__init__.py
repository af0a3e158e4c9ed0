"""A placeholder until the first generated code is here."""

from __future__ import annotations

from ..._resource import AsyncCaller, Caller


class AsyncApi(AsyncCaller):
    """The namespaces of the asynchronous client."""


class Api(Caller):
    """The namespaces of the synchronous client."""
