"""Check the next release: the version that the changes of the public surface ask for, the changelog, the tag.

`make check` runs this. It compares the committed text of the public surface with the sources, and, where there is a
release tag, the package with that release. `docs/releasing.md` has the rules.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if not __package__:
    import _sys_path  # type: ignore[import-not-found]  # noqa: F401

from scripts.openapi.package_version import Version, read_version
from scripts.openapi.project_paths import ROOT
from scripts.release.changelog import raise_version, read_changelog, required_version
from scripts.release.compatibility import breakages, broken_users
from scripts.release.last_release import differs_from_release, extract_release, last_release
from scripts.release.markdown import code
from scripts.release.public_surface import PACKAGE, SURFACE_FILE, load, surface
from scripts.release.publishing import publishing_problems
from scripts.release.surface_changes import Change, Level, highest_level, parse, surface_changes

if TYPE_CHECKING:
    import griffe

MAX_SHOWN = 40
_SHIPPED = (PACKAGE, "pyproject.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 0, or 1 after one line on stderr for each thing to be done."""
    options = _parser().parse_args(arguments)
    try:
        problems = [*_problems(options.root, options)]
    except ValueError as error:
        problems = [str(error)]
    for problem in problems:
        print(f"release: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _problems(root: Path, options: argparse.Namespace) -> Iterator[str]:
    package = load(root)
    text = surface(package)
    if options.write:
        (root / SURFACE_FILE).write_text(text, encoding="utf-8")
    yield from _surface_problems(root, text)
    check = _version_check(root, package, text)
    if check and options.raise_version and check.version < check.least:
        raise_version(root, check.least, check.released, check.text)
        check = check._replace(version=check.least)
    if check and options.append_to:
        _append(options.append_to, check)
    yield from _changelog_problems(root)
    if check and check.version < check.least:
        yield f"version {check.version} promises less than {check.text}: at least {check.least}"
    if options.tag:
        yield from publishing_problems(root, options.tag)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"bring {SURFACE_FILE} up to date first")
    parser.add_argument("--raise-version", action="store_true", help="promise as much as is asked for, if it is less")
    parser.add_argument("--append-to", type=Path, metavar="REPORT", help="add to what report_changes.py wrote")
    parser.add_argument("--tag", help="the tag that is to be published; say what stands in the way")
    parser.add_argument("--root", type=Path, default=ROOT, help="another checkout than this one")
    return parser


def _surface_problems(root: Path, text: str) -> Iterator[str]:
    committed = (root / SURFACE_FILE).read_text(encoding="utf-8") if (root / SURFACE_FILE).is_file() else ""
    if committed != text:
        count = len(surface_changes(parse(committed), parse(text)))
        yield f"{SURFACE_FILE} is not up to date ({count} changes): run python scripts/check_release.py --write"


def _changelog_problems(root: Path) -> Iterator[str]:
    version, entries = read_version(root), read_changelog(root)
    if version is None:
        yield "patchworks_core_client/_version.py holds no version of the form 1.2.3"
    elif not entries or entries[0].version != version:
        yield f"CHANGELOG.md must begin with a section for {version}"
    elif not entries[0].text:
        yield f"CHANGELOG.md says nothing about {version}"


class VersionCheck(NamedTuple):
    """The version as it is, as it was released last, as it must be at least, and why."""

    version: Version
    released: Version
    least: Version
    text: str
    changes: list[Change]


def _version_check(root: Path, package: griffe.Module, text: str) -> VersionCheck | None:
    version, released = read_version(root), last_release(root)
    if version is None:
        return None
    if released is None:
        print(f"public surface: no release tag yet, so compared with nothing; the version is {version}")
        return None
    found = changes_since(root, released, package, text)
    level = highest_level(found)
    if level is Level.NONE and differs_from_release(root, released, *_SHIPPED):
        level = Level.PATCH
    least = required_version(released, level)
    print(f"public surface: since {released} {len(found)} changes, {level}: at least {least}; the version is {version}")
    for change in found[:MAX_SHOWN]:
        print(f"  {change.level}: {change}")
    if len(found) > MAX_SHOWN:
        print(f"  and {len(found) - MAX_SHOWN} more")
    return VersionCheck(
        version, released, least, f"the changes since {released} ask for ({len(found)}, {level})", found
    )


def _append(report: Path, check: VersionCheck) -> None:
    """Add to a report on the documentation what its change asks of the version; an empty report stays empty."""
    text = report.read_text(encoding="utf-8")
    lines = [f"- {change.level}: {code(str(change), 300)}\n" for change in check.changes[:MAX_SHOWN]]
    lines += [f"- and {len(check.changes) - MAX_SHOWN} more\n"] if len(check.changes) > MAX_SHOWN else []
    title = f"## Since {check.released}, for users: at least {check.least}; the version is {check.version}\n\n"
    report.write_text(f"{text}{title}{''.join(lines)}" if text else "", encoding="utf-8")


def changes_since(root: Path, released: Version, package: griffe.Module, text: str) -> list[Change]:
    """Return every change since a release, by the text of the surface, by griffe, and by what used the release."""
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        old, work = Path(folder, "old"), Path(folder, "work")
        work.mkdir()
        extract_release(root, released, old)
        before = load(old)
        by_text = surface_changes(parse(surface(before)), parse(text))
        return [*by_text, *breakages(before, package), *broken_users(old, root, work)]


if __name__ == "__main__":
    sys.exit(main())
