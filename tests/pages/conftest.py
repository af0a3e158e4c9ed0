"""A documentation server, and the command line that fetches from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts import fetch_pages
from tests.pages.docs_server import INDEX, REFERENCE, DocsServer, block, markdown, serving

ONE = markdown(block("List Things", "/api/v1/things"), block("Get Thing", "/api/v1/things/{thing}"))
TWO = markdown(block("List Parts", "/api/v1/parts"))


@pytest.fixture
def server() -> Iterator[DocsServer]:
    with serving() as running:
        running.publish(one=ONE, two=TWO)
        yield running


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    return write_listing(tmp_path / "pages.yaml", "one", "two")


@pytest.fixture
def fetch(server: DocsServer, listing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run the script against the server; the folder is `into` unless the test names one."""
    # None of these pages is among the fragments of this checkout, which would be read each time.
    monkeypatch.setattr(fetch_pages, "known_blocks", lambda *_: Counter())

    def run(*options: str) -> int:
        into = () if "--into" in options else ("--into", str(tmp_path / "into"))
        common = ("--base-url", server.url, "--listing", str(listing), "--first-wait", "0.01")
        return fetch_pages.main([*common, *into, *options])

    return run


def write_listing(file: Path, *pages: str, ignored: str = "{}") -> Path:
    names = "".join(f"  - {REFERENCE}{page}.md\n" for page in pages)
    file.write_text(
        f"base_url: https://docs.example.com\nindex: {INDEX}\nreference: {REFERENCE}\n"
        f"pages:\n{names}ignored: {ignored}\n",
        encoding="utf-8",
    )
    return file
