"""Bodies on cassettes: recorded in the chunks in which they are read, and replayed in these, or whole."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import pytest
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from puresponse.core import (
    Answer,
    Chunk,
    Error,
    HttpRequest,
    HttpResponse,
    InvalidArgument,
    NoRecording,
    NotSent,
    collect,
    stream_response,
)
from puresponse.core.errors import Interrupted
from puresponse.core.http import Pairs
from puresponse.transports import Body, CassetteTransport, MemoryTransport, StubTransport, iterate, run
from puresponse.transports.cassette.canned_answers import CannedAnswer, StreamedResponse
from puresponse.transports.cassette.recording_body import LEFT_UNREAD
from puresponse.transports.testing.contract.streaming import read_whole

STREAM = HttpRequest("GET", "/responses/resp_1", (("stream", "true"),))
CUT = Interrupted("reset", "the server went away")
HEADERS: Pairs = (("x-request-id", "req_1"),)
STREAMED = StreamedResponse(status=200, headers=HEADERS, chunks=(b"data: 1\n\n", b"data: 2\n\n"))
WHOLE = HttpResponse(status=200, headers=HEADERS, body=b"data: 1\n\ndata: 2\n\n")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stream.json"


def opened_and_recorded(answer: CannedAnswer, path: Path, *, reads: int | None = None) -> CassetteTransport:
    """Open what `answer` gives, read it (`reads` times, or to its end), close it, and replay the recording."""
    with CassetteTransport.recording(StubTransport.answering(answer), path) as recorder:
        opened = recorder.open(STREAM)
        if not isinstance(opened, Failure):
            body = opened.unwrap()
            if reads is None:
                read_whole(body)
            else:
                for _ in range(reads):
                    body.read()
            body.close()
    return CassetteTransport.replaying(path)


def recorded_answer(cassette: CassetteTransport) -> object:
    (recording,) = cassette.recordings
    return recording.answer


@pytest.mark.parametrize("answer", [STREAMED, replace(STREAMED, error=CUT), StreamedResponse(status=201)])
def test_a_body_is_recorded_chunk_by_chunk_with_its_end(answer: StreamedResponse, path: Path) -> None:
    assert recorded_answer(opened_and_recorded(answer, path)) == answer


def test_chunks_are_replayed_one_by_one(path: Path) -> None:
    body = opened_and_recorded(replace(STREAMED, error=CUT), path).open(STREAM).unwrap()
    assert body.answer == replace(WHOLE, body=b"")
    assert [body.read() for _ in range(4)] == [
        Success(b"data: 1\n\n"),
        Success(b"data: 2\n\n"),
        Failure(CUT),
        Failure(CUT),
    ]


def test_chunks_are_replayed_whole_where_they_are_called_for(path: Path) -> None:
    assert opened_and_recorded(STREAMED, path)(STREAM) == Success(WHOLE)


def test_chunks_that_broke_off_are_called_for_in_vain(path: Path) -> None:
    error = replace(CUT, partial=WHOLE)
    assert opened_and_recorded(replace(STREAMED, error=CUT), path)(STREAM) == Failure(error)


def test_what_was_called_for_is_opened_in_one_chunk(path: Path) -> None:
    with CassetteTransport.recording(StubTransport.answering(WHOLE), path) as recorder:
        recorder(STREAM)
    body = CassetteTransport.replaying(path).open(STREAM).unwrap()
    assert [body.read(), body.read()] == [Success(WHOLE.body), Success(b"")]


@pytest.mark.parametrize("answer", [HttpResponse(status=404, body=b"{}"), NotSent("dns", "?"), CUT])
def test_any_other_answer_is_recorded_as_by_a_call(answer: HttpResponse | NotSent | Interrupted, path: Path) -> None:
    cassette = opened_and_recorded(answer, path)
    assert recorded_answer(cassette) == answer
    assert cassette.open(STREAM).map(lambda body: body.answer) == StubTransport.answering(answer)(STREAM)


def test_a_failure_that_no_server_made_is_not_recorded(path: Path) -> None:
    assert opened_and_recorded(InvalidArgument("x", "?"), path).recordings == ()


@pytest.mark.parametrize("reads", [0, 1, 2])
def test_what_was_closed_before_its_end_breaks_off_there(reads: int, path: Path) -> None:
    cassette = opened_and_recorded(STREAMED, path, reads=reads)
    assert recorded_answer(cassette) == replace(STREAMED, chunks=STREAMED.chunks[:reads], error=LEFT_UNREAD)


def test_what_is_read_after_closing_is_not_recorded(path: Path) -> None:
    recorder = CassetteTransport.recording(lambda request: Success(WHOLE), path)
    body = recorder.open(STREAM).unwrap()
    body.close()
    body.read()
    (recording,) = recorder.recordings
    assert recording.answer == StreamedResponse(status=200, headers=HEADERS, error=LEFT_UNREAD)


def test_a_body_that_is_still_open_is_recorded_as_far_as_it_was_read(path: Path) -> None:
    with CassetteTransport.recording(StubTransport.answering(STREAMED), path) as recorder:
        body = recorder.open(STREAM).unwrap()
        body.read()
    assert body.read() == Success(b"data: 2\n\n")
    cassette = CassetteTransport.replaying(path)
    assert recorded_answer(cassette) == replace(STREAMED, chunks=STREAMED.chunks[:1], error=LEFT_UNREAD)


def test_what_is_read_on_for_the_end_is_recorded_where_it_came_to_it(path: Path) -> None:
    with CassetteTransport.recording(StubTransport.answering(STREAMED), path) as recorder:
        body = recorder.open(STREAM).unwrap()
        body.read()
        body.close(10.0)
        body.close(10.0)
    assert recorded_answer(CassetteTransport.replaying(path)) == STREAMED


def test_what_is_read_on_in_vain_is_not_recorded(path: Path) -> None:
    with CassetteTransport.recording(StubTransport.answering(replace(STREAMED, error=CUT)), path) as recorder:
        body = recorder.open(STREAM).unwrap()
        body.read()
        body.close(10.0)
    cassette = CassetteTransport.replaying(path)
    assert recorded_answer(cassette) == replace(STREAMED, chunks=STREAMED.chunks[:1], error=LEFT_UNREAD)


class Endless:
    """A body that goes on for ever, and notes what time it is given."""

    answer = HttpResponse(status=200)

    def __init__(self) -> None:
        self.times: list[float | None] = []
        self.closed = False

    def read(self, within: float | None = None) -> Chunk:
        self.times.append(within)
        return Success(b":\n\n")

    def close(self, within: float = 0.0) -> None:
        self.closed = True


class OfOneBody:
    """A transport that opens one body."""

    def __init__(self, body: Endless) -> None:
        self._body = body

    def __call__(self, request: HttpRequest) -> Answer:
        return Success(HttpResponse(status=200))

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        return Success(self._body)


def test_a_recorder_gives_a_body_the_time_that_it_is_given_and_no_more(path: Path) -> None:
    endless = Endless()
    with CassetteTransport.recording(OfOneBody(endless), path) as recorder:
        body = recorder.open(STREAM).unwrap()
        body.read()
        body.read(0.25)
        started = monotonic()
        body.close(0.02)
        assert monotonic() - started < 5
    assert endless.times[:2] == [None, 0.25]
    assert all(time is not None and 0 < time <= 0.02 for time in endless.times[2:])
    assert endless.closed
    answer = recorded_answer(CassetteTransport.replaying(path))
    assert isinstance(answer, StreamedResponse)
    assert answer.chunks == (b":\n\n", b":\n\n")


def test_the_end_asked_again_is_one_end(path: Path) -> None:
    with CassetteTransport.recording(StubTransport.answering(STREAMED), path) as recorder:
        body = recorder.open(STREAM).unwrap()
        for _ in range(5):
            body.read()
    assert recorded_answer(CassetteTransport.replaying(path)) == STREAMED


def test_recordings_stand_in_the_order_in_which_they_were_begun(path: Path) -> None:
    with CassetteTransport.recording(StubTransport.answering(STREAMED, WHOLE), path) as recorder:
        body = recorder.open(STREAM).unwrap()
        recorder(STREAM)
        read_whole(body)
    assert [recording.answer for recording in CassetteTransport.replaying(path).recordings] == [STREAMED, WHOLE]


def test_a_transport_that_opens_nothing_is_recorded_in_one_chunk(path: Path) -> None:
    with CassetteTransport.recording(lambda request: Success(WHOLE), path) as recorder:
        read_whole(recorder.open(STREAM).unwrap())
    assert recorded_answer(CassetteTransport.replaying(path)) == replace(STREAMED, chunks=(WHOLE.body,))


def test_a_recorder_that_is_closed_opens_nothing(path: Path) -> None:
    recorder = CassetteTransport.recording(StubTransport.answering(STREAMED), path)
    recorder.close()
    with pytest.raises(ValueError, match="is closed"):
        recorder.open(STREAM)


def test_what_is_opened_counts_with_what_is_called_for(path: Path) -> None:
    cassette = opened_and_recorded(STREAMED, path)
    assert cassette.open(STREAM).unwrap().read() == Success(b"data: 1\n\n")
    assert cassette.unused == ()
    assert isinstance(cassette(STREAM).failure(), NoRecording)
    assert isinstance(cassette.open(STREAM).failure(), NoRecording)


def test_how_a_request_is_sent_does_not_count(path: Path) -> None:
    asked = replace(STREAM, timeout=3.0, total=4.0, idempotent=True)
    assert opened_and_recorded(STREAMED, path)(asked) == Success(WHOLE)


def test_a_stream_of_events_is_replayed_as_it_was_recorded(path: Path) -> None:
    stream = stream_response(model="gpt-4o-mini", input="Say hello")
    with CassetteTransport.recording(MemoryTransport(), path) as recorder:
        events = list(iterate(stream, recorder))
    assert len(events) > 5
    assert list(iterate(stream, CassetteTransport.replaying(path))) == events
    assert run(collect(stream), CassetteTransport.replaying(path)) == Success(tuple(events))
