"""The 27 operations by name, method and path, and the two forms of the login."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import endpoints as do

if TYPE_CHECKING:
    from .endpoints import Endpoint

ENVIRONMENTS = "/api/v1/virtual-environments"
DEPLOYMENTS = "/api/v1/flow-version-deployments/virtual-environments"
VERSIONS = "/api/v1/virtual-environment-versions/{virtual_environment_version}"
LOGIN = "login"
LOGIN_PATH = "/fabric/api/login"
OLDER_LOGIN_PATH = "/api/v1/login"


@dataclass(frozen=True, slots=True)
class SandboxOperation:
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
) -> SandboxOperation:
    return SandboxOperation(f"virtual_environments.{name}", method, ENVIRONMENTS + tail, endpoint, creates, takes_body)


def _contents(tail: str, key: str, singular: str, plural: str, of: do.Content) -> list[SandboxOperation]:
    collection, single = f"{VERSIONS}/{tail}", f"{VERSIONS}/{tail}/{{{key}}}"
    space = "virtual_environment_versions"
    return [
        SandboxOperation(f"{space}.list_{plural}", "GET", collection, of.list),
        SandboxOperation(f"{space}.create_{singular}", "POST", collection, of.create, True, True),
        SandboxOperation(f"{space}.update_{singular}", "PUT", single, of.update, False, True),
        SandboxOperation(f"{space}.delete_{singular}", "DELETE", single, of.delete),
    ]


ONE = "/{virtual_environment}"
MANY_VERSIONS = f"{ONE}/versions"
ONE_VERSION = f"{MANY_VERSIONS}/{{version}}"

OPERATIONS: tuple[SandboxOperation, ...] = (
    SandboxOperation("virtual_environments.list_deployed", "GET", DEPLOYMENTS, do.list_deployed_environments),
    _environments("GET", "", "list", do.list_environments),
    _environments("POST", "", "create", do.create_environment, creates=True, takes_body=True),
    _environments("GET", ONE, "get", do.get_environment),
    _environments("PUT", ONE, "update", do.update_environment, takes_body=True),
    _environments("DELETE", ONE, "delete", do.delete_environment),
    _environments("POST", f"{ONE}/copy", "copy", do.copy_environment, creates=True),
    _environments("GET", MANY_VERSIONS, "list_versions", do.list_versions),
    _environments("POST", MANY_VERSIONS, "create_version", do.create_version, creates=True, takes_body=True),
    _environments("GET", ONE_VERSION, "get_version", do.get_version),
    _environments("PUT", ONE_VERSION, "update_version", do.update_version, takes_body=True),
    _environments("DELETE", ONE_VERSION, "delete_version", do.delete_version),
    _environments("POST", f"{ONE_VERSION}/copy", "copy_version", do.copy_version, creates=True),
    _environments("POST", f"{ONE_VERSION}/deploy", "deploy_version", do.deploy_version),
    *_contents("flow-priorities", "flow_priority", "flow_priority", "flow_priorities", do.FLOW_PRIORITIES),
    *_contents("manifests", "manifest", "manifest", "manifests", do.MANIFESTS),
    SandboxOperation(
        "virtual_environment_versions.get_manifest",
        "GET",
        f"{VERSIONS}/manifests/{{manifest}}",
        do.MANIFESTS.get,
    ),
    *_contents("variables", "variable", "variable", "variables", do.VARIABLES),
)
NAMES = frozenset(operation.name for operation in OPERATIONS) | {LOGIN}
