"""Assign all names, in the right order: operations, models, shared enumerations, inline schemas."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from scripts.openapi.identifiers import class_name, module_key, words
from scripts.openapi.operations import operation_key, operations
from scripts.openapi.references import reachable
from scripts.spec.naming.enumerations import Listed, listed_values, share_enumerations
from scripts.spec.naming.inline_schemas import name_inline_schemas
from scripts.spec.naming.locked_names import LockedName, kept_names
from scripts.spec.naming.models import RESERVED, names_by_rule, rename_schemas, renamed_schemas, singular_name
from scripts.spec.naming.operations import (
    METHOD_KEY,
    MODULE_KEY,
    NAMESPACE_KEY,
    Names,
    name_operations,
    operation_summary,
)
from scripts.spec.naming.request_models import REQUEST_KEY, requested_schemas
from scripts.spec.rules.operations import response_model

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scripts.openapi.structure import Node
    from scripts.spec.merge_fragments import Merged

RANK_OF_NO_LIST = 1000


def assign_names(merged: Merged, lock: Mapping[tuple[str, str], LockedName]) -> Names:
    """Name operations and schemas of a document, in place.

    Raises:
        PipelineError: two operations are given the same name.
    """
    names = name_operations(merged.document, lock, merged.pages)
    _rename_schemas(merged, lock)
    _share_enumerations(merged.document, names, lock)
    _lock_answers(merged.document, names, lock)
    name_inline_schemas(merged.document)
    for *_, operation in operations(merged.document):
        operation.pop(REQUEST_KEY, None)
    return names


def _rename_schemas(merged: Merged, lock: Mapping[tuple[str, str], LockedName]) -> None:
    document, origins = merged.document, merged.origins
    namespaces = {class_name(operation[NAMESPACE_KEY]) for *_, operation in operations(document)}
    reserved = namespaces | {f"Async{name}" for name in namespaces}
    given = requested_schemas(document)
    new_names = renamed_schemas(document, reserved, given, _locked_answers(document, lock, given))
    rename_schemas(document, new_names)
    places = {new: origins.pop(("components", "schemas", old), None) for old, new in new_names.items()}
    origins.update({("components", "schemas", new): place for new, place in places.items() if place})


def _locked_answers(
    document: Node, lock: Mapping[tuple[str, str], LockedName], requested: Collection[str]
) -> dict[str, str]:
    """Return the schemas that operations answer with, each with the name that most of them have locked for it.

    A name stays with the schema that has it by the rule, as long as that is in use: then the operation answers with
    another one, and nothing was renamed.
    """
    schemas = document["components"].get("schemas", {})
    by_rule = names_by_rule(document)
    owners = {by_rule[name]: name for name in reachable(schemas, document["paths"])}
    claims: dict[str, list[str]] = defaultdict(list)
    for path, method, operation in operations(document):
        entry = lock.get(operation_key(method, path))
        name = response_model(operation, schemas)
        if entry and name in schemas and name not in requested and owners.get(entry.answer, name) == name:
            claims[name].append(entry.answer)
    return kept_names(claims, lambda name: name in RESERVED)


def _lock_answers(document: Node, names: Names, lock: Mapping[tuple[str, str], LockedName]) -> None:
    schemas = document["components"]["schemas"]
    for path, method, operation in operations(document):
        key = operation_key(method, path)
        entry = names.lock[key] = replace(names.lock[key], answer=response_model(operation, schemas))
        if key in lock and lock[key].answer not in {"", entry.answer}:
            names.renamed.append((lock[key], entry))


def _share_enumerations(document: Node, names: Names, lock: Mapping[tuple[str, str], LockedName]) -> None:
    schemas = document["components"].setdefault("schemas", {})
    listed: list[Listed] = []
    keys = {}
    for path, method, operation in operations(document):
        key = keys[operation[MODULE_KEY]] = operation_key(method, path)
        locked = dict(lock[key].enumerations) if key in lock else {}
        summary = operation_summary(method, path, operation)
        noun = response_model(operation, schemas) or singular_name(
            " ".join(words(summary)[1:]) or operation[NAMESPACE_KEY]
        )
        # The plainest list of a resource keeps the plain name, whatever other lists come to be documented.
        rank = len(operation[METHOD_KEY]) if operation[METHOD_KEY].startswith("list") else RANK_OF_NO_LIST
        for parameter in operation.get("parameters", ()):
            values = listed_values(parameter)
            if values:
                name = locked.get(parameter["name"], "")
                listed.append(Listed(noun, operation[MODULE_KEY], rank, parameter, values, name))
    modules = {module_key(name) for name in schemas}

    def is_taken(name: str) -> bool:
        return name in RESERVED or module_key(name) in modules

    shared = share_enumerations(listed, schemas, is_taken)
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    names.enumerations = len({*shared.values()})
    for module, key in keys.items():
        types = sorted((parameter, name) for (owner, parameter), name in shared.items() if owner == module)
        names.lock[key] = replace(names.lock[key], enumerations=tuple(types))
