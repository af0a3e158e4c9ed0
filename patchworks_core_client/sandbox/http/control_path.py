"""The control path, which changes a running sandbox. It exists only when asked for, and wants the credentials.

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

    from ..testing.sandbox_state import Engine

    Action = Callable[[Engine, "Body"], Any]

PREFIX = "/_sandbox"

Body = dict[str, Any]


def is_control(path: str) -> bool:
    """Tell whether a path belongs to the control path."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def serve(engine: Engine, method: str, path: str, body: Body) -> Any:
    """Answer a request to the control path.

    Raises:
        HttpError: 404, 405, and 422 for values that cannot be understood.
    """
    actions = _ACTIONS.get(path.removeprefix(PREFIX).rstrip("/"))
    if actions is None:
        raise no_route(path)
    if method not in actions:
        raise not_allowed(method, actions)
    return actions[method](engine, body)


def _show(engine: Engine, _: Body) -> Any:
    return {
        "faults": engine.faults.in_force(),
        "rate": _text(engine.throttle.rate),
        "login_rate": _text(engine.login_throttle.rate),
        "token_ttl": engine.authenticator.token_ttl,
    }


def _requests(engine: Engine, _: Body) -> Any:
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
            for request in engine.requests.all()
        ]
    }


def _forget(engine: Engine, body: Body) -> Any:
    engine.requests.forget()
    return _requests(engine, body)


def _add_fault(engine: Engine, body: Body) -> Any:
    fields = validate(body, {"fault": Rule(required=True)}, documented=False)
    try:
        engine.faults.add(fields["fault"])
    except ValueError as error:
        raise ValidationError({"fault": [str(error)]}) from None
    return _show(engine, body)


def _lift_faults(engine: Engine, body: Body) -> Any:
    engine.faults.clear()
    return _show(engine, body)


def _change(engine: Engine, body: Body) -> Any:
    fields = validate(body, _SETTINGS, documented=False)
    rates: dict[str, Rate | None] = {}
    for name in {"rate", "login_rate"} & set(fields):
        try:
            rates[name] = Rate.parse(fields[name]) if fields[name] else None
        except ValueError as error:
            raise ValidationError({name: [str(error)]}) from None
    token_ttl = fields.get("token_ttl", engine.authenticator.token_ttl)
    if not 0 <= token_ttl <= MAX_TOKEN_TTL_S:
        raise ValidationError({"token_ttl": [f"The token ttl field must be between 0 and {MAX_TOKEN_TTL_S}."]})
    engine.authenticator.token_ttl = token_ttl
    engine.throttle.rate = rates.get("rate", engine.throttle.rate)
    engine.login_throttle.rate = rates.get("login_rate", engine.login_throttle.rate)
    return _show(engine, body)


def _revoke(engine: Engine, body: Body) -> Any:
    engine.authenticator.revoke_tokens()
    return _show(engine, body)


def _reset(engine: Engine, body: Body) -> Any:
    engine.reset()
    return _show(engine, body)


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
    "/faults": {"POST": _add_fault, "DELETE": _lift_faults},
    "/settings": {"PUT": _change},
    "/revoke-tokens": {"POST": _revoke},
    "/reset": {"POST": _reset},
}
