"""Run with a generated package first on the path: call each operation against an echo server, and see what is sent.

It takes the folder of the package and a file of blocks, and prints what it found as JSON.
"""

from __future__ import annotations

import ast
import asyncio
import importlib
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from datetime import date, datetime
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote
from uuid import UUID

from tests.real_input.convert import Block
from tests.real_input.echo import EchoServer, Request, serving
from tests.real_input.expected import JSON, MULTIPART, Expected, Reader, bracketed, text

Names = dict[str, dict[str, str]]


class Caller:
    """Calls the operations of one package.

    Attributes:
        faults: what was not as described, one line each.
        calls: how many were made.
        examples: how many documented examples went there and back.
    """

    def __init__(self, package: Path, server: EchoServer) -> None:
        self.faults: list[str] = []
        self.calls = self.examples = 0
        self._package = package
        self._server = server
        self._library = importlib.import_module("patchworks_core_client")
        self._asynchronous = self._library.AsyncPatchworks(api_key="k", base_url=server.url, max_retries=0)
        self._synchronous = self._library.Patchworks(api_key="k", base_url=server.url, max_retries=0)
        self._names: dict[str, dict[str, Names]] = {}

    async def call(self, operation: dict[str, Any], block: Block) -> None:
        """Call one operation with both clients, and with each documented body."""
        expected = Reader(block).expected()
        namespace, method = operation["x-sdk-namespace"], operation["x-sdk-method"]
        names = self._arguments(operation["tags"][0], namespace)[method]
        where = f"{block.method.upper()} {block.path}"
        missing = expected.query.keys() - names["query"].keys() or expected.headers.keys() - names["header"].keys()
        more = names["query"].keys() - expected.query.keys() or names["header"].keys() - expected.headers.keys()
        if missing or more:
            self.faults.append(f"{where}: parameters lost {sorted(missing)}, added {sorted(more)}")
        arguments = {names["query"][name]: value for name, value in expected.query.items() if name in names["query"]}
        arguments |= {
            names["header"][name]: value for name, value in expected.headers.items() if name in names["header"]
        }
        ids = [f"id {number}" for number, _ in enumerate(names["ids"], 1)]
        bodies = [*self._bodies(expected, names)]
        answers = expected.answers or [None]
        self.examples += expected.documented
        rounds = max(len(bodies), len(answers))
        for number in range(rounds):
            body, sent = bodies[min(number, len(bodies) - 1)]
            answer = answers[min(number, len(answers) - 1)]
            content = answer if isinstance(answer, bytes) else b"" if answer is None else json.dumps(answer).encode()
            self._server.answer = (expected.status, expected.answer_media, content)
            for client in (self._asynchronous, self._synchronous):
                function = getattr(getattr(client, namespace), method)
                try:
                    result = await self._result(function(*ids, **arguments, **body))
                except Exception as error:
                    self.faults.append(f"{where}: round {number}: {type(error).__name__}: {error}"[:300])
                    continue
                self.calls += 1
                self._compare(where, block, expected, ids, sent, self._server.seen[-1])
                self._read(where, operation, answer, result)

    async def _result(self, given: Any) -> Any:
        if hasattr(given, "first_page"):
            given = given.first_page()
        return await given if asyncio.iscoroutine(given) else given

    def _bodies(self, expected: Expected, names: Names) -> Iterator[tuple[dict[str, Any], Any]]:
        """The arguments of each body, and what has to be sent for it."""
        if not expected.media:
            yield {}, None
            return
        body = expected.body
        fields = names["fields"]
        if fields and isinstance(body, dict):
            lost = body.keys() - fields.keys()
            if lost:
                self.faults.append(f"fields lost: {sorted(lost)}")
            given = {name: value for name, value in body.items() if name in fields}
            if expected.media == MULTIPART:
                given = {name: self._file(value) for name, value in given.items()}
            yield {fields[name]: value for name, value in given.items()}, given
        else:
            yield {"body": body}, body
        for example in expected.examples:
            if expected.media != MULTIPART and isinstance(example, type(body)):
                yield {"body": example}, example

    def _file(self, value: Any) -> Any:
        return value

    def _compare(self, where: str, block: Block, expected: Expected, ids: list[str], body: Any, seen: Request) -> None:
        path, _, query = seen.target.partition("?")
        wanted = block.path.partition("#")[0]
        for value in ids:
            start, _, rest = wanted.partition("{")
            wanted = start + quote(value) + rest.partition("}")[2]
        checks = [
            ("method", block.method.upper(), seen.method),
            ("path", unquote(wanted), unquote(path)),
            ("query", sorted(expected.pairs), sorted(parse_qsl(query, keep_blank_values=True))),
        ]
        checks += [
            (f"header {name}", text(value), seen.headers.get(name.lower())) for name, value in expected.headers.items()
        ]
        if body is not None:
            media = seen.headers.get("content-type", "").partition(";")[0]
            checks += [("media type", expected.media, media), ("body", *self._sent(expected, body, seen))]
        for what, right, found in checks:
            if right != found:
                self.faults.append(f"{where}: {what} is {found!r:.200}, not {right!r:.200}")

    def _sent(self, expected: Expected, body: Any, seen: Request) -> tuple[Any, Any]:
        if expected.media == JSON or expected.media.endswith("+json"):
            return body, json.loads(seen.body)
        if expected.media != MULTIPART:
            return body, seen.body
        head = f"Content-Type: {seen.headers['content-type']}\r\n\r\n".encode()
        parts = BytesParser(policy=HTTP).parsebytes(head + seen.body).iter_parts()
        found = [
            (part.get_param("name", header="content-disposition"), part.get_payload(decode=True).decode())
            for part in parts
        ]
        return [pair for name, value in body.items() for pair in bracketed(name, value)], found

    def _read(self, where: str, operation: dict[str, Any], answer: Any, result: Any) -> None:
        """What was decoded, put into JSON again, is what was answered."""
        if answer is None or isinstance(answer, bytes):
            return
        tag, constant = self._folder(operation["x-sdk-namespace"]), operation["operationId"].upper()
        module = importlib.import_module(f"patchworks_core_client.generated.api.{tag}._operations")
        kind = getattr(module, constant).shape.kind
        if kind in {"page", "item", "value"} and isinstance(answer, dict):
            answer = answer.get("data")
        if kind == "page":
            result, answer = list(result), answer or []
        if kind not in {"text", "bytes"} and not _same(answer, result):
            self.faults.append(f"{where}: answered {json.dumps(answer)[:150]}, read as {result!r:.150}")

    def _folder(self, namespace: str) -> str:
        found: str = self._names[namespace]["/"]["folder"]["/"]  # where `_arguments` has found it
        return found

    def _arguments(self, tag: str, namespace: str) -> dict[str, Names]:
        """The arguments of each method of a namespace, by their place and their names on the wire."""
        if namespace not in self._names:
            module = type(getattr(self._synchronous, namespace)).__module__
            folder = module.split(".")[-2]
            file = self._package / "patchworks_core_client" / "generated" / "api" / folder / "_sync.py"
            tree = ast.parse(file.read_text("utf-8"))
            methods = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
            self._names[namespace] = {method.name: _names_of(method) for method in methods}
            self._names[namespace]["/"] = {"folder": {"/": folder}}
        return self._names[namespace]


def _names_of(method: ast.FunctionDef) -> Names:
    call = next(
        node for node in ast.walk(method) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Call"
    )
    names: Names = {"query": {}, "header": {}, "fields": {}, "ids": {}}
    names["ids"] = {node.id: node.id for node in call.args[1].elts} if len(call.args) > 1 else {}  # type: ignore[attr-defined]  # a tuple of names
    for keyword in call.keywords:
        if isinstance(keyword.value, ast.Dict) and keyword.arg in names:
            pairs = zip(keyword.value.keys, keyword.value.values, strict=True)
            names[keyword.arg] = {key.value: value.id for key, value in pairs}  # type: ignore[union-attr, attr-defined]  # texts and names
    return names


def _same(answer: Any, result: Any) -> bool:
    if hasattr(result, "to_dict"):
        result = result.to_dict()
    if isinstance(result, list) and isinstance(answer, list):
        return len(result) == len(answer) and all(map(_same, answer, result))
    if isinstance(result, dict) and isinstance(answer, dict):
        return result.keys() == answer.keys() and all(_same(answer[name], result[name]) for name in answer)
    if isinstance(result, datetime | date):
        return str(answer)[:10] == result.isoformat()[:10]
    return bool(answer == (str(result) if isinstance(result, UUID) else result))


async def main(package: Path, document: dict[str, Any], blocks: list[dict[str, Any]]) -> None:
    """Call every operation; print what was found."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with serving() as server:
        caller = Caller(package, server)
        for block in (Block(**block) for block in blocks):
            await caller.call(document["paths"][block.path][block.method], block)
    print(json.dumps({"faults": caller.faults, "calls": caller.calls, "examples": caller.examples}))


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    described = json.loads((folder / "openapi" / "patchworks-core.json").read_text("utf-8"))
    asyncio.run(main(folder, described, json.loads(Path(sys.argv[2]).read_text("utf-8"))))
