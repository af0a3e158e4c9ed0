"""Find the OpenAPI documents in one block of a page, and refuse one that is cut short or cannot be read.

A part that holds an operation is read or is an error. A sample of something else, which may well have the word
`openapi` in it, is neither.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from scripts.openapi.json_text import JSONTextError, loads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.openapi.errors import Place

_KEY = r"(?:\"|&quot;|&#34;|&#x22;)"
_START = re.compile(rf"{_KEY}(openapi|swagger){_KEY}\s*:")
_PART = re.compile(r'"(openapi|swagger)"\s*:\s*("\d|"?\s*\Z)|"paths"\s*:\s*\{\s*"/')
_ESCAPED = re.compile(r"&(quot|#34|#x22);(openapi|swagger)&", re.IGNORECASE)
_VERSION = re.compile(r"\d+\.\d")
_YAML = re.compile(r"^(openapi|swagger)[ \t]*:[ \t]*[\"']?\d", re.MULTILINE)
_YAML_PATH = re.compile(r"^[ \t]+[\"']?/[^\n]*:[ \t]*$", re.MULTILINE)
_FENCE_INSIDE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*\w+\s*\{\s*\"openapi\"", re.MULTILINE)
_CUT_SHORT = "the page ends inside this block, so it was cut short"
_WRAPPED_DEPTH = 2


def seems_openapi(text: str) -> bool:
    """Return whether a text has the first key of an OpenAPI document in it."""
    return _START.search(text) is not None


def documents(text: str, place: Place, *, language: str = "", closed: bool = True) -> list[dict[str, Any]]:
    """Return the OpenAPI documents in a block, in their order; none where it holds something else.

    Args:
        text: the content of the block.
        place: where it stands, for errors.
        language: what the block says that it is written in.
        closed: whether the block has an end.

    Raises:
        PipelineError: it is meant as an OpenAPI document and cannot be read.
    """
    try:
        content = loads(html.unescape(text) if _ESCAPED.search(text) else text)
    except JSONTextError as error:
        if _is_meant_as_openapi(text, language):
            cut = "" if closed else f"{_CUT_SHORT}; "
            raise place.error(error.pointer, f"{cut}{error}") from error
        if _YAML.search(text) and _YAML_PATH.search(text):
            raise place.error("#", "an OpenAPI block in YAML; only JSON is read") from error
        content = None
    found = [*_within(content)]
    if found and not closed:
        raise place.error("#", _CUT_SHORT)
    if not found and _has_paths(content):
        raise place.error("#", "an OpenAPI block without its version (the key openapi)")
    if not found and _FENCE_INSIDE.search(text):
        raise place.error("#", "an OpenAPI block inside another block, which therefore was not closed")
    return found


def _within(content: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Find the documents in a value: itself, or what a list or an object around it holds."""
    if isinstance(content, dict) and _is_document(content):
        yield content
    elif depth < _WRAPPED_DEPTH and isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from _within(part, depth + 1)


def _is_document(content: dict[str, Any]) -> bool:
    version = content.get("openapi", content.get("swagger"))
    return (isinstance(version, str) and _VERSION.match(version) is not None) or (
        version is not None and _has_paths(content)
    )


def _has_paths(content: Any) -> bool:
    paths = content.get("paths") if isinstance(content, dict) else None
    return isinstance(paths, dict) and any(path.startswith("/") for path in paths)


def _is_meant_as_openapi(text: str, language: str) -> bool:
    start = text.lstrip()
    is_json = language.strip().lower().startswith("json") or start.startswith(("{", "[", "&"))
    beginning = "".join(start[:40].split())
    return is_json and (
        bool(_PART.search(text))
        or bool(_ESCAPED.search(text))
        or (beginning != "" and '{"openapi":'.startswith(beginning))
    )
