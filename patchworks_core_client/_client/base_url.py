"""Where the API is, and where to log in: the arguments `base_url` and `login_url`, the environment, or the defaults."""

from __future__ import annotations

from typing import Any

from .._defaults import BASE_URL, LOGIN_URL
from .._errors import PatchworksError
from .._http import environment_variables as variables
from .._http.urls import BaseURL, parse_base_url


def base_urls(base_url: Any, login_url: Any, *, logs_in: bool, allow_http: bool) -> tuple[BaseURL, BaseURL]:
    """Return where the API is, and where to log in (which does not matter unless the client `logs_in`).

    Raises:
        PatchworksError: a credential would go where it should not.
        ValueError: one is no URL that can be used.
    """
    base = _url(base_url, "base_url", variables.BASE_URL) or parse_base_url(BASE_URL)
    login = _url(login_url, "login_url", variables.LOGIN_URL)
    if base.prefix.endswith("/api/v1"):
        raise ValueError("base_url must end where /api/v1 begins, since every path of the API begins with that")
    if login is None:
        if logs_in and base.origin != BASE_URL:
            raise PatchworksError(
                f"base_url is {base.origin}, but there is no login_url: set login_url= (or {variables.LOGIN_URL}), or "
                f"the password would go to {LOGIN_URL}"
            )
        login = parse_base_url(LOGIN_URL, "login_url")
    if not allow_http:
        _refuse_clear_text(base, "base_url")
        if logs_in:
            _refuse_clear_text(login, "login_url")
    return base, login


def _url(given: Any, name: str, variable_name: str) -> BaseURL | None:
    """The URL of an argument, or else of the environment; errors call it what it came from."""
    if given is not None:
        return parse_base_url(given, name)
    value = variables.variable(variable_name)
    return None if value is None else parse_base_url(value, variable_name)


def _refuse_clear_text(base: BaseURL, name: str) -> None:
    if base.scheme == "http" and not base.is_loopback:
        raise PatchworksError(
            f"{name} is {base.origin}: a credential is sent over plain http:// to this machine only. "
            "Use https://, or set allow_http=True if nobody can listen in between."
        )
