"""An asyncio-first Python SDK for the Patchworks Core API.

    from patchworks_core_client import AsyncPatchworks

    async with AsyncPatchworks(api_key="...") as pw:
        async for environment in pw.virtual_environments.list():
            print(environment.name)

Importing this package imports nothing else: each name is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._version import __version__ as __version__

if TYPE_CHECKING:
    from . import models as models, types as types
    from ._auth.file_token_store import FileTokenStore as FileTokenStore
    from ._auth.tokens import (
        MemoryTokenStore as MemoryTokenStore,
        Token as Token,
        TokenStore as TokenStore,
    )
    from ._client.async_client import AsyncPatchworks as AsyncPatchworks
    from ._client.sync_client import Patchworks as Patchworks
    from ._errors import (
        APIConnectionError as APIConnectionError,
        APIStatusError as APIStatusError,
        APITimeoutError as APITimeoutError,
        AuthenticationError as AuthenticationError,
        BadRequestError as BadRequestError,
        ClientStateError as ClientStateError,
        ConflictError as ConflictError,
        DecodeError as DecodeError,
        Mismatch as Mismatch,
        NotFoundError as NotFoundError,
        PaginationError as PaginationError,
        PatchworksError as PatchworksError,
        PayloadTooLargeError as PayloadTooLargeError,
        PermissionDeniedError as PermissionDeniedError,
        RateLimitError as RateLimitError,
        ResponseTooLargeError as ResponseTooLargeError,
        ServerError as ServerError,
        UnprocessableEntityError as UnprocessableEntityError,
    )
    from ._http.response import Response as Response
    from ._limits.limit_state import LimitState as LimitState
    from ._limits.redis_fleet import RedisFleet as RedisFleet
    from ._models.model import Model as Model
    from ._pagination.async_paginator import AsyncPaginator as AsyncPaginator
    from ._pagination.page import Page as Page
    from ._pagination.sync_paginator import Paginator as Paginator
    from ._types import (
        NOT_GIVEN as NOT_GIVEN,
        NotGiven as NotGiven,
    )
else:
    from ._lazy import lazy_exports

    __getattr__, __dir__, __all__ = lazy_exports(
        __name__,
        {
            ".": ("models", "types"),
            "._auth.file_token_store": ("FileTokenStore",),
            "._auth.tokens": ("MemoryTokenStore", "Token", "TokenStore"),
            "._client.async_client": ("AsyncPatchworks",),
            "._client.sync_client": ("Patchworks",),
            "._errors": (
                "APIConnectionError",
                "APIStatusError",
                "APITimeoutError",
                "AuthenticationError",
                "BadRequestError",
                "ClientStateError",
                "ConflictError",
                "DecodeError",
                "Mismatch",
                "NotFoundError",
                "PaginationError",
                "PatchworksError",
                "PayloadTooLargeError",
                "PermissionDeniedError",
                "RateLimitError",
                "ResponseTooLargeError",
                "ServerError",
                "UnprocessableEntityError",
            ),
            "._http.response": ("Response",),
            "._limits.redis_fleet": ("RedisFleet",),
            "._limits.limit_state": ("LimitState",),
            "._models.model": ("Model",),
            "._pagination.async_paginator": ("AsyncPaginator",),
            "._pagination.page": ("Page",),
            "._pagination.sync_paginator": ("Paginator",),
            "._types": ("NOT_GIVEN", "NotGiven"),
            "._version": ("__version__",),
        },
    )
