"""The service in memory answers in an event loop as it does in threads, and lets the loop go on meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from threading import active_count
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace
from returns.result import Failure, Success

from puresponse.core import HttpRequest, Interrupted, create_response, retrieve_response
from puresponse.transports import (
    AsyncStreamingTransport,
    CutStream,
    Delay,
    FaultPlan,
    Life,
    MemoryTransport,
    Reply,
    Reset,
    Rule,
    ServerError,
    SlowStream,
    StreamingTransport,
    Truncated,
    VirtualClock,
    run_async,
)
from puresponse.transports.contract import AsyncBody
from puresponse.transports.memory.faults import Fault

T = TypeVar("T")

START = 1_750_000_000.0
GET = HttpRequest("GET", "/responses/resp_chat")
CREATE = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"one two three"}')
STREAM = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"one two three","stream":true}')


def service(*faults: Fault, **arguments: Any) -> MemoryTransport:
    given: dict[str, Any] = {"script": Reply.text("one two three").lasting(answering=3.0), **arguments}
    return MemoryTransport(clock=VirtualClock(now=START), faults=FaultPlan(tuple(map(Rule, faults))), **given)


def in_a_loop(use: Callable[[AsyncStreamingTransport], Awaitable[T]], memory: MemoryTransport) -> T:
    async def used() -> T:
        return await use(memory.asynchronous())

    return asyncio.run(used())


async def read_all(body: AsyncBody, within: float | None = None) -> list[Any]:
    """The chunks, and what followed them."""
    found: list[Any] = []
    while True:
        chunk = await body.read(within)
        found.append(chunk)
        if isinstance(chunk, Failure) or not chunk.unwrap():
            return found


# It is the same service


async def asked(transport: AsyncStreamingTransport, request: HttpRequest) -> list[Any]:
    """What opening results in, chunk by chunk, and what a call does."""
    opened = await transport.open(request)
    if isinstance(opened, Failure):
        return [opened, await transport(request)]
    body = opened.unwrap()
    return [body.answer, *await read_all(body), await transport(request)]


def asked_in_threads(transport: StreamingTransport, request: HttpRequest) -> list[Any]:
    opened = transport.open(request)
    if isinstance(opened, Failure):
        return [opened, transport(request)]
    body = opened.unwrap()
    chunks = [body.read()]
    while not isinstance(chunks[-1], Failure) and chunks[-1].unwrap():
        chunks.append(body.read())
    return [body.answer, *chunks, transport(request)]


FAULTS: list[tuple[Fault, ...]] = [
    (),
    (Delay(2.0),),
    (Reset(),),
    (ServerError(503),),
    (ServerError(), Truncated()),
    (Truncated(10),),
    (CutStream(3),),
    (SlowStream(1.5),),
]


@pytest.mark.parametrize("faults", FAULTS, ids=str)
@pytest.mark.parametrize("total", [None, 0.5, 4.0, -1.0])
@pytest.mark.parametrize("request_", [GET, CREATE, STREAM, HttpRequest("POST", "/x", body=b"{}")], ids=str)
def test_it_answers_as_it_does_in_threads(
    faults: tuple[Fault, ...], total: float | None, request_: HttpRequest
) -> None:
    request = replace(request_, total=total)
    here, there = service(*faults), service(*faults)
    assert in_a_loop(lambda transport: asked(transport, request), here) == asked_in_threads(there, request)
    assert (here.state, here.requests) == (there.state, there.requests)


def test_both_faces_have_one_state() -> None:
    memory = service(script="Hello!")
    created = in_a_loop(lambda transport: run_async(create_response(model="m", input="Hi"), transport), memory)
    found = in_a_loop(lambda transport: run_async(retrieve_response(created.unwrap().id), transport), memory)
    assert found == created
    assert created.unwrap().id in memory.state.responses
    assert isinstance(memory.asynchronous(), AsyncStreamingTransport)
    assert repr(memory.asynchronous()) == "MemoryTransport(10 responses, 2 requests).asynchronous()"


def test_events_that_are_late_and_slow_are_both() -> None:
    """None is due before the delay, and each is later than the one before it."""
    clock = VirtualClock(now=START)
    memory = MemoryTransport(clock=clock, faults=FaultPlan((Rule(Delay(2.0)), Rule(SlowStream(1.5)))), script="Hm.")
    chunks = in_a_loop(read_stream, memory)
    assert clock.now == START + 2.0 + 1.5 * (len(chunks) - 1)


async def read_stream(transport: AsyncStreamingTransport) -> list[Any]:
    return await read_all((await transport.open(STREAM)).unwrap())


def test_where_no_time_passes_all_is_there_at_once() -> None:
    memory = MemoryTransport(now=lambda: START, script=Reply.text("Hm.").lasting(answering=1e9))
    assert b"response.completed" in in_a_loop(lambda transport: transport(STREAM), memory).unwrap().body


# It waits by the clock, and for no longer than it may


def test_a_read_that_is_given_a_time_waits_no_longer() -> None:
    async def read(transport: AsyncStreamingTransport) -> list[Any]:
        return await read_all((await transport.open(STREAM)).unwrap(), 0.1)

    memory = service()
    created, started, silent = in_a_loop(read, memory)
    assert created.unwrap().startswith(b"event: response.created\n")
    assert started.unwrap().startswith(b"event: response.in_progress\n")
    assert silent == Failure(Interrupted("read_timeout", "the server was silent for 0.1 s"))


def test_a_read_that_was_cancelled_can_be_done_again() -> None:
    async def read(transport: AsyncStreamingTransport) -> int:
        body = (await transport.open(STREAM)).unwrap()
        read = [await body.read(), await body.read()]
        reading = asyncio.ensure_future(body.read())
        await asyncio.sleep(0.01)
        reading.cancel()
        await asyncio.wait((reading,))
        assert reading.cancelled()
        return len(read + await read_all(body))

    memory = MemoryTransport(script=Reply.text("one two three").lasting(answering=0.5))
    assert in_a_loop(read, memory) == len(in_a_loop(read_stream, service()))


def test_closing_ends_a_read_that_waits() -> None:
    async def read(transport: AsyncStreamingTransport) -> Any:
        body = (await transport.open(STREAM)).unwrap()
        await body.read()
        await body.read()
        reading = asyncio.ensure_future(body.read())
        await asyncio.sleep(0.01)
        await body.close()
        return await asyncio.wait_for(reading, 10), await body.read()

    memory = MemoryTransport(script=Reply.text("Hm.").lasting(answering=600.0))
    assert in_a_loop(read, memory) == (Success(b""), Success(b""))


def test_an_exchange_whose_task_is_cancelled_has_reached_the_service() -> None:
    async def call(transport: AsyncStreamingTransport) -> bool:
        calling = asyncio.ensure_future(transport(CREATE))
        await asyncio.sleep(0.01)
        calling.cancel()
        await asyncio.wait((calling,))
        return calling.cancelled()

    memory = MemoryTransport.empty(script=Reply(life=Life(answering=600.0)))
    assert in_a_loop(call, memory)
    assert len(memory.state.responses) == 1


def test_a_stream_ends_where_its_response_is_cancelled_while_it_is_waited_for() -> None:
    body = b'{"model":"m","input":"x","stream":true,"background":true}'

    async def read(transport: AsyncStreamingTransport) -> list[Any]:
        stream = (await transport.open(HttpRequest("POST", "/responses", body=body))).unwrap()
        reading = asyncio.ensure_future(read_all(stream))
        await asyncio.sleep(0.02)
        await transport(HttpRequest("POST", "/responses/resp_000001/cancel"))
        return await reading

    memory = MemoryTransport.empty(script=Reply.text("Hm.").lasting(queued=0.2, running=600.0))
    assert [chunk.unwrap()[:23] for chunk in in_a_loop(read, memory)] == [
        b"event: response.created",
        b"event: response.queued\n",
        b"",
    ]


def test_a_clock_that_raises_is_heard() -> None:
    class Broken(VirtualClock):
        async def sleep_async(self, seconds: float) -> None:
            raise ZeroDivisionError(seconds)

    memory = MemoryTransport(clock=Broken(), faults=FaultPlan((Rule(Delay(1.0)),)))
    with pytest.raises(ZeroDivisionError):
        in_a_loop(lambda transport: transport(GET), memory)


# It holds nobody up

LONG = Reply.text("word " * 50_000)
TICKS = 100


def test_what_is_asked_for_is_a_stream_that_is_made_when_it_is_read() -> None:
    """So that no lock is held meanwhile: to open it takes less than a tenth of what it takes to read it."""
    memory = MemoryTransport.empty(script=LONG)
    opening: list[float] = []
    reading: list[float] = []
    for _ in range(3):
        began = time.thread_time()
        body = memory.open(STREAM).unwrap()
        opened = time.thread_time()
        while body.read().unwrap():
            pass
        opening.append(opened - began)
        reading.append(time.thread_time() - opened)
    assert min(opening) < min(reading) / 10


def test_the_loop_goes_on_while_a_long_stream_is_made() -> None:
    async def turns(transport: AsyncStreamingTransport) -> int:
        count = 0

        async def others() -> None:
            nonlocal count
            while True:
                await asyncio.sleep(0)
                count += 1

        body = (await transport.open(STREAM)).unwrap()
        await body.read()
        await body.read()
        counting = asyncio.ensure_future(others())
        await asyncio.wait_for(body.read(), 60)  # counts the events, for each to be due at its time
        counting.cancel()
        return count

    memory = MemoryTransport.empty(script=LONG.lasting(answering=1.0))
    assert in_a_loop(turns, memory) > TICKS


def test_many_streams_are_waited_for_by_no_thread() -> None:
    async def threads(transport: AsyncStreamingTransport) -> int:
        bodies = [(await transport.open(STREAM)).unwrap() for _ in range(300)]
        reading = [asyncio.ensure_future(read_all(body)) for body in bodies]
        await asyncio.sleep(0.05)
        count = active_count()
        for body in bodies:
            await body.close()
        await asyncio.gather(*reading)
        return count

    before = active_count()
    assert in_a_loop(threads, MemoryTransport.empty(script=Reply.text("Hm.").lasting(answering=600.0))) <= before
