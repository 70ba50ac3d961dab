"""Streams of events: every event once and in order, whatever breaks on the way."""

import asyncio
import copy
import pickle
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeVar

import pytest
from event_service import (
    EVEN,
    LIFE,
    LOST,
    RESET,
    TOO_OLD,
    WAIT,
    ChunkedBody,
    Chunks,
    Service,
    about,
    created,
    data_of,
    delta,
    error_in,
    life,
    refusal,
    response,
    resumed,
    sent,
    typed,
    wire,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs
from returns.result import Failure, Result, Success

from puresponse.codecs import Response, StreamOptions, Unknown, decode_stream_event
from puresponse.core import (
    ApiError,
    Close,
    DecodeError,
    Emit,
    End,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    NotSent,
    Open,
    Perform,
    Read,
    RetryPolicy,
    Stream,
    WaitExpired,
    collect,
    response_so_far,
    resume_stream,
    retrying,
    sequence_number,
    stream_response,
)
from puresponse.transports import Body, VirtualClock, in_threads, iterate, iterate_async, json_response, run
from puresponse.transports.testing.stub import StubTransport

T = TypeVar("T")


# --- every event once and in order ---------------------------------------------------------------


def test_a_response_is_created_to_be_streamed() -> None:
    stream = stream_response(
        model="m", input="hi", stream_options=StreamOptions(include_obfuscation=False), timeout=9.0
    )
    assert isinstance(stream, Open)
    assert stream.request == HttpRequest(
        "POST",
        "/responses",
        headers=(("Content-Type", "application/json"), ("Accept", "text/event-stream")),
        body=b'{"model":"m","input":"hi","stream":true,"stream_options":{"include_obfuscation":false}}',
        timeout=9.0,
    )


def test_a_stream_is_resumed_after_an_event() -> None:
    stream = resume_stream("resp_1", starting_after=4, include=["a", "b"], include_obfuscation=True)
    assert isinstance(stream, Open)
    assert stream.request == HttpRequest(
        "GET",
        "/responses/resp_1",
        (
            ("stream", "true"),
            ("starting_after", "4"),
            ("include[]", "a"),
            ("include[]", "b"),
            ("include_obfuscation", "true"),
        ),
        (("Accept", "text/event-stream"),),
        idempotent=True,
    )


def test_a_stream_is_resumed_from_its_first_event() -> None:
    stream = resume_stream("a b")
    assert isinstance(stream, Open)
    assert (stream.request.path, stream.request.query) == ("/responses/a%20b", (("stream", "true"),))


def test_streams_are_values() -> None:
    assert created() == created()
    assert created() != created(fallback=None)
    assert hash(resumed()) == hash(resumed())
    assert "ReceiveReplay(following=Following(" in repr(resumed())


@settings(deadline=None)
@given(st.lists(st.integers(0, len(wire(LIFE))), max_size=20), st.sampled_from([created(), resumed()]))
def test_every_event_comes_once_and_in_order_however_the_bytes_are_cut(cuts: list[int], stream: Stream[Any]) -> None:
    body = wire(LIFE)
    places = [0, *sorted(cuts), len(body)]
    chunks = tuple(body[start:end] for start, end in pairwise(places) if start < end)
    service = Service(chunks)
    assert service.given(stream) == typed(LIFE)
    assert len(service.opened) == 1


def test_a_body_in_single_bytes_is_read_as_well() -> None:
    assert Service(tuple(bytes([byte]) for byte in wire(LIFE))).given(created()) == typed(LIFE)


def test_events_come_as_soon_as_they_are_complete() -> None:
    seen: list[int] = []
    come: list[Any] = []

    class Watched(ChunkedBody):
        def read(self, within: float | None = None) -> Result[bytes, Error]:
            seen.append(len(come))
            return super().read(within)

    class Live(Service):
        def open(self, request: HttpRequest) -> Result[Body, Error]:
            return Success(Watched(tuple(map(sent, LIFE))))

    for event in iterate(created(), Live()):
        come.append(event)
    assert seen == [*range(len(LIFE))]


def test_an_event_loop_gets_the_same() -> None:
    async def gathered() -> list[Any]:
        service = Service((wire(LIFE[:3]), RESET), (wire(LIFE[3:]),))
        return [event async for event in iterate_async(created(), in_threads(service), clock=service.clock)]

    assert asyncio.run(gathered()) == typed(LIFE)


def test_a_transport_that_opens_nothing_gives_the_same_at_once() -> None:
    def transport(request: HttpRequest) -> Result[HttpResponse, Error]:
        return Success(HttpResponse(status=200, body=wire(LIFE)))

    assert list(iterate(created(), transport)) == typed(LIFE)
    assert run(collect(created()), transport) == Success(tuple(typed(LIFE)))


def test_collecting_resumes_as_well() -> None:
    bodies = (wire(LIFE[:4]), wire(LIFE[4:]))
    stub = StubTransport.answering(*(HttpResponse(status=200, body=body) for body in bodies))
    assert run(collect(created()), stub, clock=VirtualClock()) == Success(tuple(typed(LIFE)))
    assert dict(stub.requests[1].query)["starting_after"] == "3"


def test_collecting_what_breaks_off_gives_the_error() -> None:
    stub = StubTransport.answering(HttpResponse(status=200, body=wire(life(background=False)[:4])))
    error = run(collect(created()), stub).failure()
    assert isinstance(error, Interrupted)
    assert error.kind == "truncated"


# --- a stream that breaks off is resumed ---------------------------------------------------------


class Replaying:
    """A service that breaks off each opening after so many bytes, and repeats some events that came before.

    `plans` say so for each opening in turn, and after the last of them nothing breaks any more.
    """

    def __init__(self, events: Sequence[bytes], plans: Sequence[tuple[int, int, int]]) -> None:
        self.events = events
        self.plans = list(plans)
        self.clock = VirtualClock()
        self.progress: list[int] = []
        """How far each opening came: the number of the last event that was sent whole."""

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        raise AssertionError(request)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        first = int(dict(request.query).get("starting_after", -1)) + 1
        length, repeated, size = self.plans.pop(0) if self.plans else (10**9, 0, 10**9)
        first = max(0, first - repeated)
        body = wire(self.events[first:])
        come, whole = first - 1, b""
        for data in self.events[first:]:
            whole += sent(data)
            if len(whole) <= length:
                come += 1
        self.progress.append(come)
        broken = body[:length]
        chunks: list[bytes | Error] = [broken[start : start + size] for start in range(0, len(broken), size)]
        return Success(ChunkedBody((*chunks, *([RESET] if length < len(body) else []))))


plans = st.lists(
    st.tuples(st.integers(0, len(wire(LIFE)) + 10), st.integers(0, len(LIFE)), st.integers(1, 2_000)), max_size=8
)


def expected_sleeps(progress: Sequence[int], start: int, policy: RetryPolicy) -> list[float]:
    sleeps: list[float] = []
    failures, reached = 0, start
    for come in progress[:-1]:
        if come > reached:
            failures, reached = 0, come
        sleeps.append(min(policy.initial_delay * 2**failures, policy.max_delay))
        failures += 1
    return sleeps


@settings(deadline=None)
@given(plans)
@example([(0, 0, 1)] * 8)
@example([(len(wire(LIFE[:1])), 9, 100)] * 4)
def test_a_resumed_stream_loses_and_doubles_no_event(plans: list[tuple[int, int, int]]) -> None:
    policy = structs.replace(EVEN, max_retries=len(plans))
    service = Replaying(LIFE, plans)
    assert list(iterate(resumed(resumption=policy), service, clock=service.clock)) == typed(LIFE)
    assert service.clock.slept == expected_sleeps(service.progress, -1, policy)


@settings(deadline=None)
@given(plans, st.integers(len(wire(LIFE[:1])), len(wire(LIFE))), st.integers(1, 2_000))
def test_a_background_stream_that_breaks_anywhere_is_resumed(
    plans: list[tuple[int, int, int]], first: int, size: int
) -> None:
    policy = structs.replace(EVEN, max_retries=len(plans) + 1)
    service = Replaying(LIFE, [(first, 0, size), *plans])
    assert list(iterate(created(resumption=policy), service, clock=service.clock)) == typed(LIFE)
    assert service.clock.slept == expected_sleeps(service.progress, -1, policy)


@settings(deadline=None)
@given(plans, st.integers(0, len(LIFE) - 2))
def test_a_stream_that_is_resumed_in_the_middle_begins_there(plans: list[tuple[int, int, int]], after: int) -> None:
    policy = structs.replace(EVEN, max_retries=len(plans))
    service = Replaying(LIFE, plans)
    stream = resumed(starting_after=after, resumption=policy)
    assert list(iterate(stream, service, clock=service.clock)) == typed(LIFE[after + 1 :])


@pytest.mark.parametrize("come", range(1, len(LIFE)))
def test_a_break_after_any_event_is_resumed_after_that_event(come: int) -> None:
    service = Service((wire(LIFE[:come]), RESET), (wire(LIFE[come:]),))
    assert service.given(created()) == typed(LIFE)
    assert service.queries[1] == {"stream": "true", "starting_after": str(come - 1)}
    assert service.clock.slept == [0.5]


@pytest.mark.parametrize("chunks", [(), (b"",), (b"\xef\xbb",), (wire(LIFE)[:60], RESET)])
def test_a_creation_that_breaks_before_its_first_event_is_not_resumed(chunks: Chunks) -> None:
    """Nobody knows the id of the response."""
    service = Service(chunks)
    assert isinstance(error_in(service.given(created())), Interrupted)
    assert len(service.opened) == 1


def test_a_body_that_ends_before_the_response_does_is_a_break() -> None:
    service = Service((wire(LIFE[:4]),), (wire(LIFE[4:]),))
    assert service.given(created()) == typed(LIFE)


@pytest.mark.parametrize("broken", [RESET, LOST, refusal(503), refusal(429)], ids=lambda error: str(error)[:12])
def test_an_opening_that_meets_a_passing_fault_is_made_again(broken: HttpResponse | Error) -> None:
    service = Service((wire(LIFE[:3]), RESET), broken, broken, (wire(LIFE[3:]),))
    assert service.given(created()) == typed(LIFE)
    assert service.clock.slept == [0.5, 1.0, 2.0]
    assert service.queries[1:] == [{"stream": "true", "starting_after": "2"}] * 3


@pytest.mark.parametrize("broken", [RESET, LOST, refusal(503), (), (wire(LIFE[:3]), RESET)], ids=repr)
def test_fruitless_openings_in_a_row_are_the_end(broken: Chunks | HttpResponse | Error) -> None:
    service = Service((wire(LIFE[:3]), RESET), broken, polls=[json_response(response())])
    given = service.given(created(fallback=None))
    assert given[:-1] == typed(LIFE[:3])
    assert error_in(given).retryable
    assert error_in(given).response_id == "resp_1"
    assert len(service.opened) == 1 + EVEN.max_retries
    assert service.clock.slept == [0.5, 1.0, 2.0]


def test_a_new_event_sets_the_count_back() -> None:
    fruitless: Chunks = (RESET,)
    openings = [item for data in LIFE[3:] for item in (fruitless, fruitless, (sent(data), RESET))]
    service = Service((wire(LIFE[:3]), RESET), *openings)
    assert service.given(created()) == typed(LIFE)
    assert service.clock.slept == [0.5, 1.0, 2.0] * len(LIFE[3:])


def test_nothing_is_resumed_where_no_retry_is_wanted() -> None:
    service = Service((wire(LIFE[:3]), RESET), (wire(LIFE[3:]),))
    stream = created(resumption=RetryPolicy(max_retries=0), fallback=None)
    assert service.given(stream) == [*typed(LIFE[:3]), about(RESET)]
    assert len(service.opened) == 1


def test_an_opening_that_cannot_succeed_is_not_made_again() -> None:
    closed = NotSent("invalid_request", "the transport is closed")
    service = Service((wire(LIFE[:3]), RESET), closed)
    assert service.given(created()) == [*typed(LIFE[:3]), about(closed)]
    assert len(service.opened) == 2


def test_a_delay_that_the_server_asks_for_is_kept() -> None:
    service = Service((wire(LIFE[:3]), RESET), refusal(429, retry_after="7"), (wire(LIFE[3:]),))
    assert service.given(created()) == typed(LIFE)
    assert service.clock.slept == [0.5, 7.0]


def test_a_delay_that_is_too_long_is_the_end() -> None:
    service = Service((wire(LIFE[:3]), RESET), refusal(503, retry_after="121"))
    assert error_in(service.given(created())).status == 503
    assert len(service.opened) == 2


def test_chance_may_add_to_a_delay_as_the_policy_says() -> None:
    clock = VirtualClock(chance=1.0)
    service = Service((wire(LIFE[:3]), RESET), (wire(LIFE[3:]),), clock=clock)
    assert service.given(created(resumption=RetryPolicy(initial_delay=4.0, jitter=0.5))) == typed(LIFE)
    assert clock.slept == [4.0]
    clock = VirtualClock(chance=0.0)
    service = Service((wire(LIFE[:3]), RESET), (wire(LIFE[3:]),), clock=clock)
    service.given(created(resumption=RetryPolicy(initial_delay=4.0, jitter=0.5)))
    assert clock.slept == [2.0]


def test_a_stream_that_is_not_in_the_background_ends_with_what_broke_it() -> None:
    events = life(background=False)
    service = Service((wire(events[:5]), RESET))
    assert service.given(stream_response(model="m", input="hi")) == [*typed(events[:5]), about(RESET)]
    assert len(service.opened) == 1


@pytest.mark.parametrize("stream", [created(), resumed()])
def test_a_stream_without_numbers_ends_with_what_broke_it(stream: Stream[Any]) -> None:
    """To resume it would lose events, or double them."""
    events = life(numbered=False)
    service = Service((*map(sent, events[:5]), RESET))
    assert service.given(stream) == [*typed(events[:5]), about(RESET)]
    assert len(service.opened) == 1


def test_a_sign_of_life_without_a_number_marks_no_place() -> None:
    alive = data_of("keepalive", None)
    first = [alive, *LIFE[:3], alive]
    service = Service((*map(sent, first), RESET), (wire([alive, *LIFE[1:]]),))
    assert service.given(created()) == typed([*first, alive, *LIFE[3:]])
    assert service.queries[1]["starting_after"] == "2"


def test_signs_of_life_alone_are_no_progress() -> None:
    service = Service((wire(LIFE[:3]), RESET), (sent(data_of("keepalive", None)), RESET))
    assert service.given(created(fallback=None))[-1] == about(RESET)
    assert len(service.opened) == 1 + EVEN.max_retries


def test_events_that_nobody_knows_are_numbered_like_others() -> None:
    events = [*LIFE[:3], data_of("response.new", 3, more=[1]), *life(deltas=7)[4:]]
    service = Service((wire(events[:4]), RESET), (wire(events[2:]),))
    given = service.given(created())
    assert given == typed(events)
    assert isinstance(given[3], Unknown)
    assert service.queries[1]["starting_after"] == "3"


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (delta(7), 7),
        (delta(None), None),
        (data_of("new", 3), 3),
        (data_of("new", None), None),
        (b'{"type":"new","sequence_number":"3"}', None),
    ],
)
def test_the_number_of_an_event(data: bytes, number: int | None) -> None:
    assert sequence_number(decode_stream_event(data).unwrap()) == number


@pytest.mark.parametrize("last", [(), (RESET,), (b"data: {", RESET), (b"event: x",)], ids=repr)
def test_what_breaks_after_the_end_does_not_matter(last: Chunks) -> None:
    service = Service((wire(LIFE), *last))
    assert service.given(created()) == typed(LIFE)
    assert len(service.opened) == 1


@pytest.mark.parametrize("status", ["completed", "failed", "incomplete", "cancelled"])
def test_every_end_is_an_end(status: str) -> None:
    events = [*LIFE[:2], data_of(f"response.{status}", 2, response=response(status))]
    service = Service((wire(events), RESET))
    assert service.given(created()) == typed(events)


# --- where a replay is refused -------------------------------------------------------------------


@pytest.mark.parametrize("status", ["completed", "failed", "incomplete", "cancelled"])
@pytest.mark.parametrize(
    "refused", [TOO_OLD, refusal(400), refusal(403), refusal(404)], ids=lambda one: str(one.status)
)
def test_a_refused_replay_is_waited_for_and_ends_with_the_event_of_its_end(refused: HttpResponse, status: str) -> None:
    ended = response(status, output=[], metadata={"a": "b"})
    service = Service(
        (wire(LIFE[:3]), RESET), refused, polls=[json_response(response()), refusal(404), json_response(ended)]
    )
    given = service.given(created())
    assert given[:-1] == typed(LIFE[:3])
    assert given[-1].type == f"response.{status}"
    assert given == typed([*LIFE[:3], data_of(f"response.{status}", None, response=ended)])
    final = response_so_far(given)
    assert isinstance(final, Response)
    assert (final.status, final.metadata) == (status, {"a": "b"})
    assert service.clock.slept == [0.5, 1.0, 2.0]
    assert len(service.opened) == 2


def test_the_very_first_replay_may_come_too_late() -> None:
    service = Service(TOO_OLD, polls=[json_response(response("completed"))])
    (event,) = service.given(resumed())
    assert event.type == "response.completed"


def test_a_response_is_not_waited_for_longer_than_the_fallback_allows() -> None:
    service = Service((wire(LIFE[:3]), RESET), TOO_OLD, polls=[json_response(response())])
    error = error_in(service.given(created(fallback=structs.replace(WAIT, deadline=5.0))))
    assert isinstance(error, WaitExpired)
    assert error.last.status == "in_progress"
    assert sum(service.clock.slept) == 0.5 + 5.0


def test_what_the_wait_meets_is_the_end() -> None:
    service = Service((wire(LIFE[:3]), RESET), TOO_OLD, polls=[refusal(401)])
    assert error_in(service.given(created())).status == 401


def test_without_a_fallback_a_refusal_is_the_end() -> None:
    service = Service((wire(LIFE[:3]), RESET), TOO_OLD)
    error = error_in(service.given(created(fallback=None)))
    assert isinstance(error, ApiError)
    assert (error.status, error.body) == (400, TOO_OLD.body)
    assert service.polled == []


def test_an_unknown_id_is_told_at_once() -> None:
    service = Service(refusal(404, "Response with id 'resp_1' not found."))
    (failure,) = service.given(resumed())
    assert failure.failure().status == 404
    assert (service.clock.slept, service.polled) == ([], [])


def test_the_wait_includes_what_the_events_included() -> None:
    service = Service((wire(LIFE[:3]), RESET), TOO_OLD, polls=[json_response(response("completed"))])
    service.given(created(include=["message.output_text.logprobs"]))
    assert service.polled[0].query == (("include[]", "message.output_text.logprobs"),)


# --- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        b'data: {"type":"error","sequence_number":3,"code":"server_error","message":"Boom","param":null}\n\n',
        b'data: {"type":"error","error":{"type":"server_error","code":"server_error","message":"Boom"}}\n\n',
        b'event: error\ndata: {"error":{"code":"server_error","message":"Boom"}}\n\n',
        b'data: {"error":{"code":"server_error","message":"Boom","param":null}}\n\n',
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_an_error_in_mid_stream_comes_after_the_events_before_it(said: bytes, together: bool) -> None:
    before = wire(LIFE[:3])
    service = Service((before + said,) if together else (before, said))
    given = service.given(created())
    assert given[:-1] == typed(LIFE[:3])
    error = error_in(given)
    assert isinstance(error, ApiError)
    assert (error.status, error.code, error.message, error.request_id) == (200, "server_error", "Boom", "req_1")
    assert (error.response_id, error.response) == ("resp_1", None)
    assert error.body in said
    assert not error.retryable
    assert len(service.opened) == 1


@pytest.mark.parametrize(
    "garbage",
    [b"data: <html>\n\n", b"data: 1\n\n", b"data: \xff\n\n"],
)
def test_an_event_that_is_not_understood_is_the_end(garbage: bytes) -> None:
    service = Service((wire(LIFE[:3]) + garbage + wire(LIFE[3:]),))
    given = service.given(created())
    assert given[:-1] == typed(LIFE[:3])
    error = error_in(given)
    assert isinstance(error, DecodeError)
    assert (error.status, error.request_id, error.may_have_acted) == (200, "req_1", True)
    assert b"data: " + error.body + b"\n\n" == garbage


@pytest.mark.parametrize("status", [400, 401, 404, 409, 429, 500, 503])
def test_an_answer_other_than_2xx_is_an_error(status: int) -> None:
    service = Service(refusal(status, "Not so.", x_request_id="req_2"))
    (failure,) = service.given(created())
    error = failure.failure()
    assert isinstance(error, ApiError)
    assert (error.status, error.message, error.request_id) == (status, "Not so.", "req_2")
    assert len(service.opened) == 1


@pytest.mark.parametrize("error", [RESET, LOST])
def test_what_the_creation_meets_is_the_end(error: Error) -> None:
    service = Service(error)
    assert service.given(created()) == [Failure(error)]
    assert len(service.opened) == 1


def test_the_first_opening_of_a_resumption_is_made_again() -> None:
    service = Service(LOST, refusal(503), (RESET,), (wire(LIFE),))
    assert service.given(resumed()) == typed(LIFE)
    assert service.clock.slept == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    ("parameter", "arguments"),
    [
        ("policy", {"resumption": None}),
        ("policy", {"resumption": 5}),
        ("policy", {"fallback": RetryPolicy()}),
        ("policy", {"fallback": 600.0}),
        ("extra_headers", {"extra_headers": {"Authorization": "Bearer x"}}),
        ("extra_query", {"extra_query": {"a": object()}}),
        ("timeout", {"timeout": 0}),
        ("include", {"include": "a"}),
    ],
)
@pytest.mark.parametrize("build", [created, resumed])
def test_a_bad_argument_is_refused_before_anything_is_sent(
    build: Callable[..., Stream[Any]], parameter: str, arguments: dict[str, Any]
) -> None:
    stream = build(**arguments)
    assert isinstance(stream, End)
    error = stream.result.failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == parameter


@pytest.mark.parametrize(
    ("parameter", "arguments"),
    [
        ("response_id", {"response_id": ""}),
        ("starting_after", {"starting_after": -1}),
        ("starting_after", {"starting_after": True}),
        ("starting_after", {"starting_after": "3"}),
        ("include_obfuscation", {"include_obfuscation": 1}),
    ],
)
def test_a_bad_argument_of_a_resumption_is_refused(parameter: str, arguments: dict[str, Any]) -> None:
    stream = resumed(**arguments)
    assert isinstance(stream, End)
    error = stream.result.failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == parameter


def test_an_argument_that_there_is_none_of_is_a_bug() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'modle'"):
        created(modle="m")


# --- in another process --------------------------------------------------------------------------


def elsewhere(stream: Stream[Any], again: Callable[[Any], Any], at: int, transports: Sequence[Any]) -> list[Any]:
    """Step a stream by hand; after so many steps it goes on as `again` makes it, and with no body open."""
    steps, given, body = 0, list[Any](), None
    clock = VirtualClock()
    transport = transports[0]
    while not isinstance(stream, End):
        if steps == at:
            stream, body, transport = again(stream), None, transports[1]
            return [*given, *iterate(stream, transport, clock=clock, results=True)]
        steps += 1
        match stream:
            case Emit(values, rest):
                given += values
                stream = rest
            case Close(rest):
                stream = rest
            case Open(request, resume):
                opened = transport.open(request)
                body = opened.unwrap()
                stream = resume(Success(body.answer))
            case Read(resume, within):
                assert body is not None
                stream = resume(body.read(within))
            case Perform(operation, resume):
                stream = resume(run(operation, transport, clock=clock))
    return given


def pickled(value: T) -> T:
    loaded: T = pickle.loads(pickle.dumps(value))
    assert loaded == value
    return loaded


@pytest.mark.parametrize("again", [pickled, copy.deepcopy, copy.copy])
@pytest.mark.parametrize("at", range(len(LIFE) * 2 + 8))
def test_a_stream_goes_on_in_another_process(again: Callable[[Any], Any], at: int) -> None:
    """Where its body is not open: it reads an `Interrupted`, and resumes."""
    first = Replaying(LIFE, [(len(wire(LIFE[:4])) + 9, 0, 40), (10**9, 2, 300)])
    second = Replaying(LIFE, [(50, 1, 7)])
    known = sum(1 for _ in LIFE)
    given = elsewhere(resumed(), again, at, [first, second])
    assert given == typed(LIFE)
    assert len(given) == known


# --- what is asked for ---------------------------------------------------------------------------


def test_a_replay_is_asked_for_with_what_the_creation_was_asked_for_with() -> None:
    service = Service((wire(LIFE[:3]), RESET), (wire(LIFE[3:]),))
    service.given(
        created(
            include=["reasoning.encrypted_content"],
            stream_options={"include_obfuscation": False},
            idempotency_key="key",
            extra_headers={"X-Trace": "1", "Idempotency-Key": "other", "Content-Type": "application/json"},
            extra_query={"tenant": "a"},
            timeout=9.0,
        )
    )
    assert service.opened[1] == HttpRequest(
        "GET",
        "/responses/resp_1",
        (
            ("stream", "true"),
            ("starting_after", "2"),
            ("include[]", "reasoning.encrypted_content"),
            ("include_obfuscation", "false"),
            ("tenant", "a"),
        ),
        (("Accept", "text/event-stream"), ("X-Trace", "1")),
        idempotent=True,
        timeout=9.0,
    )


@pytest.mark.parametrize("build", [created, resumed])
def test_a_header_of_the_callers_goes_before_the_librarys(build: Callable[..., Stream[Any]]) -> None:
    service = Service((wire(LIFE[:3]), RESET), (wire(LIFE[3:]),))
    service.given(build(extra_headers={"accept": "text/event-stream;q=1"}))
    for request in service.opened:
        assert [value for name, value in request.headers if name.lower() == "accept"] == ["text/event-stream;q=1"]


def test_a_resumption_keeps_what_the_caller_says_of_its_requests() -> None:
    service = Service((wire(LIFE[:3]), RESET), (wire(LIFE[3:]),))
    service.given(resumed(extra_headers={"X-Trace": "1"}, extra_query={"tenant": "a"}, timeout=9))
    for request in service.opened:
        assert request.headers == (("Accept", "text/event-stream"), ("X-Trace", "1"))
        assert ("tenant", "a") in request.query
        assert request.timeout == 9.0


@pytest.mark.parametrize("wanted", [True, False])
def test_obfuscation_that_was_spoken_of_is_spoken_of_in_a_replay(wanted: bool) -> None:
    """Be the options a struct or a mapping."""
    for options in (StreamOptions(include_obfuscation=wanted), {"include_obfuscation": wanted}):
        service = Service((wire(LIFE[:3]), RESET), (wire(LIFE[3:]),))
        service.given(created(stream_options=options))
        assert service.queries[1]["include_obfuscation"] == ("true" if wanted else "false")


@pytest.mark.parametrize("options", [None, {}, StreamOptions(), {"include_obfuscation": None}])
def test_obfuscation_that_nobody_spoke_of_is_not_spoken_of(options: Any) -> None:
    service = Service((wire(LIFE[:3]), RESET), (wire(LIFE[3:]),))
    service.given(created(stream_options=options))
    assert service.queries[1] == {"stream": "true", "starting_after": "2"}


# --- retrying ------------------------------------------------------------------------------------


def test_a_creation_with_an_idempotency_key_is_repeated() -> None:
    service = Service(RESET, refusal(503), (wire(LIFE),))
    stream = retrying(created(idempotency_key="key"), EVEN)
    assert service.given(stream) == typed(LIFE)
    assert [request.method for request in service.opened] == ["POST"] * 3
    assert service.clock.slept == [0.5, 1.0]


def test_a_creation_without_a_key_is_not_repeated_once_it_may_have_arrived() -> None:
    service = Service(LOST, RESET, (wire(LIFE),))
    assert service.given(retrying(created(), EVEN)) == [Failure(RESET)]
    assert len(service.opened) == 2


def test_a_body_that_breaks_is_never_read_from_the_start_again() -> None:
    events = life(background=False)
    service = Service((wire(events[:3]), RESET))
    stream = retrying(created(idempotency_key="key", background=False), EVEN)
    assert service.given(stream) == [*typed(events[:3]), about(RESET)]
    assert len(service.opened) == 1


def test_what_is_retried_is_resumed_as_well() -> None:
    service = Service(
        LOST, (wire(LIFE[:3]), RESET), LOST, TOO_OLD, polls=[refusal(503), json_response(response("completed"))]
    )
    given = service.given(retrying(created(), EVEN))
    assert [event.type for event in given[3:]] == ["response.completed"]
    assert service.clock.slept == [0.5, 0.5, 0.5, 0.5]
