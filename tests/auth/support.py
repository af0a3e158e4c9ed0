"""A login host that is played here, and both logins behind one face."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx

from patchworks_core_client._auth.account import Account
from patchworks_core_client._auth.async_login import AsyncLogin
from patchworks_core_client._auth.sync_login import SyncLogin
from patchworks_core_client._auth.token_renewal import TokenRenewal
from patchworks_core_client._auth.tokens import MemoryTokenStore, Token, TokenStore
from patchworks_core_client._clock import Deadline
from patchworks_core_client._http.generator_flow import drive, drive_async
from patchworks_core_client._http.masking import shown_text
from patchworks_core_client._http.outgoing_request import OutgoingRequest
from patchworks_core_client._http.request import Prepared
from patchworks_core_client._http.response import RawResponse
from patchworks_core_client._http.secret import Secret
from patchworks_core_client._session.status_errors import status_error

URL = "https://login.example/fabric/api/login"
PASSWORD = "correct horse"
ACCOUNT = Account("me@example.com", Secret(PASSWORD), URL)
FOREVER = Deadline(None)
TOKEN = Token("secret-token", 4e9, 1.0)


class Host:
    """A login host: gives a new token for each login, or what it is told to give.

    Attributes:
        logins: the bodies of the logins that came.
        answer: gives status and body of an answer, or raises.
        delay: the seconds that an answer takes.
    """

    def __init__(self, **fields: Any) -> None:
        self.logins: list[Any] = []
        self.requests: list[Prepared] = []
        self.fields = fields
        self.delay = 0.0
        self.answer: Callable[[int], tuple[int, object]] = lambda number: (
            200,
            {"message": "ok", "token": f"token-{number}", **self.fields},
        )
        self._lock = threading.Lock()

    async def asend(self, prepared: Prepared) -> RawResponse:
        number = self._arrive(prepared)
        await asyncio.sleep(self.delay)
        return self._answer(prepared, number)

    def send(self, prepared: Prepared, deadline: Deadline) -> RawResponse:
        number = self._arrive(prepared)
        time.sleep(self.delay)
        return self._answer(prepared, number)

    def _arrive(self, prepared: Prepared) -> int:
        with self._lock:
            self.requests.append(prepared)
            self.logins.append(json.loads(prepared.content))
            return len(self.logins)

    def _answer(self, prepared: Prepared, number: int) -> RawResponse:
        status, body = self.answer(number)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        raw = RawResponse(status, (), content, OutgoingRequest(None, {}, httpx.Request("POST", URL)))
        if not 200 <= status <= 299:
            shown = partial(shown_text, prepared, ())
            raise status_error(raw, "POST /fabric/api/login", shown, retry_after=None, acted=False)
        return raw


class PlainAsyncLogin(AsyncLogin):
    """Does what a call does with its login, and shows what it would send."""

    async def authorization(self) -> str:
        return (await drive_async(self.tokens.authorize(), lambda _: self.obtain())).reveal()

    async def refused(self, authorization: str) -> bool:
        return await drive_async(self.tokens.reauthorize(Secret(authorization)), lambda _: self.obtain())


class PlainLogin(SyncLogin):
    """Does what a call does with its login, and shows what it would send."""

    def authorization(self, deadline: Deadline) -> str:
        return drive(self.tokens.authorize(), lambda _: self.obtain(deadline)).reveal()

    def refused(self, authorization: str, deadline: Deadline) -> bool:
        return drive(self.tokens.reauthorize(Secret(authorization)), lambda _: self.obtain(deadline))


def tokens(account: Account = ACCOUNT, store: TokenStore | None = None) -> TokenRenewal:
    return TokenRenewal(account, MemoryTokenStore() if store is None else store)


class AsyncFace:
    """Runs the asynchronous login step by step, in one event loop."""

    def __init__(self, host: Host, account: Account = ACCOUNT, store: TokenStore | None = None) -> None:
        self._runner = asyncio.Runner()
        self.login = PlainAsyncLogin(tokens(account, store), host.asend)

    def authorization(self) -> str:
        return self._runner.run(self.login.authorization())

    def refused(self, authorization: str) -> bool:
        return self._runner.run(self.login.refused(authorization))

    def close(self) -> None:
        self._runner.close()


class SyncFace:
    def __init__(self, host: Host, account: Account = ACCOUNT, store: TokenStore | None = None) -> None:
        self.login = PlainLogin(tokens(account, store), host.send)

    def authorization(self) -> str:
        return self.login.authorization(FOREVER)

    def refused(self, authorization: str) -> bool:
        return self.login.refused(authorization, FOREVER)

    def close(self) -> None:
        pass


Face = AsyncFace | SyncFace
MakeFace = Callable[..., Face]
