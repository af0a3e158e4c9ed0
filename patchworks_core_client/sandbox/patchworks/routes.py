"""The routes: the 27 operations by name, method and path, and the two logins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .endpoints import environments, version_contents, versions

if TYPE_CHECKING:
    from .endpoints.call import Endpoint

ENVIRONMENTS = "/api/v1/virtual-environments"
DEPLOYMENTS = "/api/v1/flow-version-deployments/virtual-environments"
VERSIONS = "/api/v1/virtual-environment-versions/{virtual_environment_version}"
LOGIN = "login"
LOGIN_PATH = "/fabric/api/login"
OLDER_LOGIN_PATH = "/api/v1/login"


@dataclass(frozen=True, slots=True)
class Operation:
    """One documented operation.

    Attributes:
        name: what the SDK calls it: namespace and method.
        method: the HTTP method.
        path: the path as documented.
        endpoint: what it does.
        creates: whether Laravel answers 201.
        takes_body: whether a body is documented.
    """

    name: str
    method: str
    path: str
    endpoint: Endpoint
    creates: bool = False
    takes_body: bool = False


def _environments(
    method: str, tail: str, name: str, endpoint: Endpoint, *, creates: bool = False, takes_body: bool = False
) -> Operation:
    return Operation(f"virtual_environments.{name}", method, ENVIRONMENTS + tail, endpoint, creates, takes_body)


def _contents(
    tail: str, key: str, singular: str, plural: str, of: version_contents.ContentEndpoints
) -> list[Operation]:
    collection, single = f"{VERSIONS}/{tail}", f"{VERSIONS}/{tail}/{{{key}}}"
    space = "virtual_environment_versions"
    return [
        Operation(f"{space}.list_{plural}", "GET", collection, of.list),
        Operation(f"{space}.create_{singular}", "POST", collection, of.create, True, True),
        Operation(f"{space}.update_{singular}", "PUT", single, of.update, False, True),
        Operation(f"{space}.delete_{singular}", "DELETE", single, of.delete),
    ]


ONE = "/{virtual_environment}"
MANY_VERSIONS = f"{ONE}/versions"
ONE_VERSION = f"{MANY_VERSIONS}/{{version}}"

OPERATIONS: tuple[Operation, ...] = (
    Operation("virtual_environments.list_deployed", "GET", DEPLOYMENTS, environments.list_deployed),
    _environments("GET", "", "list", environments.list_all),
    _environments("POST", "", "create", environments.create, creates=True, takes_body=True),
    _environments("GET", ONE, "get", environments.get),
    _environments("PUT", ONE, "update", environments.update, takes_body=True),
    _environments("DELETE", ONE, "delete", environments.delete),
    _environments("POST", f"{ONE}/copy", "copy", environments.copy, creates=True),
    _environments("GET", MANY_VERSIONS, "list_versions", versions.list_all),
    _environments("POST", MANY_VERSIONS, "create_version", versions.create, creates=True, takes_body=True),
    _environments("GET", ONE_VERSION, "get_version", versions.get),
    _environments("PUT", ONE_VERSION, "update_version", versions.update, takes_body=True),
    _environments("DELETE", ONE_VERSION, "delete_version", versions.delete),
    _environments("POST", f"{ONE_VERSION}/copy", "copy_version", versions.copy, creates=True),
    _environments("POST", f"{ONE_VERSION}/deploy", "deploy_version", versions.deploy),
    *_contents(
        "flow-priorities", "flow_priority", "flow_priority", "flow_priorities", version_contents.FLOW_PRIORITIES
    ),
    *_contents("manifests", "manifest", "manifest", "manifests", version_contents.MANIFESTS),
    Operation(
        "virtual_environment_versions.get_manifest",
        "GET",
        f"{VERSIONS}/manifests/{{manifest}}",
        version_contents.MANIFESTS.get,
    ),
    *_contents("variables", "variable", "variable", "variables", version_contents.VARIABLES),
)
OPERATION_NAMES = frozenset(operation.name for operation in OPERATIONS) | {LOGIN}
