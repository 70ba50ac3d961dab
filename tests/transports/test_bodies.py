"""Bodies in chunks: of any transport, in threads too, and closed whatever happens."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, closing
from typing import Any, TypeVar

import pytest
from returns.result import Failure, Result, Success

from puresponse.core import (
    Answer,
    Chunk,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    NotSent,
    RetryPolicy,
    resume_stream,
)
from puresponse.core.streams import NOT_OPEN
from puresponse.transports import (
    AsyncStreamingTransport,
    AsyncTransport,
    Body,
    StreamingTransport,
    VirtualClock,
    in_threads,
    iterate,
    iterate_async,
)
from puresponse.transports.bodies import (
    AsyncWholeBody,
    WholeBody,
    as_exchanged,
    open_body,
    open_body_async,
    read_to_end,
    read_to_end_async,
)

T = TypeVar("T")
PATIENCE = 10.0
LOST = NotSent("dns", "no such host")
CLOSED = Interrupted("reset", "closed")
REQUEST = HttpRequest("GET", "/")
FOUND = HttpResponse(status=206, headers=(("a", "b"),), body=b"all of it")
REFUSED = HttpResponse(status=404, body=b"not found")


FIRST = b'data: {"type":"new","sequence_number":0}\n\n'
SECOND = b'data: {"type":"new","sequence_number":1}\n\n'
STREAM = resume_stream("resp_1", resumption=RetryPolicy(max_retries=1, jitter=0.0))


def within(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run `coroutine`, and fail rather than hang."""
    return asyncio.run(asyncio.wait_for(coroutine, timeout=PATIENCE))


class Gate:
    """Holds up a thread that comes by, until it may go on."""

    def __init__(self) -> None:
        self.busy = threading.Event()
        self.go_on = threading.Event()

    def __call__(self) -> None:
        self.busy.set()
        assert self.go_on.wait(PATIENCE)


class Chunked:
    """A body in chunks, that tells what is done with it, and in which thread; `before` is called before each chunk."""

    def __init__(self, *chunks: bytes, before: Callable[[], object] = int) -> None:
        self.answer = HttpResponse(status=200)
        self.chunks = list(chunks)
        self.closed = threading.Event()
        self.threads: list[str] = []
        self.times: list[float | None] = []
        self._before = before
        self._reading = threading.Lock()

    def read(self, within: float | None = None) -> Chunk:
        assert not self._reading.locked(), "two threads read a body at once"
        self.times.append(within)
        with self._reading:
            self.threads.append(threading.current_thread().name)
            self._before()
            if self.closed.is_set():
                return Failure(CLOSED)
            return Success(self.chunks.pop(0) if self.chunks else b"")

    def close(self, within: float = 0.0) -> None:
        self.threads.append(threading.current_thread().name)
        self.times.append(within)
        self.closed.set()
        if isinstance(self._before, Gate):
            self._before.go_on.set()


class Bodies:
    """A transport that opens one body after the other."""

    def __init__(self, *bodies: Chunked | Error, before: Callable[[], object] = int) -> None:
        self.bodies = list(bodies)
        self.opened: list[HttpRequest] = []
        self.threads: list[str] = []
        self.wait = before

    def __call__(self, request: HttpRequest) -> Answer:
        return Success(FOUND)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        self.threads.append(threading.current_thread().name)
        body = self.bodies[len(self.opened)]
        self.opened.append(request)
        self.wait()
        return Success(body) if isinstance(body, Chunked) else Failure(body)


def streaming(transport: AsyncTransport) -> AsyncStreamingTransport:
    assert isinstance(transport, AsyncStreamingTransport)
    return transport


# --- bodies that are there already ---------------------------------------------------------------


def answering(answer: Answer) -> Callable[[HttpRequest], Answer]:
    """A transport that opens nothing."""

    def transport(request: HttpRequest) -> Answer:
        assert request is REQUEST
        return answer

    return transport


def test_a_whole_body_is_one_chunk_and_then_the_end() -> None:
    body = open_body(answering(Success(FOUND)), REQUEST).unwrap()
    assert isinstance(body, WholeBody)
    assert body.answer == HttpResponse(status=206, headers=(("a", "b"),))
    assert [body.read() for _ in range(3)] == [Success(b"all of it"), Success(b""), Success(b"")]


def test_a_refusal_comes_with_its_body_and_leaves_nothing_to_read() -> None:
    body = open_body(answering(Success(REFUSED)), REQUEST).unwrap()
    assert (body.answer, body.read()) == (REFUSED, Success(b""))


def test_a_whole_body_that_is_closed_gives_no_more() -> None:
    body = WholeBody(FOUND)
    body.close()
    body.close()
    assert body.read() == NOT_OPEN


@pytest.mark.parametrize("response", [FOUND, REFUSED, HttpResponse(status=200)])
def test_a_whole_body_that_is_closed_at_its_end_stays_at_its_end(response: HttpResponse) -> None:
    body = WholeBody(response)
    while body.read() != Success(b""):
        pass
    body.close()
    assert body.read() == Success(b"")


def test_a_whole_body_is_there_whatever_time_it_is_given() -> None:
    body = WholeBody(FOUND)
    assert [body.read(0.0), body.read(0.0)] == [Success(b"all of it"), Success(b"")]
    given_up = WholeBody(FOUND)
    given_up.close(10.0)
    assert given_up.read() == NOT_OPEN


def test_what_cannot_be_sent_opens_nothing() -> None:
    assert open_body(answering(Failure(LOST)), REQUEST) == Failure(LOST)


def test_in_an_event_loop_it_is_the_same() -> None:
    async def scene() -> None:
        body = (await open_body_async(in_threads(answering(Success(FOUND))), REQUEST)).unwrap()
        assert isinstance(body, AsyncWholeBody)
        assert body.answer == HttpResponse(status=206, headers=(("a", "b"),))
        assert [await body.read() for _ in range(2)] == [Success(b"all of it"), Success(b"")]
        refused = (await open_body_async(in_threads(answering(Success(REFUSED))), REQUEST)).unwrap()
        assert (refused.answer, await refused.read()) == (REFUSED, Success(b""))
        closed = AsyncWholeBody(FOUND)
        await closed.close()
        assert await closed.read() == NOT_OPEN
        assert await open_body_async(in_threads(answering(Failure(LOST))), REQUEST) == Failure(LOST)

    within(scene())


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ([Success(b"all "), Success(b"of it"), Success(b"")], (b"all of it", None)),
        ([Success(b"")], (b"", None)),
        ([Success(b"a part"), Failure(CLOSED)], (b"a part", CLOSED)),
        ([Failure(LOST)], (b"", LOST)),
    ],
)
def test_a_body_is_read_to_its_end_or_to_where_it_breaks_off(
    chunks: list[Chunk], expected: tuple[bytes, Error | None]
) -> None:
    blocking, awaited = iter(chunks), iter(chunks)

    async def read() -> Chunk:
        return next(awaited)

    assert read_to_end(lambda: next(blocking)) == expected
    assert within(read_to_end_async(read)) == expected
    assert (list(blocking), list(awaited)) == ([], [])


def test_what_was_read_of_a_body_belongs_to_the_answer_or_to_the_interruption() -> None:
    head = HttpResponse(status=206, headers=FOUND.headers)
    assert as_exchanged(head, b"all of it", None) == Success(FOUND)
    assert as_exchanged(REFUSED, b"", None) == Success(REFUSED)
    assert as_exchanged(head, b"all of it", CLOSED) == Failure(Interrupted("reset", "closed", partial=FOUND))
    assert as_exchanged(head, b"all of it", LOST) == Failure(LOST)


def test_a_transport_that_can_open_a_body_is_asked_to() -> None:
    chunked = Chunked(b"a", b"b")
    transport = Bodies(chunked)
    assert isinstance(transport, StreamingTransport)
    assert open_body(transport, REQUEST) == Success(chunked)
    assert transport.opened == [REQUEST]


# --- in threads ----------------------------------------------------------------------------------


def test_only_a_transport_that_can_open_a_body_can_do_so_in_threads() -> None:
    assert isinstance(in_threads(Bodies()), AsyncStreamingTransport)
    assert not isinstance(in_threads(answering(Success(FOUND))), AsyncStreamingTransport)


def test_a_body_is_opened_read_and_closed_in_threads() -> None:
    chunked = Chunked(b"a", b"b")
    bodies = Bodies(chunked)

    async def scene(executor: ThreadPoolExecutor) -> None:
        transport = streaming(in_threads(bodies, executor=executor))
        assert await transport(REQUEST) == Success(FOUND)
        body = (await open_body_async(transport, REQUEST)).unwrap()
        assert body.answer is chunked.answer
        assert [await body.read() for _ in range(4)] == [Success(b"a"), Success(b"b"), Success(b""), Success(b"")]
        assert not chunked.closed.is_set()
        await body.close()
        assert chunked.closed.is_set()
        await body.close()
        assert await body.read() == Failure(CLOSED)

    with ThreadPoolExecutor(1, thread_name_prefix="mine") as executor:
        within(scene(executor))
    assert {name.partition("_")[0] for name in (*bodies.threads, *chunked.threads[:4])} == {"mine"}
    assert threading.current_thread().name not in chunked.threads


def test_what_cannot_be_opened_in_a_thread_is_a_failure() -> None:
    assert within(open_body_async(in_threads(Bodies(LOST)), REQUEST)) == Failure(LOST)


def test_the_event_loop_is_free_while_a_chunk_is_waited_for() -> None:
    go_on = threading.Event()
    chunked = Chunked(b"a", before=lambda: go_on.wait(PATIENCE))

    async def scene() -> Chunk:
        body = (await open_body_async(in_threads(Bodies(chunked)), REQUEST)).unwrap()
        reading = asyncio.create_task(body.read())
        await asyncio.sleep(0)
        go_on.set()  # from the loop that a blocking read would have stopped
        return await reading

    assert within(scene()) == Success(b"a")


def test_reads_go_on_while_every_thread_for_calls_waits_for_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connections that the openings wait for are those that the reads will free."""
    monkeypatch.setattr("puresponse.transports.threads._MOST_THREADS", 1)
    is_read = threading.Event()
    waits = threading.Event()
    first, second = Chunked(b"a", before=is_read.set), Chunked(b"b")
    bodies = Bodies(first, second)

    def wait_for_the_first() -> None:
        if len(bodies.opened) == 2:
            waits.set()
            assert is_read.wait(PATIENCE)

    bodies.wait = wait_for_the_first

    async def scene() -> list[Chunk]:
        transport = streaming(in_threads(bodies))
        body = (await transport.open(REQUEST)).unwrap()
        opening = asyncio.create_task(transport.open(REQUEST))
        while not waits.is_set():
            await asyncio.sleep(0.001)
        chunks = [await asyncio.wait_for(body.read(), PATIENCE / 2)]
        return [*chunks, await (await opening).unwrap().read()]

    try:
        assert within(scene()) == [Success(b"a"), Success(b"b")]
    finally:
        is_read.set()  # or else the thread would hold up the end of the process


def test_in_threads_a_body_is_given_the_time_of_each_read_and_of_its_closing() -> None:
    chunked = Chunked(b"a", b"b")

    async def scene() -> None:
        body = (await streaming(in_threads(Bodies(chunked))).open(REQUEST)).unwrap()
        await body.read()
        await body.read(0.25)
        await body.close(0.05)
        await body.close()

    within(scene())
    assert chunked.times == [None, 0.25, 0.05, 0.0]


async def given_up(task: asyncio.Task[Any], gate: Gate) -> None:
    """Cancel a task whose thread is busy, and see it end."""
    while not gate.busy.is_set():
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_body_that_is_given_up_while_a_chunk_is_waited_for_is_closed_at_once() -> None:
    """Even if no other thread of the executor is free."""
    gate = Gate()
    chunked = Chunked(b"a", before=gate)

    async def scene() -> None:
        with ThreadPoolExecutor(1) as executor:

            async def all_of_it() -> None:
                async for _ in iterate_async(STREAM, in_threads(Bodies(chunked), executor=executor)):
                    pytest.fail("no event is complete")

            await asyncio.wait_for(given_up(asyncio.create_task(all_of_it()), gate), PATIENCE / 2)
            assert chunked.closed.is_set()

    within(scene())
    assert chunked.chunks == [b"a"]


def test_a_body_that_is_given_up_before_it_is_open_is_closed_once_it_is() -> None:
    gate = Gate()
    chunked = Chunked(b"a")
    bodies = Bodies(chunked, before=gate)

    async def scene() -> None:
        await given_up(asyncio.create_task(streaming(in_threads(bodies)).open(REQUEST)), gate)
        assert not gate.go_on.is_set()
        assert not chunked.closed.is_set()
        gate.go_on.set()
        assert await asyncio.to_thread(chunked.closed.wait, PATIENCE)

    within(scene())


def test_a_body_whose_opening_was_cancelled_at_the_last_moment_is_closed() -> None:
    chunked = Chunked(b"a")
    is_open = threading.Event()
    bodies = Bodies(chunked, before=is_open.set)

    async def scene() -> None:
        with ThreadPoolExecutor(1) as executor:
            task = asyncio.create_task(streaming(in_threads(bodies, executor=executor)).open(REQUEST))
            await asyncio.sleep(0)
            assert is_open.wait(PATIENCE)
            executor.submit(int).result(PATIENCE)  # the thread is done, and the loop has not heard of it
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert chunked.closed.is_set()

    within(scene())


def test_an_opening_that_fails_after_it_was_given_up_leaves_nothing_to_close() -> None:
    gate = Gate()
    bodies = Bodies(LOST, before=gate)

    async def scene() -> None:
        await given_up(asyncio.create_task(streaming(in_threads(bodies)).open(REQUEST)), gate)
        gate.go_on.set()

    within(scene())


def test_what_a_transport_raises_comes_out_and_the_body_is_closed() -> None:
    def explode() -> None:
        raise ZeroDivisionError

    chunked = Chunked(b"a", before=explode)

    async def all_of_it() -> None:
        async for _ in iterate_async(resume_stream("resp_1"), in_threads(Bodies(chunked))):
            pytest.fail("nothing can be read")

    with pytest.raises(ZeroDivisionError):
        within(all_of_it())
    assert chunked.closed.is_set()
    with pytest.raises(ZeroDivisionError):
        within(streaming(in_threads(Bodies(chunked, before=explode))).open(REQUEST))


# --- streams of events ---------------------------------------------------------------------------


@pytest.mark.parametrize("stops", ["close", "raise"])
def test_whoever_stops_asking_for_events_closes_the_body(stops: str) -> None:
    chunked = Chunked(FIRST, SECOND)

    def ask() -> None:
        with closing(iterate(STREAM, Bodies(chunked))) as events:
            for _ in events:
                assert not chunked.closed.is_set()
                if stops == "close":
                    break
                raise ZeroDivisionError

    if stops == "raise":
        with pytest.raises(ZeroDivisionError):
            ask()
    else:
        ask()
    assert chunked.closed.is_set()
    assert chunked.chunks == [SECOND]


def test_whoever_stops_asking_in_an_event_loop_closes_the_body() -> None:
    chunked = Chunked(FIRST, SECOND)

    async def scene() -> None:
        async with aclosing(iterate_async(STREAM, in_threads(Bodies(chunked)))) as events:
            await anext(events)
            assert not chunked.closed.is_set()
        assert chunked.closed.is_set()

    within(scene())
    assert chunked.chunks == [SECOND]


def test_a_stream_that_is_resumed_closes_the_body_that_broke() -> None:
    first, second = Chunked(FIRST), Chunked(SECOND)

    class Ordered(Bodies):
        def open(self, request: HttpRequest) -> Result[Body, Error]:
            assert not self.opened or first.closed.is_set()
            return super().open(request)

    events = iterate(STREAM, Ordered(first, second), clock=VirtualClock())
    next(events)
    next(events)
    assert (first.closed.is_set(), second.closed.is_set()) == (True, False)
    events.close()
    assert second.closed.is_set()


def test_a_stream_that_was_never_begun_opens_nothing() -> None:
    bodies = Bodies()
    iterate(STREAM, bodies).close()
    assert bodies.opened == []
