"""Compare the documentation's index (`llms.txt`) with the listing: pages that nobody has listed, and pages gone.

Links in the index are data. They are compared and shown, never followed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from scripts.pages.pages_yaml import Listing

_MARKDOWN = MarkdownIt("commonmark")
_SHOWN_PATH = re.compile(r"[A-Za-z0-9/._~%-]+")


class Drift(NamedTuple):
    """How listing and index differ.

    Attributes:
        unlisted: pages of the reference in the index that are neither listed nor ignored.
        gone: listed pages that are not in the index any more.
    """

    unlisted: list[str]
    gone: list[str]


def index_drift(text: str, listing: Listing) -> Drift:
    """Compare the text of the index with the listing."""
    found = {path for link in _links(text) if (path := _page_path(link, listing))}
    return Drift(
        unlisted=sorted(found - set(listing.pages) - set(listing.ignored)),
        gone=sorted(set(listing.pages) - found),
    )


def _links(text: str) -> Iterator[str]:
    stack: list[Token] = _MARKDOWN.parse(text)
    while stack:
        token = stack.pop()
        stack += token.children or []
        if token.type == "link_open":
            yield str(token.attrs.get("href", ""))


def _page_path(link: str, listing: Listing) -> str | None:
    """Return the path of the reference page that a link leads to; `None` for every other link."""
    try:
        parts = urlsplit(urljoin(listing.url(listing.index), link))
    except ValueError:
        return None
    if f"{parts.scheme}://{parts.netloc}" not in {listing.base_url, listing.published_at}:
        return None
    path = parts.path
    below = path.removeprefix(listing.reference)
    if below in {"", path} or not _SHOWN_PATH.fullmatch(path):
        return None
    return path if path.endswith(".md") else f"{path.rstrip('/')}.md"
