"""`make update`, as its recipe stands, in a checkout of its own and against a documentation server on this machine.

What it leaves as it was has the same bytes everywhere: under another hash seed, in another folder, time zone and locale
and, by the matrix of the workflow, with another Python.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from scripts.openapi.errors import Place
from scripts.openapi.project_paths import ROOT
from scripts.pages.pages_yaml import page_name, read_listing
from scripts.spec.extract_fragments import Fragment
from tests.commands.test_check_release import commit, git
from tests.pages import docs_server
from tests.pages.docs_server import DocsServer
from tests.spec.published import publish, real_fragments

RECIPE = re.search(r"^update:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
LISTING = read_listing(ROOT / "openapi" / "pages.yaml")
PAUSE = """\
{"openapi":"3.0.0","info":{"title":"Patchworks Core API","version":"1.0.0"},
"servers":[{"url":"https://core.wearepatchworks.com"}],
"paths":{"/api/v1/virtual-environments/{virtual_environment}/pause":{"post":{"summary":"Pause Virtual Environment",
"tags":["Virtual Environments"],"parameters":[{"name":"virtual_environment","in":"path","required":true,
"schema":{"type":"string"}}],"responses":{"200":{"description":"Successful response"}}}}}}"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the recipe needs, released as it is."""
    root = tmp_path / "of another name" / "Ünder $HOME"
    for name in ("openapi", "patchworks_core_client", "scripts", "docs"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("generator-config.yaml", "CHANGELOG.md", "pyproject.toml", ".gitignore"):
        shutil.copy(ROOT / name, root / name)
    git(tmp_path, "init", "--quiet", str(root))
    commit(root)
    git(root, "tag", "v0.1.0")
    return root


def update(checkout: Path, server: DocsServer) -> str:
    """Run the recipe; gives the report."""
    assert RECIPE
    # What is committed was written under another seed: without one, each run has its own.
    elsewhere = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTHON"))},
        "PYTHONHASHSEED": "1",
        "TZ": "Asia/Kathmandu",
        "LC_ALL": "C",
    }
    for line in RECIPE[1].splitlines():
        command = line.strip().removeprefix("@").replace("$(BIN)/python", shlex.quote(sys.executable))
        command = command.replace("$(FETCH)", f"--base-url {server.url}")
        done = subprocess.run(  # noqa: S602 - our Makefile
            command, shell=True, cwd=checkout, env=elsewhere, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done.stderr)
    return (checkout / "build" / "report.md").read_text("utf-8")


def publish_on(server: DocsServer, fragments: list[Fragment]) -> None:
    pages = publish(fragments)
    for path in LISTING.pages:
        text = pages[page_name(path)]
        server.replies[path] = docs_server.versioned(text, etag=f'"{zlib.crc32(text.encode())}"')
    links = "".join(f"- [{page_name(path)}]({LISTING.base_url}{path})\n" for path in LISTING.pages)
    server.replies[LISTING.index] = docs_server.page(f"# Index\n\n{links}")


def changed(checkout: Path) -> dict[str, int]:
    """The files that changed, and how many of the lines of each are gone."""
    git(checkout, "add", "--all")
    command = ["git", "-C", checkout, "diff", "--cached", "--numstat", "--find-renames"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {name: int(gone) for _, gone, name in (line.split("\t") for line in listed.splitlines())}


@pytest.mark.soak
def test_one_command_from_a_changed_page_to_a_version(checkout: Path, server: DocsServer, soak: bool) -> None:
    if soak:
        publish_on(server, real_fragments())
        assert update(checkout, server) == ""
        assert changed(checkout) == {}
    pause = Fragment(Place("virtual-environments", "Pause Virtual Environment", 99), json.loads(PAUSE))
    left = [fragment for fragment in real_fragments() if fragment.place.heading != "Delete Virtual Environment"]
    publish_on(server, [*left, pause])
    report = update(checkout, server)
    path = "/api/v1/virtual-environments/{virtual_environment}"
    assert f"**added** `POST {path}/pause`, `virtual_environments.pause`" in report
    assert f"**no longer documented** `DELETE {path}`, `virtual_environments.delete`" in report
    assert "## Since 0.1.0, for users: at least 0.1.1; the version is 0.1.1\n\n- minor: `patch" in report
    files = changed(checkout)
    assert {"openapi/retired.json", "CHANGELOG.md", "patchworks_core_client/_version.py"} <= set(files)
    assert "patchworks_core_client/generated/api/virtual_environments/pause_virtual_environment.py" in files
    # Whatever has nothing to do with it is as it was, in these files too.
    rewritten = [name for name, gone in files.items() if gone > 1]
    assert rewritten == ["openapi/fragments/virtual-environments/06-delete-virtual-environment.json"]
    assert (checkout / "CHANGELOG.md").read_text("utf-8").count("## 0.1.1 (unreleased)") == 1
