"""What a client has to send for an operation of a block, and what it is to be given for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.real_input.convert import Block
from tests.real_input.openapi_3_0 import Node
from tests.real_input.samples import Samples

JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
_NOT_SENT = frozenset({"accept", "content-type", "authorization"})
_SCALARS = frozenset({"string", "integer", "number", "boolean"})
_SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}


@dataclass
class Expected:
    """One call.

    Attributes:
        query: values to give, by their names on the wire.
        pairs: what the query has to be.
        headers: values to give, which have to arrive as text.
        media: the media type of the body; empty where there is none.
        body: the value to give.
        examples: further bodies, as documented.
        status: of the answer.
        answers: bodies of answers: one that the schema describes, and those that are documented.
        answer_media: their media type.
        documented: how many documented examples are in all of that.
    """

    query: dict[str, Any] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, Any] = field(default_factory=dict)
    media: str = ""
    body: Any = None
    examples: list[Any] = field(default_factory=list)
    status: int = 200
    answers: list[Any] = field(default_factory=list)
    answer_media: str = JSON
    documented: int = 0


class Reader:
    """Reads a block as its author meant it; it shares no rule with the line that is looked at."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._components = block.document["components"]
        self._samples = Samples(self._components.get("schemas", {}))

    def expected(self) -> Expected:
        """What is to be given and sent."""
        result = Expected()
        for parameter in self._parameters():
            self._add(result, parameter)
        body = self._followed(self._block.operation.get("requestBody") or {})
        content = {name.split(";")[0].strip().lower(): media for name, media in (body.get("content") or {}).items()}
        if body and self._block.method in {"get", "head"}:
            media = next(iter(content.values()), {})
            fields = self._samples.resolved(media.get("schema", {})).get("properties", {})
            for name, schema in fields.items():
                if name not in result.query:
                    self._add(result, {"name": name, "in": "query", "schema": schema})
        elif body:
            self._add_body(result, content)
        self._add_answer(result)
        result.documented = self._samples.examples + len(result.examples) + max(0, len(result.answers) - 1)
        return result

    def _parameters(self) -> Iterator[Node]:
        item = self._block.document["paths"][self._block.path]
        found: dict[tuple[str, str], Node] = {}
        for parameter in (*item.get("parameters", ()), *self._block.operation.get("parameters", ())):
            whole = self._followed(parameter)
            found[str(whole.get("in")), str(whole.get("name"))] = whole
        yield from found.values()

    def _add(self, result: Expected, parameter: Node) -> None:
        name, where = parameter["name"], parameter["in"]
        schema = self._samples.resolved(parameter.get("schema", {}))
        if where == "header" and name.lower() not in _NOT_SENT:
            plain = schema.get("type") in _SCALARS and schema.get("format") not in {"date", "date-time"}
            result.headers[name] = self._samples.of(schema) if plain else "text"
        elif where == "query" and name.strip():
            for wire, value, pairs in self._query(parameter, schema):
                if wire not in result.query:
                    result.query[wire] = value
                    result.pairs += pairs

    def _query(self, parameter: Node, schema: Node) -> Iterator[tuple[str, Any, list[tuple[str, str]]]]:
        name, style = parameter["name"], parameter.get("style")
        if "content" in parameter or "schema" not in parameter:
            yield name, "text", [(name, "text")]
        elif schema.get("type") == "array":
            value = self._samples.of(schema.get("items", {}))
            wire = f"{name}[]" if style == "deepObject" and not name.endswith("[]") else name
            yield wire, [value, value], self._array(parameter, wire, value)
        elif schema.get("type") == "object":
            yield from self._object(parameter, schema)
        else:
            value = self._samples.of(schema)
            yield name, value, [(name, text(value))]

    def _array(self, parameter: Node, name: str, value: Any) -> list[tuple[str, str]]:
        style = parameter.get("style")
        if isinstance(value, dict):
            return [pair for number in (0, 1) for pair in bracketed(f"{name.removesuffix('[]')}[{number}]", value)]
        explode = parameter.get("explode", style == "form")
        if name.endswith("[]") or (explode and style in {None, "form", *_SEPARATORS}):
            return [(name, text(value))] * 2
        return [(name, _SEPARATORS.get(style or "", ",").join([text(value)] * 2))]

    def _object(self, parameter: Node, schema: Node) -> Iterator[tuple[str, Any, list[tuple[str, str]]]]:
        name, is_form = parameter["name"], "explode" in parameter or "style" in parameter
        is_form = is_form and parameter.get("style", "form") == "form"
        fields = schema.get("properties") or {}
        if not fields or (is_form and not parameter.get("explode", True)):
            yield name, "text", [(name, "text")]
            return
        for key, part in fields.items():
            wire = key if is_form else f"{name}[{key}]"
            scalar = self._samples.resolved(part).get("type") in _SCALARS and "$ref" not in part
            value = self._samples.of(part) if scalar else "text"
            yield wire, value, [(wire, text(value))]

    def _add_body(self, result: Expected, content: dict[str, Node]) -> None:
        plain = {name: media for name, media in content.items() if not self._has_file(media)}
        json = [name for name in (JSON, "*/*") if name in content] or [
            name for name in (FORM, MULTIPART) if name in plain
        ]
        json = sorted(json, key=lambda name: list(content).index(name)) if JSON not in content else [JSON]
        other_json = [name for name in content if name.endswith("+json")]
        if json or other_json or not content:
            chosen = (json or other_json or [""])[0]
            result.media = chosen if not json and other_json else JSON
            media = content.get(chosen, {})
        elif {FORM, MULTIPART} & content.keys():
            media = content.get(MULTIPART) or content[FORM]
            result.media = MULTIPART
        else:
            result.media, media = next(iter(content.items()))
            result.body = b"x"
            return
        schema = media.get("schema", {"type": "object"})
        result.body = self._samples.of(schema)
        result.examples = list(self._examples(media))

    def _has_file(self, media: Node) -> bool:
        fields = self._samples.resolved(media.get("schema", {})).get("properties") or {}
        parts = [self._samples.resolved(part) for part in fields.values()]
        parts += [self._samples.resolved(part.get("items", {})) for part in parts]
        return any(part.get("format") == "binary" for part in parts)

    def _add_answer(self, result: Expected) -> None:
        responses = self._block.operation.get("responses") or {}
        statuses = sorted(str(status) for status in responses if str(status).startswith("2"))
        statuses.sort(key=lambda status: not status.isdigit())
        status = statuses[0] if statuses else "default" if "default" in responses else ""
        result.status = int(status) if status.isdigit() else 200
        has_body = result.status not in {204, 205, 304}
        content = (self._followed(responses.get(status) or {}).get("content") or {}) if has_body else {}
        content = {name.split(";")[0].strip().lower(): media for name, media in content.items()}
        json = [name for name in content if name in {JSON, "*/*"} or name.endswith("+json")]
        if json:
            media = content[json[0]]
            result.answers = [self._samples.of(media.get("schema", {})), *self._examples(media)]
        elif content:
            result.answer_media = next(iter(content))
            result.answers = [b"text"]

    def _examples(self, media: Node) -> Iterator[Any]:
        """The examples of a body: beside its schema, or in it."""
        if "example" in media:
            yield media["example"]
        for example in (media.get("examples") or {}).values():
            whole = self._followed(example) if isinstance(example, dict) else {}
            if "value" in whole:
                yield whole["value"]
        schema = self._samples.resolved(media.get("schema", {}))
        if "example" in schema:
            yield schema["example"]

    def _followed(self, node: Node) -> Node:
        for _ in range(9):
            if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
                break
            _, _, section, name = node["$ref"].split("/", 3)
            node = self._components.get(section, {}).get(name.replace("~1", "/").replace("~0", "~"), {})
        return node if isinstance(node, dict) else {}


def text(value: Any) -> str:
    """A value as the text of a query or a form."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def bracketed(name: str, value: Any) -> list[tuple[str, str]]:
    """A value as pairs with the names that PHP reads."""
    if isinstance(value, dict):
        return [pair for key, part in value.items() for pair in bracketed(f"{name}[{key}]", part)]
    if isinstance(value, list):
        has_names = any(isinstance(part, dict | list) for part in value)
        return [
            pair
            for number, part in enumerate(value)
            for pair in bracketed(f"{name}[{number if has_names else ''}]", part)
        ]
    return [] if value is None else [(name, text(value))]
