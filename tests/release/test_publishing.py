"""What has to be true of a checkout before its tag is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.openapi.project_paths import ROOT
from scripts.release.publishing import publishing_problems, repository
from tests.release import mini

CHANGELOG = "# Changelog\n\n## 0.1.0\n\n- News.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout that may be published as v0.1.0."""
    mini.write_package(tmp_path)
    (tmp_path / "patchworks_core_client" / "_version.py").write_text('__version__ = "0.1.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / "pyproject.toml").write_text(mini.REPOSITORY)
    return tmp_path


def test_nothing_stands_in_the_way_of_a_finished_version(root: Path) -> None:
    assert [*publishing_problems(root, "v0.1.0")] == []
    assert repository(root) == "https://github.com/acme/client"


def test_the_tag_is_that_of_the_version(root: Path) -> None:
    assert [*publishing_problems(root, "v0.2.0")] == ["the tag v0.2.0 is not that of version 0.1.0"]


def test_the_changelog_is_finished(root: Path) -> None:
    (root / "CHANGELOG.md").write_text(CHANGELOG.replace("## 0.1.0", "## 0.1.0 (unreleased)"))
    assert [*publishing_problems(root, "v0.1.0")] == ["CHANGELOG.md still calls 0.1.0 unreleased"]


@pytest.mark.parametrize("value", ["", "github.com/acme/client", "http://github.com/acme/client", "https://x.example/"])
def test_the_address_of_the_repository_is_set(root: Path, value: str) -> None:
    (root / "pyproject.toml").write_text(mini.REPOSITORY.replace("https://github.com/acme/client", value))
    (obstacle,) = publishing_problems(root, "v0.1.0")
    assert "set `repository` in [tool.hatch.metadata.hooks.custom]" in obstacle


def test_the_pages_say_how_to_install_it_from_the_index(root: Path) -> None:
    (root / "README.md").write_text("It is not on\nthe index yet.\n")
    (root / "docs").mkdir()
    (root / "docs" / "start.md").write_text("Install it with pip.\n")
    assert [*publishing_problems(root, "v0.1.0")] == ["README.md still says that the package is not on the index yet"]


def test_this_checkout_waits_for_a_maintainer_to_say_where_it_lives() -> None:
    problems = [*publishing_problems(ROOT, "v0.1.0")]
    assert (repository(ROOT) == "") == any("where the repository is" in problem for problem in problems)
