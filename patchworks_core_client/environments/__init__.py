"""Environments as code: keep virtual environments in a file, see what differs, change them safely.

```python
from patchworks_core_client import AsyncPatchworks
from patchworks_core_client.environments import Configuration, apply, plan

configuration = Configuration.load("patchworks.yaml")
async with AsyncPatchworks() as pw:
    result = await apply(pw, await plan(pw, configuration))
```

Needs the extra `cli`; the command line itself is not imported. Each name is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .api_check import check as check
    from .apply_results import Result as Result
    from .apply_work import ApplyOptions as ApplyOptions
    from .applying import apply as apply
    from .configuration import Configuration as Configuration
    from .deployment import (
        Deployment as Deployment,
        deploy as deploy,
        history as history,
        plan_deploys as plan_deploys,
        plan_rollback as plan_rollback,
        rollback as rollback,
    )
    from .errors import (
        ConfigurationError as ConfigurationError,
        DraftEditedError as DraftEditedError,
        EnvironmentsError as EnvironmentsError,
        InputError as InputError,
        SecretError as SecretError,
        SelectionError as SelectionError,
        StalePlanError as StalePlanError,
    )
    from .exporting import export as export
    from .plans import Plan as Plan, plan as plan
    from .promotion import promote as promote
    from .schema_validation import json_schema as json_schema
    from .server_state import read_states as read_states
else:
    from .._lazy import lazy_exports

    __getattr__, __dir__, __all__ = lazy_exports(
        __name__,
        {
            ".applying": ("apply",),
            ".configuration": ("Configuration",),
            ".api_check": ("check",),
            ".deployment": ("Deployment", "deploy", "history", "plan_deploys", "plan_rollback", "rollback"),
            ".errors": (
                "ConfigurationError",
                "DraftEditedError",
                "EnvironmentsError",
                "InputError",
                "SecretError",
                "SelectionError",
                "StalePlanError",
            ),
            ".exporting": ("export",),
            ".plans": ("Plan", "plan"),
            ".promotion": ("promote",),
            ".server_state": ("read_states",),
            ".apply_results": ("Result",),
            ".apply_work": ("ApplyOptions",),
            ".schema_validation": ("json_schema",),
        },
    )
