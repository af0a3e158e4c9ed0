"""What generated code stands on: the clients as it sees them, and the classes of namespaces."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Protocol, TypeVar, get_args, runtime_checkable

from .._lazy import LazyClass, resolvable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .._http.response import Response
    from .._pagination.async_paginator import AsyncPaginator as AsyncPaginator
    from .._pagination.page import Page
    from .._pagination.sync_paginator import Paginator as Paginator
    from .operation import Call
else:
    # Generated code names these in annotations only. Importing them takes longer than importing a client.
    AsyncPaginator = LazyClass("patchworks_core_client._pagination.async_paginator", "AsyncPaginator")
    Paginator = LazyClass("patchworks_core_client._pagination.sync_paginator", "Paginator")

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C")
F = TypeVar("F")

# The two methods of the clients that are used here are no part of their public surface.
# pyright: reportPrivateUsage=false


@runtime_checkable
class AsyncCaller(Protocol):
    """The asynchronous client as generated code sees it."""

    async def _call(self, call: Call[T], /) -> Response[T]:
        """Make a call, retries included."""
        ...

    def _paginate(self, call: Call[Page[T]], /) -> AsyncPaginator[T]:
        """Return a paginator over an operation that gives pages."""
        ...


@runtime_checkable
class Caller(Protocol):
    """The synchronous client as generated code sees it."""

    def _call(self, call: Call[T], /) -> Response[T]:
        """Make a call, retries included."""
        ...

    def _paginate(self, call: Call[Page[T]], /) -> Paginator[T]:
        """Return a paginator over an operation that gives pages."""
        ...


class Namespace(Generic[C]):
    """The operations of one tag of the API, as an attribute of a client."""

    def __init_subclass__(cls) -> None:
        resolvable(cls)

    def __init__(self, client: C) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"


def namespace(load: Callable[[], Callable[[Any], T]]) -> T:
    """Return an attribute of a client that gives a namespace, imported and made when it is first used.

    To type checkers it is an attribute like any other: it meets a protocol, and a test may replace it on an instance.

    Args:
        load: gives the namespace's class.
    """
    made: Any = _LazyNamespace(load)
    return made  # type: ignore[no-any-return]  # as an attribute it is what it gives


class _LazyNamespace:
    """What makes a namespace.

    On the class itself it gives the namespace without a client, so that `unittest.mock.create_autospec` and other tools
    that look at classes see its methods.
    """

    def __init__(self, load: Callable[[], Callable[[Any], object]]) -> None:
        self._load = load

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, client: object | None, owner: type | None = None) -> object:
        made = self._load()(client)
        if client is not None:
            # From now on it is found without coming here.
            vars(client)[self._name] = made
        return made


async def send_async(client: AsyncCaller, call: Call[T]) -> Response[T]:
    """Make a call on behalf of an endpoint module."""
    return await client._call(call)


def send(client: Caller, call: Call[T]) -> Response[T]:
    """Make a call on behalf of an endpoint module."""
    return client._call(call)


def parsed(detailed: Callable[P, Response[T]]) -> Callable[P, T]:
    """Return a function that calls `detailed` and gives `parsed` alone."""

    @wraps(detailed)
    def function(*args: P.args, **kwargs: P.kwargs) -> T:
        return detailed(*args, **kwargs).parsed

    return _named(function, detailed)


def parsed_async(detailed: Callable[P, Awaitable[Response[T]]]) -> Callable[P, Awaitable[T]]:
    """Return a coroutine function that awaits `detailed` and gives `parsed` alone."""

    @wraps(detailed)
    async def function(*args: P.args, **kwargs: P.kwargs) -> T:
        return (await detailed(*args, **kwargs)).parsed

    return _named(function, detailed)


def _named(function: F, detailed: Callable[..., object]) -> F:
    """Give a function that gives `parsed` alone a name, a docstring and a signature of its own."""
    from inspect import signature

    made: Any = function
    name = detailed.__name__
    made.__name__ = made.__qualname__ = name.removesuffix("_detailed")
    made.__doc__ = f"As `{name}`, but give `parsed` alone."
    # What was wrapped promises a whole response.
    whole = signature(detailed, eval_str=True)
    result = get_args(whole.return_annotation)[0]
    made.__signature__ = whole.replace(return_annotation=result)
    made.__annotations__ = {**detailed.__annotations__, "return": result}
    return function
