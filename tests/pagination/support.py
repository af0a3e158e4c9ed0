"""A list on a server that is played here, and both paginators behind one face."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from patchworks_core_client._pagination.async_paginator import AsyncPaginator
from patchworks_core_client._pagination.page import Page, page_from
from patchworks_core_client._pagination.sync_paginator import Paginator
from patchworks_core_client._session.cancellation import Cancellation

URL = "https://core.example/api/v1/things"


class Server:
    """A list as Laravel pages it, in each of its forms.

    Attributes:
        rows: what the list holds now.
        form: `full`, `simple`, `cursor`, or `bare` (a full one without resource, its numbers beside `data`).
        alter: called with the body of each answer before it is sent, to make it lie.
        before: called with the number of each request before it is answered.
        delay: the seconds that an answer takes.
    """

    def __init__(self, rows: int | list[Any] = 0, *, per_page: int = 10, form: str = "full") -> None:
        self.rows = [{"id": n} for n in range(1, rows + 1)] if isinstance(rows, int) else rows
        self.per_page = per_page
        self.form = form
        self.alter: Callable[[dict[str, Any]], Any] = lambda body: body
        self.before: Callable[[int], object] = lambda _: None
        self.delay: Callable[[Mapping[str, object]], float] = lambda _: 0.0
        self.requests: list[Mapping[str, object]] = []
        self.paths: list[str | None] = []
        self.under_way = self.most_under_way = self.finished = 0
        self._lock = threading.Lock()

    @property
    def numbers(self) -> list[object]:
        return [query.get("page", 1) for query in self.requests]

    async def afetch(self, query: Any, path: str | None) -> Callable[[], Page[Any]]:
        query = dict(query)
        page = self._arrive(query, path)
        try:
            await asyncio.sleep(self.delay(query))
            self.finished += 1
            return page
        finally:
            self.under_way -= 1

    def fetch(self, query: Any, path: str | None, unwanted: Cancellation | None) -> Callable[[], Page[Any]]:
        query = dict(query)
        page = self._arrive(query, path)
        try:
            if unwanted is None:
                time.sleep(self.delay(query))
            else:
                unwanted.wait(self.delay(query))
            self.finished += 1
            return page
        finally:
            with self._lock:
                self.under_way -= 1

    def _arrive(self, query: Any, path: str | None) -> Callable[[], Page[Any]]:
        with self._lock:
            self.requests.append(query)
            self.paths.append(path)
            self.before(len(self.requests))
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
        return lambda: self._page(query)

    def _page(self, query: Any) -> Page[Any]:
        body = self.alter(self.body(query))
        data = body.get("data") if isinstance(body, dict) else body
        return page_from(body, data if isinstance(data, list) else [])

    def body(self, query: Any) -> dict[str, Any]:
        size = int(str(query.get("per_page") or self.per_page))
        if self.form == "cursor":
            start = int(str(query.get("cursor") or "0"))
            more = start + size < len(self.rows)
            link = _link({"cursor": str(start + size)} if more else None)
            return {
                "data": self.rows[start : start + size],
                "meta": {"path": URL, "per_page": size, "next_cursor": str(start + size) if more else None},
                "links": {"first": None, "last": None, "prev": None, "next": link},
            }
        number = int(str(query.get("page") or 1))
        data = self.rows[(number - 1) * size : number * size]
        last = max(1, -(-len(self.rows) // size))
        following = _link({"page": number + 1}) if number < last else None
        meta = {"current_page": number, "path": URL, "per_page": size}
        if self.form != "simple":
            meta |= {"last_page": last, "total": len(self.rows)}
        if self.form == "bare":
            return {**meta, "data": data, "next_page_url": following, "links": [{"url": following, "active": True}]}
        return {"data": data, "meta": meta, "links": {"next": following}}


def _link(query: Any | None) -> str | None:
    # As Laravel does unless it was told otherwise, without the query of the caller.
    return None if query is None else f"{URL}?" + "&".join(f"{name}={value}" for name, value in query.items())


class AsyncReader:
    """Runs each reading in an event loop of its own."""

    def paginator(self, server: Server, **options: Any) -> AsyncPaginator[Any]:
        return AsyncPaginator(server.afetch, url=URL, **options)

    def collect(self, server: Server, limit: int | None = None, **options: Any) -> list[Any]:
        async def run() -> list[Any]:
            return await self.paginator(server, **options).collect(limit)

        return asyncio.run(run())

    def some(self, server: Server, count: int, **options: Any) -> tuple[list[Any], Exception | None]:
        async def run() -> tuple[list[Any], Exception | None]:
            items: list[Any] = []
            try:
                async for item in self.paginator(server, **options):
                    items.append(item)
                    if len(items) == count:
                        break
            except Exception as error:
                return items, error
            return items, None

        return asyncio.run(run())

    def pages(self, server: Server, **options: Any) -> list[Page[Any]]:
        async def run() -> list[Page[Any]]:
            return [page async for page in self.paginator(server, **options).pages()]

        return asyncio.run(run())


class SyncReader:
    def paginator(self, server: Server, **options: Any) -> Paginator[Any]:
        return Paginator(server.fetch, url=URL, **options)

    def collect(self, server: Server, limit: int | None = None, **options: Any) -> list[Any]:
        return self.paginator(server, **options).collect(limit)

    def some(self, server: Server, count: int, **options: Any) -> tuple[list[Any], Exception | None]:
        items: list[Any] = []
        try:
            for item in self.paginator(server, **options):
                items.append(item)
                if len(items) == count:
                    break
        except Exception as error:
            return items, error
        return items, None

    def pages(self, server: Server, **options: Any) -> list[Page[Any]]:
        return list(self.paginator(server, **options).pages())


Reader = AsyncReader | SyncReader
EVERYTHING = -1
