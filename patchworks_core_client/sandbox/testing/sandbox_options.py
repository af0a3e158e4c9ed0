"""The options of a sandbox, and which values they may have."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..patchworks.auth import DEFAULT_TOKEN_TTL_S, MAX_TOKEN_TTL_S, Credentials
from ..patchworks.routes import OPERATION_NAMES
from .recorded_requests import DEFAULT_KEEP_REQUESTS, MAX_KEEP_REQUESTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike

    from ..laravel.throttle import Rate
    from .faults import Fault

MAX_SEED = 2**63 - 1
MAX_LAG_S = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOptions:
    """How a sandbox behaves; `create_app` explains each."""

    db: str | PathLike[str] | None = None
    credentials: Credentials = field(default_factory=Credentials)
    token_ttl: int = DEFAULT_TOKEN_TTL_S
    rate: Rate | None = None
    login_rate: Rate | None = None
    faults: tuple[Fault, ...] = ()
    admin_only: frozenset[str] = frozenset()
    as_documented: bool = False
    seed: int | None = None
    control: bool = False
    keep_requests: int = DEFAULT_KEEP_REQUESTS
    max_environments: int | None = None
    lag: float = 0.0
    clock: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        if self.db is not None and not os.fspath(self.db):
            raise ValueError("db is empty")
        unknown = sorted(self.admin_only - OPERATION_NAMES)
        if unknown:
            raise ValueError(
                f"there is no operation {', '.join(unknown)}; known are {', '.join(sorted(OPERATION_NAMES))}"
            )
        for name in ("api_key", "username", "password"):
            value = getattr(self.credentials, name)
            if not value:
                raise ValueError(f"{name} is empty")
            if not value.isprintable() or value != value.strip():
                raise ValueError(f"{name} is no line of text, or has white space around it")
        if not self.credentials.api_key.isascii():
            raise ValueError("api_key is not ASCII, and a header holds nothing else for certain")
        bounds: tuple[tuple[str, float, float], ...] = (
            ("token_ttl", self.token_ttl, MAX_TOKEN_TTL_S),
            ("seed", self.seed or 0, MAX_SEED),
            ("keep_requests", self.keep_requests, MAX_KEEP_REQUESTS),
            ("lag", self.lag, MAX_LAG_S),
        )
        for name, number, most in bounds:
            if not 0 <= number <= most:
                raise ValueError(f"{name} is {number}; it goes from 0 to {most}")


def operation_names(names: Iterable[str]) -> frozenset[str]:
    """Return names of operations, as `admin_only` takes them: one or several, also separated by commas."""
    return frozenset(part.strip() for name in names for part in name.split(",") if part.strip())
