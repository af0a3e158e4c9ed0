"""Small prepared documents for the tests of the code generator."""

from __future__ import annotations

from typing import Any


def document(*operations: dict[str, Any], schemas: dict[str, Any] | None = None) -> dict[str, Any]:
    """A document with the given operations, each with `path` and `verb` among its keys."""
    paths: dict[str, Any] = {}
    for operation in operations:
        details = {key: value for key, value in operation.items() if key not in {"path", "verb"}}
        paths.setdefault(operation["path"], {})[operation["verb"]] = details
    return {
        "openapi": "3.0.0",
        "info": {"title": "Test", "version": "1"},
        "servers": [{"url": "https://core.wearepatchworks.com"}],
        "paths": paths,
        "components": {"schemas": schemas or {}},
    }


def operation(
    name: str = "list_things",
    *,
    verb: str = "get",
    path: str = "/api/v1/things",
    content: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """An operation of the tag `Things` whose 200 has the given content."""
    return {
        "path": path,
        "verb": verb,
        "operationId": name,
        "x-sdk-method": name.partition("_")[0],
        "x-pages": ["things"],
        "summary": name.replace("_", " ").title(),
        "tags": ["Things"],
        "responses": {"200": {"description": "ok", **({"content": content} if content else {})}},
        **more,
    }


def json_content(schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON body of the given schema."""
    return {"application/json": {"schema": schema}}
