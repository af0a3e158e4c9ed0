"""The report of what regenerating a checkout would give, and what stands in its way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts import report_changes
from scripts.openapi.project_paths import ROOT
from tests.commands.test_check_release import commit, git
from tests.spec.published import publish, real_fragments
from tests.support.scripts import run_as_file


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the real documentation, committed."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "openapi", root / "openapi")
    (root / "patchworks_core_client").mkdir()
    (root / "patchworks_core_client" / "_version.py").write_text('__version__ = "0.1.0"\n', encoding="utf-8")
    git(tmp_path, "init", "--quiet", str(root))
    commit(root)
    return root


def pages(checkout: Path, old: str, new: str) -> Path:
    """The real pages with one text in the place of another."""
    folder = checkout.parent / "pages"
    folder.mkdir()
    for name, text in publish(real_fragments()).items():
        (folder / f"{name}.md").write_text(text.replace(old, new), encoding="utf-8")
    return folder


@pytest.mark.untraced
def test_a_checkout_without_changes(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report_changes.main(["--root", str(checkout)]) == 0
    assert report_changes.main(["--root", str(checkout), "--pages", str(pages(checkout, "", ""))]) == 0
    assert capsys.readouterr().out == ""


def test_corrections_that_fit_no_more_are_listed_and_so_are_pages_that_nobody_listed(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unlisted = checkout.parent / "unlisted.txt"
    unlisted.write_text("/docs/api-reference/flows.md\n", encoding="utf-8")
    folder = pages(checkout, '"first_version":', '"firstVersion":')
    overlay = checkout / "openapi" / "overlay.yaml"
    content = overlay.read_text(encoding="utf-8")
    start = content.index("actions:\n") + len("actions:\n")
    more = "".join(
        f"  - target: {target}\n    description: Because.\n    x-pages: [virtual-environments]\n    update: {{}}\n"
        for target in ("$.paths['/gone']", "$.info")
    )
    overlay.write_text(content[:start] + more + content[start:], encoding="utf-8")
    options = ["--root", str(checkout), "--pages", str(folder), "--unlisted", str(unlisted)]
    assert report_changes.main(options) == 0
    text = capsys.readouterr().out
    assert "## Pages of the reference that nobody has listed\n\n- `/docs/api-reference/flows.md`\n" in text
    assert "field `firstVersion` added" in text
    assert (
        "## Overlay entries that no longer match\n\n- `$.paths['/gone']` matches nothing: `Because.`\n"
        "- `$.info` changes nothing any more: `Because.`\n"
    ) in text


def test_what_stands_in_the_way_of_regenerating_is_said(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    overlay = checkout / "openapi" / "overlay.yaml"
    text = overlay.read_text(encoding="utf-8").replace("x-sdk-method: list_deployed", "x-sdk-method: list")
    overlay.write_text(text, encoding="utf-8")
    assert report_changes.main(["--root", str(checkout)]) == 0
    assert "It cannot be regenerated as it is: `virtual-environments, " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--base", "nowhere"], "is not to be had of nowhere"),
        (["none.json"], "No such file"),
        (["openapi/overlay.yaml"], "not JSON"),
        (["openapi/operation-names.lock"], "not a prepared document"),
        (["--pages", "none"], "no such folder of pages"),
        (["--output", "none/report.md"], "No such file"),
    ],
)
def test_what_cannot_be_reported_on(
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    text: str,
) -> None:
    monkeypatch.chdir(checkout)
    assert report_changes.main(["--root", str(checkout), *arguments]) == 1
    err = capsys.readouterr().err
    assert text in err
    assert err.startswith("report: ")
    assert err.count("\n") == 1


def test_the_script_by_its_name(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"):
        run_as_file(report_changes.__file__, monkeypatch, "none.json")
    assert "none.json" in capsys.readouterr().err
