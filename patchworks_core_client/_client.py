"""The two clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ._base import ClientBase
from ._operation import JSON
from ._session import AsyncSession
from ._session_sync import SyncSession
from ._types import NOT_GIVEN
from .generated.api import Api, AsyncApi

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from ._config import Config
    from ._operation import Operation
    from ._page import Page
    from ._pagination import AsyncPaginator, Paginator
    from ._response import Response
    from ._types import Id, NotGiven, Timeout

T = TypeVar("T")


class AsyncPatchworks(ClientBase[AsyncSession], AsyncApi):
    """The asynchronous client of the Patchworks Core API."""

    def _open_session(self, config: Config) -> AsyncSession:
        return AsyncSession(config)

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: object = NOT_GIVEN,
        timeout: Timeout | NotGiven = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Call an endpoint that has no method yet."""
        prepared = self._prepare_url(method, url, params, json, headers)
        raw = await self._session.call(prepared, self._options, self._limits(timeout))
        return self._finish(prepared, raw, JSON, None).parsed

    async def _call(
        self,
        operation: Operation[T],
        ids: Sequence[Id] = (),
        *,
        query: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
        body: object = NOT_GIVEN,
        timeout: Timeout | NotGiven = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        strict: bool | None = None,
    ) -> Response[T]:
        prepared = self._prepare(operation, ids, query, params, self._content(fields, body), headers)
        raw = await self._session.call(prepared, self._options, self._limits(timeout))
        return self._finish(prepared, raw, operation.shape, strict)

    def _paginate(
        self,
        operation: Operation[Page[T]],
        ids: Sequence[Id] = (),
        *,
        query: Mapping[str, object] | None = None,
        concurrency: int = 8,
        max_pages: int | None = None,
        timeout: Timeout | NotGiven = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        strict: bool | None = None,
    ) -> AsyncPaginator[T]:
        raise NotImplementedError

    async def aclose(self) -> None:
        """Close the client and its connections; a copy made by `with_options` closes only itself."""
        self._closed = True
        if not self._is_copy:
            await self._session.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


class Patchworks(ClientBase[SyncSession], Api):
    """The synchronous client of the Patchworks Core API; offers what `AsyncPatchworks` does."""

    def _open_session(self, config: Config) -> SyncSession:
        return SyncSession(config)

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: object = NOT_GIVEN,
        timeout: Timeout | NotGiven = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Call an endpoint that has no method yet."""
        prepared = self._prepare_url(method, url, params, json, headers)
        raw = self._session.call(prepared, self._options, self._limits(timeout))
        return self._finish(prepared, raw, JSON, None).parsed

    def _call(
        self,
        operation: Operation[T],
        ids: Sequence[Id] = (),
        *,
        query: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
        body: object = NOT_GIVEN,
        timeout: Timeout | NotGiven = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        strict: bool | None = None,
    ) -> Response[T]:
        prepared = self._prepare(operation, ids, query, params, self._content(fields, body), headers)
        raw = self._session.call(prepared, self._options, self._limits(timeout))
        return self._finish(prepared, raw, operation.shape, strict)

    def _paginate(
        self,
        operation: Operation[Page[T]],
        ids: Sequence[Id] = (),
        *,
        query: Mapping[str, object] | None = None,
        concurrency: int = 8,
        max_pages: int | None = None,
        timeout: Timeout | NotGiven = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        strict: bool | None = None,
    ) -> Paginator[T]:
        raise NotImplementedError

    def close(self) -> None:
        """Close the client and its connections; a copy made by `with_options` closes only itself."""
        self._closed = True
        if not self._is_copy:
            self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
