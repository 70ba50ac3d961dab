"""A blocking transport in an event loop."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from returns.result import Failure, Success

from puresponse.core import Answer, HttpRequest, HttpResponse, Interrupted, delete_response
from puresponse.transports import in_threads, run_async

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
