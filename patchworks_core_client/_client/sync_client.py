"""The synchronous client: `async_client` without the `await`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, TypeVar

from .. import _types  # pyright: ignore[reportPrivateUsage] - it is private to the package
from .._lazy import resolvable
from .._operations.namespaces import Paginator
from .._operations.operation import JSON, PLAIN_PAGE, Call, Operation
from .._types import NOT_GIVEN, NotGiven
from ..generated.api import Api
from .base import ClientBase, SharedState

if TYPE_CHECKING:
    from .._http.query import Query
    from .._http.response import Response
    from .._pagination.page import Page
    from .._session.cancellation import Cancellation
    from .._session.sync_session import SyncSession

    _Base = ClientBase[SyncSession, _types.httpx.Client]
else:
    _Base = ClientBase

T = TypeVar("T")


@resolvable
class Patchworks(_Base, Api):
    """The synchronous client of the Patchworks Core API; offers what `AsyncPatchworks` does.

    Threads may share it. It makes calls again by the same rules. The deadline that a `timeout` in seconds sets is
    checked between the steps of an attempt, and between the pieces of a body.

    Example:
        ```python
        with Patchworks(api_key="...") as pw:
            for environment in pw.virtual_environments.list():
                print(environment.name)
        ```
    """

    _is_async: ClassVar[bool] = False

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: object = NOT_GIVEN,
        timeout: _types.Timeout | NotGiven = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Call an endpoint that this package has no method for; arguments and errors as of `AsyncPatchworks.request`.

        Example:
            ```python
            flows = pw.request("GET", "/api/v1/flows", params={"per_page": 10})
            ```
        """
        call: Call[Any] = Call(Operation(method, "", JSON), (), timeout, headers, params, url=url, body=json)
        # A tool that prints the variables of a traceback shows none that may be secret.
        del json, headers, params
        return self._call(call).parsed

    def paginate(
        self,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        concurrency: int = 8,
        max_pages: int | None = None,
        timeout: _types.Timeout | NotGiven = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
    ) -> Paginator[dict[str, Any]]:
        """Read a list that this package has no method for; arguments and errors as of `AsyncPatchworks.paginate`.

        Example:
            ```python
            for flow in pw.paginate("/api/v1/flows"):
                print(flow["name"])
            ```
        """
        operation: Operation[Any] = Operation("GET", url, PLAIN_PAGE)
        return self._paginate(
            Call(operation, (), timeout, headers, params, url=url, concurrency=concurrency, max_pages=max_pages)
        )

    def _call(self, call: Call[T], /) -> Response[T]:
        session, calls = self._session(), self._calls
        prepared = calls.prepare(call)
        raw = session.call(prepared, calls.limits(call.timeout))
        return calls.parse(prepared, raw, call)

    def _paginate(self, call: Call[Page[T]], /) -> Paginator[T]:
        from .._pagination import sync_paginator
        from .decode_response import page_of

        calls = self._calls
        limits, (url, own_query, own_path) = calls.limits(call.timeout), calls.list_of(call)

        def fetch(query: Query, path: str | None, cancellation: Cancellation | None) -> Callable[[], Page[Any]]:
            session = self._session()
            prepared = calls.prepare_page(call, query, path or own_path)
            raw = session.call(prepared, limits, cancellation)
            return lambda: page_of(calls.parse(prepared, raw, call).parsed)

        return sync_paginator.Paginator(
            fetch, url=url, query=own_query, concurrency=call.concurrency, max_pages=call.max_pages
        )

    @staticmethod
    def _new_session(shared: SharedState[SyncSession]) -> SyncSession:
        from .._session.sync_session import SyncSession

        settings = shared.settings
        return SyncSession(settings.connection, settings.credentials, shared.limits, settings.limiter)

    def close(self) -> None:
        """Close the client: connections are closed, calls under way fail, and further ones are a `ClientStateError`.

        A copy made by `with_options` closes only itself.
        """
        session = self._end()
        if session is not None:
            session.close()

    def prepare(self) -> None:
        """Make ready what the first call needs: imports and the TLS context. Nothing is sent. `with` does it, too."""
        self._refuse_closed()
        if self._shared.session is None:
            from .warm_up import prepare_sync

            prepare_sync(self._shared.settings)
            self._session().prepare()

    def __enter__(self) -> Self:
        self.prepare()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    if not TYPE_CHECKING:
        # As in the asynchronous client.
        async def __aenter__(self) -> NoReturn:
            raise TypeError("a Patchworks is used with `with`; the client for `async with` is AsyncPatchworks")

        __aexit__ = __aenter__
