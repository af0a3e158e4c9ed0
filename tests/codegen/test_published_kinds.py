"""Pages of every kind that gave a package which did not work, from the page to the request that is sent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import regenerate
from scripts.openapi.project_paths import ROOT
from tests.spec.build import REF, block, document, operation, page

THING = {"$ref": REF + "Things"}
INTEGERS = {"type": "array", "items": {"type": "integer"}}


def answer(schema: dict[str, Any], media: str = "application/json") -> dict[str, Any]:
    return {"200": {"description": "ok", "content": {media: {"schema": schema}}}}


def data(schema: dict[str, Any]) -> dict[str, Any]:
    return answer({"type": "object", "properties": {"data": schema}})


def body(schema: dict[str, Any], media: str = "application/json") -> dict[str, Any]:
    return {"required": True, "content": {media: {"schema": schema}}}


def fields(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def query(name: str, schema: dict[str, Any], where: str = "query") -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "schema": schema}


STRING = {"type": "string"}
FILE = {"type": "string", "format": "binary"}
BLOCKS: list[tuple[str, str, str, dict[str, Any]]] = [
    # Only the outermost schema is an envelope.
    ("get", "/nested", "Get Nested", {"responses": answer(fields(id={}, author=fields(data=THING)))}),
    ("get", "/deep", "Get Deep", {"responses": data(fields(data=fields(data=THING), links={}))}),
    ("put", "/wrapped", "Put Wrapped", {"requestBody": body(fields(data=fields(a=STRING)))}),
    # Only a GET is a list to be paged.
    (
        "post",
        "/search",
        "Search Things",
        {"requestBody": body(fields(q=STRING)), "responses": data({"type": "array", "items": THING})},
    ),
    ("put", "/sync", "Sync Things", {"responses": data({"type": "array", "items": STRING})}),
    # Bodies that are no objects.
    ("post", "/bulk", "Bulk Things", {"requestBody": body(INTEGERS)}),
    ("post", "/text", "Text Things", {"requestBody": body(STRING)}),
    ("post", "/objects", "Objects Things", {"requestBody": body({"type": "array", "items": THING})}),
    # `data` that is no object.
    ("get", "/count", "Get Count", {"responses": data({"type": "integer"})}),
    ("get", "/when", "Get When", {"responses": data({"type": "string", "format": "date-time"})}),
    ("get", "/some", "List Some", {"responses": data({"type": "array", "nullable": True, "items": THING})}),
    ("get", "/maybe", "Get Maybe", {"responses": data({"allOf": [THING], "nullable": True})}),
    # Names that a tool further down takes for the same one.
    (
        "get",
        "/names/{a-b}/{a_b}",
        "Get Names",
        {
            "parameters": [
                query("a-b", STRING, "path"),
                query("a_b", STRING, "path"),
                query("status", STRING),
                query("status[]", {"type": "array", "items": STRING}),
                query("name", STRING),
                query("name!", STRING),
            ],
            "responses": answer(
                {
                    **fields(
                        **{
                            "+1": {"type": "integer"},
                            "-1": {"type": "integer"},
                            "type": {},
                            "type_": {},
                            "wire0x41": {},
                        }
                    ),
                    "required": ["+1"],
                }
            ),
        },
    ),
    ("get", "/of/{größe}/{thing:slug}", "Get Of", {"parameters": [query("größe", STRING, "path")]}),
    # Media types as documented, arrays in queries.
    ("put", "/csv", "Put Csv", {"requestBody": body(STRING, "text/csv")}),
    ("put", "/xml", "Put Xml", {"requestBody": body(STRING, "application/xml")}),
    ("put", "/pdf", "Put Pdf", {"requestBody": body({"type": "string", "format": "binary"}, "application/pdf")}),
    ("put", "/japi", "Put Japi", {"requestBody": body(fields(a=STRING), "application/vnd.api+json")}),
    (
        "post",
        "/files",
        "Post Files",
        {
            "requestBody": body(
                fields(note=STRING, files={"type": "array", "items": {"type": "string", "format": "binary"}}),
                "multipart/form-data",
            )
        },
    ),
    (
        "get",
        "/ids",
        "List Ids",
        {
            "parameters": [query("ids[]", INTEGERS), query("plain", INTEGERS)],
            "responses": data({"type": "array", "items": THING}),
        },
    ),
    (
        "get",
        "/styles",
        "Get Styles",
        {
            "parameters": [
                {**query("pipes", INTEGERS), "style": "pipeDelimited"},
                {**query("spaces", INTEGERS), "style": "spaceDelimited", "explode": False},
                {**query("many", INTEGERS), "explode": True},
                {**query("commas", INTEGERS), "style": "form", "explode": False},
                {**query("deep", fields(a=STRING)), "style": "deepObject", "explode": True},
                {**query("flat", fields(b=STRING)), "style": "form", "explode": True},
                query("rows", {"type": "array", "items": fields(id={"type": "integer"})}),
            ]
        },
    ),
    # A form with more in it than texts and files.
    (
        "post",
        "/form",
        "Post Form",
        {
            "requestBody": body(
                fields(file={"type": "string", "format": "binary"}, tags={"type": "array", "items": STRING}, of=THING),
                "multipart/form-data",
            )
        },
    ),
    # In JSON and in a URL there is nothing but text.
    (
        "put",
        "/binary",
        "Put Binary",
        {
            "parameters": [query("raw", FILE)],
            "requestBody": body(fields(file=FILE, files={"type": "array", "items": FILE}, byte=STRING)),
            "responses": answer(fields(file=FILE, more={"$ref": REF + "Photo"})),
        },
    ),
    (
        "put",
        "/untyped",
        "Put Untyped",
        {"requestBody": body(fields(files={"type": "array", "items": {"format": "binary"}}), "multipart/form-data")},
    ),
    # Two operations of one endpoint, and components that the generator reads more than once.
    ("get", "/twice#one", "Get One", {}),
    ("get", "/twice#two", "Get Two", {"responses": answer({"$ref": REF + "Choice"})}),
    ("get", "/album", "Get Album", {"responses": answer({"$ref": REF + "Album"})}),
    ("get", "/self", "Get Self", {"responses": answer({"$ref": REF + "OrNull"})}),
]
NESTED = fields(self=STRING, inner=fields(a=STRING))
SCHEMAS = {
    "Photo": fields(data=FILE),
    "Album": {"type": "object", "additionalProperties": {"anyOf": [fields(c=NESTED), {"$ref": REF + "OrNull"}]}},
    "Choice": {"oneOf": [{**NESTED, "nullable": True}, {"$ref": REF + "Later"}, STRING]},
    "Later": {**NESTED, "nullable": True},
    "OrNull": {"type": "array", "items": {"anyOf": [fields(b=NESTED), {"$ref": REF + "Later"}]}},
}

PROGRAM = """
import json, logging, httpx
from patchworks_core_client import Patchworks, models
logging.disable(logging.CRITICAL)
seen, answers = [], {}
def reply(request):
    seen.append(request)
    return httpx.Response(200, json=answers.get(request.url.path.rsplit("/", 1)[-1], {}))
def sent(result):
    request = seen[-1]
    request.read()
    return request
pw = Patchworks(api_key="k", http_client=httpx.Client(transport=httpx.MockTransport(reply))).things
thing = {"id": 1, "name": "n"}
answers.update(nested={"id": 1, "author": {"data": thing}}, search={"data": [thing]}, sync={"data": ["a"]},
    count={"data": 5}, when={"data": "2026-01-02T03:04:05Z"}, some={"data": None}, maybe={"data": thing},
    b={"+1": 1, "-1": 2, "type": 3, "type_": 4, "wire0x41": 5})
assert pw.get_nested(strict=True).author.data.id == 1
assert [found.id for found in pw.search(q="x")] == [1] and json.loads(sent(0).content) == {"q": "x"}
assert pw.sync(strict=True) == ["a"]
for method, value in ((pw.bulk, [1, 2]), (pw.text, "x"), (pw.objects, [{"id": 1}])):
    method(body=value)
    assert json.loads(sent(0).content) == value, sent(0).content
pw.put_wrapped(data={"a": "x"}); assert json.loads(sent(0).content) == {"data": {"a": "x"}}
assert pw.get_count(strict=True) == 5
assert pw.get_when(strict=True).year == 2026
assert list(pw.list_some(strict=True)) == []
assert pw.get_maybe(strict=True).id == 1
found = pw.get_names("a", "b", status="s", status_=["t", "u"], name="n", name_="m")
assert sent(0).url.query == b"status=s&status%5B%5D=t&status%5B%5D=u&name=n&name%21=m", sent(0).url.query
assert found.to_dict() == answers["b"] and sent(0).url.path.endswith("/names/a/b")
pw.get_of("ü", 3); assert sent(0).url.raw_path == b"/api/v1/of/%C3%BC/3"
for method, media in ((pw.put_csv, "text/csv"), (pw.put_xml, "application/xml"), (pw.put_pdf, "application/pdf")):
    method(body=b"a,b")
    assert (sent(0).headers["content-type"], sent(0).content) == (media, b"a,b")
pw.put_japi(a="x"); assert sent(0).headers["content-type"] == "application/vnd.api+json"
assert json.loads(sent(0).content) == {"a": "x"}
pw.post_files(note="n", files=[b"one", b"two"]); assert sent(0).content.count(b'name="files[]"') == 2
list(pw.list_ids(ids=[1, 2], plain=[1, 2]))
assert sent(0).url.query == b"ids%5B%5D=1&ids%5B%5D=2&plain=1,2", sent(0).url.query
pw.get_styles(pipes=[1, 2], spaces=[1, 2], many=[1, 2], commas=[1, 2], deep_a="x", b="y", rows=[{"id": 1}])
assert sent(0).url.query.decode() == (
    "pipes=1%7C2&spaces=1%202&many=1&many=2&commas=1,2&deep%5Ba%5D=x&b=y&rows%5B0%5D%5Bid%5D=1"
), sent(0).url.query
pw.post_form(file=b"one", tags=["a", "b"], of={"id": 1})
assert [sent(0).content.count(b'name="%s"' % name) for name in (b"file", b"tags[]", b"of[id]")] == [1, 2, 1]
answers["binary"] = {"file": "f", "more": {"data": "d"}}
found = pw.put_binary(raw="r", file="f", files=["g"], byte="eA==", strict=True)
assert found.file == "f" and found.more.data == "d" and sent(0).url.query == b"raw=r"
assert json.loads(sent(0).content) == {"file": "f", "files": ["g"], "byte": "eA=="}
pw.put_untyped(files=[b"x", ("n", b"y")]); assert sent(0).content.count(b'name="files[]"; filename=') == 2
pw.put_untyped(body=models.PutUntypedRequest(files=[b"x"])); assert b"filename=" in sent(0).content
pw.get_one(); assert sent(0).url.path == "/api/v1/twice"
answers["twice"] = {"self": "x", "inner": {"a": "y"}}
found = pw.get_two(strict=True)
assert found.self_ == "x" and found.inner.a == "y" and found.to_dict() == answers["twice"]
answers["self"] = [{"self": "x"}, {"b": {"self": "y"}}, None]
assert len(pw.get_self()) == 3
print("done")
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "pages").mkdir()
    blocks = [
        block(document(f"/api/v1{path}", method, operation(summary, **details), SCHEMAS), summary)
        for method, path, summary, details in BLOCKS
    ]
    (folder / "pages" / "things.md").write_text(page(*blocks), "utf-8")
    assert regenerate.main(["--pages", str(folder / "pages"), "--output", str(folder / "out")]) == 0
    return folder / "out"


def run(package: Path, *command: str) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COV")},
        "PYTHONPATH": str(package),
    }
    done = subprocess.run(
        [sys.executable, *command], cwd=package, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def test_what_the_types_promise_is_sent_and_given(package: Path) -> None:
    assert run(package, "-c", PROGRAM) == "done\n"


def test_mypy_agrees_with_what_was_generated(package: Path) -> None:
    # What `make check` knows of other packages need not be found out again.
    if (known := ROOT / ".mypy_cache").exists():
        shutil.copytree(known, package / ".mypy_cache")
    run(package, "-m", "mypy", "--strict", "patchworks_core_client/generated")


@pytest.mark.soak
def test_pyright_agrees_with_what_was_generated(package: Path, soak: bool) -> None:
    if not soak:
        pytest.skip("long: pyright sees the same templates in `make check`, and mypy these kinds")
    (package / "pyrightconfig.json").write_text(
        '{"typeCheckingMode": "strict", "include": ["patchworks_core_client/generated"]}'
    )
    run(package, "-m", "pyright", "--pythonpath", sys.executable)
