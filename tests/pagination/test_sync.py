"""What only `Paginator` has: its threads."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextvars import ContextVar
from typing import Any

import pytest

from patchworks_core_client import Paginator, _pagination

from .support import URL, Server


def paginator(server: Server, **options: Any) -> Paginator[Any]:
    return Paginator(server.fetch, url=URL, **options)


def threads() -> int:
    return sum(thread.name.startswith("patchworks-page") for thread in threading.enumerate())


def test_the_first_page_and_the_same_one_again() -> None:
    server = Server(25)
    p = paginator(server)
    page = p.first_page()
    assert page.items == server.rows[:10]
    assert p.first_page() is page
    assert len(server.requests) == 1
    assert list(p) == server.rows
    assert len(server.requests) == 3, "the first loop goes on from it"
    assert list(p) == server.rows
    assert len(server.requests) == 6, "and the next reads anew"


def test_the_first_page_in_several_threads_is_one_request() -> None:
    server = Server(25)
    server.delay = lambda _: 0.01
    p = paginator(server)
    pages: list[Any] = []
    workers = [threading.Thread(target=lambda: pages.append(p.first_page())) for _ in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(server.requests) == 1
    assert all(page is pages[0] for page in pages)


def test_threads_start_when_there_is_something_ahead_and_have_ended_afterwards() -> None:
    server = Server(95)
    seen = set()
    server.before = lambda _: seen.add(threads())
    items = iter(paginator(server))
    assert threads() == 0
    next(items)
    assert threads() > 0
    assert len(list(items)) == 94
    assert threads() == 0
    assert 0 in seen, "the first page is fetched by the reader itself"


def test_one_page_and_one_after_the_other_need_no_threads() -> None:
    names = set()
    for server, options in ((Server(5), {}), (Server(95), {"concurrency": 1})):
        server.before = lambda _: names.add(threading.current_thread().name)
        for _ in paginator(server, **options):
            assert threads() == 0
    assert names == {threading.current_thread().name}


def test_leaving_the_loop_ends_its_threads_at_once() -> None:
    server = Server(95)
    server.delay = lambda query: 30.0 if int(str(query.get("page") or 1)) > 2 else 0.0
    for item in paginator(server):
        if item["id"] == 12:
            break
    assert threads() == 0
    for options in ({}, {"concurrency": 1}):
        pages = paginator(server, **options).pages()
        next(pages)
        pages.close()
        assert threads() == 0

    def read() -> None:
        for _ in paginator(server):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read()
    assert threads() == 0


def test_pages_ahead_are_bounded_while_the_reader_is_slow() -> None:
    server = Server(500)
    pages = paginator(server, concurrency=4).pages()
    for number in range(1, 6):
        next(pages)
        deadline = time.monotonic() + 5.0
        while len(server.requests) < number + 4 and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(0.002)
        assert len(server.requests) == number + 4
    pages.close()


def test_the_context_of_the_reader_goes_with_every_page() -> None:
    seen = []
    variable: ContextVar[str] = ContextVar("variable")
    server = Server(45)
    server.before = lambda _: seen.append(variable.get())
    variable.set("here")
    paginator(server).collect()
    assert seen == ["here"] * 5


def test_a_synchronous_program_does_not_load_asyncio() -> None:
    code = "import sys; from patchworks_core_client import Paginator; assert 'asyncio' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_module_of_both_has_nothing_else() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = _pagination.Nothing
