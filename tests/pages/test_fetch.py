"""Fetching pages: what arrives, what is asked for again, what is refused and leaves everything as it was."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import fetch_pages, regenerate
from tests.pages import docs_server
from tests.pages.conftest import ONE, TWO, write_listing
from tests.pages.docs_server import INDEX, REFERENCE, DocsServer, Reply, block, markdown
from tests.support.scripts import run_as_file

Fetch = Callable[..., int]


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}


def test_every_listed_page_is_kept_as_published(
    fetch: Fetch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch() == 0
    assert content(tmp_path / "into") == {"one.md": ONE, "two.md": TWO}
    assert capsys.readouterr().out.splitlines() == [
        f"one.md: 2 OpenAPI blocks, {len(ONE):,} bytes, changed",
        f"two.md: 1 OpenAPI blocks, {len(TWO):,} bytes, changed",
    ]


@pytest.mark.parametrize(
    ("validators", "header"),
    [({"etag": '"v1"'}, "If-None-Match"), ({"modified": "Sat, 21 Nov 2026 10:00:00 GMT"}, "If-Modified-Since")],
)
def test_a_page_that_did_not_change_is_not_sent_again(
    fetch: Fetch, server: DocsServer, tmp_path: Path, validators: dict[str, str], header: str
) -> None:
    server.replies[f"{REFERENCE}one.md"] = docs_server.versioned(ONE, **validators)
    assert [fetch(), fetch(), fetch()] == [0, 0, 0]
    assert [header in headers for headers in server.asked_for("one.md")] == [False, True, True]
    assert content(tmp_path / "into") == {"one.md": ONE, "two.md": TWO}


def test_a_page_that_changed_replaces_the_last_one(fetch: Fetch, server: DocsServer, tmp_path: Path) -> None:
    server.replies[f"{REFERENCE}one.md"] = docs_server.versioned(ONE, etag='"v1"')
    assert fetch() == 0
    server.replies[f"{REFERENCE}one.md"] = docs_server.versioned(f"{ONE}More.\n", etag='"v2"')
    assert fetch() == 0
    assert content(tmp_path / "into")["one.md"] == f"{ONE}More.\n"


@pytest.mark.parametrize("spoil", ["page", "state", "missing"])
def test_a_file_that_is_not_what_was_fetched_is_fetched_whole(
    fetch: Fetch, server: DocsServer, tmp_path: Path, spoil: str
) -> None:
    server.replies[f"{REFERENCE}one.md"] = docs_server.versioned(ONE, etag='"v1"')
    assert fetch() == 0
    if spoil == "missing":
        (tmp_path / "into" / "one.md").unlink()
    else:
        name = {"page": "one.md", "state": ".fetched.json"}[spoil]
        (tmp_path / "into" / name).write_text("spoiled", encoding="utf-8")
    assert fetch() == 0
    assert ["If-None-Match" in headers for headers in server.asked_for("one.md")] == [False, False]
    assert content(tmp_path / "into")["one.md"] == ONE


def test_a_304_that_nobody_asked_for_is_an_error(
    fetch: Fetch, server: DocsServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.replies[f"{REFERENCE}one.md"] = docs_server.status(304)
    assert fetch() == 1
    assert "HTTP 304" in capsys.readouterr().err


def test_a_page_that_is_no_longer_listed_leaves_the_folder(fetch: Fetch, listing: Path, tmp_path: Path) -> None:
    assert fetch() == 0
    write_listing(listing, "two")
    assert fetch() == 0
    assert content(tmp_path / "into") == {"two.md": TWO}


def test_a_compressed_page_is_unpacked(fetch: Fetch, server: DocsServer, tmp_path: Path) -> None:
    packed = gzip.compress(ONE.encode())
    server.replies[f"{REFERENCE}one.md"] = docs_server.page(packed, Content_Encoding="gzip")
    assert fetch() == 0
    assert content(tmp_path / "into")["one.md"] == ONE


def test_a_redirect_on_the_same_host_is_followed(fetch: Fetch, server: DocsServer, tmp_path: Path) -> None:
    server.replies["/moved/one.md"] = docs_server.page(ONE)
    server.replies[f"{REFERENCE}one.md"] = docs_server.redirect("/moved/one.md")
    assert fetch() == 0
    assert content(tmp_path / "into")["one.md"] == ONE


@pytest.mark.parametrize(
    "first",
    [
        docs_server.status(500),
        docs_server.status(503, Retry_After="0"),
        docs_server.status(429, Retry_After="Sat, 21 Nov 2026 10:00:00 GMT"),
        docs_server.cut(ONE),
        docs_server.cut(ONE, Transfer_Encoding="chunked"),
        docs_server.page(gzip.compress(ONE.encode())[:-9], Content_Encoding="gzip"),
        docs_server.page(b"no gzip", Content_Encoding="gzip"),
    ],
    ids=["500", "503", "429", "cut", "cut-chunk", "cut-gzip", "damaged"],
)
def test_what_may_pass_is_tried_again(fetch: Fetch, server: DocsServer, tmp_path: Path, first: Reply) -> None:
    server.replies[f"{REFERENCE}one.md"] = docs_server.in_turn(first, docs_server.page(ONE))
    assert fetch() == 0
    assert content(tmp_path / "into")["one.md"] == ONE
    assert len(server.asked_for("one.md")) == 2


HTML = "<!DOCTYPE html><html><body>Hello</body></html>"
BROKEN: dict[str, tuple[Reply, int, str]] = {
    "404": (docs_server.status(404), 1, "the server answers with HTTP 404: there is no such page; if it is gone"),
    "401": (docs_server.status(401), 1, "the server answers with HTTP 401: it asks for a login"),
    "500": (docs_server.status(500), 4, "the server answers with HTTP 500 (attempt 4 of 4)"),
    "throttled": (docs_server.status(429, Retry_After="3600"), 1, "HTTP 429 (attempt 1 of 4)"),
    "cut": (docs_server.cut(ONE), 4, "did not arrive: peer closed connection without sending complete message"),
    "html": (docs_server.page(HTML), 1, "one.md: came as a web page (HTML) instead of Markdown"),
    "html-behind-comments": (docs_server.page("<!-- a -->\n" * 3 + HTML), 1, "came as a web page (HTML)"),
    "html-behind-many-comments": (docs_server.page("<!-- -->" * 5000 + HTML), 1, "came as a web page (HTML)"),
    "comments": (docs_server.page("<!-- -->" * 5000 + "# page"), 1, "holds no OpenAPI block"),
    "a comment without an end": (docs_server.page("<!-- -->" * 50 + "<!-- <html>"), 1, "holds no OpenAPI block"),
    "more-than-gzip": (
        docs_server.page(gzip.compress(ONE.encode()) + b"more", Content_Encoding="gzip"),
        1,
        "bytes behind the end of its compressed body",
    ),
    "html-type": (docs_server.page(ONE, Content_Type="text/html"), 1, "came as a web page (HTML)"),
    "login": (docs_server.page(HTML.replace("Hello", "Please log in")), 1, "came as a login page instead"),
    "other-host": (docs_server.redirect("https://login.example.com/?next=x"), 1, "redirects to another place"),
    "inside": (docs_server.redirect("http://169.254.169.254/latest"), 1, "redirects to another place"),
    "loop": (docs_server.redirect(f"{REFERENCE}one.md"), 4, "redirects more than 3 times"),
    "empty": (docs_server.page(""), 1, "one.md: holds no OpenAPI block"),
    "no-blocks": (docs_server.page("# Things\n\nSoon.\n"), 1, "holds no OpenAPI block"),
    "cut-block": (
        docs_server.page(ONE[: len(ONE) // 2 - 50]),
        1,
        "the page ends inside this block, so it was cut short",
    ),
    "declared-huge": (docs_server.page(b"x" * 300_000), 1, "is larger than 200,000 bytes"),
    "endless": (docs_server.endless(), 1, "is larger than 200,000 bytes"),
    "bomb": (docs_server.bomb(100_000_000), 1, "is larger than 200,000 bytes"),
    "encoding": (docs_server.page(ONE, Content_Encoding="br"), 1, "an encoding that was not asked for (br)"),
    "binary": (docs_server.page(b"\xff\xfe\x00"), 1, "is not UTF-8 text"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_page_that_cannot_be_trusted_changes_nothing(
    fetch: Fetch, server: DocsServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert fetch() == 0
    capsys.readouterr()
    before = {path.name: path.read_bytes() for path in (tmp_path / "into").iterdir()}
    server.requests.clear()
    reply, requests, text = BROKEN[name]
    server.publish(two=f"{TWO}More.\n")
    server.replies[f"{REFERENCE}one.md"] = reply
    assert fetch("--page-limit", "200000") == 1
    out, err = capsys.readouterr()
    assert text in err
    assert err.count("\n") == 1
    assert out == ""
    assert {path.name: path.read_bytes() for path in (tmp_path / "into").iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["into", "pages.yaml"]
    assert len(server.asked_for("one.md")) == requests


def test_a_server_that_is_not_there(fetch: Fetch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with docs_server.serving() as gone:
        url = gone.url
    assert fetch("--base-url", url) == 1
    assert "did not arrive" in capsys.readouterr().err
    assert not (tmp_path / "into").exists()


def test_the_time_for_all_pages_is_limited(
    fetch: Fetch, server: DocsServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    release = threading.Event()
    server.replies[f"{REFERENCE}one.md"] = docs_server.stalled(release)
    assert fetch("--time-limit", "0.3") == 1
    release.set()
    assert "not all pages arrived within 0.3 s" in capsys.readouterr().err
    assert not (tmp_path / "into").exists()


def test_a_few_pages_at_a_time(fetch: Fetch, server: DocsServer, listing: Path) -> None:
    names = [f"page{number}" for number in range(12)]
    write_listing(listing, *names)
    under_way: list[int] = [0]
    most: list[int] = [0]
    lock = threading.Lock()

    def counted(request: docs_server.DocsRequest) -> None:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        threading.Event().wait(0.02)
        with lock:
            under_way[0] -= 1
        docs_server.page(TWO)(request)

    server.publish(**dict.fromkeys(names, TWO))
    server.replies.update({f"{REFERENCE}{name}.md": counted for name in names})
    assert fetch("--at-once", "3") == 0
    assert 2 <= most[0] <= 3


def test_pages_that_nobody_listed_are_named(
    fetch: Fetch, server: DocsServer, listing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_listing(listing, "one", "two", ignored=f"{{{REFERENCE}about.md: no operations}}")
    links = [
        "https://docs.example.com" + REFERENCE + "three.md",
        server.url + REFERENCE + "deep/four",
        "api-reference/five.md#part",
        REFERENCE + "about.md",
        REFERENCE + "one.md",
        "https://docs.example.com/docs/guide.md",
        "https://elsewhere.example.com" + REFERENCE + "six.md",
        "http://169.254.169.254" + REFERENCE + "seven.md",
        "//[:]" + REFERENCE,
        REFERENCE + "##[error]eight.md",
        REFERENCE + "<script>.md",
        "javascript:alert(1)",
    ]
    server.replies[INDEX] = docs_server.page("# Docs\n\n" + "".join(f"- [page](<{link}>): text\n" for link in links))
    assert fetch("--unlisted", str(tmp_path / "unlisted.txt")) == 0
    found = [f"{REFERENCE}{name}" for name in ("deep/four.md", "five.md", "three.md")]
    out = capsys.readouterr().out.splitlines()
    assert out[2:] == [
        *(f"not listed in pages.yaml: {path}" for path in found),
        f"listed, but no longer in the documentation's index (docs/releasing.md says what to do): {REFERENCE}two.md",
    ]
    assert (tmp_path / "unlisted.txt").read_text().split() == found
    asked = {path for path, _ in server.requests}
    assert asked == {INDEX, f"{REFERENCE}one.md", f"{REFERENCE}two.md"}


@pytest.mark.parametrize("reply", [docs_server.status(404), docs_server.page(HTML)], ids=["404", "html"])
def test_an_index_that_cannot_be_read_is_an_error(
    fetch: Fetch, server: DocsServer, capsys: pytest.CaptureFixture[str], reply: Reply
) -> None:
    server.replies[INDEX] = reply
    assert fetch() == 1
    assert "llms.txt" in capsys.readouterr().err


def test_a_page_that_lost_most_of_its_operations_must_be_accepted(
    fetch: Fetch,
    server: DocsServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(fetch_pages, "known_blocks", lambda _, accepted: {"one": 0 if "one" in accepted else 5})
    assert fetch() == 1
    assert "shrank from 5 OpenAPI blocks to 2" in capsys.readouterr().err
    assert fetch("--accept-shrunk", "one") == 0
    server.publish(one=markdown(*(block(f"Get {n}", f"/api/v1/{n}") for n in "abc")), two=TWO)
    assert fetch() == 0


def test_other_files_in_the_folder_stay(fetch: Fetch, listing: Path, tmp_path: Path) -> None:
    into = tmp_path / "into"
    into.mkdir()
    outside = tmp_path / "outside.md"
    for file in (into / "mine.md", outside):
        file.write_text("mine", encoding="utf-8")
    (into / ".fetched.json").write_text('{"../outside.md": {}, "gone.md": {}}', encoding="utf-8")
    assert fetch() == 0
    write_listing(listing, "two")
    assert fetch() == 0
    assert content(into) == {"mine.md": "mine", "two.md": TWO}
    assert outside.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("option", ["--into", "--unlisted"])
def test_a_place_where_nothing_can_be_written(
    fetch: Fetch, listing: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert fetch(option, str(listing / "place")) == 1
    assert "pages.yaml" in (err := capsys.readouterr().err)
    assert "cannot be written" in err


def test_a_failure_while_the_pages_are_put_in_their_place_is_undone(
    fetch: Fetch,
    server: DocsServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert fetch() == 0
    server.publish(one=f"{ONE}More.\n", two=f"{TWO}More.\n")
    rename = Path.rename
    calls: list[Path] = []

    def failing(self: Path, target: Path) -> Path:
        calls.append(self)
        if len(calls) == 4:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    assert fetch() == 1
    assert content(tmp_path / "into") == {"one.md": ONE, "two.md": TWO}
    assert "No space left on device; nothing was changed" in capsys.readouterr().err


def test_without_a_folder_the_pages_are_handed_on(
    server: DocsServer, listing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[dict[str, str]] = []

    def hand(arguments: list[str]) -> int:
        option, folder = arguments
        assert option == "--pages"
        handed.append(content(Path(folder)))
        return 3

    monkeypatch.setattr(regenerate, "main", hand)
    assert fetch_pages.main(["--base-url", server.url, "--listing", str(listing)]) == 3
    assert handed == [{"one.md": ONE, "two.md": TWO}]


def test_the_script_by_its_name(
    listing: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="1"):
        run_as_file(fetch_pages.__file__, monkeypatch, "--listing", str(listing), "--base-url", "http://a.example")
    assert "the base URL 'http://a.example' must start with https://" in capsys.readouterr().err
