"""The laws of hosts in an event loop: the same laws, each in a loop of its own, and those of tasks."""

from __future__ import annotations

import asyncio
import time
from typing import Any, TypeVar

from returns.result import Result

from ....core.errors import Error
from ....core.http import HttpRequest
from ....core.steps import Answer, Fork, Operation
from ...clock import Clock
from ...contract import AsyncTransport, Transport
from .expect import expect
from .hosts import HostContract
from .hosts_runs import own_instructions
from .probe_programs import Ask, CallersBugError, GoOn, Pause, Split, Stumble, program
from .probe_world import SuiteClock, World, get, ok

T = TypeVar("T")

FOR_EVER = 1e8
"""Seconds."""

TURNS = 50
"""How often the event loop goes round before a host is taken to have done what it can."""


class AsyncHostContract(HostContract):
    """The laws of a host in an event loop. A subclass says how it runs an operation, and pytest runs the laws.

    The parameters of its methods are those of `HostContract`.
    """

    async def run_async(self, operation: Operation[T], transport: AsyncTransport, clock: Clock) -> Result[T, Error]:
        """Carry out `operation`, all anew: send through `transport`, wait by `clock`, and return the result."""
        raise NotImplementedError("a subclass of AsyncHostContract says how the host runs an operation")

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        """Carry out `operation` in a loop of its own, for the laws of all hosts."""
        return asyncio.run(self.run_async(operation, in_turn(transport), clock))

    def test_runs_at_once_do_not_mix(self) -> None:
        """Tasks, in place of threads."""

        async def alone(name: str) -> tuple[list[str], tuple[Any, ...]]:
            clock = self.make_clock()
            world = World(clock)
            operation = program(own_instructions(name))
            result = await self.run_async(operation, in_turn(world), clock)
            return world.paths, result.value_or(())

        async def at_once() -> list[tuple[list[str], tuple[Any, ...]]]:
            return await asyncio.gather(*map(alone, "xyz"))

        for name, (paths, seen) in zip("xyz", asyncio.run(at_once()), strict=True):
            self.expect_own(name, paths, seen)

    def test_the_event_loop_goes_on_while_an_answer_is_awaited(self) -> None:
        """The answer here waits for something that happens in the loop."""

        async def scene() -> bool:
            bell = Bell(self.patience)

            async def slow(request: HttpRequest) -> Answer:
                await bell.rung_in_time()
                return ok(request)

            await self.run_async(program([Ask(get("/a"))]), slow, self.make_clock())
            return bell.in_time

        expect(asyncio.run(scene()), "the event loop was blocked while an answer was awaited")

    def test_the_event_loop_goes_on_while_a_wait_lasts(self) -> None:
        """A host that blocks its thread stops everybody else's tasks too."""

        async def scene() -> bool:
            bell = Bell(self.patience)
            noted: list[bool] = []

            async def at_once(request: HttpRequest) -> Answer:
                noted.append(bell.rung)
                bell.ring_soon()
                return ok(request)

            clock = self.make_clock()
            operation = program([Ask(get("/a")), Pause(self.second), Ask(get("/b"))])
            await self.run_async(operation, at_once, clock)
            return noted[1:] == [True] and not (isinstance(clock, SuiteClock) and clock.blocking)

        expect(asyncio.run(scene()), "the event loop was blocked while a wait lasted")

    def test_a_cancelled_run_cancels_its_exchange(self) -> None:
        """Whoever waits for the answer is cancelled too, and nothing more is sent."""

        async def scene() -> tuple[list[str], list[str]]:
            hanging = Hanging(2 * self.patience)
            running = self._started(program([Ask(get("/a")), Ask(get("/b"))]), hanging, self.make_clock())
            await asyncio.wait_for(hanging.begun.wait(), self.patience)
            await cancel_task(running, "an answer", self.patience)
            return [*hanging.sent], [*hanging.cancelled]

        sent, noted = asyncio.run(scene())
        expect(noted == ["/a"], "a run was cancelled while it awaited an answer, and its exchange went on")
        expect(sent == ["/a"], f"after its run was cancelled, {sent[1:]} was sent")

    def test_a_cancelled_run_cancels_its_wait(self) -> None:
        """And nothing more is sent."""

        async def scene() -> list[str]:
            clock = self.make_clock()
            if isinstance(clock, SuiteClock):
                clock.stopped = True
            world = World(clock)
            operation = program([Ask(get("/a")), Pause(FOR_EVER), Ask(get("/b"))])
            running = self._started(operation, in_turn(world), clock)
            await turns()
            expect(not running.done(), f"a wait of {FOR_EVER} seconds was over at once")
            await cancel_task(running, "the end of a wait", self.patience)
            return world.paths

        sent = asyncio.run(scene())
        expect(sent == ["/a"], f"before a wait that was cancelled, /a is sent and after it nothing; sent was {sent}")

    def test_a_cancelled_run_cancels_all_operations_of_its_fork(self) -> None:
        """All that were begun; neither they nor what follows send anything more."""

        async def scene() -> tuple[list[str], list[str]]:
            hanging = Hanging(2 * self.patience)
            branches = tuple((Ask(get(f"/{name}/1")), Ask(get(f"/{name}/2"))) for name in "abc")
            running = self._started(program([Split(branches), Ask(get("/after"))]), hanging, self.make_clock())
            await asyncio.wait_for(hanging.begun.wait(), self.patience)
            await turns()
            await cancel_task(running, "the operations of a fork", self.patience)
            return [*hanging.sent], [*hanging.cancelled]

        sent, cancelled = asyncio.run(scene())
        expect(
            sorted(cancelled) == sorted(sent), f"of a fork that was cancelled, {sent} was sent, {cancelled} cancelled"
        )
        expect(all(path.endswith("/1") for path in sent), f"of a fork that was cancelled, {sent} was sent")

    def test_what_raises_in_a_fork_leaves_nothing_running(self) -> None:
        """What is in flight is cancelled or ends, before what a caller's function raised comes out; no more is sent."""

        async def scene() -> tuple[list[str], list[str]]:
            hanging = Hanging(min(self.patience / 4, 0.1), but="/raises")
            raising: Operation[Any] = program([Ask(get("/raises"))]).bind(Stumble())
            others = [program([Ask(get(f"/{name}/1")), Ask(get(f"/{name}/2"))]) for name in "ab"]
            fork = Fork((raising, *others), GoOn((), ()))
            try:
                await asyncio.wait_for(self.run_async(fork, hanging, self.make_clock()), self.patience)
            except CallersBugError:
                return [*hanging.sent], [*hanging.cancelled, *hanging.ended]
            except TimeoutError:
                raise AssertionError("what a caller's function raised in a fork did not come out") from None
            raise AssertionError("what a caller's function raised in a fork was swallowed")

        sent, over = asyncio.run(scene())
        expect(sorted(over) == sorted(sent), f"when a caller's function had raised, of {sent} only {over} was over")
        expect(not any(path.endswith("/2") for path in sent), f"after a caller's function had raised, {sent} was sent")

    def _started(
        self, operation: Operation[T], transport: AsyncTransport, clock: Clock
    ) -> asyncio.Task[Result[T, Error]]:
        return asyncio.create_task(self.run_async(operation, transport, clock))


class Hanging:
    """A transport for an event loop that takes so many `seconds` for an answer; it notes what becomes of each request.

    `but` is the path that it answers sooner.
    """

    def __init__(self, seconds: float, but: str = "") -> None:
        self.sent: list[str] = []
        self.cancelled: list[str] = []
        self.ended: list[str] = []
        self.begun = asyncio.Event()
        self._seconds = seconds
        self._but = but

    async def __call__(self, request: HttpRequest) -> Answer:
        self.sent.append(request.path)
        self.begun.set()
        try:
            await (turns() if request.path == self._but else asyncio.sleep(self._seconds))
        except asyncio.CancelledError:
            self.cancelled.append(request.path)
            raise
        self.ended.append(request.path)
        return ok(request)


class Bell:
    """Something that happens in the event loop in which this was made, if that goes on."""

    def __init__(self, patience: float) -> None:
        self.rung = False
        self.in_time = False
        self._loop = asyncio.get_running_loop()
        self._patience = patience

    def ring_soon(self) -> None:
        """Have it happen in the next turn of the loop."""
        self._loop.call_soon_threadsafe(self._ring)

    async def rung_in_time(self) -> None:
        """Have it happen, and wait until it did or patience is at an end."""
        self.ring_soon()
        ends = time.monotonic() + self._patience
        while not self.rung and time.monotonic() < ends:
            await asyncio.sleep(0)
        self.in_time = self.rung

    def _ring(self) -> None:
        self.rung = True


async def turns() -> None:
    """Let everybody else go on as far as they can without time passing."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


async def cancel_task(running: asyncio.Task[Any], awaited: str, patience: float) -> None:
    """Cancel a task of the host, and expect it to end so."""
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=patience)
    await turns()
    expect(bool(done), f"what was cancelled while it awaited {awaited} went on")
    expect(running.cancelled(), f"what was cancelled while it awaited {awaited} did not end as cancelled")


def in_turn(transport: Transport) -> AsyncTransport:
    """A blocking transport that takes no time, for an event loop, which goes round once for each exchange."""

    async def exchange(request: HttpRequest) -> Answer:
        await asyncio.sleep(0)
        return transport(request)

    return exchange
