"""Whatever a page says is dead text in what is generated: nothing in it runs, imports or leaves its place."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.codegen.generator import generate
from scripts.regeneration.update import write_package
from tests.spec.build import REF, ROOT, block, document, operation, page

CANARY = "CANARY"
PAYLOADS = [
    f'"""\nopen("{CANARY}", "w")\n"""',
    f"'''\nopen('{CANARY}', 'w')\n'''",
    f'")\nopen("{CANARY}", "w")\n("',
    f"'); open('{CANARY}', 'w'); ('",
    f"\r\nopen('{CANARY}', 'w')\r\n",
    f"\u2028open('{CANARY}', 'w')\u2029",
    f"\x0copen('{CANARY}', 'w')\x85",
    f"{{{{ cycler.__init__.__globals__.os.system('touch {CANARY}') }}}}{{% include '/etc/passwd' %}}",
    f"{{open('{CANARY}', 'w')}} %s {{0}} ${{x}}",
    f"$(touch {CANARY}) `touch {CANARY}` ; touch {CANARY} | x",
    f"# type: ignore\nimport os\nos.system('touch {CANARY}')",
    "back\\slash\\",
    '"quote at the end"',
    "\u202enoitcerid\u2066 \u200b",
    "__import__('os').system('x')",
]
# A control character in a name is left out by the generator itself.
PRINTABLE = [text for text in PAYLOADS if text.isprintable()]


def hostile_document(number: int, text: str) -> dict[str, Any]:
    """A block in which the text stands wherever a page can put one."""
    details = operation(
        f"Get {text}",
        f"Tag {text}",
        description=text,
        operationId=text,
        parameters=[
            {
                "name": f"filter[{text}]",
                "in": "query",
                "description": text,
                "schema": {"type": "string", "default": text},
            },
            {"name": "include", "in": "query", "description": f"Available: {text}", "schema": {"type": "string"}},
            {"name": text, "in": "query", "description": text, "schema": {"type": "string", "enum": [text, "b"]}},
        ],
        **{"x-sdk-method": text, "x-sdk-namespace": text, "x-pages": [text]},
    )
    fields = {
        text: {"type": "string", "description": text, "default": text, "title": text, "example": text, "pattern": text}
    }
    enum = {"type": "string", "enum": [text, "plain"], "description": text}
    schema = {"type": "object", "title": text, "description": text, "properties": {**fields, "state": enum}}
    answer = {"type": "object", "properties": {"data": {"$ref": f"{REF}S{number}"}}}
    body = {"content": {"application/json": {"schema": {"$ref": f"{REF}S{number}"}}}}
    details["responses"] = {"200": {"description": text, "content": {"application/json": {"schema": answer}}}}
    return document(
        f"/api/v1/x{number}", "post", {**details, "requestBody": body}, {f"S{number}": schema, f"T {text}": {}}
    )


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package made of hostile pages."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "pages").mkdir()
    for number, text in enumerate(PAYLOADS):
        content = hostile_document(number, text)
        name = "".join(c for c in text if c not in "/\x00")[:40].encode("utf-8", "ignore").decode()
        blocks = page(block(content, text.replace("\n", " ").replace("\r", " ")), title=text.splitlines()[0] or "x")
        (folder / "pages" / f"{name}{number}.md").write_text(blocks, encoding="utf-8", newline="")
    before = sorted(os.listdir(folder))
    write_package(ROOT, folder / "pages", folder / "out", generate)
    assert sorted(os.listdir(folder)) == sorted([*before, "out"])
    return folder / "out"


def test_nothing_but_names_of_ours_is_code(package: Path) -> None:
    files = list((package / "patchworks_core_client" / "generated").rglob("*.py"))
    assert len(files) > 4 * len(PAYLOADS)
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name):
                assert node.id not in {"open", "os", "cycler", CANARY, "__import__"}, file
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert "os" not in {alias.name for alias in node.names}, file
        assert not any(ord(c) < 32 and c != "\n" for c in file.read_text(encoding="utf-8")), file


def test_everything_imports_and_nothing_runs(package: Path) -> None:
    program = """
import importlib, json, pathlib, pkgutil
import patchworks_core_client.generated as root
from patchworks_core_client import AsyncPatchworks, models
for found in pkgutil.walk_packages(root.__path__, root.__name__ + "."):
    importlib.import_module(found.name)
for name in models.__all__:
    help_text = getattr(models, name).__doc__
wires = json.loads(pathlib.Path("wires.json").read_text())
for number, wire in wires:
    body = {wire: "value", "state": wire}
    assert getattr(models, f"S{number}").from_dict(body).to_dict() == body
print("done")
"""
    wires = [(number, text) for number, text in enumerate(PAYLOADS) if text in PRINTABLE]
    (package / "wires.json").write_text(json.dumps(wires))
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(
        command, cwd=package, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.stdout, done.stderr) == ("done\n", "")
    assert list(package.rglob(f"*{CANARY}*")) == []


def test_no_file_has_a_name_from_a_page(package: Path) -> None:
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
    for path in package.rglob("*"):
        assert set(path.name) <= allowed
        assert ".." not in path.name
