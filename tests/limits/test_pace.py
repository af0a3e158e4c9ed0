"""The pace of a client: what goes out before the first answer, by what the server says is left, and after a pause."""

from __future__ import annotations

import math

import pytest

from patchworks_core_client._clock import Deadline
from patchworks_core_client._http.generator_flow import DeadlineExceeded, Wait
from patchworks_core_client._limits.budget import ClientBudget
from patchworks_core_client._limits.limiter import Limiter
from patchworks_core_client._limits.queue import AwaitTurn, NoRoom, Waiting
from patchworks_core_client._limits.rate import Rate
from patchworks_core_client._limits.rate_limit_headers import rate_limit
from patchworks_core_client._limits.server_pace import Pace
from patchworks_core_client._session.cancellation import Cancellation


def sent(number: int) -> Pace:
    pace = Pace()
    for _ in range(number):
        pace.sent(0.0)
    return pace


def answer(pace: Pace, sent_at: float, remaining: int | None, limit: int | None = None) -> None:
    pace.ended()
    pace.answered(sent_at, remaining, limit)


def test_before_the_first_answer_ten_are_under_way_for_a_second() -> None:
    assert sent(9).delay(0.5) == (0.0, False)
    assert sent(10).delay(0.25) == (0.75, True)
    assert sent(10).delay(1.0) == (0.0, True)


def test_without_a_header_nothing_is_held_back_after_the_first_answer() -> None:
    pace = sent(10)
    answer(pace, 0.0, None)
    for _ in range(1000):
        assert pace.delay(0.1) == (0.0, False)
        pace.sent(0.1)


def test_what_is_left_caps_what_goes_out() -> None:
    pace = sent(3)
    answer(pace, 0.0, 5)
    # Of the two under way nobody knows whether they are counted.
    assert pace.credit == 3
    for _ in range(3):
        assert pace.delay(0.1) == (0.0, False)
        pace.sent(0.1)
    assert pace.delay(0.1) == (math.inf, True)
    for _ in range(5):
        answer(pace, 0.1, 0)
    assert pace.delay(0.1) == (0.0, False), "one goes out, or none ever would"


def test_after_a_pause_requests_go_out_at_the_rate_that_the_server_took() -> None:
    pace = sent(21)
    for _ in range(20):
        answer(pace, 0.0, None)
    pace.ended()
    pace.refused(0.0, 0.1, 0.9)
    assert pace.delay(0.5) == (pytest.approx(0.5), False)
    assert pace.delay(1.0) == (0.0, False)
    pace.sent(1.0)
    assert pace.delay(1.0)[0] == pytest.approx(1 / 18, rel=0.1)
    assert pace.rate(11.0) == pytest.approx(20)
    assert pace.rate(21.0) == pytest.approx(22)
    assert pace.rate(51.1) is None, "so long without a refusal says that nothing has to be held back"


def test_requests_that_were_under_way_together_are_one_refusal() -> None:
    pace = sent(30)
    for _ in range(10):
        answer(pace, 0.0, None)
    rates = set()
    for _ in range(20):
        pace.ended()
        pace.refused(0.0, 0.1, 0.9)
        rates.add(pace.rate(1.0))
    assert len(rates) == 1


def test_what_others_used_of_the_first_window_does_not_count() -> None:
    pace = sent(1)
    answer(pace, 0.0, 0, 240)
    pace.sent(0.0)
    pace.ended()
    pace.refused(0.0, 0.0, 60.0)
    assert pace.rate(70.0 + 50.0) == pytest.approx(4.0, rel=0.01)


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([(b"X-RateLimit-Remaining", b"7"), (b"x-ratelimit-limit", b" 240 ")], (7, 240)),
        ([(b"x-ratelimit-remaining", b"-1"), (b"x-ratelimit-limit", b"9" * 99)], (None, None)),
        ([(b"content-type", b"text/html"), (b"x-ratelimit-remainder", b"1")], (None, None)),
        ([(b"x-ratelimit-levels", b"7"), (b"x-ratelimit-level", b"7")], (None, None)),
    ],
)
def test_headers_are_believed_as_far_as_they_are_numbers(
    headers: list[tuple[bytes, bytes]], found: tuple[int | None, int | None]
) -> None:
    assert rate_limit(headers) == found


def test_what_the_server_says_is_left_corrects_a_budget_downwards() -> None:
    budget = ClientBudget(Rate(240, 60.0))
    assert budget.answer(None, 0.0, 0.0).wait == 0.0
    budget.observe(10, 0.0)
    assert budget.left(0.0) == 6
    now = 0.0
    for _ in range(8):
        while (wait := budget.answer(None, math.inf, now).wait) > 0:
            now += wait
    assert 30 < now < 61, "what is left has to last until the window ends"


def test_what_the_server_does_not_take_waits_until_the_window_ends() -> None:
    budget = ClientBudget(Rate(240, 60.0))
    budget.observe(0, 1.0)
    assert budget.answer(None, 0.0, 1.0).wait == pytest.approx(61.0)
    budget.observe(2, 1.0)
    assert budget.answer(None, 0.0, 50.0).wait == pytest.approx(12.0)
    assert budget.left(50.0) == 0
    assert budget.answer(None, 0.0, 62.0).wait == 0.0


def test_an_answer_that_was_overtaken_says_nothing_of_the_new_window() -> None:
    budget = ClientBudget(Rate(240, 60.0))
    budget.observe(239, 100.0)
    assert budget.answer(None, 0.0, 100.2).wait == 0.0
    budget.observe(3, 99.9)
    assert budget.answer(None, 0.0, 100.3).wait == 0.0
    assert budget.delay(1, 100.3) == 0.0, "a burst of seven is not used up"


def test_what_the_server_said_long_ago_says_nothing() -> None:
    budget = ClientBudget(Rate(240, 60.0))
    budget.observe(0, 100.0)
    assert budget.answer(None, 0.0, 162.0).wait == 0.0
    assert budget.delay(1, 162.0) == 0.0


def test_a_pause_that_was_over_before_a_call_came_is_none_of_its_own() -> None:
    place = Limiter().place()
    place.meet_pause(100.0, 200.0)
    place.meet_pause(260.0, 200.0)
    place.meet_pause(270.0, 250.0)
    assert place.paused == 70.0


def test_a_place_that_was_called_up_before_anybody_listened_is_not_forgotten() -> None:
    place, woken = Limiter().place(), []
    place.call_up()
    place.when_called(lambda: woken.append(1))
    assert woken == [1]
    place.call_up()
    assert woken == [1, 1]
    place.reset()
    place.when_called(lambda: woken.append(2))
    assert woken == [1, 1]


def test_the_read_ahead_is_what_goes_out_in_two_seconds() -> None:
    assert Limiter().read_ahead() is None
    assert Limiter(ClientBudget(Rate(240, 60.0))).read_ahead() == 7
    assert Limiter(ClientBudget(Rate(1, 60.0))).read_ahead() == 1


def test_a_wait_that_begins_after_its_cancellation_ends_at_once() -> None:
    cancellation, woken = Cancellation(), list[int]()
    cancellation.watch(lambda: woken.append(1))
    cancellation.cancel()
    cancellation.watch(lambda: woken.append(2))
    assert woken == [1, 2]


def test_behind_others_the_longer_of_pause_and_budget_counts() -> None:
    limiter, told = Limiter(ClientBudget(Rate(20, 1.0))), list[Waiting]()
    first, second = limiter.place(), limiter.place()
    list(limiter.admit(first, Deadline(None), told.append))
    limiter.pause(first, 0.0, 50.0, "the 429")
    steps = [limiter.admit(place, Deadline(None), told.append) for place in (first, second)]
    assert [type(next(step)) for step in steps] == [Wait, AwaitTurn]
    for step in steps:
        step.close()
    assert [(waiting.reason, waiting.cause) for waiting in told] == [("pause", "the 429")] * 2
    assert limiter.state().waiting == 0


def test_a_call_whose_time_runs_out_while_it_waits_for_the_budget_says_so() -> None:
    limiter = Limiter(ClientBudget(Rate(1, 60.0)))
    list(limiter.admit(limiter.place(), Deadline(None), lambda _: None))
    steps = limiter.admit(limiter.place(), Deadline(None), lambda _: None)
    assert isinstance(next(steps), Wait)
    with pytest.raises(NoRoom) as caught:
        steps.throw(DeadlineExceeded())
    assert caught.value.waiting.reason == "budget"
    assert limiter.state().waiting == 0


def test_a_call_whose_time_runs_out_while_it_waits_for_the_pace_does_not() -> None:
    limiter = Limiter()
    limiter.pause(limiter.place(), 0.0, 60.0, "the 429")
    steps = limiter.admit(limiter.place(), Deadline(None), lambda _: None)
    assert isinstance(next(steps), Wait)
    with pytest.raises(DeadlineExceeded):
        steps.throw(DeadlineExceeded())
