"""What is published: a wheel that installs and imports alone."""

from __future__ import annotations

import email
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"patchworks_core_client"}
    assert "patchworks_core_client/py.typed" in names
    assert "patchworks_core_client/generated/api/virtual_environments/_async.py" in names
    assert not [name for name in names if name.endswith((".jinja", ".db", ".pyc"))]


def test_its_metadata_names_few_dependencies(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith("METADATA"))
    lines = archive.read(metadata).decode().splitlines()
    needed = [line.split()[1] for line in lines if line.startswith("Requires-Dist") and "extra" not in line]
    required = {re.split(r"[^\w-]", name)[0] for name in needed}
    # httpcore comes with httpx.
    assert required == {"httpx", "httpcore", "attrs", "python-dateutil"}
    assert "Requires-Python: >=3.11" in lines


def test_its_readme_has_no_dead_links(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith("METADATA"))
    message = email.message_from_bytes(archive.read(metadata))
    assert message["Description-Content-Type"] == "text/markdown"
    text = message.get_payload()
    assert isinstance(text, str)
    tokens = [child for token in MarkdownIt().enable("table").parse(text) for child in token.children or ()]
    targets = [str(token.attrs[name]) for token in tokens for name in ("href", "src") if name in token.attrs]
    assert targets
    assert all(target.startswith("https://") for target in targets), targets


def test_it_installs_and_imports_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    # Python compiles what it imports.
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--no-index"]
    subprocess.run([*install, "--target", str(target), str(wheel)], check=True, capture_output=True)
    code = (
        f"import sys; sys.path.insert(0, {str(target)!r})\n"
        "import patchworks_core_client as p\n"
        "from patchworks_core_client import *\n"
        "assert p.__file__.startswith(sys.path[0]), p.__file__\n"
        "assert p.models.VirtualEnvironment.from_dict({'id': 1}).id == 1\n"
        "with Patchworks(api_key='k') as pw: print(pw)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "<Patchworks https://core.wearepatchworks.com, api_key>\n"
