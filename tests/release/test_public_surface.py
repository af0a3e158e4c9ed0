"""The text of the public surface: what stands in it, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

import patchworks_core_client
from patchworks_core_client import models
from scripts.openapi.project_paths import ROOT
from scripts.release.public_surface import HEADER, PACKAGE, SURFACE_FILE, load, surface
from scripts.release.surface_changes import parse
from tests.release import mini

MINI = """\
patchworks_core_client.AsyncPatchworks.__init__: def(key: str, /, *, retries: int = 2, wait: float | NotGiven = \
NOT_GIVEN) -> None
patchworks_core_client.AsyncPatchworks.call: async def(id: Id, *more: int, deep: bool = False, **rest: object) -> \
list[int]
patchworks_core_client.AsyncPatchworks.close: def() -> None
patchworks_core_client.AsyncPatchworks.key: attribute Any
patchworks_core_client.AsyncPatchworks.limit: attribute int
patchworks_core_client.AsyncPatchworks.load: classmethod def() -> AsyncPatchworks
patchworks_core_client.AsyncPatchworks.make: staticmethod def(key: str, /) -> AsyncPatchworks
patchworks_core_client.AsyncPatchworks.name: property str
patchworks_core_client.AsyncPatchworks.other: property int
patchworks_core_client.AsyncPatchworks.size: attribute Any
patchworks_core_client.AsyncPatchworks.things.get: async def(thing: int | str) -> None
patchworks_core_client.AsyncPatchworks.things: namespace
patchworks_core_client.AsyncPatchworks: class
patchworks_core_client.NOT_GIVEN: attribute Final[NotGiven]
patchworks_core_client.NotGiven: type None
patchworks_core_client.Patchworks.sync: def() -> None
patchworks_core_client.Patchworks: class(AsyncPatchworks)
patchworks_core_client.PatchworksError.Inner: attribute NoneType
patchworks_core_client.PatchworksError.request: attribute object
patchworks_core_client.PatchworksError: class(Exception)
patchworks_core_client.__version__: attribute str
patchworks_core_client._types.Id: type int | str
patchworks_core_client.generated.api.things.get_thing.asyncio: async def(thing: int) -> None
patchworks_core_client.generated.api.things.get_thing.sync: function parsed(asyncio)
patchworks_core_client.helper: def(a: int) -> int & def(a: str) -> str
patchworks_core_client.models.Thing.id: attribute int | None
patchworks_core_client.models.Thing: class
patchworks_core_client.models.ThingSort: type Literal['a', '-a']
patchworks_core_client.sandbox.create_app: contextmanager def(*, seed: int = 0) -> Generator[object]
pytest fixture patchworks: attribute int
"""


@pytest.fixture(scope="module")
def real() -> dict[str, str]:
    """The text of the real package, by name, which `make check` compares with the package."""
    return parse((ROOT / SURFACE_FILE).read_text("utf-8"))


def test_one_line_for_each_public_thing(tmp_path: Path) -> None:
    mini.write_package(tmp_path)
    assert surface(load(tmp_path)) == HEADER + MINI


def test_where_a_thing_is_defined_makes_no_difference(tmp_path: Path) -> None:
    mini.write_package(tmp_path)
    mini.change(tmp_path, "_client.py", "class AsyncPatchworks(_Base, Api):", "class _Middle(_Base, Api):")
    mini.change(
        tmp_path, "_client.py", "class Patchworks(", "class AsyncPatchworks(_Middle):\n    pass\nclass Patchworks("
    )
    assert surface(load(tmp_path)) == HEADER + MINI


def test_every_public_name_of_the_real_package_is_in_the_text(real: dict[str, str]) -> None:
    exported = {f"{PACKAGE}.{name}" for name in patchworks_core_client.__all__}
    exported |= {f"{PACKAGE}.models.{name}" for name in models.__all__}
    assert exported <= real.keys()


@pytest.mark.untraced
@pytest.mark.parametrize("client", ["AsyncPatchworks", "Patchworks"])
def test_every_operation_is_in_the_text(real: dict[str, str], client: str) -> None:
    cls = getattr(patchworks_core_client, client)
    for namespace in ("virtual_environments", "virtual_environment_versions"):
        instance = getattr(cls(api_key="x"), namespace)
        methods = {name for name in dir(instance) if not name.startswith("_") and callable(getattr(instance, name))}
        prefix = f"{PACKAGE}.{client}.{namespace}."
        assert {path.removeprefix(prefix) for path in real if path.startswith(prefix)} == methods
