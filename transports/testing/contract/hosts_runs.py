"""How the laws of hosts see: a host runs programs, and what each step was given is in their results.

The laws compare that with what a transport of their own was asked, and with a clock of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from returns.result import Failure, Result, Success

from ....codecs.lossless.plain import is_sequence
from ....core.errors import Error
from ....core.results import is_failure
from ....core.steps import Answer, Operation
from ...clock import Clock, VirtualClock
from ...contract import Transport
from .expect import expect
from .probe_programs import Ask, Fail, Instruction, Instructions, Pause, Split, program
from .probe_world import Always, SuiteClock, World, get, ok

T = TypeVar("T")

EXACTLY = 1e-6
"""Seconds: what adding up floats may lose."""


class HostRuns:
    """A host as the laws see it. A subclass says how it runs an operation."""

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

    def expect_own(self, name: str, paths: Sequence[str], seen: tuple[Any, ...]) -> None:
        """Expect that a run of `own_instructions(name)` did what it would have done alone."""
        asked = [one.request for one in own_instructions(name) if isinstance(one, Ask)]
        given: list[Any] = [one for one in seen if not isinstance(one, int | float)]
        expect(
            list(paths) == [request.path for request in asked] and given == [ok(request) for request in asked],
            f"of two runs at once, {name} sent {paths} and was given {given}",
        )

    def result_of(self, operation: Operation[T], world: Transport, clock: Clock) -> Result[T, Error]:
        """What the host makes of `operation`; where it raises, the law fails."""
        try:
            return self.run(operation, world, clock)
        except Exception as error:
            raise AssertionError(f"the host raised {type(error).__name__}: {error}") from error

    def seen_by(self, instructions: Sequence[Instruction], world: Transport, clock: Clock) -> tuple[Any, ...]:
        """What each of the instructions was given; seconds are those of the laws."""
        scaled = [_scaled(one, self.second) for one in instructions]
        result = self.result_of(program(scaled), world, clock)
        expect(not is_failure(result), f"an operation that succeeds ended in {result}")
        return result.unwrap()

    def expect_given(self, answers: Sequence[Answer]) -> None:
        """Expect each answer to be given to the step that asked for it, and nothing to be sent besides."""
        for answer in answers:
            clock = self.make_clock()
            world = World(clock, Always(answer))
            seen = self.seen_by([Ask(get("/a")), Ask(get("/b"))], world, clock)
            expect(world.paths == ["/a", "/b"], f"where {answer} was received, two requests were sent as {world.paths}")
            for given in seen:
                expect_same(given, answer, "an answer")

    def lasting_of(self, pause: Pause, chance: float) -> float:
        """How long the host waits for a `pause` between two exchanges, in seconds of the clock."""
        clock = self.make_clock(chance)
        world = World(clock)
        self.seen_by([Ask(get("/before")), pause, Ask(get("/after"))], world, clock)
        expect(world.paths == ["/before", "/after"], f"before and after a wait, {world.paths} was sent")
        return world.times[1] - world.times[0]

    def expect_forked(self, *branches: Instructions) -> World:
        """Expect a fork to be given the result of each of its operations, and nothing to be sent but what they say.

        It is between a request before it and one after it.
        """
        clock = self.make_clock()
        world = World(clock)
        before, after = Ask(get("/before")), Ask(get("/after"))
        _, given, _ = self.seen_by([before, Split(branches), after], world, clock)
        expected = tuple(result_of_all(branch) for branch in branches)
        told = without_times(given)
        expect(
            type(given) is tuple and told == expected,
            f"what follows a fork of {len(branches)} is given a tuple of {expected}, not {given}",
        )
        asked = ["/before", *sorted(path for branch in branches for path in paths_asked(branch)), "/after"]
        sent = world.paths
        expect(
            sent[:1] + sorted(sent[1:-1]) + sent[-1:] == asked,
            f"a fork, with a request before it and one after it, was sent as {sent}; not {asked}",
        )
        return world

    def expect_lasting(self, what: str, seconds: float, expected: float) -> None:
        """Expect `seconds` of the clock to be the `expected` ones of the laws."""
        self.expect_between(what, seconds, expected, expected)

    def expect_between(self, what: str, seconds: float, least: float, most: float) -> None:
        """Expect `seconds` of the clock to be from the `least` to the `most` of those of the laws."""
        low, high = least * self.second, most * self.second
        held = low - self.slack - EXACTLY <= seconds <= high + self.slack + EXACTLY
        expect(held, f"{what} is {low if low == high else f'{low} to {high}'} seconds, not {seconds}")


def own_instructions(name: str) -> list[Ask | Pause]:
    """What a run of that name does, that no other does."""
    return [Ask(get(f"/{name}/1")), Pause(0.25), Ask(get(f"/{name}/2")), Ask(get(f"/{name}/3"))]


def result_of_all(instructions: Instructions) -> Result[Any, Error]:
    """What an operation ends in that follows instructions, where every answer is `ok`; without the times of waits."""
    seen: list[Any] = []
    for one in instructions:
        if isinstance(one, Fail):
            return Failure(one.error)
        if isinstance(one, Ask):
            seen.append(ok(one.request))
        elif isinstance(one, Split):
            seen.append(tuple(result_of_all(branch) for branch in one.branches))
    return Success(tuple(seen))


def paths_asked(instructions: Instructions) -> list[str]:
    """The paths of the requests that an operation sends which follows instructions."""
    paths: list[str] = []
    for one in instructions:
        if isinstance(one, Fail):
            break
        if isinstance(one, Ask):
            paths.append(one.request.path)
        elif isinstance(one, Split):
            paths += [path for branch in one.branches for path in paths_asked(branch)]
    return paths


def without_times(given: Any) -> Any:
    """What was given, without the numbers that waits were resumed with."""
    if isinstance(given, Success):
        return Success(without_times(given.unwrap()))
    if is_sequence(given):
        return tuple(without_times(one) for one in given if not isinstance(one, int | float))
    return given


def _scaled(instruction: Instruction, second: float) -> Instruction:
    if isinstance(instruction, Pause):
        return Pause(instruction.seconds * second, instruction.spread * second)
    if isinstance(instruction, Split):
        return Split(tuple(tuple(_scaled(one, second) for one in branch) for branch in instruction.branches))
    return instruction


def slept(clock: Clock) -> list[float]:
    """The sleeps by that clock, where it keeps a list of them."""
    return clock.slept if isinstance(clock, VirtualClock) else []


def expect_same(given: object, received: object, what: str) -> None:
    """Expect what was given to be what was received, and of the same type."""
    expect(type(given) is type(received) and given == received, f"{what}, {received}, was given as {given}")
