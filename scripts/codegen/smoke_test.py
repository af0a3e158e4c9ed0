"""The generated package tried out before it is written: imported, resolved and called, in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from openapi_python_client.strings import PythonIdentifier

from scripts.openapi.errors import Faults, PipelineError
from scripts.openapi.json_text import pointer
from scripts.openapi.layout import GENERATED, PACKAGE, ROOT
from scripts.openapi.operations import operations
from scripts.openapi.structure import Node

PROGRAM = Path(__file__).with_name("smoke_test_program.py")


def try_out(document: Node, generated: Path) -> None:
    """Make sure that every module imports, every annotation resolves and every operation can be called.

    Args:
        document: the prepared document.
        generated: the folder with what was generated of it.

    Raises:
        PipelineError: something does not work.
    """
    with tempfile.TemporaryDirectory(prefix="patchworks-") as folder:
        ignored = shutil.ignore_patterns("__pycache__", GENERATED.name)
        shutil.copytree(ROOT / PACKAGE, Path(folder, PACKAGE), ignore=ignored)
        shutil.copytree(generated, Path(folder, GENERATED))
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(  # noqa: S603 - our own interpreter and program
            [sys.executable, "-P", "-B", str(PROGRAM), folder],
            input=json.dumps(_listed(document)),
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
    faults = Faults()
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:]
        raise PipelineError("", "", "", f"the generated package does not work: {' '.join(last)}")
    for where, message in json.loads(done.stdout):
        with faults.collect():
            raise PipelineError("", "", where, message)
    faults.raise_all()


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
