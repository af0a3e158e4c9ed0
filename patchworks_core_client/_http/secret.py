"""Values that are never shown, in whatever way they are looked at.

Tools that print the variables of a traceback call `repr`, and cut what is long before they do; loggers format and join.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, SupportsIndex, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")

_MASK = "***"


class Secret(Generic[T]):
    """Holds a value that no representation shows. It is no text itself, so nothing can be cut off it."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """The value."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and bool(self._value == other.reveal())  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return _MASK


class SecretBytes(bytes):
    """Bytes for a header, which libraries take as they are, and of which Python code sees nothing."""

    __slots__ = ()

    def __getitem__(self, _: SupportsIndex | slice) -> Any:
        return SecretBytes(_MASK.encode())

    def __iter__(self) -> Iterator[int]:
        return iter(_MASK.encode())

    def __repr__(self) -> str:
        return repr(_MASK.encode())

    def __str__(self) -> str:
        return _MASK

    def __format__(self, _: str) -> str:
        return _MASK


def hide(**values: Any) -> dict[str, Secret[Any]]:
    """Values that may hold a secret, by their names, without those that are `None`."""
    return {name: Secret(value) for name, value in values.items() if value is not None}
