"""Download one page over HTTP: conditional request, redirects, retries, limit of size."""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx

from scripts.openapi.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_REDIRECTS = 3
MAX_RETRY_AFTER_S = 30.0
_RETRIED = {408, 425, 429, 500, 502, 503, 504}
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Limits:
    """How much is asked of the server, and of this machine.

    Attributes:
        page_bytes: the largest page, after decompression.
        attempts: how often one page is asked for.
        first_wait_s: the wait before the second attempt; it doubles from there.
        at_once: pages under way at the same time.
        total_s: for everything together.
    """

    page_bytes: int = 8 * 2**20
    attempts: int = 4
    first_wait_s: float = 0.5
    at_once: int = 4
    total_s: float = 300.0


class Validators(NamedTuple):
    """What a server said of a version of a page, to be asked whether there is another."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """Return the headers of a conditional request."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


class PageResponse(NamedTuple):
    """A page; `content` is `None` where it is the version that was known already."""

    content: bytes | None
    content_type: str
    validators: Validators


class _TryAgain(Exception):
    """An attempt failed in a way that may pass; with the wait that the server asks for, in seconds."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


async def download(client: httpx.AsyncClient, url: str, known: Validators, limits: Limits) -> PageResponse:
    """Fetch a page.

    Args:
        client: without redirects of its own.
        url: where it is.
        known: of the version that is here already.
        limits: for size and attempts.

    Raises:
        PipelineError: it cannot be had, or it is too large.
    """
    attempt, wait = 1, limits.first_wait_s
    while True:
        try:
            return await _attempt(client, url, known, limits)
        except _TryAgain as problem:
            asked = problem.wait or 0.0
            if attempt == limits.attempts or asked > MAX_RETRY_AFTER_S:
                message = f"{problem} (attempt {attempt} of {limits.attempts})"
                raise PipelineError(url, "", "", message) from problem
        await asyncio.sleep(max(wait, asked))
        attempt, wait = attempt + 1, wait * 2


async def _attempt(client: httpx.AsyncClient, url: str, known: Validators, limits: Limits) -> PageResponse:
    target = url
    for _ in range(MAX_REDIRECTS + 1):
        try:
            async with client.stream("GET", target, headers=known.headers()) as response:
                if response.status_code not in _REDIRECTS:
                    return await _read(response, url, limits, conditional=bool(known.headers()))
                target = _next_hop(response, url, target)
        except httpx.TransportError as error:
            raise _TryAgain(f"did not arrive: {error or type(error).__name__}") from error
    raise PipelineError(url, "", "", f"redirects more than {MAX_REDIRECTS} times")


def _next_hop(response: httpx.Response, url: str, target: str) -> str:
    hop = urljoin(target, str(response.headers.get("location", "")))
    here, there = urlsplit(url), urlsplit(hop)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        raise PipelineError(url, "", "", f"redirects to another place ({there.scheme}://{there.hostname})")
    return hop


async def _read(response: httpx.Response, url: str, limits: Limits, *, conditional: bool) -> PageResponse:
    status = response.status_code
    if status in _RETRIED:
        raise _TryAgain(f"the server answers with HTTP {status}", _retry_after(response.headers))
    validators = Validators(response.headers.get("etag", ""), response.headers.get("last-modified", ""))
    content_type = response.headers.get("content-type", "")
    if status == httpx.codes.NOT_MODIFIED and conditional:
        return PageResponse(None, content_type, validators)
    if status != httpx.codes.OK:
        hint = {
            401: ": it asks for a login",
            403: ": it asks for a login",
            404: ": there is no such page; if it is gone or renamed, docs/releasing.md has the steps",
        }
        raise PipelineError(url, "", "", f"the server answers with HTTP {status}{hint.get(status, '')}")
    return PageResponse(await _body(response, url, limits.page_bytes), content_type, validators)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("retry-after", "").strip()
    return float(value) if value.isascii() and value.isdigit() else None


async def _body(response: httpx.Response, url: str, limit: int) -> bytes:
    """Return the body, unpacked here, so that no chunk can grow beyond the limit while it is."""
    too_large = PipelineError(url, "", "", f"is larger than {limit:,} bytes")
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip"}:
        raise PipelineError(url, "", "", f"came in an encoding that was not asked for ({encoding})")
    unpack = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS) if encoding == "gzip" else None
    body = bytearray()
    try:
        async for chunk in response.aiter_raw():
            body += unpack.decompress(chunk, limit - len(body) + 1) if unpack else chunk
            if len(body) > limit:
                raise too_large
            if unpack and unpack.unused_data:
                raise PipelineError(url, "", "", "came with bytes behind the end of its compressed body")
    except zlib.error as error:
        raise _TryAgain(f"arrived damaged: {error}") from error
    if unpack and not unpack.eof:
        raise _TryAgain("arrived cut short")
    return bytes(body)
