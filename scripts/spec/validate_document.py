"""Validate the finished document with `openapi-spec-validator`, and trace an error back to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts.openapi.errors import PipelineError
from scripts.openapi.escaping import MAX_TEXT_LENGTH, printable
from scripts.openapi.json_text import pointer
from scripts.openapi.structure import Path, walk

if TYPE_CHECKING:
    from scripts.openapi.structure import Node
    from scripts.spec.merge_fragments import Merged

DOCUMENT = "patchworks-core.json"
CACHED = 1000
"""How many places of a document the validator remembers; it asks for each about twenty times."""


def validate(document: Node, merged: Merged) -> None:
    """Make sure that a document is valid OpenAPI 3.0.

    Raises:
        PipelineError: it is not; the error names the block where the part that is wrong was published.
    """
    # They take longer to import than all else, which a command that only reads pages should not have to wait for.
    from jsonschema_path import SchemaPath  # noqa: PLC0415
    from openapi_spec_validator import OpenAPIV30SpecValidator  # noqa: PLC0415

    errors = list(OpenAPIV30SpecValidator(SchemaPath.from_dict(document, resolved_cache_maxsize=CACHED)).iter_errors())
    found = [(_absolute(document, tuple(error.absolute_path), error.instance), error.message) for error in errors]
    if not found:
        return
    # The deepest one says most: the others are that something around it is not valid either.
    path, message = max(found, key=lambda entry: len(entry[0]))
    text = f"is not valid OpenAPI 3.0: {printable(message, MAX_TEXT_LENGTH)}"
    place = merged.origin(path)
    raise place.error(pointer(path), text) if place else PipelineError(DOCUMENT, "", pointer(path), text)


def _absolute(document: Node, path: Path, instance: object) -> Path:
    """Return the path from the root; of some errors the validator gives only the path from the schema that is wrong."""
    if not path or path[0] in document:
        return path
    starts = (start for kind, start, node in walk(document) if kind == "schema" and _leads_to(node, path, instance))
    return (*next(starts, ()), *path)


def _leads_to(node: Any, path: Path, instance: object) -> bool:
    for part in path:
        held: dict[Any, Any] = dict(enumerate(node)) if isinstance(node, list) else node
        if not isinstance(held, dict) or part not in held:
            return False
        node = held[part]
    return bool(node == instance)
