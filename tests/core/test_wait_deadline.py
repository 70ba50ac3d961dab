"""A deadline is one: a wait ends by it and its last poll, whatever the server, the network or `retrying` do."""

from collections.abc import Callable
from itertools import pairwise, takewhile
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from returns.result import Failure, Result, Success
from stubs import SlowNetwork

from puresponse.codecs import Response
from puresponse.core import (
    ApiError,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NotSent,
    Operation,
    Pairs,
    RetryPolicy,
    Stream,
    WaitExpired,
    WaitPolicy,
    cancel_and_wait,
    collect,
    delay,
    is_failure,
    retrying,
    wait_for_response,
    watch_response,
)
from puresponse.core.delays import LEAST_DELAY
from puresponse.transports import VirtualClock, run
from puresponse.transports.testing.stub import json_response

T = TypeVar("T")

HAIR = 1e-6
POLICY = WaitPolicy(deadline=60.0, initial_delay=1.0, factor=2.0, max_delay=8.0, jitter=0.0, grace=0.0)
"""Polls at 0, 1, 3, 7, 15, 23, … seconds."""


def saw(status: str, *headers: tuple[str, str]) -> HttpResponse:
    body: dict[str, object] = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": "m",
        "output": [],
        "status": status,
    }
    return json_response(body, headers=headers)


RUNS = saw("in_progress")
GONE = json_response({"error": {"message": "Response with id 'resp_1' not found."}}, status=404)
BUSY = HttpResponse(status=503)
LIMITED = HttpResponse(status=429, headers=(("retry-after", "100"),))
REFUSED = HttpResponse(status=400)
LOST = NotSent("refused", "nobody listens")


def error_of(result: Result[Any, Error]) -> Error:
    assert is_failure(result)
    return result.failure()


def expired(result: Result[Any, Error]) -> WaitExpired:
    error = error_of(result)
    assert isinstance(error, WaitExpired), error
    return error


def waiting(**fields: Any) -> Operation[Response]:
    return wait_for_response("resp_1", structs.replace(POLICY, **fields))


# --- the time that a poll has ---------------------------------------------------------------------


def test_a_poll_bears_what_is_left_until_the_deadline_and_the_last_one_its_own_time() -> None:
    network = SlowNetwork((0.0, RUNS))
    expired(network.run(waiting(deadline=20.0)))
    assert network.times == [0.0, 1.0, 3.0, 7.0, 15.0, 20.0]
    assert network.totals == [20.0, 19.0, 17.0, 13.0, 5.0, 5.0]


def test_the_time_of_the_last_poll_is_the_policys() -> None:
    network = SlowNetwork((0.0, RUNS))
    expired(network.run(waiting(deadline=2.0, last_poll=30.0)))
    assert network.totals == [30.0, 30.0, 30.0]


def test_a_poll_that_is_answered_after_the_deadline_is_answered() -> None:
    network = SlowNetwork((0.0, RUNS), (0.0, RUNS), (4.9, saw("completed")))
    assert network.run(waiting(deadline=2.0)).unwrap().status == "completed"
    assert network.clock.now == pytest.approx(6.9)


def test_a_poll_that_hangs_makes_the_wait_expire() -> None:
    network = SlowNetwork((0.0, RUNS), (600.0, RUNS))
    error = expired(network.run(waiting(deadline=2.0)))
    assert (error.elapsed, error.polls, error.last.status) == (6.0, 2, "in_progress")
    assert network.clock.now == 6.0


def test_so_does_one_that_could_not_be_sent_in_all_the_time_that_was_left() -> None:
    slow = NotSent("connect_timeout", "no connection in all this time")

    def connecting(request: HttpRequest) -> Result[HttpResponse, Error]:
        clock.now += request.total or 600.0
        return Failure(slow)

    clock = VirtualClock()
    assert expired(run(waiting(deadline=2.0), connecting, clock=clock)).last is None
    assert clock.now == 5.0


def test_a_poll_that_breaks_off_before_its_time_is_over_is_the_failure() -> None:
    network = SlowNetwork((0.0, RUNS), (1.5, Interrupted("reset", "cut off")))
    assert error_of(network.run(waiting(deadline=2.0))) == Interrupted("reset", "cut off", response_id="resp_1")


def test_a_refusal_is_the_failure_also_when_the_time_is_over() -> None:
    network = SlowNetwork((0.0, RUNS), (4.9, HttpResponse(status=401)))
    error = error_of(network.run(waiting(deadline=1.0)))
    assert isinstance(error, ApiError)
    assert error.status == 401


@pytest.mark.parametrize("jitter", [0.0, 0.5])
def test_a_wait_that_just_reaches_the_deadline_leaves_nothing_to_chance(jitter: float) -> None:
    network = SlowNetwork((0.0, RUNS))
    expired(network.run(waiting(deadline=3.0, jitter=jitter, factor=1.0, initial_delay=3.0)))
    assert network.times == [0.0, 3.0]


def test_no_poll_bears_more_than_any_transport_can_count() -> None:
    network = SlowNetwork((0.0, saw("completed")))
    network.run(waiting(deadline=1e9))
    assert network.totals == [2_000_000.0]
    hanging = SlowNetwork((1e9, RUNS))
    assert isinstance(error_of(hanging.run(waiting(deadline=1e9))), Interrupted)


# --- under retrying -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers",
    [
        [(0.0, LIMITED)],
        [(600.0, RUNS)],
        [(0.0, BUSY)],
        [(1.0, LOST)],
        [(0.0, HttpResponse(status=503, headers=(("retry-after", "120"),)))],
        [(0.0, RUNS), (0.0, LIMITED)],
        [(0.0, RUNS), (3.0, BUSY)],
    ],
)
@pytest.mark.parametrize("policy", [RetryPolicy(), RetryPolicy(max_retries=100, max_server_delay=1e9)])
@pytest.mark.parametrize("at_deadline", ["give_up", "cancel"])
@pytest.mark.parametrize("build", [wait_for_response, cancel_and_wait])
def test_retries_do_not_reach_past_the_deadline(
    build: Callable[..., Operation[Response]], answers: Any, policy: RetryPolicy, at_deadline: str
) -> None:
    network = SlowNetwork(*answers)
    operation = build("resp_1", structs.replace(POLICY, deadline=2.0, at_deadline=at_deadline))
    assert is_failure(network.run(retrying(operation, policy)))
    assert network.clock.now <= 7.0 + HAIR


def test_a_poll_is_repeated_until_its_time_is_over_and_the_wait_expires() -> None:
    network = SlowNetwork((0.0, RUNS), (0.6, BUSY), (0.6, BUSY), (600.0, BUSY))
    error = expired(network.run(retrying(waiting(deadline=2.0), RetryPolicy(jitter=0))))
    assert network.times == pytest.approx([0.0, 1.0, 2.1, 3.7])
    assert network.totals == pytest.approx([5.0, 5.0, 3.9, 2.3])
    assert error.polls == 2
    assert error.elapsed == pytest.approx(6.0)


def test_a_delay_that_the_time_has_no_room_for_ends_the_wait_with_what_the_server_said() -> None:
    network = SlowNetwork((0.0, LIMITED))
    error = error_of(network.run(retrying(waiting(deadline=2.0))))
    assert isinstance(error, ApiError)
    assert (error.status, error.retry_after, error.response_id) == (429, 100.0, "resp_1")
    assert network.clock.now == 0.0


def test_a_watch_under_retrying_keeps_its_deadline_too() -> None:
    network = SlowNetwork((0.0, RUNS), (2.0, BUSY))
    stream: Stream[Response] = retrying(watch_response("resp_1", structs.replace(POLICY, deadline=2.0)))
    assert is_failure(network.run(collect(stream)))
    assert network.clock.now <= 7.0 + HAIR


# --- cancelling at the deadline -------------------------------------------------------------------


def test_the_last_poll_and_the_cancellation_share_the_time_after_the_deadline() -> None:
    network = SlowNetwork((0.0, RUNS), (600.0, RUNS), (2.4, saw("cancelled")))
    result = network.run(waiting(deadline=2.0, initial_delay=2.0, at_deadline="cancel"))
    assert result.unwrap().status == "cancelled"
    assert network.asked[1:] == [(2.0, "GET /responses/resp_1"), (4.5, "POST /responses/resp_1/cancel")]
    assert network.totals == [2.5, 2.5, 2.5]


def test_the_look_after_a_refused_cancellation_has_what_is_left() -> None:
    network = SlowNetwork((0.0, RUNS), (0.0, RUNS), (2.0, REFUSED), (1.0, saw("completed")))
    result = network.run(waiting(deadline=1.0, at_deadline="cancel"))
    assert result.unwrap().status == "completed"
    assert network.totals[2:] == [5.0, 3.0]


def test_without_time_for_that_look_the_refusal_is_the_failure() -> None:
    network = SlowNetwork((0.0, RUNS), (0.0, RUNS), (4.995, REFUSED))
    error = error_of(network.run(waiting(deadline=1.0, at_deadline="cancel")))
    assert isinstance(error, ApiError)
    assert (error.status, error.response_id, len(network.asked)) == (400, "resp_1", 3)


def test_a_cancellation_that_hangs_is_an_interruption_that_may_have_been_acted_upon() -> None:
    network = SlowNetwork((0.0, RUNS), (0.0, RUNS), (600.0, RUNS))
    error = error_of(network.run(waiting(deadline=1.0, at_deadline="cancel")))
    assert error == Interrupted("read_timeout", "the total time is over", response_id="resp_1")
    assert error.may_have_acted
    assert network.clock.now == 6.0


def test_a_transport_that_knows_no_total_time_still_cancels() -> None:
    def late(request: HttpRequest) -> Result[HttpResponse, Error]:
        asked.append(request)
        clock.now += 100.0
        return Success(saw("cancelled") if request.method == "POST" else RUNS)

    asked: list[HttpRequest] = []
    clock = VirtualClock()
    assert run(waiting(deadline=1.0, at_deadline="cancel"), late, clock=clock).unwrap().status == "cancelled"
    assert asked[-1].total == 2.5


def test_cancelling_and_waiting_have_one_deadline() -> None:
    network = SlowNetwork((3.0, RUNS), (0.0, RUNS))
    error = expired(network.run(cancel_and_wait("resp_1", structs.replace(POLICY, deadline=6.0))))
    assert network.asked[0] == (0.0, "POST /responses/resp_1/cancel")
    assert network.times == [0.0, 4.0, 6.0]
    assert network.totals == [6.0, 5.0, 5.0]
    assert error.elapsed == 6.0


# --- nothing but 404 ------------------------------------------------------------------------------


def test_a_wait_that_expires_over_nothing_but_404s_says_so() -> None:
    error = expired(SlowNetwork((0.0, GONE)).run(waiting(deadline=5.0, grace=40.0)))
    assert (error.polls, error.not_found, error.last) == (4, 4, None)
    assert str(error) == ("the wait expired after 5.0 s and 4 polls, all of them answered with 404 (response resp_1)")


def test_a_wait_that_met_some_404s_tells_how_many() -> None:
    error = expired(SlowNetwork((0.0, GONE), (0.0, GONE), (0.0, RUNS)).run(waiting(deadline=5.0, grace=40.0)))
    assert (error.polls, error.not_found, error.last.status) == (4, 2, "in_progress")
    assert "4 polls, 2 of them answered with 404 (" in str(error)
    assert "404" not in str(expired(SlowNetwork((0.0, RUNS)).run(waiting(deadline=5.0))))


# --- when the server says when to poll ------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([("openai-poll-after-ms", "4500")], 4.5),
        ([("OpenAI-Poll-After-Ms", "250"), ("retry-after", "9")], 0.25),
        ([("retry-after", "9")], 9.0),
        ([("retry-after-ms", "1500"), ("retry-after", "9")], 1.5),
        ([("openai-poll-after-ms", "soon"), ("retry-after", "9")], 9.0),
        ([("openai-poll-after-ms", "1")], LEAST_DELAY),
        ([("openai-poll-after-ms", "3600000")], 60.0),
        ([("openai-poll-after-ms", "0")], 1.0),
        ([("openai-poll-after-ms", "-5")], 1.0),
        ([("openai-poll-after-ms", "")], 1.0),
        ([("openai-poll-after-ms", "nan")], 1.0),
        ([("retry-after", "0")], 1.0),
        ([("retry-after", "-5")], 1.0),
        ([], 1.0),
    ],
)
def test_what_the_server_asks_for_is_the_next_delay(headers: list[tuple[str, str]], seconds: float) -> None:
    network = SlowNetwork((0.0, saw("in_progress", *headers)), (0.0, saw("completed")), chance=1.0)
    assert network.run(waiting()).unwrap().status == "completed"
    assert network.times == [0.0, seconds]


def test_chance_takes_nothing_from_the_delay_that_the_server_asks_for() -> None:
    network = SlowNetwork(
        (0.0, saw("in_progress", ("openai-poll-after-ms", "4000"))), (0.0, saw("completed")), chance=0.0
    )
    network.run(waiting(jitter=1.0))
    assert network.times == [0.0, 4.0]


def test_what_the_server_asked_for_once_is_not_kept() -> None:
    network = SlowNetwork((0.0, saw("queued", ("openai-poll-after-ms", "4000"))), (0.0, RUNS))
    expired(network.run(waiting(deadline=20.0)))
    assert network.times == [0.0, 4.0, 6.0, 10.0, 18.0, 20.0]


def test_what_the_server_asked_for_before_a_404_is_not_kept() -> None:
    network = SlowNetwork((0.0, saw("queued", ("openai-poll-after-ms", "4000"))), (0.0, GONE), (0.0, saw("completed")))
    network.run(waiting(grace=40.0))
    assert network.times == [0.0, 4.0, 6.0]


def test_a_404_within_the_grace_guides_no_poll() -> None:
    gone = structs.replace(GONE, headers=(("retry-after", "9"),))
    network = SlowNetwork((0.0, gone), (0.0, saw("completed")))
    network.run(waiting(grace=40.0))
    assert network.times == [0.0, 1.0]


def test_what_the_server_asks_for_does_not_reach_past_what_settles() -> None:
    network = SlowNetwork((0.0, saw("cancelled", ("retry-after", "9"))), (0.0, saw("cancelled")))
    result = network.run(wait_for_response("resp_1", POLICY, settle=5.0))
    assert (result.unwrap().status, network.times) == ("cancelled", [0.0, 5.0])


# --- waits of hours -------------------------------------------------------------------------------

HOUR = 3600.0


@pytest.mark.parametrize("hours", [2, 8])
@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_a_wait_of_hours_polls_some_two_hundred_times(hours: int, chance: float) -> None:
    network = SlowNetwork((0.0, RUNS), chance=chance)
    error = expired(network.run(wait_for_response("resp_1", WaitPolicy(deadline=hours * HOUR))))
    print(f"{hours} h, chance {chance}: {error.polls} polls")
    assert 80 <= error.polls <= 200


def test_by_default_the_first_minutes_are_polled_every_ten_seconds() -> None:
    network = SlowNetwork((0.0, RUNS), chance=1.0)
    expired(network.run(wait_for_response("resp_1", WaitPolicy(deadline=200.0))))
    delays = [after - before for before, after in pairwise(network.times)]
    assert max(delays) == pytest.approx(10.0)
    assert len(delays) >= 24


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_by_default_the_end_is_seen_no_later_than_a_twentieth_of_the_time(chance: float) -> None:
    network = SlowNetwork((0.0, RUNS), chance=chance)
    expired(network.run(wait_for_response("resp_1", WaitPolicy(deadline=8 * HOUR))))
    for before, after in pairwise(network.times):
        assert after - before <= max(10.0, 0.05 * before) + HAIR
    assert any(after - before > 1000 for before, after in pairwise(network.times))


def test_a_longest_delay_that_is_given_is_kept_however_long_the_wait() -> None:
    network = SlowNetwork((0.0, RUNS), chance=1.0)
    expired(network.run(wait_for_response("resp_1", WaitPolicy(deadline=HOUR, max_delay=10.0))))
    assert max(after - before for before, after in pairwise(network.times)) <= 10.0 + HAIR


def test_by_default_a_first_delay_of_more_than_ten_seconds_is_kept() -> None:
    network = SlowNetwork((0.0, RUNS))
    expired(network.run(wait_for_response("resp_1", WaitPolicy(deadline=100.0, initial_delay=40.0, jitter=0.0))))
    assert network.times == [0.0, 40.0, 80.0, 100.0]


# --- that it always ends --------------------------------------------------------------------------

seconds = st.floats(0, 30)
hints: st.SearchStrategy[Pairs] = st.one_of(
    st.just(()),
    st.floats(-1, 200).map(lambda value: (("retry-after", f"{value:.3f}"),)),
    st.integers(-1, 200_000).map(lambda value: (("openai-poll-after-ms", str(value)),)),
)


def _seen(status: str, headers: Pairs) -> HttpResponse:
    return saw(status, *headers)


bodies: st.SearchStrategy[HttpResponse | Error] = st.one_of(
    st.builds(
        _seen,
        st.sampled_from(["queued", "in_progress", "in_progress", "in_progress", "cancelled", "completed"]),
        hints,
    ),
    st.builds(
        HttpResponse,
        status=st.sampled_from([400, 404, 404, 408, 429, 503]),
        headers=hints,
    ),
    st.sampled_from([LOST, Interrupted("reset", "cut off")]),
)
answers = st.lists(st.tuples(seconds, bodies), min_size=1, max_size=12)
policies = st.builds(
    WaitPolicy,
    deadline=st.floats(0, 20),
    initial_delay=st.floats(LEAST_DELAY, 3),
    factor=st.floats(1, 4),
    max_delay=st.one_of(st.none(), st.floats(0.05, 3)),
    jitter=st.floats(0, 1),
    grace=st.floats(0, 10),
    at_deadline=st.sampled_from(("give_up", "cancel")),
    last_poll=st.floats(LEAST_DELAY, 10),
)
retries = st.one_of(
    st.none(),
    st.builds(
        RetryPolicy,
        max_retries=st.integers(0, 20),
        initial_delay=st.floats(0.01, 10),
        max_delay=st.floats(0, 100),
        jitter=st.floats(0, 1),
        max_server_delay=st.floats(0, 1000),
    ),
)


@settings(deadline=None, max_examples=400)
@given(
    policy=policies,
    retry=retries,
    answers=answers,
    chance=st.floats(0, 1),
    settle=st.floats(0, 10),
    began=st.floats(0, 100),
    cancels=st.booleans(),
)
def test_whatever_comes_a_wait_ends_by_its_deadline_and_last_poll(
    *,
    policy: WaitPolicy,
    retry: RetryPolicy | None,
    answers: list[tuple[float, HttpResponse | Error]],
    chance: float,
    settle: float,
    began: float,
    cancels: bool,
) -> None:
    def operation() -> Operation[Response]:
        build = cancel_and_wait if cancels else wait_for_response
        waiting = build("resp_1", policy, settle=settle)
        return waiting if retry is None else retrying(waiting, retry)

    network, again = SlowNetwork(*answers, chance=chance), SlowNetwork(*answers, chance=chance)
    result = network.run(delay(began).bind(lambda _: operation()))
    assert again.run(delay(began).bind(lambda _: operation())) == result
    assert again.asked == network.asked
    assert network.clock.now - began <= policy.deadline + policy.last_poll + HAIR
    for at, total in zip(network.times, network.totals, strict=True):
        assert total is not None
        assert at - began + total <= policy.deadline + policy.last_poll + HAIR
    if retry is None and not cancels:
        polls = [at for at, _ in takewhile(lambda asked: asked[1] == "GET /responses/resp_1", network.asked)]
        assert polls[-1] - began <= policy.deadline + HAIR
        assert all(b - a >= LEAST_DELAY - HAIR for a, b in pairwise(polls))
    if is_failure(result):
        assert getattr(result.failure(), "response_id", None) == "resp_1"
