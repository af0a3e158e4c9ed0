"""The finished document checked by `openapi-spec-validator`, its complaints traced back to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsonschema_path import SchemaPath
from openapi_spec_validator import OpenAPIV30SpecValidator

from scripts.pipeline.errors import PipelineError
from scripts.pipeline.jsontext import pointer

if TYPE_CHECKING:
    from scripts.pipeline.grammar import Node
    from scripts.pipeline.merge import Merged


def validate(document: Node, merged: Merged) -> None:
    """Make sure that a document is valid OpenAPI 3.0.

    Raises:
        PipelineError: it is not; the error names the block where the part that is wrong was published.
    """
    validator = OpenAPIV30SpecValidator(SchemaPath.from_dict(document))
    for error in validator.iter_errors():
        path = tuple(error.absolute_path)
        where, message = pointer(path), f"is not valid OpenAPI 3.0: {error.message}"
        place = merged.origin(path)
        raise (place.error(where, message) if place else PipelineError("patchworks-core.json", "", where, message))
