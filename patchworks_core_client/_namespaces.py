"""What the generated namespaces and endpoint modules stand on: a client reduced to the calls that they make."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeVar

from ._types import NOT_GIVEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._client.results import Response
    from ._operation import Operation
    from ._pagination.async_paginator import AsyncPaginator
    from ._pagination.page import Page
    from ._pagination.sync_paginator import Paginator
    from ._types import Id, NotGiven, Timeout

T = TypeVar("T")


class AsyncCaller(ABC):
    """The asynchronous client as generated code sees it."""

    @abstractmethod
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
        """Call an operation once, retries included.

        Args:
            operation: what to call.
            ids: values for the places in its path, in their order.
            query: values of documented parameters by their names on the wire; `None` is left out.
            fields: fields of the body by their names on the wire; `NOT_GIVEN` is left out, `None` is sent as null.
            body: the whole body instead of `fields`.
            timeout: instead of the client's.
            headers: besides the client's.
            params: further query parameters.
            strict: instead of the client's.
        """

    @abstractmethod
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
        """A paginator over an operation that gives pages; arguments as in `_call`."""


class Caller(ABC):
    """The synchronous client as generated code sees it; as `AsyncCaller`."""

    @abstractmethod
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
        """As `AsyncCaller._call`."""

    @abstractmethod
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
        """As `AsyncCaller._paginate`."""


# The classes below are the only ones that reach into a client: what they use is no part of its public surface.
# pyright: reportPrivateUsage=false


class _Namespace:
    """What the namespaces of both clients have in common."""

    def __init__(self, client: AsyncCaller | Caller) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"


class AsyncResource(_Namespace):
    """A namespace of the asynchronous client."""

    def __init__(self, client: AsyncCaller) -> None:
        super().__init__(client)
        self._call = client._call
        self._paginate = client._paginate


class Resource(_Namespace):
    """A namespace of the synchronous client."""

    def __init__(self, client: Caller) -> None:
        super().__init__(client)
        self._call = client._call
        self._paginate = client._paginate


async def detailed_async(
    client: AsyncCaller,
    operation: Operation[T],
    ids: Sequence[Id] = (),
    *,
    query: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
    body: object = NOT_GIVEN,
) -> Response[T]:
    """One call on behalf of an endpoint module."""
    return await client._call(operation, ids, query=query, headers=headers, body=body)


def detailed(
    client: Caller,
    operation: Operation[T],
    ids: Sequence[Id] = (),
    *,
    query: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
    body: object = NOT_GIVEN,
) -> Response[T]:
    """One call on behalf of an endpoint module."""
    return client._call(operation, ids, query=query, headers=headers, body=body)


def with_headers(documented: Mapping[str, object], headers: Mapping[str, str] | None = None) -> dict[str, str]:
    """Documented headers as text, and those of the caller, which stand last and therefore win.

    Args:
        documented: values by their names on the wire; `None` is left out.
        headers: of the caller, for this one call.

    Raises:
        TypeError: a value is of a type that has no form as text.
    """
    # The client has it by now; what only names the generated classes does without it.
    from ._http.query import query_text

    values = ((name, value) for name, value in documented.items() if value is not None)
    return {**{name: query_text(name, value, "a header") for name, value in values}, **(headers or {})}
