"""The list of pages: what it may say, and where it may lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import fetch_pages
from scripts.openapi.errors import PipelineError
from scripts.openapi.project_paths import OPENAPI, ROOT
from scripts.pages.fetch import known_blocks
from scripts.pages.pages_yaml import Listing, page_name, read_listing

GOOD = {
    "base_url": "https://docs.example.com",
    "index": "/docs/llms.txt",
    "reference": "/docs/api/",
    "pages": "[/docs/api/one.md]",
}


def read(tmp_path: Path, server: str | None = None, /, **changes: str) -> Listing:
    file = tmp_path / "pages.yaml"
    file.write_text("".join(f"{key}: {value}\n" for key, value in {**GOOD, **changes}.items()), encoding="utf-8")
    return read_listing(file, server)


def test_the_committed_listing_names_the_pages_of_the_fragments() -> None:
    listing = read_listing(ROOT / OPENAPI / "pages.yaml")
    assert listing.url(listing.index) == "https://doc.wearepatchworks.com/product-documentation/llms.txt"
    names = {page_name(path) for path in listing.pages}
    assert names == set(known_blocks(ROOT / OPENAPI / "fragments"))


def test_pages_that_may_shrink_and_fragments_that_are_not_there_yet(tmp_path: Path) -> None:
    fragments = ROOT / OPENAPI / "fragments"
    assert "virtual-environments" not in known_blocks(fragments, {"virtual-environments"})
    assert not known_blocks(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"base_url": "http://docs.example.com"}, "must start with https://"),
        ({"base_url": "http://127.0.0.1"}, "must start with https://"),
        ({"base_url": "https://user@docs.example.com"}, "must be a scheme and a host"),
        ({"base_url": "https://docs.example.com/docs"}, "must be a scheme and a host"),
        ({"base_url": "7"}, "must be a scheme and a host"),
        ({"index": "/docs/../llms.txt"}, "is not a plain path that ends with '.txt'"),
        ({"index": "//evil.example.com/llms.txt"}, "is not a plain path"),
        ({"reference": "/docs/api"}, "is not a plain path that ends with '/'"),
        ({"pages": "[/docs/api/one.md?x=1]"}, "is not a plain path"),
        ({"pages": "['https://evil.example.com/one.md']"}, "is not a plain path"),
        ({"pages": "[{a: b}]"}, "is not a plain path"),
        ({"pages": "one.md"}, "pages must be a list"),
        ({"pages": "[]"}, "lists no pages"),
        ({"pages": "[/docs/api/one.md, /docs/api/deep/One.md]"}, "two pages are called one.md"),
        ({"ignored": "[/docs/api/two.md]"}, "ignored must be a dict"),
        ({"extra": "1"}, "must be a mapping of"),
        ({"pages": "["}, "cannot be read"),
    ],
)
def test_a_listing_that_cannot_be_meant(tmp_path: Path, changes: dict[str, str], text: str) -> None:
    with pytest.raises(PipelineError) as caught:
        read(tmp_path, **changes)
    assert text in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_listing_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fetch_pages.main(["--listing", str(tmp_path / "none.yaml")]) == 1
    assert "none.yaml: cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "http://[::1]:80", "http://localhost:1/", "https://a.example"]
)
def test_another_server_by_option(tmp_path: Path, url: str) -> None:
    listing = read(tmp_path, url)
    assert listing.base_url == url.rstrip("/")
    assert listing.published_at == "https://docs.example.com"


@pytest.mark.parametrize("url", ["http://a.example", "http://localhost.evil.example", "ftp://127.0.0.1", "a.example"])
def test_another_server_that_is_not_safe(tmp_path: Path, url: str) -> None:
    with pytest.raises(PipelineError, match="base URL"):
        read(tmp_path, url)
