"""The laws that every host keeps that carries out operations, each as a test.

A host is whatever steps a program: a loop, a worker, a workflow engine, a page in a browser. The laws have it run
programs whose results hold what each step was given, by a transport and a clock of their own; they compare that with
what the transport was asked and with the clock. They load nothing of a network, and need no pytest.

A host with a time or a chance of its own overrides `make_clock`, and says in `second` and `slack` how it waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any, ClassVar, TypeVar

from returns.result import Failure, Result, Success

from ....core.endpoints.responses import delete_response
from ....core.errors import Error, Interrupted, NotSent
from ....core.http import HttpRequest, HttpResponse
from ....core.results import is_failure
from ....core.retry import retrying
from ....core.retry_policy import RetryPolicy
from ....core.steps import Answer, Done, Operation, Send, Wait, succeed
from ...clock import Clock, VirtualClock
from ...contract import Transport
from .expect import expect
from .probe_programs import (
    CALLS,
    Ask,
    CallersBugError,
    CountCalls,
    Countdown,
    Delayed,
    Pause,
    Stumble,
    new_key,
    program,
)
from .probe_world import ERRORS, ODD_REQUESTS, RESPONSES, Always, SuiteClock, World, get, ok

T = TypeVar("T")

_EXACTLY = 1e-6
"""Seconds: what adding up floats may lose."""


class HostContract:
    """The laws of a host that carries out operations. A subclass says how it runs one, and pytest runs the laws."""

    second: ClassVar[float] = 1.0
    """How many seconds of the clock a second of the laws takes. A host that really waits says 0.01 or so."""
    slack: ClassVar[float] = 0.0
    """By how many seconds of the clock a wait may be late, and times may differ: for a host that really waits."""
    many: ClassVar[int] = 100_000
    """How many steps a long program has. A host for which a step is dear says fewer, but more than any stack holds."""
    patience: ClassVar[float] = 10.0
    """Real seconds after which a law that waits for something is broken."""

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        """Carry out `operation`, all anew: send through `transport`, wait by `clock`, and return the result."""
        raise NotImplementedError("a subclass of HostContract says how the host runs an operation")

    def make_clock(self, chance: float = 0.5) -> Clock:
        """The clock of one run: a virtual one, whose `random` returns `chance`, and which does not begin at 0.

        A host that cannot go by a given time has the laws go by its own: `SystemClock()`, or a reading of that time.
        """
        return SuiteClock(now=86_400.5, chance=chance)

    # --- what is sent ----------------------------------------------------------------------------

    def test_what_is_done_is_given_and_nothing_happens(self) -> None:
        """Neither for a value nor for an error."""
        results: list[Result[Any, Error]] = [Success(7), Success(None), *(Failure(error) for error in ERRORS)]
        for result in results:
            clock = self.make_clock()
            world = World(clock)
            given = self._result_of(Done(result), world, clock)
            _expect_same(given, result, "what is done")
            expect(world.requests == [], f"for what is done, {world.paths} was sent")
            expect(not _slept(clock), f"for what is done, the host slept {_slept(clock)} seconds")

    def test_each_request_is_sent_once_in_order_and_as_it_is(self) -> None:
        """Twins too, which a host may not take for one."""
        clock = self.make_clock()
        world = World(clock)
        self._seen_by([Ask(request) for request in ODD_REQUESTS], world, clock)
        for sent, request in zip(world.requests, ODD_REQUESTS, strict=False):
            expect(sent == request, f"{request} was sent as {sent}")
        expect(len(world.requests) == len(ODD_REQUESTS), f"{len(ODD_REQUESTS)} requests were sent as {world.paths}")

    def test_any_status_is_given_as_received(self) -> None:
        """Judging it is the core's work; following and repeating too."""
        self._expect_given([Success(response) for response in RESPONSES])

    def test_any_failure_is_given_as_received(self) -> None:
        """It neither ends the run nor is it repeated: the operation may know better."""
        self._expect_given([Failure(error) for error in ERRORS])

    def test_requests_are_repeated_as_often_as_the_operation_says(self) -> None:
        """A host that repeats by itself multiplies the attempts of `retrying`."""
        answers: list[Answer] = [
            Failure(Interrupted("reset", "by the server")),
            Failure(NotSent("refused", "nobody listens")),
            Success(HttpResponse(status=503)),
        ]
        policy = RetryPolicy(max_retries=3, initial_delay=self.second, jitter=0.0)
        for answer in answers:
            clock = self.make_clock()
            world = World(clock, Always(answer))
            result = self._result_of(retrying(delete_response("resp_1"), policy), world, clock)
            expect(is_failure(result), f"where every attempt ended in {answer}, the result is {result}")
            expect(len(world.requests) == 4, f"one attempt and three retries were {len(world.requests)} requests")
            for retry, (before, after) in enumerate(zip(world.times, world.times[1:], strict=False)):
                self.expect_lasting(f"the wait before retry {retry}", after - before, 2.0**retry)

    # --- time ------------------------------------------------------------------------------------

    def test_a_wait_lasts_at_least_its_seconds(self) -> None:
        """Whatever the chance: between an exchange before it and one after it."""
        for chance in (0.0, 0.5, 1.0):
            for pause in (Pause(2.0), Pause(2.0, 4.0), Pause(0.25, 0.5)):
                lasted = self._lasting_of(pause, chance)
                least = pause.seconds * self.second
                expect(lasted >= least - _EXACTLY, f"a wait of at least {least} seconds lasted {lasted}")

    def test_a_wait_lasts_at_most_its_seconds_and_its_spread(self) -> None:
        """At both ends of chance. Where there is no spread, it lasts exactly its seconds."""
        for chance in (0.0, 0.5, 1.0):
            for pause in (Pause(2.0), Pause(2.0, 4.0), Pause(0.25, 0.5), Pause(0.0, 3.0)):
                lasted = self._lasting_of(pause, chance)
                most = (pause.seconds + pause.spread) * self.second
                expect(lasted <= most + self.slack + _EXACTLY, f"a wait of at most {most} seconds lasted {lasted}")

    def test_a_wait_of_no_seconds_is_resumed_without_sleeping(self) -> None:
        """It asks for nothing but to be resumed, and there may be thousands of them."""
        clock = self.make_clock()
        began = clock.monotonic()
        self._seen_by([Pause(0.0)] * 5, World(clock), clock)
        expect(not _slept(clock), f"for waits of no seconds, the host slept {_slept(clock)} seconds")
        self.expect_lasting("five waits of no seconds", clock.monotonic() - began, 0.0)

    def test_a_wait_is_told_the_seconds_since_the_run_began(self) -> None:
        """Also those that exchanges took; not those since the machine was started, nor since the wait began."""
        clock = self.make_clock()
        world = World(clock, lasting=0.75 * self.second)
        pauses = (Pause(0.0), Pause(1.0), Ask(get("/a")), Ask(get("/b")), Pause(0.0), Pause(2.0), Pause(0.0))
        began = clock.monotonic()
        seen = self._seen_by(pauses, world, clock)
        lasted = clock.monotonic() - began
        elapsed = [seconds for seconds in seen if isinstance(seconds, int | float)]
        expect(
            len(elapsed) == 5,
            f"waits are resumed with the seconds since the run began, as numbers; these were resumed with {seen}",
        )
        expect(elapsed == sorted(elapsed), f"the seconds since the run began went back: {elapsed}")
        for seconds, expected in zip(elapsed, (0.0, 1.0, 2.5, 4.5, 4.5), strict=True):
            self.expect_lasting(f"of {elapsed}, each is the seconds since the run began, and one", seconds, expected)
        expect(
            abs(lasted - elapsed[-1]) <= self.slack + _EXACTLY,
            f"a wait was resumed with {elapsed[-1]} seconds, and by the clock it is {lasted}",
        )

    # --- programs --------------------------------------------------------------------------------

    def test_what_a_callers_function_raises_comes_out(self) -> None:
        """It is a bug, not something that the server did; nothing is sent after it."""
        operations: list[Operation[Any]] = [
            Send(get("/a"), Stumble()),
            Wait(0.0, 0.0, Stumble()),
            program([Ask(get("/a"))]).bind(Stumble()).bind(CountCalls(new_key())),
        ]
        for operation in operations:
            clock = self.make_clock()
            world = World(clock)
            try:
                result = self.run(operation, world, clock)
            except CallersBugError:
                expect(len(world.requests) <= 1, f"after a caller's function had raised, {world.paths[1:]} was sent")
            else:
                raise AssertionError(f"what a caller's function raised was swallowed, and the result is {result}")

    def test_each_step_is_resumed_once(self) -> None:
        """A caller's own function may do something besides, and that once."""
        keys = [new_key() for _ in range(3)]
        operation = program([Ask(get("/a"))]).bind(CountCalls(keys[0])).bind(Delayed()).bind(CountCalls(keys[1]))
        clock = self.make_clock()
        self._result_of(operation.bind(CountCalls(keys[2])), World(clock), clock)
        for key in keys:
            expect(CALLS[key] == 1, f"a function after a step was called {CALLS[key]} times")

    def test_an_operation_can_be_run_again(self) -> None:
        """It is a value: nothing of it is used up, and nothing is remembered."""
        operation = program([Ask(get("/a")), Pause(self.second), Ask(get("/b")), Pause(0.5 * self.second)])
        clock = self.make_clock()
        for run in (1, 2):
            world = World(clock, lasting=0.25 * self.second)
            seen = self._result_of(operation, world, clock).unwrap()
            expect(world.paths == ["/a", "/b"], f"run {run} of an operation sent {world.paths}")
            expect(seen[::2] == (ok(get("/a")), ok(get("/b"))), f"run {run} of an operation was given {seen}")
            self.expect_lasting(f"the seconds of the last wait of run {run}", seen[3], 2.0)

    def test_runs_at_once_do_not_mix(self) -> None:
        """In two threads, which meet in their exchanges if the host lets them."""
        meeting = Barrier(2)

        def meet(request: HttpRequest) -> Answer:
            with suppress(BrokenBarrierError):
                meeting.wait(timeout=min(self.patience, 1.0))
            return ok(request)

        def alone(name: str) -> tuple[list[str], tuple[Any, ...]]:
            clock = self.make_clock()
            world = World(clock, meet)
            seen = self._seen_by(own_instructions(name), world, clock)
            return world.paths, seen

        with ThreadPoolExecutor(2) as threads:
            for name, (paths, seen) in zip("xy", threads.map(alone, "xy"), strict=True):
                self.expect_own(name, paths, seen)

    def test_a_long_program_runs_in_constant_stack(self) -> None:
        """A hundred thousand steps one after another, and as many functions bound to one."""
        clock = self.make_clock()
        result = self._result_of(Wait(0.0, 0.0, Countdown(self.many)), World(clock), clock)
        expect(result == Success("the end"), f"{self.many} steps ended in {result}")
        operation: Operation[Any] = program([Ask(get("/a"))])
        for _ in range(self.many):
            operation = operation.bind(succeed)
        result = self._result_of(operation, World(clock), clock)
        expect(result == Success((ok(get("/a")),)), f"{self.many} bound functions ended in {result}")

    # --- how the laws see ------------------------------------------------------------------------

    def expect_own(self, name: str, paths: Sequence[str], seen: tuple[Any, ...]) -> None:
        """Expect that a run of `own_instructions(name)` did what it would have done alone."""
        asked = [one.request for one in own_instructions(name) if isinstance(one, Ask)]
        given: list[Any] = [one for one in seen if not isinstance(one, int | float)]
        expect(
            list(paths) == [request.path for request in asked] and given == [ok(request) for request in asked],
            f"of two runs at once, {name} sent {paths} and was given {given}",
        )

    def _result_of(self, operation: Operation[T], world: Transport, clock: Clock) -> Result[T, Error]:
        """What the host makes of `operation`; where it raises, the law fails."""
        try:
            return self.run(operation, world, clock)
        except Exception as error:
            raise AssertionError(f"the host raised {type(error).__name__}: {error}") from error

    def _seen_by(self, instructions: Sequence[Ask | Pause], world: Transport, clock: Clock) -> tuple[Any, ...]:
        """What each of the instructions was given; seconds are those of the laws."""
        scaled = [_scaled(one, self.second) for one in instructions]
        result = self._result_of(program(scaled), world, clock)
        expect(not is_failure(result), f"an operation that succeeds ended in {result}")
        return result.unwrap()

    def _expect_given(self, answers: Sequence[Answer]) -> None:
        """Expect each answer to be given to the step that asked for it, and nothing to be sent besides."""
        for answer in answers:
            clock = self.make_clock()
            world = World(clock, Always(answer))
            seen = self._seen_by([Ask(get("/a")), Ask(get("/b"))], world, clock)
            expect(world.paths == ["/a", "/b"], f"where {answer} was received, two requests were sent as {world.paths}")
            for given in seen:
                _expect_same(given, answer, "an answer")

    def _lasting_of(self, pause: Pause, chance: float) -> float:
        """How long the host waits for a `pause` between two exchanges, in seconds of the clock."""
        clock = self.make_clock(chance)
        world = World(clock)
        self._seen_by([Ask(get("/before")), pause, Ask(get("/after"))], world, clock)
        expect(world.paths == ["/before", "/after"], f"before and after a wait, {world.paths} was sent")
        return world.times[1] - world.times[0]

    def expect_lasting(self, what: str, seconds: float, expected: float) -> None:
        """Expect `seconds` of the clock to be the `expected` ones of the laws."""
        least = expected * self.second
        held = least - self.slack - _EXACTLY <= seconds <= least + self.slack + _EXACTLY
        expect(held, f"{what} is {least} seconds, not {seconds}")


def own_instructions(name: str) -> list[Ask | Pause]:
    """What a run of that name does, that no other does."""
    return [Ask(get(f"/{name}/1")), Pause(0.25), Ask(get(f"/{name}/2")), Ask(get(f"/{name}/3"))]


def _scaled(instruction: Ask | Pause, second: float) -> Ask | Pause:
    if isinstance(instruction, Ask):
        return instruction
    return Pause(instruction.seconds * second, instruction.spread * second)


def _slept(clock: Clock) -> list[float]:
    """The sleeps by that clock, where it keeps a list of them."""
    return clock.slept if isinstance(clock, VirtualClock) else []


def _expect_same(given: object, received: object, what: str) -> None:
    expect(type(given) is type(received) and given == received, f"{what}, {received}, was given as {given}")
