"""What a change of the documentation means, as Markdown for a pull request; nothing at all where nothing changed.

By default the documents are that of the last commit and that which the fragments of this checkout give now.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

if not __package__:
    import _sys_path  # type: ignore[import-not-found]  # noqa: F401

from scripts.openapi.errors import PipelineError
from scripts.openapi.json_text import JSONTextError, loads
from scripts.openapi.project_paths import DOCUMENT, ROOT
from scripts.openapi.structure import Node
from scripts.release.document_changes import DocumentChange, document_changes
from scripts.release.markdown import code, codes, within
from scripts.release.regeneration_preview import Preview, preview

# GitHub takes 65,536 characters; some are left for what a workflow puts in front.
MAX_LENGTH = 60_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 0, or 1 after one line on stderr."""
    options = _parser().parse_args(arguments)
    try:
        old = _document(options.old.read_text("utf-8")) if options.old else _committed(options.root, options.base)
        if options.new:
            found = Preview(_document(options.new.read_text("utf-8")), [], "")
        else:
            found = preview(options.root, options.pages)
        unlisted = options.unlisted.read_text("utf-8").split() if options.unlisted else []
        text = within("".join(_report(old, found, unlisted)), MAX_LENGTH)
        if options.output:
            options.output.write_text(text, "utf-8")
        else:
            sys.stdout.write(text)
    except (PipelineError, OSError, UnicodeDecodeError, JSONTextError) as error:
        print("\n".join(f"report: {line}" for line in str(error).splitlines()), file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("old", nargs="?", type=Path, help="a prepared document instead of the committed one")
    parser.add_argument("new", nargs="?", type=Path, help="a prepared document instead of what the fragments give")
    parser.add_argument("--base", default="HEAD", help="the commit that is compared with, HEAD unless told otherwise")
    parser.add_argument("--pages", type=Path, help="pages that would replace those of the same name")
    parser.add_argument("--unlisted", type=Path, help="the file that fetch_pages.py --unlisted has written")
    parser.add_argument("--output", type=Path, help="write the report to this file")
    parser.add_argument("--root", type=Path, default=ROOT, help="another checkout than this one")
    return parser


def _document(text: str) -> Node:
    document = loads(text)
    if not isinstance(document, dict) or "paths" not in document:
        raise JSONTextError("not a prepared document")
    return document


def _committed(root: Path, base: str) -> Node:
    command = ["git", "-C", str(root), "show", f"{base}:{DOCUMENT}"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603 - git
    if done.returncode:
        raise PipelineError(str(DOCUMENT), "", "", f"is not to be had of {base}: {done.stderr.strip()}")
    return _document(done.stdout)


def _report(old: Node, found: Preview, unlisted: list[str]) -> Iterator[str]:
    changed = document_changes(old, found.document)
    if not (changed or found.unmatched or found.problem or unlisted):
        return
    yield "# The documentation changed\n\n" if changed else "# The documentation\n\n"
    if found.problem:
        yield f"It cannot be regenerated as it is: {code(found.problem, 500)}\n\n"
    yield from _list("Overlay entries that no longer match", found.unmatched)
    for pages, group in groupby(changed, key=lambda difference: difference.pages):
        yield f"## {'Page' if len(pages) == 1 else 'Pages'} {codes(pages)}\n\n" if pages else "## On no page\n\n"
        yield from _page(list(group))
    added = [difference for difference in changed if (difference.kind, difference.change) == ("operation", "added")]
    yield from _list("New names proposed for the lock", [difference.subject for difference in added])
    yield from _list("Pages of the reference that nobody has listed", [code(path) for path in unlisted])


def _page(changed: list[DocumentChange]) -> Iterator[str]:
    for kind in ("operation", "model"):
        entries = [difference for difference in changed if difference.kind == kind]
        if entries:
            yield f"### {kind.capitalize()}s\n\n"
        for difference in entries:
            yield f"- **{difference.change}** {difference.subject}\n"
            yield from (f"  - {detail}\n" for detail in difference.details)
        if entries:
            yield "\n"


def _list(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"## {title}\n\n"
        yield from (f"- {line}\n" for line in lines)
        yield "\n"


if __name__ == "__main__":
    sys.exit(main())
