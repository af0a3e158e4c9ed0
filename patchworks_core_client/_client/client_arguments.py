"""The arguments of a client and the environment, checked once, when it is made, and turned into settings."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from .._auth.credentials import Credentials, choose_credentials
from .._checks import count, flag, function, instance, kind_of
from .._defaults import MAX_CONNECTIONS
from .._errors import PatchworksError
from .._http.environment_variables import certificates_problem
from .._http.headers import default_headers
from .._http.proxies import check_proxy, proxy_for
from .._http.transport import ConnectionSettings
from .._http.value import Value
from .._limits.limiter import Limiter
from .base_url import base_urls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._http.secret import Secret
    from .._http.urls import BaseURL
    from .._limits.budget import ClientBudget

_LOGIN_FORMS = ("username", "email")


class Arguments(Value):
    """The arguments of a client as they were given; those that may hold a secret cannot be seen."""

    hidden: dict[str, Secret[Any]]
    login_form: str
    rate: Any
    max_connections: int | None
    max_response_bytes: int
    verify: Any
    transport: str
    allow_http: bool
    on_request: Callable[[Any], Any] | None
    on_response: Callable[[Any], Any] | None
    http_client: Any

    def __repr__(self) -> str:
        return "<Arguments>"

    def revealed(self, name: str) -> Any:
        """One of those that may hold a secret; `None` if it was not given."""
        return self.hidden[name].reveal() if name in self.hidden else None


class Settings(Value):
    """What all copies of a client have in common."""

    credentials: Credentials
    connection: ConnectionSettings
    limiter: Limiter

    @property
    def base_url(self) -> BaseURL:
        return self.connection.base_url


def resolve(arguments: Arguments, *, is_async: bool) -> Settings:
    """Check the arguments of a client and fill in what the environment or the defaults say.

    Raises:
        PatchworksError: the credential is missing, ambiguous, or would go where it should not; or the environment sets
            what cannot be used.
        TypeError: two arguments exclude each other, or one is of another type.
        ValueError: an argument has a value that cannot be used.
    """
    flag(arguments.allow_http, "allow_http")
    _check_http_client(arguments, is_async=is_async)
    _check_transport(arguments.transport, is_async=is_async)
    keys = ("api_key", "username", "password")
    given = {name: arguments.hidden[name] for name in keys if name in arguments.hidden}
    chosen = choose_credentials(given, arguments.revealed("auth"))
    base, login = base_urls(
        arguments.revealed("base_url"),
        arguments.revealed("login_url"),
        logs_in="username" in chosen,
        allow_http=arguments.allow_http,
    )
    verify = _checked_verify(arguments.verify)
    if arguments.http_client is None:
        proxy = arguments.hidden.get("proxy")
        origins = [base, login] if "username" in chosen else [base]
        if proxy is not None:
            check_proxy(proxy.reveal(), "proxy=", arguments.transport)
        for origin in origins:
            proxy_for(origin, proxy, arguments.transport)
        if verify is True and any(origin.scheme == "https" for origin in origins):
            problem = certificates_problem()
            if problem is not None:
                raise PatchworksError(problem)
    connections = arguments.max_connections
    connection = ConnectionSettings(
        base_url=base,
        max_connections=MAX_CONNECTIONS if connections is None else count(connections, "max_connections", least=1),
        max_response_bytes=count(arguments.max_response_bytes, "max_response_bytes", least=1),
        verify=verify,
        proxy=arguments.hidden.get("proxy"),
        transport="aiohttp" if arguments.transport == "aiohttp" else "httpx",
        on_request=function(arguments.on_request, "on_request", may_be_async=is_async),
        on_response=function(arguments.on_response, "on_response", may_be_async=is_async),
        http_client=arguments.http_client,
        auth=arguments.revealed("auth"),
    )
    return Settings(
        credentials=_credentials(arguments, chosen, login), connection=connection, limiter=Limiter(_budget(arguments))
    )


def _credentials(arguments: Arguments, chosen: Mapping[str, Secret[str]], login: BaseURL) -> Credentials:
    form, store, fleet = arguments.login_form, arguments.revealed("token_store"), arguments.revealed("fleet")
    if form not in _LOGIN_FORMS:
        raise ValueError(f"login_form= takes 'username' or 'email', not {form!r:.40}")
    for method in ("load", "save"):
        instance(store, "token_store", method, "a store such as FileTokenStore(path)")
        function(getattr(store, method, None), f"{method}() of token_store", may_be_async=False)
    instance(fleet, "fleet", "budget", "a RedisFleet")
    if store is not None and ("api_key" in arguments.hidden or "auth" in arguments.hidden):
        raise TypeError("token_store= keeps the token of a login: give username= and password= with it")
    if "username" not in chosen:
        return Credentials(api_key=chosen.get("api_key"), auth=arguments.revealed("auth"))
    from .._auth.account import Account
    from .._auth.tokens import MemoryTokenStore

    account = Account(
        chosen["username"].reveal(), chosen["password"], login.origin + login.prefix, form, default_headers()
    )
    if store is None:
        store = MemoryTokenStore() if fleet is None else fleet.token_store
    return Credentials(account=account, token_store=store)


def _budget(arguments: Arguments) -> ClientBudget | None:
    """Return what the client keeps, by itself or with its fleet; `None` for the pace of the server alone."""
    fleet = arguments.revealed("fleet")
    if arguments.rate is None and fleet is None:
        return None
    from .._limits.budget import ClientBudget
    from .._limits.rate import parse_rate

    rate = parse_rate(arguments.rate)
    if fleet is not None:
        budget: ClientBudget = fleet.budget(rate)
        return budget
    return None if rate is None else ClientBudget(rate)


def _check_transport(transport: str, *, is_async: bool) -> None:
    if transport not in ("httpx", "aiohttp") or (transport == "aiohttp" and not is_async):
        of = "AsyncPatchworks takes 'httpx' or 'aiohttp'" if is_async else "Patchworks takes 'httpx'"
        raise ValueError(f"transport= of {of}")
    if transport == "aiohttp":
        from importlib.util import find_spec

        if find_spec("aiohttp") is None:
            raise PatchworksError('transport="aiohttp" needs an extra: pip install "patchworks-core-client[aiohttp]"')


def _check_http_client(arguments: Arguments, *, is_async: bool) -> None:
    client = arguments.http_client
    wanted = "an httpx.AsyncClient in AsyncPatchworks" if is_async else "an httpx.Client in Patchworks"
    # A bare transport can be closed, too.
    for method in ("aclose" if is_async else "close", "build_request"):
        instance(client, "http_client", method, wanted)
    if client is None:
        return
    if (
        arguments.max_connections is not None
        or arguments.verify is not True
        or "proxy" in arguments.hidden
        or arguments.transport != "httpx"
    ):
        raise TypeError("max_connections=, verify=, proxy= and transport= are to be set on your own http_client=")
    if getattr(client, "auth", None) is not None:
        raise ValueError("http_client= has an auth of its own, which would not be used: give it as auth=")
    if str(getattr(client, "base_url", "")):
        raise ValueError("http_client= has a base_url of its own, which would not be used: give it as base_url=")


def _checked_verify(verify: Any) -> Any:
    """`verify=` as httpx takes it, with a path as text."""
    # Who has a context has imported this; it takes long.
    ssl = sys.modules.get("ssl")
    if ssl is not None and isinstance(verify, ssl.SSLContext):
        if verify.protocol is ssl.PROTOCOL_TLS_SERVER:
            raise ValueError("verify= is a context for servers; ssl.create_default_context() makes one for clients")
        return verify
    if isinstance(verify, bool):
        return verify
    if not isinstance(verify, str | os.PathLike):
        raise TypeError(
            "verify= takes True, False, an ssl.SSLContext, or the path of a file or folder of certificates, not "
            + kind_of(verify)
        )
    path: Any = os.fspath(verify)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if not isinstance(path, str):
        raise TypeError("verify= takes a path of text, not of bytes")
    if not path or "\0" in path or not os.path.exists(path):
        raise ValueError(f"verify= names a file or folder that is not there: {path!r}")
    return path
