"""The documentation site: complete, without dead links, and readable on a phone and on a desk."""

from __future__ import annotations

import inspect
import os
import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

import attrs
import pytest

from patchworks_core_client import environments, models

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request

pytestmark = pytest.mark.untraced

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(str(path.relative_to(ROOT / "docs").with_suffix("")) for path in (ROOT / "docs").rglob("*.md"))
# A phone at night, and a desk by day.
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((360, "dark"), (1280, "light"))


# Sphinx escapes what could be taken for the end of a tag or of a text.
LINK = re.compile(r'<(a|img|link|script)\b[^>]*?\s(?:href|src)="([^"]+)"')
ANCHOR = re.compile(r'<[^>]*?\s(?:id|name)="([^"]+)"')


class Links:
    """What a page links to, and the places in it that can be linked to."""

    def __init__(self, text: str) -> None:
        found = [(tag, unescape(target)) for tag, target in LINK.findall(text)]
        self.targets = {target for _, target in found}
        self.loaded = {target for tag, target in found if tag != "a"}
        self.anchors = set(map(unescape, ANCHOR.findall(text)))


@pytest.fixture(scope="module")
def links(site: Path) -> dict[Path, Links]:
    """What each page links to."""
    return {path: Links(path.read_text()) for path in site.rglob("*.html")}


def test_every_page_is_built(site: Path) -> None:
    for page in PAGES:
        assert (site / f"{page}.html").is_file()


def test_every_link_and_anchor_inside_of_the_site_leads_somewhere(site: Path, links: dict[Path, Links]) -> None:
    dead: list[str] = []
    for path, page in links.items():
        for target in page.targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            goal = Path(os.path.normpath(path.parent / unquote(parts.path))) if parts.path else path
            missing = parts.fragment and goal in links and unquote(parts.fragment) not in links[goal].anchors
            if not goal.exists() or missing:
                dead.append(f"{path.relative_to(site)} -> {target}")
    assert not dead


def test_no_page_loads_anything_from_elsewhere(links: dict[Path, Links]) -> None:
    loaded = {target for page in links.values() for target in page.loaded}
    assert loaded
    assert not [target for target in loaded if urlsplit(target).netloc]


def test_programs_find_every_page_as_markdown(site: Path) -> None:
    listed = re.findall(r"\]\((.+?\.md)\)", (site / "llms.txt").read_text())
    assert sorted(listed) == sorted(f"{page}.md" for page in PAGES)
    pages = {name: (site / name).read_text() for name in listed}
    assert pages["start.md"] == (ROOT / "docs" / "start.md").read_text()
    assert not [name for name, text in pages.items() if re.search(r"^```\{", text, re.MULTILINE)]
    # What a page shows of other files, and what only the build knows, is in it.
    assert "async def lifespan(app: FastAPI)" in pages["recipes.md"]
    assert "The first release." in pages["changelog.md"]
    assert "A draft is edited." in pages["concepts.md"]
    assert "deploy_version(virtual_environment, version, *, " in pages["reference/operations.md"]
    assert '"deploy_version"' in pages["methods.md"]


def test_the_reference_names_every_public_object(site: Path) -> None:
    text = " ".join(path.read_text() for path in (site / "reference").glob("*.html"))
    documented = set(re.findall(r'id="([\w.]+)"', text))
    surface = (ROOT / "docs" / "public-surface.txt").read_text().splitlines()
    names = {line.split(":")[0].removeprefix("patchworks_core_client.") for line in surface if not line.startswith("#")}
    public = {name for name in names if re.match(r"((models|sandbox|environments)\.)?[A-Z]\w+$", name)}
    public |= {f"types.{name.removeprefix('_types.')}" for name in names if name.startswith("_types.")}
    # The methods, below the class of their namespace.
    for name in names:
        if found := re.match(r"AsyncPatchworks\.(virtual_\w+)\.(\w+)$", name):
            public.add(f"types.Async{found[1].title().replace('_', '')}Api.{found[2]}")
    public = public - {"NotGiven"} | {f"environments.{name}" for name in environments.__all__}
    assert len([name for name in public if "Api." in name]) == 27
    assert {f"patchworks_core_client.{name}" for name in public} - documented == set()


# How much darker text has to be than its background, or lighter, to be read by everybody (WCAG, AA).
CONTRAST = 4.5
LOOK = """
    const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const luminance = (color) => {
        const [red, green, blue] = color.match(/[\\d.]+/g).map(Number).map(channel);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const look = () => {
        const text = getComputedStyle(document.querySelector("article p, article li, article td"));
        const behind = getComputedStyle(document.querySelector(".main > .content") ?? document.body);
        const page = /rgba\\(0, 0, 0, 0\\)/.test(behind.backgroundColor) ? getComputedStyle(document.body) : behind;
        const both = [luminance(text.color), luminance(page.backgroundColor)].sort((one, other) => other - one);
        return [
            document.querySelectorAll("h1").length,
            document.documentElement.scrollWidth,
            (both[0] + 0.05) / (both[1] + 0.05),
            parseFloat(text.fontSize),
        ];
    };
"""
# Each page takes the place of the one before it, and nothing is drawn: to open and draw each takes four times as long.
FETCH = """async (names) => {
    const fetched = names.map(async (name) => await (await fetch(`/${name}.html`)).text());
    window.fetched = await Promise.all(fetched);
}"""
LOOK_AT_EACH = f"""() => {{
    {LOOK}
    return window.fetched.map((text) => {{
        document.body.replaceWith(new DOMParser().parseFromString(text, "text/html").body);
        document.body.dataset.theme = "auto";
        return look();
    }});
}}"""


def test_every_page_is_readable(served: str, page: Page) -> None:
    """On a phone and on a desk, light and dark."""
    page.goto(f"{served}/index.html", wait_until="domcontentloaded")
    page.evaluate(FETCH, PAGES)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for name, (titles, wide, contrast, size) in zip(PAGES, page.evaluate(LOOK_AT_EACH), strict=True):
            assert titles >= 1, name
            assert wide <= width, f"{name} is wider than {width} pixels"
            assert contrast >= CONTRAST, f"{name}, {scheme}: {contrast}"
            assert size >= 12, f"{name} at {width} pixels: {size}"


@pytest.mark.soak
def test_nothing_goes_wrong_in_the_browser(served: str, page: Page, soak: bool) -> None:
    """One page of each kind, and in the long form every one."""
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
    for name in PAGES if soak else ("concepts", "methods", "recipes", "reference/operations"):
        page.goto(f"{served}/{name}.html", wait_until="domcontentloaded")
    assert not said
    assert not elsewhere


@pytest.mark.parametrize(("wanted", "found"), [("deploy_version", "deploy_version"), ("manifest", "Concepts")])
def test_the_search_finds_it(served: str, page: Page, wanted: str, found: str) -> None:
    page.goto(f"{served}/search.html?q={wanted}")
    page.locator("#search-results li a", has_text=found).first.wait_for()


def test_every_field_of_every_model_says_what_it_means() -> None:
    for name in models.__all__:
        model = getattr(models, name)
        if isinstance(model, type) and attrs.has(model):
            text = inspect.getdoc(model) or ""
            for field in attrs.fields(model):
                if field.name != "additional_properties":
                    assert re.search(rf"^ +{field.name}: \S", text, re.MULTILINE), f"{name}.{field.name}"
