"""The page in headless Chromium: with and without JavaScript, light and dark, by keyboard, on a small screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import httpx
import pytest

from patchworks_core_client.sandbox import create_app, serve
from tests.support.browser import chromium

from ..conftest import ENVIRONMENTS, KEY

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Browser, Page

    from patchworks_core_client.sandbox import RunningSandbox


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def server() -> Generator[RunningSandbox]:
    with serve(create_app(seed=1, control=True)) as served:
        yield served


@pytest.fixture
def running(server: RunningSandbox) -> RunningSandbox:
    """A sandbox as it begins, with one request. It stays at its address: another one takes another process to show."""
    server.sandbox.reset()
    httpx.get(f"{server.url}{ENVIRONMENTS}", headers=KEY)
    return server


@pytest.fixture(scope="module")
def tab(browser: Browser) -> tuple[Page, list[str]]:
    """A page for all tests, and what it logs: to open one takes longer than all that a test does with it."""
    page = browser.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page, faults


@pytest.fixture
def faults_of_the_page(tab: tuple[Page, list[str]], running: RunningSandbox) -> tuple[Page, list[str]]:
    page, faults = tab
    page.set_viewport_size({"width": 1280, "height": 800})
    faults.clear()
    page.goto(running.url)
    return tab


def test_requests_arrive_by_themselves(faults_of_the_page: tuple[Page, list[str]], running: RunningSandbox) -> None:
    page, faults = faults_of_the_page
    assert page.locator("[data-request]").count() == 1
    answer = httpx.get(f"{running.url}{ENVIRONMENTS}/1", headers=KEY)
    page.wait_for_selector(f"[data-request='{answer.headers['x-request-id']}']")
    assert page.locator("#live").inner_text() == "1 new request"
    page.get_by_role("button", name="Pause").click()
    assert page.get_by_role("button", name="Pause").get_attribute("aria-pressed") == "true"
    assert faults == []


def test_a_fault_is_set_with_a_click_and_lifted(
    faults_of_the_page: tuple[Page, list[str]], running: RunningSandbox
) -> None:
    page, faults = faults_of_the_page
    page.get_by_role("button", name="Next request 503").click()
    page.wait_for_load_state()
    assert running.sandbox.faults.in_force() == ["next 503"]
    assert page.url == f"{running.url}/"
    page.get_by_role("button", name="Lift all faults").click()
    page.wait_for_load_state()
    assert running.sandbox.faults.in_force() == []
    page.get_by_label("Another rate").fill("often")
    page.get_by_role("button", name="Set", exact=True).click()
    assert "is no rate" in page.get_by_role("alert").inner_text()
    # The browser itself logs that the answer was a 422.
    assert all("422" in fault for fault in faults)


def test_the_keyboard_reaches_everything(faults_of_the_page: tuple[Page, list[str]]) -> None:
    page, _ = faults_of_the_page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("link", name="UK live").focus()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/_page/environments/2")
    assert page.get_by_role("heading", level=1).inner_text() == "UK live"


def test_every_control_has_a_name_and_every_table_its_headings(faults_of_the_page: tuple[Page, list[str]]) -> None:
    page, _ = faults_of_the_page
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate("[...document.querySelectorAll('th')].filter(e => !e.scope).length") == 0
    assert page.locator("h1").count() == 1
    assert page.get_attribute("html", "lang") == "en"


@pytest.mark.untraced
def test_it_is_readable_on_a_desk_and_on_a_phone_light_and_dark(
    faults_of_the_page: tuple[Page, list[str]], running: RunningSandbox
) -> None:
    page, _ = faults_of_the_page
    for path in ("/", "/_page/environments/2"):
        page.goto(f"{running.url}{path}")
        assert page.get_by_role("heading", level=1).is_visible()
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                assert page.evaluate(CONTRAST) >= 4.5, (path, width, scheme)


def test_it_works_without_javascript(browser: Browser, running: RunningSandbox) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{running.url}/_page/environments/2")
        assert page.get_by_role("heading", level=1).is_visible()
        page.goto(f"{running.url}/")
        assert page.get_by_role("link", name="Reload").is_visible()
        page.get_by_role("button", name="240/min").click()
        assert "240/60s" in page.inner_text("header")


# What can be worked with and says neither in itself nor by a label what it is for.
NAMELESS = """() => [...document.querySelectorAll("button, a, input:not([type=hidden]), summary")]
  .filter((element) => !(element.textContent.trim() || (element.labels && element.labels.length)))
  .map((element) => element.outerHTML)"""
# The least contrast of any text with the ground behind it, by the formula of WCAG.
CONTRAST = """() => {
  const parse = (text) => {
    const found = text.match(/[\\d.]+/g).map(Number);
    return found.length < 4 ? [...found, 1] : found;
  };
  const linear = (part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((part) => linear(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = parse(getComputedStyle(at).backgroundColor);
      if (found[3] > 0) return found;
    }
    return [255, 255, 255, 1];
  };
  let least = 21;
  for (const element of document.querySelectorAll("body *")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) continue;
    const colours = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const [one, other] = colours.sort((a, b) => b - a);
    least = Math.min(least, (one + 0.05) / (other + 0.05));
  }
  return least;
}"""
