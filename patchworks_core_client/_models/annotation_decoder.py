"""Decoders for whole parts of a body: what an operation is described to answer with, by its annotation."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .annotations import evaluate
from .describe import describe
from .mismatches import DISCARD

if TYPE_CHECKING:
    from .field_types import Mismatches


class Decoder:
    """Decodes a value of JSON as one annotation describes it. Made by `decoder`, and kept."""

    def __init__(self, annotation: str | type, package: str) -> None:
        name = annotation if isinstance(annotation, str) else annotation.__name__
        name = name.removeprefix("list[").removesuffix("]") if name.startswith("list[") else name
        self._field_type = describe(annotation, lambda text: evaluate(text, package=package), model=name, field="")

    def __call__(self, value: Any, mismatches: Mismatches = DISCARD, /) -> Any:
        """Return the value as described; what does not match is reported and stays as it came.

        Args:
            value: as parsed from JSON; it is not changed. `None` is described everywhere.
            mismatches: takes what does not match; a `Report`, as `Reporter.start` gives it.
        """
        return self._field_type.convert(value, mismatches)


@lru_cache(maxsize=1024)
def decoder(annotation: str | type, package: str = "") -> Decoder:
    """Return the decoder for an annotation.

    Args:
        annotation: a model, or an annotation as text: `"list[Version] | None"`, `"dict[str, Any]"`.
        package: the package of models in which its names are looked up.

    Raises:
        NameError: if a name in it is not found.
        TypeError: if it describes nothing that comes from JSON.
    """
    return Decoder(annotation, package)
