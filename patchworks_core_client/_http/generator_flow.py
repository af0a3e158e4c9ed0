"""Flows: generators that yield what is to be done next and are sent what came of it; and what drives them.

A flow decides, and neither sends nor waits, so that it is written once. A driver performs its steps one after the
other, with `await` or without. Both a login and a whole call are flows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

S = TypeVar("S")
R = TypeVar("R")


class Wait:
    """Step: wait."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class DeadlineExceeded(Exception):
    """Raised in a flow at the step during which its time ran out; the flow raises an error that says more."""


def drive(flow: Generator[S, object, R], perform: Callable[[S], object]) -> R:
    """Perform the steps of `flow`, and return what it returns. An error of a step is raised where it was yielded."""
    try:
        step = next(flow)
        while True:
            try:
                result = perform(step)
            except Exception as error:
                step = flow.throw(error)
            else:
                step = flow.send(result)
    except StopIteration as end:
        returned: R = end.value
        return returned


async def drive_async(flow: Generator[S, object, R], perform: Callable[[S], Awaitable[object]]) -> R:
    """As `drive`, with steps that are awaited."""
    try:
        step = next(flow)
        while True:
            try:
                result = await perform(step)
            except Exception as error:
                step = flow.throw(error)
            else:
                step = flow.send(result)
    except StopIteration as end:
        returned: R = end.value
        return returned
