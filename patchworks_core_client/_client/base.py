"""What both clients do alike with their own arguments: taking them, and copying themselves with others."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Self, TypeVar

from .. import _types  # pyright: ignore[reportPrivateUsage] - it is private to the package
from .._defaults import MAX_RESPONSE_BYTES, MAX_RETRIES
from .._errors import CLOSED, ClientStateError, Mismatch, PatchworksError
from .._http.secret import Secret, hide
from .._lazy import LazyClass, resolvable
from .._types import NOT_GIVEN, NotGiven

if TYPE_CHECKING:
    from .._auth.tokens import TokenStore
    from .._limits.limit_state import LimitState
    from .._limits.redis_fleet import RedisFleet
    from .._session.timeouts import CallLimits
    from .calls import Calls
    from .client_arguments import Settings
else:
    TokenStore = LazyClass("patchworks_core_client._auth.tokens", "TokenStore")
    Calls = LazyClass("patchworks_core_client._client.calls", "Calls")
    RedisFleet = LazyClass("patchworks_core_client._limits.redis_fleet", "RedisFleet")
    LimitState = LazyClass("patchworks_core_client._limits.limit_state", "LimitState")

S = TypeVar("S")
H = TypeVar("H")


class SharedState(Generic[S]):
    """What a client shares with its copies.

    Attributes:
        settings: what all copies have in common.
        limits: of calls, those of the client that was made first.
        closed: whether the client was closed.
        session: what sends; `None` before the first call.
    """

    session: S | None = None
    closed = False

    def __init__(self, settings: Settings, limits: CallLimits) -> None:
        self.settings = settings
        self.limits = limits


@resolvable
class ClientBase(Generic[S, H]):
    """The part of a client that neither sends nor waits."""

    _shared: SharedState[S]
    _calls: Calls
    # Those of a client whose constructor raised, too, which may be closed all the same.
    _owns_connections: bool = False
    _closed: bool = False
    _is_async: ClassVar[bool]
    _new_session: Callable[[SharedState[S]], S]

    def __init__(
        self,
        *,
        api_key: str | None = None,
        username: str | None = None,
        password: str | None = None,
        auth: _types.httpx.Auth | None = None,
        login_form: Literal["username", "email"] = "username",
        token_store: TokenStore | None = None,
        base_url: str | None = None,
        login_url: str | None = None,
        timeout: _types.Timeout | NotGiven = NOT_GIVEN,
        max_retries: int = MAX_RETRIES,
        rate: str | None = None,
        fleet: RedisFleet | None = None,
        max_connections: int | None = None,
        verify: _types.ssl.SSLContext | str | os.PathLike[str] | bool = True,
        proxy: _types.httpx.Proxy | _types.httpx.URL | str | None = None,
        max_response_bytes: int = MAX_RESPONSE_BYTES,
        on_request: Callable[[_types.httpx.Request], Any] | None = None,
        on_response: Callable[[_types.httpx.Response], Any] | None = None,
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
            login_url: where to log in; else `PATCHWORKS_LOGIN_URL`, else that of Patchworks. A login with another
                `base_url` needs it.
            timeout: in seconds, the deadline of one call, its attempts, waits and login together (connecting takes at
                most 5 s of it); an `httpx.Timeout` bounds each step instead, and `None` nothing. 30 s, or what
                `http_client` has.
            max_retries: how many more attempts a call may make after its first.
            rate: a budget of requests that all calls of the client share, such as `"240/min"`, `"4/s"` or `"10/30s"`: a
                request waits for its turn, and a call whose time is too short for that is a `RateLimitError` at once.
            fleet: a `RedisFleet`, through which processes share the login, the pause after a 429 and this budget.
            max_connections: how many connections there are at most; further calls wait for one.
            verify: `True`, `False`, the path of a file or folder of certificates, or an `ssl.SSLContext`.
            proxy: as in httpx; without it, those of the environment are used, though not for loopback addresses.
            max_response_bytes: the largest body that is accepted, counted after decompression.
            on_request: called with the `httpx.Request` of each attempt; of the asynchronous client it may be `async`.
            on_response: called with the `httpx.Response` of each attempt, its body readable; likewise.
            strict: whether a response that does not match its description is a `DecodeError`.
            on_mismatch: called with each `Mismatch` between a response and its description.
            transport: `"httpx"`, or `"aiohttp"` with the extra of that name, in the asynchronous client.
            allow_http: whether the credential may be sent over plain `http://` to other machines, too.
            http_client: your own client of httpx or httpx2, which sends everything instead; you close it.

        Raises:
            PatchworksError: the credential is missing, ambiguous, or would be sent over the network in the clear; or a
                variable of the environment holds what cannot be used.
            TypeError: an argument is of another type, or two exclude each other.
            ValueError: an argument has a value that cannot be used.
        """
        # First of all: a tool that prints the variables of a traceback shows no argument that may hold a secret.
        hidden = hide(
            api_key=api_key,
            username=username,
            password=password,
            base_url=base_url,
            login_url=login_url,
            proxy=proxy,
            auth=auth,
            # What is none may be the URL of one, with its password.
            token_store=token_store,
            fleet=fleet,
        )
        del api_key, username, password, base_url, login_url, proxy, auth, token_store, fleet
        # The client class is imported in half the time without these; only programs wait for them that make a client.
        from .calls import Calls
        from .client_arguments import Arguments, resolve
        from .options import default_options

        arguments = Arguments(
            hidden=hidden,
            login_form=login_form,
            rate=rate,
            max_connections=max_connections,
            max_response_bytes=max_response_bytes,
            verify=verify,
            transport=transport,
            allow_http=allow_http,
            on_request=on_request,
            on_response=on_response,
            http_client=http_client,
        )
        try:
            settings = resolve(arguments, is_async=self._is_async)
            options = default_options(http_client).changed(
                timeout=timeout, max_retries=max_retries, strict=strict, on_mismatch=on_mismatch
            )
        except (PatchworksError, TypeError, ValueError) as error:
            # Without the frames in which the arguments were looked at.
            raise error.with_traceback(None) from None
        self._calls = Calls(settings, options)
        self._shared = SharedState(settings, options.limits)
        self._owns_connections = True
        from .._http.environment_variables import LOG

        level = os.environ.get(LOG)
        if level:
            from .._session.log_records import configure

            configure(level)

    def with_options(
        self,
        *,
        timeout: _types.Timeout | NotGiven = NOT_GIVEN,
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
        hidden = Secret(headers)
        del headers
        try:
            options = self._calls.options.changed(
                timeout=timeout,
                max_retries=max_retries,
                strict=strict,
                on_mismatch=on_mismatch,
                headers=hidden.reveal(),
            )
        except (TypeError, ValueError) as error:
            # As when a client is made.
            raise error.with_traceback(None) from None
        copy = object.__new__(type(self))
        copy._shared = self._shared
        copy._calls = type(self._calls)(self._calls.settings, options)
        copy._closed = self._closed
        return copy

    @property
    def limits(self) -> LimitState:
        """What the budget, the pause after a 429 and the read-ahead are at."""
        return self._shared.settings.limiter.state()

    def __repr__(self) -> str:
        # One whose constructor raised has neither.
        shared: SharedState[S] | None = getattr(self, "_shared", None)
        if shared is None:
            return f"<{type(self).__name__}, not set up>"
        base, kind = shared.settings.base_url, shared.settings.credentials.kind
        state = ", closed" if self._closed or shared.closed else ""
        return f"<{type(self).__name__} {base.origin}{base.prefix}, {kind}{state}>"

    def _session(self) -> S:
        """Return what sends, made with the first call: until then nothing is imported for it."""
        self._refuse_closed()
        shared = self._shared
        if shared.session is not None:
            return shared.session
        # One step: of two threads that make one each both take the same. A lock might stay locked in a fork.
        session: S = vars(shared).setdefault("session", self._new_session(shared))
        return session

    def _end(self) -> S | None:
        """Take note that this client is closed; return the session that is to be closed with it, if any."""
        self._closed = True
        if not self._owns_connections:
            return None
        self._shared.closed = True
        return self._shared.session

    def _refuse_closed(self) -> None:
        if self._closed or self._shared.closed:
            raise ClientStateError(CLOSED)
