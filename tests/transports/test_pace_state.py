"""How fast requests may be sent, as a value: its laws, whatever a service says and whenever it says it."""

from __future__ import annotations

from math import inf
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from puresponse.core.http import HttpResponse, Pairs
from puresponse.transports.layers.budget import Budget, renewed
from puresponse.transports.layers.pace_state import PaceState, answered, over, sent, speed, wait
from puresponse.transports.layers.rate_headers import Allowance, allowances, duration

OK = HttpResponse(status=200)
TOO_MANY = HttpResponse(status=429)
NEW = PaceState()


def refusing(seconds: float | str) -> HttpResponse:
    return HttpResponse(status=429, headers=(("retry-after", str(seconds)),))


def remaining(requests: int, limit: int, reset: str) -> HttpResponse:
    return HttpResponse(
        status=200,
        headers=(
            ("x-ratelimit-limit-requests", str(limit)),
            ("X-RateLimit-Remaining-Requests", str(requests)),
            ("x-ratelimit-reset-requests", reset),
        ),
    )


def asked(state: PaceState, now: float, answer: HttpResponse | None, *, epoch: int | None = None) -> PaceState:
    """The state after a request that is sent and answered at once."""
    state = sent(state, now)
    return over(answered(state, now, state.epoch if epoch is None else epoch, answer))


# What the headers say


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2ms", 0.002),
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("1h2m3.5s", 3723.5),
        ("7m12s", 432.0),
        ("1d", 86400.0),
        (" 0.5 ", 0.5),
        ("60", 60.0),
        ("0s", 0.0),
        ("", None),
        ("s", None),
        ("-1s", None),
        ("1x", None),
        ("nan", None),
        ("2026-11-26T20:00:00Z", None),
        (None, None),
    ],
)
def test_a_duration_is_read_as_it_is_written(text: str | None, seconds: float | None) -> None:
    assert duration(text) == (None if seconds is None else pytest.approx(seconds))


def test_allowances_are_read_of_both_kinds_in_any_case() -> None:
    tokens: Pairs = (("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-limit-tokens", "150000"))
    both = allowances((*remaining(59, 60, "1s").headers, *tokens))
    assert both == (Allowance(59.0, 60.0, 1.0), Allowance(0.0, 150000.0, None))
    assert allowances((("content-type", "text/plain"),)) == (None, None)
    assert allowances((("x-ratelimit-limit-requests", "60"),)) == (None, None)
    assert allowances((("x-ratelimit-remaining-requests", "many"),)) == (None, None)


@given(st.lists(st.tuples(st.sampled_from(["x-ratelimit-remaining-requests", "x-ratelimit-reset-tokens"]), st.text())))
def test_no_header_raises(headers: list[tuple[str, str]]) -> None:
    allowances(tuple(headers))


# Budgets


def test_what_is_used_comes_back_steadily() -> None:
    full = Budget(Allowance(3, 60, 57), at=100.0)
    assert full.ready_at() == 100.0
    assert full.spent().spent().ready_at() == 100.0
    assert full.spent().spent().spent().ready_at() == pytest.approx(101.0)
    assert Budget(Allowance(0, 60, 60), at=100.0).ready_at() == pytest.approx(101.0)


def test_without_a_limit_all_of_it_comes_back_at_once_and_without_a_reset_nothing_is_known() -> None:
    assert Budget(Allowance(0, None, 7), at=100.0).ready_at() == 107.0
    assert Budget(Allowance(0, 60, None), at=100.0).ready_at() == 100.0


def test_what_a_request_costs_in_tokens_is_learned() -> None:
    first = renewed(None, Allowance(1000, 1000, 0), 0.0, 0, costs=True)
    second = renewed(first, Allowance(600, 1000, 24), 1.0, 0, costs=True)
    third = renewed(second, Allowance(400, 1000, 36), 2.0, 0, costs=True)
    assert first is not None
    assert second is not None
    assert third is not None
    assert (first.cost, second.cost, third.cost) == (1.0, 400.0, 350.0)
    assert third.spent().ready_at() == pytest.approx(2.0 + 300 * 36 / 600)
    assert renewed(third, None, 3.0, 0, costs=True) is third


# Laws

Event: TypeAlias = tuple[float, HttpResponse | None]

ANSWERS = st.one_of(
    st.none(),
    st.just(OK),
    st.just(TOO_MANY),
    st.floats(0, 1e6).map(refusing),
    st.sampled_from(["soon", "-1", "1e9"]).map(refusing),
    st.just(HttpResponse(status=503, headers=(("retry-after", "5"),))),
    st.builds(remaining, st.integers(0, 100), st.integers(0, 100), st.sampled_from(["0s", "1ms", "6m0s", "1d", "?"])),
)
EVENTS = st.lists(st.tuples(st.sampled_from([0.0, 0.001, 0.01, 0.1, 1.0, 10.0, 1000.0]), ANSWERS), max_size=40)
STATES = st.builds(
    PaceState,
    rate=st.sampled_from([inf, 1000.0, 8.0, 0.001]),
    concurrency=st.sampled_from([None, 1, 5]),
    heed=st.booleans(),
    longest=st.sampled_from([0.01, 1.0, 120.0]),
)


def lived(state: PaceState, events: list[Event]) -> tuple[PaceState, float, list[float]]:
    """The state after events: for each, after so many seconds, a request that waits as it should, and its answer."""
    now, times = 1000.0, list[float]()
    for passed, answer in events:
        now += passed
        seconds = wait(state, now)
        now += seconds
        times.append(now)
        state = asked(state, now, answer)
    return state, now, times


@given(STATES, EVENTS)
def test_nothing_waits_longer_than_longest_whatever_the_service_says(state: PaceState, events: list[Event]) -> None:
    state, now, _ = lived(state, events)
    unlimited = replace(state, rate=inf, slot=min(state.slot, now + 1 / speed(replace(state, rate=inf), now)))
    assert 0 <= wait(unlimited, now) <= state.longest + 1e-6
    assert speed(replace(state, rate=inf), now) >= 1 / state.longest - 1e-12


@given(STATES, EVENTS)
def test_no_more_is_sent_than_the_rate_allows(state: PaceState, events: list[Event]) -> None:
    state = replace(state, rate=min(state.rate, 1000.0))
    times = lived(state, events)[2]
    for first in range(len(times)):
        for last in range(first, len(times)):
            allowed = state.rate * (times[last] - times[first] + 0.05) + 1
            assert last - first + 1 <= allowed + 1e-3


@given(STATES, EVENTS, st.floats(0.001, 100.0))
def test_after_a_429_nothing_is_sent_before_the_time_it_asks_for(
    state: PaceState, events: list[Event], seconds: float
) -> None:
    state, now, _ = lived(replace(state, heed=True, longest=120.0), events)
    state = sent(state, now)
    held = over(answered(state, now, state.epoch, refusing(f"{seconds:.6f}")))
    assert wait(held, now) >= float(f"{seconds:.6f}") - 1e-6
    assert wait(held, now + 0.9 * seconds) >= 0.09 * seconds


@given(STATES, EVENTS, st.lists(st.floats(0, 100)))
def test_speed_grows_again_without_an_end_while_nothing_is_refused(
    state: PaceState, events: list[Event], passed: list[float]
) -> None:
    state, now, _ = lived(state, events)
    state = asked(state, now + wait(state, now), OK)
    before = speed(state, now)
    for seconds in passed:
        now += seconds
        assert speed(state, now) >= before
        before = speed(state, now)
    assert speed(replace(state, rate=inf), max(now, state.since) + 60) >= 4.9 * min(state.learned, 1e300)


@given(STATES, EVENTS, ANSWERS)
def test_answers_to_requests_of_before_a_429_slow_down_no_further(
    state: PaceState, events: list[Event], late: HttpResponse | None
) -> None:
    state, now, _ = lived(replace(state, heed=True), events)
    state = sent(sent(state, now), now)
    refused = answered(state, now, state.epoch, TOO_MANY)
    after = answered(refused, now, state.epoch, late)
    assert after.learned == refused.learned
    assert after.epoch == refused.epoch
    assert after.out == refused.out


@given(STATES, EVENTS)
def test_what_is_not_heeded_changes_no_pace(state: PaceState, events: list[Event]) -> None:
    state, now, _ = lived(replace(state, heed=False), events)
    assert speed(state, now) == state.rate
    assert (state.held, state.requests, state.tokens) == (-inf, None, None)


@given(STATES, EVENTS)
def test_a_place_is_free_again_once_an_exchange_is_over(state: PaceState, events: list[Event]) -> None:
    state, now, _ = lived(replace(state, concurrency=2), events)
    assert state.under_way == 0
    full = sent(sent(state, now), now)
    assert wait(full, now) == inf
    assert wait(over(full), now) < inf


@settings(max_examples=30)
@given(st.integers(1, 500), st.floats(0.1, 60.0), st.floats(0.01, 60.0))
def test_a_429_slows_down_to_what_was_served(served: int, seconds: float, pause: float) -> None:
    state = NEW
    for number in range(served):
        state = asked(state, 1000.0 + min(0.9, seconds / served) * number, OK)
    now = state.last
    taken = (now - 1000.0) + float(f"{pause:.3f}")
    slowed = asked(state, now, refusing(f"{pause:.3f}"))
    assert speed(slowed, now) == pytest.approx(max(0.95 * served / taken, 1 / 120))


# Cases


def test_without_a_limit_nothing_waits() -> None:
    state = NEW
    for _ in range(1000):
        state = asked(state, 0.0, OK)
    assert wait(state, 0.0) == 0.0


def test_the_allowance_of_a_day_that_is_used_up_is_asked_about_after_longest() -> None:
    state = asked(PaceState(longest=60.0), 5.0, remaining(0, 100, "1d"))
    assert wait(state, 5.0) == 60.0
    state = asked(state, 65.0, None)
    assert wait(state, 65.0) == 60.0


def test_a_rate_slower_than_longest_is_kept() -> None:
    assert wait(sent(PaceState(rate=0.001, longest=60.0), 0.0), 0.0) == pytest.approx(1000.0)


def test_no_request_is_expected_to_cost_more_than_there_is() -> None:
    first = renewed(None, Allowance(1000, 1000, 0), 0.0, 0, costs=True)
    second = renewed(first, Allowance(10, 100, 54), 1.0, 0, costs=True)
    assert second is not None
    assert second.cost == 100.0


def test_a_fixed_rate_spaces_requests_and_lets_a_late_one_delay_none() -> None:
    state = sent(PaceState(rate=10), 0.0)
    assert wait(state, 0.0) == pytest.approx(0.1)
    state = sent(state, 0.13)  # woken late
    assert wait(state, 0.13) == pytest.approx(0.07)
    state = sent(state, 5.0)
    assert wait(state, 5.0) == pytest.approx(0.1)  # nothing is saved up


def test_without_a_hint_pauses_double() -> None:
    state, now = NEW, 0.0
    for pause in (1, 2, 4, 8, 16, 32, 64, 120, 120):
        state = asked(state, now, TOO_MANY)
        assert wait(state, now) == pytest.approx(pause)
        now += pause
    state = asked(state, now, OK)
    now += 200
    assert asked(state, now, TOO_MANY).held - now == pytest.approx(1)


def test_a_quota_that_is_used_up_holds_nothing() -> None:
    used_up = HttpResponse(status=429, body=b'{"error":{"code":"insufficient_quota"}}')
    state = asked(NEW, 0.0, used_up)
    assert (wait(state, 0.0), state.learned, state.epoch) == (0.0, inf, 0)


def test_a_503_holds_as_long_as_it_asks_for_and_slows_nothing_down() -> None:
    state = asked(NEW, 0.0, HttpResponse(status=503, headers=(("retry-after-ms", "2500"),)))
    assert (wait(state, 0.0), state.learned) == (2.5, inf)
    assert wait(asked(NEW, 0.0, HttpResponse(status=503)), 0.0) == 0.0


def test_after_idleness_speed_is_measured_anew() -> None:
    state = asked(asked(NEW, 0.0, OK), 3600.0, OK)
    slowed = asked(state, 3600.0, refusing(1))
    assert speed(slowed, 3600.0) == pytest.approx(0.95)  # one answer in a second, not two in an hour


def test_what_remains_is_spread_at_the_speed_at_which_it_comes_back() -> None:
    state = asked(NEW, 0.0, remaining(2, 60, "58s"))
    times, now = list[float](), 0.0
    for _ in range(5):
        now += wait(state, now)
        times.append(now)
        state = asked(state, now, OK)
    assert times == pytest.approx([0, 0, 1, 2, 3])


def test_after_a_429_one_goes_first_and_then_as_many_as_have_succeeded() -> None:
    state, now = asked(NEW, 0.0, refusing(1)), 1.0
    state = sent(replace(state, learned=1e6), now)
    assert wait(state, now) == pytest.approx(1.0)  # one more for each pause
    state = over(answered(state, now, state.epoch, OK))
    state = sent(replace(state, learned=1e6), now)
    assert wait(state, now) < 1e-5
    state = sent(state, now)
    assert wait(state, now) == pytest.approx(1.0)
