"""A model of the rules that the versions of an environment follow, written a second time and without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import httpx

from ..conftest import ENVIRONMENTS, VERSIONS

MAX_VERSIONS = 5
Action = Literal["deploy", "copy", "delete", "create", "set", "unset"]


@dataclass(frozen=True)
class Step:
    """One thing that is done to an environment.

    Attributes:
        action: what is done.
        place: which version it is done to, counted from the lowest number.
        key: the variable that is set or unset.
        value: what it is set to.
    """

    action: Action
    place: int = 0
    key: str = ""
    value: str = ""


@dataclass(frozen=True)
class Version:
    """A version, by what a reader sees of it; its number is its place."""

    number: int
    status: str
    variables: Mapping[str, str]


Versions = tuple[Version, ...]
NEW: Versions = (Version(1, "Draft", {}),)


def after(versions: Versions, step: Step) -> Versions | None:
    """The versions after a step; `None` where it is refused with 422."""
    if step.action == "create":
        has_draft = any(version.status == "Draft" for version in versions)
        return None if has_draft else with_draft(versions, versions[-1].variables if versions else {})
    at = versions[step.place]
    if step.action == "deploy":
        if at.status != "Draft":
            return None
        retired = tuple(
            replace(version, status="Deployed" if version is at else "Inactive")
            if version is at or version.status == "Deployed"
            else version
            for version in versions
        )
        return with_draft(retired, at.variables)
    if step.action == "copy":
        if at.status == "Draft":
            return None
        if any(version.status == "Draft" for version in versions):
            return tuple(
                replace(version, variables=at.variables) if version.status == "Draft" else version
                for version in versions
            )
        return with_draft(versions, at.variables)
    if step.action == "delete":
        if at.status == "Deployed":
            return None
        return tuple(
            replace(version, number=version.number - (version.number > at.number))
            for version in versions
            if version is not at
        )
    if at.status != "Draft":
        return None
    variables = dict(at.variables)
    if step.action == "unset":
        variables.pop(step.key, None)
    elif step.key in variables:
        return None
    else:
        variables[step.key] = step.value
    return tuple(replace(version, variables=variables) if version is at else version for version in versions)


def with_draft(versions: Versions, variables: Mapping[str, str]) -> Versions:
    """The versions with a new draft, and without the oldest inactive one where they are too many."""
    number = versions[-1].number + 1 if versions else 1
    grown = (*versions, Version(number, "Draft", variables))
    if len(grown) > MAX_VERSIONS:
        oldest = next(version for version in grown if version.status == "Inactive")
        return tuple(version for version in grown if version is not oldest)
    return grown


class Remote:
    """An environment as a client sees it."""

    def __init__(self, http: httpx.Client, environment: int) -> None:
        self.http = http
        self.versions = f"{ENVIRONMENTS}/{environment}/versions"

    def do(self, step: Step) -> int:
        """Carry a step out; gives the status."""
        rows = self._rows()
        if step.action == "create":
            return self.http.post(self.versions, json={}).status_code
        version = rows[step.place]["id"]
        if step.action == "delete":
            return self.http.delete(f"{self.versions}/{version}").status_code
        variables = f"{VERSIONS}/{version}/variables"
        if step.action == "set":
            body = {"type": "string", "key": step.key, "value": step.value}
            return self.http.post(variables, json=body).status_code
        if step.action == "unset":
            found = [row["id"] for row in self._data(variables) if row["key"] == step.key]
            # One that is not there is asked for all the same: the version is looked at first.
            status = self.http.delete(f"{variables}/{found[0] if found else 10**9}").status_code
            if status == 404:
                return 200 if rows[step.place]["status"] == "Draft" else 422
            return status
        return self.http.post(f"{self.versions}/{version}/{step.action}").status_code

    def read(self) -> Versions:
        """What is there."""
        return tuple(
            Version(
                row["version"],
                row["status"],
                {found["key"]: found["value"] for found in self._data(f"{VERSIONS}/{row['id']}/variables")},
            )
            for row in self._rows()
        )

    def _rows(self) -> list[dict[str, object]]:
        return sorted(self._data(self.versions), key=lambda row: row["version"])

    def _data(self, path: str) -> list[dict[str, object]]:
        answer = self.http.get(path, params={"per_page": 100})
        answer.raise_for_status()
        found: list[dict[str, object]] = answer.json()["data"]
        return found
