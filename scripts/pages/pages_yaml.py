"""`openapi/pages.yaml`: which pages of the documentation are fetched, and from where."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scripts.openapi.errors import PipelineError
from scripts.openapi.input_files import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PLAIN_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?")
_KEYS = {"base_url", "index", "reference", "pages", "ignored"}


@dataclass(frozen=True)
class Listing:
    """The pages to fetch.

    Attributes:
        base_url: scheme and host that everything is fetched from.
        published_at: scheme and host of the real documentation; links in the index name it.
        index: path of the documentation's `llms.txt`.
        reference: pages below this path belong to the API reference.
        pages: paths of the pages.
        ignored: paths of pages that are known and not wanted, each with the reason.
    """

    base_url: str
    published_at: str
    index: str
    reference: str
    pages: tuple[str, ...]
    ignored: Mapping[str, str]

    def url(self, path: str) -> str:
        """Return the address of one of the paths."""
        return f"{self.base_url}{path}"


def read_listing(file: Path, base_url: str | None = None) -> Listing:
    """Return the listing in a file.

    Args:
        file: in the form of `openapi/pages.yaml`.
        base_url: another server to fetch from, which may be `http://` where it is on this machine.

    Raises:
        PipelineError: the file or `base_url` cannot be used.
    """
    content = read_yaml(file)
    try:
        listing = _listing(content)
        return replace(listing, base_url=_origin(base_url, local=True)) if base_url else listing
    except ValueError as error:
        raise PipelineError(file.name, "", "", str(error)) from error


def page_name(path: str) -> str:
    """Return the file name, without its suffix, that a page is kept under."""
    return PurePosixPath(path).stem


def is_loopback(url: str) -> bool:
    """Return whether a URL's host is this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listing(content: Any) -> Listing:
    if not isinstance(content, dict) or not set(content) <= _KEYS:
        raise ValueError(f"must be a mapping of {', '.join(sorted(_KEYS))}")
    base_url = _origin(content.get("base_url"), local=False)
    pages = tuple(_path(page, ".md") for page in _of_type(list, content.get("pages"), "pages"))
    names = [page_name(page).lower() for page in pages]
    if not pages or (twice := {name for name in names if names.count(name) > 1}):
        raise ValueError(f"two pages are called {sorted(twice)[0]}.md" if pages else "lists no pages")
    ignored = _of_type(dict, content.get("ignored") or {}, "ignored")
    return Listing(
        base_url=base_url,
        published_at=base_url,
        index=_path(content.get("index"), ".txt"),
        reference=_path(content.get("reference"), "/"),
        pages=pages,
        ignored={_path(path, ".md"): str(reason) for path, reason in ignored.items()},
    )


def _of_type(kind: type, value: Any, name: str) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{name} must be a {kind.__name__}")
    return value


def _path(value: Any, suffix: str) -> str:
    # Nothing that a URL parser could take for another host, a query or a step upwards.
    if not isinstance(value, str) or not _PLAIN_PATH.fullmatch(value) or not value.endswith(suffix):
        raise ValueError(f"{value!r} is not a plain path that ends with {suffix!r}")
    return value


def _origin(value: Any, *, local: bool) -> str:
    parts = urlsplit(value) if isinstance(value, str) else urlsplit("")
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"the base URL {value!r} must be a scheme and a host, nothing else")
    if parts.scheme == "https" or (parts.scheme == "http" and local and is_loopback(value)):
        return f"{parts.scheme}://{parts.netloc}"
    allowed = "https:// (http:// only for this machine)" if local else "https://"
    raise ValueError(f"the base URL {value!r} must start with {allowed}")
