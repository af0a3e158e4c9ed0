"""A headless Chromium for the tests of pages; where none is installed they are skipped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Without these it asks its maker's servers for updates at every start. Root, as which CI runs, has no sandbox.
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]

# The first one has no windows: it starts faster, and a page costs half.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def program() -> str:
    """Return the path of the browser; skips the test where there is none."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        pytest.skip("this needs Chromium, which is not installed (Debian: apt-get install chromium-headless-shell)")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser for as long as the block lasts; skips the test where there is none."""
    path = program()
    # Every process that runs tests imports this file.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
