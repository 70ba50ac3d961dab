"""A hundred thousand programs in one: linear time, constant stack, under rules, and within each other."""

import pickle
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from msgspec import Struct
from returns.result import Result, Success
from test_depth import HUNDREDTH, MANY, STEPS, TENTH, Step, answer, at_once, by_asking, calls_of, frames_left

from puresponse.core import (
    Error,
    Fork,
    Operation,
    RetryPolicy,
    all_outcomes,
    collect,
    configured,
    gather,
    gather_all,
    retrying,
    sequence,
    sequentially,
    succeed,
    traverse,
    value_or_raise,
    with_response,
    within,
)
from puresponse.core.rules import Rule
from puresponse.transports import run

pytestmark = pytest.mark.unmeasured
"""What is covered is covered by the first steps, and measuring it at each takes as long again as the steps."""

Many = Callable[[Step, int], Operation[Any]]


def traversed(step: Step, length: int) -> Operation[Any]:
    return traverse(range(length), step)


def in_sequence(step: Step, length: int) -> Operation[Any]:
    return sequence(map(step, range(length)))


def outcomes(step: Step, length: int) -> Operation[Any]:
    return all_outcomes(map(step, range(length))).map(values)


def gathered(step: Step, length: int) -> Operation[Any]:
    return gather(*map(step, range(length)))


def gathered_outcomes(step: Step, length: int) -> Operation[Any]:
    return gather_all(*map(step, range(length))).map(values)


def apart(step: Step, length: int) -> Operation[Any]:
    return sequentially(Fork(tuple(map(step, range(length))), succeed)).map(values)


def values(results: tuple[Result[int, Error], ...]) -> tuple[int, ...]:
    return tuple(result.unwrap() for result in results)


MANYS: list[Many] = [traversed, in_sequence, outcomes, gathered, gathered_outcomes, apart]
each_many = pytest.mark.parametrize(("many", "step"), list(product(MANYS, STEPS)))


@each_many
@pytest.mark.parametrize("length", [TENTH, pytest.param(MANY, marks=pytest.mark.deep)])
def test_they_all_come_to_their_end(length: int, many: Many, step: Step) -> None:
    assert run(many(step, length), answer) == Success(tuple(range(1, length + 1)))


@each_many
def test_ten_times_the_programs_take_ten_times_the_calls(many: Many, step: Step) -> None:
    few = calls_of(lambda: run(many(step, HUNDREDTH), answer))
    more = calls_of(lambda: run(many(step, TENTH), answer))
    assert more < 11 * few


@each_many
def test_a_shallow_stack_is_enough(many: Many, step: Step) -> None:
    with frames_left(60):
        result = run(many(step, TENTH), answer)
    assert result == Success(tuple(range(1, TENTH + 1)))


@each_many
def test_under_rules_too_a_shallow_stack_is_enough(many: Many, step: Step) -> None:
    with frames_left(60):
        program = many(step, TENTH)
        for retries in range(3):
            program = retrying(program, RetryPolicy(max_retries=retries))
        result = run(program, answer)
    assert result == Success(tuple(range(1, TENTH + 1)))


def test_a_fork_under_a_thousand_rules() -> None:
    program = gather(by_asking(0), gather(by_asking(1), by_asking(2)))
    for _ in range(1_000):
        program = Rule()(program)
    assert run(program, answer) == Success((1, (2, 3)))


Nested = Callable[[Operation[Any], Step], Operation[Any]]
NESTED: dict[str, Nested] = {
    "gather": lambda program, step: gather(program, step(0)).map(first),
    "gather_all": lambda program, step: gather_all(program, step(0)).map(first_outcome),
    "sequence": lambda program, step: sequence([step(0), program]).map(last),
    "all_outcomes": lambda program, step: all_outcomes([program, step(0)]).map(first_outcome),
    "traverse": lambda program, step: traverse((step(0), program), as_it_is).map(last),
}


def first(pair: tuple[Any, ...]) -> Any:
    return pair[0]


def last(pair: tuple[Any, ...]) -> Any:
    return pair[1]


def first_outcome(pair: tuple[Result[Any, Error], ...]) -> Any:
    return pair[0].unwrap()


def as_it_is(operation: Operation[Any]) -> Operation[Any]:
    return operation


@pytest.mark.parametrize("nest", NESTED.values(), ids=NESTED)
@pytest.mark.parametrize("step", STEPS)
def test_programs_within_each_other_a_thousand_deep(nest: Nested, step: Step) -> None:
    program: Operation[Any] = by_asking(41)
    with frames_left(60):
        for _ in range(1_000):
            program = nest(program, step)
        assert run(program, answer) == Success(42)
        assert run(retrying(program), answer) == Success(42)
        assert run(within(program, 60), answer) == Success(42)
        assert run(configured(program, timeout=5), answer) == Success(42)
        assert value_or_raise(run(with_response(program), answer)).value == 42


class Grow(Struct, frozen=True):
    """Forks, and one of the branches is this again, until `depth` is used up."""

    depth: int

    def __call__(self, number: int) -> Operation[int]:
        if not self.depth:
            return succeed(number)
        return gather(by_asking(number).bind(Grow(self.depth - 1)), by_asking(0)).map(first)


@pytest.mark.parametrize("concurrency", [1, 4])
def test_forks_that_grow_out_of_each_other_as_they_are_carried_out(concurrency: int) -> None:
    with frames_left(80):
        result = run(Grow(TENTH)(0), answer, concurrency=concurrency)
    assert result == Success(TENTH)


def test_a_fork_of_many_compares_hashes_and_pickles() -> None:
    one, other = gathered(by_asking, TENTH), gathered(by_asking, TENTH)
    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one
    assert len(repr(one)) < 10_000


def test_what_is_done_already_is_gathered_without_a_step() -> None:
    assert gathered(at_once, TENTH) == succeed(tuple(range(1, TENTH + 1)))


def test_a_stream_that_performs_many_forks_is_collected() -> None:
    from test_depth import a_long_stream

    def forked(number: int) -> Operation[int]:
        return gather(by_asking(number), by_asking(0)).map(first)

    assert run(collect(a_long_stream(forked, HUNDREDTH)), answer) == Success(tuple(range(1, HUNDREDTH + 1)))
