"""The control path `/_sandbox`, which changes a running sandbox, where that is allowed; it asks for the credentials.

GET    /_sandbox                what is in force
GET    /_sandbox/requests       the last requests, without their bodies
DELETE /_sandbox/requests       forgets them
POST   /_sandbox/faults         {"fault": "5% 503"} puts a fault in force
DELETE /_sandbox/faults         lifts all faults
PUT    /_sandbox/settings       {"rate": "60/min", "login_rate": null, "token_ttl": 5}, any of them
POST   /_sandbox/revoke-tokens  makes every token worthless
POST   /_sandbox/reset          back to the state of the start
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..laravel.errors import ValidationError
from ..laravel.throttle import Rate
from ..laravel.validation import Rule, validate
from ..patchworks.auth import MAX_TOKEN_TTL_S
from .routing import no_route, not_allowed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..testing.sandbox_state import SandboxState

    Action = Callable[[SandboxState, "Body"], Any]

PREFIX = "/_sandbox"

Body = dict[str, Any]


def is_control(path: str) -> bool:
    """Tell whether a path belongs to the control path."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def serve(state: SandboxState, method: str, path: str, body: Body) -> Any:
    """Answer a request to the control path.

    Raises:
        HttpError: 404, 405, and 422 for values that cannot be understood.
    """
    actions = _ACTIONS.get(path.removeprefix(PREFIX).rstrip("/"))
    if actions is None:
        raise no_route(path)
    if method not in actions:
        raise not_allowed(method, actions)
    return actions[method](state, body)


def _show(state: SandboxState, _: Body) -> Any:
    return {
        "faults": state.faults.in_force(),
        "rate": _text(state.throttle.rate),
        "login_rate": _text(state.login_throttle.rate),
        "token_ttl": state.authenticator.token_ttl,
    }


def _requests(state: SandboxState, _: Body) -> Any:
    return {
        "data": [
            {
                "method": request.method,
                "path": request.path,
                "operation": request.operation,
                "status": request.status,
                "ms": round(request.ms, 3),
                "fault": request.fault,
                "request_id": request.request_id,
            }
            for request in state.requests.all()
        ]
    }


def _forget(state: SandboxState, body: Body) -> Any:
    state.requests.forget()
    return _requests(state, body)


def _add_fault(state: SandboxState, body: Body) -> Any:
    fields = validate(body, {"fault": Rule(required=True)}, documented=False)
    try:
        state.faults.add(fields["fault"])
    except ValueError as error:
        raise ValidationError({"fault": [str(error)]}) from None
    return _show(state, body)


def _clear_faults(state: SandboxState, body: Body) -> Any:
    state.faults.clear()
    return _show(state, body)


def _change_settings(state: SandboxState, body: Body) -> Any:
    fields = validate(body, _SETTINGS, documented=False)
    rates: dict[str, Rate | None] = {}
    for name in {"rate", "login_rate"} & set(fields):
        try:
            rates[name] = Rate.parse(fields[name]) if fields[name] else None
        except ValueError as error:
            raise ValidationError({name: [str(error)]}) from None
    token_ttl = fields.get("token_ttl", state.authenticator.token_ttl)
    if not 0 <= token_ttl <= MAX_TOKEN_TTL_S:
        raise ValidationError({"token_ttl": [f"The token ttl field must be between 0 and {MAX_TOKEN_TTL_S}."]})
    state.authenticator.token_ttl = token_ttl
    state.throttle.rate = rates.get("rate", state.throttle.rate)
    state.login_throttle.rate = rates.get("login_rate", state.login_throttle.rate)
    return _show(state, body)


def _revoke(state: SandboxState, body: Body) -> Any:
    state.authenticator.revoke_tokens()
    return _show(state, body)


def _reset(state: SandboxState, body: Body) -> Any:
    state.reset()
    return _show(state, body)


def _text(rate: Rate | None) -> str | None:
    return str(rate) if rate else None


_SETTINGS = {
    "rate": Rule(nullable=True),
    "login_rate": Rule(nullable=True),
    "token_ttl": Rule(kind="integer", filled=True),
}
_ACTIONS: Mapping[str, Mapping[str, Action]] = {
    "": {"GET": _show},
    "/requests": {"GET": _requests, "DELETE": _forget},
    "/faults": {"POST": _add_fault, "DELETE": _clear_faults},
    "/settings": {"PUT": _change_settings},
    "/revoke-tokens": {"POST": _revoke},
    "/reset": {"POST": _reset},
}
