"""Check that a fragment is built as OpenAPI 3.0 asks, before anything relies on it.

Three habits of the documentation's PHP are put right here, because they stand in the way of reading anything: `null`
for what is not there, an empty list for an empty object, and the text `"true"` for true. Anything else that is not as
it must be is an error that says where.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from scripts.openapi.errors import ErrorCollector
from scripts.openapi.escaping import printable
from scripts.openapi.json_text import canonical, pointer
from scripts.openapi.operations import placeholders
from scripts.openapi.structure import CHILDREN, METHODS, SCALARS, Kind, Node, Path, walk

if TYPE_CHECKING:
    from scripts.openapi.errors import Place
    from scripts.spec.extract_fragments import Fragment

LOCATIONS = ("path", "query", "header", "cookie")

# What may stand in a path item beside its methods. A `$ref` is not among it: what it leads to would be left out.
_BESIDE_METHODS = frozenset({"summary", "description", "parameters", "servers"})

# What a URL's path may hold, without the characters that also mean something in a shell, a template or a quotation.
# Behind a `#` is what tells two operations of one endpoint apart; it is not sent.
_PATH = re.compile(r"(/([A-Za-z0-9._~!*+,;=:@%-]|\{[\w.:?-]+\})*)+(#[\w.-]+)?")
_PLACEHOLDER = re.compile(r"\{([\w.-]+)(?::[\w.-]*)?\??\}")
_HEADER = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


def checked_fragment(fragment: Fragment) -> Node:
    """Return a copy of a fragment's document in which every described part is built as it must be.

    Raises:
        PipelineError: a part is built otherwise, or the document is not OpenAPI 3.0.
    """
    document, place, errors = copy.deepcopy(fragment.document), fragment.place, ErrorCollector()
    version = document.get("openapi")
    if not isinstance(version, str) or not re.fullmatch(r"3\.0\.\d{1,4}", version):
        raise place.error("#/openapi", f"OpenAPI version {printable(repr(version), 40)}; 3.0 is what is read")
    _check(document, "document", (), place, errors)
    errors.raise_all()
    for section, entries in list(document.get("components", {}).items()):
        if section.startswith("x-"):
            del document["components"][section]
        elif not isinstance(entries, dict):
            with errors.collect():
                raise place.error(pointer(("components", section)), "is no object")
    for path, item in document.get("paths", {}).items():
        for check in (_check_path, _check_methods):
            with errors.collect():
                check(item, path, place)
    # A block of components alone may do without paths.
    expected = "paths" in fragment.document or not document.get("components")
    if expected and not any(method in item for item in document.get("paths", {}).values() for method in METHODS):
        with errors.collect():
            raise place.error("#/paths", "describes no operation")
    errors.raise_all()
    _with_plain_placeholders(document, place)
    return document


def check_parameters(document: Node, place: Place) -> None:
    """Make sure of the parameters of a document in which each stands where it is used.

    Raises:
        PipelineError: one is no parameter, or is there twice.
    """
    errors = ErrorCollector()
    for path, item in document.get("paths", {}).items():
        with errors.collect():
            _check_parameters(item, ("paths", path), place)
    errors.raise_all()


def _with_plain_placeholders(document: Node, place: Place) -> None:
    """Take off what Laravel writes behind the name in braces: `{thing:slug}` and `{thing?}` are `{thing}`."""
    paths = document.get("paths", {})
    for path in list(paths):
        plain = _PLACEHOLDER.sub(r"{\1}", path)
        if plain != path:
            if plain in paths:
                raise place.error(pointer(("paths", path)), f"is the same endpoint as {pointer(('paths', plain))}")
            paths[plain] = paths.pop(path)
    for kind, _, node in walk(document):
        if kind == "parameter" and node.get("in") == "path" and isinstance(node.get("name"), str):
            node["name"] = _PLACEHOLDER.sub(r"\1", f"{{{node['name']}}}").strip("{}")


def _check(node: Node, kind: Kind, path: Path, place: Place, errors: ErrorCollector) -> None:
    """Check one described part and all that is in it, from the outside in."""
    for key, value in list(node.items()):
        if value is None and (key in CHILDREN[kind] or key in SCALARS[kind]):
            del node[key]
        elif value in ("true", "false") and (key == "additionalProperties" or bool in SCALARS[kind].get(key, ())):
            node[key] = value == "true"
    if "$ref" in node and not isinstance(node["$ref"], str):
        with errors.collect():
            raise place.error(pointer((*path, "$ref")), "is no text")
    for key, types in SCALARS[kind].items():
        if key in node:
            with errors.collect():
                _expect(node, key, types, path, place)
    if kind == "parameter":
        with errors.collect():
            _check_place(node, path, place)
    for key, (holds, child_kind) in CHILDREN[kind].items():
        if key not in node or (key == "additionalProperties" and isinstance(node[key], bool)):
            continue
        with errors.collect():
            value = _expect(node, key, (list,) if holds == "list" else (dict,), path, place)
            if holds == "one":
                _check(value, child_kind, (*path, key), place, errors)
                continue
            for name in list(value if isinstance(value, dict) else range(len(value))):
                with errors.collect():
                    child = _expect(value, name, (dict,), (*path, key), place)
                    _check(child, child_kind, (*path, key, name), place, errors)


def _expect(holder: Any, key: str | int, types: tuple[type, ...], path: Path, place: Place) -> Any:
    """Return the value under a key, of one of the types; PHP's empty list and null count as an empty object."""
    if dict in types and holder[key] in ([], None):
        holder[key] = {}
    if not isinstance(holder[key], types):
        raise place.error(pointer((*path, key)), f"is {_called(holder[key])}, not {_named(types)}")
    return holder[key]


def _check_path(_item: Node, path: str, place: Place) -> None:
    where = pointer(("paths", path))
    if not _PATH.fullmatch(path):
        raise place.error(where, "is no path of this API")
    if any(unquote(segment) in {".", ".."} for segment in path.split("/")):
        raise place.error(where, "has a segment that leads elsewhere")
    names = placeholders(path)
    if len(set(names)) != len(names):
        raise place.error(where, "has the same name in braces twice")


def _check_place(parameter: Node, path: Path, place: Place) -> None:
    name, where = str(parameter.get("name", "")), parameter.get("in")
    if where == "cookie" and parameter.get("required") is True:
        raise place.error(pointer(path), f"the parameter {name!r} is a cookie, and the client sends none")
    if where == "header" and name.strip() and not _HEADER.fullmatch(name):
        raise place.error(pointer(path), f"{name!r} is no name of a header")


def _check_methods(item: Node, path: str, place: Place) -> None:
    for key in item:
        if key not in METHODS and key not in _BESIDE_METHODS and not key.startswith("x-"):
            raise place.error(pointer(("paths", path, key)), f"is no method; known are {', '.join(METHODS)}")


def _check_parameters(item: Node, path: Path, place: Place) -> None:
    holders = [(path, item), *(((*path, method), item[method]) for method in METHODS if method in item)]
    for where, holder in holders:
        schemas: dict[tuple[str, str], str] = {}
        for index, parameter in enumerate(holder.get("parameters", ())):
            at = pointer((*where, "parameters", index))
            if not isinstance(parameter.get("name"), str) or parameter.get("in") not in LOCATIONS:
                raise place.error(at, "is no parameter: it needs a name and a place (in)")
            schema = canonical(parameter.get("schema"))
            if schemas.setdefault((parameter["in"], parameter["name"]), schema) != schema:
                raise place.error(at, f"the parameter {parameter['name']!r} is there twice, with another schema")


def _called(value: Any) -> str:
    names = {
        dict: "an object",
        list: "a list",
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return names[type(value)]


def _named(types: tuple[type, ...]) -> str:
    return _called(types[0]())
