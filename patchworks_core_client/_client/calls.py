"""A call's arguments to a request, and an answer back to a result: what both clients do around sending it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from .._checks import flag, kind_of, mapping
from .._errors import DecodeError
from .._http import json_content
from .._http.headers import header_pairs, header_texts
from .._http.path import fill
from .._http.query import Query
from .._http.request import Prepared, prepare, with_body_headers
from .._http.request_content import JSON, encode_content
from .._http.urls import absolute_url
from .._session.timeouts import call_limits
from .._types import NOT_GIVEN
from .decode_response import decode_error, parse_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._http.response import RawResponse, Response
    from .._operations.operation import Call
    from .._session.timeouts import CallLimits
    from .._types import NotGiven, Timeout
    from .client_arguments import Settings
    from .options import Options


P = ParamSpec("P")
T = TypeVar("T")


def _without_frames(method: Callable[P, T]) -> Callable[P, T]:
    """Let errors of `method` come without its frames, whose variables hold what was given or came."""

    @wraps(method)
    def function(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except (TypeError, ValueError, DecodeError) as error:
            raise error.with_traceback(None) from None

    return function


class Calls:
    """Makes requests and reads answers as one client, or one copy of it, is set up.

    Attributes:
        settings: what the client has in common with its copies.
        options: what it has not.
        origin: of the API.
    """

    def __init__(self, settings: Settings, options: Options) -> None:
        self.settings = settings
        self.options = options
        self.origin = settings.base_url.origin

    @_without_frames
    def prepare(self, call: Call[Any], query: Query | None = None) -> Prepared:
        """Return the request of a call, with the query that its parameters make, or another one."""
        if call.url is not NOT_GIVEN:
            return self.prepare_url(call, call.url, query)
        operation = call.operation
        headers = call.headers
        if call.header:
            headers = {**header_texts(call.header), **mapping(headers, "headers")}
        pairs = header_pairs(headers, self.options.headers)
        encoded = encode_content(operation.media, call.fields, call.body, is_value=operation.sends_value)
        content, media = encoded or (None, JSON)
        if media != JSON:
            # A caller's own would not know the boundary.
            pairs = (*(pair for pair in pairs if pair[0] != b"content-type"), (b"content-type", media.encode()))
        return prepare(
            self.settings.base_url,
            operation.method,
            operation.path,
            call.ids,
            query=_query(call) if query is None else query,
            content=content,
            headers=pairs,
        )

    @_without_frames
    def prepare_url(self, call: Call[Any], url: str, query: Query | None = None) -> Prepared:
        """Return the request for a path, or a URL of the same origin, that no operation describes."""
        content = None if call.body is NOT_GIVEN else json_content.encode(call.body)
        absolute = absolute_url(self.settings.base_url, url)
        path, _, own = absolute.removeprefix(self.origin).partition("?")
        query = Query.merged(None, call.params) if query is None else query
        text = "&".join(part for part in (own, query.encode()) if part)
        target = f"{self.origin}{path}?{text}" if text else f"{self.origin}{path}"
        method = _method(call.operation.method)
        pairs = with_body_headers(method, header_pairs(call.headers, self.options.headers), content)
        return Prepared(method, target, pairs, content or b"", path, path)

    def prepare_page(self, call: Call[Any], query: Query, path: str | None) -> Prepared:
        """Return the request for a page: of the operation, or at a path (from the root of the host) of a link."""
        if path is None:
            return self.prepare(call, query)
        return self.prepare_url(call, self.origin + path, query)

    def list_of(self, call: Call[Any]) -> tuple[str, Query, str | None]:
        """Return where the list is that a call reads.

        Returns:
            Its URL, without the query, for links to be measured against; the query of the caller; and the path from the
            root of the host, where no operation describes it.
        """
        if call.url is NOT_GIVEN:
            path = self.settings.base_url.prefix + fill(call.operation.path, call.ids)
            # Made once: of an iterator, the second page would get nothing.
            return self.origin + path, _query(call), None
        path, _, own = absolute_url(self.settings.base_url, call.url).removeprefix(self.origin).partition("?")
        return self.origin + path, Query.parse(own).having(Query.merged(None, call.params)), path

    def limits(self, timeout: Timeout | NotGiven) -> CallLimits:
        """Return the limits of a call with its own `timeout`, or the client's."""
        limits = self.options.limits
        return limits if timeout is NOT_GIVEN else call_limits(timeout, limits.max_retries)

    def parse(self, prepared: Prepared, raw: RawResponse, call: Call[Any]) -> Response[Any]:
        reporter = self.options.reporter
        if call.strict is not None:
            reporter = reporter.having(strict=flag(call.strict, "strict"))
        report = reporter.start()
        label = f"{prepared.method} {prepared.path}"
        response = _parsed(raw, call.operation.shape, label, report)
        # Here, where no variable holds what came: what a listener raises comes through with these frames.
        report.finish(lambda message: decode_error(raw, f"{label}: {message}"))
        return response


_parsed = _without_frames(parse_response)


def _query(call: Call[Any]) -> Query:
    return Query.merged(call.query, call.params, call.operation.separators)


def _method(method: str) -> str:
    if not isinstance(method, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers need not be typed
        raise TypeError(f"the method must be a str, not {kind_of(method)}")
    if not method.isascii() or not method.isalpha():
        raise ValueError("the method must be a word like GET")
    return method.upper()
