"""Whoever is stopped gives up what is under way, within a moment, and says what that was."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Coroutine, Generator, Iterator
from contextlib import aclosing, closing, contextmanager
from itertools import count
from typing import Any, TypeVar

import pytest
from returns.result import Failure, Success
from silence import Silent

from puresponse.core import (
    Answer,
    HttpRequest,
    HttpResponse,
    NotSent,
    Operation,
    Send,
    delay,
    delete_response,
    gather,
    succeed,
)
from puresponse.transports import (
    SystemClock,
    Unfinished,
    Urllib3Transport,
    VirtualClock,
    run,
    run_many,
    run_many_async,
)
from puresponse.transports.testing.loopback import listening, read_request

T = TypeVar("T")
PATIENCE = 10.0
MOMENT = 1.0
"""Seconds within which what was given up has ended."""


def deletions() -> Iterator[Operation[Any]]:
    """Operations without end."""
    return (delete_response(f"resp_{number}") for number in count())


def path(number: int) -> str:
    return f"/responses/resp_{number}"


def path_of(operation: Operation[Any]) -> str:
    assert isinstance(operation, Send)
    return operation.request.path


def within(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run `coroutine`, and fail rather than hang."""
    return asyncio.run(asyncio.wait_for(coroutine, timeout=PATIENCE))


@contextmanager
def at_once() -> Generator[None]:
    """What is done within takes no more than a moment, and leaves no thread."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < MOMENT
    assert working_threads() == []


def working_threads() -> list[threading.Thread]:
    """Those that carry out branches, and time their waits."""
    return [thread for thread in threading.enumerate() if thread.name in {"puresponse", "puresponse-timer"}]


class Told:
    """What was told of what is unfinished."""

    def __init__(self) -> None:
        self.all: list[Unfinished[Any, Any]] = []

    def __call__(self, one: Unfinished[Any, Any]) -> None:
        self.all.append(one)

    @property
    def sent(self) -> list[tuple[str, bool]]:
        """The paths, and whether they were sent; all of them without a result."""
        assert [one.result for one in self.all] == [None] * len(self.all)
        return [(path_of(one.operation), one.sent) for one in self.all]


class SleepingClock(SystemClock):
    """A clock that can only sleep, and tells when it does."""

    def __init__(self) -> None:
        self.sleeps = threading.Event()
        self.ends = threading.Event()

    def sleep(self, seconds: float) -> None:
        self.sleeps.set()
        self.ends.wait(seconds)


# --- run_many ------------------------------------------------------------------------------------


def test_who_stops_asking_gives_up_what_is_under_way() -> None:
    silent, told = Silent(path(0), together=4), Told()
    with at_once(), closing(run_many(deletions(), silent, 4, unfinished=told)) as outcomes:
        assert path_of(next(outcomes)[0]) == path(0)
    assert sorted(silent.asked) == [path(number) for number in range(4)]
    assert sorted(silent.given_up) == [path(1), path(2), path(3)]
    assert told.sent == [(path(1), True), (path(2), True), (path(3), True)]


def test_who_drops_the_generator_does_so_too() -> None:
    silent = Silent(path(0), together=3)
    with at_once():
        for _ in run_many(deletions(), silent, 3):
            break
    assert sorted(silent.given_up) == [path(1), path(2)]


def test_an_interrupt_while_outcomes_are_waited_for_gives_up_and_goes_on() -> None:
    silent, told = Silent(), Told()
    main = threading.main_thread().ident
    assert main is not None

    def interrupt() -> None:
        silent.wait_for(3)
        signal.pthread_kill(main, signal.SIGINT)

    with at_once():
        thread = threading.Thread(target=interrupt)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            list(run_many(deletions(), silent, 3, unfinished=told))
        thread.join()
    assert told.sent == [(path(0), True), (path(1), True), (path(2), True)]
    assert len(silent.asked) == len(silent.given_up) == 3


def test_an_operation_that_waits_holds_nothing_up_and_was_not_sent() -> None:
    silent, told = Silent(path(0)), Told()
    operations = [delay(3600.0).bind(lambda _: delete_response("resp_1")), delete_response("resp_0")]
    with at_once(), closing(run_many(operations, silent, 2, unfinished=told)) as outcomes:
        next(outcomes)
    assert [(one.operation, one.sent, one.result) for one in told.all] == [(operations[0], False, None)]
    assert silent.asked == [path(0)]


@pytest.mark.parametrize("sent", [False, True])
def test_of_one_that_waits_it_is_told_whether_its_last_request_was_sent(
    sent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by a clock that can only sleep, whose threads are left behind, and hold up nothing."""
    monkeypatch.setattr("puresponse.transports.workers._MOMENT", 2 * MOMENT)
    clock, told = SleepingClock(), Told()

    def transport(request: HttpRequest) -> Answer:
        if request.path == path(0):
            assert clock.sleeps.wait(PATIENCE)
        return Success(HttpResponse(status=204)) if sent or request.path == path(0) else Failure(NotSent("dns", "?"))

    waiting = delete_response("resp_1").map(str).lash(lambda _: succeed("?")).bind(lambda _: delay(PATIENCE))
    began = time.monotonic()
    operations = [waiting, delete_response("resp_0")]
    with closing(run_many(operations, transport, 2, clock=clock, unfinished=told)) as outcomes:
        next(outcomes)
    assert time.monotonic() - began < MOMENT
    assert [(one.operation, one.sent, one.result) for one in told.all] == [(waiting, sent, None)]
    left = working_threads()
    assert [thread.daemon for thread in left] == [True]
    clock.ends.set()
    left[0].join()


def test_a_transport_that_cannot_give_up_is_left_behind() -> None:
    silent, told = Silent(path(0), together=2), Told()
    clock = VirtualClock()
    began = time.monotonic()
    with closing(run_many(deletions(), silent.__call__, 2, clock=clock, unfinished=told)) as outcomes:
        next(outcomes)
    assert time.monotonic() - began < MOMENT
    assert told.sent == [(path(1), True)]
    left = working_threads()
    assert [thread.daemon for thread in left] == [True]
    silent.goes_on.set()
    left[0].join()
    assert len(told.all) == 1
    assert run(gather(delay(1.0), delay(2.0)), silent, clock=clock, concurrency=2) == Success((1.0, 2.0))


def test_what_was_not_sent_by_then_is_told_so() -> None:
    """One has the only connection, and another waits for it."""
    told = Told()
    has_one = threading.Event()
    paths: list[str] = []

    def handle(connection: Any) -> None:
        with connection.makefile("rb") as file:
            while (request := read_request(file, "")) is not None:
                paths.append(request.path)
                has_one.set()

    with (
        listening(handle) as port,
        Urllib3Transport(api_key="", base_url=f"http://127.0.0.1:{port}", proxy="", max_connections=1) as transport,
        at_once(),
        closing(run_many([delay(0.01), *deletions_of(2)], transport, 3, unfinished=told)) as outcomes,
    ):
        next(outcomes)
        assert has_one.wait(PATIENCE)
    assert dict(told.sent) == {paths[0]: True, (path(1) if paths[0] == path(0) else path(0)): False}
    assert len(paths) == 1


def test_what_begins_while_all_is_given_up_is_given_up_too() -> None:
    """The thread of the first begins its exchange when the second is given up, after its own turn."""
    silent, told = Silent(path(0), together=2), Told()
    begins, second_given_up = threading.Event(), threading.Event()

    class Slow(Silent):
        def begin(self, request: HttpRequest) -> Any:
            if request.path == path(1):
                begins.set()
                assert second_given_up.wait(PATIENCE)
            return silent.begin(request) if request.path != path(2) else Second(silent.begin(request))

    class Second:
        def __init__(self, exchange: Any) -> None:
            self.result = exchange.result
            self._give_up = exchange.give_up

        def give_up(self) -> None:
            second_given_up.set()
            self._give_up()

    def operations() -> Iterator[Operation[Any]]:
        yield delete_response("resp_1")
        assert begins.wait(PATIENCE)
        yield delete_response("resp_2")
        yield delete_response("resp_0")

    with at_once(), closing(run_many(operations(), Slow(), 3, unfinished=told)) as outcomes:
        next(outcomes)
    assert told.sent[1] == (path(2), True)
    assert path(1) not in silent.asked


def deletions_of(number: int) -> list[Operation[Any]]:
    return [delete_response(f"resp_{index}") for index in range(number)]


def test_who_lets_what_is_under_way_end_is_told_its_results() -> None:
    silent, told = Silent(path(0), together=3), Told()
    with closing(run_many(deletions(), silent, 3, on_stop="finish", unfinished=told)) as outcomes:
        next(outcomes)
        threading.Timer(0.01, silent.goes_on.set).start()
    assert silent.given_up == []
    assert [path_of(one.operation) for one in told.all] == [path(1), path(2)]
    assert [one.result.unwrap().deleted for one in told.all if one.result is not None] == [True, True]
    assert [one.sent for one in told.all] == [True, True]


def test_a_second_interrupt_gives_up_what_was_to_end() -> None:
    silent, told = Silent(path(0), together=3), Told()
    main = threading.main_thread().ident
    assert main is not None
    with at_once():
        outcomes = run_many(deletions(), silent, 3, on_stop="finish", unfinished=told)
        next(outcomes)
        timer = threading.Timer(0.05, signal.pthread_kill, (main, signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            outcomes.close()
        timer.join()
    assert told.sent == [(path(1), True), (path(2), True)]


def test_results_that_were_there_and_not_yielded_are_told() -> None:
    told = Told()
    done = threading.Barrier(3)

    def transport(request: HttpRequest) -> Answer:
        done.wait(PATIENCE)
        return Success(HttpResponse(status=204))

    with at_once(), closing(run_many(deletions(), transport, 3, unfinished=told)) as outcomes:
        first = path_of(next(outcomes)[0])
    others = {path(0), path(1), path(2)} - {first}
    assert {path_of(one.operation) for one in told.all} == others
    assert all(one.result is not None and one.result.unwrap().deleted for one in told.all)


@pytest.mark.parametrize("who", ["iterable", "transport", "function"])
def test_where_something_raises_all_is_given_up(who: str) -> None:
    silent, told = Silent(path(0)), Told()

    def operations() -> Iterator[Operation[Any]]:
        yield from deletions_of(3)[1:]
        assert silent.wait_for(2)
        if who == "iterable":
            raise ZeroDivisionError
        yield delete_response("resp_0").map(lambda _: 1 // 0) if who == "function" else delete_response("resp_bad")

    class Broken(Silent):
        def begin(self, request: HttpRequest) -> Any:
            if request.path.endswith("bad"):
                raise ZeroDivisionError
            return silent.begin(request)

    with at_once(), pytest.raises(ZeroDivisionError):
        list(run_many(operations(), Broken(), 3, unfinished=told))
    assert sorted(silent.given_up) == [path(1), path(2)]
    assert [(one.sent, one.result) for one in told.all[:2]] == [(True, None), (True, None)]
    assert len(told.all) == (2 if who == "iterable" else 3)


def test_of_a_fork_that_is_given_up_any_request_counts() -> None:
    silent, told = Silent(path(0), together=3), Told()
    operations = [delete_response("resp_0"), gather(*deletions_of(3)[1:])]
    with at_once(), closing(run_many(operations, silent, 3, unfinished=told)) as outcomes:
        next(outcomes)
    assert [(one.operation, one.sent) for one in told.all] == [(operations[1], True)]


@pytest.mark.parametrize("concurrency", [1, 4])
def test_nothing_is_told_of_what_was_yielded(concurrency: int) -> None:
    told = Told()
    assert len(list(run_many(deletions_of(20), Silent(*map(path, range(20))), concurrency, unfinished=told))) == 20
    assert told.all == []


def test_one_at_a_time_an_interrupt_says_whether_its_operation_was_sent() -> None:
    class Interrupting(SystemClock):
        def sleep(self, seconds: float) -> None:
            raise KeyboardInterrupt

    def interrupted(request: HttpRequest) -> Answer:
        raise KeyboardInterrupt

    def unsent(request: HttpRequest) -> Answer:
        return Failure(NotSent("dns", "?"))

    def answered(request: HttpRequest) -> Answer:
        return Success(HttpResponse(status=204))

    pause = delay(5.0)
    for transport, sent in ((interrupted, True), (unsent, False), (answered, True)):
        told = Told()
        operation = delete_response("resp_1").map(str).lash(lambda _: succeed("?")).bind(lambda _: pause)
        with pytest.raises(KeyboardInterrupt):
            list(run_many([operation], transport, 1, clock=Interrupting(), unfinished=told))
        assert [(one.operation, one.sent, one.result) for one in told.all] == [(operation, sent, None)]


def test_one_at_a_time_a_transport_that_returns_no_result_is_named() -> None:
    def wrong(request: HttpRequest) -> Any:
        return 7

    for unfinished in (None, Told()):
        with pytest.raises(TypeError, match="wrong"):
            list(run_many(deletions(), wrong, 1, unfinished=unfinished))


@pytest.mark.parametrize("on_stop", ["", "end", None, True, ["finish"]])
def test_what_is_no_way_to_stop_is_told_at_once(on_stop: Any) -> None:
    for many in (run_many, run_many_async):
        wrong: Any = many
        with pytest.raises(ValueError, match=r'on_stop.*"give_up" or "finish"'):
            wrong(deletions(), Silent(), on_stop=on_stop)


# --- run -----------------------------------------------------------------------------------------


def test_what_is_in_flight_is_given_up_where_something_raises() -> None:
    silent = Silent()

    class Broken(Silent):
        def begin(self, request: HttpRequest) -> Any:
            if request.path == path(2):
                assert silent.wait_for(2)
                raise ZeroDivisionError
            return silent.begin(request)

    with at_once(), pytest.raises(ZeroDivisionError):
        run(gather(*deletions_of(3), delay(3600.0)), Broken(), concurrency=3)
    assert sorted(silent.given_up) == [path(0), path(1)]


def test_an_interrupt_gives_up_what_is_in_flight_in_all_threads() -> None:
    silent = Silent()
    main = threading.main_thread().ident
    assert main is not None

    def interrupt() -> None:
        silent.wait_for(3)
        signal.pthread_kill(main, signal.SIGINT)

    with at_once():
        thread = threading.Thread(target=interrupt)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            run(gather(*deletions_of(3)), silent, concurrency=3)
        thread.join()
    assert sorted(silent.given_up) == [path(0), path(1), path(2)]


# --- in an event loop ----------------------------------------------------------------------------


class Hanging:
    """Answers the first, and hangs until it is cancelled or let go on."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.cancelled: list[str] = []
        self.goes_on = asyncio.Event()

    async def __call__(self, request: HttpRequest) -> Answer:
        self.asked.append(request.path)
        if len(self.asked) > 1:
            try:
                await self.goes_on.wait()
            except asyncio.CancelledError:
                self.cancelled.append(request.path)
                raise
        return Success(HttpResponse(status=204))


async def all_begun(hanging: Hanging, number: int) -> None:
    while len(hanging.asked) < number:
        await asyncio.sleep(0)


def test_in_an_event_loop_what_is_cancelled_is_told_too() -> None:
    async def scene() -> None:
        hanging, told = Hanging(), Told()
        operations = [*deletions_of(3), delay(3600.0).bind(lambda _: delete_response("resp_9"))]
        async with aclosing(run_many_async(operations, hanging, 4, unfinished=told)) as outcomes:
            await anext(outcomes)
            await all_begun(hanging, 3)
        assert sorted(hanging.cancelled) == [path(1), path(2)]
        assert [one.operation for one in told.all] == operations[1:]
        assert [(one.sent, one.result) for one in told.all] == [(True, None), (True, None), (False, None)]

    within(scene())


def test_in_an_event_loop_what_is_under_way_may_end_too() -> None:
    async def scene() -> None:
        hanging, told = Hanging(), Told()

        async def consume() -> None:
            outcomes: AsyncGenerator[Any, None] = run_many_async(
                deletions_of(3), hanging, 3, on_stop="finish", unfinished=told
            )
            async for _ in outcomes:
                pass

        task = asyncio.create_task(consume())
        await all_begun(hanging, 3)
        await asyncio.sleep(0)
        task.cancel()
        for _ in range(5):
            await asyncio.sleep(0)
        assert not task.done()
        hanging.goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert hanging.cancelled == []
        results = [one.result.unwrap().id for one in told.all if one.result is not None]
        assert results == ["resp_1", "resp_2"]

    within(scene())


def test_in_an_event_loop_a_second_cancellation_cancels_what_was_to_end() -> None:
    async def scene() -> None:
        hanging, told = Hanging(), Told()

        async def consume() -> None:
            async for _ in run_many_async(deletions_of(3), hanging, 3, on_stop="finish", unfinished=told):
                pass

        task = asyncio.create_task(consume())
        await all_begun(hanging, 3)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert sorted(hanging.cancelled) == [path(1), path(2)]
        assert told.sent == [(path(1), True), (path(2), True)]

    within(scene())


# --- in processes of their own -------------------------------------------------------------------

PROLOGUE = """
import asyncio, socket, sys, threading
from puresponse import Urllib3Transport, delete_response, in_threads, run_async, run_many

listener = socket.create_server(("127.0.0.1", 0))
connections = []

def requests(number):
    for _ in range(number):
        connection, _ = listener.accept()
        connections.append(connection)
        assert connection.recv(65536)

transport = Urllib3Transport(api_key="", base_url="http://127.0.0.1:%d" % listener.getsockname()[1], proxy="")
"""

CANCELLED_TASK = """
async def main():
    task = asyncio.create_task(run_async(delete_response("resp_1"), in_threads(WHAT)))
    await asyncio.to_thread(requests, 1)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled", flush=True)

asyncio.run(main())
"""

INTERRUPTED_BATCH = """
def ready():
    requests(3)
    print("ready", flush=True)

threading.Thread(target=ready).start()
for _ in run_many((delete_response("resp_%d" % number) for number in range(9)), WHAT, 3,
                  unfinished=lambda one: print(one.operation.request.path, one.sent, one.result, flush=True)):
    raise AssertionError
"""


def seconds_to_the_end(process: subprocess.Popen[bytes], first: str, *, interrupt: bool = False) -> tuple[float, str]:
    """How long a process lasts after the line `first`, and what else it prints."""
    assert process.stdout is not None
    try:
        assert process.stdout.readline().decode().strip() == first
        began = time.monotonic()
        if interrupt:
            os.kill(process.pid, signal.SIGINT)
        printed = process.communicate(timeout=PATIENCE)[0].decode()
        return time.monotonic() - began, printed
    finally:
        process.kill()
        process.wait()


def script(code: str, what: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-c", PROLOGUE + code.replace("WHAT", what)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("what", ["transport", "transport.__call__"])
def test_a_process_whose_task_was_cancelled_ends_though_the_server_is_silent(what: str) -> None:
    process = script(CANCELLED_TASK, what)
    seconds, _ = seconds_to_the_end(process, "cancelled")
    print(f"ended {seconds:.3f} s after the task")
    assert seconds < MOMENT
    assert process.returncode == 0


@pytest.mark.parametrize("what", ["transport", "transport.__call__"])
def test_a_process_that_is_interrupted_tells_what_was_under_way_and_ends(what: str) -> None:
    process = script(INTERRUPTED_BATCH, what)
    seconds, printed = seconds_to_the_end(process, "ready", interrupt=True)
    print(f"ended {seconds:.3f} s after the signal")
    assert seconds < 1.5 * MOMENT
    assert printed.splitlines() == [f"{path(number)} True None" for number in range(3)]
    assert process.returncode == -signal.SIGINT
