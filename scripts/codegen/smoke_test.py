"""Try out a generated package before it is written: import, resolve and call all of it in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from operator import itemgetter
from pathlib import Path

from openapi_python_client.strings import PythonIdentifier

from scripts.openapi.errors import ErrorCollector, PipelineError
from scripts.openapi.json_text import pointer
from scripts.openapi.operations import operations
from scripts.openapi.project_paths import GENERATED, PACKAGE, ROOT
from scripts.openapi.structure import Node

API = ".".join((*GENERATED.parts, "api"))
PROGRAM = Path(__file__).with_name("smoke_test_program.py")

MANY = 200
"""From so many operations on, two processes share them."""


def run_smoke_test(document: Node, generated: Path) -> None:
    """Make sure that every module imports, every annotation resolves and every operation can be called.

    Args:
        document: the prepared document.
        generated: the folder with what was generated of it.

    Raises:
        PipelineError: something does not work.
    """
    listed = sorted(_listed(document), key=itemgetter("module"))
    # A package of some hundred operations is worth a process on each of two cores.
    count = 2 if len(listed) >= MANY else 1
    with tempfile.TemporaryDirectory(prefix="patchworks-") as folder:
        package = Path(folder, PACKAGE)
        package.mkdir()
        for path in (ROOT / PACKAGE).iterdir():
            (package / path.name).symlink_to(generated if path.name == GENERATED.name else path)
        with ThreadPoolExecutor(count) as threads:
            outputs = [*threads.map(lambda number: _run(folder, listed, number, count), range(count))]
    pointers = {name: pointer(("components", "schemas", name)) for name in document["components"].get("schemas", {})}
    pointers |= {f"{API}.{operation['module']}": operation["pointer"] for operation in listed}
    errors = ErrorCollector()
    for where, message in sorted(fault for output in outputs for fault in output):
        with errors.collect():
            raise PipelineError("", "", where if where.startswith("#") else pointers.get(where, ""), message)
    errors.raise_all()


def _run(folder: str, operations: list[dict[str, str]], number: int, count: int) -> list[tuple[str, str]]:
    """Try one of `count` parts of the operations, the modules and the models, in a process of its own.

    Return pairs of pointer, or of the name of a module or a model, and message.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-P", "-B", str(PROGRAM), folder, str(number), str(count)],
        input=json.dumps(operations),
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:]
        raise PipelineError("", "", "", f"the generated package does not work: {' '.join(last)}")
    return [(where, message) for where, message in json.loads(done.stdout)]


def _listed(document: Node) -> list[dict[str, str]]:
    return [
        {
            "pointer": pointer(("paths", path, method)),
            "name": f"{operation['x-sdk-namespace']}.{operation['x-sdk-method']}",
            "namespace": operation["x-sdk-namespace"],
            "method": operation["x-sdk-method"],
            "module": f"{PythonIdentifier(operation['tags'][0], 'tag')}."
            f"{PythonIdentifier(operation['operationId'], 'field_')}",
        }
        for path, method, operation in operations(document)
    ]
