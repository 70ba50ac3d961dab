"""Streams that are over with their last event: their connections serve again, and what does not end is dropped."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Generator
from contextlib import aclosing, closing, contextmanager
from threading import Event
from typing import Any, TypeAlias

import pytest
from connections import Counting
from msgspec import Struct, json
from returns.result import Failure

from puresponse.codecs import ResponseCompletedEvent
from puresponse.core import END, Answer, Chunk, Emit, HttpRequest, Open, Read, Stream, is_failure, stream_response
from puresponse.transports import (
    AsyncStreamingTransport,
    CassetteTransport,
    MemoryTransport,
    Urllib3Transport,
    in_threads,
    iterate,
    iterate_async,
)
from puresponse.transports.serving.asgi import AsgiApplication
from puresponse.transports.serving.server import listen, running
from puresponse.transports.testing.loopback import listening, read_request

STREAMS = 100
LAST = b"event: response.completed"
CREATE = HttpRequest(
    "POST",
    "/responses",
    headers=(("content-type", "application/json"),),
    body=json.encode({"model": "m", "input": "Say this is a test", "stream": True}),
)
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
EVENTS = (b"event: response.created\ndata: {}\n\n", LAST + b"\ndata: {}\n\n")

Values: TypeAlias = list[bytes]


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


class ReadEvents(Struct, frozen=True, tag=True):
    """Gives each chunk, and is over with the one that holds the last event."""

    def __call__(self, given: Answer | Chunk) -> Stream[bytes]:
        if is_failure(given):
            return END
        chunk = given.unwrap()
        if not isinstance(chunk, bytes):
            return Read(ReadEvents())
        return Emit((chunk,), END if LAST in chunk else Read(ReadEvents()))


STREAM: Stream[bytes] = Open(CREATE, ReadEvents())


@contextmanager
def serving() -> Generator[tuple[Urllib3Transport, Counting]]:
    """What `puresponse serve` serves, on loopback, and how often it is connected to."""
    counting = Counting(AsgiApplication(MemoryTransport()))
    with (
        running(listen(counting)) as server,
        Urllib3Transport(base_url=f"{server.origin}/v1", api_key="sk-any", timeout=30.0) as transport,
    ):
        yield transport, counting


def to_the_end(transport: Urllib3Transport) -> Values:
    return [value for value in iterate(STREAM, transport, results=True) if not isinstance(value, Failure)]


def to_the_last_event(transport: Urllib3Transport) -> Values:
    """As most programs do: `if event.type == "response.completed": break`."""
    values: Values = []
    with closing(iterate(STREAM, transport, results=True)) as given:
        for value in given:
            assert not isinstance(value, Failure)
            values.append(value)
            if LAST in value:
                break
    return values


def in_an_event_loop(transport: Urllib3Transport) -> Values:
    async def scene() -> Values:
        values: Values = []
        threads = in_threads(transport)
        assert isinstance(threads, AsyncStreamingTransport)
        async with aclosing(iterate_async(STREAM, threads, results=True)) as given:
            async for value in given:
                assert not isinstance(value, Failure)
                values.append(value)
                if LAST in value:
                    break
        return values

    return asyncio.run(scene())


@pytest.mark.parametrize("read", [to_the_end, to_the_last_event, in_an_event_loop])
def test_a_hundred_streams_of_puresponse_serve_come_over_one_connection(
    read: Callable[[Urllib3Transport], Values],
) -> None:
    with serving() as (transport, counting):
        for _ in range(STREAMS):
            assert LAST in read(transport)[-1]
    assert (counting.asked, len(counting.connections)) == (STREAMS, 1)


def test_a_hundred_responses_that_are_streamed_come_over_one_connection() -> None:
    with serving() as (transport, counting):
        for _ in range(STREAMS):
            *_, last = iterate(stream_response(model="m", input="Say this is a test"), transport, results=True)
            assert isinstance(last, ResponseCompletedEvent)
    assert (counting.asked, len(counting.connections)) == (STREAMS, 1)


def test_a_recording_of_a_stream_that_is_over_with_its_last_event_has_its_end(tmp_path: Any) -> None:
    path = tmp_path / "stream.json"
    with serving() as (transport, counting), CassetteTransport.recording(transport, path) as recorder:
        streams = [
            [value for value in iterate(STREAM, recorder, results=True) if isinstance(value, bytes)] for _ in range(3)
        ]
    assert len(counting.connections) == 1
    cassette = CassetteTransport.replaying(path)
    for values in streams:
        assert cassette(CREATE).unwrap().body == b"".join(values), "called, it gives a body that is whole"


class Commenting:
    """Sends the events of a stream, and then comments for as long as anyone listens; with no pause, stays silent."""

    def __init__(self, pause: float | None) -> None:
        self._pause = pause
        self.comments = 0
        self.gone = Event()

    def __call__(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            read_request(file, "")
        try:
            connection.sendall(CHUNKED)
            for event in EVENTS:
                connection.sendall(b"%x\r\n%s\r\n" % (len(event), event))
            while self._pause is not None:
                Event().wait(self._pause)
                connection.sendall(b"3\r\n:\n\n\r\n")
                self.comments += 1
            connection.recv(1)
        finally:
            self.gone.set()


@pytest.mark.parametrize("read", [to_the_end, to_the_last_event, in_an_event_loop])
@pytest.mark.parametrize("pause", [0.0, 0.01])
def test_an_endless_commenter_is_dropped_at_once_and_its_values_are_all_given(
    read: Callable[[Urllib3Transport], Values], pause: float
) -> None:
    server = Commenting(pause)
    with listening(server) as port, Urllib3Transport(base_url=f"http://127.0.0.1:{port}", timeout=60.0) as transport:
        started = time.monotonic()
        values = read(transport)
        assert server.gone.wait(5.0)
        took = time.monotonic() - started
    assert b"".join(values).startswith(b"".join(EVENTS))
    assert took < 5.0
    assert server.comments * pause < 5.0


def test_a_stream_that_stays_silent_after_its_last_event_is_left_soon() -> None:
    server = Commenting(None)
    with listening(server) as port, Urllib3Transport(base_url=f"http://127.0.0.1:{port}", timeout=60.0) as transport:
        started = time.monotonic()
        assert b"".join(to_the_end(transport)) == b"".join(EVENTS)
        took = time.monotonic() - started
    assert took < 5.0
