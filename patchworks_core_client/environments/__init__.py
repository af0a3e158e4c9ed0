"""Environments as code: keep virtual environments in a file, see what differs, change them safely.

    from patchworks_core_client import AsyncPatchworks
    from patchworks_core_client.environments import Configuration, apply, plan

    configuration = Configuration.load("patchworks.yaml")
    async with AsyncPatchworks() as pw:
        result = await apply(pw, await plan(pw, configuration))

Needs the extra `cli`; the command line itself is not imported.
"""

from .applying import apply
from .configuration import Configuration
from .conformance import check
from .deployment import deploy, history, rollback
from .errors import (
    ConfigurationError,
    DraftEditedError,
    EnvironmentsError,
    InputError,
    SecretError,
    SelectionError,
    StalePlanError,
)
from .exporting import export
from .plans import Plan, plan
from .promotion import promote
from .reading import read_states
from .results import Result
from .safety import ApplyOptions
from .schema import json_schema

__all__ = [
    "ApplyOptions",
    "Configuration",
    "ConfigurationError",
    "DraftEditedError",
    "EnvironmentsError",
    "InputError",
    "Plan",
    "Result",
    "SecretError",
    "SelectionError",
    "StalePlanError",
    "apply",
    "check",
    "deploy",
    "export",
    "history",
    "json_schema",
    "plan",
    "promote",
    "read_states",
    "rollback",
]
