"""The command line: what works of the APIs that some OpenAPI documents describe."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ruamel.yaml import YAML

from tests.real_input.check import check

DESCRIPTION = """\
Cuts OpenAPI 3.0 and 3.1 documents into pages of the published form, runs the
line over them, calls every operation of the package against an echo server
with every documented example, and asks mypy.
"""
SHOWN_FAULTS = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Check some documents; return 1 if one of them has a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.real_input", description=DESCRIPTION)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("documents", type=Path, nargs="+", help="files, in JSON or YAML")
    parser.add_argument("--keep", type=Path, help="an existing folder for pages and packages")
    options = parser.parse_args(arguments)
    faults = 0
    for file in options.documents:
        text = file.read_text("utf-8")
        # Dates and the like are text in JSON.
        is_json = file.suffix == ".json"
        read = json.loads(text if is_json else json.dumps(YAML(typ="safe").load(text), default=str))
        folder = options.keep and options.keep / file.stem
        if folder:
            folder.mkdir(exist_ok=True)
        found = check(read, folder)
        print(
            f"{file.stem}: {found.operations} operations in, {found.generated} out, {found.seconds:.0f} s; "
            f"{found.calls} calls, {found.examples} examples; {found.mypy or 'mypy not asked'}; "
            f"{len(found.faults)} faults"
        )
        for fault in found.faults[:SHOWN_FAULTS]:
            print(f"  {fault}")
        sys.stdout.flush()
        faults += len(found.faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
