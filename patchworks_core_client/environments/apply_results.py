"""The result of an apply, by environment."""

from __future__ import annotations

from typing import Literal

import attrs

Status = Literal["done", "unchanged", "failed", "stopped", "refused", "not started"]


@attrs.define
class EnvironmentResult:
    """The result in one environment.

    Attributes:
        name: its name.
        status: `done`, `unchanged`, `failed`, `stopped`, `refused` or `not started`.
        created, updated, deleted: how many entries were.
        attributes: whether the environment itself was created or changed.
        draft: whether a draft was made, or its draft made a copy of the deployed version.
        discarded: whether edits in its draft were discarded by that.
        deployed: the id of the version that was deployed.
        waiting: how many deletes wait for `prune`.
        error: why it failed or was refused.
    """

    name: str
    status: Status = "not started"
    created: int = 0
    updated: int = 0
    deleted: int = 0
    attributes: bool = False
    draft: bool = False
    discarded: bool = False
    deployed: str | None = None
    waiting: int = 0
    error: Exception | None = None
    uncertain: bool = False

    @property
    def has_written(self) -> bool:
        """Whether anything was written, or may have been."""
        counted = self.created or self.updated or self.deleted or self.attributes or self.draft or self.deployed
        return bool(counted) or self.uncertain


@attrs.define
class Result:
    """The result in each environment, in the plan's order. It is filled while the apply goes on."""

    environments: list[EnvironmentResult] = attrs.field(factory=list[EnvironmentResult])

    @property
    def has_written(self) -> bool:
        """Whether anything was written."""
        return any(environment.has_written for environment in self.environments)

    @property
    def errors(self) -> list[Exception]:
        """What went wrong."""
        return [environment.error for environment in self.environments if environment.error]

    @property
    def is_complete(self) -> bool:
        """Whether all that was to be done was done."""
        return all(environment.status in {"done", "unchanged"} for environment in self.environments)
