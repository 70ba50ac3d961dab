"""An overall limit for a program: what is sent, waited for and read in time, and what it ends in; in virtual time."""

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct, json, structs
from returns.result import Failure, Result, Success
from stubs import SlowNetwork

from puresponse.codecs.lossless.plain import is_result, is_sequence
from puresponse.core import (
    END,
    Answer,
    ApiError,
    Chunk,
    Close,
    Continue,
    Done,
    Emit,
    End,
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    NotSent,
    Open,
    Operation,
    Perform,
    Read,
    RetryPolicy,
    Send,
    Stop,
    Stream,
    Wait,
    WaitExpired,
    WaitPolicy,
    all_input_items,
    break_off,
    collect,
    configured,
    delay,
    elapsed,
    fail,
    load_operation,
    load_stream,
    loop,
    retrying,
    save_checkpoint,
    sequentially,
    stream_response,
    succeed,
    wait_for_response,
    within,
)
from puresponse.core.combinators.stateful import error_in
from puresponse.transports import (
    CaptureTransport,
    FaultPlan,
    MemoryTransport,
    RateLimited,
    Rule,
    VirtualClock,
    iterate,
    run,
)

OK = HttpResponse(status=200)
UNAVAILABLE = HttpResponse(status=503)
NO_JITTER = RetryPolicy(jitter=0)
CUT = Interrupted("reset", "cut off")


class Status(Struct, frozen=True):
    """Receives an answer, and returns its status."""

    def __call__(self, answer: Answer) -> Operation[int]:
        if isinstance(answer, Failure):
            return Done(answer)
        response = answer.unwrap()
        if response.is_success:
            return succeed(response.status)
        return fail(ApiError(status=response.status, after_interruption=response.after_interruption))


def asking(path: str = "/a", method: str = "GET", **arguments: Any) -> Operation[int]:
    return Send(HttpRequest(method, path, idempotent=method != "POST", **arguments), Status())


class Then(Struct, frozen=True):
    """Goes on with an operation, whatever the value was."""

    operation: Operation[Any]

    def __call__(self, value: Any) -> Operation[Any]:
        return self.operation


def in_a_row(*operations: Operation[Any]) -> Operation[Any]:
    first, *others = operations
    for other in others:
        first = first.bind(Then(other))
    return first


class Results(Struct, frozen=True):
    """Returns the results of a fork."""

    def __call__(self, results: tuple[Result[Any, Error], ...]) -> Operation[Any]:
        return succeed(results)


def expiry(result: Any) -> WaitExpired:
    """What a program, or a stream at its end, expired with."""
    error = error_in(result)
    assert isinstance(error, WaitExpired), error
    return error


# --- what is sent ---------------------------------------------------------------------------------


def test_each_request_has_what_is_left() -> None:
    slow = SlowNetwork((2.0, OK))
    assert slow.run(within(in_a_row(asking(), asking(), asking()), 10)) == Success(200)
    assert slow.allowed == [(0.0, 10.0), (2.0, 8.0), (4.0, 6.0)]


def test_a_request_keeps_a_total_of_its_own_that_is_shorter() -> None:
    slow = SlowNetwork((1.0, OK))
    slow.run(within(in_a_row(asking(total=3.0), asking(total=30.0)), 10))
    assert slow.totals == [3.0, 9.0]


def test_a_limit_longer_than_transports_take_is_the_longest_that_they_take() -> None:
    slow = SlowNetwork((1.0, OK))
    assert slow.run(within(asking(), 1e9)) == Success(200)
    assert slow.totals == [2e6]


def test_what_is_under_way_at_the_limit_is_cut_off_and_nothing_more_is_sent() -> None:
    slow = SlowNetwork((2.0, HttpResponse(status=200, body=b"first")), (9.0, OK))
    error = expiry(slow.run(within(in_a_row(asking("/a"), asking("/b"), asking("/c")), 5)))
    assert (slow.clock.now, slow.times) == (5.0, [0.0, 2.0])
    assert (error.elapsed, error.polls, error.limit) == (5.0, 1, 5.0)
    assert error.last == HttpResponse(status=200, body=b"first")
    assert str(error) == "not done within 5 s: given up after 5.0 s and 1 answer"


def test_a_request_for_which_no_time_is_left_is_not_sent() -> None:
    slow = SlowNetwork((4.995, OK), (0.0, OK))
    error = expiry(slow.run(within(in_a_row(asking(), asking()), 5)))
    assert (slow.times, error.polls, error.elapsed) == ([0.0], 1, 4.995)


def test_a_limit_of_no_seconds_sends_nothing_and_lets_be_what_needs_no_time() -> None:
    slow = SlowNetwork((1.0, OK))
    assert expiry(slow.run(within(asking(), 0))).polls == 0
    assert slow.asked == []
    assert within(succeed(1), 0) == succeed(1)
    assert slow.run(within(elapsed(), 0)) == Success(0.0)


def test_the_limit_counts_from_when_the_program_begins() -> None:
    slow = SlowNetwork((1.0, OK))
    assert slow.run(in_a_row(delay(100.0), within(asking(), 5))) == Success(200)
    assert slow.allowed == [(100.0, 5.0)]


def test_a_program_asks_for_the_time_once_for_each_further_request_and_not_for_the_first_or_after_a_wait() -> None:
    def asked(operation: Operation[Any]) -> list[str]:
        steps: list[str] = []
        while not isinstance(operation, Done):
            assert isinstance(operation, Send | Wait)
            steps.append("send" if isinstance(operation, Send) else "wait" if operation.seconds else "ask")
            operation = operation.resume(Success(OK)) if isinstance(operation, Send) else operation.resume(0.0)
        return steps

    assert asked(within(asking(), 5)) == ["ask", "send"]
    assert asked(within(in_a_row(asking(), asking()), 5)) == ["ask", "send", "ask", "send"]
    assert asked(within(in_a_row(delay(1.0), asking()), 5)) == ["ask", "wait", "send"]
    assert asked(within(within(within(in_a_row(asking(), asking()), 5), 6), 7)) == ["ask", "send", "ask", "send"]
    assert asked(in_a_row(asking(), asking())) == ["send", "send"]


@pytest.mark.parametrize("bad", [-1, -0.001, float("nan"), float("inf"), 1e9 + 1, 10**400, True, "1", None])
def test_a_limit_that_is_no_time_is_an_invalid_argument_of_the_same_kind_of_program(bad: Any) -> None:
    operation = within(asking(), bad)
    assert isinstance(operation, Done)
    error = operation.result.failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == "seconds"
    assert within(all_input_items("resp_1"), bad) == break_off(error)


def test_what_is_no_program_is_a_type_error() -> None:
    program: Any = "resp_1"
    with pytest.raises(TypeError, match=r"^within takes an operation or a stream, not an object of type str"):
        within(program, 5)


# --- waits ----------------------------------------------------------------------------------------


def test_a_wait_that_ends_in_time_is_waited_for_and_one_that_would_not_has_expired_at_once() -> None:
    slow = SlowNetwork((0.0, OK))
    assert slow.run(within(delay(5.0), 5)) == Success(5.0)
    error = expiry(slow.run(within(in_a_row(delay(2.0), delay(3.1), asking()), 5)))
    assert (slow.clock.slept, error.elapsed, slow.asked) == ([5.0, 2.0], 2.0, [])


def test_a_wait_to_the_very_end_is_waited_for_though_sums_of_times_are_rounded() -> None:
    assert 0.7 + 0.1 - 0.7 < 0.1
    slow = SlowNetwork((0.0, OK))
    assert slow.run(in_a_row(delay(0.7), within(delay(0.1), 0.1))) == Success(0.7 + 0.1)


def test_chance_adds_no_more_than_is_left() -> None:
    slow = SlowNetwork((0.0, OK), chance=1.0)
    assert slow.run(within(delay(3.0, 10.0), 5)) == Success(5.0)


def test_once_the_limit_is_seen_to_be_over_not_even_the_time_is_asked_for_again() -> None:
    late = Overrun((9.0, OK))
    assert run(within(in_a_row(asking(), elapsed()), 5), late, clock=late.clock) == Success(9.0)
    expiry(run(within(in_a_row(asking(), elapsed(), elapsed()), 5), late, clock=late.clock))


def test_a_stream_does_not_ask_for_the_time_again_either() -> None:
    late = Overrun((9.0, OK))
    once = Perform(asking(), AfterOpening(performing(elapsed())))
    assert list(iterate(within(once, 5), late, clock=late.clock, results=True)) == [9.0]
    twice = Perform(asking(), AfterOpening(Perform(elapsed(), AfterOpening(performing(elapsed())))))
    (last,) = iterate(within(twice, 5), late, clock=late.clock, results=True)
    assert expiry(last).elapsed == 9.0


# --- what it ends in ------------------------------------------------------------------------------


class Overrun:
    """A transport that does not keep `total`: each answer after its seconds."""

    def __init__(self, *answers: tuple[float, HttpResponse | Error]) -> None:
        self.slow = SlowNetwork(*answers)
        self.clock = self.slow.clock

    def __call__(self, request: HttpRequest) -> Answer:
        return self.slow(structs.replace(request, total=None))


def test_an_answer_that_is_late_is_used_if_the_program_is_done_with_it() -> None:
    late = Overrun((9.0, OK))
    assert run(within(asking(), 5), late, clock=late.clock) == Success(200)
    assert run(within(retrying(asking()), 5), late, clock=late.clock) == Success(200)
    refused = Overrun((9.0, HttpResponse(status=404)))
    assert run(within(asking(), 5), refused, clock=refused.clock) == Failure(ApiError(status=404))


def test_an_answer_that_is_late_is_the_last_if_the_program_is_not_done_with_it() -> None:
    late = Overrun((9.0, OK))
    error = expiry(run(within(in_a_row(asking(), asking()), 5), late, clock=late.clock))
    assert (error.elapsed, error.polls, error.last, len(late.slow.asked)) == (9.0, 1, OK, 1)


def test_what_the_program_makes_of_a_request_that_was_cut_off_is_its_result() -> None:
    slow = SlowNetwork((9.0, OK))
    assert slow.run(within(asking().lash(lambda error: succeed(0)), 5)) == Success(0)
    own = ApiError(status=0)
    assert slow.run(within(asking().alt(lambda error: own), 5)) == Failure(own)


def test_what_the_program_makes_of_a_late_answer_is_its_result_even_if_that_is_as_if_it_were_cut_off() -> None:
    late = Overrun((9.0, OK))
    assert run(within(asking().bind(Then(fail(CUT))), 5), late, clock=late.clock) == Failure(CUT)


def test_what_breaks_off_in_time_is_what_it_broke_off_with() -> None:
    for error in (CUT, NotSent("refused", "nobody listens")):
        slow = SlowNetwork((1.0, error))
        assert slow.run(within(asking(), 5)) == Failure(error)
        assert slow.run(within(fail(error), 5)) == Failure(error)


def test_what_was_received_of_the_answer_that_was_cut_off_is_the_last() -> None:
    part = HttpResponse(status=200, body=b'{"id": "resp_1", ')

    def transport(request: HttpRequest) -> Answer:
        clock.now += request.total or 0.0
        return Failure(Interrupted("read_timeout", "late", part))

    clock = VirtualClock()
    assert expiry(run(within(asking(), 5), transport, clock=clock)).last == part


def test_the_partial_answer_that_a_collected_stream_can_use_is_used() -> None:
    """A stream that had its last event is over, though its body was held open until the limit."""
    service = MemoryTransport()
    body = service(HttpRequest("POST", "/responses", body=b'{"model":"m","input":"x","stream":true}')).unwrap()

    def transport(request: HttpRequest) -> Answer:
        clock.now += request.total or 0.0
        return Failure(Interrupted("read_timeout", "late", body))

    clock = VirtualClock()
    events = run(within(collect(stream_response(model="m", input="x")), 5), transport, clock=clock).unwrap()
    assert (events[-1].type, clock.now) == ("response.completed", 5.0)


# --- whether the server may have acted ------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "acted"), [("GET", False), ("HEAD", False), ("DELETE", True), ("POST", True), ("PATCH", True)]
)
def test_what_was_cut_off_may_have_acted_unless_it_only_reads(method: str, acted: bool) -> None:
    slow = SlowNetwork((9.0, OK))
    error = expiry(slow.run(within(asking(method=method), 5)))
    assert (error.may_have_acted, error.left_open, error.retryable) == (acted, acted, True)
    assert ("may have been acted upon" in str(error)) is acted


def test_what_could_not_connect_in_time_has_not_acted() -> None:
    unsent = NotSent("connect_timeout", "late")

    def transport(request: HttpRequest) -> Answer:
        clock.now += request.total or 0.0
        return Failure(unsent)

    clock = VirtualClock()
    error = expiry(run(within(asking(method="DELETE"), 5), transport, clock=clock))
    assert (error.may_have_acted, error.elapsed) == (False, 5.0)


def test_what_was_not_sent_for_lack_of_time_has_not_acted() -> None:
    for first in (HttpResponse(status=200), HttpResponse(status=503)):
        late = Overrun((9.0, first))
        operation = asking("/a", "DELETE").lash(Then(succeed(0))).bind(Then(asking("/b", "DELETE")))
        assert not expiry(run(within(operation, 5), late, clock=late.clock)).may_have_acted


@pytest.mark.parametrize(
    ("earlier", "acted"),
    [
        (CUT, True),
        (HttpResponse(status=503), True),
        (HttpResponse(status=408), True),
        (HttpResponse(status=503, headers=(("x-should-retry", "true"),)), False),
        (HttpResponse(status=429), False),
        (NotSent("refused", "?"), False),
    ],
    ids=["interrupted", "503", "408", "503, did not act", "429", "not sent"],
)
def test_an_earlier_attempt_at_the_request_counts(earlier: HttpResponse | Error, acted: bool) -> None:
    patient = RetryPolicy(max_retries=9, initial_delay=2.0, max_delay=2.0, jitter=0)
    slow = SlowNetwork((1.0, earlier), (1.0, HttpResponse(status=429)), (1.0, NotSent("refused", "?")))
    error = expiry(slow.run(within(retrying(asking(method="DELETE"), patient), 8.5)))
    assert (len(slow.asked), error.elapsed) == (3, 7.0)  # the pause after the third would end too late
    assert error.may_have_acted is acted
    reading = SlowNetwork((1.0, earlier))
    assert not expiry(reading.run(within(retrying(asking(), patient), 8.5))).may_have_acted


def test_what_an_earlier_request_left_open_is_not_said_of_another() -> None:
    slow = SlowNetwork((1.0, CUT), (9.0, OK))
    other = asking("/a", "DELETE").lash(Then(asking("/b", "GET")))
    assert not expiry(slow.run(within(other, 5))).may_have_acted
    answered = SlowNetwork((1.0, CUT), (1.0, OK), (9.0, OK))
    same = in_a_row(asking("/a", "DELETE").lash(Then(asking("/a", "DELETE"))), asking("/b", "GET"))
    assert not expiry(answered.run(within(same, 5))).may_have_acted


@pytest.mark.parametrize("kind", ["fork", "stream"])
def test_what_a_limit_outside_left_open_is_known_to_the_one_inside(kind: str) -> None:
    """The outer ends an operation for which it leaves no time, and the inner is the first that meets what follows."""
    policy = RetryPolicy(initial_delay=6.0, jitter=0)
    unsafe, later = retrying(asking(method="DELETE"), policy), delay(20.0)
    slow = SlowNetwork((1.0, UNAVAILABLE))
    if kind == "fork":
        result: Any = slow.run(within(within(in_a_row(Fork((unsafe,), Results()), later), 10).map(same), 5))
    else:
        stream = within(Perform(unsafe, AfterOpening(performing(later))), 10)
        (result,) = iterate(within(Perform(succeed(0), AfterOpening(stream)), 5), slow, clock=slow.clock, results=True)
    error = expiry(result)
    assert (error.limit, error.elapsed, error.may_have_acted) == (10.0, 1.0, True)


# --- with options ---------------------------------------------------------------------------------


@pytest.mark.parametrize("outside", [True, False])
def test_all_pages_of_a_stream_in_a_limit_are_configured(outside: bool) -> None:
    capture = CaptureTransport(MemoryTransport())
    items = all_input_items("resp_long")
    stream = (
        configured(within(items, 60), headers={"X-Job": "1"})
        if outside
        else within(configured(items, headers={"X-Job": "1"}), 60)
    )
    assert len(list(iterate(stream, capture, results=True))) == 250
    sent = [exchange.request for exchange in capture.exchanges]
    assert [dict(request.headers)["X-Job"] for request in sent] == ["1", "1", "1"]
    assert all(request.total is not None for request in sent)


# --- with retries and waits -------------------------------------------------------------------------


def test_a_limit_over_retries_is_one_for_all_attempts_and_sleeps_no_pause_that_nothing_could_follow() -> None:
    slow = SlowNetwork((1.0, UNAVAILABLE))
    policy = RetryPolicy(max_retries=9, initial_delay=2.0, max_delay=2.0, jitter=0)
    error = expiry(slow.run(within(retrying(asking(), policy), 8.5)))
    assert (slow.allowed, slow.clock.slept) == ([(0.0, 8.5), (3.0, 5.5), (6.0, 2.5)], [2.0, 2.0])
    assert (slow.clock.now, error.polls, error.last) == (7.0, 3, UNAVAILABLE)


def test_retries_of_what_has_a_limit_keep_it_and_end_with_the_last_answer() -> None:
    slow = SlowNetwork((1.0, UNAVAILABLE))
    policy = RetryPolicy(max_retries=9, initial_delay=2.0, max_delay=2.0, jitter=0)
    result = slow.run(retrying(within(asking(), 8.5), policy))
    assert (slow.allowed, slow.clock.slept) == ([(0.0, 8.5), (3.0, 5.5), (6.0, 2.5)], [2.0, 2.0])
    assert (slow.clock.now, result) == (7.0, Failure(ApiError(status=503)))


@pytest.mark.parametrize("deadline", [3.0, 30.0])
def test_a_wait_has_the_shorter_of_its_deadline_and_the_limit(deadline: float) -> None:
    clock = VirtualClock()
    waiting = wait_for_response("resp_in_progress", WaitPolicy(deadline=deadline, jitter=0))
    error = expiry(run(within(waiting, 10), MemoryTransport(), clock=clock))
    if deadline < 10:
        assert (error.limit, error.elapsed, error.response_id) == (None, 3.0, "resp_in_progress")
    else:
        assert error.limit == 10.0
        assert isinstance(error.last, HttpResponse)
        assert b"resp_in_progress" in error.last.body
    assert clock.now <= 10


def test_a_poll_that_the_limit_cuts_off_names_the_response() -> None:
    slow = SlowNetwork((99.0, OK))
    error = expiry(slow.run(within(wait_for_response("resp_1", WaitPolicy(deadline=60)), 5)))
    assert (error.response_id, error.limit, slow.clock.now) == ("resp_1", 5.0, 5.0)
    assert not error.may_have_acted


# --- forks ----------------------------------------------------------------------------------------


def test_the_operations_of_a_fork_have_the_same_end() -> None:
    slow = SlowNetwork((2.0, OK))
    fork: Operation[Any] = Fork((asking("/a"), in_a_row(asking("/b"), asking("/c")), asking("/d")), Results())
    first, second, third = slow.run(within(in_a_row(asking("/0"), fork), 7)).unwrap()
    assert slow.asked == [(0.0, "GET /0"), (2.0, "GET /a"), (4.0, "GET /b"), (6.0, "GET /c")]
    assert slow.totals == [7.0, 5.0, 3.0, 1.0]
    assert first == Success(200)
    assert (expiry(second).polls, expiry(second).elapsed) == (2, 7.0)
    assert (expiry(third).polls, expiry(third).elapsed) == (1, 7.0)


def test_a_fork_that_is_taken_apart_is_limited_like_a_fork() -> None:
    fork = Fork((asking("/a"), in_a_row(asking("/b"), asking("/c")), asking("/d")), Results())
    limited = within(in_a_row(asking("/0"), fork), 7)
    apart = within(in_a_row(asking("/0"), sequentially(fork)), 7)
    slow, same = SlowNetwork((2.0, OK)), SlowNetwork((2.0, OK))
    assert isinstance(expiry(same.run(apart)), WaitExpired)  # where the limit is outside, it ends the whole
    results = slow.run(limited).unwrap()
    assert (slow.asked, len(results)) == (same.asked, 3)


def test_what_the_operations_of_a_fork_were_answered_counts_behind_it() -> None:
    slow = SlowNetwork((1.0, OK), (1.0, HttpResponse(status=200, body=b"b")), (9.0, OK))
    fork: Operation[Any] = Fork((asking("/a"), asking("/b")), Results())
    error = expiry(slow.run(within(in_a_row(fork, asking("/c")), 5)))
    assert (error.polls, error.last) == (2, HttpResponse(status=200, body=b"b"))


# --- streams --------------------------------------------------------------------------------------


class ReadOn(Struct, frozen=True):
    """Emits each chunk of a body."""

    seconds: float | None = None

    def __call__(self, chunk: Chunk) -> Stream[Any]:
        if isinstance(chunk, Failure):
            return break_off(chunk.failure())
        data = chunk.unwrap()
        return Emit((data,), Read(self, self.seconds)) if data else END


class Opened(Struct, frozen=True):
    """Receives the answer to an opening, and reads its body."""

    seconds: float | None = None

    def __call__(self, answer: Answer) -> Stream[Any]:
        return break_off(answer.failure()) if isinstance(answer, Failure) else Read(ReadOn(self.seconds), self.seconds)


class EmitValue(Struct, frozen=True):
    """Emits what an operation returns, then goes on."""

    rest: Stream[Any]

    def __call__(self, result: Result[Any, Error]) -> Stream[Any]:
        return break_off(result.failure()) if isinstance(result, Failure) else Emit((result.unwrap(),), self.rest)


def opening(seconds: float | None = None) -> Stream[Any]:
    return Open(HttpRequest("GET", "/a"), Opened(seconds))


def performing(*operations: Operation[Any]) -> Stream[Any]:
    stream: Stream[Any] = END
    for operation in reversed(operations):
        stream = Perform(operation, EmitValue(stream))
    return stream


def stepped(
    stream: Stream[Any],
    clock: VirtualClock,
    chunks: Callable[[float | None], Chunk],
    answers: tuple[tuple[float, HttpResponse | Error], ...] = ((2.0, OK),),
) -> list[Any]:
    """What each step of a stream says, but for the questions for the time."""
    said: list[Any] = []
    slow = SlowNetwork(*answers)
    slow.clock = clock
    while not isinstance(stream, End):
        match stream:
            case Emit(values, rest):
                said += values
                stream = rest
            case Perform(operation, resume):
                stream = resume(run(operation, slow, clock=clock, elapsed=clock.now))
            case Open(request, resume):
                said.append(("open", request.total))
                stream = resume(Success(OK))
            case Read(resume, seconds):
                said.append(("read", seconds))
                stream = resume(chunks(seconds))
            case Close(rest, seconds):
                said.append(("close", seconds))
                clock.now += seconds
                stream = rest
    return [*said, stream.result]


def dripping(clock: VirtualClock) -> Callable[[float | None], Chunk]:
    def chunk(seconds: float | None) -> Chunk:
        if seconds is not None and seconds < 2.0:
            clock.now += seconds
            return Failure(Interrupted("read_timeout", "silent"))
        clock.now += 2.0
        return Success(b"x")

    return chunk


def test_an_opening_and_each_chunk_have_what_is_left_and_the_body_is_closed() -> None:
    clock = VirtualClock()
    *said, result = stepped(within(opening(), 5), clock, dripping(clock))
    assert said == [("open", 5.0), ("read", 5.0), b"x", ("read", 3.0), b"x", ("read", 1.0), ("close", 0.0)]
    assert (expiry(result).elapsed, expiry(result).polls, expiry(result).last) == (5.0, 1, OK)
    assert clock.now == 5.0


class EndNamed(Struct, frozen=True):
    """Ends a stream with what reading failed with, and with the response that it was about."""

    def __call__(self, chunk: Chunk) -> Stream[Any]:
        error: Any = chunk.failure()
        return End(Failure(structs.replace(error, response_id="resp_1")))


def test_the_end_of_a_stream_that_the_limit_cuts_off_names_the_response() -> None:
    clock = VirtualClock()
    stream: Stream[Any] = Open(HttpRequest("GET", "/a"), AfterOpening(Read(EndNamed(), None)))
    *_, result = stepped(within(stream, 1.5), clock, dripping(clock))
    assert (expiry(result).response_id, expiry(result).limit, clock.now) == ("resp_1", 1.5, 1.5)


def test_a_chunk_keeps_a_limit_of_its_own_that_is_shorter() -> None:
    clock = VirtualClock()
    *said, _ = stepped(within(opening(2.5), 5), clock, dripping(clock))
    assert said == [("open", 5.0), ("read", 2.5), b"x", ("read", 2.5), b"x", ("read", 1.0), ("close", 0.0)]


def test_a_body_is_read_no_more_once_the_time_is_over() -> None:
    clock = VirtualClock()

    def late(seconds: float | None) -> Chunk:
        clock.now += 9.0
        return Success(b"x")

    *said, result = stepped(within(opening(), 5), clock, late)
    assert said == [("open", 5.0), ("read", 5.0), b"x", ("close", 0.0)]
    assert expiry(result).elapsed == 9.0


def test_a_stream_has_expired_where_no_time_is_left_for_the_pause_before_it_is_opened_again() -> None:
    opening = retrying(Open(HttpRequest("GET", "/a", idempotent=True), Opened()), NO_JITTER)
    service = MemoryTransport(faults=FaultPlan((Rule(RateLimited(1.0)),)))
    (result,) = iterate(within(opening, 0.4), service, clock=VirtualClock(), results=True)
    assert expiry(result).limit == 0.4
    assert len(service.requests) == 1


def test_closing_waits_for_the_end_of_a_body_no_longer_than_is_left() -> None:
    clock = VirtualClock()
    stream: Stream[Any] = Open(HttpRequest("GET", "/a"), AfterOpening(Close(END, 4.0)))
    assert stepped(within(stream, 5), clock, dripping(clock)) == [("open", 5.0), ("close", 4.0), Success(None)]
    later = Perform(asking(), AfterOpening(stream))
    assert stepped(within(later, 5), VirtualClock(), dripping(clock)) == [("open", 3.0), ("close", 3.0), Success(None)]


def test_closing_takes_time_and_leaves_no_body_to_be_closed() -> None:
    clock = VirtualClock()
    stream = Open(HttpRequest("GET", "/a"), AfterOpening(Close(Open(HttpRequest("GET", "/b"), AfterOpening(END)), 3.0)))
    assert stepped(within(stream, 5), clock, dripping(clock)) == [
        ("open", 5.0),
        ("close", 3.0),
        ("open", 2.0),
        Success(None),
    ]
    waiting = Open(HttpRequest("GET", "/a"), AfterOpening(Close(performing(delay(9.0)))))
    *said, result = stepped(within(waiting, 5), VirtualClock(), dripping(clock))
    assert said == [("open", 5.0), ("close", 0.0)]
    assert expiry(result).elapsed == 0.0


class AfterOpening(Struct, frozen=True):
    """Goes on with a stream, whatever the answer was."""

    stream: Stream[Any]

    def __call__(self, answer: Any) -> Stream[Any]:
        return self.stream


def test_what_a_stream_has_emitted_stays_and_then_it_has_expired() -> None:
    slow = SlowNetwork((2.0, OK))
    values = list(iterate(within(performing(asking(), asking(), asking()), 5), slow, clock=slow.clock, results=True))
    assert values[:2] == [200, 200]
    error = expiry(values[2])
    assert (len(values), error.elapsed, error.polls, slow.clock.now) == (3, 5.0, 2, 5.0)
    assert slow.totals == [5.0, 3.0, 1.0]


def test_an_operation_of_a_stream_is_known_behind_it() -> None:
    slow = SlowNetwork((2.0, HttpResponse(status=200, body=b"a")), (2.0, CUT))
    stream: Stream[Any] = performing(asking("/a"), asking("/b", "DELETE").lash(Then(succeed(0))), delay(9.0))
    *values, last = iterate(within(stream, 5), slow, clock=slow.clock, results=True)
    error = expiry(last)
    assert values == [200, 0]
    assert (error.elapsed, error.polls, error.last) == (4.0, 1, HttpResponse(status=200, body=b"a"))
    assert error.may_have_acted


def test_what_a_request_left_open_is_not_said_of_a_body_after_a_fork_of_others() -> None:
    def cut_off(*operations: Operation[Any]) -> WaitExpired:
        stream: Stream[Any] = Read(ReadOn())
        for operation in reversed(operations):
            stream = Perform(operation, AfterOpening(stream))
        clock = VirtualClock()
        stream = Open(HttpRequest("GET", "/a"), AfterOpening(stream))
        return expiry(stepped(within(stream, 6), clock, dripping(clock), ((1.0, CUT), (2.0, OK)))[-1])

    deletion = asking("/b", "DELETE").lash(Then(succeed(0)))
    assert cut_off(deletion).may_have_acted
    assert not cut_off(deletion, Fork((asking("/c"),), Results())).may_have_acted


def test_the_time_that_whoever_asks_for_values_takes_counts() -> None:
    slow = SlowNetwork((1.0, OK))
    values = iterate(within(performing(asking(), asking()), 5), slow, clock=slow.clock, results=True)
    assert next(values) == 200
    slow.clock.now += 10.0
    assert expiry(next(values)).elapsed == 11.0
    assert len(slow.asked) == 1


class EmitPart(Struct, frozen=True):
    """Emits something, then ends as what it is resumed with did."""

    def __call__(self, result: Result[Any, Error]) -> Stream[Any]:
        return Emit(("part",), break_off(result.failure()) if isinstance(result, Failure) else END)


@pytest.mark.parametrize(
    "stream",
    [
        Perform(asking(), EmitPart()),
        Open(HttpRequest("GET", "/a"), EmitPart()),
        Open(HttpRequest("GET", "/a"), AfterOpening(Read(EmitPart()))),
    ],
    ids=["an operation", "an opening", "a chunk"],
)
@pytest.mark.parametrize("when", [1.0, 5.0])
def test_when_a_stream_broke_off_counts_and_not_how_long_its_values_were_used(stream: Stream[Any], when: float) -> None:
    clock = VirtualClock()
    slow = SlowNetwork((when, CUT))
    slow.clock = clock

    def cut(seconds: float | None) -> Chunk:
        clock.now += when
        return Failure(CUT)

    def opened(request: HttpRequest) -> Answer:
        return Success(OK) if isinstance(stream, Open) and stream.resume != EmitPart() else slow(request)

    step = within(stream, 5)
    while not isinstance(step, Emit):
        match step:
            case Perform(operation, resume):
                step = resume(run(operation, slow, clock=clock, elapsed=clock.now))
            case Open(request, resume):
                step = resume(opened(request))
            case Read(resume, seconds):
                step = resume(cut(seconds))
            case _:
                pytest.fail(f"{step} is none of these")
    assert step.values == ("part",)
    clock.now += 100.0
    *_, result = stepped(step.rest, clock, cut)
    if when < 5:
        assert result == Failure(CUT)
    else:
        assert expiry(result).elapsed == 5.0


def test_values_that_are_there_already_are_emitted_however_late() -> None:
    class Late(Struct, frozen=True):
        def __call__(self, result: Any) -> Stream[Any]:
            return Emit((1,), Emit((2,), END))

    late = Overrun((9.0, OK))
    assert list(iterate(within(Perform(asking(), Late()), 5), late, clock=late.clock, results=True)) == [1, 2]


def test_the_limit_of_a_stream_counts_from_its_beginning_whatever_that_is() -> None:
    slow = SlowNetwork((2.0, OK))
    values = iterate(within(Emit((1,), performing(asking())), 5), slow, clock=slow.clock, results=True)
    assert next(values) == 1
    slow.clock.now += 10.0
    assert expiry(next(values)).elapsed == 10.0
    assert slow.asked == []


def test_a_stream_of_events_ends_when_its_limit_does() -> None:
    clock = VirtualClock()
    service = MemoryTransport(clock=clock)
    events = list(iterate(within(stream_response(model="m", input="x"), 60), service, clock=clock, results=True))
    assert events == list(
        iterate(stream_response(model="m", input="x"), MemoryTransport(clock=VirtualClock()), results=True)
    )
    *_, last = iterate(within(stream_response(model="m", input="x"), 0), service, results=True)
    assert expiry(last).polls == 0


# --- laws -----------------------------------------------------------------------------------------

ANSWERS: list[HttpResponse | Error] = [OK, OK, OK, UNAVAILABLE, HttpResponse(status=404), CUT, NotSent("refused", "?")]
seconds = st.sampled_from([0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0])


def all_of(operations: list[Operation[Any]]) -> Operation[Any]:
    return Fork(tuple(operations), Results())


def lashed(one: Operation[Any], other: Operation[Any]) -> Operation[Any]:
    return one.lash(Then(other))


def repeated(operation: Operation[Any]) -> Operation[Any]:
    return retrying(operation, NO_JITTER)


def in_turn(operations: list[Operation[Any]]) -> Operation[Any]:
    return in_a_row(*operations)


Programs = st.SearchStrategy[Operation[Any]]


def composed(inner: Programs) -> Programs:
    """Programs of others."""
    return (
        st.lists(inner, min_size=1, max_size=4).map(in_turn)
        | st.lists(inner, min_size=1, max_size=3).map(all_of)
        | st.builds(lashed, inner, inner)
        | inner.map(repeated)
        | st.builds(within, inner, seconds)
    )


requests: Programs = st.builds(asking, st.sampled_from(["/a", "/b"]), st.sampled_from(["GET", "DELETE", "POST"]))
waits: Programs = st.builds(delay, seconds) | st.just(elapsed())
values: Programs = st.builds(succeed, st.integers(0, 9))
programs: Programs = st.recursive(requests | waits | values, composed, max_leaves=8)
networks = st.lists(st.tuples(seconds, st.sampled_from(ANSWERS)), min_size=1, max_size=8)
limits = st.sampled_from([0.0, 0.5, 1.0, 2.5, 4.0, 7.75, 1000.0])


@settings(deadline=None)
@given(program=programs, network=networks, limit=limits)
def test_a_program_never_lasts_longer_than_its_limit(program: Operation[Any], network: list[Any], limit: float) -> None:
    slow = SlowNetwork(*network)
    slow.run(within(program, limit))
    assert slow.clock.now <= limit + 1e-6
    assert all(at + (total or 0.0) <= limit + 1e-6 for at, total in slow.allowed)
    assert all(total is not None and total >= 0.01 for total in slow.totals)


@settings(deadline=None)
@given(program=programs, network=networks, limit=limits)
def test_with_a_transport_that_keeps_no_total_it_lasts_as_much_longer_as_one_exchange(
    program: Operation[Any], network: list[Any], limit: float
) -> None:
    late = Overrun(*network)
    run(within(program, limit), late, clock=late.clock)
    assert late.clock.now <= limit + max(duration for duration, _ in network) + 1e-6


@settings(deadline=None)
@given(program=programs, network=networks, limit=limits)
def test_a_program_that_ends_in_time_is_what_it_is_without_a_limit(
    program: Operation[Any], network: list[Any], limit: float
) -> None:
    plain, limited = SlowNetwork(*network), SlowNetwork(*network)
    result = plain.run(program)
    if plain.clock.now > limit - 0.01:
        return
    assert limited.run(within(program, limit)) == result
    assert (limited.asked, limited.clock.slept) == (plain.asked, plain.clock.slept)


@settings(deadline=None)
@given(program=programs, network=networks, limit=limits, other=limits)
def test_of_limits_in_each_other_the_shorter_counts(
    program: Operation[Any], network: list[Any], limit: float, other: float
) -> None:
    nested, least = SlowNetwork(*network), SlowNetwork(*network)
    result = nested.run(within(within(program, limit), other))
    assert result == least.run(within(program, min(limit, other)))
    assert (nested.allowed, nested.clock.slept) == (least.allowed, least.clock.slept)
    stream = performing(program, program)
    assert within(within(stream, limit), other) == within(stream, min(limit, other))


def outlined(value: Any) -> Any:
    """A value with nothing of what has expired in it but when, and whether that may have acted."""
    if is_sequence(value):
        return tuple(outlined(member) for member in value)
    if is_result(value):
        return value.map(outlined).alt(outlined)
    return (value.elapsed, value.may_have_acted) if isinstance(value, WaitExpired) else value


def same(value: Any) -> Any:
    return value


@settings(deadline=None)
@given(operations=st.lists(programs, min_size=1, max_size=3), network=networks, limit=limits, other=limits)
def test_where_a_limit_is_in_the_midst_of_another_the_shorter_counts_too(
    operations: list[Operation[Any]], network: list[Any], limit: float, other: float
) -> None:
    """Which of them gave up, and what that one knew of forks and streams that the other ended, may differ."""
    nested, least = SlowNetwork(*network), SlowNetwork(*network)
    program = in_a_row(*operations)
    result = nested.run(within(within(program, limit).map(same), other))
    assert outlined(result) == outlined(least.run(within(program, min(limit, other))))
    assert (nested.allowed, nested.clock.slept) == (least.allowed, least.clock.slept)
    least = SlowNetwork(*network)
    stream = performing(*operations)
    found = list(iterate(within(stream, min(limit, other)), least, clock=least.clock, results=True))
    inner = Perform(succeed(0), AfterOpening(within(stream, limit)))
    again = SlowNetwork(*network)
    values = list(iterate(within(inner, other), again, clock=again.clock, results=True))
    assert list(map(outlined, values)) == list(map(outlined, found))
    assert again.allowed == least.allowed


@settings(deadline=None)
@given(operations=st.lists(programs, min_size=1, max_size=3), network=networks, limit=limits)
def test_a_stream_keeps_the_same_laws(operations: list[Operation[Any]], network: list[Any], limit: float) -> None:
    plain, limited = SlowNetwork(*network), SlowNetwork(*network)
    stream = performing(*operations)
    values = list(iterate(stream, plain, clock=plain.clock, results=True))
    found = list(iterate(within(stream, limit), limited, clock=limited.clock, results=True))
    assert limited.clock.now <= limit + 1e-6
    if plain.clock.now <= limit - 0.01:
        assert (found, limited.asked) == (values, plain.asked)


@settings(deadline=None)
@given(program=programs, network=networks, limit=limits)
def test_a_program_that_is_saved_at_every_step_keeps_its_end(
    program: Operation[Any], network: list[Any], limit: float
) -> None:
    whole, slow = SlowNetwork(*network), SlowNetwork(*network)
    names: dict[str, object] = {"Status": Status, "Then": Then, "Results": Results}
    operation: Operation[Any] = within(program, limit)
    result = whole.run(operation)
    while not isinstance(operation, Done):
        data = save_checkpoint(operation, elapsed=slow.clock.now, names=names).unwrap()
        loaded = load_operation(data, names=names).unwrap()
        assert (loaded.program, pickle.loads(pickle.dumps(operation))) == (operation, operation)
        operation = stepped_once(loaded.program, slow)
    assert (operation.result, slow.allowed) == (result, whole.allowed)


def stepped_once(operation: Operation[Any], slow: SlowNetwork) -> Operation[Any]:
    match operation:
        case Send(request, resume):
            return resume(slow(request))
        case Wait(seconds, _, resume):
            slow.clock.now += seconds
            return resume(slow.clock.now)
        case Fork():
            return sequentially(operation)
        case Done():
            return operation


def test_a_stream_that_is_saved_in_the_middle_and_resumed_later_keeps_its_end() -> None:
    slow = SlowNetwork((2.0, OK))
    stream = within(all_input_items("resp_long"), 30)
    service = MemoryTransport()
    while not isinstance(stream, Emit):
        assert isinstance(stream, Perform)
        stream = stream.resume(run(stream.operation, service, clock=slow.clock))
    data = save_checkpoint(stream, elapsed=12.0).unwrap()
    loaded = load_stream(data).unwrap()
    assert loaded.program == stream
    in_time = list(iterate(loaded.program, service, elapsed=loaded.elapsed, results=True))
    assert in_time == list(iterate(all_input_items("resp_long"), service, results=True))
    *items, last = iterate(loaded.program, service, clock=slow.clock, elapsed=31.0, results=True)
    assert len(items) == 100
    assert expiry(last).elapsed == 31.0


def served(operation: Operation[Any], service: MemoryTransport) -> Operation[Any]:
    match operation:
        case Send(request, resume):
            return resume(service(request))
        case Wait(_, _, resume):
            return resume(0.0)
        case _:
            return operation


def test_a_stream_that_is_saved_in_the_midst_of_an_operation_goes_on_with_what_that_reports() -> None:
    service = MemoryTransport()
    stream = within(all_input_items("resp_long"), 30)
    while not isinstance(stream, Emit):
        assert isinstance(stream, Perform)
        resume = stream.resume
        operation: Operation[Any] = stream.operation
        while not isinstance(operation, Done):
            operation = served(operation, service)
            midst = Perform(operation, resume)
            assert load_stream(save_checkpoint(midst).unwrap()).unwrap().program == midst
        stream = resume(operation.result)
    assert list(iterate(stream, service, results=True)) == list(
        iterate(all_input_items("resp_long"), service, results=True)
    )


def test_a_report_that_names_no_limit_does_not_move_the_end() -> None:
    """Such a one is in none but a forged checkpoint."""
    beginning = within(Perform(asking(), AfterOpening(performing(asking("/b")))), 5)
    assert isinstance(beginning, Perform)
    stream = beginning.resume(Success(0.0))
    assert isinstance(stream, Perform)
    assert isinstance(stream.operation, Send)
    names = {"Status": Status, "AfterOpening": AfterOpening, "EmitValue": EmitValue}
    midst = Perform(stream.operation.resume(Success(OK)), stream.resume)
    forged = json.decode(save_checkpoint(midst, elapsed=1.0, names=names).unwrap())
    report = forged["program"]["operation"]["result"]["value"]
    assert (report["$"], len(report["rules"])) == ("Reported", 1)
    report["rules"] = []
    loaded = load_stream(json.encode(forged), names=names).unwrap()

    def resumed(elapsed: float) -> tuple[list[Any], list[float | None]]:
        slow = SlowNetwork((1.0, OK))
        values = iterate(loaded.program, slow, clock=slow.clock, elapsed=elapsed, results=True)
        return list(values), slow.totals

    assert resumed(3.0) == ([200], [2.0])
    (last,), totals = resumed(9.0)
    assert (expiry(last).elapsed, totals) == (9.0, [])


def test_a_program_within_a_limit_does_not_grow() -> None:
    operation: Operation[Any] = within(loop(1_000, Turn()), 60)
    sizes: list[int] = []
    for _ in range(1_000):
        assert isinstance(operation, Send | Wait)
        if isinstance(operation, Send):
            sizes.append(len(pickle.dumps(operation)))
        operation = operation.resume(Success(OK)) if isinstance(operation, Send) else operation.resume(0.0)
    assert sizes[-1] - sizes[1] < 10  # what a number takes more


class Turn(Struct, frozen=True):
    """Asks, and takes another turn."""

    def __call__(self, number: int) -> Operation[Continue[int] | Stop[int]]:
        return asking().map(Again(number))


class Again(Struct, frozen=True):
    """Says to go on."""

    number: int

    def __call__(self, status: int) -> Continue[int] | Stop[int]:
        return Continue(self.number)


# --- depth ----------------------------------------------------------------------------------------


def test_a_thousand_limits_over_each_other_are_flat() -> None:
    program: Operation[Any] = in_a_row(asking(), asking(), asking())
    stream: Stream[Any] = performing(asking(), asking(), asking())
    for limit in range(1_000):
        program, stream = within(program.map(same), 10 + limit), within(stream.then(End), 10 + limit)
    slow = SlowNetwork((2.0, OK))
    assert isinstance(program, Wait)
    program = program.resume(0.0)
    for twin in (pickle.loads(pickle.dumps(program)), structs.replace(program)):
        assert twin == program
    assert len(repr(program)) < 3_000
    assert slow.run(program) == Success(200)
    assert slow.allowed == [(0.0, 10.0), (2.0, 8.0), (4.0, 6.0)]
    again = SlowNetwork((2.0, OK))
    assert list(iterate(stream, again, clock=again.clock, results=True)) == [200, 200, 200]
    assert again.allowed == slow.allowed
    names: dict[str, object] = {"Status": Status, "Then": Then, "same": same}
    data = save_checkpoint(program, names=names).unwrap()
    assert load_operation(data, names=names).unwrap().program == program


def test_a_thousand_requests_within_a_limit_take_one_question_each() -> None:
    program: Operation[Any] = asking()
    for _ in range(999):
        program = program.bind(Then(asking()))
    slow = SlowNetwork((0.001, OK))
    assert slow.run(within(program, 60)) == Success(200)
    assert len(slow.asked) == 1_000


class First(Struct, frozen=True):
    """Ends as the first operation of a fork did."""

    def __call__(self, results: tuple[Result[Any, Error], ...]) -> Operation[Any]:
        return Done(results[0])


def test_a_thousand_forks_within_each_other_have_the_same_end() -> None:
    program: Operation[Any] = in_a_row(asking(), asking())
    for _ in range(1_000):
        program = Fork((program,), First())
    slow = SlowNetwork((2.0, OK))
    assert slow.run(within(program, 10)) == Success(200)
    assert slow.allowed == [(0.0, 10.0), (2.0, 8.0)]
