"""Rules for bodies: the media type of requests and responses, and a content for each response."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scripts.openapi.references import parse, reference

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scripts.openapi.structure import Node

JSON = "application/json"
TEXT = "text/plain"
BYTES = "application/octet-stream"
MULTIPART = "multipart/form-data"
FORM = "application/x-www-form-urlencoded"

ERROR_SCHEMA = "ErrorResponse"
NO_CONTENT = frozenset({"204", "205", "304"})

_JSON_TYPE = re.compile(r"application/(json|[\w.-]+\+json)|\*/\*")
_PLAIN_TYPE = re.compile(r"[a-z]+/[a-z0-9][\w.+-]*")
_TEXT_TYPE = re.compile(r"text/[\w.+-]+|application/([\w.-]+\+)?xml")


def is_json(media_type: str) -> bool:
    """Return whether a media type is one of JSON."""
    return _JSON_TYPE.fullmatch(media_type) is not None


def one_media_type(content: Mapping[str, Node]) -> dict[str, Node]:
    """Return the one form in which a body is read: JSON when there is any, else text, else bytes."""
    simple = _without_parameters(content)
    for media_type, media in simple.items():
        if is_json(media_type):
            return _bytes_or(media, {JSON: {"schema": media.get("schema", {})}})
    for media_type, media in simple.items():
        if _TEXT_TYPE.fullmatch(media_type):
            return _bytes_or(media, {TEXT: {"schema": {"type": "string"}}})
    return {BYTES: {"schema": {"type": "string", "format": "binary"}}}


def described_responses(responses: Mapping[str, Node], schemas: Collection[str]) -> dict[str, Node]:
    """Return responses of which each has one content, and one of which is a success.

    A success without content is JSON of unknown form: older snapshots of the pages leave it out. An error without
    content has the error's form, if the pages describe one.
    """
    result = {status: response for status, response in responses.items() if not _is_range(status)}
    for status in filter(_is_range, responses):
        result.setdefault(f"{status[0]}00", responses[status])
    if not any(status.startswith("2") for status in result):
        result = {"200": result.pop("default", {"description": "Successful response"}), **result}
    return {status: _described(status, response, schemas) for status, response in result.items()}


def json_body(body: Node, schemas: Mapping[str, Node]) -> Node:
    """Return a request body as JSON, which the API takes wherever its pages say form; only a file needs a form.

    Anything else is sent in the documented media type.
    """
    content = _without_parameters(body.get("content", {}))
    rest = {key: value for key, value in body.items() if key != "content"}
    for media_type, media in sorted(content.items(), key=lambda entry: entry[0] != JSON):
        if media_type in {JSON, "*/*"} or (media_type in {FORM, MULTIPART} and not _has_file(media, schemas)):
            return {**rest, "content": {JSON: {"schema": media.get("schema", {"type": "object"})}}}
    for media_type, media in content.items():
        if is_json(media_type):
            return {**rest, "content": {media_type: {"schema": media.get("schema", {"type": "object"})}}}
    if MULTIPART in content:
        return {**rest, "content": {MULTIPART: {"schema": content[MULTIPART].get("schema", {})}}}
    if not content:
        return {**rest, "content": {JSON: {"schema": {"type": "object"}}}}
    sent = next((media_type for media_type in content if _PLAIN_TYPE.fullmatch(media_type)), BYTES)
    return {**rest, "content": {sent: {"schema": {"type": "string", "format": "binary"}}}}


def _without_parameters(content: Mapping[str, Node]) -> dict[str, Node]:
    return {media_type.split(";")[0].strip().lower(): media for media_type, media in content.items()}


def _is_range(status: str) -> bool:
    return re.fullmatch(r"[1-5]XX", status, re.IGNORECASE) is not None


def _described(status: str, response: Node, schemas: Collection[str]) -> Node:
    kept = {"description": response.get("description", "")}
    content = response.get("content")
    if content:
        return {**kept, "content": one_media_type(content)}
    if status.startswith("2") and status not in NO_CONTENT:
        return {**kept, "content": {JSON: {"schema": {}}}}
    if status.startswith(("4", "5")) and ERROR_SCHEMA in schemas:
        return {**kept, "content": {JSON: {"schema": reference("schemas", ERROR_SCHEMA)}}}
    return kept


def _bytes_or(media: Node, content: dict[str, Node]) -> dict[str, Node]:
    binary = media.get("schema", {}).get("format") == "binary"
    return {BYTES: {"schema": {"type": "string", "format": "binary"}}} if binary else content


def _has_file(media: Node, schemas: Mapping[str, Node]) -> bool:
    def resolved(schema: Node) -> Node:
        return schemas.get(parse(schema.get("$ref", ""))[1], schema)

    fields = [resolved(field) for field in resolved(media.get("schema", {})).get("properties", {}).values()]
    return any(_is_file(field) or _is_file(resolved(field.get("items", {}))) for field in fields)


def _is_file(schema: Node) -> bool:
    return schema.get("format") == "binary"
