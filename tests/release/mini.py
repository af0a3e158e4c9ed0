"""A small package in the form of the real one, for tests that change it."""

from __future__ import annotations

from pathlib import Path

from scripts.release.public_surface import PACKAGE

FILES = {
    "__init__.py": """
        from __future__ import annotations
        from typing import TYPE_CHECKING
        from ._version import __version__
        if TYPE_CHECKING:
            from ._client import AsyncPatchworks, Patchworks, PatchworksError, helper
            from ._types import NOT_GIVEN, NotGiven
        __all__ = [
            "NOT_GIVEN", "AsyncPatchworks", "NotGiven", "Patchworks", "PatchworksError", "__version__", "helper",
        ]
    """,
    "_version.py": '__version__ = "0.1.0"\n',
    "_types.py": """
        from typing import Final, TypeAlias
        NotGiven: TypeAlias = None
        NOT_GIVEN: Final[NotGiven] = None
        Id: TypeAlias = int | str
        plain = 1
    """,
    "_client.py": '''
        from __future__ import annotations
        from abc import ABC
        from typing import TYPE_CHECKING, Generic, TypeVar, overload
        from ._types import Id, NOT_GIVEN, NotGiven
        from .generated.api import Api
        S = TypeVar("S")
        RETRIES = 2
        class Base(Generic[S], ABC):
            limit = 7
            size = limit * 2
            def __init__(self, key: str, /, *, retries: int = RETRIES, wait: float | NotGiven = NOT_GIVEN) -> None:
                self._hidden = self.key = key
            def __repr__(self) -> str: ...
            def close(self) -> None: ...
        if TYPE_CHECKING:
            _Base = Base[int]
        else:
            _Base = Base
        class AsyncPatchworks(_Base, Api):
            __match_args__ = ()
            async def call(self, id: Id, *more: int, deep: bool = False, **rest: object) -> list[int]: ...
            @staticmethod
            def make(key: str, /) -> AsyncPatchworks: ...
            @classmethod
            def load(cls) -> AsyncPatchworks: ...
            @property
            def name(self) -> str: ...
        class Patchworks(AsyncPatchworks):
            def sync(self) -> None: ...
        class PatchworksError(Exception):
            """All errors."""
            request: object
            Inner = None
        @overload
        def helper(a: int) -> int: ...
        @overload
        def helper(a: str) -> str: ...
        def helper(a): ...
    ''',
    "generated/__init__.py": "",
    "generated/api/__init__.py": """
        from __future__ import annotations
        from functools import cached_property
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from .things._async import ThingsApi
        class Api:
            @cached_property
            def things(self) -> ThingsApi: ...
            @property
            def other(self) -> int: ...
    """,
    "generated/api/things/__init__.py": "",
    "generated/api/things/_async.py": """
        from __future__ import annotations
        class ThingsApi:
            def __init__(self, client: object) -> None: ...
            async def get(self, thing: int | str) -> None: ...
    """,
    "generated/api/things/get_thing.py": """
        from typing import Any
        async def asyncio(thing: int) -> None: ...
        sync = parsed(asyncio)
    """,
    "generated/models/__init__.py": """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from .thing import Thing
            from .thing_sort import ThingSort
        __all__: list[str] = ["Thing", "ThingSort"]
    """,
    "generated/models/thing.py": "class Thing:\n    id: int | None = None\n",
    "generated/models/thing_sort.py": """
        from typing import Literal, TypeAlias
        ThingSort: TypeAlias = Literal["a", "-a"]
    """,
    "sandbox/__init__.py": """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from ._app import create_app
    """,
    "sandbox/_app.py": """
        from __future__ import annotations
        import contextlib
        @contextlib.contextmanager
        def create_app(*, seed: int = 0) -> Generator[object]: ...
    """,
    "sandbox/pytest_plugin.py": """
        import pytest
        def pytest_configure(config: pytest.Config) -> None: ...
        @pytest.fixture
        def patchworks() -> int: ...
    """,
}


def write_package(root: Path) -> None:
    """Write the package into a folder."""
    for name, text in FILES.items():
        write(root / PACKAGE / name, text)


def write(file: Path, text: str) -> None:
    """Write a file, with the indentation of its first line taken off every line."""
    indent = text[1 : len(text) - len(text.lstrip())] if text.startswith("\n") else ""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = text.lstrip("\n").splitlines()
    file.write_text("".join(f"{line.removeprefix(indent)}\n" for line in lines), encoding="utf-8")


def change(root: Path, name: str, old: str, new: str) -> None:
    """Change one place in one file of the package."""
    file = root / PACKAGE / name
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, (name, old)
    file.write_text(text.replace(old, new), encoding="utf-8")


# The setting without which nothing is published.
REPOSITORY = '[tool.hatch.metadata.hooks.custom]\nrepository = "https://github.com/acme/client"\n'
