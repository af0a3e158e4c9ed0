"""What using models imports, and what only those pay for who need it."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("dateutil", "logging", "difflib", "base64", "uuid", "httpx", "asyncio")


def imported(code: str) -> set[str]:
    """The modules that a fresh interpreter has imported after some code."""
    code += "\nimport sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True)
    return set(run.stdout.split())


@pytest.fixture(scope="module")
def bare() -> set[str]:
    return imported("")


def test_decoding_imports_nothing_heavy(bare: set[str]) -> None:
    modules = imported(
        """
from patchworks_core_client.models import VirtualEnvironment
body = {"id": 1, "created_at": "2025-01-02 03:04:05", "name": "UK", "new": 1}
for _ in range(200):
    made = VirtualEnvironment.from_dict(body)
assert made.to_dict() == body
repr(made), made.evolve(name="FR")
"""
    )
    assert not (modules - bare).intersection(HEAVY)


def test_a_model_is_imported_when_a_value_of_it_comes(bare: set[str]) -> None:
    models = "patchworks_core_client.generated.models"
    code = "from patchworks_core_client.models import VirtualEnvironment as V\nV.from_dict({'id': 1, 'versions': None})"
    version = f"{models}.virtual_environment_version"
    assert version not in imported(code + "\nassert V.from_dict({'versions': []}).versions == []")
    assert version in imported(code + "\nV.from_dict({'versions': [{'id': 1}]})")
    assert f"{models}.variable" not in imported(code)


def test_the_package_alone_imports_neither_attrs_nor_httpx(bare: set[str]) -> None:
    modules = imported("import patchworks_core_client, patchworks_core_client.models")
    assert not (modules - bare).intersection({*HEAVY, "attr", "attrs"})


def test_logging_is_imported_when_there_is_something_to_say(bare: set[str]) -> None:
    code = "from patchworks_core_client.models import VirtualEnvironment as V\n"
    assert "logging" in imported(code + "V.from_dict({'id': 'x'})") - bare
