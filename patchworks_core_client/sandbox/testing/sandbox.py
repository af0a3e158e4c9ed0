"""The handle on a sandbox that tests use: its credentials, its faults, and the requests that came."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette

from ..._lazy import resolvable
from .faults import Faults
from .recorded_requests import RecordedRequest
from .sandbox_state import SandboxState


@resolvable
class Sandbox:
    """A local Patchworks: the pytest fixture `patchworks_sandbox`, and `state.sandbox` of what `create_app()` gives.

    Attributes:
        app: the ASGI app, to serve or to send requests into.
    """

    def __init__(self, app: Starlette, state: SandboxState) -> None:
        self.app: Starlette = app
        self._state = state

    @property
    def api_key(self) -> str:
        """The key that is let in, with a manager's rights."""
        return self._state.options.credentials.api_key

    @property
    def username(self) -> str:
        """The user of the login, an administrator."""
        return self._state.options.credentials.username

    @property
    def password(self) -> str:
        """The password of that user."""
        return self._state.options.credentials.password

    @property
    def faults(self) -> Faults:
        """The faults to inject: `sandbox.faults.add("next 2 503")`."""
        return self._state.faults

    @property
    def requests(self) -> list[RecordedRequest]:
        """The requests that came in, the newest last: as many as `keep_requests` says."""
        return self._state.requests.all()

    @property
    def on_request(self) -> Callable[[RecordedRequest], None] | None:
        """What is called with each request after it is answered, in the thread that serves it."""
        return self._state.listener

    @on_request.setter
    def on_request(self, listener: Callable[[RecordedRequest], None] | None) -> None:
        self._state.listener = listener

    def forget_requests(self) -> None:
        """Empty `requests`."""
        self._state.requests.forget()

    def revoke_tokens(self) -> None:
        """Make every token that a login gave worthless."""
        self._state.authenticator.revoke_tokens()

    def reset(self) -> None:
        """Bring the state back to that of the start: nothing, or the seed data. Faults are lifted too."""
        self._state.reset()

    def close(self) -> None:
        """Close the database; the state of a sandbox in memory is gone. A second call does nothing."""
        self._state.close()

    def __repr__(self) -> str:
        return f"<Sandbox, {len(self.requests)} requests recorded>"
