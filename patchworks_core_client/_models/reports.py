"""What happens where a body differs from its description: it is logged, handed to the caller, or an error."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from .._errors import Mismatch
from .._types import NOT_GIVEN
from .mismatches import Sink

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._errors import DecodeError
    from .._types import NotGiven
    from .decode import Decoder
    from .mismatches import Described

LOGGER_NAME = "patchworks_core_client"
# Kinds come from the described fields and the few types of JSON, so that honest use never reaches this.
MAX_KINDS = 10_000
# The text of an error names this many mismatches; its attribute `mismatches` holds them all.
MAX_NAMED = 5


class KindLog:
    """Warns once for each kind of mismatch: a field of a model, its described type and the type that came."""

    def __init__(self) -> None:
        self.known: set[Any] = set()
        self._lock = Lock()

    def warn(self, kind: object, mismatch: Callable[[], Mismatch], *, of_its_type: bool = False) -> None:
        """Log a mismatch unless one of its kind was logged already.

        Args:
            kind: what the mismatches have in common that are logged once.
            mismatch: makes it.
            of_its_type: whether only the value is another than described, such as a new word for a status.
        """
        with self._lock:
            if kind in self.known or len(self.known) >= MAX_KINDS:
                return
            self.known.add(kind)
        # Imported when there is something to say: logging is a sixth of this package's import time.
        import logging

        model, field, declared, got = mismatch()
        place = f"{model}.{field}" if field and not field.startswith("[") else model + field
        came = f"an undocumented value ({got})" if of_its_type else got
        logging.getLogger(LOGGER_NAME).warning(
            # Unless logging is set up, the line stands alone, without the name of its logger.
            "patchworks_core_client: %s: %s is described, %s came; such values are kept as they came",
            place,
            declared,
            came,
        )


class Report(Sink):
    """The mismatches of one body, in tolerant mode with nobody listening: each kind is logged when it first appears."""

    def __init__(self, log: KindLog) -> None:
        self.found = []
        self.known = log.known
        self._log = log

    def add(self, node: Described, got: type) -> None:
        """Log a mismatch, once for its kind."""
        if (node, got) not in self._log.known:
            self._log.warn(
                (node, got),
                lambda: Mismatch(node.model, node.field, node.declared, got.__name__),
                of_its_type=got in node.table,
            )

    def decode(self, decoder: Decoder, value: Any, path: str = "") -> Any:
        """Decode a part of the body.

        Args:
            decoder: made by `decoder(annotation, package)`.
            value: the part, as parsed from JSON.
            path: where in the body it stands, such as `data`.

        Returns:
            The value as described; what does not match as it came.
        """
        return decoder(value, self)

    def mismatch(self, mismatch: Mismatch) -> None:
        """Tell of a mismatch outside of any model, as in an envelope."""
        self._log.warn(mismatch, lambda: mismatch)

    def finish(self, error: Callable[[str], DecodeError] | None = None) -> None:
        """Call this when the whole body is decoded: everybody who listens is told.

        Args:
            error: makes the exception of a message, so that it can name the call and hold the response.

        Raises:
            DecodeError: in strict mode, if there was any mismatch.
        """


class FullReport(Report):
    """The mismatches of one body, each with its path, for strict mode or a listener."""

    paths = True

    def __init__(self, reporter: Reporter, log: KindLog) -> None:
        super().__init__(log)
        self.known = frozenset()
        self._reporter = reporter
        self._outside: list[Mismatch] = []

    def add(self, node: Described, got: type) -> None:
        """Keep a mismatch; containers put their path in front of it."""
        self.found.append(("", node, got))

    def decode(self, decoder: Decoder, value: Any, path: str = "") -> Any:
        """As `Report.decode`."""
        start = len(self.found)
        decoded = decoder(value, self)
        self.prefix(start, path)
        return decoded

    def mismatch(self, mismatch: Mismatch) -> None:
        """As `Report.mismatch`."""
        self._outside.append(mismatch)

    def finish(self, error: Callable[[str], DecodeError] | None = None) -> None:
        """As `Report.finish`. What `on_mismatch` raises leaves this call as it is; the rest is then not told."""
        mismatches = [
            *self._outside,
            *(
                Mismatch(node.model, path.removeprefix("."), node.declared, got.__name__)
                for path, node, got in self.found
            ),
        ]
        reporter = self._reporter
        if not reporter.strict:
            for mismatch in self._outside:
                super().mismatch(mismatch)
            for _, node, got in self.found:
                super().add(node, got)
        if reporter.on_mismatch is not None:
            for mismatch in mismatches:
                reporter.on_mismatch(mismatch)
        if reporter.strict and mismatches:
            raise _error(mismatches, error)


def _error(mismatches: list[Mismatch], make: Callable[[str], DecodeError] | None) -> DecodeError:
    from .._errors import DecodeError  # needed in the rarest of cases only

    named = [
        f"{field or model}: {declared} is described, {got} came"
        for model, field, declared, got in mismatches[:MAX_NAMED]
    ]
    if len(mismatches) > MAX_NAMED:
        named.append(f"and {len(mismatches) - MAX_NAMED} more")
    message = f"the body is not as described: {'; '.join(named)}"
    error = DecodeError(message) if make is None else make(message)
    error.mismatches = mismatches
    return error


class Reporter:
    """What a client does with mismatches; each client has one, so that each warns once for each kind.

    Args:
        strict: raise `DecodeError` for a body that differs from its description.
        on_mismatch: is called with every mismatch, when the whole body is decoded and before `DecodeError` is raised.
            What it raises itself goes to the caller.
    """

    def __init__(self, *, strict: bool = False, on_mismatch: Callable[[Mismatch], object] | None = None) -> None:
        self.strict = strict
        self.on_mismatch = on_mismatch
        self._log = KindLog()
        self._quiet = Report(self._log)

    def having(
        self,
        *,
        strict: bool | None = None,
        on_mismatch: Callable[[Mismatch], object] | NotGiven | None = NOT_GIVEN,
    ) -> Reporter:
        """The same with other options; both warn once for each kind together."""
        changed = Reporter(
            strict=self.strict if strict is None else strict,
            on_mismatch=self.on_mismatch if on_mismatch is NOT_GIVEN else on_mismatch,
        )
        changed._log = self._log
        changed._quiet = self._quiet
        return changed

    def start(self) -> Report:
        """Begin the report of one body."""
        if self.strict or self.on_mismatch is not None:
            return FullReport(self, self._log)
        # It holds nothing of one body, so that all can share it.
        return self._quiet
