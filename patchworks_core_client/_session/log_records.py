"""The log lines of the package, and how `PATCHWORKS_LOG` turns them on.

All loggers are below `patchworks_core_client`. Each retry and each wait for a turn is one record of level INFO, each
attempt one of level DEBUG, with the fields `method`, `path_template`, `status`, `attempt`, `wait` and `request_id` as
`extra`; a wait for a turn has a `reason` besides. A record names the documented path of a call, not the one with its
ids; no query, no header and no body.
"""

from __future__ import annotations

import logging
import math
import re
from typing import TYPE_CHECKING, Any

from .._http.attempt import TransportFailure
from .._http.response import RawResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._http.request import Prepared
    from .._limits.queue import Waiting

logger = logging.getLogger("patchworks_core_client")
attempts = logging.getLogger("patchworks_core_client.attempts")

# A segment that is a word of the API, and no id.
_WORD = r"[A-Za-z][A-Za-z_-]*|v\d+|\{.*\}|"


def configure(level: str) -> None:
    """Do what `PATCHWORKS_LOG` says: show the lines of this level and above, on stderr unless logging is set up."""
    number = logging.getLevelNamesMapping().get(level.strip().upper())
    if number is None:
        logger.warning("PATCHWORKS_LOG holds no level; use debug, info, warning or error")
        return
    logger.setLevel(number)
    if not logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logger.addHandler(handler)


def without_values(path: str) -> str:
    """A path with everything that is no word of the API left out."""
    return "/".join(part if re.fullmatch(_WORD, part) else "{}" for part in path.split("/"))


def attempt(
    prepared: Prepared,
    result: RawResponse | TransportFailure | None,
    seconds: float,
    number: int,
    shown: Callable[[str], str],
) -> None:
    """Log one attempt, for those who look for a fault; without a result it was broken off."""
    fields = {**_fields(prepared, result, number, shown), "seconds": seconds}
    _log(logging.DEBUG, fields, f" in {seconds * 1000:.0f} ms")


def retry(
    prepared: Prepared, result: RawResponse | TransportFailure, number: int, wait: float, shown: Callable[[str], str]
) -> None:
    """Log that a call is going to be sent again."""
    fields = {**_fields(prepared, result, number, shown), "wait": wait}
    _log(logging.INFO, fields, f"; sent again in {wait:.2f} s")


def _log(level: int, fields: dict[str, Any], what: str) -> None:
    attempts.log(
        level,
        "%s %s -> %s%s (attempt %d, request id %s)",
        fields["method"],
        fields["path_template"],
        fields["result"],
        what,
        fields["attempt"],
        fields["request_id"] or "-",
        extra=fields,
    )


def waits(prepared: Prepared, waiting: Waiting, number: int, shown: Callable[[str], str]) -> None:
    """Log that a request waits for its turn."""
    result = waiting.cause if isinstance(waiting.cause, RawResponse) else None
    fields = {**_fields(prepared, result, number, shown), "reason": waiting.reason}
    if result is None:
        fields["result"] = "waits"
    known = math.isfinite(waiting.seconds)
    attempts.info(
        "%s %s waits%s: %s",
        prepared.method,
        fields["path_template"],
        f" for {waiting.seconds:.2f} s" if known else "",
        _REASONS[waiting.reason],
        extra={**fields, "wait": waiting.seconds if known else None},
    )


_REASONS = {
    "pause": "the server takes no requests until then",
    "pace": "others go out before, as fast as the server takes them",
    "budget": "the budget is used up until then",
}


def _fields(
    prepared: Prepared, result: RawResponse | TransportFailure | None, number: int, shown: Callable[[str], str]
) -> dict[str, Any]:
    """What a record says of an attempt, as its `extra`."""
    status = identity = None
    if result is None:
        what = "broken off"
    elif isinstance(result, TransportFailure):
        what = result.kind
    else:
        status, identity = result.status, result.request_id
        what = str(status)
    return {
        "method": prepared.method,
        "path_template": without_values(prepared.template),
        "status": status,
        "result": what,
        "attempt": number,
        "request_id": None if identity is None else shown(identity),
    }
