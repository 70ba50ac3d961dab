"""What `loop` promises: the same as a function that binds itself, for any number of turns, in flat memory."""

import gc
import pickle
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from returns.result import Failure, Result, Success

from puresponse.core import (
    Answer,
    Continue,
    Done,
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    NotSent,
    Operation,
    RetryPolicy,
    Send,
    Stop,
    Wait,
    fail,
    load_operation,
    loop,
    retrying,
    save_checkpoint,
    succeed,
)
from puresponse.transports import VirtualClock, run

MILLION = 1_000_000
TENTH = MILLION // 10

Verdict = Continue[int] | Stop[str]
FLAT = 100_000
"""Bytes: what a loop may hold besides what was there before it, however many turns it takes."""

FEW = 2_000
"""Blocks of memory: by how many more there may be at one turn of a loop than at another."""


class Asked(Struct, frozen=True):
    """Receives an answer, and takes another turn until the count has come to `end`."""

    number: int
    end: int

    def __call__(self, answer: Answer) -> Operation[Verdict]:
        return Done(answer.map(lambda response: _verdict(self.number, self.end)))


class Waited(Struct, frozen=True):
    """Receives the time, and takes another turn until the count has come to `end`."""

    number: int
    end: int

    def __call__(self, elapsed: float) -> Operation[Verdict]:
        return succeed(_verdict(self.number, self.end))


def _verdict(number: int, end: int) -> Verdict:
    return Continue(number + 1) if number < end else Stop(f"{number} turns")


class Turn(Struct, frozen=True):
    """Counts to `end`, by what `kinds` say in turn: done at once, by asking, by waiting, or failing."""

    kinds: str
    end: int

    def __call__(self, number: int) -> Operation[Verdict]:
        match self.kinds[number % len(self.kinds)]:
            case "a":
                return Send(HttpRequest("GET", f"/{number}"), Asked(number, self.end))
            case "w":
                return Wait(number / 8, 0.0, Waited(number, self.end))
            case "f":
                return fail(NotSent("dns", f"turn {number}"))
            case _:
                return succeed(_verdict(number, self.end))


class ByBinding(Struct, frozen=True):
    """The same as a loop of `turn`, by recursion."""

    turn: Turn

    def __call__(self, number: int) -> Operation[str]:
        return self.turn(number).bind(self.go_on)

    def go_on(self, verdict: Verdict) -> Operation[str]:
        return self(verdict.seed) if isinstance(verdict, Continue) else succeed(verdict.value)


def answer(request: HttpRequest) -> Answer:
    return Success(HttpResponse(status=200))


def observe(operation: Operation[str]) -> tuple[Result[str, Error], list[str], list[float]]:
    """Run `operation`: its result, what it asked and how long it slept."""
    asked: list[str] = []

    def noting(request: HttpRequest) -> Answer:
        asked.append(request.path)
        return answer(request)

    clock = VirtualClock()
    return run(operation, noting, clock=clock), asked, clock.slept


# --- the law --------------------------------------------------------------------------------------


@settings(deadline=None)
@given(kinds=st.text("dawf", min_size=1, max_size=6), end=st.integers(0, 12))
def test_a_loop_is_a_function_that_binds_itself(kinds: str, end: int) -> None:
    turn = Turn(kinds, end)
    assert observe(loop(0, turn)) == observe(ByBinding(turn)(0))


def test_each_turn_calls_the_step_once_with_the_seed_of_the_turn_before() -> None:
    seeds: list[int] = []
    turn = Turn("dawd", 50)

    def step(number: int) -> Operation[Verdict]:
        seeds.append(number)
        return turn(number)

    assert run(loop(0, step), answer, clock=VirtualClock()) == Success("50 turns")
    assert seeds == list(range(51))


def test_a_loop_that_stops_in_its_first_turn_gives_what_it_stopped_with() -> None:
    assert loop(7, lambda number: succeed(Stop(number))) == succeed(7)


def test_a_failure_ends_the_loop() -> None:
    failure: Operation[str] = fail(NotSent("dns", "turn 2"))
    assert loop(0, Turn("ddf", 9)) == failure
    assert observe(loop(0, Turn("aaf", 9))) == (Failure(NotSent("dns", "turn 2")), ["/0", "/1"], [])


def test_the_turns_that_need_nothing_are_taken_at_once() -> None:
    operation = loop(0, Turn("ddda", 9))
    assert isinstance(operation, Send)
    assert operation.request.path == "/3"


def test_a_loop_is_an_operation_like_any_other() -> None:
    def twice(number: int) -> Operation[Verdict]:
        return loop(0, Turn("a", 2)).map(lambda text: Stop(f"twice {text}") if number else Continue(1))

    paths = ["/0", "/1", "/2"]
    assert observe(loop(0, twice).map(str.upper)) == (Success("TWICE 2 TURNS"), [*paths, *paths], [])
    assert observe(succeed(5).bind(lambda end: loop(0, Turn("w", end)))) == observe(loop(0, Turn("w", 5)))


def test_what_a_step_raises_is_raised_once() -> None:
    calls: list[int] = []

    def step(number: int) -> Operation[Verdict]:
        calls.append(number)
        raise RecursionError

    with pytest.raises(RecursionError):
        loop(0, step)
    assert calls == [0]


def test_a_step_that_gives_no_verdict_is_told_so() -> None:
    forgetful: Any = succeed
    with pytest.raises(TypeError, match=r"is to return Continue or Stop, in an operation; .* object of type int"):
        loop(0, forgetful)


# --- what it costs ----------------------------------------------------------------------------------


class Asleep(VirtualClock):
    """Keeps no list of its sleeps."""

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def carry_out(step: Callable[[int], Operation[Verdict]], turns: int, guard: bool) -> None:
    operation = loop(0, step)
    guarded = retrying(operation, RetryPolicy(max_retries=1)) if guard else operation
    assert run(guarded, answer, clock=Asleep()) == Success(f"{turns} turns")


def blocks_held(kinds: str, turns: int, guard: bool) -> int:
    """By how many blocks of memory the turn that finds the most differs from the first ones."""
    turn, found = Turn(kinds, turns), list[int]()

    def step(number: int) -> Operation[Verdict]:
        if number % 1_000 == 0:
            found.append(sys.getallocatedblocks())
        return turn(number) if kinds != "d" else succeed(_verdict(number, turns))

    carry_out(step, turns, guard)
    assert len(found) == turns // 1_000 + 1
    return max(found) - found[1]


def is_flat(kinds: str, turns: int, guard: bool) -> bool:
    """Whether a loop holds no memory; asked again where it seems to, for other threads may take some meanwhile."""
    return any(blocks_held(kinds, turns, guard) < FEW for _ in range(3))


def bytes_held(kinds: str, turns: int, guard: bool) -> int:
    """How many bytes were held at most while the loop ran, besides those that were there before."""
    carry_out(Turn(kinds, 100), 100, guard)  # what is made once, at first
    gc.collect()  # what other tests have left is not found in the midst of it
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        carry_out(Turn(kinds, turns), turns, guard)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


through = pytest.mark.parametrize("kinds", ["a", "w", "daw"])
guarded_or_not = pytest.mark.parametrize("guard", [False, True])


@pytest.mark.unmeasured
def test_a_million_turns_that_need_nothing_hold_no_memory() -> None:
    assert is_flat("d", MILLION, guard=False)


@pytest.mark.unmeasured
@through
@guarded_or_not
def test_a_hundred_thousand_turns_that_send_or_wait_hold_no_memory(kinds: str, guard: bool) -> None:
    assert is_flat(kinds, TENTH, guard)


@pytest.mark.unmeasured
@through
@guarded_or_not
def test_what_ten_thousand_turns_hold_is_a_few_bytes(kinds: str, guard: bool) -> None:
    assert bytes_held(kinds, TENTH // 10, guard) < FLAT


@pytest.mark.deep
@through
@guarded_or_not
def test_a_million_turns_that_send_or_wait_hold_no_memory(kinds: str, guard: bool) -> None:
    assert is_flat(kinds, MILLION, guard)


@pytest.mark.deep
def test_what_a_million_turns_hold_is_a_few_bytes() -> None:
    assert bytes_held("d", MILLION, guard=False) < FLAT


# --- a loop is a value ------------------------------------------------------------------------------


def test_a_loop_compares_pickles_and_shows_where_it_stands() -> None:
    operation = loop(0, Turn("dda", 9))
    assert operation == loop(0, Turn("dda", 9)) != loop(0, Turn("dda", 8))
    assert hash(operation) == hash(loop(0, Turn("dda", 9)))
    assert pickle.loads(pickle.dumps(operation)) == operation
    assert repr(operation).endswith("Then(Asked(number=2, end=9), Loop(step=Turn(kinds='dda', end=9))))")


def test_a_loop_is_saved_and_goes_on_between_any_two_turns() -> None:
    names = {"Turn": Turn, "Asked": Asked, "Waited": Waited}
    operation, path = loop(0, Turn("daw", 9)), list[str]()
    while not isinstance(operation, Done):
        saved = save_checkpoint(operation, names=names).unwrap()
        loaded: Operation[str] = load_operation(saved, names=names).unwrap().program
        assert loaded == operation
        match loaded:
            case Send(request, resume):
                path.append(request.path)
                operation = resume(answer(request))
            case Wait(_, _, resume):
                operation = resume(0.0)
            case Done() | Fork():
                pytest.fail("it has not come to its end")
    assert (operation, path) == (succeed("9 turns"), ["/1", "/4", "/7"])


def test_a_forged_loop_whose_step_cannot_be_called_is_refused() -> None:
    saved = save_checkpoint(loop(0, Turn("a", 9)), names={"Turn": Turn, "Asked": Asked}).unwrap()
    forged = saved.replace(b'"step":{"@":"Turn","fields":{"kinds":"a","end":9}}', b'"step":5')
    assert forged != saved
    refusal = load_operation(forged, names={"Turn": Turn, "Asked": Asked}).failure()
    assert "5 cannot be the step of Loop" in str(refusal)
