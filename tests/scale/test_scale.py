"""The vendor's whole reference: pages of a thousand operations through the whole line.

Seconds stand in the benchmarks (`benchmarks/scale.py`); here are counts, which a busy machine does not change.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from tests.scale.line import ROOT, Run, python, run_line
from tests.scale.pages import OPERATIONS_OF_THE_REAL_PAGES, write_pages

COPIES = 2
COPIES_SOAK = 40
MAX_PEAK_BYTES = 2**30

_COUNT_MODULES = """
import patchworks_core_client
from patchworks_core_client import AsyncPatchworks, models
pw = AsyncPatchworks(api_key="key")
namespace = next(name for name in dir(type(pw)) if name.endswith("environments"))
getattr(pw, namespace).list
ours = sorted(name for name in sys.modules if name.startswith("patchworks_core_client"))
print(len(sys.modules), len(ours))
"""
_CALL = """
import asyncio, httpx, inspect, patchworks_core_client
from patchworks_core_client import AsyncPatchworks, models

def answer(request):
    return httpx.Response(200, json={"data": {"id": 7, "name": request.url.path}})

async def main():
    http_client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    pw = AsyncPatchworks(api_key="key", http_client=http_client)
    namespaces = sorted(name for name in dir(type(pw)) if "environment" in name)
    methods = [
        (namespace, method)
        for namespace in namespaces
        for method in dir(getattr(pw, namespace))
        if not method.startswith("_")
    ]
    environment = await getattr(pw, namespaces[-1]).get(7)
    print(len(namespaces), len(methods), type(environment).__name__, environment.id)
    await http_client.aclose()

asyncio.run(main())
"""


class Scaled:
    """Pages of many operations, and the output of the line for them."""

    def __init__(self, folder: Path, copies: int) -> None:
        self.pages = folder / "pages"
        self.pages.mkdir()
        self.operations = write_pages(self.pages, copies)
        self.output = folder / "output"
        self.run: Run = run_line(self.pages, self.output)

    @property
    def document(self) -> dict[str, Any]:
        text = (self.output / "openapi" / "patchworks-core.json").read_text(encoding="utf-8")
        document: dict[str, Any] = json.loads(text)
        return document


@pytest.fixture(scope="module")
def scaled(soak: bool, tmp_path_factory: pytest.TempPathFactory) -> Scaled:
    return Scaled(tmp_path_factory.mktemp("scale"), COPIES_SOAK if soak else COPIES)


@pytest.mark.soak
def test_as_many_operations_come_out_as_went_in(scaled: Scaled, soak: bool) -> None:
    assert scaled.run.code == 0, scaled.run.text
    assert scaled.operations == (1080 if soak else COPIES * OPERATIONS_OF_THE_REAL_PAGES)
    assert f"{scaled.operations:,} operations" in scaled.run.text
    assert sum(len(item) for item in scaled.document["paths"].values()) == scaled.operations
    modules = [*(scaled.output / "patchworks_core_client" / "generated" / "api").glob("*/[a-z]*.py")]
    assert len(modules) == scaled.operations
    for module in modules:
        functions = {
            name
            for node in ast.parse(module.read_text(encoding="utf-8")).body
            for name in [
                getattr(node, "name", ""),
                *(getattr(target, "id", "") for target in getattr(node, "targets", ())),
            ]
            if name
        }
        assert functions == {"sync", "sync_detailed", "asyncio", "asyncio_detailed"}


@pytest.mark.soak
def test_each_operation_is_a_method_that_works(scaled: Scaled) -> None:
    copies = scaled.operations // OPERATIONS_OF_THE_REAL_PAGES
    namespaces, methods, model, value = python(_CALL, scaled.output).split()
    assert (int(namespaces), int(methods), int(value)) == (2 * copies, scaled.operations, 7)
    assert model in scaled.document["components"]["schemas"]


@pytest.mark.soak
def test_memory_is_bounded(scaled: Scaled) -> None:
    assert scaled.run.peak_bytes < MAX_PEAK_BYTES


@pytest.mark.soak
def test_no_more_is_imported_than_for_the_real_pages(scaled: Scaled) -> None:
    large, small = (python(_COUNT_MODULES, root).split() for root in (scaled.output, ROOT))
    assert large == small
