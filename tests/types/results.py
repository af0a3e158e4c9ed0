"""What the type checkers must conclude; never run, but checked by `test_type_checkers.py` with mypy and pyright.

Every operation of both clients, each field type that users meet, and what must be refused.
"""

from datetime import datetime
from typing import Any, Literal, assert_type

import patchworks_core_client
from patchworks_core_client import (
    AsyncPaginator,
    AsyncPatchworks,
    Model,
    NotGiven,
    Page,
    Paginator,
    Patchworks,
    Response,
    models,
)
from patchworks_core_client.generated.api.virtual_environments import get_virtual_environment, list_virtual_environments
from patchworks_core_client.models import (
    CreateVirtualEnvironmentRequest,
    FlowPriority,
    Manifest,
    MessageResponse,
    Variable,
    VirtualEnvironment,
    VirtualEnvironmentVersion,
)


async def results_of_the_asynchronous_client(pw: AsyncPatchworks) -> None:
    environments = pw.virtual_environments
    assert_type(environments.list(), AsyncPaginator[VirtualEnvironment])
    assert_type(environments.list_deployed(), AsyncPaginator[VirtualEnvironment])
    assert_type(await environments.create(name="UK", labels=[{"id": "1"}]), VirtualEnvironment)
    assert_type(await environments.get(7), VirtualEnvironment)
    assert_type(await environments.update(7, name="UK", labels=[], description=None), VirtualEnvironment)
    assert_type(await environments.delete(7), MessageResponse)
    assert_type(await environments.copy(7), VirtualEnvironment)
    assert_type(environments.list_versions(7), AsyncPaginator[VirtualEnvironmentVersion])
    assert_type(await environments.create_version(7, notes="n"), VirtualEnvironmentVersion)
    assert_type(await environments.get_version(7, "8"), VirtualEnvironmentVersion)
    assert_type(await environments.update_version(7, 8, notes="n"), VirtualEnvironmentVersion)
    assert_type(await environments.delete_version(7, 8), MessageResponse)
    assert_type(await environments.copy_version(7, 8), VirtualEnvironmentVersion)
    assert_type(await environments.deploy_version(7, 8), VirtualEnvironmentVersion)
    versions = pw.virtual_environment_versions
    assert_type(versions.list_flow_priorities(8), AsyncPaginator[FlowPriority])
    assert_type(await versions.create_flow_priority(8, flow_id="1", priority=1), FlowPriority)
    assert_type(await versions.update_flow_priority(8, 9, priority=2), FlowPriority)
    assert_type(await versions.delete_flow_priority(8, 9), MessageResponse)
    assert_type(versions.list_manifests(8), AsyncPaginator[Manifest])
    assert_type(
        await versions.create_manifest(8, model_type="t", original_model_id="1", replacement_model_id="2"), Manifest
    )
    assert_type(await versions.get_manifest(8, 9), Manifest)
    assert_type(await versions.update_manifest(8, 9, model_type="t"), Manifest)
    assert_type(await versions.delete_manifest(8, 9), MessageResponse)
    assert_type(versions.list_variables(8), AsyncPaginator[Variable])
    assert_type(await versions.create_variable(8, type="string", key="k", value="v", fallback=None), Variable)
    assert_type(await versions.update_variable(8, 9, value="v"), Variable)
    assert_type(await versions.delete_variable(8, 9), MessageResponse)


def results_of_the_synchronous_client(pw: Patchworks) -> None:
    environments = pw.virtual_environments
    assert_type(environments.list(), Paginator[VirtualEnvironment])
    assert_type(environments.list_deployed(), Paginator[VirtualEnvironment])
    assert_type(environments.create(name="UK", labels=[{"id": "1"}]), VirtualEnvironment)
    assert_type(environments.get(7), VirtualEnvironment)
    assert_type(environments.update(7, name="UK", labels=[], description=None), VirtualEnvironment)
    assert_type(environments.delete(7), MessageResponse)
    assert_type(environments.copy(7), VirtualEnvironment)
    assert_type(environments.list_versions(7), Paginator[VirtualEnvironmentVersion])
    assert_type(environments.create_version(7, notes="n"), VirtualEnvironmentVersion)
    assert_type(environments.get_version(7, "8"), VirtualEnvironmentVersion)
    assert_type(environments.update_version(7, 8, notes="n"), VirtualEnvironmentVersion)
    assert_type(environments.delete_version(7, 8), MessageResponse)
    assert_type(environments.copy_version(7, 8), VirtualEnvironmentVersion)
    assert_type(environments.deploy_version(7, 8), VirtualEnvironmentVersion)
    versions = pw.virtual_environment_versions
    assert_type(versions.list_flow_priorities(8), Paginator[FlowPriority])
    assert_type(versions.create_flow_priority(8, flow_id="1", priority=1), FlowPriority)
    assert_type(versions.update_flow_priority(8, 9, priority=2), FlowPriority)
    assert_type(versions.delete_flow_priority(8, 9), MessageResponse)
    assert_type(versions.list_manifests(8), Paginator[Manifest])
    assert_type(versions.create_manifest(8, model_type="t", original_model_id="1", replacement_model_id="2"), Manifest)
    assert_type(versions.get_manifest(8, 9), Manifest)
    assert_type(versions.update_manifest(8, 9, model_type="t"), Manifest)
    assert_type(versions.delete_manifest(8, 9), MessageResponse)
    assert_type(versions.list_variables(8), Paginator[Variable])
    assert_type(versions.create_variable(8, type="string", key="k", value="v", fallback=None), Variable)
    assert_type(versions.update_variable(8, 9, value="v"), Variable)
    assert_type(versions.delete_variable(8, 9), MessageResponse)


async def pages(pw: AsyncPatchworks, sync: Patchworks) -> None:
    assert_type(await pw.virtual_environments.list(), Page[VirtualEnvironment])
    assert_type(await pw.virtual_environments.list().collect(), list[VirtualEnvironment])
    async for item in pw.virtual_environments.list():
        assert_type(item, VirtualEnvironment)
    async for page in pw.virtual_environments.list().pages():
        assert_type(page, Page[VirtualEnvironment])
        assert_type(page.items, list[VirtualEnvironment])
        assert_type(page.total, int | None)
    for item in sync.virtual_environments.list():
        assert_type(item, VirtualEnvironment)
    assert_type(sync.virtual_environments.list().first_page(), Page[VirtualEnvironment])


async def endpoint_modules(pw: AsyncPatchworks, sync: Patchworks) -> None:
    assert_type(await get_virtual_environment.asyncio(7, client=pw), VirtualEnvironment)
    assert_type(await get_virtual_environment.asyncio_detailed(7, client=pw), Response[VirtualEnvironment])
    assert_type(get_virtual_environment.sync(7, client=sync), VirtualEnvironment)
    assert_type(list_virtual_environments.sync_detailed(client=sync), Response[Page[VirtualEnvironment]])


async def undocumented(pw: AsyncPatchworks, sync: Patchworks) -> None:
    assert_type(await pw.request("GET", "/api/v1/flows"), Any)
    assert_type(pw.paginate("/api/v1/flows"), AsyncPaginator[dict[str, Any]])
    assert_type(sync.request("GET", "/api/v1/flows"), Any)
    assert_type(sync.paginate("/api/v1/flows"), Paginator[dict[str, Any]])


async def ids_of_models(pw: AsyncPatchworks, environment: VirtualEnvironment) -> None:
    assert_type(await pw.virtual_environments.get(environment.id), VirtualEnvironment)


def fields(environment: VirtualEnvironment, version: VirtualEnvironmentVersion, variable: Variable) -> None:
    assert_type(environment.name, str | None)
    assert_type(environment.updated_at, datetime | None)
    assert_type(environment.versions, list[VirtualEnvironmentVersion] | None)
    assert_type(environment.deployed_version, VirtualEnvironmentVersion | None)
    assert_type(version.status, Literal["Draft", "Inactive", "Deployed"] | None)
    assert_type(version.deployed_at, datetime | None)
    assert_type(version.virtual_environment, VirtualEnvironment | None)
    assert_type(version.manifests, list[Manifest] | None)
    assert_type(variable.value, str | None)
    assert_type(VirtualEnvironment.from_dict({}), VirtualEnvironment)
    assert_type(environment.evolve(name="x"), VirtualEnvironment)
    assert_type(CreateVirtualEnvironmentRequest(name="x", labels=[]).name, str | NotGiven | None)


async def refused(pw: AsyncPatchworks, environment: VirtualEnvironment) -> None:
    # With `warn_unused_ignores` a checker that no longer refuses one of these is an error, too.
    await pw.virtual_environments.get(1.5)  # type: ignore[arg-type]
    await pw.virtual_environments.create(nmae="x")  # type: ignore[call-arg]
    pw.virtual_environments.list(include="no such relation")  # type: ignore[arg-type]
    pw.virtual_environments.list(sort="nmae")  # type: ignore[arg-type]
    environment.name = "x"  # type: ignore[misc]
    CreateVirtualEnvironmentRequest(nmae="x")  # type: ignore[call-arg]
    print(models.NoSuchModel)  # type: ignore[attr-defined]
    print(patchworks_core_client.NoSuchName)  # type: ignore[attr-defined]


async def export(paginator: AsyncPaginator[Model]) -> list[dict[str, object]]:
    """A helper for a list of any models."""
    return [item.to_dict() async for item in paginator]


def export_page(page: Page[Model], paginator: Paginator[Model]) -> list[dict[str, object]]:
    """The same for a page, and without asyncio."""
    return [item.to_dict() for item in [*page, *paginator]]


async def any_list_of_models(pw: AsyncPatchworks, sync: Patchworks) -> None:
    """A list of a certain model is a list of models."""
    await export(pw.virtual_environments.list())
    export_page(await pw.virtual_environments.list(), sync.virtual_environments.list_versions(1))
