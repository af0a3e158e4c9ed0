"""Edits in a draft: those that somebody else made, and what is not deployed yet."""

from __future__ import annotations

from .configuration import Wanted
from .entries import Key, order
from .entry_differences import differing, same
from .server_state import EnvironmentState


def edits_of_others(wanted: Wanted, state: EnvironmentState) -> tuple[Key, ...]:
    """Return what the draft holds that is in neither the file nor the deployed version; absence is a state, too.

    Only sections that the file manages are looked at: nothing is written to others.
    """
    if state.draft is None:
        return ()
    wants, deployed = wanted.contents, state.deployed or {}
    places = {place for place in (*wants, *state.draft, *deployed) if place[0] in wanted.sections}
    return tuple(
        place
        for place in sorted(places, key=order)
        if not same(state.draft.get(place), wants.get(place)) and not same(state.draft.get(place), deployed.get(place))
    )


def undeployed(state: EnvironmentState) -> tuple[Key, ...]:
    """Return where the draft differs from the deployed version; nothing where either is missing."""
    if state.draft is None or state.deployed is None:
        return ()
    return differing(state.draft, state.deployed)
