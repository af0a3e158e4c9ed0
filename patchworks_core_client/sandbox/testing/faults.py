"""Fault injection: a share of the requests, or the next few, fail in a chosen way."""

from __future__ import annotations

import random
import re
import threading
from dataclasses import dataclass

from ..._lazy import resolvable
from ..patchworks.routes import OPERATION_NAMES

FAULT = re.compile(
    r"(?:(?P<percent>[0-9]{1,3}(?:\.[0-9]+)?)%|next(?: (?P<times>[1-9][0-9]{0,5}))?) "
    r"(?:(?P<status>[3-5][0-9]{2})|delay (?P<delay>[0-9]+(?:\.[0-9]+)?)|(?P<cut>cut)|(?P<mistyped>mistyped))"
    r"(?: retry-after (?P<retry>[0-9]{1,6}))?"
    r"(?P<late> late)?"
    r"(?: on (?P<operation>[a-z_.]+))?",
    re.ASCII,
)
EXAMPLES = (
    "'5% 503', 'next 500', 'next 3 429 retry-after 2', '1% delay 2.5', '2% cut', 'next mistyped', "
    "'next 503 late on virtual_environments.create'"
)
MAX_DELAY_S = 3_600
MAX_FAULTS = 1_000


@resolvable
@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault to inject.

    Attributes:
        text: how it was written.
        percent: the share of the requests that it strikes; `None` for the next ones.
        times: how many of the next requests it strikes.
        status: the status to answer with; `None` for a delay or a cut.
        delay_s: how many seconds to wait before going on as usual.
        cut: the body ends before its length is reached, and the connection with it.
        mistyped: a success comes with text where it should have whole numbers.
        retry_after: the `Retry-After` of the response, in seconds.
        late: the request takes effect before it fails.
        operation: the only operation that it strikes, by the SDK's name for it.
    """

    text: str
    percent: float | None = None
    times: int = 1
    status: int | None = None
    delay_s: float = 0.0
    cut: bool = False
    mistyped: bool = False
    retry_after: int | None = None
    late: bool = False
    operation: str | None = None

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read a fault: `WHEN WHAT [retry-after SECONDS] [late] [on OPERATION]`.

        `WHEN` is a share (`5%`) or the next requests (`next`, `next 3`); `WHAT` a status from 300 to 599,
        `delay SECONDS` (an hour at most), `cut` for a body that ends too early, or `mistyped` for text where whole
        numbers are described. With `late` the request takes effect before the response is spoiled.

        Raises:
            ValueError: the text has another form, or there is no such operation.
        """
        found = FAULT.fullmatch(" ".join(text.split()))
        if not found or float(found["percent"] or 0) > 100 or float(found["delay"] or 0) > MAX_DELAY_S:
            raise ValueError(f"{text!r} is no fault; write it like {EXAMPLES}")
        if found["operation"] not in {None, *OPERATION_NAMES}:
            known = ", ".join(sorted(OPERATION_NAMES))
            raise ValueError(f"{text!r}: no operation {found['operation']}; known are {known}")
        return cls(
            text=found[0],
            percent=float(found["percent"]) if found["percent"] else None,
            times=int(found["times"] or 1),
            status=int(found["status"]) if found["status"] else None,
            delay_s=float(found["delay"] or 0),
            cut=bool(found["cut"]),
            mistyped=bool(found["mistyped"]),
            retry_after=int(found["retry"]) if found["retry"] else None,
            late=bool(found["late"]),
            operation=found["operation"],
        )


@resolvable
class Faults:
    """The faults in force. Which requests a share strikes is the same in every run.

    Args:
        faults: the faults to begin with.
    """

    def __init__(self, faults: tuple[Fault, ...] = ()) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(0)  # noqa: S311 - chance, not secrecy
        self._left: list[tuple[Fault, int]] = []
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault | str) -> None:
        """Put one more fault in force.

        Raises:
            ValueError: the text is no fault, or there are a thousand already.
        """
        made = Fault.parse(fault) if isinstance(fault, str) else fault
        with self._lock:
            if len(self._left) >= MAX_FAULTS:
                raise ValueError(f"{MAX_FAULTS} faults are in force already")
            self._left.append((made, made.times))

    def clear(self) -> None:
        """Lift all faults."""
        with self._lock:
            self._left.clear()

    def in_force(self) -> list[str]:
        """Return the faults that may still strike a request, as they were written."""
        with self._lock:
            return [fault.text for fault, _ in self._left]

    def take(self, operation: str | None) -> Fault | None:
        """Return the fault that strikes a request of that operation, if one does; the first one added wins."""
        with self._lock:
            for index, (fault, left) in enumerate(self._left):
                if fault.operation not in {None, operation}:
                    continue
                if fault.percent is None:
                    if left == 1:
                        del self._left[index]
                    else:
                        self._left[index] = (fault, left - 1)
                    return fault
                if self._random.random() * 100 < fault.percent:
                    return fault
        return None
