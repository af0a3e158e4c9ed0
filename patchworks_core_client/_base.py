"""What both clients do alike: taking their arguments, and a call's arguments to a request and back to a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from . import _json
from ._config import (
    DEFAULT_MAX_RESPONSE_BYTES,
    DEFAULT_MAX_RETRIES,
    DEFAULT_TIMEOUT_S,
    Config,
    default_options,
    resolve_config,
    resolve_credentials,
    time_limits,
)
from ._request import Prepared, encode_body, encode_query, header_pairs, prepare, with_body_headers
from ._response import finish
from ._types import NOT_GIVEN
from ._urls import absolute_url

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping, Sequence
    from typing import Literal, Self

    import httpx

    from ._config import Options, TimeLimits
    from ._operation import Operation, Shape
    from ._outcome import Raw
    from ._response import Response
    from ._types import Id, NotGiven, Timeout

T = TypeVar("T")


class Session(Protocol):
    """What a base needs of the shared part."""

    config: Config
    closed: bool


S = TypeVar("S", bound=Session)


class ClientBase(Generic[S]):
    """The part of a client that neither sends nor waits."""

    _session: S
    _options: Options
    _is_copy: bool
    _closed: bool

    def __init__(
        self,
        *,
        api_key: str | None = None,
        username: str | None = None,
        password: str | None = None,
        auth: httpx.Auth | None = None,
        login_form: Literal["username", "email"] = "username",
        token_store: Any = None,
        base_url: str | None = None,
        login_url: str | None = None,
        timeout: Timeout = DEFAULT_TIMEOUT_S,
        max_retries: int = DEFAULT_MAX_RETRIES,
        max_connections: int | None = None,
        verify: ssl.SSLContext | str | bool = True,
        proxy: httpx.Proxy | httpx.URL | str | None = None,
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        on_request: Callable[[httpx.Request], Any] | None = None,
        on_response: Callable[[httpx.Response], Any] | None = None,
        strict: bool = False,
        on_mismatch: Callable[[Any], object] | None = None,
        transport: Literal["httpx", "aiohttp"] = "httpx",
        allow_http: bool = False,
        http_client: Any = None,
    ) -> None:
        config = resolve_config(
            credentials=resolve_credentials(api_key=api_key, username=username, password=password, auth=auth),
            base_url=base_url,
            login_url=login_url,
            login_form=login_form,
            token_store=token_store,
            max_connections=max_connections,
            max_response_bytes=max_response_bytes,
            verify=verify,
            proxy=proxy,
            transport=transport,
            allow_http=allow_http,
            on_request=on_request,
            on_response=on_response,
            http_client=http_client,
        )
        self._options = default_options().changed(
            timeout=timeout, max_retries=max_retries, strict=strict, on_mismatch=on_mismatch
        )
        self._session = self._open_session(config)
        self._is_copy = self._closed = False

    def _open_session(self, config: Config) -> S:
        raise NotImplementedError

    def with_options(
        self,
        *,
        timeout: Timeout | NotGiven = NOT_GIVEN,
        max_retries: int | NotGiven = NOT_GIVEN,
        strict: bool | NotGiven = NOT_GIVEN,
        on_mismatch: Callable[[Any], object] | NotGiven | None = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """A copy of this client with other options.

        It shares the connections and the token with this one, which stays as it is. Closing the copy does not close
        the connections; once this client is closed, the copy is too.

        Args:
            timeout: seconds for a whole call, an `httpx.Timeout` for its steps, or `None` for no limit.
            max_retries: how many more attempts than one a call may make.
            strict: whether a response that does not match its description is a `DecodeError`.
            on_mismatch: called with each `Mismatch`; `None` for none.
            headers: sent with every call of the copy, besides those that this client sends.
        """
        copy = object.__new__(type(self))
        copy._session = self._session
        copy._options = self._options.changed(
            timeout=timeout, max_retries=max_retries, strict=strict, on_mismatch=on_mismatch, headers=headers
        )
        copy._is_copy, copy._closed = True, self._closed
        return copy

    def __repr__(self) -> str:
        config = self._session.config
        kind = "api_key" if config.credentials.api_key else "login" if config.credentials.username else "auth"
        state = ", closed" if self._closed or self._session.closed else ""
        return f"<{type(self).__name__} {config.base_url.origin}{config.base_url.prefix}, {kind}{state}>"

    def _prepare(
        self,
        operation: Operation[Any],
        ids: Sequence[Id],
        query: Mapping[str, object] | None,
        params: Mapping[str, Any] | None,
        content: bytes | None,
        headers: Mapping[str, str] | None,
    ) -> Prepared:
        return prepare(
            self._session.config.base_url,
            operation.method,
            operation.path,
            ids,
            query=query,
            params=params,
            content=content,
            headers=header_pairs(headers, self._options.headers),
        )

    def _prepare_url(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        json: object,
        headers: Mapping[str, str] | None,
    ) -> Prepared:
        """A request for a path, or a URL of the same origin, that no operation describes."""
        content = None if json is NOT_GIVEN else _json.encode(json)
        absolute = absolute_url(self._session.config.base_url, url)
        path, _, query = absolute.removeprefix(self._session.config.base_url.origin).partition("?")
        query = "&".join(part for part in (query, encode_query(params or {})) if part)
        target = f"{self._session.config.base_url.origin}{path}" + (f"?{query}" if query else "")
        method = _method(method)
        pairs = with_body_headers(method, header_pairs(headers, self._options.headers), content)
        return Prepared(method, target, pairs, content or b"", path, path)

    def _limits(self, timeout: Timeout | NotGiven) -> TimeLimits:
        return self._options.limits if timeout is NOT_GIVEN else time_limits(timeout)

    def _finish(self, prepared: Prepared, raw: Raw, shape: Shape, strict: bool | None) -> Response[Any]:
        return finish(
            raw,
            shape,
            f"{prepared.method} {prepared.path}",
            strict=self._options.strict if strict is None else strict,
            on_mismatch=self._options.on_mismatch,
        )

    @staticmethod
    def _content(fields: Mapping[str, object] | None, body: object) -> bytes | None:
        return encode_body(fields, body)


def _method(method: str) -> str:
    if not method.isascii() or not method.isalpha():
        raise ValueError("the method must be a word like GET")
    return method.upper()
