"""The file `operation-names.lock`: names of operations and models that must not change by themselves."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from scripts.openapi.errors import PipelineError
from scripts.openapi.input_files import read_json
from scripts.openapi.operations import operation_key

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
    from pathlib import Path

K = TypeVar("K", bound="Hashable")


@dataclass(frozen=True)
class LockedName:
    """The names of one operation.

    Attributes:
        method: the HTTP method, in lower case.
        path: the path, as it was when the name was given.
        namespace: the client's attribute.
        name: the method on it.
        module: the module of the endpoint's functions.
        pages: the pages that the operation is published on.
        request: the model of its body; empty where it has none of its own.
        answer: the model that it answers with, or a list of; empty where it answers with none that has a name.
        enumerations: the types of what its parameters list, each behind the parameter's name.
    """

    method: str
    path: str
    namespace: str
    name: str
    module: str
    pages: tuple[str, ...]
    request: str = ""
    answer: str = ""
    enumerations: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What the operation is known by."""
        return operation_key(self.method, self.path)


def read_lock(file: Path) -> dict[tuple[str, str], LockedName]:
    """Return the locked names; none when there is no lock yet.

    Raises:
        PipelineError: the file is no lock.
    """
    if not file.exists():
        return {}
    content = read_json(file)
    if not isinstance(content, dict):
        raise PipelineError(file.name, "", "#", "is no lock: an object is expected")
    entries = [_entry(file.name, key, value) for key, value in content.items()]
    return {entry.key: entry for entry in entries}


def kept_names(claims: Mapping[K, Iterable[str]], is_taken: Callable[[str], bool]) -> dict[K, str]:
    """Return what keeps a locked name, and which.

    Of several that claim one it is the one with the most claims to it.

    Args:
        claims: the locked names of all that something is used by.
        is_taken: whether something else has a name.
    """
    counted = [
        (-count, place, key, name)
        for place, (key, locked) in enumerate(claims.items())
        for name, count in Counter(filter(None, locked)).items()
        if not is_taken(name)
    ]
    names: dict[K, str] = {}
    for _, _, key, name in sorted(counted, key=lambda claim: (*claim[:2], claim[3])):
        if key not in names and name not in names.values():
            names[key] = name
    return names


def lock_text(entries: Mapping[tuple[str, str], LockedName]) -> str:
    """Return the lock as text: JSON with one line for each operation, in the order of their names."""
    lines = [
        json.dumps(f"{entry.method.upper()} {entry.path}") + ": " + json.dumps(_fields(entry))
        for entry in sorted(entries.values(), key=lambda entry: (entry.namespace, entry.name))
    ]
    return "{\n  " + ",\n  ".join(lines) + "\n}\n" if lines else "{}\n"


def _fields(entry: LockedName) -> dict[str, Any]:
    return {
        "name": f"{entry.namespace}.{entry.name}",
        "module": entry.module,
        "pages": list(entry.pages),
        **({"request": entry.request} if entry.request else {}),
        **({"answer": entry.answer} if entry.answer else {}),
        **({"enumerations": dict(entry.enumerations)} if entry.enumerations else {}),
    }


def _entry(file: str, key: str, value: Any) -> LockedName:
    method, space, path = key.partition(" ")
    match value:
        case {"name": str(full), "module": str(module), "pages": [*pages]} if space:
            namespace, dot, name = full.partition(".")
            models = (value.get("request", ""), value.get("answer", ""))
            listed = value.get("enumerations", {})
            types = listed.values() if isinstance(listed, dict) else [None]
            names = [namespace, name, module, *filter(None, models), *types]
            safe = all(isinstance(part, str) and part.isidentifier() and part.isascii() for part in names)
            if dot and safe and all(isinstance(page, str) for page in pages):
                enumerations = tuple(sorted(listed.items()))
                return LockedName(method.lower(), path, namespace, name, module, tuple(pages), *models, enumerations)
    raise PipelineError(file, "", f"#/{key}", 'needs "name" (namespace.method), "module" and "pages"')
