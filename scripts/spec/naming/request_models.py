"""Names of request models: the method's verb and the resource, as in `CreateVariableRequest`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from scripts.openapi.identifiers import class_name, unused, words
from scripts.openapi.operations import operation_key, operations
from scripts.openapi.references import parse
from scripts.openapi.structure import Node, is_reference, walk
from scripts.spec.naming.models import RESERVED, singular_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scripts.spec.naming.locked_names import LockedName

REQUEST_KEY: Literal["x-sdk-request"] = "x-sdk-request"
SUFFIX = "Request"


def request_name(namespace: str, method: str, *, whole: bool = False) -> str:
    """Return the name for the body of a method: `create_variable` takes a `CreateVariableRequest`.

    Args:
        namespace: the client's attribute; its resource is that of a method whose name is a verb alone.
        method: the method on it.
        whole: name the namespace's resource in any case, for a method that is not the only one of its name.
    """
    verb, _, resource = method.partition("_")
    own = singular_name(namespace.replace("_", " "))
    named = f"{own} {resource}" if whole else resource or own
    return class_name(f"{verb} {named} {SUFFIX}")


def name_requests(document: Node, lock: Mapping[tuple[str, str], LockedName]) -> None:
    """Write the name of its request model into every operation that has a body of its own, in place.

    A locked name stays. Of the rest those that come out alike are told apart by their namespaces.
    """
    used = _uses(document)
    free: list[Node] = []
    taken = {entry.request for entry in lock.values() if entry.request}
    for path, method, operation in operations(document):
        schemas = list(_schemas(operation))
        # One that is used elsewhere, too, is more than the body of this operation, and keeps its own name.
        if not schemas or any(used[name] > len(schemas) for name in _references(operation)):
            continue
        locked = lock.get(operation_key(method, path))
        if locked is not None and locked.request:
            operation[REQUEST_KEY] = locked.request
        else:
            free.append(operation)
    plain = [request_name(operation["x-sdk-namespace"], operation["x-sdk-method"]) for operation in free]
    counts = Counter(plain)
    for operation, short in zip(free, plain, strict=True):
        whole = counts[short] > 1 or short in taken
        name = request_name(operation["x-sdk-namespace"], operation["x-sdk-method"], whole=whole)
        if name in taken:
            name = unused(name, taken.__contains__, "")
        operation[REQUEST_KEY] = name
        taken.add(name)


def requested_schemas(document: Node) -> dict[str, str]:
    """Return the new name of each schema that is the body of one operation, by its old one."""
    return {
        name: operation[REQUEST_KEY]
        for *_, operation in operations(document)
        if operation.get(REQUEST_KEY, "") not in {"", *RESERVED}
        for name in _references(operation)
    }


def _uses(document: Node) -> Counter[str]:
    """Return how often each schema is referred to."""
    targets = (parse(node["$ref"]) for _, _, node in walk(document) if is_reference(node))
    return Counter(name for section, name in targets if section == "schemas")


def _schemas(operation: Node) -> Iterator[Node]:
    for media in operation.get("requestBody", {}).get("content", {}).values():
        schema = media.get("schema", {})
        if is_reference(schema) or schema.get("type") == "object" or "allOf" in schema:
            yield schema


def _references(operation: Node) -> list[str]:
    found = [parse(schema["$ref"]) for schema in _schemas(operation) if is_reference(schema)]
    # Two bodies cannot bear one name.
    return [name for kind, name in found[:1] if kind == "schemas" and words(name)]
