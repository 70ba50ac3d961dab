"""What answers a request for events is looked at: events, the response itself, an error, or something else."""

from __future__ import annotations

from typing import Any

import pytest
from event_service import (
    EVEN,
    LIFE,
    LOST,
    RESET,
    TRUNCATED,
    WAIT,
    Chunks,
    Service,
    about,
    created,
    data_of,
    error_in,
    life,
    refusal,
    response,
    resumed,
    sent,
    typed,
    wire,
)
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json, structs
from returns.result import Failure, Success

from puresponse.codecs import ResponseCompletedEvent, to_plain
from puresponse.core import (
    ApiError,
    DecodeError,
    HttpRequest,
    HttpResponse,
    Interrupted,
    WaitExpired,
    collect,
    fold_event,
)
from puresponse.core.programs.answer_kinds import head_of, kind_of
from puresponse.transports import json_response, run
from puresponse.transports.cassette.canned_answers import StreamedResponse, as_opened

BOM = b"\xef\xbb\xbf"
COMPLETED = json.encode(response("completed"))
PAGE = b"<html>log in</html>"
EVENTS = wire(LIFE)


class Answers(Service):
    """Answers each opening with a streamed response of some type."""

    def __init__(self, *answers: StreamedResponse, polls: Any = ()) -> None:
        super().__init__(polls=polls)
        self.answers = answers

    def open(self, request: HttpRequest) -> Any:
        self.opened.append(request)
        return as_opened(self.answers[min(len(self.opened), len(self.answers)) - 1])


def answer(type_: str | None, *chunks: bytes, error: Interrupted | None = None) -> StreamedResponse:
    headers = (("x-request-id", "req_1"), *(() if type_ is None else (("Content-Type", type_),)))
    return StreamedResponse(status=200, headers=headers, chunks=chunks, error=error)


def kinds(given: list[Any]) -> str:
    """What was made of an answer, in a word."""
    if given == typed(LIFE):
        return "events"
    if isinstance(given[0], ResponseCompletedEvent):
        return "response"
    return type(error_in(given)).__name__


SAID = ["text/event-stream", "Text/Event-Stream; charset=utf-8", "application/json", "text/html", "text/plain", None]
BEGINNINGS: dict[str, bytes] = {
    "an event": EVENTS,
    "data": EVENTS.replace(b"event: message\n", b""),
    "a comment": b": hello\n\n" + EVENTS,
    "an id": b"id: 1\n" + EVENTS,
    "a retry": b"retry: 1\n\n" + EVENTS,
    "no value": b"data\n\n" + EVENTS,
    "lines": b" \r\n\n" + EVENTS,
    "a mark": BOM + EVENTS,
    "JSON": COMPLETED,
    "JSON after white space": b"\n\t " + COMPLETED,
    "JSON after a mark": BOM + COMPLETED,
    "an error in JSON": b'{"error":{"message":"no"}}',
    "broken JSON": b"{oops",
    "an array": b"[]",
    "HTML": PAGE,
    "HTML after white space": b"\n " + PAGE,
    "a word": b"nothing here",
    "a field of another name": b"dataset: 1\n\n" + EVENTS,
}
NO_EVENTS = {
    "JSON": "response",
    "JSON after white space": "response",
    "JSON after a mark": "response",
    "an error in JSON": "ApiError",
    "broken JSON": "DecodeError",
    "an array": "DecodeError",
    "HTML": "DecodeError",
    "HTML after white space": "DecodeError",
    "a word": "DecodeError",
    "a field of another name": "DecodeError",
}


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_an_answer_is_what_it_says_if_that_is_events_or_else_what_it_begins_with(
    beginning: str, said: str | None
) -> None:
    """The table of what a header says and what the bytes are."""
    body = BEGINNINGS[beginning]
    is_said = said is not None and said.lower().startswith("text/event-stream")
    expected = NO_EVENTS.get(beginning, "events")
    if is_said and beginning == "a field of another name":
        expected = "events"  # unknown fields are left out
    elif is_said and expected != "events":
        expected = "Interrupted"
    replay = resumed(fallback=None, resumption=structs.replace(EVEN, max_retries=0))
    for chunks in ((body,), tuple(bytes([byte]) for byte in body)):
        for stream in (created(background=False), replay):
            service = Answers(answer(said, *chunks), polls=[json_response(response())])
            assert kinds(service.given(stream)) == expected


def test_white_space_before_the_first_field_belongs_to_no_field() -> None:
    body = b"  " + EVENTS.replace(b"event: message\n", b"")
    assert Answers(answer(None, body)).given(created()) == typed(LIFE)


@given(st.binary(max_size=12), st.integers(0, 12))
def test_what_a_body_is_does_not_depend_on_where_it_is_cut(body: bytes, cut: int) -> None:
    head = head_of(head_of(body[:cut]) + body[cut:])
    assert len(head) <= 8
    if kind_of(head_of(body[:cut])) is not None:
        assert kind_of(head) == kind_of(head_of(body[:cut]))
    assert kind_of(head) == kind_of(head_of(body))


# --- the response itself -------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["completed", "failed", "incomplete", "cancelled"])
@pytest.mark.parametrize("stream", [created(), created(background=False), resumed(), resumed(starting_after=5)])
def test_the_response_itself_gives_the_event_of_its_end(stream: Any, status: str) -> None:
    body = response(status, metadata={"a": "b"})
    service = Answers(answer("application/json", json.encode(body)))
    (event,) = service.given(stream)
    assert event.type == f"response.{status}"
    final = fold_event(None, event)
    assert to_plain(final) == body
    assert (len(service.opened), service.polled) == (1, [])
    whole = run(collect(stream), lambda _: Success(json_response(body)))
    assert whole == Success((event,))


def test_a_resumed_stream_may_be_answered_with_the_response() -> None:
    service = Service((wire(LIFE[:3]), RESET), json_response(response("completed")))
    given = service.given(created())
    assert given[:-1] == typed(LIFE[:3])
    assert given[-1].type == "response.completed"


@pytest.mark.parametrize("stream", [created(), created(background=False), resumed()])
def test_a_response_that_runs_is_waited_for(stream: Any) -> None:
    runs = json_response(response("queued"))
    service = Service(runs, polls=[runs, json_response(response("completed"))])
    (event,) = service.given(stream)
    assert event.type == "response.completed"
    assert [request.path for request in service.polled] == ["/responses/resp_1"] * 2


def test_a_response_that_runs_longer_than_the_fallback_allows_is_the_end() -> None:
    runs = json_response(response("queued"))
    service = Service(runs, polls=[runs])
    error = error_in(service.given(created(fallback=structs.replace(WAIT, deadline=3.0))))
    assert isinstance(error, WaitExpired)
    assert "resp_1" in str(error)


@pytest.mark.parametrize("stream", [created(fallback=None), created(background=False, fallback=None)])
def test_without_a_fallback_a_response_that_runs_is_a_stream_that_broke_off(stream: Any) -> None:
    reason = "the response was given in place of its events, and has not ended"
    assert Service(json_response(response())).given(stream) == [about(Interrupted("truncated", reason))]


@pytest.mark.parametrize(
    "said",
    [
        {"error": {"message": "no", "code": "x", "type": "server_error"}},
        {"error": "no"},
        {"type": "error", "code": "x", "message": "no"},
        {"object": "error", "message": "no"},
    ],
)
def test_an_error_that_is_told_with_status_200_is_an_api_error(said: dict[str, object]) -> None:
    service = Answers(answer("application/json", json.encode(said)))
    (failure,) = service.given(resumed())
    error = failure.failure()
    assert isinstance(error, ApiError)
    assert (error.status, error.message, error.request_id, error.response_id) == (200, "no", "req_1", "resp_1")
    assert error.body == json.encode(said)
    assert len(service.opened) == 1


@pytest.mark.parametrize("body", [b"{}", b'{"id":"resp_1"}', b"{oops", b'{"a":1}{"b":2}', b'{"error":null}'])
def test_json_that_is_no_response_is_not_understood(body: bytes) -> None:
    service = Answers(answer("application/json", body))
    (failure,) = service.given(resumed())
    error = failure.failure()
    assert isinstance(error, DecodeError)
    assert (error.status, error.body, error.request_id, error.response_id) == (200, body, "req_1", "resp_1")
    assert len(service.opened) == 1


def test_json_that_breaks_off_is_a_stream_that_breaks_off() -> None:
    service = Answers(answer("application/json", COMPLETED[:40], error=RESET), answer("application/json", COMPLETED))
    assert [event.type for event in service.given(resumed())] == ["response.completed"]
    foreground = Answers(answer("application/json", COMPLETED[:40], error=RESET))
    assert foreground.given(created(background=False)) == [Failure(RESET)]


def test_json_that_was_whole_before_it_broke_off_is_the_response() -> None:
    for body, kind in ((COMPLETED, "response"), (b'{"error":{"message":"no"}}', "ApiError"), (PAGE, "DecodeError")):
        assert kinds(Answers(answer("text/plain", body, error=RESET)).given(resumed())) == kind


def test_what_breaks_off_before_it_shows_what_it_is_is_a_stream_that_breaks_off() -> None:
    service = Answers(answer(None, b" eve", error=RESET), answer(None, EVENTS))
    assert service.given(resumed()) == typed(LIFE)
    for beginning in (b"eve", b"\xef\xbb", b" \n"):
        assert Answers(answer(None, beginning)).given(created()) == [Failure(TRUNCATED)]


def test_an_answer_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("puresponse.core.programs.event_reading._LARGEST", 1000)
    for beginning in (b"<", b"{"):
        service = Answers(answer("text/html", beginning, *[b" " * 100] * 20))
        error = error_in(service.given(created()))
        assert isinstance(error, DecodeError)
        assert error.reason == "expected an answer of at most 1,000 bytes, got a larger one"


def test_a_page_is_told_by_its_type() -> None:
    for said, told in (("text/html; charset=utf-8", "text/html; charset=utf-8"), (None, "no content type")):
        error = error_in(Answers(answer(said, PAGE)).given(created()))
        assert error.reason == f"expected an event stream, or a response in JSON; got {told}"
    assert len(error_in(Answers(answer("x" * 500, PAGE)).given(created())).reason) < 200


# --- replays that bring nothing ------------------------------------------------------------------

EMPTY: list[Chunks] = [(), (b"\n",), (b": nothing\n\n",), (b"data: [DONE]\n\n",)]


@pytest.mark.parametrize("empty", EMPTY)
@pytest.mark.parametrize("type_", ["text/event-stream", None])
def test_an_empty_replay_asks_for_the_response_once(type_: str | None, empty: Any) -> None:
    service = Answers(answer(type_, *empty), polls=[json_response(response("completed"))])
    assert service.given(resumed(starting_after=5, fallback=None)) == []
    assert [event.type for event in service.given(resumed())] == ["response.completed"]
    assert [request.path for request in service.polled] == ["/responses/resp_1"] * 2
    assert (len(service.opened), service.clock.slept) == (2, [])


@pytest.mark.parametrize("empty", EMPTY)
def test_an_empty_replay_after_some_events_gives_the_end_that_was_missed(empty: Chunks) -> None:
    service = Service((wire(LIFE[:3]), RESET), empty, polls=[json_response(response("completed"))])
    given = service.given(created())
    assert [event.type for event in given[3:]] == ["response.completed"]
    assert (len(service.opened), len(service.polled)) == (2, 1)


def test_an_empty_replay_of_a_response_that_runs_is_a_break() -> None:
    service = Service((), (), (wire(LIFE),), polls=[json_response(response()), refusal(503)])
    assert service.given(resumed()) == typed(LIFE)
    assert service.clock.slept == [0.5, 1.0]
    assert len(service.polled) == 2


def test_an_empty_replay_of_a_response_that_is_gone_is_told() -> None:
    service = Service((), polls=[refusal(404)])
    error = error_in(service.given(resumed(starting_after=5)))
    assert (error.status, error.response_id) == (404, "resp_1")
    assert len(service.opened) == 1


def test_a_replay_that_only_repeats_is_not_empty() -> None:
    service = Service((wire(LIFE[:3]), RESET), (wire(LIFE[:2]),), (wire(LIFE[3:]),))
    assert service.given(created()) == typed(LIFE)
    assert (service.polled, service.clock.slept) == ([], [0.5, 1.0])


@pytest.mark.parametrize("together", [True, False])
def test_a_replay_that_is_over_after_some_events_is_not_empty(together: bool) -> None:
    some, over = wire(LIFE[3:5]), b"data: [DONE]\n\n"
    service = Service((wire(LIFE[:3]), RESET), (some + over,) if together else (some, over), (wire(LIFE[5:]),))
    assert service.given(created()) == typed(LIFE)
    assert (service.polled, service.clock.slept) == ([], [0.5, 0.5])


def test_a_creation_without_events_broke_off() -> None:
    for background in (True, False):
        assert Service(()).given(created(background=background)) == [Failure(TRUNCATED)]


def test_the_look_includes_what_the_events_included() -> None:
    service = Service((), polls=[json_response(response("completed"))])
    service.given(resumed(include=["message.output_text.logprobs"]))
    assert service.polled[0].query == (("include[]", "message.output_text.logprobs"),)


# --- where resumption is used up -----------------------------------------------------------------


def test_where_resumption_is_used_up_the_response_is_looked_at_once() -> None:
    service = Service((wire(LIFE[:3]), RESET), LOST, polls=[json_response(response("completed"))])
    given = service.given(created())
    assert given[:-1] == typed(LIFE[:3])
    assert given[-1].type == "response.completed"
    assert (len(service.opened), len(service.polled)) == (1 + EVEN.max_retries, 1)


def test_it_is_waited_for_if_it_says_that_it_runs_and_not_asked_for_again_at_once() -> None:
    runs = json_response(response())
    service = Service((wire(LIFE[:3]), RESET), LOST, polls=[runs, runs, json_response(response("completed"))])
    assert service.given(created())[-1].type == "response.completed"
    assert service.clock.slept == [0.5, 1.0, 2.0, 1.0, 2.0]


@pytest.mark.parametrize("met", [LOST, RESET, refusal(503), refusal(404), HttpResponse(status=200, body=PAGE)])
def test_if_it_cannot_be_looked_at_the_stream_ends_with_what_broke_it(met: Any) -> None:
    service = Service((wire(LIFE[:3]), RESET), polls=[met])
    stream = created(resumption=structs.replace(EVEN, max_retries=0))
    assert service.given(stream) == [*typed(LIFE[:3]), about(RESET)]
    assert (len(service.opened), len(service.polled)) == (1, 1)


def test_a_stream_that_cannot_be_resumed_is_not_looked_at() -> None:
    events = life(background=False)
    service = Service((wire(events[:3]), RESET))
    assert service.given(created(background=False)) == [*typed(events[:3]), about(RESET)]
    assert service.polled == []


def test_an_unknown_event_is_no_answer_of_another_kind() -> None:
    events = [*LIFE[:2], data_of("new", 2), *LIFE[3:]]
    assert Service((*map(sent, events),)).given(created()) == typed(events)
