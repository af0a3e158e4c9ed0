"""Which parts of a document are kept when the next one has them no more, and what is kept along with them."""

from __future__ import annotations

import copy
import json
from typing import Any

from scripts.openapi.errors import Place
from scripts.openapi.package_version import Version
from scripts.spec.extract_fragments import Fragment
from scripts.spec.merge_fragments import SERVER, Merged, merge
from scripts.spec.retired_parts import describe_retired, graft, retired_text, update_retired

SCHEMAS = "#/components/schemas/"
OLD = {
    "Thing": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "owner": {"$ref": "#/components/schemas/Owner"},
            "parts": {
                "type": "array",
                "items": {"type": "object", "properties": {"a": {}, "b": {"description": "B."}}},
            },
            "rules": {"type": "array", "properties": {"*": {"type": "string"}}},
            "maker": {"type": "object", "properties": {"name": {"type": "string"}}},
        },
    },
    "Owner": {"type": "object"},
}
NEW = {
    "Thing": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "parts": {"type": "array", "items": {"type": "object", "properties": {"a": {}}}},
            "rules": {"type": "array"},
            "maker": {"type": "object"},
        },
    }
}


def merged(schemas: dict[str, Any], *paths: str) -> Merged:
    """One document on the page `things`."""
    answer = {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": f"{SCHEMAS}Thing"}}}}}
    operation = {"summary": "Get Thing", "tags": ["Things"], "responses": answer if "Thing" in schemas else {}}
    document = {
        "openapi": "3.0.0",
        "servers": [{"url": SERVER}],
        "paths": {path: {"get": operation} for path in paths},
        "components": {"schemas": schemas},
    }
    return merge([Fragment(Place("things", "Get Thing", 1), copy.deepcopy(document))])


def kept_after(before: Merged, now: Merged) -> tuple[Merged, set[str]]:
    """The document with what is kept, and the pointers to that."""
    retired = update_retired({}, before, now, lambda: Version(0, 1, 0))
    graft(now, retired, only_of_these_pages=False)
    describe_retired(now.document["components"].get("schemas", {}))
    assert all(kept.pages == ("things",) for kept in retired.values())
    return now, set(json.loads(retired_text(retired)))


def test_fields_inside_of_fields_are_kept_and_so_is_what_they_point_to() -> None:
    now, pointers = kept_after(merged(OLD, "/a"), merged(NEW, "/a"))
    thing = f"{SCHEMAS}Thing/properties"
    assert pointers == {
        f"{SCHEMAS}Owner",
        f"{thing}/owner",
        f"{thing}/parts/items/properties/b",
        f"{thing}/maker/properties/name",
    }
    gone = "Deprecated: it is no longer documented, and goes in version 0.3.0."
    schemas = now.document["components"]["schemas"]
    assert schemas["Owner"] == {"type": "object", "description": gone, "x-retired": "0.3.0"}
    fields = schemas["Thing"]["properties"]
    assert fields["owner"]["allOf"] == [{"$ref": f"{SCHEMAS}Owner"}]
    assert fields["parts"]["items"]["properties"]["b"]["description"] == f"{gone} B."
    assert "*" not in fields["rules"].get("properties", {})


def test_an_id_of_another_name_is_the_same_endpoint() -> None:
    now, pointers = kept_after(merged({}, "/a/{x}", "/b"), merged({}, "/a/{y}", "/b"))
    assert pointers == set()
    assert set(now.document["paths"]) == {"/a/{y}", "/b"}


def test_a_document_without_any_schema_left_keeps_those_that_it_had() -> None:
    _, pointers = kept_after(merged(OLD, "/a"), merged({}, "/a"))
    assert pointers == {f"{SCHEMAS}Owner", f"{SCHEMAS}Thing"}


def test_a_field_whose_schema_became_another_thing_is_gone() -> None:
    now = merged({**NEW, "Thing": {"$ref": f"{SCHEMAS}Other"}, "Other": {"type": "object"}}, "/a")
    retired = update_retired({}, merged(OLD, "/a"), now, lambda: Version(0, 1, 0))
    graft(now, retired, only_of_these_pages=False)
    describe_retired(now.document["components"].get("schemas", {}))
    assert now.document["components"]["schemas"]["Thing"] == {"$ref": f"{SCHEMAS}Other"}
