"""Models written by hand, with every annotation that generated ones can have."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Literal, Optional, TypeAlias
from uuid import UUID

import attrs

from patchworks_core_client import Model
from patchworks_core_client._models.declaration import model_field

Status: TypeAlias = Literal["Draft", "Inactive", "Deployed"]
Level: TypeAlias = Literal[1, 2, 3]


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False, field_transformer=model_field)
class Scalars(Model):
    """One field for each type that is no list or object."""

    anything: Any = None
    flag: bool | None = None
    count: int | None = None
    ratio: float | None = None
    name: str | None = None
    at: datetime | None = None
    day: date | None = None
    uuid: UUID | None = None
    blob: bytes | None = None
    status: Status | None = None
    level: Level | None = None
    mixed: Literal["a", 1, True, None] = None
    nothing: None = None


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False, field_transformer=model_field)
class Tag(Model):
    """A small model."""

    id: int | None = None
    label: str | None = None


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False, field_transformer=model_field)
class Special(Tag):
    """A model with a base class."""

    kind: ClassVar[str] = "special"
    extra_at: datetime | None = None


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False, field_transformer=model_field)
class Renamed(Model):
    """Names that are none in Python, or taken."""

    from_: str | None = attrs.field(default=None, metadata={"wire": "from"})
    class_: datetime | None = attrs.field(default=None, metadata={"wire": "class"})
    to_dict_: int | None = attrs.field(default=None, metadata={"wire": "to_dict"})
    at_sign: list[Tag] | None = attrs.field(default=None, metadata={"wire": "@sign"})
    plain: int | None = None


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False, field_transformer=model_field)
class Containers(Model):
    """Lists, objects and models inside of each other."""

    tags: list[Tag] | None = None
    tag: Tag | None = None
    numbers: list[int] | None = None
    matrix: list[list[float]] | None = None
    moments: list[datetime] | None = None
    by_name: dict[str, Tag] | None = None
    counts: dict[str, int] | None = None
    days: dict[str, list[date]] | None = None
    free: dict[str, Any] | None = None
    free_list: list[dict[str, Any]] | None = None
    bare: list[Any] | None = None
    statuses: list[Status] | None = None
    itself: Containers | None = None
    optional: Optional[int] = None  # noqa: UP045 - a spelling that the evaluation must know


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False, field_transformer=model_field)
class Cat(Model):
    """One animal."""

    type: Literal["cat"] | None = None
    name: str | None = None
    lives: int | None = None


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False, field_transformer=model_field)
class Dog(Model):
    """Another."""

    type: Literal["dog"] | None = None
    name: str | None = None
    tail_cm: float | None = None


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False, field_transformer=model_field)
class Unions(Model):
    """Every sort of union."""

    pet: Cat | Dog | None = None
    pets: list[Cat | Dog] | None = None
    number_or_text: int | str | None = None
    moment_or_text: datetime | str | None = None
    text_or_moment: str | datetime | None = None
    uuid_or_day: UUID | date | None = None
    blob_or_text: bytes | str | None = None
    one_or_many: Tag | list[Tag] | None = None
    lists: list[int] | list[Tag] | None = None
    maps: dict[str, int] | dict[str, Tag] | None = None
    model_or_map: Tag | dict[str, Any] | None = None
    flag_or_number: bool | int | None = None
    whatever: Tag | Any = None
    states: Status | Level | None = None
    tree: Unions | list[Unions] | None = None


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False, field_transformer=model_field)
class Counts(Model, extra="int"):
    """Fields that are described by their type only, besides one that is described by name."""

    name: str | None = None


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False, field_transformer=model_field)
class Extras(Model, extra="datetime | Tag"):
    """Fields whose conversion loses what came."""

    id: int | None = None
    also: int | None = None


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False, field_transformer=model_field)
class Secret(Model):
    """A variable, more or less."""

    key: str | None = None
    value: str | None = attrs.field(default=None, metadata={"sensitive": "secret"})
    secret: bool | int | str | None = None
    token: str | None = attrs.field(default=None, metadata={"sensitive": True})
    parts: list[Secret] | None = None


ALL = (Scalars, Tag, Special, Renamed, Containers, Cat, Dog, Unions, Counts, Extras, Secret)
