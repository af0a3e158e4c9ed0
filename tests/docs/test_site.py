"""The documentation site: complete, without dead links, and readable on a phone and on a desk."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Request

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(str(path.relative_to(ROOT / "docs").with_suffix("")) for path in (ROOT / "docs").rglob("*.md"))
WIDTHS = (360, 1280)


class Links(HTMLParser):
    """What a page links to, and the places in it that can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of one tag."""
        given = dict(attrs)
        self.anchors.update(value for name, value in attrs if name in {"id", "name"} and value)
        for name in ("href", "src"):
            target = given.get(name)
            if target and tag in {"a", "img", "link", "script"}:
                self.targets.append(target)


def test_every_page_is_built(site: Path) -> None:
    for page in PAGES:
        assert (site / f"{page}.html").is_file()


def test_every_link_and_anchor_inside_of_the_site_leads_somewhere(site: Path) -> None:
    pages = {path: Links(path.read_text()) for path in site.rglob("*.html")}
    dead: list[str] = []
    for path, page in pages.items():
        for target in page.targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            goal = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            missing = parts.fragment and goal in pages and unquote(parts.fragment) not in pages[goal].anchors
            if not goal.exists() or missing:
                dead.append(f"{path.relative_to(site)} -> {target}")
    assert not dead


def test_programs_find_every_page_as_markdown(site: Path) -> None:
    listed = re.findall(r"\((.+?\.md)\)", (site / "llms.txt").read_text())
    assert sorted(listed) == sorted(f"{page}.md" for page in PAGES)
    for name in listed:
        assert (site / name).read_text() == (ROOT / "docs" / name).read_text()


def test_the_reference_names_every_public_object(site: Path) -> None:
    text = " ".join(path.read_text() for path in (site / "reference").glob("*.html"))
    documented = set(re.findall(r'id="([\w.]+)"', text))
    names = [line.split(":")[0] for line in (ROOT / "docs" / "public-surface.txt").read_text().splitlines() if line]
    public = {
        name
        for name in names
        if re.match(r"patchworks_core_client\.(models\.)?[A-Z]\w+$", name)
        and not name.endswith(("NOT_GIVEN", "NotGiven"))
    }
    assert public - documented == set()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_in_a_browser(served: str, browser: Browser, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    said: list[str] = []
    elsewhere: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    def request(request: Request) -> None:
        if not request.url.startswith((served, "data:")):
            elsewhere.append(request.url)

    page.on("console", console)
    page.on("request", request)
    for name in PAGES:
        page.goto(f"{served}/{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than the screen"
        assert page.locator("h1").count() >= 1, name
    context.close()
    assert not said
    assert not elsewhere


def test_the_search_finds_a_method(served: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{served}/search.html?q=deploy_version")
    page.locator("#search-results li a").first.wait_for()
    results = page.locator("#search-results li").all_inner_texts()
    page.close()
    assert any("deploy_version" in text or "Methods" in text for text in results), results
