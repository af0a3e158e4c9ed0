"""Refuse a document that is for another server, and keep the security schemes that the client needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts.openapi.json_text import pointer
from scripts.openapi.structure import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scripts.openapi.errors import Place
    from scripts.openapi.structure import Node, Path

SERVER = "https://core.wearepatchworks.com"
"""The one server that the client talks to; an operation of another would be sent to the wrong place."""

_NEEDED = {"apiKey": ("in", "name"), "http": ("scheme",)}
_KNOWN = ("type", "description", "in", "name", "scheme", "bearerFormat")


def check_servers(place: Place, document: Node) -> None:
    """Make sure that what is described is to be had of the client's server, whatever other servers there are.

    Raises:
        PipelineError: the document, a path or an operation names servers, and the client's is not among them.
    """
    for where, holder in _holders(document):
        servers = holder.get("servers", [])
        urls = [server.get("url") if isinstance(server, dict) else server for server in servers]
        if urls and not any(isinstance(url, str) and url.rstrip("/") == SERVER for url in urls):
            message = f"is a block for another server, {urls[0]!r} instead of {SERVER}"
            raise place.error(pointer((*where, "servers", 0, "url")), message)


def drop_unused_schemes(document: Node) -> None:
    """Keep, in place, the security schemes that something asks for and that are a key or a token of HTTP.

    The client signs its requests in its own way, so that a scheme of another kind, well described or not, is no fault.
    """
    holders = [holder for _, holder in _holders(document) if isinstance(holder.get("security"), list)]
    asked = {name for holder in holders for entry in holder["security"] if isinstance(entry, dict) for name in entry}
    components = document.get("components", {})
    schemes: Mapping[str, Any] = components.get("securitySchemes", {})
    kept = {
        name: {key: value for key, value in scheme.items() if key in _KNOWN}
        for name, scheme in schemes.items()
        if name in asked and _is_plain(scheme)
    }
    if "securitySchemes" in components:
        components["securitySchemes"] = kept
    dropped = schemes.keys() - kept.keys()
    for holder in holders:
        known = [entry for entry in holder["security"] if not (isinstance(entry, dict) and entry.keys() & dropped)]
        if known or not holder["security"]:
            holder["security"] = known
        else:
            del holder["security"]


def _is_plain(scheme: Any) -> bool:
    if not isinstance(scheme, dict) or scheme.get("type") not in _NEEDED:
        return False
    return all(isinstance(scheme.get(key), str) for key in _NEEDED[scheme["type"]])


def _holders(document: Node) -> Iterator[tuple[Path, Node]]:
    """Yield the document, its paths and their operations, each with where it is."""
    yield (), document
    for path, item in document.get("paths", {}).items():
        yield ("paths", path), item
        yield from ((("paths", path, method), item[method]) for method in METHODS if method in item)
