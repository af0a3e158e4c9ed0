"""Regenerate the SDK from the documentation: `python scripts/regenerate.py --help` says how."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if not __package__:
    import _sys_path  # type: ignore[import-not-found]  # noqa: F401

MISSING = "{} is missing: pip install '.[dev]'"

try:
    from scripts.openapi.errors import PipelineError
    from scripts.openapi.escaping import printable
    from scripts.openapi.project_paths import ROOT
    from scripts.regeneration.summary import summary
    from scripts.regeneration.update import update_checkout, write_package
except ModuleNotFoundError as missing:
    sys.exit(f"regenerate: {MISSING.format(missing.name)}")

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from scripts.openapi.structure import Node

TIME_LIMIT_S = 600
"""No page within the limits of size takes longer, whatever is in it."""

DESCRIPTION = """\
Builds the SDK from the documentation of the API.

Without options it starts from openapi/fragments and brings this checkout up to
date. With --pages it reads documentation pages (*.md) first. With --output it
leaves the checkout alone and puts an importable package into another folder.
"""


class _TimeIsUpError(BaseException):
    """No error of a step, which could take it for one of its own."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {printable(message)} (--help shows how)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the line; return 0, or 1 after one line on stderr for each error, which says where and what it is."""
    options = _parser().parse_args(arguments)
    before = [(number, signal.signal(number, handler)) for number, handler in _HANDLERS]
    # A large document is a million objects that all stay: looking for garbage among them takes a tenth of the time.
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000)
    signal.setitimer(signal.ITIMER_REAL, TIME_LIMIT_S)
    try:
        if options.output:
            result = write_package(ROOT, options.pages, options.output, _generate, check=options.check)
        else:
            result = update_checkout(ROOT, options.pages, _generate, check=options.check)
    except PipelineError as error:
        for part in error.errors:
            print(printable(str(part)), file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        return _fail(MISSING.format(error.name))
    except _TimeIsUpError:
        return _fail(f"stopped after {TIME_LIMIT_S} s; nothing was changed")
    except KeyboardInterrupt:
        return _fail("stopped; nothing was changed")
    except Exception as error:
        if os.environ.get("REGENERATE_DEBUG"):
            raise
        return _fail(f"a bug in this script, {type(error).__name__}: {error} (REGENERATE_DEBUG=1 shows where)")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        gc.set_threshold(*thresholds)
        for number, handler in before:
            signal.signal(number, handler)
    # A page's name may have letters that the terminal has not.
    encoding = sys.stdout.encoding or "utf-8"
    print(summary(result, options.output).encode(encoding, "backslashreplace").decode(encoding))
    changed = result.changes.written + result.changes.removed
    if options.check and changed:
        way = "run it without --check" if options.output else "run make regenerate"
        return _fail(f"{len(changed)} files are not up to date, {changed[0]} for one: {way}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, metavar="DIR", help="read the pages (*.md) in this folder")
    parser.add_argument("--output", type=Path, metavar="DIR2", help="write patchworks_core_client and openapi there")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if something would change")
    return parser


def _generate(document: Node, target: Path) -> None:
    # The generator takes half a second to import, which a wrong page should not have to wait for.
    from scripts.codegen.generator import generate  # noqa: PLC0415
    from scripts.codegen.smoke_test import run_smoke_test  # noqa: PLC0415

    generate(document, target)
    run_smoke_test(document, target)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _time_is_up(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise _TimeIsUpError


_HANDLERS = ((signal.SIGTERM, _stop), (signal.SIGALRM, _time_is_up))


def _fail(message: str) -> int:
    print(f"regenerate: {printable(message)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
