"""A blocking transport in an event loop."""

import asyncio
import socket
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from interpreters import printed_by
from returns.result import Failure, Result, Success

from puresponse.core import Answer, Chunk, Error, HttpRequest, HttpResponse, Interrupted, delete_response
from puresponse.transports import AsyncStreamingTransport, Body, Urllib3Transport, in_threads, run_async
from puresponse.transports.daemon_threads import DaemonThreads
from puresponse.transports.testing.loopback import listening, read_request, response_bytes
from puresponse.transports.threads import BodyInThreads

T = TypeVar("T")
PATIENCE = 10.0


def within(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run `coroutine`, and fail rather than hang."""
    return asyncio.run(asyncio.wait_for(coroutine, timeout=PATIENCE))


def test_an_exchange_runs_in_another_thread() -> None:
    threads: list[threading.Thread] = []

    def transport(request: HttpRequest) -> Answer:
        threads.append(threading.current_thread())
        return Success(HttpResponse(status=204))

    assert within(run_async(delete_response("resp_1"), in_threads(transport))).unwrap().id == "resp_1"
    assert threads != [threading.current_thread()]
    assert len(threads) == 1


def test_the_request_and_the_answer_pass_as_they_are() -> None:
    answer: Answer = Failure(Interrupted("reset", "?"))
    asked: list[HttpRequest] = []

    def transport(request: HttpRequest) -> Answer:
        asked.append(request)
        return answer

    request = HttpRequest("GET", "/")

    async def exchange() -> Answer:
        return await in_threads(transport)(request)

    assert within(exchange()) is answer
    assert asked[0] is request


def test_several_exchanges_run_at_once() -> None:
    together = threading.Barrier(3)

    def transport(request: HttpRequest) -> Answer:
        together.wait(PATIENCE)
        return Success(HttpResponse(status=204))

    async def three() -> list[Any]:
        exchange = in_threads(transport)
        return await asyncio.gather(*(run_async(delete_response(f"resp_{n}"), exchange) for n in range(3)))

    assert [result.unwrap().id for result in within(three())] == ["resp_0", "resp_1", "resp_2"]


def test_the_event_loop_is_left_free() -> None:
    go_on = threading.Event()

    def transport(request: HttpRequest) -> Answer:
        assert go_on.wait(PATIENCE)
        return Success(HttpResponse(status=204))

    async def scene() -> bool:
        task = asyncio.create_task(run_async(delete_response("resp_1"), in_threads(transport)))
        await asyncio.sleep(0)
        go_on.set()  # from the loop that a blocking call would have stopped
        return (await task).unwrap().deleted

    assert within(scene())


def test_a_callers_own_executor_is_used() -> None:
    names: list[str] = []

    def transport(request: HttpRequest) -> Answer:
        names.append(threading.current_thread().name)
        return Success(HttpResponse(status=204))

    with ThreadPoolExecutor(1, thread_name_prefix="mine") as executor:
        within(run_async(delete_response("resp_1"), in_threads(transport, executor=executor)))
    assert [name.startswith("mine") for name in names] == [True]


def test_a_cancelled_task_does_not_wait_for_its_exchange() -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def transport(request: HttpRequest) -> Answer:
        begun.set()
        assert go_on.wait(PATIENCE)
        ended.set()
        return Success(HttpResponse(status=204))

    async def scene() -> None:
        task = asyncio.create_task(run_async(delete_response("resp_1"), in_threads(transport)))
        while not begun.is_set():
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not ended.is_set()
        go_on.set()

    within(scene())
    assert ended.wait(PATIENCE)


def test_what_a_transport_raises_comes_out() -> None:
    def broken(request: HttpRequest) -> Answer:
        raise ZeroDivisionError(request.path)

    with pytest.raises(ZeroDivisionError):
        within(run_async(delete_response("resp_1"), in_threads(broken)))


# --- cancelled -----------------------------------------------------------------------------------


def test_what_no_thread_has_begun_is_not_sent_once_its_task_is_cancelled() -> None:
    go_on = threading.Event()
    asked: list[str] = []

    def transport(request: HttpRequest) -> Answer:
        asked.append(request.path)
        assert go_on.wait(PATIENCE)
        return Success(HttpResponse(status=204))

    async def scene(executor: ThreadPoolExecutor) -> None:
        exchange = in_threads(transport, executor=executor)
        first = asyncio.create_task(run_async(delete_response("resp_1"), exchange))
        second = asyncio.create_task(run_async(delete_response("resp_2"), exchange))
        while not asked:
            await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        go_on.set()
        assert (await first).unwrap().deleted

    with ThreadPoolExecutor(1) as executor:
        within(scene(executor))
    assert asked == ["/responses/resp_1"]


class WaitsForAConnection:
    """A server that does not answer, and a transport with one connection to it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.has_one = threading.Event()
        self.goes_on = threading.Event()

    def __call__(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            while (request := read_request(file, "")) is not None:
                self.asked.append(request.path)
                self.has_one.set()
                if self.goes_on.is_set():
                    connection.sendall(response_bytes(HttpResponse(status=204)))


def test_what_waits_for_a_connection_is_not_sent_once_its_task_is_cancelled_and_its_thread_is_free() -> None:
    server = WaitsForAConnection()

    async def scene(transport: Urllib3Transport, executor: ThreadPoolExecutor) -> None:
        exchange = in_threads(transport, executor=executor)
        first = asyncio.create_task(run_async(delete_response("resp_1"), exchange))
        await asyncio.to_thread(server.has_one.wait, PATIENCE)
        second = asyncio.create_task(run_async(delete_response("resp_2"), exchange))
        for _ in range(5):
            await asyncio.sleep(0)
        for task in (second, first):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        server.goes_on.set()
        # Both threads of the executor, and the one connection, are free again.
        results = await asyncio.gather(*(run_async(delete_response(f"resp_{n}"), exchange) for n in (3, 4)))
        assert [result.unwrap().deleted for result in results] == [True, True]

    with (
        listening(server) as port,
        Urllib3Transport(api_key="", base_url=f"http://127.0.0.1:{port}", proxy="", max_connections=1) as transport,
        ThreadPoolExecutor(2) as executor,
    ):
        within(scene(transport, executor))
    assert sorted(server.asked) == [f"/responses/resp_{number}" for number in (1, 3, 4)]


def test_opening_is_given_up_too() -> None:
    server = WaitsForAConnection()

    async def scene(transport: Urllib3Transport) -> None:
        exchange = in_threads(transport)
        assert isinstance(exchange, AsyncStreamingTransport)
        opening = asyncio.ensure_future(exchange.open(HttpRequest("GET", "/events")))
        await asyncio.to_thread(server.has_one.wait, PATIENCE)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        server.goes_on.set()
        assert (await run_async(delete_response("resp_1"), exchange)).unwrap().deleted

    with (
        listening(server) as port,
        Urllib3Transport(api_key="", base_url=f"http://127.0.0.1:{port}", proxy="", max_connections=1) as transport,
    ):
        within(scene(transport))


def test_a_read_that_is_cancelled_closes_its_body() -> None:
    reading, closed = threading.Event(), threading.Event()

    class Slow:
        answer = HttpResponse(status=200)

        def read(self, within: float | None = None) -> Chunk:
            reading.set()
            assert closed.wait(PATIENCE)
            return Success(b"")

        def close(self, within: float = 0.0) -> None:
            closed.set()

    class Opens:
        def __call__(self, request: HttpRequest) -> Answer:
            raise AssertionError

        def open(self, request: HttpRequest) -> Result[Body, Error]:
            return Success(Slow())

    async def scene() -> None:
        exchange = in_threads(Opens())
        assert isinstance(exchange, AsyncStreamingTransport)
        body = (await exchange.open(HttpRequest("GET", "/"))).unwrap()
        task = asyncio.ensure_future(body.read())
        await asyncio.to_thread(reading.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(closed.wait, PATIENCE)

    within(scene())


# --- the threads ---------------------------------------------------------------------------------


def test_a_body_is_closed_though_the_task_that_closes_it_is_cancelled() -> None:
    closed: list[bytes] = []

    class Body:
        answer = HttpResponse(status=200)

        def read(self, within: float | None = None) -> Result[bytes, Error]:
            return Success(b"")

        def close(self, within: float = 0.0) -> None:
            closed.append(b"")

    async def close() -> None:
        for _ in range(100):
            closing = asyncio.ensure_future(BodyInThreads(Body(), DaemonThreads(1, "reads")).close())
            await asyncio.sleep(0)
            closing.cancel()
            await asyncio.wait((closing,))
        while len(closed) < 100:
            await asyncio.sleep(0.01)

    within(close())


def test_threads_are_daemons_and_used_again() -> None:
    threads = DaemonThreads(3, "spare")
    first = threads.submit(threading.current_thread).result(PATIENCE)
    assert (first.daemon, first.name) == (True, "spare")
    again = (threads.submit(threading.current_thread).result(PATIENCE) for _ in range(1_000))
    assert any(thread is first for thread in again)  # as soon as it waits for more


def test_as_many_threads_as_are_allowed_run_at_once_and_no_more() -> None:
    together, more = threading.Barrier(4), threading.Event()

    def call() -> threading.Thread:
        together.wait(PATIENCE)
        assert more.wait(PATIENCE)
        return threading.current_thread()

    threads = DaemonThreads(3, "spare")
    futures = [threads.submit(call) for _ in range(3)]
    last = threads.submit(threading.current_thread)
    together.wait(PATIENCE)
    assert not last.done()
    more.set()
    assert last.result(PATIENCE) in {future.result(PATIENCE) for future in futures}


def test_what_is_raised_in_a_thread_is_its_result_and_what_was_cancelled_is_not_called() -> None:
    go_on = threading.Event()
    threads = DaemonThreads(1, "spare")
    called: list[str] = []

    def broken() -> None:
        assert go_on.wait(PATIENCE)
        raise ZeroDivisionError

    raised, cancelled = threads.submit(broken), threads.submit(called.append, "cancelled")
    assert cancelled.cancel()
    go_on.set()
    with pytest.raises(ZeroDivisionError):
        raised.result(PATIENCE)
    assert threads.submit(called.append, "after").result(PATIENCE) is None
    assert called == ["after"]


def test_an_idle_thread_ends() -> None:
    threads = DaemonThreads(1, "spare", idle=0.001)
    for _ in range(3):
        thread = threads.submit(threading.current_thread).result(PATIENCE)
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_what_waited_for_a_thread_is_not_counted_on_again() -> None:
    go_on = threading.Event()
    threads = DaemonThreads(1, "spare", idle=0.001)
    first, second = threads.submit(go_on.wait, PATIENCE), threads.submit(threading.current_thread)
    go_on.set()
    assert first.result(PATIENCE)
    second.result(PATIENCE).join(PATIENCE)
    assert threads.submit(int, "7").result(PATIENCE) == 7


def test_threads_end_when_their_executor_is_gone() -> None:
    threads = DaemonThreads(1, "spare", idle=1e6)
    thread = threads.submit(threading.current_thread).result(PATIENCE)
    del threads
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_system_that_gives_no_thread_is_told_of_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refused(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    go_on = threading.Event()
    threads = DaemonThreads(2, "spare")
    first = threads.submit(go_on.wait, PATIENCE)
    monkeypatch.setattr("puresponse.transports.daemon_threads.Thread", Refused)
    second = threads.submit(threading.current_thread)
    go_on.set()
    assert first.result(PATIENCE)
    assert second.result(PATIENCE).name == "spare"
    with pytest.raises(RuntimeError, match="can't start new thread"):
        DaemonThreads(2, "none").submit(go_on.wait)


def test_a_child_process_has_threads_of_its_own() -> None:
    code = """
import os, threading, warnings
warnings.simplefilter("ignore")  # that a process with threads forks
from puresponse.transports.daemon_threads import DaemonThreads
threads = DaemonThreads(1, "spare")
threads.submit(int).result(10)
child = os.fork()
if not child:
    os._exit(threads.submit(int, "7").result(10))
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert printed_by(code) == "7"
