"""Fetch the documentation pages of `openapi/pages.yaml` and regenerate the SDK from them.

With `--into` the pages are only kept in that folder, and a second run asks for what changed. Without it they are
handed to `scripts/regenerate.py`. Anything that is not right ends the run with one line, and nothing has changed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if not __package__:
    import _sys_path  # type: ignore[import-not-found]  # noqa: F401

from scripts.openapi.errors import PipelineError
from scripts.openapi.project_paths import FRAGMENTS, PAGES, ROOT
from scripts.pages.fetch import fetch, known_blocks
from scripts.pages.page_download import Limits
from scripts.pages.pages_yaml import read_listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.pages.fetch import FetchResult


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 0, or 1 after one line on stderr."""
    options = _parser().parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="pages-") as temporary:
            folder = options.into or Path(temporary, "pages")
            return _use(_fetch(folder, options), folder, options)
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    default = Limits()
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--listing", type=Path, default=ROOT / PAGES, help="the pages to fetch")
    parser.add_argument("--base-url", help="another server; http:// is allowed for this machine")
    parser.add_argument("--into", type=Path, help="keep the pages in this folder, and do not regenerate")
    parser.add_argument("--unlisted", type=Path, help="write the pages that nobody has listed yet to this file")
    parser.add_argument("--time-limit", type=float, default=default.total_s, help="seconds for all pages together")
    parser.add_argument("--page-limit", type=int, default=default.page_bytes, help="bytes of the largest page")
    parser.add_argument("--at-once", type=int, default=default.at_once, help="pages under way at the same time")
    parser.add_argument("--first-wait", type=float, default=default.first_wait_s, help="seconds before a second try")
    parser.add_argument(
        "--accept-shrunk", action="append", default=[], metavar="PAGE", help="a page that really lost its operations"
    )
    return parser


def _fetch(folder: Path, options: argparse.Namespace) -> FetchResult:
    listing = read_listing(options.listing, options.base_url)
    known = known_blocks(ROOT / FRAGMENTS, frozenset(options.accept_shrunk))
    limits = Limits(
        page_bytes=options.page_limit,
        first_wait_s=options.first_wait,
        at_once=options.at_once,
        total_s=options.time_limit,
    )
    return fetch(listing, folder, known, limits)


def _use(outcome: FetchResult, folder: Path, options: argparse.Namespace) -> int:
    """Say what was found, and hand the pages on unless they are only to be kept."""
    for page in outcome.pages:
        news = "changed" if page.is_new else "as before"
        print(f"{page.name}: {page.blocks} OpenAPI blocks, {page.size:,} bytes, {news}")
    for path in outcome.drift.unlisted:
        print(f"not listed in pages.yaml: {path}")
    for path in outcome.drift.gone:
        print(f"listed, but no longer in the documentation's index (docs/releasing.md says what to do): {path}")
    if options.unlisted:
        _write(options.unlisted, outcome.drift.unlisted)
    if options.into:
        return 0
    from scripts.regenerate import main as regenerate  # noqa: PLC0415 - the rest takes longer to import than to fetch

    return regenerate(["--pages", str(folder)])


def _write(file: Path, lines: list[str]) -> None:
    try:
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise PipelineError(str(file), "", "", f"cannot be written: {error.strerror}") from error


if __name__ == "__main__":
    sys.exit(main())
