"""Every mechanical rule and every name, applied to the merged and corrected document in the right order."""

from __future__ import annotations

import copy
import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.openapi.identifiers import class_name, module_key, words
from scripts.openapi.references import parse, reachable
from scripts.openapi.structure import Kind, Node, is_reference, transform, walk
from scripts.spec.naming.enumerations import Listed, listed_values, share_enumerations
from scripts.spec.naming.inline import name_inline_schemas
from scripts.spec.naming.models import RESERVED, rename_schemas, renamed_schemas, singular_name
from scripts.spec.naming.operations import (
    METHOD_KEY,
    MODULE_KEY,
    NAMESPACE_KEY,
    Names,
    name_operations,
    operation_summary,
)
from scripts.spec.rules import fields as field_rules
from scripts.spec.rules import schemas as schema_rules
from scripts.spec.rules.operations import answered_schema, operations, repair_operation
from scripts.spec.rules.texts import with_plain_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.spec.merge import Merged
    from scripts.spec.naming.lock import LockedName

NO_LIST = 1000
KEPT_SECTIONS = frozenset({"schemas", "securitySchemes"})


@dataclass
class Prepared:
    """What preparing did.

    Attributes:
        names: what became of the operations' names.
        repairs: how often each rule changed something.
    """

    names: Names
    repairs: Counter[str]


def prepare(merged: Merged, lock: Mapping[tuple[str, str], LockedName]) -> Prepared:
    """Apply every rule to a document, in place.

    Raises:
        PipelineError: two operations are given the same name.
    """
    document, repairs = merged.document, Counter[str]()
    _put_in_place(document)
    _repair_parts(document, repairs)
    _repair_answered_fields(document, repairs)
    for path, method, operation in operations(document):
        repair_operation(path, method, operation, document["components"].get("schemas", {}), repairs)
    names = name_operations(document, lock, merged.pages)
    _rename_schemas(merged)
    repairs["shared_enumeration"] = _share_enumerations(document)
    name_inline_schemas(document)
    return Prepared(names, +repairs)


def _put_in_place(document: Node) -> None:
    """Put shared parameters, bodies, responses and headers where they are used, so that rules see them there."""
    components = document["components"]

    def resolve(kind: Kind, node: Node) -> Node:
        while kind != "schema" and is_reference(node):
            section, name = parse(node["$ref"])
            node = copy.deepcopy(components[section][name])
        return node

    transform(document, resolve)
    for section in components.keys() - KEPT_SECTIONS:
        del components[section]


def _repair_parts(document: Node, repairs: Counter[str]) -> None:
    def repair(kind: Kind, node: Node) -> Node:
        for rule in (with_plain_texts, *(schema_rules.RULES if kind == "schema" else ())):
            changed = rule(node)
            repairs[rule.__name__] += changed is not node
            node = changed
        return node

    transform(document, repair)
    for kind, _, node in walk(document):
        # What is no field of an object has no list of required ones to be put on.
        if kind == "schema" and isinstance(node.get("required"), bool):
            del node["required"]


def _repair_answered_fields(document: Node, repairs: Counter[str]) -> None:
    """Apply the rules for fields of what is answered, unless the very same schema is sent as well."""
    schemas = document["components"].get("schemas", {})
    responses = [operation.get("responses", {}) for *_, operation in operations(document)]
    bodies = [operation.get("requestBody", {}) for *_, operation in operations(document)]
    parts: list[tuple[Node, Kind]] = [(response, "response") for group in responses for response in group.values()]
    parts += [(schemas[name], "schema") for name in sorted(reachable(schemas, responses) - reachable(schemas, bodies))]
    for part, part_kind in parts:
        for kind, _, node in walk(part, part_kind):
            fields = node.get("properties", {}) if kind == "schema" else {}
            for name, rule in itertools.product(fields, field_rules.RULES):
                changed = rule(name, fields[name])
                repairs[rule.__name__] += changed is not fields[name]
                fields[name] = changed


def _rename_schemas(merged: Merged) -> None:
    document, origins = merged.document, merged.origins
    namespaces = {class_name(operation[NAMESPACE_KEY]) for *_, operation in operations(document)}
    new_names = renamed_schemas(document, namespaces | {f"Async{name}" for name in namespaces})
    rename_schemas(document, new_names)
    places = {new: origins.pop(("components", "schemas", old), None) for old, new in new_names.items()}
    origins.update({("components", "schemas", new): place for new, place in places.items() if place})


def _share_enumerations(document: Node) -> int:
    schemas = document["components"].setdefault("schemas", {})
    listed: list[Listed] = []
    for path, method, operation in operations(document):
        summary = operation_summary(method, path, operation)
        noun = answered_schema(operation, schemas) or singular_name(
            " ".join(words(summary)[1:]) or operation[NAMESPACE_KEY]
        )
        # The plainest list of a resource keeps the plain name, whatever other lists come to be documented.
        rank = len(operation[METHOD_KEY]) if operation[METHOD_KEY].startswith("list") else NO_LIST
        for parameter in operation.get("parameters", ()):
            values = listed_values(parameter)
            if values:
                listed.append(Listed(noun, operation[MODULE_KEY], rank, parameter, values))
    modules = {module_key(name) for name in schemas}

    def is_taken(name: str) -> bool:
        return name in RESERVED or module_key(name) in modules

    count = share_enumerations(listed, schemas, is_taken)
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    return count
