"""Put a change of the documentation on its branch and open its pull request, or bring the open one up to date.

The regenerate workflow runs this in the job that may write. It takes over nothing but the files that regenerating
writes, whatever else the patch holds. `git` and `gh` must be signed in.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

BRANCH = "regenerate"
TITLE = "The documentation changed"
WRITTEN = (
    "openapi/fragments/*.json",
    "openapi/patchworks-core.json",
    "openapi/operation-names.lock",
    "openapi/retired.json",
    "patchworks_core_client/generated/*.py",
    "patchworks_core_client/_version.py",
    "docs/public-surface.txt",
    "CHANGELOG.md",
)
_PLAIN_OR_GONE = frozenset({"100644", "000000"})
_AUTHOR = (
    ("user.name", "github-actions[bot]"),
    ("user.email", "41898282+github-actions[bot]@users.noreply.github.com"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 0, or 1 after what a command says that failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("patch", type=Path, help="what `git diff --binary` says in a checkout of the same commit")
    parser.add_argument("report", type=Path, help="what report_changes.py says")
    options = parser.parse_args(arguments)
    try:
        base = _run("git", "rev-parse", "--abbrev-ref", "HEAD")
        _commit(options.patch.resolve())
        if _is_news():
            _run("git", "push", "--force", "origin", f"HEAD:refs/heads/{BRANCH}")
        _open(base, options.report)
    except subprocess.CalledProcessError as error:
        print(f"open_pull_request: {' '.join(error.cmd[:2])} failed: {error.stderr.strip()}", file=sys.stderr)
        return 1
    return 0


def _commit(patch: Path) -> None:
    """Commit what the patch makes of the written files, on the branch.

    The patch is applied to an index of its own, so that neither a rename nor a link in it touches anything else.
    """
    with tempfile.TemporaryDirectory(prefix="open-pull-request-") as folder:
        aside = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        _run("git", "read-tree", "HEAD", **aside)
        _run("git", "apply", "--cached", "--binary", str(patch), **aside)
        listed = _run("git", "diff-index", "--cached", "--no-renames", "-z", "HEAD", **aside)
    entries = "".join(_taken_over(listed))
    _run("git", "switch", "--force-create", BRANCH)
    _run("git", "update-index", "-z", "--index-info", text=entries)
    author = [part for key, value in _AUTHOR for part in ("-c", f"{key}={value}")]
    _run("git", *author, "commit", "--quiet", "--message", "Regenerate from the documentation")
    _run("git", "reset", "--quiet", "--hard")


def _taken_over(listed: str) -> Iterator[str]:
    """Yield the entries of an index for the written files that are plain files, or no longer there."""
    fields = listed.split("\0")
    for change, name in zip(fields[::2], fields[1::2], strict=False):
        _, mode, _, blob, _ = change.split(" ")
        if mode in _PLAIN_OR_GONE and any(fnmatchcase(name, pattern) for pattern in WRITTEN):
            yield f"{mode} {blob}\t{name}\0"


def _is_news() -> bool:
    """Return whether the branch does not say the same already, from the same commit."""
    try:
        _run("git", "fetch", "--quiet", "--depth=2", "origin", BRANCH)
        there = _run("git", "rev-parse", "FETCH_HEAD^{tree}", "FETCH_HEAD^")
    except subprocess.CalledProcessError:
        return True
    return there != _run("git", "rev-parse", "HEAD^{tree}", "HEAD^")


def _open(base: str, report: Path) -> None:
    listed = ("pr", "list", "--head", BRANCH, "--state", "open", "--json", "number", "--jq", ".[].number")
    numbers = _run("gh", *listed).split()
    if numbers:
        _run("gh", "pr", "edit", numbers[0], "--body-file", str(report))
    else:
        _run("gh", "pr", "create", "--base", base, "--head", BRANCH, "--title", TITLE, "--body-file", str(report))


def _run(*command: str, text: str | None = None, **environment: str) -> str:
    done = subprocess.run(  # noqa: S603 - none of it is from a page
        command,
        check=True,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        input=text,
        env={**os.environ, **environment},
    )
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
