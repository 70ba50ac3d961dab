"""A transport behind a server that passes requests on: what of them, and what becomes of a stream whose client left."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from returns.result import Failure, Result, Success

from puresponse import HttpRequest, HttpResponse, Interrupted, NotSent
from puresponse.core import Answer, Error
from puresponse.transports import AsyncBody
from puresponse.transports.serving.passed_on import PassedOn, wants_stream

STREAM = HttpRequest("GET", "/responses/resp_1", query=(("stream", "true"),))


class Slow:
    """An asynchronous transport whose streams have chunks that are put there."""

    def __init__(self) -> None:
        self.chunks: asyncio.Queue[Result[bytes, Error]] = asyncio.Queue()
        self.read_in_all: list[bytes] = []
        self.is_closed = False

    async def __call__(self, request: HttpRequest) -> Answer:
        raise AssertionError

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        return Success(SlowBody(self))


class SlowBody:
    answer = HttpResponse(status=200, headers=(("content-type", "text/event-stream"), ("server", "theirs")))

    def __init__(self, slow: Slow) -> None:
        self._slow = slow

    async def read(self, within: float | None = None) -> Result[bytes, Error]:
        chunk = await self._slow.chunks.get()
        self._slow.read_in_all.append(chunk.value_or(b"broke off"))
        return chunk

    async def close(self, within: float = 0.0) -> None:
        self._slow.is_closed = True


async def left(linger: float, *chunks: Result[bytes, Error]) -> Slow:
    """What became of a stream that was left while a chunk was waited for, before these were there."""
    slow = Slow()
    body = (await PassedOn(slow, linger=linger).open(STREAM)).unwrap()
    assert body.answer.header("server") is None
    reading = asyncio.ensure_future(body.read())
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    for chunk in chunks:
        slow.chunks.put_nowait(chunk)
    await body.close()
    return slow


@pytest.mark.parametrize("end", [Success(b""), Failure(Interrupted("reset", "gone"))])
def test_a_stream_is_read_on_to_its_end_when_its_client_has_left(end: Result[bytes, Error]) -> None:
    slow = asyncio.run(left(20.0, Success(b"1"), Success(b"2"), end, Success(b"none")))
    assert (slow.read_in_all, slow.is_closed) == ([b"1", b"2", end.value_or(b"broke off")], True)


def test_it_is_read_on_for_no_longer_than_is_said() -> None:
    slow = asyncio.run(left(0.01, Success(b"1")))
    assert (slow.read_in_all, slow.is_closed) == ([b"1"], True)


def test_without_time_to_linger_it_is_closed_at_once() -> None:
    slow = asyncio.run(left(0.0))
    assert (slow.read_in_all, slow.is_closed) == ([], True)


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        (STREAM, True),
        (HttpRequest("GET", "/responses/resp_1", query=(("stream", "false"),)), False),
        (HttpRequest("GET", "/x", headers=(("accept", "text/event-stream"),)), True),
        (HttpRequest("POST", "/responses", body=b'{ "stream" : true }'), True),
        (HttpRequest("POST", "/responses", body=b'{"stream": false}'), False),
        (HttpRequest("POST", "/responses", body=b'{"input": "\\"stream\\""}'), False),
        (HttpRequest("POST", "/responses", body=b'{"tool": {"stream": true}}'), False),
        (HttpRequest("POST", "/responses", body=b'["stream"]'), False),
        (HttpRequest("POST", "/responses", body=b'{"stream": tru'), False),
        (HttpRequest("POST", "/responses", body=b'{"stream": "\xff"}'), False),
        (HttpRequest("POST", "/responses", body=b'{"stream":' + b"[" * 100_000), False),
        (HttpRequest("DELETE", "/responses/resp_1"), False),
    ],
)
def test_what_asks_for_a_stream(request_: HttpRequest, wanted: bool) -> None:
    assert wants_stream(request_) is wanted


def test_an_answer_that_broke_off_is_passed_on_as_far_as_it_was_received_and_the_error_told() -> None:
    cut = Interrupted("reset", "gone", HttpResponse(status=200, headers=(("date", "then"),), body=b'{"id"'))
    told: list[Any] = []

    async def breaking_off(request: HttpRequest) -> Answer:
        return Failure(cut)

    async def read() -> tuple[HttpResponse, Any, Any]:
        passed_on = PassedOn(breaking_off, tell=lambda request, error: told.append((request.path, error)))
        body = (await passed_on.open(HttpRequest("GET", "/models"))).unwrap()
        return body.answer, await body.read(), await body.read()

    answer, first, second = asyncio.run(read())
    assert (answer.headers, first) == ((), Success(b'{"id"'))
    assert second == Failure(Interrupted("reset", "gone"))
    assert told == [("/models", cut)]


def test_what_was_not_sent_is_told_and_no_answer() -> None:
    error = NotSent("dns", "no such host")

    def failing(request: HttpRequest) -> Answer:
        return Failure(error)

    for request in (STREAM, HttpRequest("GET", "/models")):
        assert asyncio.run(PassedOn(failing).open(request)) == Failure(error)
