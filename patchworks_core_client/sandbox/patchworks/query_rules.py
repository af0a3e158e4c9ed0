"""What the query of each list may ask for, in SQL: its filters, sort orders and includes."""

from __future__ import annotations

from ..laravel.query import QueryRules

# Columns carry their table: `json_each` has columns of its own called key, value and type.
ANY = "EXISTS (SELECT 1 FROM json_each(?) wanted WHERE {})"
VERSION_WITH = "EXISTS (SELECT 1 FROM versions v WHERE v.environment_id = environments.id AND {})"

HAS_LABEL_WITH = "EXISTS (SELECT 1 FROM labels l WHERE l.environment_id = environments.id AND {})"
HAS_DEPLOYED = VERSION_WITH.format("v.status = 'Deployed'")


def partial(column: str) -> str:
    """Return the condition for rows whose text contains one of the values, whatever the case."""
    return ANY.format(f"contains({column}, wanted.value)")


def exact(column: str) -> str:
    """Return the condition for rows whose text is one of the values, whatever the case."""
    return ANY.format(f"same({column}, wanted.value)")


ENVIRONMENTS = QueryRules(
    filters={
        "name": partial("environments.name"),
        "type": exact("environments.type"),
        "status": VERSION_WITH.format(exact("v.status")),
        "hasDeployedVersion": ANY.format(f"truthy(wanted.value) = {HAS_DEPLOYED}"),
        "labelled": HAS_LABEL_WITH.format(exact("l.label_id")),
    },
    includes=frozenset(
        {
            "versions",
            "firstVersion",
            "firstVersion.user",
            "deployments",
            "deployedVersion.variables",
            "deployments.flowVersion",
            "deployments.flowVersion.flow",
            "deployments.enabledBy",
            "deployments.user",
            "deployments.package",
            "packageDeployments.user",
            "packageDeployments.package",
            "labels",
        }
    ),
    sorts={"name": "name"},
)
VERSIONS = QueryRules(includes=frozenset({"virtualEnvironment"}), sorts={"id": "id", "created_at": "created_at"})
FLOW_PRIORITIES = QueryRules(
    includes=frozenset({"virtualEnvironmentVersion", "flow"}),
    sorts={"id": "id", "created_at": "created_at"},
)
MANIFESTS = QueryRules(
    filters={"model_type": exact("manifests.model_type")},
    includes=frozenset({"virtualEnvironmentVersion", "originalModel", "replacementModel"}),
    sorts={"id": "id", "created_at": "created_at"},
)
# A secret's value is never shown, so neither may a filter or the order of the rows tell it.
SHOWN_VALUE = "iif(variables.secret, NULL, variables.value)"
VARIABLES = QueryRules(
    filters={"label": partial("variables.label"), "key": partial("variables.key"), "value": partial(SHOWN_VALUE)},
    sorts={"label": "label", "key": "key", "value": SHOWN_VALUE},
)
