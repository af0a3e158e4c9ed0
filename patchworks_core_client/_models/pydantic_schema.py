"""The schema by which pydantic and FastAPI know models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._errors import DecodeError


def core_schema(cls: Any) -> Any:
    """Return the schema of a model: an instance, or an object of JSON as described."""
    from pydantic_core import core_schema as schemas

    def validate(value: Any) -> Any:
        if isinstance(value, cls):
            return value
        if not isinstance(value, Mapping):
            raise ValueError(f"{cls.__name__} or an object of JSON is wanted, not {type(value).__name__}")
        try:
            return cls.from_dict(value, strict=True)
        except DecodeError as error:
            raise ValueError(str(error)) from None

    return schemas.no_info_plain_validator_function(
        validate,
        serialization=schemas.plain_serializer_function_ser_schema(cls.to_dict, return_schema=schemas.dict_schema()),
    )
