"""Waiting for a response: when it looks, what ends it, and that it always ends."""

import asyncio
import math
import pickle
from collections.abc import Sequence
from typing import Any, Literal, TypeVar

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import json, structs
from returns.result import Failure, Result, Success

from puresponse.codecs import Response, decode_response
from puresponse.core import (
    ApiError,
    DecodeError,
    Done,
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    NoRecording,
    NotSent,
    Operation,
    Perform,
    RetryPolicy,
    Send,
    Wait,
    WaitExpired,
    WaitPolicy,
    break_off,
    cancel_and_wait,
    collect,
    create_response,
    delay,
    is_failure,
    load_operation,
    retrying,
    save_checkpoint,
    wait_for_response,
    watch_response,
)
from puresponse.core.delays import LEAST_DELAY
from puresponse.core.errors import about_response
from puresponse.core.programs.polling import Watch
from puresponse.transports import MemoryTransport, VirtualClock, iterate, iterate_async, run, run_async
from puresponse.transports.testing.stub import json_response

T = TypeVar("T")

POLICY = WaitPolicy(deadline=60.0, initial_delay=1.0, factor=2.0, max_delay=8.0, jitter=0.0, grace=0.0)
"""Looks at 0, 1, 3, 7, 15, 23, … seconds."""


def saw(status: object, **fields: object) -> HttpResponse:
    """A response, as the service sends it."""
    body: dict[str, object] = {"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "output": []}
    return json_response({**body, "status": status, **fields})


GONE = json_response({"error": {"message": "Response with id 'resp_1' not found."}}, status=404)
REFUSED = json_response({"error": {"message": "Cannot cancel a completed response."}}, status=400)
RUNS = saw("in_progress")


class Service:
    """Gives each of `answers` in turn, and the last of them for ever; each takes `latency` seconds."""

    def __init__(self, *answers: HttpResponse | Error, latency: float = 0.0, chance: float = 0.0) -> None:
        self.answers = answers
        self.latency = latency
        self.clock = VirtualClock(chance=chance)
        self.asked: list[tuple[float, str]] = []

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append((self.clock.now, f"{request.method} {request.path}"))
        self.clock.now += self.latency
        return Success(answer) if isinstance(answer, HttpResponse) else Failure(answer)

    async def answer_async(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        return self(request)

    def run(self, operation: Operation[T]) -> Result[T, Error]:
        return run(operation, self, clock=self.clock)

    @property
    def times(self) -> list[float]:
        """When it was asked."""
        return [at for at, _ in self.asked]


def status_of(result: Result[Response, Error]) -> object:
    return result.unwrap().status


def error_of(result: Result[Any, Error]) -> Error:
    assert is_failure(result)
    return result.failure()


def expired(result: Result[Any, Error]) -> WaitExpired:
    error = error_of(result)
    assert isinstance(error, WaitExpired)
    return error


# --- when it looks --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["completed", "failed", "incomplete", "cancelled"])
def test_a_response_that_has_ended_is_given_at_the_first_look(status: str) -> None:
    service = Service(saw(status))
    assert status_of(service.run(wait_for_response("resp_1", POLICY))) == status
    assert service.asked == [(0.0, "GET /responses/resp_1")]


@pytest.mark.parametrize("status", ["queued", "in_progress", "searching", "", None])
def test_any_other_status_is_pending(status: object) -> None:
    service = Service(saw(status), saw(status), saw("completed"))
    assert status_of(service.run(wait_for_response("resp_1", POLICY))) == "completed"
    assert len(service.asked) == 3


def test_a_response_without_a_status_is_pending() -> None:
    body: dict[str, Any] = json.decode(RUNS.body)
    del body["status"]
    service = Service(json_response(body), saw("completed"))
    assert status_of(service.run(wait_for_response("resp_1", POLICY))) == "completed"


def test_looks_become_rarer_up_to_the_longest_delay() -> None:
    service = Service(RUNS)
    service.run(wait_for_response("resp_1", structs.replace(POLICY, deadline=39.0)))
    assert service.times == [0.0, 1.0, 3.0, 7.0, 15.0, 23.0, 31.0, 39.0]


def test_a_factor_of_one_looks_evenly() -> None:
    service = Service(RUNS)
    service.run(wait_for_response("resp_1", structs.replace(POLICY, deadline=3.0, factor=1)))
    assert service.times == [0.0, 1.0, 2.0, 3.0]


def test_no_delay_is_longer_than_the_longest_not_even_the_first() -> None:
    service = Service(RUNS)
    service.run(wait_for_response("resp_1", structs.replace(POLICY, deadline=10.0, initial_delay=9.0, max_delay=4.0)))
    assert service.times == [0.0, 4.0, 8.0, 10.0]


def test_a_factor_that_overflows_gives_the_longest_delay() -> None:
    policy = WaitPolicy(deadline=1e9, initial_delay=1.0, factor=1e9, max_delay=2.5e8, jitter=0.0)
    service = Service(RUNS)
    assert expired(service.run(wait_for_response("resp_1", policy))).polls == len(service.times) == 6


@pytest.mark.parametrize(("chance", "times"), [(0.0, [0.0, 0.75, 2.25]), (1.0, [0.0, 1.0, 3.0])])
def test_chance_shortens_a_delay_by_up_to_its_jitter(chance: float, times: list[float]) -> None:
    service = Service(RUNS, RUNS, saw("completed"), chance=chance)
    service.run(wait_for_response("resp_1", structs.replace(POLICY, jitter=0.25)))
    assert service.times == times


def test_full_jitter_still_leaves_the_least_delay_between_two_looks() -> None:
    service = Service(RUNS)
    service.run(wait_for_response("resp_1", WaitPolicy(deadline=0.5, initial_delay=0.02, max_delay=0.02, jitter=1)))
    waits = [seconds for seconds in service.clock.slept if seconds]
    assert waits[:-1] == [LEAST_DELAY] * (len(waits) - 1)
    assert len(waits) > 5


def test_each_wait_is_a_step_whose_chance_the_driver_draws() -> None:
    step = wait_for_response("resp_1", structs.replace(POLICY, jitter=0.25))
    seen: list[Any] = []
    while not isinstance(step, Done) and len(seen) < 8:
        match step:
            case Send(request, resume):
                seen.append(request.path)
                step = resume(Success(RUNS))
            case Wait(seconds, spread, resume):
                seen.append((seconds, spread))
                step = resume(100.0)
            case Fork():
                pytest.fail("a wait has no branches")
    look = ["/responses/resp_1", (0.0, 0.0)]
    assert seen == [(0.0, 0.0), *look, (0.75, 0.25), *look, (1.5, 0.5), look[0]]


# --- the deadline ---------------------------------------------------------------------------------


def test_the_last_look_is_at_the_deadline() -> None:
    service = Service(RUNS)
    error = expired(service.run(wait_for_response("resp_1", structs.replace(POLICY, deadline=5.5))))
    assert service.times == [0.0, 1.0, 3.0, 5.5]
    assert (error.elapsed, error.polls) == (5.5, 4)
    assert error.last.status == "in_progress"


def test_what_ends_at_the_deadline_is_still_seen() -> None:
    service = Service(RUNS, RUNS, RUNS, saw("completed"))
    assert status_of(service.run(wait_for_response("resp_1", structs.replace(POLICY, deadline=5.5)))) == "completed"


def test_the_last_wait_leaves_nothing_to_chance() -> None:
    service = Service(RUNS, chance=1.0)
    service.run(wait_for_response("resp_1", WaitPolicy(deadline=1.0, initial_delay=5.0, jitter=0.5)))
    assert service.times == [0.0, 1.0]


def test_the_time_of_the_requests_counts() -> None:
    service = Service(RUNS, latency=2.0)
    error = expired(service.run(wait_for_response("resp_1", structs.replace(POLICY, deadline=10.0))))
    assert service.times == [0.0, 3.0, 7.0, 10.0]
    assert error.elapsed == 12.0


def test_a_look_that_takes_too_long_is_the_last() -> None:
    service = Service(RUNS, latency=30.0)
    error = expired(service.run(wait_for_response("resp_1", structs.replace(POLICY, deadline=20.0))))
    assert (service.times, error.elapsed, error.polls) == ([0.0], 30.0, 1)


def test_a_deadline_of_no_seconds_looks_once() -> None:
    service = Service(RUNS)
    assert expired(service.run(wait_for_response("resp_1", WaitPolicy(deadline=0)))).polls == 1
    assert service.clock.now == 0.0


def test_the_deadline_counts_from_the_start_of_the_wait_not_of_the_run() -> None:
    service = Service(RUNS)
    waiting = wait_for_response("resp_1", structs.replace(POLICY, deadline=4.0))
    error = expired(service.run(delay(100.0).bind(lambda _: waiting)))
    assert service.times == [100.0, 101.0, 103.0, 104.0]
    assert error.elapsed == 4.0


def test_a_clock_that_wakes_the_driver_a_hair_early_costs_no_look() -> None:
    class EarlyClock(VirtualClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds * 0.9999)

    service = Service(RUNS)
    service.clock = EarlyClock()
    error = expired(service.run(wait_for_response("resp_1", structs.replace(POLICY, deadline=5.5))))
    assert error.polls == 4
    assert error.elapsed == pytest.approx(5.5, abs=LEAST_DELAY)


def test_a_deadline_there_is_no_default_for() -> None:
    make: Any = WaitPolicy
    with pytest.raises(TypeError, match="deadline"):
        make()


# --- 404 ------------------------------------------------------------------------------------------


def test_a_404_within_the_grace_is_not_the_end() -> None:
    service = Service(GONE, GONE, RUNS, saw("completed"))
    assert status_of(service.run(wait_for_response("resp_1", structs.replace(POLICY, grace=5.0)))) == "completed"


def test_a_404_is_the_end_when_the_grace_is_over() -> None:
    service = Service(GONE)
    error = error_of(service.run(wait_for_response("resp_1", structs.replace(POLICY, grace=5.0))))
    assert isinstance(error, ApiError)
    assert error.status == 404
    assert service.times == [0.0, 1.0, 3.0, 7.0]


def test_without_grace_the_first_404_is_the_end() -> None:
    service = Service(RUNS, GONE)
    error = error_of(service.run(wait_for_response("resp_1", POLICY)))
    assert isinstance(error, ApiError)
    assert service.times == [0.0, 1.0]


def test_by_default_the_33_seconds_of_404_that_were_seen_are_waited_out() -> None:
    def late(request: HttpRequest) -> Result[HttpResponse, Error]:
        return Success(GONE if clock.now <= 33.0 else saw("completed"))

    for chance in (0.0, 0.5, 1.0):
        clock = VirtualClock(chance=chance)
        result = run(wait_for_response("resp_1", WaitPolicy(deadline=600)), late, clock=clock)
        assert status_of(result) == "completed"


def test_the_grace_counts_from_the_first_404_of_a_row() -> None:
    service = Service(RUNS, RUNS, RUNS, GONE, GONE, saw("completed"))
    assert status_of(service.run(wait_for_response("resp_1", structs.replace(POLICY, grace=9.0)))) == "completed"
    assert service.times == [0.0, 1.0, 3.0, 7.0, 15.0, 23.0]


def test_a_404_that_takes_long_may_be_as_old_as_the_request_for_it() -> None:
    """Found by `explore`: a poll within the grace whose answer was slow made a wait believe it."""
    service = Service(GONE, GONE, saw("completed"), latency=20.0)
    assert status_of(service.run(wait_for_response("resp_1", structs.replace(POLICY, grace=15.0)))) == "completed"
    assert service.times == [0.0, 21.0, 43.0]


def test_without_grace_the_first_404_is_the_end_however_long_it_takes() -> None:
    service = Service(GONE, saw("completed"), latency=20.0)
    assert isinstance(error_of(service.run(wait_for_response("resp_1", POLICY))), ApiError)


def test_a_response_that_is_seen_ends_the_row() -> None:
    service = Service(GONE, GONE, RUNS, GONE, saw("completed"))
    assert status_of(service.run(wait_for_response("resp_1", structs.replace(POLICY, grace=2.0)))) == "completed"


def test_the_deadline_goes_before_the_grace() -> None:
    service = Service(RUNS, GONE)
    policy = structs.replace(POLICY, deadline=3.0, grace=40.0)
    error = expired(service.run(wait_for_response("resp_1", policy)))
    assert (error.polls, error.last.status) == (3, "in_progress")
    assert expired(Service(GONE).run(wait_for_response("resp_1", policy))).last is None


# --- other faults ---------------------------------------------------------------------------------

FAULTS: list[HttpResponse | Error] = [
    *(HttpResponse(status=status) for status in (400, 401, 403, 409, 429, 500, 503)),
    NotSent("refused", "no one there"),
    Interrupted("reset", "cut off"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
def test_any_other_fault_ends_the_wait_at_once(fault: HttpResponse | Error) -> None:
    service = Service(RUNS, fault, saw("completed"))
    error = error_of(service.run(wait_for_response("resp_1", structs.replace(POLICY, grace=40.0))))
    if isinstance(fault, HttpResponse):
        assert isinstance(error, ApiError)
        assert (error.status, error.response_id) == (fault.status, "resp_1")
    else:
        assert error == about_response(fault, "resp_1") != fault
    assert len(service.asked) == 2


def test_an_answer_that_is_not_understood_ends_the_wait() -> None:
    error = error_of(Service(HttpResponse(status=200, body=b"<html>")).run(wait_for_response("resp_1", POLICY)))
    assert isinstance(error, DecodeError)


def test_retrying_repeats_the_looks_that_meet_a_passing_fault() -> None:
    busy = json_response({}, status=503)
    service = Service(busy, RUNS, NotSent("dns", "?"), busy, saw("completed"))
    retried = retrying(wait_for_response("resp_1", POLICY), RetryPolicy(jitter=0))
    assert status_of(service.run(retried)) == "completed"
    assert service.times == [0.0, 0.5, 1.5, 2.0, 3.0]


def test_what_retrying_gives_up_on_ends_the_wait() -> None:
    service = Service(RUNS, json_response({}, status=429))
    error = error_of(service.run(retrying(wait_for_response("resp_1", POLICY), RetryPolicy(max_retries=1))))
    assert isinstance(error, ApiError)
    assert (error.status, len(service.asked)) == (429, 3)


def test_the_time_of_retries_counts() -> None:
    slow = json_response({}, status=429, headers=(("retry-after", "50"),))
    service = Service(slow, RUNS)
    error = expired(service.run(retrying(wait_for_response("resp_1", structs.replace(POLICY, deadline=52.0)))))
    assert service.times == [0.0, 50.0, 51.0, 52.0]
    assert error.polls == 3


# --- cancelling at the deadline -------------------------------------------------------------------

CANCELS = structs.replace(POLICY, deadline=1.0, at_deadline="cancel")
CANCELLATION = "POST /responses/resp_1/cancel"


def test_at_the_deadline_the_response_is_cancelled_where_the_policy_says_so() -> None:
    service = Service(RUNS, RUNS, saw("cancelled"))
    assert status_of(service.run(wait_for_response("resp_1", CANCELS))) == "cancelled"
    assert service.asked[2] == (1.0, CANCELLATION)


def test_what_the_cancellation_gives_is_given_whatever_it_is() -> None:
    for status in ("in_progress", "completed", "searching"):
        service = Service(RUNS, RUNS, saw(status))
        assert status_of(service.run(wait_for_response("resp_1", CANCELS))) == status


def test_a_response_that_ends_before_it_can_be_cancelled_is_given_as_it_ended() -> None:
    for refusal in (REFUSED, HttpResponse(status=409)):
        service = Service(RUNS, RUNS, refusal, saw("completed"))
        assert status_of(service.run(wait_for_response("resp_1", CANCELS))) == "completed"
        assert [asked for _, asked in service.asked][2:] == [CANCELLATION, "GET /responses/resp_1"]


def test_a_cancellation_that_is_refused_while_the_response_runs_is_the_failure() -> None:
    error = error_of(Service(RUNS, RUNS, REFUSED, RUNS).run(wait_for_response("resp_1", CANCELS)))
    assert isinstance(error, ApiError)
    assert (error.status, error.message) == (400, "Cannot cancel a completed response.")


def test_any_other_fault_of_the_cancellation_is_the_failure() -> None:
    for fault in (GONE, HttpResponse(status=500), Interrupted("reset", "cut off")):
        service = Service(RUNS, RUNS, fault, saw("completed"))
        assert isinstance(error_of(service.run(wait_for_response("resp_1", CANCELS))), ApiError | Interrupted)
        assert len(service.asked) == 3


def test_a_response_that_was_never_seen_is_cancelled_too() -> None:
    service = Service(GONE, GONE, saw("cancelled"))
    policy = structs.replace(CANCELS, grace=40.0)
    assert status_of(service.run(wait_for_response("resp_1", policy))) == "cancelled"


# --- a cancelled response that settles ------------------------------------------------------------

CANCELLED = saw("cancelled")


def test_without_settling_the_first_cancelled_counts() -> None:
    assert len(_settled(0.0, CANCELLED)[1]) == 1


def test_a_cancelled_response_that_becomes_completed_is_given_as_completed() -> None:
    assert _settled(60.0, RUNS, CANCELLED, CANCELLED, saw("completed")) == ("completed", [0.0, 1.0, 3.0, 7.0])


def test_a_response_that_stays_cancelled_is_given_when_it_has_settled() -> None:
    assert _settled(10.0, RUNS, CANCELLED) == ("cancelled", [0.0, 1.0, 3.0, 7.0, 11.0])


def test_a_poll_that_takes_long_settles_nothing() -> None:
    """Found by `explore`: a slow answer of a moment after the first counted as one of much later."""
    answers = (CANCELLED, CANCELLED, saw("completed"))
    assert _settled(10.0, *answers, latency=12.0) == ("completed", [0.0, 13.0, 27.0])


def test_the_first_cancelled_counts_however_long_it_takes() -> None:
    assert _settled(0.0, CANCELLED, latency=12.0) == ("cancelled", [0.0])


def test_the_deadline_goes_before_settling_where_polls_take_long() -> None:
    assert _settled(1000.0, CANCELLED, latency=50.0)[0] == "cancelled"


@pytest.mark.parametrize("at_deadline", ["give_up", "cancel"])
def test_what_is_cancelled_is_returned_where_the_last_poll_takes_all_the_time(at_deadline: Any) -> None:
    """Found by `explore`: the wait expired, though the deadline was to override settling."""
    service = Service(CANCELLED, GONE, Interrupted("read_timeout", "it took too long"))
    policy = WaitPolicy(deadline=4.0, initial_delay=1.0, factor=1.0, jitter=0.0, last_poll=1.0, at_deadline=at_deadline)

    def slow(request: HttpRequest) -> Result[HttpResponse, Error]:
        answer = service(request)
        if len(service.asked) > 2:
            service.clock.now += request.total or 0.0
        return answer

    result = run(wait_for_response("resp_1", policy, settle=60.0), slow, clock=service.clock)
    assert status_of(result) == "cancelled"
    assert service.times == [0.0, 1.0, 2.0]


def test_the_deadline_goes_before_settling() -> None:
    assert _settled(1000.0, CANCELLED) == ("cancelled", [0.0, 1.0, 3.0, 7.0, 15.0, 23.0, 31.0, 39.0, 47.0, 55.0, 60.0])


def test_a_response_that_runs_again_starts_settling_anew() -> None:
    assert _settled(3.0, CANCELLED, RUNS, CANCELLED) == ("cancelled", [0.0, 1.0, 3.0, 6.0])


def test_a_404_in_the_grace_does_not_start_settling_anew() -> None:
    policy = structs.replace(POLICY, grace=40.0)
    assert _settled(2.0, CANCELLED, GONE, GONE, CANCELLED, policy=policy) == ("cancelled", [0.0, 1.0, 2.0, 6.0])


def _settled(
    settle: float, *answers: HttpResponse, policy: WaitPolicy = POLICY, latency: float = 0.0
) -> tuple[object, list[float]]:
    service = Service(*answers, latency=latency)
    return status_of(service.run(wait_for_response("resp_1", policy, settle=settle))), service.times


# --- a response in place of its id ----------------------------------------------------------------


def received(status: str, **fields: object) -> Response:
    """A response that somebody has already."""
    return decode_response(saw(status, **fields).body).unwrap()


@pytest.mark.parametrize("status", ["completed", "failed", "incomplete", "cancelled"])
def test_a_response_that_has_ended_is_given_as_it_is_and_nothing_is_sent(status: str) -> None:
    response = received(status)
    assert wait_for_response(response, POLICY) == Done(Success(response))
    service = Service(RUNS)
    assert list(iterate(watch_response(response, POLICY), service, clock=service.clock)) == [response]
    assert service.asked == []


def test_a_creation_that_gives_the_end_is_not_polled() -> None:
    creation = create_response(model="m", input="Hello!", background=True)
    service = Service(saw("completed"), GONE)
    result = service.run(creation.bind(lambda response: wait_for_response(response, POLICY)))
    assert status_of(result) == "completed"
    assert service.asked == [(0.0, "POST /responses")]


@pytest.mark.parametrize("status", ["queued", "in_progress", "searching"])
def test_a_response_that_runs_is_polled_after_a_first_wait(status: str) -> None:
    service = Service(RUNS, saw("completed"))
    assert status_of(service.run(wait_for_response(received(status), POLICY))) == "completed"
    assert service.asked == [(1.0, "GET /responses/resp_1"), (3.0, "GET /responses/resp_1")]


def test_a_watch_does_not_give_again_what_it_was_given() -> None:
    service = Service(RUNS, saw("completed"))
    seen = list(iterate(watch_response(received("queued"), POLICY), service, clock=service.clock))
    assert [getattr(value, "status", value) for value in seen] == ["in_progress", "completed"]


def test_a_response_that_runs_is_polled_once_at_least() -> None:
    service = Service(RUNS)
    error = expired(service.run(wait_for_response(received("queued"), WaitPolicy(deadline=0))))
    assert (error.polls, error.last.status, service.times) == (1, "in_progress", [0.0])


def test_what_is_never_found_expires_with_the_response_that_was_given() -> None:
    policy = structs.replace(POLICY, deadline=3.0, grace=40.0)
    error = expired(Service(GONE).run(wait_for_response(received("queued"), policy)))
    assert (error.last.status, error.polls, error.not_found) == ("queued", 2, 2)


def test_a_cancelled_response_that_is_to_settle_is_polled() -> None:
    service = Service(CANCELLED, saw("completed"))
    assert status_of(service.run(wait_for_response(received("cancelled"), POLICY, settle=9.0))) == "completed"
    assert service.times == [1.0, 3.0]
    stays = Service(CANCELLED)
    assert status_of(stays.run(wait_for_response(received("cancelled"), POLICY, settle=5.0))) == "cancelled"
    assert stays.times == [1.0, 3.0, 5.0]


def test_the_arguments_are_checked_also_where_nothing_is_to_be_sent() -> None:
    error = error_of(Service(RUNS).run(wait_for_response(received("completed"), POLICY, settle=-1.0)))
    assert isinstance(error, InvalidArgument)
    error = error_of(Service(RUNS).run(wait_for_response(received("completed", id="a/b"), POLICY)))
    assert isinstance(error, InvalidArgument)
    assert error.parameter == "response"


# --- errors say which response they are about -----------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(status=500),
        HttpResponse(status=200, body=b"<html>"),
        GONE,
        Interrupted("reset", "cut off"),
        NotSent("dns", "?"),
        NoRecording(request=HttpRequest("GET", "/")),
        RUNS,
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    "build",
    [
        lambda: wait_for_response("resp_1", structs.replace(POLICY, deadline=0)),
        lambda: collect(watch_response("resp_1", structs.replace(POLICY, deadline=0))),
        lambda: cancel_and_wait("resp_1", structs.replace(POLICY, deadline=0)),
        lambda: retrying(wait_for_response("resp_1", structs.replace(POLICY, deadline=0))),
    ],
    ids=["wait", "watch", "cancel and wait", "retrying"],
)
def test_every_error_of_a_wait_says_which_response_it_is_about(answer: Any, build: Any) -> None:
    error = error_of(Service(answer).run(build()))
    assert not isinstance(error, InvalidArgument)
    assert error.response_id == "resp_1"
    assert "(response resp_1)" in str(error) or "response resp_1" in str(error)


@pytest.mark.parametrize("fault", [HttpResponse(status=503), Interrupted("reset", "?"), NotSent("dns", "?"), REFUSED])
def test_so_does_every_error_of_the_cancellation_at_the_deadline(fault: HttpResponse | Error) -> None:
    error = error_of(Service(RUNS, RUNS, fault, RUNS).run(wait_for_response("resp_1", CANCELS)))
    assert not isinstance(error, InvalidArgument)
    assert error.response_id == "resp_1"


# --- arguments ------------------------------------------------------------------------------------


def test_include_goes_with_every_look() -> None:
    asked: list[HttpRequest] = []

    def transport(request: HttpRequest) -> Result[HttpResponse, Error]:
        asked.append(request)
        return Success(RUNS if len(asked) < 3 else saw("completed"))

    run(wait_for_response("resp_1", POLICY, include=["a", "b"]), transport, clock=VirtualClock())
    assert [request.query for request in asked] == [(("include[]", "a"), ("include[]", "b"))] * 3


NO_SECONDS: list[Any] = [-1, math.nan, math.inf, 1e10, 10**400, True, "1", None]
BAD_POLICIES: list[tuple[str, Any]] = [
    *((name, value) for name in ("deadline", "initial_delay", "grace", "last_poll") for value in NO_SECONDS),
    *(("max_delay", value) for value in NO_SECONDS if value is not None),
    *((name, value) for name in ("initial_delay", "max_delay", "last_poll") for value in (0, 0.009)),
    *(("factor", value) for value in (0.99, -2, math.nan, math.inf, 10**400, True, None)),
    *(("jitter", value) for value in (-0.1, 1.1, math.nan, True, None)),
    ("at_deadline", ""),
    ("at_deadline", "raise"),
    ("at_deadline", None),
    ("at_deadline", []),
]


@pytest.mark.parametrize(("name", "value"), BAD_POLICIES)
def test_a_policy_that_makes_no_sense_is_refused_by_its_constructor(name: str, value: Any) -> None:
    make: Any = WaitPolicy
    with pytest.raises(ValueError, match=rf"^{name}: given .*; allowed is "):
        make(**{"deadline": 60.0, name: value})
    with pytest.raises(ValueError, match=f"^{name}: given "):
        structs.replace(POLICY, **{name: value})


def test_a_forged_policy_in_a_checkpoint_is_the_checkpoints_decode_error() -> None:
    saved = save_checkpoint(wait_for_response("resp_1", POLICY)).unwrap().decode()
    assert load_operation(saved.encode()).unwrap().program == wait_for_response("resp_1", POLICY)
    for was, forged in (
        ('"deadline":60.0', '"deadline":-1'),
        ('"deadline":60.0', '"deadline":{"$":"float","text":"nan"}'),
        ('"max_delay":8.0', '"max_delay":1e300'),
        ('"jitter":0.0', '"jitter":true'),
    ):
        assert saved.count(was) == 1
        error = error_of(load_operation(saved.replace(was, forged).encode()))
        assert isinstance(error, DecodeError)
        assert error.reason.startswith(f"WaitPolicy: {was.split(chr(34))[1]}: given ")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("", POLICY), "response"),
        (("a/b", POLICY), "response"),
        ((5, POLICY), "response"),
        ((None, POLICY), "response"),
        (("resp_1", RetryPolicy()), "policy"),
        (("resp_1", 60), "policy"),
        (("resp_1", None), "policy"),
    ],
)
def test_other_arguments_that_make_no_sense_are_invalid_too(arguments: tuple[Any, Any], name: str) -> None:
    error = error_of(Service(RUNS).run(wait_for_response(*arguments)))
    assert isinstance(error, InvalidArgument)
    assert error.parameter == name
    assert error_of(Service(RUNS).run(collect(watch_response(*arguments)))) == error


def test_so_are_a_bad_include_and_a_bad_settling_time() -> None:
    include: Any = "reasoning"
    for operation, name in (
        (wait_for_response("resp_1", POLICY, include=include), "include"),
        (wait_for_response("resp_1", POLICY, settle=-1.0), "settle"),
    ):
        error = error_of(Service(RUNS).run(operation))
        assert isinstance(error, InvalidArgument)
        assert error.parameter == name


def test_the_extremes_that_are_allowed_are_allowed() -> None:
    for policy in (
        WaitPolicy(deadline=0, initial_delay=0.01, factor=1, max_delay=0.01, jitter=0, grace=0, last_poll=0.01),
        WaitPolicy(deadline=1e9, initial_delay=1e9, factor=1e9, max_delay=1e9, jitter=1, grace=1e9, last_poll=1e9),
        WaitPolicy(deadline=1e9, initial_delay=1e9, factor=1e9, max_delay=None),
    ):
        assert status_of(Service(saw("completed")).run(wait_for_response("resp_1", policy))) == "completed"


# --- watching -------------------------------------------------------------------------------------


def watched(service: Service, policy: WaitPolicy = POLICY, *, settle: float = 0.0) -> list[object]:
    """The statuses that a watch gives, and its error if it fails."""
    stream = watch_response("resp_1", policy, settle=settle)
    return [
        value.failure() if isinstance(value, Failure) else value.status
        for value in iterate(stream, service, clock=service.clock, results=True)
    ]


def test_a_watch_gives_what_each_look_finds() -> None:
    service = Service(saw("queued"), RUNS, RUNS, saw("completed"))
    assert watched(service) == ["queued", "in_progress", "in_progress", "completed"]


def test_a_look_that_meets_a_404_gives_nothing() -> None:
    service = Service(GONE, RUNS, GONE, saw("completed"))
    assert watched(service, structs.replace(POLICY, grace=10.0)) == ["in_progress", "completed"]


def test_a_watch_that_expires_ends_with_the_failure() -> None:
    *seen, error = watched(Service(RUNS), structs.replace(POLICY, deadline=3.0))
    assert seen == ["in_progress"] * 3
    assert isinstance(error, WaitExpired)
    assert (error.elapsed, error.polls, error.last.status) == (3.0, 3, "in_progress")


def test_a_watch_that_cancels_gives_what_that_gave_last() -> None:
    assert watched(Service(RUNS, RUNS, CANCELLED), CANCELS) == ["in_progress", "in_progress", "cancelled"]


def test_a_watch_gives_a_response_that_settles_each_time() -> None:
    assert watched(Service(CANCELLED, CANCELLED, saw("completed")), settle=9.0) == [
        "cancelled",
        "cancelled",
        "completed",
    ]


def test_whoever_stops_watching_asks_no_more() -> None:
    service = Service(RUNS)
    values = iterate(watch_response("resp_1", POLICY), service, clock=service.clock)
    assert service.asked == []
    next(values)
    next(values)
    assert service.times == [0.0, 1.0]


def test_a_watch_composes_with_retrying() -> None:
    service = Service(json_response({}, status=500), RUNS, json_response({}, status=500), saw("completed"))
    stream = retrying(watch_response("resp_1", POLICY), RetryPolicy(jitter=0))
    assert len(list(iterate(stream, service, clock=service.clock))) == 2
    assert service.times == [0.0, 0.5, 1.5, 2.0]


# --- in any hands ---------------------------------------------------------------------------------


def test_it_runs_under_an_event_loop() -> None:
    service = Service(RUNS, RUNS, saw("completed"))
    waiting = wait_for_response("resp_1", POLICY)
    assert status_of(asyncio.run(run_async(waiting, service.answer_async, clock=service.clock))) == "completed"
    assert service.times == [0.0, 1.0, 3.0]


def test_it_is_watched_under_an_event_loop() -> None:
    service = Service(RUNS, CANCELLED)

    async def watch() -> list[object]:
        stream = watch_response("resp_1", POLICY)
        values = iterate_async(stream, service.answer_async, clock=service.clock)
        return [value.status async for value in values]

    assert asyncio.run(watch()) == ["in_progress", "cancelled"]


def test_a_background_response_is_waited_for_in_memory_and_in_virtual_time() -> None:
    clock = VirtualClock()
    transport = MemoryTransport.empty(now=clock.monotonic)
    body = json.encode({"model": "m", "input": "Hello", "background": True})
    created = json.decode(transport(HttpRequest("POST", "/responses", body=body)).unwrap().body)
    stream = watch_response(created["id"], structs.replace(POLICY, factor=1.0, initial_delay=0.75))
    seen = run(collect(stream), transport, clock=clock).unwrap()
    assert [response.status for response in seen] == ["queued", "queued", "in_progress", "in_progress", "completed"]
    assert clock.now == 3.0


def test_one_that_never_ends_is_cancelled_in_memory() -> None:
    clock = VirtualClock()
    waiting = wait_for_response("resp_in_progress", structs.replace(POLICY, at_deadline="cancel"))
    assert status_of(run(waiting, MemoryTransport(now=clock.monotonic), clock=clock)) == "cancelled"
    assert clock.now == 60.0


def stepped(step: Operation[Response], answers: Sequence[HttpResponse]) -> list[Operation[Response]]:
    """All steps of an operation, each gone through its pickle and with its twin before the next."""
    steps = [step]
    given = iter(answers)
    now = 0.0
    while not isinstance(step, Done):
        step = pickle.loads(pickle.dumps(step))
        assert step == steps[-1]
        if isinstance(step, Send):
            answer = Success(next(given))
            assert step.resume(answer) == step.resume(answer)
            step = step.resume(answer)
        elif isinstance(step, Wait):
            now += step.seconds
            step = step.resume(now)
        steps.append(step)
    return steps


def test_a_wait_is_a_value_at_every_step() -> None:
    answers = [GONE, saw("queued"), CANCELLED, RUNS, RUNS, RUNS, saw("completed")]
    policy = structs.replace(POLICY, grace=10.0, deadline=9.0, at_deadline="cancel")
    first = stepped(wait_for_response("resp_1", policy, settle=5.0), answers)
    assert first == stepped(wait_for_response("resp_1", policy, settle=5.0), answers)
    assert first != stepped(wait_for_response("resp_1", policy, settle=6.0), answers)
    assert len(first) > 15
    assert all(" at 0x" not in repr(step) for step in first)


def test_a_wait_prints_where_it_stands() -> None:
    steps = stepped(wait_for_response("resp_1", POLICY), [saw("queued"), RUNS, saw("completed")])
    printed = repr(next(step for step in reversed(steps) if isinstance(step, Wait) and step.seconds))
    assert len(printed) < 400
    assert printed.startswith("Wait(seconds=2.0, spread=0.0, resume=Then(Poll(watch=Watch('resp_1', WaitPolicy(")
    assert "deadline=60.0" in printed
    assert "polls=2, last='in_progress'" in printed
    assert "last=nothing" in repr(steps[0])
    asked: dict[str, Any] = {"response_id": "r", "request": HttpRequest("GET", "/responses/r"), "policy": POLICY}
    watch = Watch(**asked, settle=0.0, delay=1.0, missing_since=2.0, cancelled_since=3.0)
    assert repr(watch).endswith("polls=0, last=nothing, missing_since=2.0, cancelled_since=3.0)")


def test_a_watch_is_a_value_at_every_step() -> None:
    stream = watch_response("resp_1", POLICY)
    assert isinstance(stream, Perform)
    assert stream == watch_response("resp_1", POLICY) != watch_response("resp_2", POLICY)
    assert pickle.loads(pickle.dumps(stream)) == stream
    seen = run(stream.operation, lambda _: Success(RUNS), clock=VirtualClock())
    assert pickle.loads(pickle.dumps(stream.resume(seen))) == stream.resume(seen)
    assert stream.resume(Failure(NotSent("dns", "?"))) == break_off(NotSent("dns", "?"))


def test_a_wait_is_read_back_from_a_checkpoint_at_every_step() -> None:
    answers = [GONE, saw("queued"), CANCELLED, RUNS, RUNS, RUNS, saw("completed")]
    policy = structs.replace(POLICY, grace=10.0, deadline=9.0, at_deadline="cancel")
    for operation in (
        wait_for_response("resp_1", policy, settle=5.0),
        wait_for_response(received("queued"), policy, settle=5.0),
        cancel_and_wait("resp_1", policy, settle=5.0),
    ):
        for program in (operation, retrying(operation)):
            steps = stepped(program, answers)
            assert [load_operation(save_checkpoint(step).unwrap()).unwrap().program for step in steps] == steps


def test_like_waits_are_one_key() -> None:
    assert {wait_for_response("resp_1", POLICY): 1}[wait_for_response("resp_1", POLICY)] == 1


# --- that it always ends --------------------------------------------------------------------------

STATUSES = ["queued", "in_progress", "completed", "failed", "incomplete", "cancelled", "searching"]
answers_seen: st.SearchStrategy[HttpResponse] = st.one_of(
    st.just(GONE), st.just(RUNS), st.just(CANCELLED), st.sampled_from(STATUSES).map(saw)
)
policies = st.builds(
    WaitPolicy,
    deadline=st.floats(0, 8),
    initial_delay=st.floats(LEAST_DELAY, 3),
    factor=st.floats(1, 4),
    max_delay=st.floats(LEAST_DELAY, 3),
    jitter=st.floats(0, 1),
    grace=st.floats(0, 10),
    at_deadline=st.sampled_from(("give_up", "cancel")),
)


@settings(deadline=None, max_examples=300)
@given(
    policy=policies,
    answers=st.lists(answers_seen, min_size=1, max_size=12),
    latency=st.floats(0, 3),
    chance=st.floats(0, 1),
    settle=st.floats(0, 10),
    began=st.floats(0, 100),
)
@example(
    policy=WaitPolicy(deadline=8, initial_delay=0.01, factor=1, max_delay=0.01, jitter=1),
    answers=[RUNS],
    latency=0.0,
    chance=0.0,
    settle=0.0,
    began=1.0,
)
def test_whatever_is_answered_a_wait_ends_by_its_deadline_and_one_request(
    *, policy: WaitPolicy, answers: list[HttpResponse], latency: float, chance: float, settle: float, began: float
) -> None:
    hair = 1e-6
    service = Service(*answers, latency=latency, chance=chance)
    waiting = wait_for_response("resp_1", policy, settle=settle)
    result = service.run(delay(began).bind(lambda _: waiting))
    looks = [at - began for at, asked in service.asked if asked == "GET /responses/resp_1"]
    cancelled = [at - began for at, asked in service.asked if asked == CANCELLATION]
    waits = [seconds for seconds in service.clock.slept[1 if began else 0 :] if seconds]
    if cancelled:  # the look after a refused cancellation is not part of the wait
        looks = [at for at in looks if at <= cancelled[0]]
        assert cancelled[0] <= policy.deadline + latency + hair
    assert looks[-1] <= policy.deadline + hair
    assert sum(waits) <= policy.deadline + hair
    assert all(wait >= LEAST_DELAY for wait in waits)
    assert len(looks) == len(waits) + 1 <= policy.deadline / LEAST_DELAY + 2
    if not cancelled:
        assert service.clock.now - began <= policy.deadline + latency + hair
    match result:
        case Success(Response(status=status)):
            assert cancelled or status in ("completed", "failed", "incomplete", "cancelled")
        case Failure(WaitExpired(polls=polls)):
            assert polls == len(looks)
            assert policy.at_deadline == "give_up"
            assert service.clock.now - began >= policy.deadline - LEAST_DELAY - hair
        case _:
            assert isinstance(error_of(result), ApiError)


@settings(deadline=None)
@given(
    policy=policies,
    answers=st.lists(answers_seen, min_size=1, max_size=12),
    at_deadline=st.sampled_from(("give_up", "cancel")),
    settle=st.floats(0, 10),
)
def test_a_watch_gives_in_the_end_what_a_wait_gives(
    policy: WaitPolicy, answers: list[HttpResponse], at_deadline: Literal["give_up", "cancel"], settle: float
) -> None:
    policy = structs.replace(policy, at_deadline=at_deadline)
    waiting, watching = Service(*answers), Service(*answers)
    result = waiting.run(wait_for_response("resp_1", policy, settle=settle))
    *_, last = iterate(watch_response("resp_1", policy, settle=settle), watching, clock=watching.clock, results=True)
    assert result == (last if isinstance(last, Failure) else Success(last))
    assert watching.asked == waiting.asked
