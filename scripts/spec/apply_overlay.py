"""Apply the corrections of `openapi/overlay.yaml`, an OpenAPI Overlay 1.0; each says why and for which pages.

An action whose pages are not all among the inputs is skipped and counted. One whose target matches nothing is an
error: the documentation has changed, and somebody has to see whether the correction still holds.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import jsonpath

from scripts.openapi.errors import ErrorCollector, PipelineError
from scripts.openapi.escaping import quoted
from scripts.openapi.input_files import read_yaml
from scripts.openapi.json_text import canonical, pointer
from scripts.openapi.operations import PAGES_KEY
from scripts.openapi.references import ReferenceProblem, check_references
from scripts.openapi.structure import is_reference

if TYPE_CHECKING:
    from collections.abc import Sequence, Set as AbstractSet
    from pathlib import Path

    from scripts.openapi.structure import Node
    from scripts.spec.merge_fragments import Merged

TEXTS_KEY = "x-descriptions"
# The grammar of RFC 9535 and nothing besides, so that any other tool reads the overlay alike.
_JSONPATH = jsonpath.JSONPathEnvironment(strict=True)


@dataclass(frozen=True)
class Action:
    """One correction.

    Attributes:
        number: which action of the file it is, counted from 0.
        target: the JSONPath of what is corrected.
        reason: why.
        pages: the pages that must all be there for it to make sense.
        remove: whether the target is taken out.
        update: otherwise, what is merged into it.
        texts: otherwise, what to say of the schemas in it and of their fields, where the pages say nothing. One that
            is not there is passed over: a text is no fact that could have become wrong.
    """

    number: int
    target: str
    reason: str
    pages: frozenset[str]
    remove: bool
    update: Any
    texts: Any = None


@dataclass
class Applied:
    """What became of the actions, by their targets."""

    applied: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    without_effect: list[str] = field(default_factory=list)


def read_overlay(file: Path) -> list[Action]:
    """Return the actions of an overlay file.

    Raises:
        PipelineError: it is no overlay, or an action has no reason, no pages or no change.
    """
    content = read_yaml(file)
    if not isinstance(content, dict) or not str(content.get("overlay", "")).startswith("1.0"):
        raise PipelineError(file.name, "", "#/overlay", "is no OpenAPI Overlay 1.0")
    actions = content.get("actions")
    if not isinstance(actions, list):
        raise PipelineError(file.name, "", "#/actions", "is no list")
    return [_action(file.name, number, action) for number, action in enumerate(actions)]


def apply_corrections(merged: Merged, file: Path, gone: AbstractSet[str] = frozenset()) -> Applied:
    """Apply the corrections in a file to a merged document, in place.

    Args:
        merged: what is documented, and what is kept.
        file: the overlay.
        gone: pages that went, and of which nothing is kept.

    Raises:
        PipelineError: the file is no overlay, a correction matches nothing or needs a page that is gone, or a reference
            leads nowhere afterwards.
    """
    actions = read_overlay(file)
    _refuse_gone_pages(actions, gone, file.name)
    applied = apply_overlay(merged.document, actions, merged.pages, file.name)
    try:
        check_references(merged.document)
    except ReferenceProblem as problem:
        raise PipelineError(file.name, "", pointer(problem.path), f"after the corrections {problem}") from problem
    return applied


def apply_overlay(document: Node, actions: Sequence[Action], pages: AbstractSet[str], name: str) -> Applied:
    """Apply the actions to a document, in place.

    Args:
        document: the merged document.
        actions: in the order in which they apply.
        pages: the pages that the document is made of.
        name: what the file is called, for errors.

    Raises:
        PipelineError: a target matches nothing, or cannot take the change.
    """
    result = Applied()
    for action in actions:
        if not action.pages <= pages:
            result.skipped.append(action.target)
            continue
        where = f"#/actions/{action.number}"
        try:
            matches = list(_JSONPATH.finditer(action.target, document))
        except jsonpath.JSONPathError as error:
            raise PipelineError(name, "", f"{where}/target", f"{action.target} is no JSONPath: {error}") from error
        if not matches:
            message = f"{action.target} matches nothing: has the documentation been corrected? ({action.reason})"
            raise PipelineError(name, "", f"{where}/target", message)
        changed = False
        # From the last to the first, so that removing one list entry does not move those that are still to go.
        for match in reversed(matches):
            if action.remove:
                _remove(
                    document,
                    match.parts,
                    PipelineError(name, "", where, "the whole document cannot be removed"),
                )
                changed = True
            else:
                before = canonical(match.obj)
                if action.texts is not None:
                    _describe(cast("Node", match.obj), action.texts)
                elif not _update(match.obj, action.update):
                    raise PipelineError(name, "", f"{where}/update", f"{action.target} cannot take this update")
                changed = changed or canonical(match.obj) != before
        (result.applied if changed else result.without_effect).append(action.target)
    return result


def _refuse_gone_pages(actions: Sequence[Action], gone: AbstractSet[str], name: str) -> None:
    """Refuse corrections that need a page which is gone: passed over, they would change the types of what stays."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for action in actions:
        # A text is no fact that could be missed.
        for page in action.pages & gone if action.texts is None else ():
            numbers[page].append(action.number)
    errors = ErrorCollector()
    for page, (first, *more) in sorted(numbers.items()):
        with errors.collect():
            others = f" and {len(more)} more" if more else ""
            advice = "give the page's new name in x-pages, or take the corrections out"
            where = f"#/actions/{first}{others}"
            raise PipelineError(name, "", where, f"the page {quoted(page)} is gone: {advice}")
    errors.raise_all()


def _action(name: str, number: int, action: Any) -> Action:
    where = f"#/actions/{number}"
    if not isinstance(action, dict):
        raise PipelineError(name, "", where, "is no action")
    reason, pages = action.get("description"), action.get(PAGES_KEY)
    if not isinstance(action.get("target"), str):
        raise PipelineError(name, "", f"{where}/target", "is missing")
    if not isinstance(reason, str) or not reason.strip():
        raise PipelineError(name, "", f"{where}/description", "is missing: every correction says why")
    if not isinstance(pages, list) or not pages or not all(isinstance(page, str) for page in pages):
        raise PipelineError(name, "", f"{where}/{PAGES_KEY}", "is missing: every correction names its pages")
    remove = action.get("remove", False)
    texts = action.get(TEXTS_KEY)
    if not isinstance(remove, bool) or remove + ("update" in action) + (TEXTS_KEY in action) != 1:
        raise PipelineError(name, "", where, f"needs one of update, remove: true and {TEXTS_KEY}")
    if TEXTS_KEY in action and not _are_texts(texts):
        raise PipelineError(name, "", f"{where}/{TEXTS_KEY}", "needs this and fields for each schema, all of it text")
    return Action(number, action["target"], reason.strip(), frozenset(pages), remove, action.get("update"), texts)


def _are_texts(texts: Any) -> bool:
    return isinstance(texts, dict) and all(
        isinstance(said, dict)
        and said.keys() <= {"this", "fields"}
        and isinstance(said.get("this", ""), str)
        and isinstance(said.get("fields", {}), dict)
        and all(isinstance(text, str) for text in said.get("fields", {}).values())
        for said in texts.values()
    )


def _describe(schemas: Node, texts: Node) -> None:
    """Say what schemas and their fields are, where nothing is said."""
    for name, said in texts.items():
        schema = schemas.get(name)
        if schema is None:
            continue
        schema.setdefault("description", said.get("this", ""))
        for field_name, text in said.get("fields", {}).items():
            held = schema.get("properties", {}).get(field_name)
            # Beside a reference nothing else would be read.
            if held is not None and not is_reference(held):
                held.setdefault("description", text)


def _remove(document: Node, parts: Sequence[str | int], root_error: PipelineError) -> None:
    if not parts:
        raise root_error
    parent: Any = document
    for part in parts[:-1]:
        parent = parent[part]
    del parent[parts[-1]]


def _update(target: Any, update: Any) -> bool:
    """Merge an update into a target; false when they do not fit together."""
    if isinstance(target, list):
        target.append(copy.deepcopy(update))
        return True
    if not isinstance(target, dict) or not isinstance(update, dict):
        return False
    for key, value in update.items():
        present = target.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            _update(present, value)
        elif isinstance(present, list) and isinstance(value, list):
            present.extend(copy.deepcopy(value))
        else:
            target[key] = copy.deepcopy(value)
    return True
