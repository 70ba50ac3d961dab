"""Whatever performs an exchange keeps what was received of an answer that breaks off: each transport in its way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pytest
from msgspec.structs import replace
from returns.result import Failure, Success

from puresponse.core import HttpRequest, HttpResponse, Interrupted, NotSent
from puresponse.transports import (
    CaptureTransport,
    CassetteTransport,
    FaultPlan,
    Garbage,
    MemoryTransport,
    Rule,
    ScriptedTransport,
    StreamedResponse,
    StreamingTransport,
    StubTransport,
    Transport,
    Truncated,
    in_threads,
)
from puresponse.transports.bodies import open_body, open_body_async
from puresponse.transports.testing.contract import CutTransportContract, broken_laws
from puresponse.transports.testing.contract.streaming import by_opening, read_whole

GET = HttpRequest("GET", "/responses/resp_1")
CUT = Interrupted("truncated", "the server went away")
HEADERS = (("content-type", "text/event-stream"),)
RECEIVED = HttpResponse(status=200, headers=HEADERS, body=b"data: 1\n\ndata:")

Making: TypeAlias = Callable[[HttpResponse], StreamingTransport]


def streamed(received: HttpResponse) -> StreamedResponse:
    """In two chunks, the second of which may be empty."""
    half = (len(received.body) + 1) // 2
    chunks = (received.body[:half], received.body[half:])
    return StreamedResponse(status=received.status, headers=received.headers, chunks=chunks, error=CUT)


def stub(received: HttpResponse) -> StreamingTransport:
    return StubTransport(lambda request: streamed(received))


def stub_of_an_error(received: HttpResponse) -> StreamingTransport:
    return StubTransport(lambda request: replace(CUT, partial=received))


def script(received: HttpResponse) -> StreamingTransport:
    return ScriptedTransport((GET, streamed(received)))


def captured(received: HttpResponse) -> StreamingTransport:
    return CaptureTransport(stub(received))


def memory(received: HttpResponse) -> StreamingTransport:
    garbage = Garbage(received.body + b"?", received.status, received.headers[0][1])
    return MemoryTransport(faults=FaultPlan((Rule(garbage), Rule(Truncated(len(received.body))))))


def recorded(received: HttpResponse) -> StreamingTransport:
    return recording(received, replayed=False)


def replayed(received: HttpResponse) -> StreamingTransport:
    return recording(received, replayed=True)


def replayed_as_it_was_opened(received: HttpResponse) -> StreamingTransport:
    return recording(received, replayed=True, opened=True)


def recording(received: HttpResponse, *, replayed: bool, opened: bool = False) -> StreamingTransport:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "cut.json"
        recorder = CassetteTransport.recording(stub(received), path)
        if opened and received.is_success:
            read_whole(recorder.open(GET).unwrap())
        elif replayed:
            recorder(GET)
        recorder.save()
        return CassetteTransport.replaying(path) if replayed else recorder


MAKING: list[Making] = [
    *(stub, stub_of_an_error, script, captured, memory, recorded, replayed, replayed_as_it_was_opened),
]


class Of(CutTransportContract):
    """Checks a transport that is made by a given function, and called, or opened."""

    def __init__(self, make: Making, *, opening: bool) -> None:
        self._make = make
        self._opening = opening

    def make_cut_transport(self, received: HttpResponse) -> AbstractContextManager[Transport]:
        made: StreamingTransport = self._make(received)
        return by_opening(nullcontext(made)) if self._opening else nullcontext(made)


@pytest.mark.parametrize("opening", [False, True])
@pytest.mark.parametrize("make", MAKING)
def test_a_transport_keeps_what_was_received(make: Making, opening: bool) -> None:
    assert broken_laws(Of(make, opening=opening)) == {}


def test_a_transport_that_loses_it_is_caught() -> None:
    def losing(received: HttpResponse) -> StreamingTransport:
        return StubTransport(lambda request: CUT)

    assert set(broken_laws(Of(losing, opening=False))) == {"test_an_interruption_holds_what_was_received"}


def test_a_transport_that_shows_it_is_caught() -> None:
    def telling(received: HttpResponse) -> StreamingTransport:
        return StubTransport(lambda request: Interrupted("truncated", f"after {received.body!r}", received))

    assert set(broken_laws(Of(telling, opening=False))) == {"test_what_an_interruption_holds_is_not_shown"}


def test_a_transport_that_gives_a_shorter_body_is_caught() -> None:
    def indulgent(received: HttpResponse) -> StreamingTransport:
        return StubTransport(lambda request: received)

    assert set(broken_laws(Of(indulgent, opening=False))) == {name for name in dir(Of) if name.startswith("test_")}


# --- what was received of a whole exchange, opened ------------------------------------------------


def test_what_was_received_whole_is_opened_in_one_chunk_that_breaks_off() -> None:
    body = open_body(lambda request: Failure(replace(CUT, partial=RECEIVED)), GET).unwrap()
    assert body.answer == replace(RECEIVED, body=b"")
    assert [body.read() for _ in range(3)] == [Success(RECEIVED.body), Failure(CUT), Failure(CUT)]


def test_in_an_event_loop_it_is_the_same() -> None:
    import asyncio

    async def scene() -> None:
        calling = in_threads(lambda request: Failure(replace(CUT, partial=RECEIVED)))
        body = (await open_body_async(calling, GET)).unwrap()
        assert body.answer == replace(RECEIVED, body=b"")
        assert [await body.read() for _ in range(2)] == [Success(RECEIVED.body), Failure(CUT)]

    asyncio.run(asyncio.wait_for(scene(), 10))


@pytest.mark.parametrize("make", [stub_of_an_error, replayed])
def test_so_is_an_error_that_a_stub_or_a_cassette_answers_with(make: Making) -> None:
    body = make(RECEIVED).open(GET).unwrap()
    assert body.answer == replace(RECEIVED, body=b"")
    assert [body.read() for _ in range(3)] == [Success(RECEIVED.body), Failure(CUT), Failure(CUT)]


@pytest.mark.parametrize(
    "error",
    [CUT, replace(CUT, partial=replace(RECEIVED, status=503)), NotSent("dns", "no such host")],
    ids=["without a head", "no success", "not sent"],
)
def test_any_other_error_opens_nothing(error: Interrupted | NotSent) -> None:
    assert open_body(lambda request: Failure(error), GET) == Failure(error)


# --- cassettes ------------------------------------------------------------------------------------


def test_a_cassette_keeps_of_what_was_received_the_headers_that_it_keeps_of_any_answer(tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    secret = HttpResponse(status=200, headers=(("Set-Cookie", "session=1"), *HEADERS), body=b'{"id":')
    with CassetteTransport.recording(lambda request: Failure(replace(CUT, partial=secret)), path) as recorder:
        recorder(GET)
    text = path.read_text()
    assert "session" not in text
    assert '"text": "{\\"id\\":"' in text, "a body is kept for people to read"
    assert "partial" not in text
    assert CassetteTransport.replaying(path)(GET) == Failure(replace(CUT, partial=replace(secret, headers=HEADERS)))


@pytest.mark.parametrize("error", [CUT, NotSent("refused", "nobody listens"), replace(CUT, response_id="resp_1")])
def test_an_error_without_an_answer_is_replayed_as_it_was(error: Interrupted | NotSent, tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    with CassetteTransport.recording(lambda request: Failure(error), path) as recorder:
        recorder(GET)
    assert "null" not in path.read_text()
    assert CassetteTransport.replaying(path)(GET) == Failure(error)
