"""Chains of a hundred thousand combinators: linear time, constant stack, and every function called once.

They nest to either side through steps that send or wait. Through what is done already they are built to the left, or go
in a `loop`: what recurs there meets Python's own limit.
"""

import inspect
import pickle
import sys
import threading
import tracemalloc
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import product
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from returns.result import Failure, Result, Success

from puresponse.core import (
    END,
    Answer,
    Continue,
    Done,
    Emit,
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    NotSent,
    Operation,
    Perform,
    RetryPolicy,
    Send,
    Stop,
    Stream,
    Wait,
    break_off,
    collect,
    fail,
    loop,
    retrying,
    succeed,
)
from puresponse.transports import VirtualClock, iterate, run

MANY = 100_000
TENTH = MANY // 10
HUNDREDTH = MANY // 100

pytestmark = pytest.mark.unmeasured
"""What is covered is covered by the first steps, and measuring it at each takes as long again as the steps."""


class Read(Struct, frozen=True):
    """Receives an answer, and goes on counting from `number`."""

    number: int

    def __call__(self, answer: Answer) -> Operation[int]:
        return succeed(self.number + 1)


class Elapsed(Struct, frozen=True):
    """Receives the time, and goes on counting from `number`."""

    number: int

    def __call__(self, elapsed: float) -> Operation[int]:
        return succeed(self.number + 1)


def at_once(number: int) -> Operation[int]:
    return succeed(number + 1)


def by_asking(number: int) -> Operation[int]:
    return Send(HttpRequest("GET", "/"), Read(number))


def by_waiting(number: int) -> Operation[int]:
    return Wait(0.0, 0.0, Elapsed(number))


def fails(number: int) -> Operation[int]:
    return fail(NotSent("dns", str(number)))


def answer(request: HttpRequest) -> Answer:
    return Success(HttpResponse(status=200))


class Mend(Struct, frozen=True):
    """Goes on from an error."""

    step: Callable[[int], Operation[int]]

    def __call__(self, error: Error) -> Operation[int]:
        return self.step(0)


Step = Callable[[int], Operation[int]]
Chain = Callable[[Step, int], Operation[int]]


def nested_left(step: Step, length: int) -> Operation[int]:
    """((step >>= step) >>= step) >>= …"""
    operation = step(0)
    for _ in range(length - 1):
        operation = operation.bind(step)
    return operation


class CountTo(Struct, frozen=True):
    """A step, and after it this again, until the count has come to `end`."""

    step: Step
    end: int

    def __call__(self, number: int) -> Operation[int]:
        return self.step(number).bind(self) if number < self.end else succeed(number)


def nested_right(step: Step, length: int) -> Operation[int]:
    """Step >>= (step >>= (step >>= …)), each within the function of the one before."""
    return CountTo(step, length)(0)


class AndThen(Struct, frozen=True):
    """A step, and `following` after it."""

    step: Step
    following: Step

    def __call__(self, number: int) -> Operation[int]:
        return self.step(number).bind(self.following)


def nested_right_beforehand(step: Step, length: int) -> Operation[int]:
    """The same, all of it composed before the first step is made."""
    following = step
    for _ in range(length - 1):
        following = AndThen(step, following)
    return following(0)


def nested_within(step: Step, length: int) -> Operation[int]:
    """Each step's function does something after what the function of the next one does: no call is a tail call."""
    return CountBack(step, length)(0)


class CountBack(Struct, frozen=True):
    """A step, then this again, then a map on the way back."""

    step: Step
    end: int

    def __call__(self, number: int) -> Operation[int]:
        if number == self.end:
            return succeed(number)
        return self.step(number).bind(self).map(_same)


def _same(number: int) -> int:
    return number


def mapped(step: Step, length: int) -> Operation[int]:
    operation = step(0)
    for _ in range(length - 1):
        operation = operation.map(lambda number: number + 1)
    return operation


def alted_and_lashed(step: Step, length: int) -> Operation[int]:
    """Failures all the way, mended in the end."""
    operation = step(0).bind(fails)
    for _ in range(length // 2):
        operation = operation.alt(lambda error: error).lash(fail)
    return operation.lash(Mend(step)).map(lambda number: number + length - 1)


class Until(Struct, frozen=True):
    """Says whether the count has come to `end`."""

    end: int

    def __call__(self, number: int) -> Continue[int] | Stop[int]:
        return Continue(number) if number < self.end else Stop(number)


class Turn(Struct, frozen=True):
    """A step, as a turn of a loop that ends when the count has come to `end`."""

    step: Step
    end: int

    def __call__(self, number: int) -> Operation[Continue[int] | Stop[int]]:
        return self.step(number).map(Until(self.end))


def looped(step: Step, length: int) -> Operation[int]:
    return loop(0, Turn(step, length))


TO_THE_LEFT: list[Chain] = [nested_left, mapped, alted_and_lashed, looped]
TO_THE_RIGHT: list[Chain] = [nested_right, nested_right_beforehand, nested_within]
DOING: list[Step] = [by_asking, by_waiting]
STEPS: list[Step] = [at_once, *DOING]
each_chain = pytest.mark.parametrize(("chain", "step"), [*product(TO_THE_LEFT, STEPS), *product(TO_THE_RIGHT, DOING)])
each_step = pytest.mark.parametrize("step", STEPS)


@contextmanager
def frames_left(count: int) -> Generator[None]:
    """Leave no more than `count` frames of the interpreter's stack."""
    depth, frame = 0, inspect.currentframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + count)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def calls_of(action: Callable[[], object]) -> int:
    """How many functions, in Python and in C, `action` calls."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        if event in ("call", "c_call"):
            count += 1

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


@each_chain
def test_a_hundred_thousand_steps_come_to_their_end(chain: Chain, step: Step) -> None:
    clock = VirtualClock()
    assert run(chain(step, MANY), answer, clock=clock) == Success(MANY)
    assert clock.slept == []


@each_chain
def test_ten_times_the_steps_take_ten_times_the_calls(chain: Chain, step: Step) -> None:
    few = calls_of(lambda: run(chain(step, HUNDREDTH), answer))
    many = calls_of(lambda: run(chain(step, TENTH), answer))
    assert many < 10.5 * few


@each_chain
def test_a_shallow_stack_is_enough(chain: Chain, step: Step) -> None:
    operation = chain(step, TENTH)
    with frames_left(60):
        result = run(operation, answer)
    assert result == Success(TENTH)


@each_chain
def test_a_chain_is_built_on_a_shallow_stack(chain: Chain, step: Step) -> None:
    with frames_left(60):
        operation = chain(step, TENTH)
    assert run(operation, answer) == Success(TENTH)


def test_a_chain_runs_in_a_thread_with_a_small_stack() -> None:
    results: list[Result[int, Error]] = []
    # A quarter of the usual. With less, CPython 3.13 crashes on freeing any objects that are nested so deep.
    before = threading.stack_size(2 * 1024 * 1024)
    try:
        thread = threading.Thread(target=lambda: results.append(run(nested_left(by_asking, MANY), answer)))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert results == [Success(MANY)]


# --- what recurs through `Done` alone ---------------------------------------------------------------


class Calls:
    """Which functions were called, by their numbers; a second call of one fails at once."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    def note(self, number: int) -> None:
        assert number not in self.seen, f"function {number} is called twice"
        self.seen.add(number)

    def __len__(self) -> int:
        return len(self.seen)


def test_what_recurs_meets_the_limit_of_python_and_each_function_runs_once() -> None:
    calls = Calls()

    def count(number: int) -> Operation[int]:
        calls.note(number)
        return succeed(number + 1).bind(count) if number < 5_000 else succeed(number)

    with pytest.raises(RecursionError):
        run(count(0), answer, clock=VirtualClock())
    assert len(calls) < 5_000


@pytest.mark.parametrize("begin", STEPS)
def test_no_function_runs_twice_wherever_on_the_stack_it_is_called(begin: Step) -> None:
    def calls_within(frames: int) -> int:
        calls = Calls()

        def count(number: int) -> Operation[int]:
            calls.note(number)
            return at_once(number).bind(count) if number < 5_000 else succeed(number)

        with frames_left(frames), pytest.raises(RecursionError):
            run(begin(0).bind(count), answer)
        return len(calls)

    assert calls_within(40) < calls_within(200)
    for frames in range(41, 200):
        calls_within(frames)


def test_what_recurs_within_the_limit_is_done_at_once() -> None:
    assert nested_right(at_once, 50) == succeed(50)


def test_what_was_bound_beforehand_needs_no_stack() -> None:
    operation = by_asking(0).bind(at_once)
    for _ in range(TENTH):
        operation = operation.bind(at_once)
    assert isinstance(operation, Send)
    with frames_left(60):
        result = operation.resume(answer(operation.request))
    assert result == succeed(TENTH + 2)


def test_a_function_that_recurs_without_end_is_an_error_of_the_run() -> None:
    def bottomless(number: int) -> int:
        return bottomless(number)

    with pytest.raises(RecursionError):
        run(succeed(1).map(bottomless), answer)
    with pytest.raises(RecursionError):
        run(by_asking(1).map(bottomless), answer)


class Counting(Struct, frozen=True):
    """The step number `number` of `steps`, noted in `calls`, and what follows it, nested to the right."""

    steps: tuple[Step, ...]
    number: int
    calls: Calls

    def __call__(self, given: int) -> Operation[int]:
        self.calls.note(self.number)
        operation = self.steps[self.number](given)
        if self.number + 1 == len(self.steps):
            return operation
        return operation.bind(Counting(self.steps, self.number + 1, self.calls))


def counted_to_the_left(steps: tuple[Step, ...], calls: Calls) -> Operation[int]:
    operation = succeed(0)
    for number in range(len(steps)):
        operation = operation.bind(Counting(steps[: number + 1], number, calls))
    return operation


@settings(deadline=None)
@given(
    steps=st.lists(st.sampled_from(STEPS), min_size=20, max_size=60).map(tuple),
    left=st.booleans(),
    frames=st.integers(40, 120),
)
def test_every_function_of_a_program_runs_once_and_none_twice_where_the_stack_is_too_short(
    steps: tuple[Step, ...], left: bool, frames: int
) -> None:
    calls = Calls()
    try:
        with frames_left(frames):
            operation = counted_to_the_left(steps, calls) if left else Counting(steps, 0, calls)(0)
            result = run(operation, answer)
    except RecursionError:
        assert not left, "what is built to the left needs no stack"
    else:
        assert result == Success(len(steps))
        assert len(calls) == len(steps)


# --- what an endless loop holds -------------------------------------------------------------------


def a_recursion(step: Step) -> Operation[int]:
    return CountTo(step, MANY)(1_000).map(_same)


def a_loop(step: Step) -> Operation[int]:
    return loop(1_000, Turn(step, MANY))


@pytest.mark.parametrize("step", DOING)
@pytest.mark.parametrize("guard", [False, True])
@pytest.mark.parametrize("program", [a_recursion, a_loop])
def test_a_loop_does_not_grow(program: Callable[[Step], Operation[int]], step: Step, guard: bool) -> None:
    operation = program(step)
    if guard:
        operation = retrying(operation, RetryPolicy(max_retries=1))
    sizes: set[int] = set()
    for _ in range(1_000):
        sizes.add(len(pickle.dumps(operation)))
        match operation:
            case Send(request, resume):
                operation = resume(answer(request))
            case Wait(_, _, resume):
                operation = resume(0.0)
            case Done() | Fork():
                pytest.fail("it has not come to its end")
    assert max(sizes) == min(sizes)


# --- streams --------------------------------------------------------------------------------------


class EmitNext(Struct, frozen=True):
    """Emits the number that was given, then performs the next step."""

    step: Step
    end: int

    def __call__(self, result: Result[int, Error]) -> Stream[int]:
        if isinstance(result, Failure):
            return break_off(result.failure())
        number = result.unwrap()
        return Emit((number,), Perform(self.step(number), self) if number < self.end else END)


def a_long_stream(step: Step, length: int) -> Stream[int]:
    return Perform(step(0), EmitNext(step, length))


@each_step
def test_a_long_stream_is_iterated_on_a_shallow_stack(step: Step) -> None:
    with frames_left(60):
        count = sum(1 for _ in iterate(a_long_stream(step, TENTH), answer))
    assert count == TENTH


@each_step
def test_a_long_stream_is_collected_on_a_shallow_stack(step: Step) -> None:
    with frames_left(60):
        result = run(collect(a_long_stream(step, TENTH)), answer)
    assert result == Success(tuple(range(1, TENTH + 1)))


@each_step
def test_collecting_ten_times_the_values_takes_ten_times_the_calls(step: Step) -> None:
    few = calls_of(lambda: run(collect(a_long_stream(step, HUNDREDTH)), answer))
    many = calls_of(lambda: run(collect(a_long_stream(step, TENTH)), answer))
    assert many < 10.5 * few


def test_what_is_collected_is_shared_between_the_steps_and_not_copied_at_each() -> None:
    def held(count: int) -> int:
        """Bytes that all steps of a collection hold together."""
        tracemalloc.start()
        try:
            steps = [collect(a_long_stream(by_asking, count))]
            while isinstance(step := steps[-1], Send):
                steps.append(step.resume(answer(step.request)))
            assert steps[-1] == succeed(tuple(range(1, count + 1)))
            return tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()

    # Copying all that came before with every value would hold more than twelve times as much.
    assert held(4 * HUNDREDTH) < 8 * held(HUNDREDTH)
