"""Names for inline schemas: objects and enumerations that have no component of their own.

The generator would make one up, from where the schema stands, and give up when a component has that name already, as
soon as a `Flow` has a `version` and there is a `FlowVersion`. Here each gets a title, which the generator then uses.
"""

from __future__ import annotations

from collections.abc import Callable

from scripts.openapi.identifiers import class_name, module_key, unused
from scripts.openapi.operations import operations
from scripts.openapi.structure import Node, is_reference
from scripts.spec.naming.models import RESERVED, singular_name
from scripts.spec.naming.operations import MODULE_KEY
from scripts.spec.naming.request_models import REQUEST_KEY

MAX_TITLE_LENGTH = 40
"""Of an enumeration: together with the name before it, it must still be the name of a file."""

_COMBINATIONS = ("allOf", "anyOf", "oneOf")


def name_inline_schemas(document: Node) -> None:
    """Give every object and every enumeration without a name a title that no other has, in place."""
    schemas = document["components"].get("schemas", {})
    namer = _Namer({module_key(name) for name in schemas})
    for name, schema in sorted(schemas.items()):
        namer.parts(schema, name, "")
    for *_, operation in operations(document):
        owner = operation[MODULE_KEY]
        for parameter in operation.get("parameters", ()):
            namer.whole(parameter["schema"], owner, parameter["name"])
        for media in operation.get("requestBody", {}).get("content", {}).values():
            request = operation.get(REQUEST_KEY)
            namer.whole(media.get("schema", {}), request or owner, "" if request else "body")
        for status, response in operation["responses"].items():
            suffix = "response" if status.startswith("2") else f"response {status}"
            for media in response.get("content", {}).values():
                namer.whole(media.get("schema", {}), owner, suffix)


class _Namer:
    """Hands out titles, each of them once; `taken` are the module keys of the schemas with a name."""

    def __init__(self, taken: set[str]) -> None:
        self._modules = taken

    def whole(self, schema: Node, owner: str, hint: str) -> None:
        """Name a schema and what is in it; `owner` is the class or operation it stands in, `hint` its place there."""
        if is_reference(schema) or [*map(is_reference, schema.get("allOf", ()))] == [True]:
            return
        if schema.get("type") == "object" or "allOf" in schema:
            schema["title"] = self._free(class_name(f"{owner} {hint}"), class_name)
            self.parts(schema, schema["title"], "")
            return
        if "enum" in schema:
            # Before the title of an enumeration the generator puts the name of what it stands in.
            schema["title"] = self._free(class_name(hint, MAX_TITLE_LENGTH), lambda title: class_name(owner) + title)
        self.parts(schema, owner, hint)

    def parts(self, schema: Node, owner: str, hint: str) -> None:
        """Name what is in a schema."""
        for name, child in schema.get("properties", {}).items():
            self.whole(child, owner, name)
        if isinstance(schema.get("items"), dict):
            self.whole(schema["items"], owner, singular_name(hint) or "item")
        if isinstance(schema.get("additionalProperties"), dict):
            self.whole(schema["additionalProperties"], owner, f"{hint} value")
        for key in _COMBINATIONS:
            for number, child in enumerate(schema.get(key, ()), 1):
                self.whole(child, owner, f"{hint} option {number}")

    def _free(self, title: str, full: Callable[[str], str]) -> str:
        """Return the title, or one like it that is free; `full` gives the class that a title leads to."""

        def is_taken(candidate: str) -> bool:
            return full(candidate) in RESERVED or module_key(full(candidate)) in self._modules

        free = unused(f"{title}Value" if is_taken(title) else title, is_taken, "")
        self._modules.add(module_key(full(free)))
        return free
