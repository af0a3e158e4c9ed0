"""The check that a version promises enough, in small repositories with and without a release."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import check_release
from scripts.openapi.package_version import Version, removal_version
from scripts.release.changelog import required_version
from scripts.release.public_surface import PACKAGE, SURFACE_FILE
from scripts.release.surface_changes import Level
from tests.release import mini
from tests.support.scripts import run_as_file

CHANGELOG = "# Changelog\n\n## {0} (unreleased)\n\n- News.\n\n## 0.0.1\n\n- Older.\n"
Check = Callable[[], tuple[int, str, str]]


def make_checkout(root: Path) -> None:
    mini.write_package(root)
    (root / "docs").mkdir()
    (root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    set_version(root, "0.1.0")
    git(root, "init", "--quiet")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout without a release."""
    make_checkout(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def first_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("first release")
    make_checkout(root)
    check_release.main(["--root", str(root), "--write"])
    commit(root)
    git(root, "tag", "v0.1.0")
    git(root, "tag", "vnext")
    return root


@pytest.fixture
def released(tmp_path: Path, first_release: Path) -> Path:
    """A checkout at its first release."""
    shutil.copytree(first_release, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Bring the text of the checkout of this test up to date and check."""

    def run() -> tuple[int, str, str]:
        capsys.readouterr()
        code = check_release.main(["--root", str(tmp_path), "--write"])
        return code, *capsys.readouterr()

    return run


def set_version(root: Path, version: str, changelog: str = CHANGELOG) -> None:
    (root / PACKAGE / "_version.py").write_text(f'__version__ = "{version}"\n', encoding="utf-8")
    (root / "CHANGELOG.md").write_text(changelog.format(version), encoding="utf-8")


def git(root: Path, *arguments: str) -> None:
    # Nobody's own settings: they may sign, or use another name. And no hooks, which a repository begins with.
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_TEMPLATE_DIR": ""}
    # What is thrown away soon need not be small.
    options = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.looseCompression=0"]
    subprocess.run(
        ["git", "-C", root, *options, *arguments],
        check=True,
        capture_output=True,
        env={**os.environ, **settings},
    )


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "x")


def test_without_a_release_there_is_nothing_to_compare_with(root: Path, check: Check) -> None:
    code, out, err = check()
    assert (code, err) == (0, "")
    assert out == "public surface: no release tag yet, so compared with nothing; the version is 0.1.0\n"


def test_without_git_there_is_nothing_to_compare_with(
    root: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert check()[0] == 0


def test_a_text_that_is_not_up_to_date(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_release.main(["--root", str(root)]) == 1
    assert "public-surface.txt is not up to date (14 changes): run python scripts/check_release.py --write" in (
        capsys.readouterr().err
    )
    assert check_release.main(["--root", str(root), "--write"]) == 0
    (root / SURFACE_FILE).write_text("", encoding="utf-8")
    assert check_release.main(["--root", str(root)]) == 1


@pytest.mark.parametrize(
    ("version", "changelog", "text"),
    [
        ("0.1.0rc1", CHANGELOG, "_version.py holds no version of the form 1.2.3"),
        ("0.1.0", "# Changelog\n", "CHANGELOG.md must begin with a section for 0.1.0"),
        ("0.1.0", CHANGELOG.replace("{0}", "0.2.0"), "CHANGELOG.md must begin with a section for 0.1.0"),
        ("0.1.0", "## {0}\n\n## 0.0.1\n\n- Older.\n", "CHANGELOG.md says nothing about 0.1.0"),
    ],
)
def test_a_version_that_the_changelog_does_not_tell_of(
    root: Path, check: Check, version: str, changelog: str, text: str
) -> None:
    set_version(root, version, changelog)
    code, _, err = check()
    assert code == 1
    assert err == f"release: {'patchworks_core_client/' if '_version' in text else ''}{text}\n"


def test_a_version_file_without_a_version(root: Path, check: Check) -> None:
    (root / PACKAGE / "_version.py").write_text("__version__ = str(1)\n", encoding="utf-8")
    assert "holds no version" in check()[2]


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        (("__init__.py", '"helper",', '"helper", "gone",'), "gone"),
        (("_client.py", "class PatchworksError", "class OtherError"), "PatchworksError"),
    ],
)
def test_a_name_that_is_exported_and_not_there(
    root: Path, check: Check, change: tuple[str, str, str], missing: str
) -> None:
    mini.change(root, *change)
    assert check() == (1, "", f"release: {PACKAGE}.{missing} is exported, but nowhere defined\n")


def test_the_released_sources_may_keep_their_version(released: Path, check: Check) -> None:
    code, out, _ = check()
    assert code == 0
    assert out == "public surface: since 0.1.0 0 changes, none: at least 0.1.0; the version is 0.1.0\n"


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("change", "asked", "explained"),
    [
        (("_client.py", "All errors", "Every error"), "patch: at least 0.1.1", ""),
        (("_client.py", "limit = 7", "limit = 8"), "patch: at least 0.1.1", ""),
        (("generated/models/thing_sort.py", '"-a"', '"-a", "b"'), "minor: at least 0.1.1", "models.ThingSort: it was"),
        (("_client.py", "def sync(self)", "def extra(self)"), "major: at least 0.2.0", "Patchworks.sync: removed"),
        (("generated/api/things/get_thing.py", "thing:", "t:"), "major: at least 0.2.0", "griffe: parameter was rem"),
    ],
)
def test_a_change_asks_for_a_version(
    released: Path, check: Check, change: tuple[str, str, str], asked: str, explained: str
) -> None:
    mini.change(released, *change)
    code, out, err = check()
    assert code == 1
    least = asked.rsplit(maxsplit=1)[-1]
    assert f", {asked}; the version is 0.1.0\n" in out
    assert explained in out
    assert re.fullmatch(
        rf"release: version 0.1.0 promises less than the changes since 0.1.0 ask for \(.*\): at least {least}\n", err
    )
    set_version(released, least)
    assert check()[0] == 0
    set_version(released, "1.0.0")
    assert check()[0] == 0


def test_a_new_file_is_a_change_too(released: Path, check: Check) -> None:
    (released / PACKAGE / "_new.py").write_text("x = 1\n", encoding="utf-8")
    assert ", patch: at least 0.1.1" in check()[1]


def test_the_newest_release_counts(released: Path, check: Check) -> None:
    mini.change(released, "_client.py", "def sync(self)", "def extra(self)")
    set_version(released, "0.2.0")
    commit(released)
    git(released, "tag", "v0.2.0")
    git(released, "tag", "v0.10.0-rc1")
    assert "since 0.2.0 0 changes" in check()[1]


def test_a_long_list_of_changes_is_cut(released: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_release, "MAX_SHOWN", 1)
    mini.change(released, "_client.py", "def sync(self)", "def extra(self)")
    assert check()[1].splitlines()[-1] == "  and 2 more"
    report = released / "report.md"
    report.write_text("", encoding="utf-8")
    options = ["--root", str(released), "--append-to", str(report)]
    assert check_release.main(options) == 1
    assert report.read_text() == ""
    report.write_text("Report.\n\n", encoding="utf-8")
    assert check_release.main([*options, "--raise-version"]) == 0
    assert report.read_text() == (
        "Report.\n\n## Since 0.1.0, for users: at least 0.2.0; the version is 0.2.0\n\n"
        "- minor: `patchworks_core_client.Patchworks.extra: added`\n- and 2 more\n"
    )


def test_examples_and_tests_of_the_last_release_are_type_checked(root: Path, check: Check) -> None:
    for name, text in {
        "examples/use.py": """
            from patchworks_core_client._version import __version__
            from patchworks_core_client.generated.models.thing import Thing
            thing = Thing()
            thing.id = 7
            wrong_then_as_now: int = "text"
        """,
        "tests/test_private.py": "from patchworks_core_client._types import gone\n",
    }.items():
        mini.write(root / name, text)
    commit(root)
    git(root, "tag", "v0.1.0")
    mini.change(root, "generated/models/thing.py", "int | None", "str | None")
    code, out, _ = check()
    assert code == 1
    about_examples = [line for line in out.splitlines() if "examples/use.py" in line]
    assert about_examples == [
        '  major: examples/use.py:4: error: Incompatible types in assignment (expression has type "int", variable has '
        'type "str | None")  [assignment]'
    ]
    assert "test_private" not in out


@pytest.mark.parametrize(
    ("released", "level", "least"),
    [
        ((0, 3, 1), Level.NONE, "0.3.1"),
        ((0, 3, 1), Level.PATCH, "0.3.2"),
        ((0, 3, 1), Level.MINOR, "0.3.2"),
        ((0, 3, 1), Level.MAJOR, "0.4.0"),
        ((2, 3, 1), Level.NONE, "2.3.1"),
        ((2, 3, 1), Level.PATCH, "2.3.2"),
        ((2, 3, 1), Level.MINOR, "2.4.0"),
        ((2, 3, 1), Level.MAJOR, "3.0.0"),
    ],
)
def test_what_a_level_asks_for(released: tuple[int, int, int], level: Level, least: str) -> None:
    assert str(required_version(Version(*released), level)) == least


def test_the_script_by_its_name(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="0"):
        run_as_file(check_release.__file__, monkeypatch, "--root", str(root), "--write")


@pytest.mark.parametrize("version", ["0.1.0", "0.1.1"])
def test_the_version_is_raised_on_demand(released: Path, version: str) -> None:
    set_version(released, version)
    mini.change(released, "_client.py", "def sync(self)", "def extra(self)")
    for _ in range(2):
        assert check_release.main(["--root", str(released), "--write", "--raise-version"]) == 0
    assert (released / PACKAGE / "_version.py").read_text() == '__version__ = "0.2.0"\n'
    first, second, *_ = (released / "CHANGELOG.md").read_text().split("## ")[1:]
    if version == "0.1.0":
        assert first == "0.2.0 (unreleased)\n\n- As the changes since 0.1.0 ask for (3, major).\n\n"
        assert second.startswith("0.1.0")
    else:
        assert first == "0.2.0 (unreleased)\n\n- News.\n\n"


def test_a_changelog_without_a_section_gets_one(released: Path) -> None:
    set_version(released, "0.1.0", "# Changelog\n")
    (released / PACKAGE / "_new.py").write_text("x = 1\n", encoding="utf-8")
    assert check_release.main(["--root", str(released), "--write", "--raise-version"]) == 0
    assert (released / "CHANGELOG.md").read_text().startswith("# Changelog\n## 0.1.1 (unreleased)\n\n- As the")


def test_what_stands_in_the_way_of_publishing_is_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--root", str(root), "--write", "--tag"]
    set_version(root, "0.1.0", CHANGELOG.replace("unreleased", "2026-11-30"))
    assert check_release.main([*options, "v0.1.0"]) == 1
    assert "release: pyproject.toml does not say where the repository is" in capsys.readouterr().err
    (root / "pyproject.toml").write_text(mini.REPOSITORY, encoding="utf-8")
    assert check_release.main([*options, "v0.1.0"]) == 0
    assert check_release.main([*options, "v0.1.1"]) == 1
    assert capsys.readouterr().err == "release: the tag v0.1.1 is not that of version 0.1.0\n"


def test_how_long_something_stays() -> None:
    assert str(removal_version(Version(0, 3, 1))) == "0.5.0"
    assert str(removal_version(Version(2, 3, 1))) == "3.0.0"
