"""Rules for the parameters of an operation.

Each rule takes the parameters of an operation, and what else it must know, and gives repaired ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.openapi.json_text import canonical
from scripts.openapi.references import parse
from scripts.spec.rules.schemas import SCALAR_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.openapi.structure import Node

_STYLES = frozenset({"form", "spaceDelimited", "pipeDelimited"})
# OpenAPI has these ignored: they are said by the content types and by the security of an operation.
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})


def without_duplicates(parameters: list[Node]) -> list[Node]:
    """Of parameters that are listed twice with the same schema, the first."""
    kept: dict[tuple[str, str, str], Node] = {}
    for parameter in parameters:
        kept.setdefault((parameter["in"], parameter["name"], canonical(parameter.get("schema"))), parameter)
    return list(kept.values())


def that_can_be_sent(parameters: list[Node], placeholders: list[str]) -> list[Node]:
    """Drop cookies, what has no name, what the path has no place for, and headers that are not an operation's own."""
    return [
        parameter
        for parameter in parameters
        if parameter["name"].strip()
        and parameter["in"] != "cookie"
        and not (parameter["in"] == "path" and parameter["name"] not in placeholders)
        and not (parameter["in"] == "header" and parameter["name"].lower() in _IGNORED_HEADERS)
    ]


def with_placeholders(parameters: list[Node], placeholders: list[str]) -> list[Node]:
    """Add the parameters that stand in the path and are not listed, and bring those into the path's order."""
    listed = {parameter["name"]: parameter for parameter in parameters if parameter["in"] == "path"}
    in_path = [
        {**listed.get(name, {"name": name, "in": "path", "schema": {"type": "string"}}), "required": True}
        for name in placeholders
    ]
    return [*in_path, *(parameter for parameter in parameters if parameter["in"] != "path")]


def with_schema(parameters: list[Node]) -> list[Node]:
    """A parameter without a schema is text, as everything is in a URL; so is one that carries a whole document."""
    unused = {"content", "example", "examples"}
    return [
        {"schema": {"type": "string"}, **{key: value for key, value in parameter.items() if key not in unused}}
        if "schema" not in parameter or unused & parameter.keys()
        else parameter
        for parameter in parameters
    ]


def objects_spread(parameters: list[Node], schemas: Mapping[str, Node]) -> list[Node]:
    """`filter` with the properties `a` and `b` is sent as `filter[a]` and `filter[b]`; a free-form object is text.

    With `style: form` as a page may say it is sent as `a` and `b`, or, with `explode: false`, as text.
    """
    result: list[Node] = []
    names = {parameter["name"] for parameter in parameters}
    for parameter in parameters:
        schema = _resolved(parameter["schema"], schemas)
        if parameter["in"] != "query" or schema.get("type") != "object":
            result.append(parameter)
            continue
        rest = {key: value for key, value in parameter.items() if key not in {"style", "explode", "schema"}}
        required, fields = schema.get("required", ()), schema.get("properties", {})
        is_form = parameter.get("style", "form") == "form" and {"style", "explode"} & parameter.keys()
        if is_form:
            explode = parameter.get("explode", True)
            fields = {name: child for name, child in fields.items() if name not in names} if explode else {}
        for name, child in fields.items():
            scalar = child if child.get("type") in SCALAR_TYPES else {"type": "string"}
            one = {
                **rest,
                "name": name if is_form else f"{parameter['name']}[{name}]",
                "required": name in required,
                "schema": scalar,
            }
            result.append({**one, "description": child["description"]} if "description" in child else one)
        if not fields:
            result.append({**rest, "schema": {"type": "string"}})
    return result


def styled_arrays(parameters: list[Node], schemas: Mapping[str, Node]) -> list[Node]:
    """A sequence in a query is written as described; where nothing is said, it is joined with commas.

    That is how filters are: of a name that comes twice PHP keeps the last value. Of anything else style says nothing.
    """
    return [_styled(parameter, schemas) for parameter in parameters]


def _styled(parameter: Node, schemas: Mapping[str, Node]) -> Node:
    rest = {key: value for key, value in parameter.items() if key not in {"style", "explode", "allowReserved"}}
    if parameter["in"] != "query" or _resolved(parameter["schema"], schemas).get("type") != "array":
        return rest
    style, explode = parameter.get("style", "form"), parameter.get("explode", parameter.get("style") == "form")
    if style == "deepObject" and not parameter["name"].endswith("[]"):
        rest["name"] = f"{parameter['name']}[]"
    if style not in _STYLES:
        style, explode = "form", style == "deepObject"
    return {**rest, "style": style, "explode": explode}


def _resolved(schema: Node, schemas: Mapping[str, Node]) -> Node:
    return schemas.get(parse(schema.get("$ref", ""))[1], schema)


def plain_headers(parameters: list[Node]) -> list[Node]:
    """A header that holds a date, a list or an object is text: how it is written there, a schema does not say."""
    return [
        {**parameter, "schema": {**_description(parameter["schema"]), "type": "string"}}
        if parameter["in"] == "header" and not _is_plain(parameter["schema"])
        else parameter
        for parameter in parameters
    ]


def _is_plain(schema: Node) -> bool:
    return "$ref" in schema or (
        schema.get("type") in SCALAR_TYPES and schema.get("format") not in {"date", "date-time"}
    )


def _description(schema: Node) -> Node:
    return {key: value for key, value in schema.items() if key == "description"}


def described(parameters: list[Node]) -> list[Node]:
    """Copy each description into the schema, where the generator finds it."""
    result: list[Node] = []
    for parameter in parameters:
        schema = parameter["schema"]
        texts = dict.fromkeys(text for text in (parameter.get("description"), schema.get("description")) if text)
        if "$ref" in schema or not texts:
            result.append(parameter)
        else:
            result.append({**parameter, "schema": {**schema, "description": " ".join(texts)}})
    return result
