"""Chains of a hundred thousand combinators, however they nest: linear time, constant stack."""

import inspect
import pickle
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

import pytest
from msgspec import Struct
from returns.result import Failure, Result, Success

from puresponse.core import (
    END,
    Answer,
    Done,
    Emit,
    Error,
    HttpRequest,
    HttpResponse,
    NotSent,
    Operation,
    Perform,
    RetryPolicy,
    Send,
    Stream,
    Wait,
    collect,
    fail,
    retrying,
    succeed,
)
from puresponse.transports import VirtualClock, iterate, run

MANY = 100_000
TENTH = MANY // 10


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


CHAINS: list[Chain] = [nested_left, nested_right, nested_right_beforehand, nested_within, mapped, alted_and_lashed]
STEPS: list[Step] = [at_once, by_asking, by_waiting]
each_chain = pytest.mark.parametrize("chain", CHAINS)
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


@each_step
@each_chain
def test_a_hundred_thousand_steps_come_to_their_end(chain: Chain, step: Step) -> None:
    clock, begun = VirtualClock(), time.process_time()
    assert run(chain(step, MANY), answer, clock=clock) == Success(MANY)
    assert clock.slept == []
    # What the count of calls below does not show (a tuple copied at each step) would take minutes, not half a second.
    assert time.process_time() - begun < 20


@each_step
@each_chain
def test_ten_times_the_steps_take_ten_times_the_calls(chain: Chain, step: Step) -> None:
    few = calls_of(lambda: run(chain(step, TENTH), answer))
    many = calls_of(lambda: run(chain(step, MANY), answer))
    assert many < 10.5 * few


@each_step
@each_chain
def test_a_shallow_stack_is_enough(chain: Chain, step: Step) -> None:
    operation = chain(step, TENTH)
    with frames_left(60):
        result = run(operation, answer)
    assert result == Success(TENTH)


@each_chain
def test_a_chain_is_built_on_a_shallow_stack(chain: Chain) -> None:
    with frames_left(60):
        operation = chain(at_once, TENTH)
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


# --- what is put off ------------------------------------------------------------------------------


def test_where_the_stack_would_run_out_the_rest_is_put_off() -> None:
    operation = nested_right(at_once, TENTH)
    assert isinstance(operation, Wait)
    assert (operation.seconds, operation.spread) == (0.0, 0.0)


def test_what_was_put_off_goes_on_where_it_stopped() -> None:
    seen: list[int] = []

    def count(number: int) -> Operation[int]:
        seen.append(number)
        return succeed(number + 1).bind(count) if number < TENTH else succeed(number)

    operation: Operation[int] = count(0)
    resumed = 0
    while isinstance(operation, Wait):
        operation = operation.resume(0.0)
        resumed += 1
    assert operation == succeed(TENTH)
    assert resumed > 1
    assert sorted(set(seen)) == list(range(TENTH + 1))
    assert len(seen) <= TENTH + 1 + resumed


def test_what_was_put_off_pickles_and_compares() -> None:
    operation = nested_right(at_once, TENTH)
    with frames_left(150):
        earlier = nested_right(at_once, TENTH)
    assert pickle.loads(pickle.dumps(operation)) == operation
    assert earlier != operation
    assert run(earlier, answer) == run(operation, answer)


def test_a_short_chain_is_not_put_off() -> None:
    assert nested_right(at_once, 50) == succeed(50)


def test_what_was_bound_beforehand_is_never_put_off() -> None:
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


# --- what an endless loop holds -------------------------------------------------------------------


@pytest.mark.parametrize("step", [by_asking, by_waiting])
@pytest.mark.parametrize("guard", [False, True])
def test_a_loop_does_not_grow(step: Step, guard: bool) -> None:
    operation = CountTo(step, MANY)(1_000).map(_same)
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
            case Done():
                pytest.fail("it has not come to its end")
    assert max(sizes) == min(sizes)


# --- streams --------------------------------------------------------------------------------------


class EmitNext(Struct, frozen=True):
    """Emits the number that was given, then performs the next step."""

    step: Step
    end: int

    def __call__(self, result: Result[int, Error]) -> Stream[int]:
        if isinstance(result, Failure):
            return Done(result)
        number = result.unwrap()
        return Emit((number,), Perform(self.step(number), self) if number < self.end else END)


def a_long_stream(step: Step, length: int) -> Stream[int]:
    return Perform(step(0), EmitNext(step, length))


@each_step
def test_a_long_stream_is_iterated_on_a_shallow_stack(step: Step) -> None:
    with frames_left(60):
        count = sum(1 for _ in iterate(a_long_stream(step, MANY), answer))
    assert count == MANY


@each_step
def test_a_long_stream_is_collected_on_a_shallow_stack(step: Step) -> None:
    with frames_left(60):
        result = run(collect(a_long_stream(step, TENTH)), answer)
    assert result == Success(tuple(range(1, TENTH + 1)))


@each_step
def test_collecting_ten_times_the_values_takes_ten_times_the_calls(step: Step) -> None:
    few = calls_of(lambda: run(collect(a_long_stream(step, TENTH // 10)), answer))
    many = calls_of(lambda: run(collect(a_long_stream(step, TENTH)), answer))
    assert many < 10.5 * few


def test_collecting_four_times_the_values_takes_about_four_times_as_long() -> None:
    def seconds_for(count: int) -> float:
        begun = time.process_time()
        assert len(run(collect(a_long_stream(by_asking, count)), answer).unwrap()) == count
        return time.process_time() - begun

    # Copying all that came before with every value would take sixteen times as long.
    assert seconds_for(4 * TENTH) < 10 * seconds_for(TENTH)
