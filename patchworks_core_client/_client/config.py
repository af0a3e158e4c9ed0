"""How a client is set up: its arguments and the environment, checked once and then frozen."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .._checks import count
from .._defaults import DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT_S
from .._errors import PatchworksError
from .._http.request import HeaderPairs, header_pairs
from .._http.settings import ConnectionSettings
from .._http.urls import BaseURL, parse_base_url
from .._models.reports import LOGGER_NAME, Reporter
from .._types import NOT_GIVEN, NotGiven
from .._version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._auth.credentials import Credentials
    from .._errors import Mismatch
    from .._types import Timeout

DEFAULT_BASE_URL = "https://core.wearepatchworks.com"
DEFAULT_LOGIN_URL = "https://app.wearepatchworks.com/fabric/api/login"
CONNECT_TIMEOUT_S = 5.0
# With 200 calls in flight and answers that take 20 ms, 10 connections make 337 requests/s, 20 749, 50 1,094, 100 1,143,
# and 200 1,408. A server that answers at once is served a little faster by fewer, but no real one does.
DEFAULT_MAX_CONNECTIONS = 100


# A named tuple, since making a dataclass takes 0.4 ms, each time that a program starts.
class Config(NamedTuple):
    """What all copies of a client have in common."""

    credentials: Credentials
    login_url: str
    login_form: Literal["username", "email"]
    token_store: Any
    connection: ConnectionSettings

    @property
    def base_url(self) -> BaseURL:
        """Where the API is."""
        return self.connection.base_url

    def __repr__(self) -> str:
        # A token store may show what it keeps.
        return f"<Config {self.base_url.origin}{self.base_url.prefix}, {self.credentials!r}>"


class TimeLimits(NamedTuple):
    """How long a call may take: as a whole, or each of its steps.

    Attributes:
        total: the seconds for the whole call; `None` where only its steps are bounded.
        steps: the seconds for connecting, reading, writing and waiting for a connection, as httpx takes them.
    """

    total: float | None
    steps: Mapping[str, float | None]


class Options(NamedTuple):
    """What `with_options` can change for a copy."""

    limits: TimeLimits
    max_retries: int
    reporter: Reporter
    headers: HeaderPairs

    def changed(
        self,
        *,
        timeout: Timeout | NotGiven = NOT_GIVEN,
        max_retries: int | NotGiven = NOT_GIVEN,
        strict: bool | NotGiven = NOT_GIVEN,
        on_mismatch: Callable[[Mismatch], object] | NotGiven | None = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
    ) -> Options:
        """These options with the given ones in their place."""
        changes: dict[str, Any] = {}
        if timeout is not NOT_GIVEN:
            changes["limits"] = time_limits(timeout)
        if max_retries is not NOT_GIVEN:
            changes["max_retries"] = count(max_retries, "max_retries", least=0)
        if strict is not NOT_GIVEN or on_mismatch is not NOT_GIVEN:
            changes["reporter"] = self.reporter.having(
                strict=None if strict is NOT_GIVEN else strict, on_mismatch=on_mismatch
            )
        if headers:
            changes["headers"] = header_pairs(headers, self.headers)
        return self._replace(**changes)


def default_options() -> Options:
    """The options of a client that was given none."""
    implementation = f"{sys.implementation.name} {sys.version_info[0]}.{sys.version_info[1]}.{sys.version_info[2]}"
    headers = {
        "accept": "application/json",
        # What zlib can take apart in bounded steps, and nothing else.
        "accept-encoding": "gzip",
        "user-agent": f"patchworks-core-client/{__version__} ({implementation}; {sys.platform})",
    }
    return Options(time_limits(DEFAULT_TIMEOUT_S), DEFAULT_MAX_RETRIES, Reporter(), header_pairs(headers))


def time_limits(timeout: Timeout) -> TimeLimits:
    """Read a `timeout=` argument.

    Raises:
        TypeError: it is neither seconds nor an `httpx.Timeout` nor `None`.
        ValueError: it is not above 0.
    """
    if timeout is None:
        return TimeLimits(None, {"connect": None, "read": None, "write": None, "pool": None})
    if isinstance(timeout, (int, float)) and not isinstance(timeout, bool):
        if not timeout > 0:
            raise ValueError("timeout= must be above 0 seconds; None is no limit")
        connect = min(CONNECT_TIMEOUT_S, timeout)
        # Reading and writing have no time-out of their own: the deadline of the call covers them.
        steps = {"connect": connect, "read": None, "write": None, "pool": None}
        return TimeLimits(None if timeout == float("inf") else float(timeout), steps)
    as_dict: Callable[[], dict[str, float | None]] | None = getattr(timeout, "as_dict", None)
    if as_dict is not None:
        return TimeLimits(None, as_dict())
    raise TypeError(f"timeout= takes seconds, an httpx.Timeout or None, not a {type(timeout).__name__}")


def resolve_config(
    *,
    credentials: Credentials,
    base_url: str | None,
    login_url: str | None,
    login_form: str,
    token_store: Any,
    max_connections: int | None,
    max_response_bytes: int,
    verify: Any,
    proxy: Any,
    transport: str,
    allow_http: bool,
    on_request: Callable[[Any], Any] | None,
    on_response: Callable[[Any], Any] | None,
    http_client: Any,
    environ: Mapping[str, str] = os.environ,
) -> Config:
    """Check the arguments of a client and fill in what the environment or the defaults say.

    Raises:
        PatchworksError: the credential would go over the network in the clear.
        TypeError: two arguments exclude each other, or one is of another type.
        ValueError: an argument has a value that cannot be used.
    """
    if base_url is None:
        base_url = environ.get("PATCHWORKS_BASE_URL", "").strip() or DEFAULT_BASE_URL
    if login_url is None:
        login_url = environ.get("PATCHWORKS_LOGIN_URL", "").strip() or None
    base = parse_base_url(base_url)
    login_base = parse_base_url(DEFAULT_LOGIN_URL if login_url is None else login_url, "login_url")
    if login_url is None and credentials.username is not None and base.origin != DEFAULT_BASE_URL:
        _warn_of_login(base)
    if base.prefix.endswith("/api/v1"):
        raise ValueError("base_url must end where /api/v1 begins, since every path of the API begins with that")
    if not allow_http:
        _refuse_clear_text(base, "base_url")
        if credentials.username is not None:
            _refuse_clear_text(login_base, "login_url")
    if login_form not in {"username", "email"}:
        raise ValueError("login_form= takes 'username' or 'email'")
    if isinstance(verify, str) and not os.path.exists(verify):
        raise ValueError(f"verify= names a file or folder that is not there: {verify}")
    if http_client is not None and (
        max_connections is not None or verify is not True or proxy is not None or transport != "httpx"
    ):
        raise TypeError("max_connections=, verify=, proxy= and transport= are to be set on your own http_client=")
    connection = ConnectionSettings(
        base,
        DEFAULT_MAX_CONNECTIONS if max_connections is None else count(max_connections, "max_connections", least=1),
        count(max_response_bytes, "max_response_bytes", least=1),
        verify,
        proxy,
        "aiohttp" if transport == "aiohttp" else "httpx",
        on_request,
        on_response,
        http_client,
        credentials.auth,
    )
    return Config(
        credentials,
        login_base.origin + login_base.prefix,
        "email" if login_form == "email" else "username",
        token_store,
        connection,
    )


def _warn_of_login(base: BaseURL) -> None:
    """Warn of a password that goes to production although the calls do not, which is seldom meant."""
    import logging  # here, since it is a sixth of this package's import time

    logging.getLogger(LOGGER_NAME).warning(
        "patchworks_core_client: base_url is %s, but the login goes to %s; "
        "set login_url= (or PATCHWORKS_LOGIN_URL) to where it is to go",
        base.origin,
        DEFAULT_LOGIN_URL,
    )


def _refuse_clear_text(base: BaseURL, name: str) -> None:
    if base.scheme == "http" and not base.is_loopback:
        raise PatchworksError(
            f"{name} is {base.origin}: a credential is sent over plain http:// to this machine only. "
            "Use https://, or set allow_http=True if nobody can listen in between."
        )
