"""Make a promotion: the plan that makes environments like another one, apart from what is to stay different."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from patchworks_core_client import AsyncPatchworks

from .configuration import Configuration, Wanted
from .entries import SECTIONS, Contents, Entry, Key, Section, label, order
from .entry_differences import differing
from .errors import EnvironmentsError, SelectionError
from .escaping import quoted
from .plans import EnvironmentPlan, Plan, make_plan
from .server_state import EnvironmentState, ReadProgress, list_environments, read_all, select_environments
from .suggestions import suggestion

SIDES = ("draft", "deployed")


async def promote(
    pw: AsyncPatchworks,
    source: str,
    targets: Sequence[str],
    keep: Sequence[str] = (),
    *,
    progress: ReadProgress | None = None,
) -> Plan:
    """Return the plan that makes the targets like the source.

    Args:
        pw: the client.
        source: an environment, with `@draft` or `@deployed` behind it for one side.
        targets: the environments that are to become like it.
        keep: what stays as it is in the targets: keys of variables, `connector 812`, `flow 12`.
        progress: called after each environment that was read.

    Raises:
        SelectionError: there is no such environment or entry, or the source is one of the targets.
        PatchworksError: the server could not be asked.
    """
    index = await list_environments(pw)
    name, side = split_side(source, [environment.name for environment in index])
    chosen = select_environments(index, [name, *targets])
    if len(chosen) < len(dict.fromkeys(targets)) + 1:
        raise SelectionError(f"{quoted(name)} is the source, and cannot be a target, too")
    states = await read_all(pw, chosen, progress)
    return make_promotion(contents_of(states[0], side), states[1:], keep)


def make_promotion(source: Contents, targets: Sequence[EnvironmentState], keep: Sequence[str]) -> Plan:
    """Return the plan that makes the targets hold what the source holds."""
    kept = _kept([source, *(state.contents for state in targets)], keep)
    wanted = [_wanted(source, state, kept) for state in targets]
    stays = tuple((want.name, differing(source, want.contents)) for want in wanted)
    return attrs.evolve(make_plan(wanted, targets), kept=stays)


def split_side(text: str, names: Iterable[str]) -> tuple[str, str | None]:
    """Return the name and the side of `NAME@draft`; an environment that is called so wins."""
    name, at, side = text.rpartition("@")
    if at and side in SIDES and text not in set(names):
        return name, side
    return text, None


def contents_of(state: EnvironmentState, side: str | None) -> Contents:
    """Return what one side of an environment holds.

    Raises:
        EnvironmentsError: it has no such version.
    """
    if side is None:
        return state.contents
    contents = state.draft if side == "draft" else state.deployed
    if contents is None:
        what = "draft" if side == "draft" else "deployed version"
        raise EnvironmentsError(f"{quoted(state.environment.name)} has no {what}")
    return contents


def protected_by(plan: Plan, configuration: Configuration) -> Plan:
    """Return a plan in which the environments are protected that the file says are."""
    names = {environment.name for environment in configuration.environments if environment.protected}
    names |= {environment.id or "" for environment in configuration.environments if environment.protected}

    def protect(environment: EnvironmentPlan) -> EnvironmentPlan:
        wanted = environment.wanted
        guarded = wanted.name in names or wanted.id in names
        return attrs.evolve(environment, wanted=attrs.evolve(wanted, protected=guarded))

    return attrs.evolve(plan, environments=tuple(protect(environment) for environment in plan.environments))


def _wanted(source: Contents, state: EnvironmentState, kept: Sequence[Key]) -> Wanted:
    held = state.contents
    # The value of a secret cannot be copied, so one that the target lacks is not made up either.
    merged: dict[Key, Entry] = {
        place: entry
        for place, entry in source.items()
        if place not in kept and not (entry.secret and place not in held)
    }
    merged |= {place: held[place] for place in kept if place in held}
    sections: dict[Section, tuple[Entry, ...]] = {
        section: tuple(_without_ids(merged[place]) for place in sorted(merged, key=order) if place[0] == section)
        for section in SECTIONS
    }
    return Wanted(name=state.environment.name, id=state.environment.id, sections=sections)


def _without_ids(entry: Entry) -> Entry:
    # Ids and times are those of the environment that it came from.
    return attrs.evolve(entry, id=None, updated_at=None)


def _kept(contents: Iterable[Contents], keep: Sequence[str]) -> tuple[Key, ...]:
    known = {label(place): place for content in contents for place in content}
    for name in keep:
        if name not in known:
            raise SelectionError(f"--keep {quoted(name)}: neither source nor targets hold it{suggestion(name, known)}")
    return tuple(sorted({known[name] for name in keep}, key=order))
