"""The whole line over one OpenAPI document, and whether what comes out of it works."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from scripts.openapi.project_paths import ROOT
from tests.real_input.convert import blocks, count_operations, pages
from tests.real_input.openapi_3_0 import Node
from tests.scale.line import run_line


@dataclass
class Found:
    """What was found out about one document.

    Attributes:
        operations: of the document.
        generated: of the package.
        seconds: that the line took.
        mypy: what mypy said last; empty where it was not asked.
        calls: that were made, with both clients.
        examples: documented ones that went there and back.
        faults: whatever was not as described.
    """

    operations: int
    generated: int = 0
    seconds: float = 0.0
    mypy: str = ""
    calls: int = 0
    examples: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def works(self) -> bool:
        """Whether nothing is missing."""
        return not self.faults and self.generated == self.operations


def check(document: Node, keep: Path | None = None, *, types: bool = True) -> Found:
    """Run the line over a document, and look at the package.

    Args:
        document: of OpenAPI 3.0 or 3.1.
        keep: an existing folder for pages and package, which are thrown away otherwise.
        types: whether to run mypy.
    """
    found = Found(count_operations(document))
    with _folder(keep) as folder:
        cut = blocks(document)
        (folder / "pages").mkdir(exist_ok=True)
        for name, text in pages(cut).items():
            (folder / "pages" / f"{name}.md").write_text(text, encoding="utf-8")
        run = run_line(folder / "pages", folder / "package")
        found.seconds = run.seconds
        if run.code:
            found.faults = run.text.splitlines()
            return found
        package = folder / "package"
        counted = re.search(r"([\d,]+) operations", run.text)
        found.generated = int(counted[1].replace(",", "")) if counted else 0
        (folder / "blocks.json").write_text(json.dumps([asdict(block) for block in cut]), encoding="utf-8")
        _call(found, package, folder / "blocks.json")
        if types:
            _types(found, package)
    return found


def _call(found: Found, package: Path, file: Path) -> None:
    done = _python(package, "-m", "tests.real_input.calls", str(package), str(file), paths=(package, ROOT))
    if done.returncode:
        found.faults.append(f"the calls ended: {done.stderr.strip().splitlines()[-1:]}")
        return
    said = json.loads(done.stdout)
    found.calls, found.examples = said["calls"], said["examples"]
    found.faults += said["faults"]


def _types(found: Found, package: Path) -> None:
    done = _python(package, "-m", "mypy", "--strict", "--no-incremental", "patchworks_core_client/generated")
    found.mypy = done.stdout.strip().splitlines()[-1]
    if done.returncode:
        found.faults += done.stdout.strip().splitlines()[:20]


def _python(folder: Path, *command: str, paths: tuple[Path, ...] = ()) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTHON"))}
    environment |= {"PYTHONPATH": os.pathsep.join(map(str, paths or (folder,)))}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
