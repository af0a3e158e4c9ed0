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
    from ._auth.file_store import FileTokenStore
    from ._auth.tokens import MemoryTokenStore, Token, TokenStore
    from ._client.async_client import AsyncPatchworks
    from ._client.results import Response
    from ._client.sync_client import Patchworks
    from ._errors import (
        APIConnectionError,
        APIStatusError,
        APITimeoutError,
        AuthenticationError,
        BadRequestError,
        ClientStateError,
        ConflictError,
        DecodeError,
        Mismatch,
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
    from ._models.model import Model
    from ._pagination.async_paginator import AsyncPaginator
    from ._pagination.page import Page
    from ._pagination.sync_paginator import Paginator
    from ._types import NOT_GIVEN, NotGiven

_MODULES = {
    "APIConnectionError": "_errors",
    "APIStatusError": "_errors",
    "APITimeoutError": "_errors",
    "AsyncPaginator": "_pagination.async_paginator",
    "AsyncPatchworks": "_client.async_client",
    "AuthenticationError": "_errors",
    "BadRequestError": "_errors",
    "ClientStateError": "_errors",
    "ConflictError": "_errors",
    "DecodeError": "_errors",
    "FileTokenStore": "_auth.file_store",
    "MemoryTokenStore": "_auth.tokens",
    "Mismatch": "_errors",
    "Model": "_models.model",
    "NOT_GIVEN": "_types",
    "NotFoundError": "_errors",
    "NotGiven": "_types",
    "Page": "_pagination.page",
    "PaginationError": "_errors",
    "Paginator": "_pagination.sync_paginator",
    "Patchworks": "_client.sync_client",
    "PatchworksError": "_errors",
    "PayloadTooLargeError": "_errors",
    "PermissionDeniedError": "_errors",
    "RateLimitError": "_errors",
    "Response": "_client.results",
    "ResponseTooLargeError": "_errors",
    "ServerError": "_errors",
    "Token": "_auth.tokens",
    "TokenStore": "_auth.tokens",
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
