"""Every bad input: one line that names page, heading and pointer, and every output file as it was before."""

from __future__ import annotations

import json
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts import regenerate
from scripts.regeneration.update import update_checkout, write_package
from tests.spec.build import REF, THINGS, block, document, files_below, operation, page, stand_in
from tests.spec.conftest import make_checkout

GOOD = document()
PUT = document(method="put", details=operation("Update Thing"))


def dangling() -> dict[str, Any]:
    return document(method="put", details=operation("Update Thing"), schemas={"Other": {"$ref": REF + "Missing"}})


def other_schema() -> dict[str, Any]:
    return document(method="put", details=operation("Update Thing"), schemas={"Things": {**THINGS, "description": "x"}})


BAD: dict[str, tuple[list[object], str]] = {
    "a truncated block": ([GOOD, json.dumps(PUT)[:400]], r'things\.md, block 2 "Block 2", #: not JSON'),
    "a dangling reference": (
        [GOOD, dangling()],
        r'block 2 "Block 2", #/components/schemas/Other/\$ref: .*leads nowhere',
    ),
    "a key twice": (
        [GOOD, json.dumps(PUT).replace('"summary": ', '"summary": "x", "summary": ', 1)],
        r'block 2 "Block 2", #/paths/~1api~1v1~1things~1\{thing\}/put/summary: the key "summary" is there twice',
    ),
    "two schemas of one name": (
        [GOOD, other_schema()],
        r'block 2 "Block 2", #/components/schemas/Things/description: differs from what '
        r'(things|another)\.md, block 1 "',
    ),
    "two versions of one operation": (
        [GOOD, document(details=operation(description="Other."))],
        r'block 2 "Block 2", #/paths/~1api~1v1~1things~1\{thing\}/get/description: differs from what things\.md',
    ),
    "a block for another server": (
        [GOOD, document(method="put", servers=[{"url": "https://elsewhere.example"}])],
        r'block 2 "Block 2", #/servers/0/url: is a block for another server, .*elsewhere',
    ),
    "a reference to a file": (
        [document(schemas={"Other": {"$ref": "file:///etc/passwd"}})],
        r'block 1 "Block 1", #/components/schemas/Other/\$ref: ',
    ),
    "what no validator accepts": (
        [GOOD, document(method="put", schemas={"Other": {"type": "nonsense"}})],
        r'block 2 "Block 2", #/components/schemas/Other',
    ),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout, and a package in a folder of its own, both of one good page, which is there too."""
    folder = tmp_path_factory.mktemp("good")
    (folder / "good").mkdir()
    (folder / "good" / "things.md").write_text(page(block(GOOD, "Block 1")))
    checkout = make_checkout(folder / "checkout")
    update_checkout(checkout, folder / "good", stand_in)
    write_package(checkout, folder / "good", folder / "out", stand_in)
    return folder


@pytest.fixture
def run(checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    monkeypatch.setattr(regenerate, "ROOT", checkout)
    monkeypatch.setattr(regenerate, "_generate", stand_in)

    def call(*arguments: object) -> tuple[int, str, str]:
        code = regenerate.main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "turned round"])
def test_one_line_and_everything_as_before(
    name: str, turned: bool, good: Path, run: Any, pages: Path, tmp_path: Path
) -> None:
    blocks, pattern = BAD[name]
    shutil.copytree(good, tmp_path, dirs_exist_ok=True)
    target = tmp_path / "out"
    (target / "theirs").write_text("stays")
    # The same blocks on two pages, in an order of files that is not theirs.
    (pages / "things.md").write_text(page(*(block(content, f"Block {n}") for n, content in enumerate(blocks, 1))))
    if turned:
        (pages / "another.md").write_text(page(block(document("/other", details=operation("Get Other")), "Other")))
    before = files_below(tmp_path)
    for arguments in (
        ("--pages", pages, "--output", target),
        ("--pages", pages),
        ("--pages", pages, "--output", tmp_path / "new"),
    ):
        code, out, err = run(*arguments)
        assert (code, out) == (1, "")
        assert re.fullmatch(rf".*{pattern}.*\n", err), err
        assert files_below(tmp_path) == before
        assert not (tmp_path / "new").exists()


def test_a_page_without_blocks(run: Any, pages: Path, tmp_path: Path) -> None:
    (pages / "empty.md").write_text("# Just text\n\n## A heading\n")
    code, _, err = run("--pages", pages, "--output", tmp_path / "out")
    assert code == 1
    assert err == (
        'empty.md, "A heading": holds no OpenAPI block: is it a page of the API reference, and did it arrive whole?\n'
    )


def test_no_pages(run: Any, pages: Path) -> None:
    assert "holds no pages" in run("--pages", pages)[2]
    assert "no such folder" in run("--pages", pages / "missing")[2]


@pytest.mark.parametrize(
    "heading", ["{{ 7 * 7 }}", "$(touch x)", "`touch x`", "../../../etc", "\u202eevil", "A" * 5000, "'; rm -rf /"]
)
def test_headings_are_data(heading: str, run: Any, pages: Path, tmp_path: Path) -> None:
    (pages / "things.md").write_text(page(block(GOOD, heading), block('{"openapi": "3.0.0", ', heading)))
    code, _, err = run("--pages", pages, "--output", tmp_path / "out")
    assert code == 1
    assert err.count("\n") == 1
    assert err[:-1].isprintable()
    assert len(err) < 1500
    (pages / "things.md").write_text(page(block(GOOD, heading)))
    assert run("--pages", pages, "--output", tmp_path / "out")[0] == 0
    names = [path.name for path in (tmp_path / "out/openapi/fragments/things").iterdir()]
    assert re.fullmatch(r"01-[a-z0-9-]+\.json", names[0])


@pytest.mark.parametrize("name", ["a b", "-rf", "$(touch x)", "'; import os", "页面", "..", ".", "x\ny", "{{x}}"])
def test_names_of_pages_are_data(name: str, run: Any, pages: Path, tmp_path: Path) -> None:
    (pages / f"{name}.md").write_text(page(block(GOOD)))
    code, out, err = run("--pages", pages, "--output", tmp_path / "out")
    assert (code, err) == (0, "")
    assert all(line.isprintable() for line in out.splitlines())
    content = json.loads((tmp_path / "out/openapi/patchworks-core.json").read_text())
    assert re.fullmatch(r"[a-z0-9-]+", content["paths"]["/api/v1/things/{thing}"]["get"]["x-pages"][0])


def test_a_fault_of_the_script_is_one_line_too(run: Any, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pages / "things.md").write_text(page(block(GOOD)))

    def fault(*_: object) -> None:
        raise TypeError("a\nb")

    monkeypatch.setattr(regenerate, "_generate", fault)
    code, _, err = run("--pages", pages)
    assert code == 1
    assert err == "regenerate: a bug in this script, TypeError: a\\nb (REGENERATE_DEBUG=1 shows where)\n"
    monkeypatch.setenv("REGENERATE_DEBUG", "1")
    with pytest.raises(TypeError):
        run("--pages", pages)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(regenerate, "_generate", stop)
    assert run("--pages", pages)[::2] == (1, "regenerate: stopped; nothing was changed\n")


def test_being_ended_changes_nothing(run: Any, checkout: Path, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pages / "things.md").write_text(page(block(GOOD)))
    before = files_below(checkout)
    handler = signal.getsignal(signal.SIGTERM)

    def end(*_: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(regenerate, "_generate", end)
    assert run("--pages", pages)[::2] == (1, "regenerate: stopped; nothing was changed\n")
    assert files_below(checkout) == before
    assert signal.getsignal(signal.SIGTERM) is handler


def test_what_takes_too_long_is_stopped(run: Any, checkout: Path, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pages / "things.md").write_text(page(block(GOOD)))
    before = files_below(checkout)
    handler = signal.getsignal(signal.SIGALRM)
    monkeypatch.setattr(regenerate, "_generate", lambda *_: signal.raise_signal(signal.SIGALRM))
    assert run("--pages", pages)[::2] == (1, "regenerate: stopped after 600 s; nothing was changed\n")
    assert files_below(checkout) == before
    assert signal.getsignal(signal.SIGALRM) is handler
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_checking(run: Any, checkout: Path, pages: Path) -> None:
    (pages / "things.md").write_text(page(block(GOOD)))
    code, out, err = run("--pages", pages, "--check")
    assert code == 1
    assert err.endswith(
        "files are not up to date, openapi/fragments/things/01-get-thing.json for one: run make regenerate\n"
    )
    assert "1 operation" in out
    assert run("--pages", pages)[0] == 0
    assert run("--check")[0] == 0


def test_checking_another_folder(run: Any, pages: Path, tmp_path: Path) -> None:
    (pages / "things.md").write_text(page(block(GOOD)))
    target = tmp_path / "out"
    code, _, err = run("--pages", pages, "--output", target, "--check")
    assert code == 1
    assert err.endswith("for one: run it without --check\n")
    assert not target.exists()
    assert run("--pages", pages, "--output", target)[0] == 0
    before = files_below(target)
    assert run("--pages", pages, "--output", target, "--check")[::2] == (0, "")
    (pages / "things.md").write_text(page(block(PUT)))
    assert run("--pages", pages, "--output", target, "--check")[0] == 1
    assert files_below(target) == before


def test_wrong_arguments_are_one_line(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run("--pages")
    assert caught.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
