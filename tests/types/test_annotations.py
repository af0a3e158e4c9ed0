"""The annotations of everything public can be resolved at run time, and tools see the methods of namespaces."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol
from unittest.mock import AsyncMock, create_autospec

import pytest
from pydantic import PydanticSchemaGenerationError, ValidationError, validate_call

import patchworks_core_client
from patchworks_core_client import AsyncPatchworks, Page, Patchworks, Response, environments, models, sandbox, types
from patchworks_core_client._lazy import LazyClass
from patchworks_core_client.generated import api
from tests.support.cases import cases

CLIENTS = [AsyncPatchworks, Patchworks]
FUNCTIONS = ("sync", "asyncio", "sync_detailed", "asyncio_detailed")
NAMESPACES = [getattr(types, name) for name in types.__all__ if name.endswith("Api")]


def methods(cls: type) -> Iterator[Callable[..., Any]]:
    for name, member in inspect.getmembers(cls, inspect.isfunction):
        if not name.startswith("_") or name == "__init__":
            yield member


def properties(cls: type) -> Iterator[Callable[..., Any]]:
    for name, member in inspect.getmembers(cls, lambda member: isinstance(member, property)):
        if not name.startswith("_"):
            yield member.fget


def functions() -> Iterator[Callable[..., Any]]:
    """Every public method and property, and every function of the endpoint modules."""
    public = [
        getattr(module, name) for module in (patchworks_core_client, environments, sandbox) for name in module.__all__
    ]
    for thing in [*public, *NAMESPACES]:
        if isinstance(thing, type):
            yield from methods(thing)
            yield from properties(thing)
        elif inspect.isfunction(thing):
            yield thing
    for package in api.__path__:
        for tag in iter_modules([package]):
            folder = import_module(f"{api.__name__}.{tag.name}")
            for module in iter_modules(getattr(folder, "__path__", [])):
                if not module.name.startswith("_"):
                    loaded = import_module(f"{folder.__name__}.{module.name}")
                    yield from (
                        getattr(loaded, name) for name in ("sync", "asyncio", "sync_detailed", "asyncio_detailed")
                    )


@cases("function", [pytest.param(each, id=each.__qualname__) for each in functions()])
def test_annotations_resolve(function: Callable[..., Any]) -> None:
    assert not any(isinstance(hint, LazyClass) for hint in typing.get_type_hints(function).values())
    signature = inspect.signature(function, eval_str=True)
    annotations = [signature.return_annotation, *(each.annotation for each in signature.parameters.values())]
    assert not any(isinstance(annotation, str | LazyClass) for annotation in annotations)


@cases("cls", [*CLIENTS, Response, Page])
def test_annotations_of_attributes_resolve(cls: type) -> None:
    assert typing.get_type_hints(cls)


def test_a_class_that_is_imported_late_can_be_filled_in_and_be_one_of_several() -> None:
    late = LazyClass("patchworks_core_client._pagination.page", "Page")
    assert late[int] == Page[int]
    assert (late | None) == (Page | None)


def test_the_short_functions_of_an_endpoint_promise_what_they_give() -> None:
    module = import_module(f"{api.__name__}.virtual_environments.get_virtual_environment")
    for function in (module.sync, module.asyncio):
        assert inspect.signature(function).return_annotation is models.VirtualEnvironment
        assert typing.get_type_hints(function)["return"] is models.VirtualEnvironment
        assert function.__doc__
    assert inspect.iscoroutinefunction(module.asyncio)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_mock_made_of_a_client_has_every_method(client: type) -> None:
    mock = create_autospec(client, instance=True)
    for attribute in ("virtual_environments", "virtual_environment_versions"):
        real = type(getattr(client(api_key="k"), attribute))
        for method in methods(real):
            if method.__name__ != "__init__":
                assert callable(getattr(getattr(mock, attribute), method.__name__))
    with pytest.raises(TypeError, match="unexpected keyword"):
        mock.virtual_environments.get(7, nope=1)
    with pytest.raises(AttributeError):
        mock.virtual_environments.nope()


def test_the_mock_of_an_asynchronous_method_is_awaited() -> None:
    mock = create_autospec(AsyncPatchworks, instance=True)
    assert isinstance(mock.virtual_environments.get, AsyncMock)


class HasEnvironments(Protocol):
    """What a program that only needs the environments asks for."""

    @property
    def virtual_environments(self) -> types.VirtualEnvironmentsApi: ...


def rename(pw: HasEnvironments) -> str | None:
    return pw.virtual_environments.get(7).name


def test_a_namespace_can_be_replaced_on_an_instance() -> None:
    pw = Patchworks(api_key="k")
    fake = create_autospec(types.VirtualEnvironmentsApi, instance=True)
    fake.get.return_value = models.VirtualEnvironment(name="fake")
    pw.virtual_environments = fake
    assert rename(pw) == "fake"
    assert Patchworks(api_key="k").virtual_environments is not fake


def test_pydantic_checks_the_arguments_of_a_method() -> None:
    pw = create_autospec(Patchworks, instance=True)
    # Of `httpx.Timeout` pydantic knows nothing, and says so unless it is told to take such values as they are.
    get = validate_call(config={"arbitrary_types_allowed": True})(types.VirtualEnvironmentsApi.get)
    with pytest.raises(ValidationError, match="page"):
        get(pw.virtual_environments, 7, page="many")
    with pytest.raises(PydanticSchemaGenerationError, match=r"httpx\.Timeout"):
        validate_call(types.VirtualEnvironmentsApi.get)
