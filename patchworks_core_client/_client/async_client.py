"""The asynchronous client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, TypeVar

from .. import _types  # pyright: ignore[reportPrivateUsage] - it is private to the package
from .._lazy import resolvable
from .._operations.namespaces import AsyncPaginator
from .._operations.operation import JSON, PLAIN_PAGE, Call, Operation
from .._types import NOT_GIVEN, NotGiven
from ..generated.api import AsyncApi
from .base import ClientBase, SharedState

if TYPE_CHECKING:
    from .._http.query import Query
    from .._http.response import Response
    from .._pagination.page import Page
    from .._session.async_session import AsyncSession

    _Base = ClientBase[AsyncSession, _types.httpx.AsyncClient]
else:
    _Base = ClientBase

T = TypeVar("T")


@resolvable
class AsyncPatchworks(_Base, AsyncApi):
    """The asynchronous client of the Patchworks Core API.

    A client belongs to the event loop in which it is first used. It is made for any number of calls at once.

    A call that fails is made again, `max_retries` times (2) at most:

    - whatever its method: if the connection could not be made, on 429, and on 503 with `Retry-After`;
    - for GET, PUT and DELETE, besides: on a time-out, a broken connection, 408, 500, 502, 503 and 504.

    In between it waits for as long as `Retry-After` says (above 60 s the error comes at once), else for a random time
    up to 0.5 s, then 1 s, 2 s and so on up to 8 s. A 429 holds all calls of the client back until its wait is over; one
    that says how long is waited for as long as the call has time, and does not count.
    A wait that would outlast the `timeout` is not begun: the error comes at once. These rules may change in any
    release.

    Example:
        ```python
        async with AsyncPatchworks(api_key="...") as pw:
            async for environment in pw.virtual_environments.list():
                print(environment.name)
        ```
    """

    _is_async: ClassVar[bool] = True

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: object = NOT_GIVEN,
        timeout: _types.Timeout | NotGiven = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Call an endpoint that this package has no method for.

        Args:
            method: the HTTP method.
            url: a path, such as `/api/v1/flows`, or a whole URL on the origin of `base_url`.
            params: the query; `None` is left out, a sequence joined with commas.
            json: the body; left out, none is sent.
            timeout: instead of the client's.
            headers: besides the client's.

        Returns:
            The decoded JSON of the answer; `None` if it is empty.

        Raises:
            ValueError: the URL is on another origin; nothing was sent.
            APIStatusError: the server answered with an error.
            APIConnectionError: it did not answer.
            DecodeError: the answer is not JSON.

        Example:
            ```python
            flows = await pw.request("GET", "/api/v1/flows", params={"per_page": 10})
            ```
        """
        call: Call[Any] = Call(Operation(method, "", JSON), (), timeout, headers, params, url=url, body=json)
        # A tool that prints the variables of a traceback shows none that may be secret.
        del json, headers, params
        return (await self._call(call)).parsed

    def paginate(
        self,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        concurrency: int = 8,
        max_pages: int | None = None,
        timeout: _types.Timeout | NotGiven = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncPaginator[dict[str, Any]]:
        """Read a list that this package has no method for.

        Args:
            url: a path, such as `/api/v1/flows`, or a whole URL on the origin of `base_url`.
            params: the query; `page` is where reading starts.
            concurrency: how many pages are fetched at once ahead of the reader.
            max_pages: a list with more pages is an error.
            timeout: of one page, instead of the client's.
            headers: besides the client's.

        Returns:
            A paginator of plain JSON objects.

        Raises:
            ValueError: the URL is on another origin; nothing was sent.

        Example:
            ```python
            async for flow in pw.paginate("/api/v1/flows"):
                print(flow["name"])
            ```
        """
        operation: Operation[Any] = Operation("GET", url, PLAIN_PAGE)
        return self._paginate(
            Call(operation, (), timeout, headers, params, url=url, concurrency=concurrency, max_pages=max_pages)
        )

    async def _call(self, call: Call[T], /) -> Response[T]:
        session, calls = self._session(), self._calls
        prepared = calls.prepare(call)
        raw = await session.call(prepared, calls.limits(call.timeout))
        return calls.parse(prepared, raw, call)

    def _paginate(self, call: Call[Page[T]], /) -> AsyncPaginator[T]:
        from .._pagination import async_paginator
        from .decode_response import page_of

        calls = self._calls
        limits, (url, own_query, own_path) = calls.limits(call.timeout), calls.list_of(call)

        async def fetch(query: Query, path: str | None) -> Callable[[], Page[Any]]:
            session = self._session()
            prepared = calls.prepare_page(call, query, path or own_path)
            raw = await session.call(prepared, limits)
            return lambda: page_of(calls.parse(prepared, raw, call).parsed)

        return async_paginator.AsyncPaginator(
            fetch,
            url=url,
            query=own_query,
            concurrency=call.concurrency,
            max_pages=call.max_pages,
            depth=self._shared.settings.limiter.read_ahead,
        )

    @staticmethod
    def _new_session(shared: SharedState[AsyncSession]) -> AsyncSession:
        from .._session.async_session import AsyncSession

        settings = shared.settings
        return AsyncSession(settings.connection, settings.credentials, shared.limits, settings.limiter)

    async def aclose(self) -> None:
        """Close the client: connections are closed, calls under way fail, and further ones are a `ClientStateError`.

        A copy made by `with_options` closes only itself.
        """
        session = self._end()
        if session is not None:
            await session.aclose()

    async def prepare(self) -> None:
        """Make ready what the first call needs: imports and the TLS context. Nothing is sent.

        `async with` does it, too. It is done in a thread, so that no call holds the event loop up later.
        """
        self._refuse_closed()
        if self._shared.session is None:
            import asyncio

            from .warm_up import prepare_async

            await asyncio.to_thread(prepare_async, self._shared.settings)
            await asyncio.to_thread(self._session().prepare)

    async def __aenter__(self) -> Self:
        await self.prepare()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    if not TYPE_CHECKING:
        # Python's own message does not say what to write. `with` looks for both before it calls the first.
        def __enter__(self) -> NoReturn:
            raise TypeError("an AsyncPatchworks is used with `async with`; the client for `with` is Patchworks")

        __exit__ = __enter__
