"""What both clients do alike with their own arguments: taking them, and copying themselves with others."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from .._defaults import DEFAULT_MAX_RESPONSE_BYTES, DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT_S
from .._types import NOT_GIVEN

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping
    from typing import Literal, Self

    import httpx

    from .._auth.tokens import TokenStore
    from .._errors import Mismatch
    from .._types import NotGiven, Timeout
    from .calls import Calls
    from .config import Config, Options

S = TypeVar("S")
H = TypeVar("H")


class Shared(Generic[S]):
    """What a client shares with its copies.

    Attributes:
        config: the set-up.
        options: those of the client that was made first.
        closed: whether the client was closed.
    """

    def __init__(self, config: Config, options: Options) -> None:
        self.config = config
        self.options = options
        self.closed = False
        self._kept: dict[str, S] = {}

    @property
    def session(self) -> S | None:
        """What sends, from the first call on: until then nothing is imported for it."""
        return self._kept.get("session")

    def keep(self, session: S) -> S:
        """Keep the first session that was made; gives that one."""
        return self._kept.setdefault("session", session)


class ClientBase(Generic[S, H]):
    """The part of a client that neither sends nor waits."""

    _shared: Shared[S]
    _calls: Calls
    _is_copy: bool
    _closed: bool
    # What a fitting http_client has.
    _close_method: ClassVar[str]
    _transports: ClassVar[tuple[str, ...]]

    def __init__(
        self,
        *,
        api_key: str | None = None,
        username: str | None = None,
        password: str | None = None,
        auth: httpx.Auth | None = None,
        login_form: Literal["username", "email"] = "username",
        token_store: TokenStore | None = None,
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
        on_mismatch: Callable[[Mismatch], object] | None = None,
        transport: Literal["httpx", "aiohttp"] = "httpx",
        allow_http: bool = False,
        http_client: H | None = None,
    ) -> None:
        """Set a client up. Nothing is sent, and no connection made, before the first call.

        Args:
            api_key: the key, sent as it is; else `PATCHWORKS_API_KEY`. Of credentials that are given as arguments, and
                else of those in the environment, there has to be exactly one.
            username: logs in when that is first needed; else `PATCHWORKS_USERNAME`.
            password: of the login; else `PATCHWORKS_PASSWORD`.
            auth: any `httpx.Auth` instead.
            login_form: what the login calls the user: `"username"`, or `"email"` as the older one does.
            token_store: where the token of the login is kept: in memory, `FileTokenStore(path)`, or your own.
            base_url: where the API is; else `PATCHWORKS_BASE_URL`, else `https://core.wearepatchworks.com`.
            login_url: where to log in; else `PATCHWORKS_LOGIN_URL`, else that of Patchworks.
            timeout: in seconds, the deadline of one call, its attempts, waits and login together (connecting takes at
                most 5 s of it); an `httpx.Timeout` bounds each step instead, and `None` nothing.
            max_retries: how many more attempts a call may make after its first.
            max_connections: how many connections there are at most; further calls wait for one.
            verify: as in httpx: `True`, `False`, a file or folder of certificates, or an `ssl.SSLContext`.
            proxy: as in httpx; without it, those of the environment are used, though not for loopback addresses.
            max_response_bytes: the largest body that is accepted, counted after decompression.
            on_request: called with the `httpx.Request` of each attempt; of the asynchronous client it may be `async`.
            on_response: called with the `httpx.Response` of each attempt, its body readable; likewise.
            strict: whether a response that does not match its description is a `DecodeError`.
            on_mismatch: called with each `Mismatch` between a response and its description.
            transport: `"httpx"`, or `"aiohttp"` with the extra of that name, in the asynchronous client.
            allow_http: whether the credential may be sent over plain `http://` to other machines, too.
            http_client: your own client of httpx, which sends everything instead; you close it.

        Raises:
            PatchworksError: the credential is missing, ambiguous, or would be sent over the network in the clear.
            TypeError: an argument is of another type, or two exclude each other.
            ValueError: an argument has a value that cannot be used.
        """
        if http_client is not None and not hasattr(http_client, self._close_method):
            raise TypeError("AsyncPatchworks takes an httpx.AsyncClient as http_client=, Patchworks an httpx.Client")
        if transport not in self._transports:
            raise ValueError(f"transport= of {type(self).__name__} takes {' or '.join(map(repr, self._transports))}")
        if token_store is not None:
            if not hasattr(token_store, "load"):
                kind = type(token_store).__name__
                raise TypeError(f"token_store= takes a store such as FileTokenStore(path), not a {kind}")
            if api_key is not None or auth is not None:
                raise TypeError("token_store= keeps the token of a login: give username= and password= with it")
        # Importing the client class without these takes 12 ms and not 25; with them only programs wait that make one.
        from .._auth.credentials import resolve_credentials
        from .calls import Calls
        from .config import default_options, resolve_config

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
        options = default_options().changed(
            timeout=timeout, max_retries=max_retries, strict=strict, on_mismatch=on_mismatch
        )
        self._calls = Calls(config, options)
        self._shared = Shared(config, options)
        self._is_copy = self._closed = False
        level = os.environ.get("PATCHWORKS_LOG")
        if level:
            from .._session.logs import configure

            configure(level)

    def with_options(
        self,
        *,
        timeout: Timeout | NotGiven = NOT_GIVEN,
        max_retries: int | NotGiven = NOT_GIVEN,
        strict: bool | NotGiven = NOT_GIVEN,
        on_mismatch: Callable[[Mismatch], object] | NotGiven | None = NOT_GIVEN,
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
        copy._shared = self._shared
        options = self._calls.options.changed(
            timeout=timeout, max_retries=max_retries, strict=strict, on_mismatch=on_mismatch, headers=headers
        )
        copy._calls = type(self._calls)(self._calls.config, options)
        copy._is_copy, copy._closed = True, self._closed
        return copy

    def __repr__(self) -> str:
        config = self._shared.config
        kind = "api_key" if config.credentials.api_key else "login" if config.credentials.username else "auth"
        state = ", closed" if self._closed or self._shared.closed else ""
        return f"<{type(self).__name__} {config.base_url.origin}{config.base_url.prefix}, {kind}{state}>"

    def _refuse_closed(self) -> None:
        if self._closed or self._shared.closed:
            from .._errors import ClientStateError

            raise ClientStateError("the client is closed; make a new one")
