"""The order of the steps from fragments to one finished OpenAPI document."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.openapi.package_version import package_version
from scripts.openapi.project_paths import LOCK, OVERLAY, RETIRED
from scripts.spec.apply_overlay import Applied, apply_corrections
from scripts.spec.apply_rules import apply_rules
from scripts.spec.assign_names import assign_names
from scripts.spec.finish_document import finished
from scripts.spec.merge_fragments import Merged, merge, merged_before
from scripts.spec.naming.locked_names import read_lock
from scripts.spec.naming.operations import Names
from scripts.spec.retired_parts import Retired, describe_retired, graft, read_retired, update_retired
from scripts.spec.validate_document import validate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scripts.openapi.structure import Node
    from scripts.spec.extract_fragments import Fragment


@dataclass
class Built:
    """A finished document, and what happened on the way to it.

    Attributes:
        document: the document.
        merged: the same with where each of its parts was published.
        retired: what is in it although it is no longer documented.
        applied: what became of the corrections.
        repairs: how often each rule changed something.
        names: what became of the names.
    """

    document: Node
    merged: Merged
    retired: Retired
    applied: Applied
    repairs: Counter[str]
    names: Names


def build(
    fragments: Iterable[Fragment], checkout: Path, before: Iterable[Fragment] = (), *, only_of_these_pages: bool = False
) -> Built:
    """Build one finished document of some fragments, with the overlay, the lock and the retired parts of a checkout.

    Args:
        fragments: what is documented.
        checkout: the root of the project.
        before: what was documented last; what went since is kept for a while.
        only_of_these_pages: leave out what is kept of other pages than those of the fragments.

    Raises:
        PipelineError: the documentation, or a file of the checkout, cannot be used.
    """
    merged, retired, gone = documented(fragments, checkout, before, only_of_these_pages=only_of_these_pages)
    applied = apply_corrections(merged, checkout / OVERLAY, gone)
    describe_retired(merged.document["components"].get("schemas", {}))
    repairs = apply_rules(merged)
    names = assign_names(merged, read_lock(checkout / LOCK))
    document = finished(merged.document)
    validate(document, merged)
    repairs["shared_enumeration"] = names.enumerations
    return Built(document, merged, retired, applied, +repairs, names)


def documented(
    fragments: Iterable[Fragment], checkout: Path, before: Iterable[Fragment] = (), *, only_of_these_pages: bool = False
) -> tuple[Merged, Retired, set[str]]:
    """Return what is documented or kept, what of it is kept, and the pages that went and of which nothing is.

    Arguments as in `build`.
    """
    kept = read_retired(checkout / RETIRED)
    merged, last = merge(fragments), merged_before(before)
    retired = update_retired(kept, last, merged, lambda: package_version(checkout))
    graft(merged, retired, only_of_these_pages=only_of_these_pages)
    went = (last.pages if last else set()).union(*(entry.pages for entry in kept.values()))
    return merged, retired, set() if only_of_these_pages else went - merged.pages
