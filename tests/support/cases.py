"""Tables of cases that one test goes through.

A test of its own for each case costs more than what most cases do: it is collected by every worker, reported, and gets
a server and a client made for it alone.
"""

from __future__ import annotations

import functools
import inspect
import reprlib
from collections.abc import Callable, Iterable
from typing import Any

import pytest

_Test = Callable[..., None]
_Parameters = type(pytest.param())


def cases(names: str | tuple[str, ...], rows: Iterable[Any]) -> Callable[[_Test], _Test]:
    """Call a test once for each row of a table, and let it fail with every row that failed.

    The table is written as for `pytest.mark.parametrize`. Fixtures are made once for all rows, so a test first clears
    what it looks at in the end; only what a row patches is undone behind it.

    Args:
        names: the arguments of the test that a row gives.
        rows: a tuple of values each, or the value of the only argument; `pytest.param` gives a row a name.
    """
    names = (names,) if isinstance(names, str) else names
    table = [_row(names, row) for row in rows]
    assert table, "a table without rows tests nothing"

    def decorate(test: _Test) -> _Test:
        assert not inspect.iscoroutinefunction(test), "nothing awaits it"
        signature = inspect.signature(test)
        assert signature.parameters.keys() >= set(names)

        @functools.wraps(test)
        def run(*args: Any, **fixtures: Any) -> None:
            failures = []
            for name, row in table:
                try:
                    with pytest.MonkeyPatch.context() as patched:
                        own = {"monkeypatch": patched} if "monkeypatch" in fixtures else {}
                        test(*args, **fixtures | own, **row)
                except (Exception, pytest.fail.Exception) as error:
                    error.add_note(f"The case: {name or _shown(row)}")
                    failures.append(error)
            if len(failures) == 1:
                raise failures[0]
            if failures:
                raise BaseExceptionGroup(f"{len(failures)} of {len(table)} cases", failures)

        others = [parameter for name, parameter in signature.parameters.items() if name not in names]
        run.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        return run

    return decorate


def _row(names: tuple[str, ...], row: Any) -> tuple[object, dict[str, Any]]:
    """The name of a row, if it has one, and the arguments that it gives."""
    name = None
    if isinstance(row, _Parameters):
        assert not row.marks, "a mark would be one of the whole test"
        name, row = row.id, row.values
    elif len(names) == 1:
        row = (row,)
    return name, dict(zip(names, row, strict=True))


def _shown(row: dict[str, Any]) -> str:
    short = reprlib.Repr()
    short.maxstring = short.maxother = 100
    return ", ".join(f"{name}={short.repr(value)}" for name, value in row.items())
