"""The page of the project on a package index: no link of it is dead, whether or not the repository has an address."""

from __future__ import annotations

from typing import Any

import pytest
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager
from markdown_it import MarkdownIt

from scripts.openapi.project_paths import ROOT
from scripts.release.project_page import ProjectPage, readme, urls

REPOSITORY = "https://github.com/acme/client"


def targets(text: str) -> list[str]:
    """Where the links and pictures of a page lead."""
    tokens = [child for token in MarkdownIt().enable("table").parse(text) for child in token.children or ()]
    return [str(token.attrs[name]) for token in tokens for name in ("href", "src") if name in token.attrs]


def page(repository: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    ProjectPage(str(ROOT), {"repository": repository}).update(metadata)
    return metadata


@pytest.mark.parametrize("repository", ["", REPOSITORY])
def test_no_link_of_the_readme_is_dead(repository: str) -> None:
    found = targets(page(repository)["readme"]["text"])
    assert all(target.startswith("https://") for target in found), found
    for target in found:
        if target.startswith(REPOSITORY):
            _, _, name = target.removeprefix(f"{REPOSITORY}/").split("/", 2)
            assert (ROOT / name.partition("#")[0]).is_file(), target


def test_links_lead_to_the_files_of_the_version() -> None:
    text = "See [a page](docs/a.md#b), ![a picture](x.svg), [elsewhere](https://x.example) and [here](#there)."
    assert readme(text, REPOSITORY, "v1.2.3") == (
        f"See [a page]({REPOSITORY}/blob/v1.2.3/docs/a.md#b), ![a picture]({REPOSITORY}/raw/v1.2.3/x.svg), "
        "[elsewhere](https://x.example) and [here](#there)."
    )
    assert readme(text, "", "v1.2.3") == "See a page, , [elsewhere](https://x.example) and [here](#there)."


def test_what_looks_like_a_link_in_code_stays() -> None:
    text = "[a](a.md)\n\n```python\nrows[0](a)\n```\n\n[b](b.md)\n"
    assert readme(text, "", "v1") == "a\n\n```python\nrows[0](a)\n```\n\nb\n"


def test_the_links_of_the_project_stand_on_one_constant() -> None:
    assert page("")["urls"] == urls("") == {}
    assert {url.startswith(REPOSITORY) for url in page(REPOSITORY)["urls"].values()} == {True}
    core = ProjectMetadata(str(ROOT), PluginManager()).core
    assert core.readme_content_type == "text/markdown"
    assert core.readme.startswith("# patchworks_core_client")
