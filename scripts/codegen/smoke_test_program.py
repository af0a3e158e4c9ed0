"""Run in a process of its own: import all of a generated package, resolve its annotations, call every operation.

It reads the operations as JSON from its input and prints, as JSON, what does not work: pairs of pointer, or of the name
of a module or a model, and message.
Nothing leaves the process: a stub answers instead of the API.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import inspect
import json
import logging
import pkgutil
import sys
import types
import typing
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from uuid import UUID

T = typing.TypeVar("T")
JSONObject = dict[str, str]
Fault = tuple[str, str]

_SIMPLE: dict[typing.Any, typing.Any] = {
    bool: True,
    int: 1,
    float: 1.5,
    str: "x",
    bytes: b"x",
    date: date(2026, 1, 2),
    datetime: datetime(2026, 1, 2, tzinfo=UTC),
    UUID: UUID(int=1),
    typing.Any: "x",
}
_OF_THE_CALL = frozenset({"client", "timeout", "headers", "params", "strict", "concurrency", "max_pages", "body"})


def main() -> None:
    """Try the share of this process in the package in a folder: of its modules, its models and its operations."""
    folder, number, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    sys.path.insert(0, folder)
    # Thousands of modules are imported and all of them are kept.
    gc.disable()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    operations: Sequence[JSONObject] = _share(json.load(sys.stdin), number, count)
    faults = [*_modules(number, count), *_models(number, count)]
    faults += [] if faults else [*_calls(operations), *asyncio.run(_async_calls(operations))]
    json.dump(faults, sys.stdout)


def _share(whole: Sequence[T], number: int, count: int) -> Sequence[T]:
    """Return one of `count` parts; neighbours stay together, since they import the same."""
    return whole[len(whole) * number // count : len(whole) * (number + 1) // count]


def _modules(number: int, count: int) -> Iterator[Fault]:
    api = importlib.import_module("patchworks_core_client.generated.api")
    names = [found.name for found in pkgutil.walk_packages(api.__path__, f"{api.__name__}.")]
    for name in _share(names, number, count):
        yield from _tried(name, name, partial(importlib.import_module, name))


def _models(number: int, count: int) -> Iterator[Fault]:
    models = importlib.import_module("patchworks_core_client.models")
    for name in _share(sorted(models.__all__), number, count):
        yield from _tried(name, f"the model {name}", partial(_model, models, name))


def _model(models: types.ModuleType, name: str) -> None:
    model = getattr(models, name)
    if isinstance(model, type):
        typing.get_type_hints(model)
    if hasattr(model, "from_dict"):
        model.from_dict({"no such field": 1}).to_dict()


def _calls(operations: Sequence[JSONObject]) -> Iterator[Fault]:
    httpx, client = _imported("Patchworks")

    with (
        httpx.Client(transport=httpx.MockTransport(_answer)) as stub,
        client(api_key="key", http_client=stub, max_retries=0) as pw,
    ):
        for operation in operations:
            for call in _forms(operation, pw, "sync_detailed"):
                yield from _tried(operation["pointer"], operation["name"], partial(_finished, call))


async def _async_calls(operations: Sequence[JSONObject]) -> list[Fault]:
    httpx, client = _imported("AsyncPatchworks")

    faults: list[Fault] = []
    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(_answer)) as stub,
        client(api_key="key", http_client=stub, max_retries=0) as pw,
    ):
        for operation in operations:
            for call in _forms(operation, pw, "asyncio_detailed"):
                try:
                    await call()
                except Exception as error:
                    faults.append(_fault(operation["pointer"], f"await {operation['name']}", error))
    return faults


def _imported(name: str) -> tuple[typing.Any, typing.Any]:
    """Return the HTTP library and a client, once the package in the folder is the one that is found."""
    return importlib.import_module("httpx"), getattr(importlib.import_module("patchworks_core_client"), name)


def _answer(_request: typing.Any) -> typing.Any:
    return importlib.import_module("httpx").Response(200, json={"data": None})


def _finished(call: Callable[[], typing.Any]) -> None:
    result = call()
    if hasattr(result, "first_page"):
        result.first_page()


def _forms(operation: JSONObject, pw: typing.Any, function: str) -> Iterator[Callable[[], typing.Any]]:
    """Yield the ways in which an operation is called: with all of its arguments, with what it needs, by its module."""
    method = getattr(getattr(pw, operation["namespace"]), operation["method"])
    yield lambda: method(**_arguments(method, everything=True))
    yield lambda: method(**_arguments(method, everything=False))

    def by_module() -> typing.Any:
        module = importlib.import_module(f"patchworks_core_client.generated.api.{operation['module']}")
        detailed = getattr(module, function)
        return detailed(**_arguments(detailed, everything=False), client=pw)

    yield by_module


def _arguments(function: Callable[..., typing.Any], *, everything: bool) -> dict[str, typing.Any]:
    parameters = inspect.signature(function, eval_str=True).parameters.values()
    return {
        parameter.name: _sample(parameter.annotation)
        for parameter in parameters
        if (parameter.default is parameter.empty and parameter.name != "client")
        or (everything and parameter.name not in _OF_THE_CALL)
    }


def _sample(annotation: typing.Any) -> typing.Any:
    """Return some value of a type."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation in _SIMPLE:
        return _SIMPLE[annotation]
    if origin is typing.Literal:
        return arguments[0]
    if origin in {typing.Union, types.UnionType}:
        return _sample(arguments[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {}
    if isinstance(origin, type) and issubclass(origin, Sequence) and origin is not tuple:
        return [_sample(arguments[0])]
    return annotation.from_dict({}) if hasattr(annotation, "from_dict") else b"x"


def _tried(pointer: str, name: str, attempt: Callable[[], object]) -> Iterator[Fault]:
    try:
        attempt()
    except Exception as error:
        yield _fault(pointer, name, error)


def _fault(pointer: str, name: str, error: Exception) -> Fault:
    return pointer, f"{name} does not work: {type(error).__name__}: {error}"


if __name__ == "__main__":
    main()
