"""Pages, blocks and checkouts for the tests of the pipeline, in the published format."""

from __future__ import annotations

import copy
import json
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

from scripts.openapi.errors import Place
from scripts.spec.apply_rules import apply_rules
from scripts.spec.assign_names import assign_names
from scripts.spec.extract_fragments import Fragment
from scripts.spec.finish_document import finished
from scripts.spec.merge_fragments import Merged, merge
from scripts.spec.naming.operations import Names
from scripts.spec.validate_document import validate

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For a machine that others work on too."""

ROOT = Path(__file__).resolve().parents[2]
SERVER = "https://core.wearepatchworks.com"
REF = "#/components/schemas/"
THINGS = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
ENVELOPE = {"type": "object", "properties": {"data": {"$ref": REF + "Things"}}}


def operation(summary: str = "Get Thing", tag: str = "Things", **more: Any) -> dict[str, Any]:
    """An operation that answers with a thing in an envelope, unless told otherwise."""
    answer = {"description": "ok", "content": {"application/json": {"schema": {"$ref": REF + "ThingsResponse"}}}}
    return {"summary": summary, "description": f"{summary}.", "tags": [tag], "responses": {"200": answer}, **more}


def document(
    path: str = "/api/v1/things/{thing}",
    method: str = "get",
    details: dict[str, Any] | None = None,
    schemas: dict[str, Any] | None = None,
    **top: Any,
) -> dict[str, Any]:
    """A block's document with one operation."""
    details = operation() if details is None else details
    return copy.deepcopy(
        {
            "openapi": "3.0.0",
            "info": {"title": "Patchworks Core API", "version": "1.0.0"},
            "tags": [{"name": tag} for tag in details.get("tags", [])],
            "servers": [{"url": SERVER}],
            "security": [{"ApiKeyAuth": []}],
            "components": {
                "securitySchemes": {"ApiKeyAuth": {"type": "apiKey", "in": "header", "name": "Authorization"}},
                "schemas": {"Things": THINGS, "ThingsResponse": ENVELOPE, **(schemas or {})},
            },
            "paths": {path: {method: details}},
            **top,
        }
    )


def block(content: object, heading: str = "Get Thing") -> str:
    """A section of a page: heading, quotation and fence, as published."""
    text = content if isinstance(content, str) else json.dumps(content, separators=(",", ":"))
    return f"## {heading}\n\n> What it does.\n\n```json\n{text}\n```\n"


def page(*blocks: str, title: str = "Things") -> str:
    """A page as published, with its first and its last lines."""
    body = "\n".join(blocks)
    return f"> For the index, see [llms.txt](https://docs.example/llms.txt).\n\n# {title}\n\n{body}\n{APPENDIX}"


APPENDIX = """
---

# Agent Instructions
This page is published with a tool.

```
GET https://docs.example/things.md?ask=<question>
```
"""


def fragment(
    content: dict[str, Any] | None = None, page: str = "things", heading: str = "H", position: int = 1
) -> Fragment:
    """A fragment from some place."""
    return Fragment(Place(page, heading, position), document() if content is None else content)


def merged(*contents: dict[str, Any]) -> Merged:
    """The documents merged, as blocks of one page."""
    return merge(fragment(content, position=number) for number, content in enumerate(contents, 1))


def prepared(*contents: dict[str, Any]) -> tuple[dict[str, Any], Names, Counter[str]]:
    """The finished document of some blocks, which is valid."""
    found = merged(*contents)
    repairs = +apply_rules(found)
    names = assign_names(found, {})
    result = finished(found.document)
    validate(result, found)
    return result, names, repairs


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def stand_in(content: dict[str, Any], target: Path) -> None:
    """In place of the generator: one module for each operation, which says so in its first line."""
    for item in content["paths"].values():
        for details in item.values():
            folder = target / "api" / details["x-sdk-namespace"]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{details['operationId']}.py").write_text("# Generated: do not edit.\n")
    (target / "__init__.py").write_text("# Generated: do not edit.\n")
