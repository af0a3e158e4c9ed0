"""A plan as JSON: how it is saved, read again, and refused where it is stale."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import cattrs

from patchworks_core_client import AsyncPatchworks

from .configuration import Wanted
from .entries import Entry, Key, label
from .errors import InputError, StalePlanError
from .escaping import printable
from .plans import EnvironmentPlan, Plan, make_plan, read_wanted
from .required_changes import Change, count_by_action
from .server_state import ReadProgress

FORMAT = "patchworks-plan/1"
MASKED_VALUE = "(secret)"

_converter = cattrs.Converter(forbid_extra_keys=True)


def to_json(plan: Plan, server: str = "") -> dict[str, Any]:
    """Return a plan as JSON, without any secret.

    Args:
        plan: the plan.
        server: the URL of the server that was read.
    """
    total = count_by_action(change for environment in plan.environments for change in environment.changes)
    return {
        "format": FORMAT,
        "server": server,
        "digest": plan.digest,
        "summary": {**total, "environments": len(plan.environments), "empty": plan.is_empty},
        "estimate": {"requests": plan.requests, "seconds": round(plan.seconds, 1)},
        "environments": [_environment(environment) for environment in plan.environments],
        "kept": {name: [label(place) for place in places] for name, places in plan.kept},
        "wanted": [_converter.unstructure(environment.wanted) for environment in plan.environments],
    }


class SavedPlan:
    """A plan that was written to a file.

    Attributes:
        wanted: what each environment is to be.
        digest: a hash of all that was read.
        server: the URL of the server that was read.
    """

    def __init__(self, wanted: tuple[Wanted, ...], digest: str, server: str) -> None:
        self.wanted = wanted
        self.digest = digest
        self.server = server

    @classmethod
    def parse(cls, text: str | bytes, name: str) -> SavedPlan:
        """Read a saved plan.

        Raises:
            InputError: this is none.
        """
        try:
            document = json.loads(text)
            if document["format"] != FORMAT:
                raise ValueError("another format")
            wanted = tuple(_converter.structure(item, Wanted) for item in document["wanted"])
            return cls(wanted, str(document["digest"]), str(document["server"]))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, cattrs.BaseValidationError):
            raise InputError(f"{printable(name)} is no saved plan of this version; make it with `plan --out`") from None

    async def refresh(self, pw: AsyncPatchworks, *, progress: ReadProgress | None = None) -> Plan:
        """Read again what the plan was made from.

        Args:
            pw: the client.
            progress: called after each environment that was read.

        Raises:
            StalePlanError: it has changed since.
        """
        plan = make_plan(self.wanted, await read_wanted(pw, self.wanted, progress))
        if plan.digest != self.digest:
            raise StalePlanError(
                "the plan is stale: what it was made from has changed on the server since; make a new one"
            )
        return plan


def shown_value(entry: Entry | None, name: str) -> str | None:
    """Return a field as it may be shown; `None` where it is empty."""
    if entry is None:
        return None
    if name == "secret":
        return "true" if entry.secret else None
    if name == "value" and entry.secret:
        return MASKED_VALUE
    return entry.fields.get(name)


def shown_fields(change: Change) -> list[tuple[str, str | None, str | None]]:
    """Return the fields of a change with what they are and what they will be."""
    names = change.fields
    for entry in (change.want, change.have) if change.action != "update" else ():
        if entry:
            names = (*entry.fields, *(("secret", "value") if entry.secret else ()))
    shown: list[tuple[str, str | None, str | None]] = []
    for name in names:
        have = shown_value(change.have, name)
        # What becomes a secret is not shown as it was either.
        hides = name == "value" and change.want is not None and change.want.secret and change.have is not None
        shown.append((name, MASKED_VALUE if hides else have, shown_value(change.want, name)))
    return shown


def _environment(plan: EnvironmentPlan) -> dict[str, Any]:
    state = plan.state
    return {
        "name": plan.name,
        "id": state.environment.id if state else None,
        "action": "create" if state is None else "none" if plan.is_empty else "update",
        "protected": plan.wanted.protected,
        "attributes": [{"name": item.name, "from": item.have, "to": item.want} for item in plan.attributes],
        "changes": [_change(change) for change in plan.changes],
        "incomparable": [_place(place) for place in plan.incomparable],
        "edits_of_others": [_state_of(plan, place) for place in plan.edits],
        "not_deployed": [_state_of(plan, place) for place in plan.undeployed],
    }


def _change(change: Change) -> dict[str, Any]:
    fields = [{"name": name, "from": have, "to": want} for name, have, want in shown_fields(change)]
    return {"action": change.action, **_place(change.place), "fields": fields}


def _place(place: Key) -> dict[str, Any]:
    return {"section": place[0], "key": list(place[1:])}


def _state_of(plan: EnvironmentPlan, place: Key) -> dict[str, Any]:
    assert plan.state is not None  # noqa: S101 - what is not there holds no edits
    draft, deployed = (contents or {} for contents in (plan.state.draft, plan.state.deployed))
    return {
        **_place(place),
        "draft": _shown(draft.get(place)),
        "deployed": _shown(deployed.get(place)),
        "file": _shown(plan.wanted.contents.get(place)),
    }


def _shown(entry: Entry | None) -> Mapping[str, str] | None:
    if entry is None:
        return None
    return {**entry.fields, "secret": "true"} if entry.secret else dict(entry.fields)
