"""The log lines of the package, and how `PATCHWORKS_LOG` turns them on.

All loggers are below `patchworks_core_client`. A line names the documented path of a call, not the one with its ids;
no query, no header and no body.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from .._http.attempt_result import TransportFailure
from .._http.response_content import request_id

if TYPE_CHECKING:
    from .._http.attempt_result import RawResponse

logger = logging.getLogger("patchworks_core_client")
attempts = logging.getLogger("patchworks_core_client.attempts")

# A segment that is a word of the API, and no id.
_WORD = re.compile(r"[A-Za-z][A-Za-z_-]*|v\d+|\{.*\}|")


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
    return "/".join(part if _WORD.fullmatch(part) else "{}" for part in path.split("/"))


def attempt(
    method: str, template: str, outcome: RawResponse | TransportFailure | None, seconds: float, number: int
) -> None:
    """Log one attempt; without an outcome it was broken off."""
    if outcome is None:
        result, identity = "broken off", None
    elif isinstance(outcome, TransportFailure):
        result, identity = outcome.kind, None
    else:
        result, identity = str(outcome.status), request_id(outcome.headers)
    attempts.debug(
        "%s %s -> %s in %.0f ms (attempt %d, request id %s)",
        method,
        without_values(template),
        result,
        seconds * 1000,
        number,
        identity or "-",
    )
