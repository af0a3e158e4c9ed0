"""What the benchmarks need before they can run: two environments, the stock output, and SDKs of 1,080 operations.

Everything is put below `build/bench` and the two environments beside `.venv`; none of it is committed, and what is up
to date is left alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Set

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "bench"
PEERS = ROOT / ".venv-peers"
TOOLS = ROOT / ".venv-bench"
FRAGMENTS = ROOT / "openapi" / "fragments"
PACKAGE = "patchworks_core_client"

# 27 operations, forty times.
COPIES = 40


def python(environment: Path) -> str:
    """The interpreter of a virtual environment."""
    return str(environment / "bin" / "python")


def packages(name: str) -> str:
    """The folder to put on the path for what `rows.Contender.packages` names."""
    return str(ROOT if name == "sdk" else BUILD / name)


def prepare(wanted: Set[str]) -> None:
    """Make whatever is missing or out of date.

    Args:
        wanted: the folders of packages that are to be measured, as `rows.Contender.packages` names them.
    """
    BUILD.mkdir(parents=True, exist_ok=True)
    _environment(PEERS, ROOT / "benchmarks" / "peers.txt")
    _environment(TOOLS, ROOT / "benchmarks" / "tools.txt")
    fragments = sorted(FRAGMENTS.glob("*/*.json"))
    pages = BUILD / "pages1080"
    if {"stock1080", "sdk1080"} & wanted:
        _made("pages1080", fragments, lambda: _write_pages(pages))
    if "stock" in wanted:
        _made("stock", fragments, lambda: _stock(BUILD / "stock", [_document(file) for file in fragments]))
    if "stock1080" in wanted:
        _made("stock1080", fragments, lambda: _stock(BUILD / "stock1080", _documents(pages)))
    if "sdk1080" in wanted:
        sources = [
            *(ROOT / "scripts").rglob("*.py"),
            *(ROOT / "scripts").rglob("*.jinja"),
            *(ROOT / "openapi").glob("*"),
            *(ROOT / PACKAGE).rglob("*.py"),
        ]
        _made("sdk1080", [*fragments, *sources], lambda: _sdk(BUILD / "sdk1080", pages))
    # Cold measures need bytecode files, and the environment may forbid that an interpreter writes them by the way.
    for folder in (ROOT / PACKAGE, ROOT / "benchmarks", *(BUILD / name for name in wanted - {"", "sdk"})):
        _run(python(PEERS), "-m", "compileall", "-q", folder)


def _environment(folder: Path, requirements: Path) -> None:
    def make() -> None:
        venv.create(folder, clear=True, with_pip=True)
        _run(python(folder), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements)

    _made(folder.name, [requirements], make, exists=folder)


def _made(name: str, sources: Iterable[Path], make: Callable[[], None], exists: Path | None = None) -> None:
    """Call `make` unless it was called for these very sources before."""
    digest = hashlib.sha256(sys.version.encode())
    for source in sorted(sources):
        if source.is_file():
            digest.update(source.name.encode() + source.read_bytes())
    stamp = BUILD / f"{name}.stamp"
    target = exists or BUILD / name
    if target.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    print(f"making {name} ...", file=sys.stderr, flush=True)
    if target.exists():
        shutil.rmtree(target)
    make()
    stamp.write_text(digest.hexdigest())


def _run(*command: str | Path) -> None:
    # ruff, which both generators call, is found beside the interpreter.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PATH": path},
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(str(part) for part in command)}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _document(fragment: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(fragment.read_text(encoding="utf-8"))
    return {name: value for name, value in document.items() if not name.startswith("x-")}


def _documents(pages: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for page in sorted(pages.glob("*.md"))
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith('{"openapi"')
    ]


def _stock(target: Path, documents: list[dict[str, Any]]) -> None:
    """What openapi-python-client makes of the documents, merged and otherwise as they are published."""
    merged = json.loads(json.dumps(documents[0]))
    merged.pop("tags", None)
    for document in documents[1:]:
        for path, item in document["paths"].items():
            merged["paths"].setdefault(path, {}).update(item)
        merged["components"].setdefault("schemas", {}).update(document["components"].get("schemas", {}))
    target.mkdir(parents=True)
    source = target / "merged.json"
    source.write_text(json.dumps(merged), encoding="utf-8")
    generator = Path(sys.executable).with_name("openapi-python-client")
    output = target / "stock_patchworks_client"
    _run(generator, "generate", "--path", source, "--meta", "none", "--output-path", output)


def _write_pages(target: Path) -> None:
    """Forty documentation pages for each real one, whose tags, paths and schemas have names of their own."""
    target.mkdir(parents=True)
    for folder in sorted(FRAGMENTS.iterdir()):
        texts = [json.dumps(_document(file), separators=(",", ":")) for file in sorted(folder.glob("*.json"))]
        for copy in range(COPIES):
            # The first copy is the real page, to which the overlay applies.
            mark = f"K{chr(97 + copy // 26)}{chr(97 + copy % 26)}" if copy else ""
            stem = f"{folder.name}-{copy:02d}" if copy else folder.name
            documents = [_renamed(text, mark) if mark else text for text in texts]
            blocks = "".join(f"## Block {n}\n\n```json\n{text}\n```\n\n" for n, text in enumerate(documents))
            (target / f"{stem}.md").write_text(f"# {stem}\n\n{blocks}", encoding="utf-8")


def _renamed(text: str, mark: str) -> str:
    text = re.sub(r'(?<=schemas/)Variables|(?<=")Variables(?=(?:ListResponse|Response)?":)', f"{mark}Variables", text)
    return (
        text.replace("Virtual Environment", f"{mark} Environment")
        .replace("VirtualEnvironment", f"{mark}Environment")
        .replace("virtual-environment", f"{mark.lower()}-environment")
        .replace("virtual_environment", f"{mark.lower()}_environment")
        .replace("/api/v1/flow-version-deployments", f"/api/v1/{mark.lower()}-flow-version-deployments")
    )


def _sdk(target: Path, pages: Path) -> None:
    target.mkdir(parents=True)
    _run(sys.executable, ROOT / "scripts" / "regenerate.py", "--pages", pages, "--output", target)
