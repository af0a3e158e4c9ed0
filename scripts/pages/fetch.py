"""Fetch all listed pages into a folder, or none of them."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import httpx

from scripts.openapi.errors import PipelineError
from scripts.pages import page_cache, page_checks
from scripts.pages.index_drift import Drift, index_drift
from scripts.pages.page_download import Validators, download
from scripts.pages.pages_yaml import is_loopback, page_name
from scripts.spec.fragments_folder import read_fragments

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Set as AbstractSet
    from pathlib import Path

    from scripts.pages.page_download import Limits, PageResponse
    from scripts.pages.pages_yaml import Listing

    _Get = Callable[[str, "Validators"], Awaitable[PageResponse]]

CONNECT_TIMEOUT_S = 10.0
STEP_TIMEOUT_S = 30.0
USER_AGENT = "patchworks-core-client (regenerates an SDK from this documentation)"


class FetchedPage(NamedTuple):
    """One page that is there now."""

    name: str
    blocks: int
    size: int
    is_new: bool


class FetchResult(NamedTuple):
    """What a run found.

    Attributes:
        pages: in the order of the listing.
        drift: between the listing and the documentation's index.
    """

    pages: list[FetchedPage]
    drift: Drift


def known_blocks(fragments: Path, accepted: AbstractSet[str] = frozenset()) -> Counter[str]:
    """Return how many blocks each page had when the fragments were written; without the pages that may shrink."""
    if not fragments.is_dir():
        return Counter()
    pages = (fragment.place.page for fragment in read_fragments(fragments))
    return Counter(page for page in pages if page not in accepted)


def fetch(listing: Listing, target: Path, known: Counter[str], limits: Limits) -> FetchResult:
    """Fetch every listed page into a folder, which changes only when all is well.

    Args:
        listing: what to fetch.
        target: a folder of an earlier run, or a new one.
        known: blocks of each page so far.
        limits: of time, size and attempts.

    Raises:
        PipelineError: a page cannot be had or cannot be trusted, or the time is up.
    """
    run = _Run(listing, page_cache.PageCache(target), known, limits)
    with _one_error(listing.base_url, limits):
        return _keep(target, run, asyncio.run(_fetch(run)))


def _keep(target: Path, run: _Run, outcome: FetchResult) -> FetchResult:
    page_cache.replace_pages(target, run.contents, run.entries)
    return outcome


@contextmanager
def _one_error(url: str, limits: Limits) -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise PipelineError(url, "", "", f"not all pages arrived within {limits.total_s:g} s") from None
    except ExceptionGroup as problems:
        # The first page that fails ends the run; what the others say adds nothing.
        raise problems.exceptions[0] from None


async def _fetch(run: _Run) -> FetchResult:
    async with asyncio.timeout(run.limits.total_s), _client(run.listing, run.limits) as client:
        return await run.all(client)


def _client(listing: Listing, limits: Limits) -> httpx.AsyncClient:
    local = is_loopback(listing.base_url)
    return httpx.AsyncClient(
        headers={"User-Agent": USER_AGENT, "Accept": "text/markdown, text/plain", "Accept-Encoding": "gzip"},
        timeout=httpx.Timeout(STEP_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
        limits=httpx.Limits(max_connections=limits.at_once),
        # A proxy of the environment has no way to a server on this machine.
        trust_env=not local,
        verify=ssl.create_default_context() if listing.base_url.startswith("https") else False,
    )


@dataclass
class _Run:
    listing: Listing
    state: page_cache.PageCache
    known: Counter[str]
    limits: Limits
    contents: dict[str, bytes] = field(default_factory=dict)
    entries: dict[str, dict[str, str]] = field(default_factory=dict)

    async def all(self, client: httpx.AsyncClient) -> FetchResult:
        places = asyncio.Semaphore(self.limits.at_once)

        async def get(url: str, known: Validators) -> PageResponse:
            async with places:
                return await download(client, url, known, self.limits)

        async with asyncio.TaskGroup() as group:
            drift = group.create_task(self._index(get))
            pages = [group.create_task(self._page(path, get)) for path in self.listing.pages]
        return FetchResult([page.result() for page in pages], drift.result())

    async def _index(self, get: _Get) -> Drift:
        url = self.listing.url(self.listing.index)
        answer = await get(url, Validators())
        return index_drift(page_checks.page_text(url, answer.content or b"", answer.content_type), self.listing)

    async def _page(self, path: str, get: _Get) -> FetchedPage:
        url, name = self.listing.url(path), f"{page_name(path)}.md"
        validators, before = self.state.known(name, url)
        answer = await get(url, validators)
        body = before if answer.content is None else answer.content
        text = page_checks.page_text(name, body, answer.content_type if answer.content is not None else "")
        blocks = page_checks.count_blocks(page_name(path), text, self.known)
        self.contents[name] = body
        if answer.content is not None:
            validators = answer.validators
        self.entries[name] = page_cache.PageCache.entry(url, validators, body)
        return FetchedPage(name, blocks, len(body), body != before)
