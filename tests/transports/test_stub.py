"""Stubs and scripts: transports that are told what to answer."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from returns.result import Failure, Success
from threads import from_eight_threads

from puresponse.codecs import DeletedResponse
from puresponse.core import (
    ApiError,
    Chunk,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NoRecording,
    NotSent,
    all_input_items,
    cancel_response,
    collect,
    delete_response,
    retrying,
)
from puresponse.core.streams import NOT_OPEN
from puresponse.transports import Body, StreamingTransport, VirtualClock, run
from puresponse.transports.cassette.canned_answers import StreamedResponse
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.testing.stub import ScriptedTransport, StubTransport, json_response

DELETE = HttpRequest("DELETE", "/responses/resp_1")
DELETED = json_response({"id": "resp_1", "deleted": True})
REFUSED = NotSent("refused", "nobody listens")


# Stubs


def test_a_stub_answers_with_what_its_function_gives() -> None:
    stub = StubTransport(lambda request: json_response({"id": request.path[-6:], "deleted": True}))
    assert run(delete_response("resp_1"), stub).unwrap() == DeletedResponse(id="resp_1", deleted=True)


def test_a_stub_gives_an_error_as_a_failure() -> None:
    assert run(delete_response("resp_1"), StubTransport(lambda request: REFUSED)).failure() == REFUSED


def test_a_stub_keeps_what_it_was_asked() -> None:
    stub = StubTransport(lambda request: DELETED)
    stub(DELETE)
    stub(DELETE)
    assert stub.requests == (DELETE, DELETE)


def test_a_mistake_in_a_stubs_function_is_passed_on() -> None:
    def mistaken(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        StubTransport(mistaken)(DELETE)


def test_answers_are_given_in_turn() -> None:
    stub = StubTransport.answering(REFUSED, HttpResponse(status=503), DELETED)
    clock = VirtualClock()
    assert run(retrying(delete_response("resp_1")), stub, clock=clock).unwrap().deleted
    assert len(clock.slept) == 2


def test_after_the_last_answer_there_is_no_recording() -> None:
    stub = StubTransport.answering(DELETED)
    stub(DELETE)
    expected = NoRecording(request=DELETE, differences=("all 1 answers were given already",))
    assert stub(DELETE).failure() == expected


@pytest.mark.usefixtures("hurry")
def test_many_threads_get_each_answer_once() -> None:
    stub = StubTransport.answering(*(HttpResponse(status=status) for status in range(200, 4200)))
    assert from_eight_threads(stub, DELETE) == list(range(200, 4200))
    assert len(stub.requests) == 4000


def test_a_json_response_has_status_and_headers() -> None:
    response = json_response({}, status=429, headers=(("retry-after", "1"),))
    assert (response.status, response.header("content-type"), response.header("retry-after")) == (
        429,
        "application/json",
        "1",
    )


def test_a_json_response_takes_the_librarys_structs() -> None:
    assert json_response(DeletedResponse(id="resp_1", deleted=True)).body == b'{"id":"resp_1","deleted":true}'


def test_a_stubs_repr_says_how_far_it_is() -> None:
    stub = StubTransport.answering(DELETED, DELETED)
    stub(DELETE)
    assert repr(stub) == "StubTransport(1 of 2 answers given, 1 requests)"


# Answers in chunks

STREAM = HttpRequest("GET", "/responses/resp_1", (("stream", "true"),))
CUT = Interrupted("reset", "the server went away")
STREAMED = StreamedResponse(status=200, headers=(("x-request-id", "req_1"),), chunks=(b"data: 1\n\n", b"", b"data:"))
BROKEN = replace(STREAMED, error=CUT)


def all_of(body: Body) -> list[Chunk]:
    """What reading gives, up to its end or its failure, and once more."""
    chunks = [body.read()]
    while chunks[-1].value_or(b""):
        chunks.append(body.read())
    return [*chunks, body.read()]


@pytest.mark.thread_unsafe(reason="the stub answers once")
@pytest.mark.parametrize("opener", [StubTransport.answering(STREAMED), ScriptedTransport((STREAM, STREAMED))])
def test_an_answer_in_chunks_is_opened_in_these_chunks(opener: StreamingTransport) -> None:
    body = opener.open(STREAM).unwrap()
    assert body.answer == HttpResponse(status=200, headers=(("x-request-id", "req_1"),))
    assert all_of(body) == [Success(b"data: 1\n\n"), Success(b"data:"), Success(b""), Success(b"")]


def test_an_answer_in_chunks_breaks_off_where_it_says() -> None:
    body = StubTransport.answering(BROKEN).open(STREAM).unwrap()
    assert all_of(body) == [Success(b"data: 1\n\n"), Success(b"data:"), Failure(CUT), Failure(CUT)]


def test_an_answer_in_chunks_is_called_for_whole() -> None:
    stub = StubTransport.answering(STREAMED, BROKEN)
    whole = HttpResponse(status=200, headers=(("x-request-id", "req_1"),), body=b"data: 1\n\ndata:")
    assert stub(STREAM) == Success(whole)
    assert stub(STREAM) == Failure(replace(CUT, partial=whole))


def test_an_answer_without_chunks_is_opened_in_one() -> None:
    body = StubTransport.answering(DELETED).open(DELETE).unwrap()
    assert all_of(body) == [Success(DELETED.body), Success(b""), Success(b"")]


def test_an_error_is_what_opening_gives_too() -> None:
    stub = StubTransport.answering(REFUSED)
    assert stub.open(DELETE) == Failure(REFUSED)
    assert isinstance(stub.open(DELETE).failure(), NoRecording)
    assert stub.requests == (DELETE, DELETE)


def test_a_refusal_in_chunks_is_opened_whole_or_not_at_all() -> None:
    stub = StubTransport.answering(replace(STREAMED, status=500), replace(BROKEN, status=500))
    body = stub.open(STREAM).unwrap()
    assert (body.answer.status, body.answer.body) == (500, b"data: 1\n\ndata:")
    assert stub.open(STREAM) == Failure(replace(CUT, partial=body.answer))


def test_what_was_given_up_is_not_read_as_the_end() -> None:
    stub = StubTransport.answering(STREAMED, STREAMED)
    body = stub.open(STREAM).unwrap()
    body.close()
    assert body.read() == NOT_OPEN
    read = stub.open(STREAM).unwrap()
    all_of(read)
    read.close()
    assert read.read() == Success(b"")


def test_a_script_that_differs_says_so_when_it_is_opened() -> None:
    script = ScriptedTransport((STREAM, STREAMED))
    assert isinstance(script.open(DELETE).failure(), NoRecording)
    assert script.left_over == ((STREAM, STREAMED),)


# Scripts


def items_page(limit: str, *after: tuple[str, str]) -> HttpRequest:
    return HttpRequest("GET", "/responses/resp_1/input_items", (("limit", limit), *after))


def test_a_program_is_tested_as_a_sequence_of_requests_and_answers() -> None:
    first = {"object": "list", "data": [{"id": "a", "type": "x"}], "last_id": "a", "has_more": True}
    second = {"object": "list", "data": [{"id": "b", "type": "x"}], "last_id": "b", "has_more": False}
    script = ScriptedTransport(
        (items_page("1"), json_response(first)),
        (items_page("1", ("after", "a")), json_response(second)),
    )
    items = run(collect(all_input_items("resp_1", limit=1)), script).unwrap()
    assert len(items) == 2
    assert script.left_over == ()


def test_a_script_may_answer_with_errors_of_any_kind() -> None:
    script = ScriptedTransport((DELETE, REFUSED), (DELETE, HttpResponse(status=404)))
    error = run(retrying(delete_response("resp_1")), script, clock=VirtualClock()).failure()
    assert isinstance(error, ApiError)
    assert error.status == 404


def test_what_is_not_as_expected_says_what_differs() -> None:
    script = ScriptedTransport((DELETE, DELETED))
    error = run(cancel_response("resp_1"), script).failure()
    assert isinstance(error, NoRecording)
    assert error.nearest == DELETE
    assert error.differences == (
        "method: asked POST, expected DELETE",
        "path: asked /responses/resp_1/cancel, expected /responses/resp_1",
        "body: asked an empty one, expected none",
    )


def test_a_script_stays_where_it_is_when_something_else_is_asked() -> None:
    script = ScriptedTransport((DELETE, DELETED))
    other = HttpRequest("GET", "/other")
    script(other)
    assert script.left_over == ((DELETE, DELETED),)
    assert script(DELETE).unwrap() == DELETED
    assert script.requests == (other, DELETE)


def test_a_script_that_has_ended_says_so() -> None:
    error = ScriptedTransport()(DELETE).failure()
    expected = NoRecording(request=DELETE, differences=("the script has ended: all of its 0 requests were asked",))
    assert error == expected


def test_headers_count_only_where_the_script_names_them() -> None:
    expected = HttpRequest("DELETE", "/responses/resp_1", headers=(("X-Trace", "1"),))
    script = ScriptedTransport((expected, DELETED), (DELETE, DELETED))
    error = script(DELETE).failure()
    assert isinstance(error, NoRecording)
    assert error.differences == ("header X-Trace: asked None, expected '1'",)
    sent = HttpRequest("DELETE", "/responses/resp_1", headers=(("x-trace", "1"), ("accept", "*/*")))
    assert script(sent).unwrap() == DELETED
    assert script(sent).unwrap() == DELETED


@pytest.mark.usefixtures("hurry")
def test_many_threads_play_a_script_once() -> None:
    script = ScriptedTransport(*((DELETE, HttpResponse(status=status)) for status in range(200, 4200)))
    assert from_eight_threads(script, DELETE) == list(range(200, 4200))


def test_a_scripts_repr_says_how_far_it_is() -> None:
    script = ScriptedTransport((DELETE, DELETED), (DELETE, DELETED))
    script(DELETE)
    assert repr(script) == "ScriptedTransport(1 of 2 played)"


def test_a_simulation_is_a_fine_function_for_a_stub() -> None:
    service = MemoryTransport()
    stub = StubTransport(lambda request: service(request).unwrap())
    assert run(delete_response("resp_chat"), stub).unwrap().deleted
