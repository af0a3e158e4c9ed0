"""Which credential a client uses: that of its arguments, or else that of the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._checks import instance, is_utf8
from .._errors import PatchworksError
from .._http.environment_variables import API_KEY, PASSWORD, USERNAME, variable
from .._http.headers import header_value
from .._http.secret import Secret
from .._http.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .account import Account

_VARIABLES = {"api_key": API_KEY, "username": USERNAME, "password": PASSWORD}
_WHAT_TO_SET = f"Set api_key= (or {API_KEY}), or username= and password= (or {USERNAME} and {PASSWORD})"
_SCHEMES = frozenset({"bearer", "basic", "token", "apikey"})


class Credentials(Value):
    """An API key, an account that logs in, or an `httpx.Auth`; exactly one of them.

    Attributes:
        api_key: the key.
        account: who logs in.
        token_store: where the token of the account is kept.
        auth: the caller's own authentication.
    """

    api_key: Secret[str] | None = None
    account: Account | None = None
    token_store: Any = None
    auth: Any = None

    @property
    def kind(self) -> str:
        """The name of the one that there is."""
        return "api_key" if self.api_key else "login" if self.account else "auth"

    def __repr__(self) -> str:
        # Tools that print the variables of a traceback get here, and an `httpx.Auth` may show what it holds.
        return f"<Credentials: {self.kind}>"


def choose_credentials(given: Mapping[str, Secret[Any]], auth: Any) -> Mapping[str, Secret[str]]:
    """Return the key, or user name and password: of the arguments, or, when these have none, of the environment.

    Args:
        given: those of the arguments that are not `None`.
        auth: an `httpx.Auth` of the caller's, besides which there must be none.

    Raises:
        PatchworksError: there is none, more than one, or half a login; says what to set.
        TypeError: one is of another type.
        ValueError: the key is none as it stands. No message repeats it.
    """
    source, names = "the arguments", {name: f"{name}=" for name in _VARIABLES}
    if not given and auth is None:
        source, names = "the environment", _VARIABLES
        values = ((name, variable(of)) for name, of in _VARIABLES.items())
        given = {name: Secret(value) for name, value in values if value is not None}
    for name, value in given.items():
        _check_text(value, names[name])
    login = "username" in given or "password" in given
    kinds = ("api_key" in given) + login + (auth is not None)
    if kinds == 0:
        raise PatchworksError(f"There is no credential. {_WHAT_TO_SET}.")
    if kinds > 1:
        raise PatchworksError(f"There is more than one credential in {source}. {_WHAT_TO_SET}, not both.")
    if login and len(given) == 1:
        missing = "username" if "password" in given else "password"
        raise PatchworksError(
            f"The login in {source} is only half there: {missing}= (or {_VARIABLES[missing]}) is missing."
        )
    if "api_key" in given:
        _check_key(given["api_key"], names["api_key"])
    instance(auth, "auth", "auth_flow", "an httpx.Auth")
    return given


def _check_text(value: Secret[Any], name: str) -> None:
    if not isinstance(value.reveal(), str):
        raise TypeError(f"{name.removesuffix('=')}= must be a str, not {type(value.reveal()).__name__}")
    if not value.reveal().strip():
        raise PatchworksError(f"{name} is empty. {_WHAT_TO_SET}.")
    # Half of a surrogate pair is what Python makes of a variable that is not in the encoding of the system.
    if not is_utf8(value.reveal()):
        raise ValueError(f"{name} must be text that UTF-8 can express")


def _check_key(key: Secret[str], name: str) -> None:
    """Refuse what is no key as it stands, but a key with something round it."""
    header_value(key, name.removesuffix("="))
    if len(words := key.reveal().split(maxsplit=1)) > 1 and words[0].lower() in _SCHEMES:
        raise ValueError(f"{name} begins with the name of a scheme: give the key alone, as Patchworks shows it")
    if any(character in key.reveal() for character in " \t"):
        raise ValueError(f"{name} holds a space: give the key alone, as Patchworks shows it")
    if key.reveal()[0] in "'\"`" or key.reveal()[-1] in "'\"`":
        raise ValueError(f"{name} begins or ends with a quotation mark: give the key without it")
