"""Values that differ from their description: dropped, logged, handed to a listener, or an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .._checks import finished
from .._errors import DecodeError, Mismatch
from .._types import NOT_GIVEN

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from .._types import NotGiven

LOGGER_NAME = "patchworks_core_client"
# Kinds come from the described fields and the few types of JSON, so that honest use never reaches this.
MAX_KINDS = 10_000
# The text of an error names this many mismatches; its attribute `mismatches` holds them all.
MAX_NAMED = 5


class Described(Protocol):
    """What a value is described as: a field type, as far as a message needs it."""

    model: str
    field: str
    declared: str

    @property
    def table(self) -> Container[type]:
        """The types of JSON values that match."""
        ...


class Mismatches:
    """Takes the mismatches of one body. This one drops them, as those of values that the caller made himself.

    Attributes:
        paths: whether the path of each mismatch is wanted; if so, containers put theirs in front on the way out.
        found: the mismatches so far, where paths are wanted: path, field type, and the type that came.
        known: what need not be reported again, as pairs of a field type and the type that came.
    """

    paths = False

    def __init__(self) -> None:
        self.found: list[tuple[str, Described, type]] = []
        self.known: Container[tuple[Described, type]] = _Everything()

    def add(self, field_type: Described, got: type) -> None:
        """Report that a value of type `got` is not what `field_type` describes."""

    def prefix(self, start: int, path: str) -> None:
        """Put a container's path in front of all that was found in it, which is all from `start` on."""

    def decode(self, decoder: Callable[[Any, Mismatches], Any], value: Any, path: str = "") -> Any:
        """Decode a part of a body.

        Args:
            decoder: made by `decoder(annotation, package)`.
            value: the part, as parsed from JSON.
            path: where in the body it stands, such as `data`.

        Returns:
            The value as described; what does not match as it came.
        """
        start = len(self.found)
        decoded = decoder(value, self)
        self.prefix(start, path)
        return decoded

    def mismatch(self, mismatch: Mismatch) -> None:
        """Report a mismatch outside of any model, as in an envelope."""

    def finish(self, error: Callable[[str], DecodeError] | None = None) -> None:
        """End with the body; the listener is called.

        Args:
            error: makes the exception of a message, so that it can name the call and hold the response.

        Raises:
            DecodeError: in strict mode, if there was any mismatch.
        """


class _Everything:
    def __contains__(self, kind: object) -> bool:
        return True


DISCARD = Mismatches()


class _Collector(Mismatches):
    """Collects mismatches for one who wants to know of each."""

    paths = True

    def __init__(self, reporter: Reporter) -> None:
        super().__init__()
        self.known = ()
        self._reporter = reporter
        self._outside: list[Mismatch] = []

    def add(self, field_type: Described, got: type) -> None:
        self.found.append(("", field_type, got))

    def prefix(self, start: int, path: str) -> None:
        self.found[start:] = [(path + inner, field_type, got) for inner, field_type, got in self.found[start:]]

    def mismatch(self, mismatch: Mismatch) -> None:
        self._outside.append(mismatch)

    def finish(self, error: Callable[[str], DecodeError] | None = None) -> None:
        # What `on_mismatch` raises leaves this call as it is; the rest is then not reported.
        mismatches = [
            *self._outside,
            *(
                Mismatch(field_type.model, path.removeprefix("."), field_type.declared, got.__name__)
                for path, field_type, got in self.found
            ),
        ]
        reporter = self._reporter
        if not reporter.strict:
            for mismatch in self._outside:
                reporter.mismatch(mismatch)
            for _, field_type, got in self.found:
                reporter.add(field_type, got)
        if reporter.on_mismatch is not None:
            for mismatch in mismatches:
                finished(reporter.on_mismatch(mismatch), "on_mismatch")
        if reporter.strict and mismatches:
            raise _error(mismatches, error)


class Reporter(Mismatches):
    """What a client does with mismatches: logs each kind once, calls a listener, raises in strict mode.

    Each client has one, so that each logs a kind once: a field of a model, its described type and the type that came.
    A reporter itself takes the mismatches of a body as they are found, where nobody listens; see `start`.

    Args:
        strict: raise `DecodeError` for a body that differs from its description.
        on_mismatch: is called with every mismatch, when the whole body is decoded and before `DecodeError` is raised.
            What it raises itself goes to the caller.
    """

    def __init__(self, *, strict: bool = False, on_mismatch: Callable[[Mismatch], object] | None = None) -> None:
        super().__init__()
        self.strict = strict
        self.on_mismatch = on_mismatch
        self._logged: dict[Mismatch, object] = {}
        self.known = self._known = set[tuple[Described, type]]()

    def having(
        self,
        *,
        strict: bool | None = None,
        on_mismatch: Callable[[Mismatch], object] | NotGiven | None = NOT_GIVEN,
    ) -> Reporter:
        """Return the same with other options; both log each kind once together."""
        changed = Reporter(
            strict=self.strict if strict is None else strict,
            on_mismatch=self.on_mismatch if on_mismatch is NOT_GIVEN else on_mismatch,
        )
        changed._logged, changed.known, changed._known = self._logged, self._known, self._known
        return changed

    def start(self) -> Mismatches:
        """Begin with one body: a collector where somebody wants to know of each mismatch."""
        if self.strict or self.on_mismatch is not None:
            return _Collector(self)
        # It holds nothing of one body, so that all can share it.
        return self

    def add(self, field_type: Described, got: type) -> None:
        if (field_type, got) not in self.known:
            mismatch = Mismatch(field_type.model, field_type.field, field_type.declared, got.__name__)
            self._log(mismatch, of_its_type=got in field_type.table)
            # Only for speed: threads that describe a field at the same time have each a field type of their own.
            if len(self._known) < MAX_KINDS:
                self._known.add((field_type, got))

    def mismatch(self, mismatch: Mismatch) -> None:
        self._log(mismatch, of_its_type=False)

    def _log(self, mismatch: Mismatch, *, of_its_type: bool) -> None:
        """Log a mismatch unless it has been.

        Args:
            mismatch: without its place in a body.
            of_its_type: whether only the value is another than described, such as a new word for a status.
        """
        # One step, so that of several threads one logs it, and no lock can be held by another one in a fork.
        mine = object()
        if len(self._logged) >= MAX_KINDS or self._logged.setdefault(mismatch, mine) is not mine:
            return
        # Imported when there is something to say: logging would be a good part of what importing this package takes.
        import logging

        model, field, declared, got = mismatch
        logging.getLogger(LOGGER_NAME).warning(
            # Unless logging is set up, the line stands alone, without the name of its logger.
            "patchworks_core_client: %s: %s is described, %s came; such values are kept as they came",
            f"{model}.{field}" if field and not field.startswith("[") else model + field,
            declared,
            f"an undocumented value ({got})" if of_its_type else got,
        )


def _error(mismatches: list[Mismatch], make: Callable[[str], DecodeError] | None) -> DecodeError:
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
