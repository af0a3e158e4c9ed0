"""Helpers as users write them; never run, but checked by `test_type_checkers.py` with mypy, pyright, ty and pyrefly.

They hold on to a protocol or to a public name of `types`, and a test puts something else in the place of a namespace.
"""

from typing import Protocol, assert_type

from patchworks_core_client import AsyncPaginator, AsyncPatchworks, Page, Patchworks, Response
from patchworks_core_client.generated.api.virtual_environments import get_virtual_environment, list_virtual_environments
from patchworks_core_client.models import VirtualEnvironment
from patchworks_core_client.types import (
    AsyncVirtualEnvironmentsApi,
    File,
    Filter,
    FilterValue,
    Id,
    NotGiven,
    OneOrMore,
    Timeout,
    VirtualEnvironmentsApi,
)


class HasEnvironments(Protocol):
    """What a program asks for that only needs the environments."""

    @property
    def virtual_environments(self) -> VirtualEnvironmentsApi: ...


class HasEnvironmentsAsync(Protocol):
    """The same of an asynchronous program."""

    @property
    def virtual_environments(self) -> AsyncVirtualEnvironmentsApi: ...


def first(pw: HasEnvironments, environment: Id, named: Filter, timeout: Timeout) -> VirtualEnvironment:
    return pw.virtual_environments.get(environment, filter_name=named, timeout=timeout)


async def first_async(pw: HasEnvironmentsAsync, environment: Id, timeout: Timeout | NotGiven) -> VirtualEnvironment:
    return await pw.virtual_environments.get(environment, timeout=timeout)


def listed(environments: AsyncVirtualEnvironmentsApi, value: FilterValue) -> AsyncPaginator[VirtualEnvironment]:
    return environments.list(filter_name=value)


def content(file: File, names: OneOrMore[str]) -> bytes:
    return file if isinstance(file, bytes) else file[1]


async def with_clients(pw: Patchworks, pw_async: AsyncPatchworks) -> None:
    assert_type(first(pw, 7, ["a", "b"], 5.0), VirtualEnvironment)
    assert_type(await first_async(pw_async, "7", None), VirtualEnvironment)
    assert_type(listed(pw_async.virtual_environments, True), AsyncPaginator[VirtualEnvironment])


def replaced(pw: Patchworks, fake: VirtualEnvironmentsApi) -> None:
    pw.virtual_environments = fake
    assert_type(first(pw, 7, None, None), VirtualEnvironment)


async def endpoints(pw: Patchworks, pw_async: AsyncPatchworks) -> None:
    assert_type(get_virtual_environment.sync(7, client=pw), VirtualEnvironment)
    assert_type(await get_virtual_environment.asyncio(7, client=pw_async), VirtualEnvironment)
    assert_type(list_virtual_environments.sync_detailed(client=pw), Response[Page[VirtualEnvironment]])
