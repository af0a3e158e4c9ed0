"""Preview what regenerating would give, even where it would stop: a correction that no longer fits is only noted."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from scripts.openapi.errors import PipelineError
from scripts.openapi.project_paths import LOCK, OVERLAY
from scripts.openapi.structure import Node
from scripts.pipeline import documented
from scripts.regeneration.sources import sources
from scripts.release.markdown import code
from scripts.spec.apply_overlay import apply_overlay, read_overlay
from scripts.spec.apply_rules import apply_rules
from scripts.spec.assign_names import assign_names
from scripts.spec.finish_document import finished
from scripts.spec.merge_fragments import Merged
from scripts.spec.naming.locked_names import read_lock


class Preview(NamedTuple):
    """What would come.

    Attributes:
        document: the prepared document; that of the pages alone, without names, where they stand in the way.
        unmatched: the corrections that match nothing, or change nothing, as Markdown.
        problem: what else stands in the way.
    """

    document: Node
    unmatched: list[str]
    problem: str


def preview(checkout: Path, pages: Path | None = None) -> Preview:
    """Return what regenerating a checkout would give.

    Args:
        checkout: the root of the project.
        pages: a folder of pages, which would replace those of the same name.

    Raises:
        PipelineError: the pages do not even make one document.
    """
    start = sources(checkout, pages)
    merged, *_ = documented(start.fragments, checkout, start.before)
    unmatched = [*_unmatched(merged, checkout)]
    try:
        apply_rules(merged)
        assign_names(merged, read_lock(checkout / LOCK))
    except PipelineError as error:
        return Preview(merged.document, unmatched, str(error))
    return Preview(finished(merged.document), unmatched, "")


def _unmatched(merged: Merged, checkout: Path) -> list[str]:
    found: list[str] = []
    for action in read_overlay(checkout / OVERLAY):
        try:
            applied = apply_overlay(merged.document, [action], merged.pages, str(OVERLAY))
            fault = "changes nothing any more" if applied.without_effect else ""
        except PipelineError:
            fault = "matches nothing"
        if fault:
            found.append(f"{code(action.target, 300)} {fault}: {code(action.reason, 300)}")
    return found
