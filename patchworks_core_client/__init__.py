"""An asyncio-first Python SDK for the Patchworks Core API.

    from patchworks_core_client import AsyncPatchworks

    async with AsyncPatchworks(api_key="...") as pw:
        async for environment in pw.virtual_environments.list():
            print(environment.name)

Importing this package imports nothing else: each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from . import models as models
    from ._client import AsyncPatchworks, Patchworks
    from ._errors import (
        APIConnectionError,
        APIStatusError,
        APITimeoutError,
        AuthenticationError,
        BadRequestError,
        ClientStateError,
        ConflictError,
        DecodeError,
        NotFoundError,
        PaginationError,
        PatchworksError,
        PayloadTooLargeError,
        PermissionDeniedError,
        RateLimitError,
        ResponseTooLargeError,
        ServerError,
        UnprocessableEntityError,
    )
    from ._mismatch import Mismatch
    from ._model import Model
    from ._page import Page
    from ._pagination import AsyncPaginator, Paginator
    from ._response import Response
    from ._token_store import FileTokenStore, MemoryTokenStore, Token, TokenStore
    from ._types import NOT_GIVEN, NotGiven

_MODULES = {
    "APIConnectionError": "_errors",
    "APIStatusError": "_errors",
    "APITimeoutError": "_errors",
    "AsyncPaginator": "_pagination",
    "AsyncPatchworks": "_client_async",
    "AuthenticationError": "_errors",
    "BadRequestError": "_errors",
    "ClientStateError": "_errors",
    "ConflictError": "_errors",
    "DecodeError": "_errors",
    "FileTokenStore": "_token_store",
    "MemoryTokenStore": "_token_store",
    "Mismatch": "_mismatch",
    "Model": "_model",
    "NOT_GIVEN": "_types",
    "NotFoundError": "_errors",
    "NotGiven": "_types",
    "Page": "_page",
    "PaginationError": "_errors",
    "Paginator": "_pagination",
    "Patchworks": "_client_sync",
    "PatchworksError": "_errors",
    "PayloadTooLargeError": "_errors",
    "PermissionDeniedError": "_errors",
    "RateLimitError": "_errors",
    "Response": "_response",
    "ResponseTooLargeError": "_errors",
    "ServerError": "_errors",
    "Token": "_token_store",
    "TokenStore": "_token_store",
    "UnprocessableEntityError": "_errors",
}

__all__ = [
    "NOT_GIVEN",
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncPaginator",
    "AsyncPatchworks",
    "AuthenticationError",
    "BadRequestError",
    "ClientStateError",
    "ConflictError",
    "DecodeError",
    "FileTokenStore",
    "MemoryTokenStore",
    "Mismatch",
    "Model",
    "NotFoundError",
    "NotGiven",
    "Page",
    "PaginationError",
    "Paginator",
    "Patchworks",
    "PatchworksError",
    "PayloadTooLargeError",
    "PermissionDeniedError",
    "RateLimitError",
    "Response",
    "ResponseTooLargeError",
    "ServerError",
    "Token",
    "TokenStore",
    "UnprocessableEntityError",
    "__version__",
]


if not TYPE_CHECKING:  # or every misspelt name would be one to the type checkers

    def __getattr__(name: str) -> Any:
        if name == "models":
            return import_module(".models", __name__)
        module = _MODULES.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{module}", __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*__all__, "models"})
