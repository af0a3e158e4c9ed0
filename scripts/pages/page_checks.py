"""Checks of a fetched page: is it Markdown, and does it still have its OpenAPI blocks?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scripts.openapi.errors import PipelineError
from scripts.spec.extract_fragments import extract

if TYPE_CHECKING:
    from collections.abc import Mapping

MIN_SHARE_LEFT = 0.5
"""A page that lost more of its blocks than this leaves is taken for broken."""

_SPACE = re.compile(r"[\ufeff\s]*")
_HTML = re.compile(r"<(!doctype|html|head|body)\b", re.IGNORECASE)
_LOGIN = re.compile(r"type=[\"']?password|\b(log|sign)[ -]?in\b", re.IGNORECASE)


def page_text(name: str, content: bytes, content_type: str = "") -> str:
    """Return the Markdown of a page.

    Args:
        name: what to call it in an error.
        content: as it came.
        content_type: of the response, if known.

    Raises:
        PipelineError: it is a web page, perhaps the login, or no text.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PipelineError(name, "", "", f"is not UTF-8 text: {error}") from error
    if content_type.partition(";")[0].strip().lower() == "text/html" or _is_html(text):
        what = "a login page" if _LOGIN.search(text) else "a web page (HTML)"
        raise PipelineError(name, "", "", f"came as {what} instead of Markdown")
    return text


def count_blocks(name: str, text: str, known: Mapping[str, int]) -> int:
    """Return how many OpenAPI blocks a page has.

    Args:
        name: of the page, without suffix.
        text: its Markdown.
        known: how many blocks each page had so far.

    Raises:
        PipelineError: there are none, one is cut short, or so many are gone that the page is taken for broken.
    """
    found = len(extract(name, text).fragments)
    before = known.get(name, 0)
    if found < before * MIN_SHARE_LEFT:
        message = (
            f"shrank from {before} OpenAPI blocks to {found}; if that is what was meant, "
            f"say so with --accept-shrunk {name}"
        )
        raise PipelineError(f"{name}.md", "", "", message)
    return found


def _is_html(text: str) -> bool:
    """Return whether a text begins as a web page does, behind any number of comments."""
    position = _after_space(text, 0)
    while text.startswith("<!--", position):
        end = text.find("-->", position + len("<!--"))
        if end < 0:
            return False
        position = _after_space(text, end + len("-->"))
    return _HTML.match(text, position) is not None


def _after_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position
