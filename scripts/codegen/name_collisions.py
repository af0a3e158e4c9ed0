"""Names of fields and parameters that the generator would take for the same one, told apart before it sees them.

The generator makes a Python name of each field and parameter and gives up where two come out alike, as do `status` and
`status[]`. Such a name is written in another form, in which any text is a plain and unmistakable word, and read back
from what the generator has parsed.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import PythonIdentifier

from scripts.openapi.structure import METHODS, Kind, Node, transform

_PREFIX = "wire0x"
_PLAIN_IN_PATH = re.compile(r"[A-Za-z_-][0-9A-Za-z_-]*")


class _Named(Protocol):
    @property
    def name(self) -> UntrustedString: ...


def wire_name(prop: _Named) -> str:
    """Return the name of a parsed property or parameter on the wire."""
    return decoded(prop.name.get_untrusted_value())


def decoded(name: str) -> str:
    """Return the name as documented."""
    return bytes.fromhex(name.removeprefix(_PREFIX)).decode() if name.startswith(_PREFIX) else name


def without_collisions(document: Node) -> Node:
    """Return a copy of a document in which no two fields of a schema, or parameters of an operation, collide."""
    result = copy.deepcopy(document)
    for path, item in list(result["paths"].items()):
        new_path = path
        for operation in (item[method] for method in METHODS if method in item):
            parameters = operation.get("parameters", ())
            alike = _colliding(parameter["name"] for parameter in parameters)
            for parameter in parameters:
                name, in_path = parameter["name"], parameter["in"] == "path"
                if name in alike or (in_path and not _PLAIN_IN_PATH.fullmatch(name)):
                    parameter["name"] = _encoded(name)
                    new_path = new_path.replace(f"{{{name}}}", f"{{{_encoded(name)}}}") if in_path else new_path
        if new_path != path:
            result["paths"] = {new_path if key == path else key: value for key, value in result["paths"].items()}
    return transform(result, _with_fields_apart)


def _with_fields_apart(kind: Kind, node: Node) -> Node:
    fields = node.get("properties", {}) if kind == "schema" else {}
    names = {name: _encoded(name) for name in _colliding(fields)}
    if names:
        node["properties"] = {names.get(name, name): schema for name, schema in fields.items()}
        required = [names.get(name, name) for name in node.get("required", ())]
        node.update({"required": required} if required else {})
    return node


def _colliding(names: Iterable[str]) -> set[str]:
    names = list(names)
    counts = Counter(PythonIdentifier(name, "field_") for name in names)
    return {name for name in names if counts[PythonIdentifier(name, "field_")] > 1 or name.startswith(_PREFIX)}


def _encoded(name: str) -> str:
    return _PREFIX + name.encode().hex()
