"""What a run carries out last, where it ends without a result."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from msgspec import Struct
from returns.result import Failure, Success

from puresponse.core import (
    Answer,
    HttpRequest,
    HttpResponse,
    NotSent,
    Operation,
    Send,
    WaitPolicy,
    cancel_response,
    delay,
    delete_response,
    succeed,
    wait_for_response,
)
from puresponse.transports import MemoryTransport, StubTransport, VirtualClock, in_threads, run, run_async
from puresponse.transports import on_cancel as last

T = TypeVar("T")
PATIENCE = 10.0
CANCELLED = HttpRequest("POST", "/last")
ANSWER = HttpResponse(status=200, body=b"{}")


class Stopped(BaseException):
    """What interrupts a run, as a KeyboardInterrupt does."""


class Tell(Struct, frozen=True):
    def __call__(self, answer: Answer) -> Operation[str]:
        return succeed("told")


LAST: Operation[str] = Send(CANCELLED, Tell())


def within(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run `coroutine`, and fail rather than hang."""
    return asyncio.run(asyncio.wait_for(coroutine, timeout=PATIENCE))


class Interrupted:
    """A transport in whose first exchange a run is interrupted."""

    def __init__(self, by: BaseException, answer: Answer | None = None) -> None:
        self.by = by
        self.answer = answer or Success(ANSWER)
        self.paths: list[str] = []

    def __call__(self, request: HttpRequest) -> Answer:
        self.paths.append(request.path)
        if len(self.paths) == 1:
            raise self.by
        return self.answer


@pytest.mark.parametrize("by", [KeyboardInterrupt(), Stopped(), ZeroDivisionError()])
def test_a_run_that_is_interrupted_carries_it_out_and_the_exception_goes_on(by: BaseException) -> None:
    transport = Interrupted(by)
    with pytest.raises(type(by)) as caught:
        run(delete_response("resp_1"), transport, on_cancel=LAST)
    assert caught.value is by
    assert transport.paths == ["/responses/resp_1", "/last"]
    assert not hasattr(by, "__notes__")


def test_a_run_that_has_a_result_carries_out_nothing_else() -> None:
    for answer in (ANSWER, HttpResponse(status=404, body=b"{}")):
        stub = StubTransport.answering(answer)
        run(delete_response("resp_1"), stub, on_cancel=LAST)
        within(run_async(delete_response("resp_2"), in_threads(stub), on_cancel=LAST))
        assert [request.path for request in stub.requests] == ["/responses/resp_1", "/responses/resp_2"]


def test_what_it_fails_with_is_a_note_of_the_exception() -> None:
    by = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        run(delete_response("r"), Interrupted(by, Failure(NotSent("dns", "?"))), on_cancel=delete_response("r"))
    assert by.__notes__ == ["on_cancel failed: not sent (dns): ?"]


def test_what_it_raises_is_a_note_too_and_a_second_interrupt_is_not() -> None:
    def broken(request: HttpRequest) -> Answer:
        paths.append(request.path)
        raise KeyboardInterrupt if len(paths) == 1 else errors[0]

    for raised, told in ((ZeroDivisionError("?"), KeyboardInterrupt), (Stopped(), Stopped)):
        paths: list[str] = []
        errors: list[BaseException] = [raised]
        with pytest.raises(told) as caught:
            run(delete_response("resp_1"), broken, on_cancel=LAST)
        assert paths == ["/responses/resp_1", "/last"]
        if told is KeyboardInterrupt:
            assert caught.value.__notes__ == ["on_cancel raised ZeroDivisionError('?')"]


def test_it_has_five_seconds_which_its_requests_are_told() -> None:
    totals: list[float | None] = []

    def transport(request: HttpRequest) -> Answer:
        totals.append(request.total)
        if len(totals) == 1:
            raise KeyboardInterrupt
        return Success(ANSWER)

    with pytest.raises(KeyboardInterrupt):
        run(delete_response("resp_1"), transport, on_cancel=LAST, clock=VirtualClock())
    assert totals == [None, last.LONGEST]
    assert last.LONGEST == 5.0


def test_it_waits_no_longer_than_it_has_time() -> None:
    clock = VirtualClock()
    by = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        run(delete_response("resp_1"), Interrupted(by), on_cancel=delay(60.0), clock=clock)
    assert clock.now == 0.0
    assert by.__notes__[0].startswith("on_cancel failed: not done within 5 s")


@pytest.mark.parametrize("given", [7, None.__class__, cancel_response, "cancel"])
def test_what_is_no_operation_is_told_before_anything_is_sent(given: Any) -> None:
    stub = StubTransport.answering(ANSWER)
    with pytest.raises(TypeError, match=r"on_cancel of run takes an operation"):
        run(delete_response("resp_1"), stub, on_cancel=given)
    with pytest.raises(TypeError, match=r"on_cancel of run_async takes an operation"):
        within(run_async(delete_response("resp_1"), in_threads(stub), on_cancel=given))
    assert stub.requests == ()


# --- a wait --------------------------------------------------------------------------------------


def test_a_wait_that_is_interrupted_cancels_the_response_on_the_server() -> None:
    class Interrupting(VirtualClock):
        def sleep(self, seconds: float) -> None:
            raise KeyboardInterrupt

    service = MemoryTransport()
    wait = wait_for_response("resp_queued", policy=WaitPolicy(deadline=600.0))
    with pytest.raises(KeyboardInterrupt):
        run(wait, service, clock=Interrupting(), on_cancel=cancel_response("resp_queued"))
    assert [request.method for request in service.requests] == ["GET", "POST"]
    assert b'"cancelled"' in service(HttpRequest("GET", "/responses/resp_queued")).unwrap().body


def test_a_wait_whose_task_is_cancelled_cancels_the_response_on_the_server() -> None:
    service = MemoryTransport()
    transport = in_threads(service)

    async def scene() -> None:
        wait = wait_for_response("resp_queued", policy=WaitPolicy(deadline=600.0))
        task = asyncio.create_task(run_async(wait, transport, on_cancel=cancel_response("resp_queued")))
        while not service.requests:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [request.method for request in service.requests][-1] == "POST"

    within(scene())


# --- in an event loop ----------------------------------------------------------------------------


class Hanging:
    """A transport in an event loop that answers nothing but what is asked last, when it is let."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.asked = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self, request: HttpRequest) -> Answer:
        self.paths.append(request.path)
        self.asked.set()
        if request.path == CANCELLED.path:
            try:
                await self.goes_on.wait()
            finally:
                self.ended.set()
            return Success(ANSWER)
        await asyncio.Event().wait()
        raise AssertionError


def test_a_task_that_is_cancelled_ends_when_it_is_carried_out() -> None:
    async def scene() -> None:
        transport = Hanging()
        task = asyncio.create_task(run_async(delete_response("resp_1"), transport, on_cancel=LAST))
        await transport.asked.wait()
        transport.asked.clear()
        task.cancel()
        await transport.asked.wait()
        for _ in range(5):
            await asyncio.sleep(0)
        assert not task.done()
        transport.goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert transport.paths == ["/responses/resp_1", "/last"]

    within(scene())


def test_a_second_cancellation_ends_the_task_and_not_what_it_carries_out() -> None:
    """As some frameworks cancel, again and again until a task has ended."""

    async def scene() -> None:
        transport = Hanging()
        task = asyncio.create_task(run_async(delete_response("resp_1"), transport, on_cancel=LAST))
        await transport.asked.wait()
        transport.asked.clear()
        task.cancel()
        await transport.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for _ in range(5):
            await asyncio.sleep(0)
        assert not transport.ended.is_set()
        transport.goes_on.set()
        await transport.ended.wait()

    within(scene())


def test_what_takes_too_long_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last, "LONGEST", 0.01)

    async def scene() -> None:
        transport = Hanging()
        task = asyncio.create_task(run_async(delete_response("resp_1"), transport, on_cancel=LAST))
        await transport.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        assert transport.ended.is_set()
        assert caught.value.__notes__[0].startswith("on_cancel raised TimeoutError")

    within(scene())


def test_a_coroutine_that_is_closed_carries_out_nothing() -> None:
    paths: list[str] = []

    async def transport(request: HttpRequest) -> Answer:
        paths.append(request.path)
        await asyncio.sleep(0)
        return Success(ANSWER)

    coroutine = run_async(delete_response("resp_1"), transport, on_cancel=LAST)
    coroutine.send(None)
    coroutine.close()
    assert paths == ["/responses/resp_1"]


def test_threads_that_hang_do_not_hinder_it() -> None:
    """What was under way is given up before."""
    called, released = threading.Event(), threading.Event()
    paths: list[str] = []

    def transport(request: HttpRequest) -> Answer:
        paths.append(request.path)
        if request.path != CANCELLED.path:
            called.set()
            released.wait(PATIENCE)
        return Success(ANSWER)

    async def scene() -> None:
        task = asyncio.create_task(run_async(delete_response("resp_1"), in_threads(transport), on_cancel=LAST))
        await asyncio.to_thread(called.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert paths == ["/responses/resp_1", "/last"]

    try:
        within(scene())
    finally:
        released.set()
