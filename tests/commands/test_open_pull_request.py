"""The one pull request: opened once, brought up to date afterwards, and only ever with what regenerating writes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from scripts import open_pull_request
from tests.commands.test_check_release import commit, git
from tests.support.scripts import run_as_file

GH = """#!/bin/sh
echo "$@" >> "$GH_LOG"
case "$2" in list) cat "$GH_OPEN" ;; esac
"""


class Remote:
    """A remote repository, a fresh checkout of it, and a `gh` that writes down what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bare = folder / "remote.git"
        self.log, self.open = folder / "gh.log", folder / "open"
        source = folder / "source"
        (source / "openapi").mkdir(parents=True)
        (source / "openapi" / "retired.json").write_text("{}\n", "utf-8")
        (source / "README.md").write_text("Hello.\n", "utf-8")
        git(folder, "init", "--quiet", "--initial-branch=main", str(source))
        commit(source)
        git(folder, "clone", "--quiet", "--bare", str(source), str(self.bare))
        self.open.write_text("", "utf-8")
        bin_ = folder / "bin"
        bin_.mkdir()
        (bin_ / "gh").write_text(GH, "utf-8")
        (bin_ / "gh").chmod(0o755)

    def checkout(self, name: str) -> Path:
        root = self.folder / name
        git(self.folder, "clone", "--quiet", str(self.bare), str(root))
        return root

    def patch(self, text: str) -> Path:
        """A patch of a file that regenerating writes, and of one that it does not."""
        root = self.checkout(f"for-{len(list(self.folder.iterdir()))}")
        for name in ("openapi/retired.json", "README.md"):
            (root / name).write_text(text, "utf-8")
        file = self.folder / "change.patch"
        file.write_bytes(subprocess.run(["git", "-C", root, "diff"], check=True, capture_output=True).stdout)
        return file

    def asked(self) -> list[str]:
        return self.log.read_text("utf-8").splitlines()

    def branch(self, *what: str) -> str:
        command = ["git", "-C", str(self.bare), *what]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    remote = Remote(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GH_LOG", str(remote.log))
    monkeypatch.setenv("GH_OPEN", str(remote.open))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    return remote


def run(remote: Remote, name: str, patch: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.chdir(remote.checkout(name))
    return open_pull_request.main([str(patch), "report.md"])


def test_one_pull_request_is_opened_and_then_brought_up_to_date(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(remote, "first", remote.patch("one\n"), monkeypatch) == 0
    first = remote.branch("rev-parse", "regenerate")
    assert remote.branch("show", "--format=%an: %s", "--name-only", "regenerate").split("\n\n") == [
        "github-actions[bot]: Regenerate from the documentation",
        "openapi/retired.json",
    ]
    remote.open.write_text("7\n", "utf-8")
    assert run(remote, "again", remote.patch("one\n"), monkeypatch) == 0
    assert remote.branch("rev-parse", "regenerate") == first
    assert run(remote, "other", remote.patch("two\n"), monkeypatch) == 0
    assert remote.branch("rev-parse", "regenerate") != first
    assert remote.branch("show", "regenerate:openapi/retired.json") == "two"
    listing = "pr list --head regenerate --state open --json number --jq .[].number"
    assert remote.asked() == [
        listing,
        "pr create --base main --head regenerate --title The documentation changed --body-file report.md",
        *([listing, "pr edit 7 --body-file report.md"] * 2),
    ]


FOREIGN = {
    "a rename of a file that stays": """
diff --git a/README.md b/openapi/fragments/a/01-x.json
similarity index 100%
rename from README.md
rename to openapi/fragments/a/01-x.json
""",
    "a copy of it": """
diff --git a/README.md b/.github/x.yml
similarity index 100%
copy from README.md
copy to .github/x.yml
""",
    "a link": """
diff --git a/openapi/fragments/a/02-x.json b/openapi/fragments/a/02-x.json
new file mode 120000
--- /dev/null
+++ b/openapi/fragments/a/02-x.json
@@ -0,0 +1 @@
+../../../../../etc/passwd
\\ No newline at end of file
""",
    "a program": """
diff --git a/openapi/fragments/a/03-x.json b/openapi/fragments/a/03-x.json
new file mode 100755
--- /dev/null
+++ b/openapi/fragments/a/03-x.json
@@ -0,0 +1 @@
+{}
""",
    "a workflow": """
diff --git a/.github/workflows/x.yml b/.github/workflows/x.yml
new file mode 100644
--- /dev/null
+++ b/.github/workflows/x.yml
@@ -0,0 +1 @@
+on: push
""",
}


@pytest.mark.parametrize("foreign", FOREIGN.values(), ids=FOREIGN)
def test_only_what_regenerating_writes_is_taken_over(
    remote: Remote, foreign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patch = remote.patch("one\n")
    ours = patch.read_text("utf-8").partition("diff --git a/openapi")
    patch.write_text(f"{ours[1]}{ours[2]}{foreign.lstrip()}", "utf-8")
    assert run(remote, "first", patch, monkeypatch) == 0
    changed = remote.branch("diff", "--name-status", "--no-renames", "main", "regenerate").split("\n")
    extra = {"A\topenapi/fragments/a/01-x.json"} if "rename from" in foreign else set()
    assert set(changed) - extra == {"M\topenapi/retired.json"}
    assert (Path.cwd() / "README.md").read_text("utf-8") == "Hello.\n"


def test_what_fails_is_said(
    remote: Remote, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    patch = remote.patch("one\n")
    patch.write_text("no patch\n", "utf-8")
    assert run(remote, "first", patch, monkeypatch) == 1
    assert "open_pull_request: git apply failed: error: No valid patches in input" in capsys.readouterr().err


def test_the_script_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="2"):
        run_as_file(open_pull_request.__file__, monkeypatch)
