"""Times on cassettes: recorded if a clock is there, and replayed by a clock."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from puresponse.core import Answer, Chunk, Error, HttpRequest, HttpResponse, Interrupted, stream_response
from puresponse.transports import (
    AsyncBody,
    AsyncCassetteRecorder,
    AsyncCassetteTransport,
    Body,
    CassetteTransport,
    MemoryTransport,
    StreamedResponse,
    VirtualClock,
    iterate,
)
from puresponse.transports.cassette.canned_answers import TOO_LATE, AsyncChunkwiseBody, ChunkwiseBody
from puresponse.transports.cassette.format import Recording, dump_cassette, load_cassette

POST = HttpRequest("POST", "/responses", body=b"{}")
ANSWER = StreamedResponse(status=200, chunks=(b"one", b"two"), delays=(0.25, 1.5, 0.125))
SLOW = Recording(POST, ANSWER, 2.0)


class Slow:
    """A transport whose answers take their time by a clock."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    def __call__(self, request: HttpRequest) -> Answer:
        self._clock.sleep(3.0)
        return Success(HttpResponse(status=200, body=b"{}"))

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        self._clock.sleep(2.0)
        return Success(ChunkwiseBody(ANSWER, self._clock))


class AsyncSlow:
    """The same, for an event loop."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    async def __call__(self, request: HttpRequest) -> Answer:
        await self._clock.sleep_async(3.0)
        return Success(HttpResponse(status=200, body=b"{}"))

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        await self._clock.sleep_async(2.0)
        return Success(AsyncChunkwiseBody(ANSWER, self._clock))


def read_all(body: Body) -> list[Chunk]:
    return [body.read() for _ in range(3)]


def test_times_are_recorded_by_a_clock(tmp_path: Path) -> None:
    clock = VirtualClock()
    with CassetteTransport.recording(Slow(clock), tmp_path / "a.json", clock=clock) as recorder:
        recorder(POST)
        read_all(recorder.open(POST).unwrap())
    whole, streamed = load_cassette((tmp_path / "a.json").read_bytes())
    assert whole == Recording(POST, HttpResponse(status=200, body=b"{}"), 3.0)
    assert streamed == SLOW


def test_times_are_recorded_in_an_event_loop(tmp_path: Path) -> None:
    async def record() -> None:
        clock = VirtualClock()
        async with AsyncCassetteRecorder(AsyncSlow(clock), tmp_path / "a.json", clock=clock) as recorder:
            await recorder(POST)
            body = (await recorder.open(POST)).unwrap()
            assert [await body.read() for _ in range(3)] == [Success(b"one"), Success(b"two"), Success(b"")]

    asyncio.run(record())
    assert [recording.after for recording in load_cassette((tmp_path / "a.json").read_bytes())] == [3.0, 2.0]
    assert load_cassette((tmp_path / "a.json").read_bytes())[1] == SLOW


def test_no_times_are_recorded_without_a_clock(tmp_path: Path) -> None:
    with CassetteTransport.recording(Slow(VirtualClock()), tmp_path / "a.json") as recorder:
        read_all(recorder.open(POST).unwrap())
    assert b"after" not in (tmp_path / "a.json").read_bytes()


def test_times_stand_beside_the_chunks() -> None:
    data = dump_cassette([SLOW])
    assert load_cassette(data) == (SLOW,)
    (entry,) = json.decode(data)["recordings"]
    assert entry["after"] == 2.0
    assert entry["response"]["body"] == {
        "chunks": [{"text": "one", "after": 0.25}, {"text": "two", "after": 1.5}],
        "end_after": 0.125,
    }


def test_times_are_replayed_by_a_clock() -> None:
    clock = VirtualClock()
    body = CassetteTransport([SLOW], clock=clock).open(POST).unwrap()
    assert read_all(body) == [Success(b"one"), Success(b"two"), Success(b"")]
    assert clock.slept == [2.0, 0.25, 1.5, 0.125]


def test_a_call_takes_as_long_as_all_of_it() -> None:
    clock = VirtualClock()
    assert CassetteTransport([SLOW], clock=clock)(POST).unwrap().body == b"onetwo"
    assert clock.now == 3.875


def test_without_a_clock_all_is_there_at_once() -> None:
    late = replace(POST, timeout=0.001, total=0.001)
    assert CassetteTransport([SLOW])(late).unwrap().body == b"onetwo"


def test_a_read_that_is_given_less_time_ends_then() -> None:
    clock = VirtualClock()
    body = CassetteTransport([SLOW], clock=clock).open(POST).unwrap()
    assert [body.read(1.0), body.read(1.0), body.read()] == [Success(b"one"), Failure(TOO_LATE), Failure(TOO_LATE)]
    assert clock.now == 3.25


LIMITS: list[tuple[dict[str, Any], float, bytes | None]] = [
    ({"timeout": 1.0}, 1.0, None),
    ({"timeout": 1.75, "total": 9.0}, 1.75, None),
    ({"timeout": 2.0}, 3.875, b"onetwo"),
    ({"total": 1.0}, 1.0, None),
    ({"total": 3.0}, 3.0, b"one"),
    ({"total": 4.0}, 3.875, b"onetwo"),
]


@pytest.mark.parametrize(("limits", "ends", "received"), LIMITS)
def test_a_request_that_allows_less_time_is_cut_off_then(
    limits: dict[str, Any], ends: float, received: bytes | None
) -> None:
    clock = VirtualClock()
    answer = CassetteTransport([SLOW], clock=clock)(replace(POST, **limits))
    assert clock.now == ends
    if received == b"onetwo":
        assert answer.unwrap().body == received
        return
    error = answer.failure()
    assert isinstance(error, Interrupted)
    assert error.kind == "read_timeout"
    assert (None if error.partial is None else error.partial.body) == received


def test_an_opening_that_is_allowed_less_time_is_cut_off_then() -> None:
    clock = VirtualClock()
    assert CassetteTransport([SLOW], clock=clock).open(replace(POST, timeout=1.0)) == Failure(TOO_LATE)
    assert clock.now == 1.0


def test_times_are_replayed_in_an_event_loop() -> None:
    async def replayed() -> tuple[VirtualClock, list[Chunk]]:
        clock = VirtualClock()
        cassette = AsyncCassetteTransport([SLOW, SLOW], clock=clock)
        assert (await cassette(POST)).unwrap().body == b"onetwo"
        body = (await cassette.open(POST)).unwrap()
        chunks = [await body.read(), await body.read(0.5), await body.read()]
        await body.close()
        return clock, chunks

    clock, chunks = asyncio.run(replayed())
    assert clock.slept == [3.875, 2.0, 0.25, 0.5]
    assert chunks == [Success(b"one"), Failure(TOO_LATE), Failure(TOO_LATE)]


def test_a_stream_of_the_service_is_replayed_in_its_time(tmp_path: Path) -> None:
    clock = VirtualClock()
    stream = stream_response(model="gpt-4o-mini", input="Say hello")
    with CassetteTransport.recording(MemoryTransport(clock=clock), tmp_path / "a.json", clock=clock) as recorder:
        events = list(iterate(stream, recorder, clock=clock))
    again = VirtualClock()
    assert list(iterate(stream, CassetteTransport.replaying(tmp_path / "a.json", clock=again), clock=again)) == events
    assert again.now == pytest.approx(clock.now, abs=0.001 * (len(events) + 2))
    assert (again.now > 0) == (clock.now > 0)
