"""Names of models: the resource in the singular, as a class name that nothing else has."""

from __future__ import annotations

import builtins
from functools import cache
from typing import TYPE_CHECKING

from scripts.openapi.identifiers import class_name, module_key, unused, words
from scripts.openapi.references import parse, reference
from scripts.openapi.structure import Node, is_reference, transform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import inflect

    from scripts.openapi.structure import Kind

# Names that generated modules, the package and its users already have a meaning for.
RESERVED = (
    frozenset(dir(builtins))
    | {
        "Annotated",
        "Any",
        "Callable",
        "ClassVar",
        "Enum",
        "File",
        "Final",
        "Generic",
        "Iterable",
        "Iterator",
        "Literal",
    }
    | {"Dict", "List", "Mapping", "NamedTuple", "Optional", "Protocol", "Self", "Sequence", "Set", "Tuple", "Type"}
    | {"TypeAlias", "TypeVar", "TypedDict", "Union", "Unset", "UNSET", "Unnamed"}
    | {"Date", "DateTime", "Datetime", "Decimal", "Path", "Time", "Timedelta", "UUID", "Uuid"}
    | {"Api", "AsyncApi", "AsyncPaginator", "AsyncPatchworks", "AsyncResource", "Client", "Field", "FileTokenStore"}
    | {"Filter", "FilterValue", "Id", "Mismatch", "Model", "Models", "NotGiven", "OneOrMore", "Operation", "Operations"}
    | {"Page", "Paginator", "Patchworks", "PatchworksError", "Request", "Resource", "Response", "Shape", "Timeout"}
)
SUFFIX = "Object"
NOT_RESOURCES = ("Request", "Response", "Meta", "Links")

# Words that end in s, or mean a mass, and have no other singular; inflect would cut them.
_SINGULAR_ALREADY = frozenset(
    {"alias", "analytics", "atlas", "bias", "canvas", "data", "gas", "https", "kubernetes", "lens", "media"}
    | {"is", "metadata", "news", "series", "sms", "this"}
)
_SINGULAR_ENDINGS = ("ss", "us", "sis", "xis")
_IRREGULAR = {"indices": "index", "menus": "menu"}


@cache
def singular(word: str) -> str:
    """Return a word in the singular; the same word when it is not a plural, or not surely one."""
    lower = word.lower()
    if lower in _IRREGULAR:
        return word[0] + _IRREGULAR[lower][1:]
    if lower in _SINGULAR_ALREADY or lower.endswith(_SINGULAR_ENDINGS) or len(word) < 3 or not word.isascii():
        return word
    if word.isupper() or not word.isalpha():
        return word
    return _engine().singular_noun(word) or word


def singular_name(name: str) -> str:
    """Return the words of a name, the last one in the singular."""
    parts = words(name)
    return " ".join([*parts[:-1], singular(parts[-1])]) if parts else name


def renamed_schemas(
    document: Node,
    also_reserved: Iterable[str] = (),
    given: Mapping[str, str] | None = None,
    locked: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the new name of each schema, by its old one; different schemas get different ones.

    A locked name stays, and a schema whose name is right keeps it, whatever the others are called; the rest follow in
    the order of their names.

    Args:
        document: the document.
        also_reserved: names that no schema may have.
        given: names that some are to have, by their old ones.
        locked: names that some had before, by their old ones.
    """
    schemas = document["components"].get("schemas", {})
    reserved = RESERVED | frozenset(also_reserved)
    locked = locked or {}
    wanted = {**names_by_rule(document), **(given or {}), **locked}
    result: dict[str, str] = {}
    modules: set[str] = set()

    def is_taken(name: str) -> bool:
        return name in reserved or module_key(name) in modules

    for name in sorted(schemas, key=lambda name: (name not in locked, wanted[name] != name, name)):
        # Where the singular is another schema's, the plural is right; where nothing is free, it is numbered.
        choices = (wanted[name], class_name(name), f"{class_name(name)}{SUFFIX}")
        free = [choice for choice in choices if not is_taken(choice)]
        result[name] = free[0] if free else unused(choices[-1], is_taken, "")
        modules.add(module_key(result[name]))
    return result


def names_by_rule(document: Node) -> dict[str, str]:
    """Return the name that each schema would have if it were the only one, by its old one."""
    schemas, resources = document["components"].get("schemas", {}), _resources(document)
    return {name: class_name(singular_name(name) if name in resources else name) for name in schemas}


def rename_schemas(document: Node, names: dict[str, str]) -> None:
    """Give the schemas of a document their new names, and have every reference follow."""

    def follow(_kind: Kind, node: Node) -> Node:
        if is_reference(node) and parse(node["$ref"])[0] == "schemas":
            return reference("schemas", names[parse(node["$ref"])[1]])
        return node

    transform(document, follow)
    schemas = document["components"].get("schemas", {})
    if schemas:
        document["components"]["schemas"] = {
            names[name]: schemas[name] for name in sorted(schemas, key=names.__getitem__)
        }


def _resources(document: Node) -> set[str]:
    """Return the schemas that describe a thing of the API: an object with an id, or what an envelope holds."""
    schemas = document["components"].get("schemas", {})
    found = {name for name, schema in schemas.items() if "id" in schema.get("properties", {})}
    for schema in schemas.values():
        data = schema.get("properties", {}).get("data", {})
        for holder in (data, data.get("items", {})):
            if is_reference(holder):
                found.add(parse(holder["$ref"])[1])
    return {name for name in found if not name.endswith(NOT_RESOURCES)}


@cache
def _engine() -> inflect.engine:
    from unittest.mock import patch  # noqa: PLC0415 - a command that only reads pages needs none of this

    import typeguard  # noqa: PLC0415

    # inflect has typeguard rewrite each of its functions when it is imported, which takes two seconds of the three
    # that a run takes. What it is given here is text, so nothing is lost without those checks.
    with patch.object(typeguard, "typechecked", lambda function: function):
        import inflect  # noqa: PLC0415

    return inflect.engine()
