"""Nothing is lost with an error: what comes soon after it, which response it is about, and what was received whole."""

from __future__ import annotations

from typing import Any

import pytest
from event_service import (
    LIFE,
    LOST,
    RESET,
    TOO_OLD,
    Chunks,
    Service,
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
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json, structs
from returns.result import Failure, Result, Success
from stubs import in_turn

from puresponse.codecs import Response, decode_response
from puresponse.core import (
    ApiError,
    Done,
    Emit,
    End,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NoRecording,
    Open,
    Perform,
    Read,
    Send,
    Stream,
    collect,
    load_operation,
    retrying,
    save_checkpoint,
    succeed,
)
from puresponse.core.programs.after_error import SECONDS_AFTER_ERROR
from puresponse.core.steps import Wait
from puresponse.transports import VirtualClock, iterate, json_response, run

ERROR = data_of("error", 3, code="server_error", message="Boom", param=None)
FAILED = data_of("response.failed", 4, response=response("failed", error={"code": "server_error", "message": "Boom"}))
CUT = Interrupted("reset", "cut off")


# --- what comes soon after an error --------------------------------------------------------------


def stepped(stream: Stream[Any], *, times: list[float], chunks: Chunks) -> tuple[list[Any], list[float | None]]:
    """The values of a stream, and how long each read was to wait; the clock tells `times` in turn."""
    values: list[Any] = []
    withins: list[float | None] = []
    clock, body = iter(times), iter(chunks)
    while True:
        match stream:
            case Emit(given, rest):
                values += given
                stream = rest
            case Read(resume, within):
                withins.append(within)
                chunk = next(body)
                stream = resume(Success(chunk) if isinstance(chunk, bytes) else Failure(chunk))
            case Perform(operation, resume):
                assert isinstance(operation, Wait)
                assert operation.seconds == operation.spread == 0.0
                done = operation.resume(next(clock))
                assert isinstance(done, Done)
                stream = resume(done.result)
            case End(result):
                return ([*values, result] if isinstance(result, Failure) else values), withins
            case _:
                raise AssertionError(stream)


def begun(stream: Stream[Any]) -> Stream[Any]:
    """A stream whose creation was answered with events."""
    answer = HttpResponse(status=200, headers=(("Content-Type", "text/event-stream"),))
    assert isinstance(stream, Open)
    return stream.resume(Success(answer))


def test_what_comes_within_50_milliseconds_after_an_error_is_taken() -> None:
    assert SECONDS_AFTER_ERROR == 0.05
    chunks: Chunks = (wire([*LIFE[:3], ERROR]), b": alive\n\n", sent(FAILED)[:30], sent(FAILED)[30:])
    values, withins = stepped(begun(created()), times=[7.0, 7.01, 7.03], chunks=chunks)
    assert values[:-1] == typed([*LIFE[:3], FAILED])
    assert error_in(values).response == values[-2].response
    assert withins[0] is None
    assert withins[1:] == pytest.approx([0.05, 0.04, 0.02])


def test_what_comes_later_is_not_waited_for() -> None:
    """However often something comes."""
    chunks: Chunks = (wire([*LIFE[:3], ERROR]), b": alive\n\n", b": alive\n\n")
    values, withins = stepped(begun(created()), times=[7.0, 7.04, 7.05], chunks=chunks)
    assert values[:-1] == typed(LIFE[:3])
    assert (error_in(values).message, error_in(values).response) == ("Boom", None)
    assert len(withins) == 3


def test_where_a_host_does_not_tell_the_time_the_error_is_the_end_at_once() -> None:
    reading = begun(created())
    assert isinstance(reading, Read)
    emitted = reading.resume(Success(wire([*LIFE[:3], ERROR])))
    assert isinstance(emitted, Emit)
    assert isinstance(emitted.rest, Perform)
    end = emitted.rest.resume(Failure(CUT))
    assert isinstance(end, End)
    assert (error_in([end.result]).message, error_in([end.result]).response_id) == ("Boom", "resp_1")


@pytest.mark.parametrize(
    "end", [b"", RESET, Interrupted("read_timeout", "silence"), b"data: [DONE]\n\n", b"data: {\n\n"]
)
@pytest.mark.parametrize("together", [True, False])
def test_where_nothing_more_comes_the_error_is_the_end(end: bytes | Error, together: bool) -> None:
    before = wire([*LIFE[:3], ERROR])
    chunks: Chunks = (before + end,) if together and isinstance(end, bytes) else (before, end)
    given = Service(chunks).given(created())
    assert given[:-1] == typed(LIFE[:3])
    error = error_in(given)
    assert (error.code, error.response) == ("server_error", None)


def test_what_comes_between_an_error_and_the_end_is_given() -> None:
    events = [*LIFE[:3], delta(4, "more"), delta(6, "after a gap"), FAILED]
    service = Service((wire([*LIFE[:3], ERROR, events[3], ERROR, *events[4:]]), RESET))
    given = service.given(created())
    assert given[:-1] == typed(events)
    assert error_in(given).response.status == "failed"
    assert len(service.opened) == 1


def test_an_error_after_the_end_does_not_matter() -> None:
    for body in ((wire([*LIFE, ERROR]),), (wire(LIFE), sent(ERROR))):
        assert Service(body).given(created()) == typed(LIFE)


def test_a_cancelled_end_after_an_error_is_given_too() -> None:
    cancelled = data_of("response.cancelled", 4, response=response("cancelled"))
    given = Service((wire([LIFE[0], ERROR, cancelled]),)).given(created())
    assert given[:-1] == typed([LIFE[0], cancelled])
    error = error_in(given)
    assert (error.code, error.response) == (
        "server_error",
        decode_response(json.encode(response("cancelled"))).unwrap(),
    )


def test_repeats_after_an_error_are_left_out_and_a_reversal_is_the_end() -> None:
    events = [data_of("response.created", 5, response=response()), delta(6)]
    again = Service((wire([*events, ERROR, events[1], delta(7, "y")]),)).given(created())
    assert again[:-1] == typed([*events, delta(7, "y")])
    given = Service((wire([*events, ERROR, delta(2), delta(7)]),)).given(created())
    assert given[:-1] == typed(events)
    assert isinstance(error_in(given), ApiError)


@pytest.mark.parametrize("more", [{}, {"status": 400, "stream_id": None, "type": "error"}])
def test_an_error_that_nests_what_went_wrong_tells_it(more: dict[str, Any]) -> None:
    fault = {"type": "invalid_request_error", "code": "not_found", "message": "No such response.", "param": "id"}
    error = error_in(Service((wire([*LIFE[:3], json.encode({**more, "error": fault})]),)).given(created()))
    assert isinstance(error, ApiError)
    assert {"type": error.type, "code": error.code, "message": error.message, "param": error.param} == fault
    assert json.decode(error.body) == {**more, "error": fault}


def test_collected_the_error_bears_the_failed_response() -> None:
    body = wire([*LIFE[:3], ERROR, FAILED])
    for answer in (Success(HttpResponse(status=200, body=body)), cut(body)):
        error = collected(created(), answer)[0].failure()
        assert isinstance(error, ApiError)
        assert isinstance(error.response, Response)
        assert (error.response.status, error.response_id) == ("failed", "resp_1")


def test_an_error_with_its_response_is_saved_and_loaded() -> None:
    error = error_in(Service((wire([*LIFE[:3], ERROR, FAILED]),)).given(created()))
    loaded = load_operation(save_checkpoint(succeed(error)).unwrap()).unwrap().program
    assert loaded == succeed(error)
    assert str(error) == "HTTP 200, server_error: Boom (request req_1) (response resp_1)"


def test_reading_on_is_retried_as_it_was() -> None:
    """`retrying` keeps how long a read may take."""
    chunks: Chunks = (wire([*LIFE[:3], ERROR]), b"")
    _, withins = stepped(begun(retrying(created(idempotency_key="key"))), times=[7.0], chunks=chunks)
    assert withins == [None, pytest.approx(0.05)]


# --- which response an error is about ------------------------------------------------------------


@pytest.mark.parametrize("background", [True, False])
@pytest.mark.parametrize(
    "broken", [RESET, b"data: {\n\n", sent(ERROR), b"", b"data: [DONE]\n\n", wire([delta(5), delta(0)])], ids=repr
)
def test_every_error_of_a_stream_says_which_response_it_is_about(broken: bytes | Error, background: bool) -> None:
    events = life(background=background)
    service = Service((wire(events[:1]), broken), NoRecording(request=HttpRequest("GET", "/")))
    error = error_in(service.given(created(background=background)))
    assert error.response_id == "resp_1"
    assert "(response resp_1)" in str(error)


@pytest.mark.parametrize(
    ("answer", "polls"),
    [
        (LOST, [LOST]),
        (RESET, [RESET]),
        (refusal(503), [refusal(401)]),
        (refusal(401), [refusal(401)]),
        (refusal(400), [refusal(401)]),
        (TOO_OLD, [json_response(response())]),
        ((), [refusal(404)]),
        (HttpResponse(status=200, body=b"<html>"), []),
        (HttpResponse(status=200, body=b"{}"), []),
        (json_response(response()), [json_response(response())]),
    ],
    ids=str,
)
def test_every_error_of_a_resumption_says_which_response_it_is_about(answer: Any, polls: Any) -> None:
    for stream in (resumed(), resumed(fallback=None)):
        error = error_in(Service(answer, polls=polls).given(stream))
        assert error.response_id == "resp_1"
        assert "(response resp_1)" in str(error)


# --- what was received whole ---------------------------------------------------------------------


def collected(stream: Stream[Any], *answers: Result[HttpResponse, Error]) -> tuple[Any, tuple[HttpRequest, ...]]:
    stub = in_turn(*answers)
    return run(collect(stream), stub, clock=VirtualClock()), stub.requests


def cut(body: bytes, status: int = 200) -> Failure[Error]:
    """A whole exchange that broke off after so much of the body."""
    return Failure(structs.replace(CUT, partial=HttpResponse(status=status, body=body)))


@pytest.mark.parametrize("come", range(1, len(LIFE)))
def test_collected_a_background_stream_is_resumed_after_what_came(come: int) -> None:
    answer = Success(HttpResponse(status=200, body=wire(LIFE[come:])))
    result, asked = collected(created(), cut(wire(LIFE[:come]) + sent(LIFE[come])[:-1]), answer)
    assert result == Success(tuple(typed(LIFE)))
    assert dict(asked[1].query)["starting_after"] == str(come - 1)


def test_collected_a_cut_before_the_first_event_is_not_resumed() -> None:
    for body in (b"", b"event: mess", sent(LIFE[0])[:-1]):
        result, asked = collected(created(), cut(body))
        assert result == cut(body)
        assert len(asked) == 1


def test_collected_a_replay_that_is_cut_is_resumed_as_well() -> None:
    answer = Success(HttpResponse(status=200, body=wire(LIFE[5:])))
    result, asked = collected(resumed(), cut(wire(LIFE[:5])), answer)
    assert result == Success(tuple(typed(LIFE)))
    assert [dict(request.query).get("starting_after") for request in asked] == [None, "4"]


def test_collected_a_refusal_that_is_cut_and_a_cut_without_a_head_are_interruptions() -> None:
    for answer in (cut(b'{"error":', status=404), Failure(CUT)):
        assert collected(created(), answer)[0] == answer


def test_collected_json_that_was_whole_before_the_cut_is_the_response() -> None:
    result, asked = collected(created(), cut(json_response(response("completed")).body))
    assert [event.type for event in result.unwrap()] == ["response.completed"]
    assert len(asked) == 1


def test_a_collection_that_waits_for_a_resumption_is_saved_and_goes_on() -> None:
    begins = collect(created())
    assert isinstance(begins, Send)
    step = begins.resume(cut(wire(LIFE[:3])))
    data = save_checkpoint(step).unwrap()
    loaded = load_operation(data).unwrap().program
    assert loaded == step
    answer = HttpResponse(status=200, body=wire(LIFE[3:]))
    assert run(loaded, lambda _: Success(answer), clock=VirtualClock()) == Success(tuple(typed(LIFE)))


blocks = st.sampled_from(
    [
        *map(sent, LIFE),
        sent(LIFE[2]) * 2,
        sent(ERROR),
        sent(FAILED),
        b"data: [DONE]\n\n",
        b"data: {\n\n",
        b": alive\n\n",
        b"<html>",
        json_response(response("completed")).body,
        sent(LIFE[0].replace(b"true", b"false")),
        sent(delta(None)),
        sent(data_of("keepalive", 3)),
    ]
)
bodies = st.tuples(st.lists(blocks, max_size=7).map(b"".join), st.booleans())


@settings(deadline=None)
@given(st.lists(bodies, min_size=1, max_size=4), st.booleans(), st.integers(1, 400))
def test_what_is_collected_is_what_is_iterated(answers: list[tuple[bytes, bool]], creates: bool, size: int) -> None:
    """The same requests, the same values, the same error, whatever comes and however it is cut."""
    stream = created() if creates else resumed()
    polls = [json_response(response("completed"))]
    openings: list[Chunks] = []
    for body, breaks in answers:
        chunks = tuple(body[start : start + size] for start in range(0, len(body), size))
        openings.append((*chunks, RESET) if breaks else chunks)
    service = Service(*openings, polls=polls)
    iterated = list(iterate(stream, service, clock=service.clock, results=True))
    asked: list[HttpRequest] = []
    opened: list[HttpRequest] = []

    def transport(request: HttpRequest) -> Result[HttpResponse, Error]:
        asked.append(request)
        if request.method == "GET" and not request.query:
            return Success(polls[0])
        opened.append(request)
        body, breaks = answers[min(len(opened), len(answers)) - 1]
        answer = HttpResponse(status=200, headers=(("x-request-id", "req_1"),), body=body)
        return Failure(structs.replace(RESET, partial=answer)) if breaks else Success(answer)

    clock = VirtualClock()
    whole = run(collect(stream), transport, clock=clock)
    assert (opened, clock.slept) == (service.opened, service.clock.slept)
    if isinstance(whole, Success):
        assert list(whole.unwrap()) == iterated
        return
    error = whole.failure()
    if isinstance(error, Interrupted):
        error = structs.replace(error, partial=None)
    assert error == error_in(iterated)


def test_collected_the_error_bears_what_came_and_does_not_show_it() -> None:
    events = life(background=False)
    result, _ = collected(created(background=False), cut(wire(events[:3])))
    error = result.failure()
    assert error.partial.body == wire(events[:3])
    assert repr(error) == "Interrupted(kind='reset', reason='cut off', response_id='resp_1')"
