"""The safety rules of an apply: protected environments, mass deletes, edited drafts, and what allows them."""

from __future__ import annotations

from .apply_work import ApplyOptions, EnvironmentWork, blocking_edits
from .errors import DraftEditedError, InputError
from .escaping import quoted
from .required_changes import count_by_action

FEW_ENTRIES = 10
MAX_DELETED_SHARE = 0.3


def broken_rule(work: EnvironmentWork, options: ApplyOptions) -> Exception | None:
    """Return why an environment may not be written to with those options; `None` where it may."""
    plan = work.plan
    edited = blocking_edits(plan, options)
    if work.is_empty and not edited:
        return None
    if plan.wanted.protected and not options.include_protected:
        return InputError(f"{quoted(plan.name)} is protected; writing to it takes --include-protected")
    deleted, held = count_by_action(work.changes)["delete"], len(plan.contents)
    if held >= FEW_ENTRIES and deleted > MAX_DELETED_SHARE * held and not options.force:
        return InputError(
            f"{quoted(plan.name)}: {deleted} of {held} entries would be deleted, more than 30 %; that takes --force"
        )
    if edited and not options.discard_drafts:
        return DraftEditedError(
            f"{quoted(plan.name)}: the draft holds {len(edited)} edits that are in neither the file nor the deployed "
            "version; deploy them, take them into the file, or discard them with --discard-drafts"
        )
    return None
