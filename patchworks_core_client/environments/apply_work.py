"""The options of an apply, and what it does by them in each environment."""

from __future__ import annotations

import attrs

from .configuration import Wanted
from .entries import Contents, Key
from .entry_differences import differing, incomparable
from .plans import EnvironmentPlan
from .required_changes import Change, required_changes
from .server_state import EnvironmentState

DEFAULT_CONCURRENCY = 4


@attrs.frozen
class ApplyOptions:
    """What an apply may do.

    Attributes:
        deploy: deploy each draft that is then what was wanted.
        prune: delete entries of managed sections that the file does not hold.
        force: delete more than 30 % of the entries of an environment.
        discard_drafts: make a draft with others' edits a copy of the deployed version first.
        include_protected: write to protected environments.
        write_secrets: keys of secret variables that are written again.
        keep_going: go on with other environments after a failure.
        concurrency: how many environments at a time.
    """

    deploy: bool = False
    prune: bool = False
    force: bool = False
    discard_drafts: bool = False
    include_protected: bool = False
    write_secrets: tuple[str, ...] = ()
    keep_going: bool = False
    concurrency: int = DEFAULT_CONCURRENCY


@attrs.frozen
class EnvironmentWork:
    """What is to be done in one environment, by the options.

    Attributes:
        plan: its plan.
        changes: what is written.
        discard: whether the draft is first made a copy of the deployed version.
        deploy: whether it is to be deployed in the end.
        secrets: the places of secrets that are written again.
    """

    plan: EnvironmentPlan
    changes: tuple[Change, ...]
    discard: bool
    deploy: bool
    secrets: tuple[Key, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        plan = self.plan
        writes = plan.state is None or plan.attributes or self.changes or self.discard or self.secrets
        return not writes and not self.deploy

    @property
    def steps(self) -> int:
        """How many steps of progress it takes."""
        state = self.plan.state
        touched = self.changes or self.secrets or self.deploy
        made = state is not None and (self.discard or (state.draft is None and bool(touched)))
        rewritten = {*self.secrets} - {change.place for change in self.changes}
        itself = state is None or bool(self.plan.attributes)
        return itself + made + len(self.changes) + len(rewritten) + self.deploy


def work_for(plan: EnvironmentPlan, options: ApplyOptions) -> EnvironmentWork:
    """Return what an apply with those options does in one environment."""
    state, wanted = plan.state, plan.wanted
    discard = options.discard_drafts and bool(blocking_edits(plan, options))
    never_deployed = state is None or state.deployed is None
    # What a discarded draft holds then is what the deployed version holds.
    contents = plan.contents if state is None or not discard or state.deployed is None else state.deployed
    prune = options.prune or (discard and never_deployed)
    changes = tuple(change for change in required_changes(wanted, contents) if prune or change.action != "delete")
    again = tuple(place for place in incomparable(wanted.contents, contents) if place[1] in options.write_secrets)
    deploy = options.deploy and (bool(changes or again) or _needs_deploy(state, wanted, contents))
    return EnvironmentWork(plan, changes, discard, deploy, again)


def blocking_edits(plan: EnvironmentPlan, options: ApplyOptions) -> tuple[Key, ...]:
    """Return others' edits that stand in the way: those that would be overwritten, or deployed unseen."""
    if plan.edits:
        return plan.edits
    if options.deploy and plan.state is not None:
        return tuple(place for place in plan.undeployed if place[0] not in plan.wanted.sections)
    return ()


def _needs_deploy(state: EnvironmentState | None, wanted: Wanted, contents: Contents) -> bool:
    """Return whether contents that need no change still have to be deployed."""
    if state is None or state.deployed is None:
        return True
    return bool(differing(contents, state.deployed, wanted.sections))
