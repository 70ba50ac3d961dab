"""The laws that every host keeps that carries out operations, each as a test.

A host is whatever steps a program: a loop, a worker, a workflow engine, a page in a browser. The laws have it run
programs whose results hold what each step was given, by a transport and a clock of their own; they compare that with
what the transport was asked and with the clock. They load nothing of a network, and need no pytest.

A host with a time or a chance of its own overrides `make_clock`, and says in `second` and `slack` how it waits.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

from returns.result import Failure, Result, Success

from ....core.endpoints.responses import delete_response
from ....core.errors import Error, Interrupted, NotSent
from ....core.http import HttpRequest, HttpResponse
from ....core.results import is_failure
from ....core.retry import retrying
from ....core.retry_policy import RetryPolicy
from ....core.steps import Answer, Done, Fork, Operation, Send, Wait, succeed
from .expect import expect
from .hosts_forks import ForkLaws
from .hosts_runs import EXACTLY, expect_same, own_instructions, slept
from .probe_programs import (
    CALLS,
    Ask,
    CallersBugError,
    CountCalls,
    Countdown,
    Delayed,
    GoOn,
    Pause,
    Stumble,
    new_key,
    program,
)
from .probe_world import ERRORS, ODD_REQUESTS, RESPONSES, Always, World, get, ok


class HostContract(ForkLaws):
    """The laws of a host that carries out operations. A subclass says how it runs one, and pytest runs the laws.

    It is given an `operation`, the `transport` to send through, and the `clock` to wait by.
    """

    # --- what is sent ----------------------------------------------------------------------------

    def test_what_is_done_is_given_and_nothing_happens(self) -> None:
        """Neither for a value nor for an error."""
        results: list[Result[Any, Error]] = [Success(7), Success(None), *(Failure(error) for error in ERRORS)]
        for result in results:
            clock = self.make_clock()
            world = World(clock)
            given = self.result_of(Done(result), world, clock)
            expect_same(given, result, "what is done")
            expect(world.requests == [], f"for what is done, {world.paths} was sent")
            expect(not slept(clock), f"for what is done, the host slept {slept(clock)} seconds")

    def test_each_request_is_sent_once_in_order_and_as_it_is(self) -> None:
        """Twins too, which a host may not take for one."""
        clock = self.make_clock()
        world = World(clock)
        self.seen_by([Ask(request) for request in ODD_REQUESTS], world, clock)
        for sent, request in zip(world.requests, ODD_REQUESTS, strict=False):
            expect(sent == request, f"{request} was sent as {sent}")
        expect(len(world.requests) == len(ODD_REQUESTS), f"{len(ODD_REQUESTS)} requests were sent as {world.paths}")

    def test_any_status_is_given_as_received(self) -> None:
        """Judging it is the core's work; following and repeating too."""
        self.expect_given([Success(response) for response in RESPONSES])

    def test_any_failure_is_given_as_received(self) -> None:
        """It neither ends the run nor is it repeated: the operation may know better."""
        self.expect_given([Failure(error) for error in ERRORS])

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
            result = self.result_of(retrying(delete_response("resp_1"), policy), world, clock)
            expect(is_failure(result), f"where every attempt ended in {answer}, the result is {result}")
            expect(len(world.requests) == 4, f"one attempt and three retries were {len(world.requests)} requests")
            for retry, (before, after) in enumerate(zip(world.times, world.times[1:], strict=False)):
                self.expect_lasting(f"the wait before retry {retry}", after - before, 2.0**retry)

    # --- time ------------------------------------------------------------------------------------

    def test_a_wait_lasts_at_least_its_seconds(self) -> None:
        """Whatever the chance: between an exchange before it and one after it."""
        for chance in (0.0, 0.5, 1.0):
            for pause in (Pause(2.0), Pause(2.0, 4.0), Pause(0.25, 0.5)):
                lasted = self.lasting_of(pause, chance)
                least = pause.seconds * self.second
                expect(lasted >= least - EXACTLY, f"a wait of at least {least} seconds lasted {lasted}")

    def test_a_wait_lasts_at_most_its_seconds_and_its_spread(self) -> None:
        """At both ends of chance. Where there is no spread, it lasts exactly its seconds."""
        for chance in (0.0, 0.5, 1.0):
            for pause in (Pause(2.0), Pause(2.0, 4.0), Pause(0.25, 0.5), Pause(0.0, 3.0)):
                lasted = self.lasting_of(pause, chance)
                most = (pause.seconds + pause.spread) * self.second
                expect(lasted <= most + self.slack + EXACTLY, f"a wait of at most {most} seconds lasted {lasted}")

    def test_a_wait_of_no_seconds_is_resumed_without_sleeping(self) -> None:
        """It asks for nothing but to be resumed, and there may be thousands of them."""
        clock = self.make_clock()
        began = clock.monotonic()
        self.seen_by([Pause(0.0)] * 5, World(clock), clock)
        expect(not slept(clock), f"for waits of no seconds, the host slept {slept(clock)} seconds")
        self.expect_lasting("five waits of no seconds", clock.monotonic() - began, 0.0)

    def test_a_wait_is_told_the_seconds_since_the_run_began(self) -> None:
        """Also those that exchanges took; not those since the machine was started, nor since the wait began."""
        clock = self.make_clock()
        world = World(clock, lasting=0.75 * self.second)
        pauses = (Pause(0.0), Pause(1.0), Ask(get("/a")), Ask(get("/b")), Pause(0.0), Pause(2.0), Pause(0.0))
        began = clock.monotonic()
        seen = self.seen_by(pauses, world, clock)
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
            abs(lasted - elapsed[-1]) <= self.slack + EXACTLY,
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
        keys = [new_key() for _ in range(5)]
        operation = program([Ask(get("/a"))]).bind(CountCalls(keys[0])).bind(Delayed()).bind(CountCalls(keys[1]))
        branch: Operation[Any] = program([Ask(get("/b"))]).bind(CountCalls(keys[3]))
        fork: Operation[Any] = Fork((branch, succeed(None)), GoOn((), ()))
        for each in (operation.bind(CountCalls(keys[2])), fork.bind(CountCalls(keys[4]))):
            clock = self.make_clock()
            self.result_of(each, World(clock), clock)
        for key in keys:
            expect(CALLS[key] == 1, f"a function after a step was called {CALLS[key]} times")

    def test_an_operation_can_be_run_again(self) -> None:
        """It is a value: nothing of it is used up, and nothing is remembered."""
        operation = program([Ask(get("/a")), Pause(self.second), Ask(get("/b")), Pause(0.5 * self.second)])
        clock = self.make_clock()
        for run in (1, 2):
            world = World(clock, lasting=0.25 * self.second)
            seen = self.result_of(operation, world, clock).unwrap()
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
            seen = self.seen_by(own_instructions(name), world, clock)
            return world.paths, seen

        with ThreadPoolExecutor(2) as threads:
            for name, (paths, seen) in zip("xy", threads.map(alone, "xy"), strict=True):
                self.expect_own(name, paths, seen)

    def test_a_long_program_runs_in_constant_stack(self) -> None:
        """A hundred thousand steps one after another, and as many functions bound to one."""
        clock = self.make_clock()
        result = self.result_of(Wait(0.0, 0.0, Countdown(self.many)), World(clock), clock)
        expect(result == Success("the end"), f"{self.many} steps ended in {result}")
        operation: Operation[Any] = program([Ask(get("/a"))])
        for _ in range(self.many):
            operation = operation.bind(succeed)
        result = self.result_of(operation, World(clock), clock)
        expect(result == Success((ok(get("/a")),)), f"{self.many} bound functions ended in {result}")
