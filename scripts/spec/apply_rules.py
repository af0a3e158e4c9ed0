"""Apply the rules of `rules/` to the corrected document, in the right order."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

from scripts.openapi.operations import operations
from scripts.openapi.references import reachable
from scripts.openapi.structure import transform, walk
from scripts.spec.rules import fields, schemas
from scripts.spec.rules.all_of import Combiner
from scripts.spec.rules.descriptions import plain_descriptions
from scripts.spec.rules.media_types import is_json
from scripts.spec.rules.operations import apply_operation_rules

if TYPE_CHECKING:
    from scripts.openapi.structure import Kind, Node
    from scripts.spec.merge_fragments import Merged


def apply_rules(merged: Merged) -> Counter[str]:
    """Apply every rule to a document, in place; returns how often each changed something.

    Raises:
        PipelineError: what a schema is made of contradicts itself.
    """
    document, repairs = merged.document, Counter[str]()
    _repair_parts(document, repairs)
    repairs["all_of"] = _combine_all_of(merged)
    _repair_answered_fields(document, repairs)
    for path, method, operation in operations(document):
        apply_operation_rules(path, method, operation, document["components"].get("schemas", {}), repairs)
    repairs["text_in_json"] = _keep_bytes_out_of_json(document)
    return repairs


def _repair_parts(document: Node, repairs: Counter[str]) -> None:
    def apply(kind: Kind, node: Node) -> Node:
        for rule in (plain_descriptions, *(schemas.RULES if kind == "schema" else ())):
            changed = rule(node)
            repairs[rule.__name__] += changed is not node
            node = changed
        return node

    transform(document, apply)
    for kind, _, node in walk(document):
        # What is no field of an object has no list of required ones to be put on.
        if kind == "schema" and isinstance(node.get("required"), bool):
            del node["required"]


def _combine_all_of(merged: Merged) -> int:
    """Make one schema of the parts of each `allOf`; returns how many there were."""
    combiner = Combiner(merged.document["components"].setdefault("schemas", {}), merged.error)
    combiner.components()
    for path, method, operation in operations(merged.document):
        combiner.part(operation, "operation", ("paths", path, method))
    return combiner.count


def _keep_bytes_out_of_json(document: Node) -> int:
    """Make text of what is called binary in JSON, in a URL or in a header, in place; returns how often.

    A schema that is sent in a form as well stays what it is there.
    """
    named = document["components"].get("schemas", {})
    contents = [
        entry
        for *_, operation in operations(document)
        for holder in (operation.get("requestBody", {}), *operation["responses"].values())
        for entry in holder.get("content", {}).items()
    ]
    others = [media for media_type, media in contents if not is_json(media_type)]
    texts: list[tuple[Node, Kind]] = [(media, "media") for media_type, media in contents if is_json(media_type)]
    for *_, operation in operations(document):
        texts += [(parameter, "parameter") for parameter in operation.get("parameters", ())]
    names = reachable(named, [part for part, _ in texts]) - reachable(named, others)
    texts += [(named[name], "schema") for name in sorted(names)]
    count = 0
    for part, part_kind in texts:
        for kind, _, node in walk(part, part_kind):
            if kind == "schema" and node.get("format") == "binary":
                del node["format"]
                count += 1
    return count


def _repair_answered_fields(document: Node, repairs: Counter[str]) -> None:
    """Apply the rules for fields of what is answered, unless the very same schema is sent as well."""
    named = document["components"].get("schemas", {})
    responses = [operation.get("responses", {}) for *_, operation in operations(document)]
    bodies = [operation.get("requestBody", {}) for *_, operation in operations(document)]
    parts: list[tuple[Node, Kind]] = [(response, "response") for group in responses for response in group.values()]
    parts += [(named[name], "schema") for name in sorted(reachable(named, responses) - reachable(named, bodies))]
    for part, part_kind in parts:
        for kind, _, node in walk(part, part_kind):
            children = node.get("properties", {}) if kind == "schema" else {}
            for name, rule in itertools.product(children, fields.RULES):
                changed = rule(name, children[name])
                repairs[rule.__name__] += changed is not children[name]
                children[name] = changed
