"""Merging is proven: a search that merges what is the same finds what one finds that merges nothing."""

from __future__ import annotations

from typing import Any

import pytest
from drawn import Drawn, drawn
from explored import NAMES, Explored
from explored_programs import PROGRAMS, program_of
from hypothesis import HealthCheck, given, settings
from msgspec import Struct
from reenacted import EveryLife, broken, canonical, ends, lived_again
from returns.result import Success

from puresponse import (
    Broken,
    Delay,
    Exploration,
    FaultPlan,
    LifeStep,
    MemoryTransport,
    Moment,
    RateLimited,
    Reset,
    Rule,
    ServerError,
    State,
    Unsent,
    VirtualClock,
    delete_response,
    explore,
    gather_all,
    retrieve_response,
    run,
    stored,
    traverse,
)
from puresponse.transports.testing.lives.passing_time import NOW

pytestmark = pytest.mark.unmeasured

SMALL = (
    "delete, retried",
    "erase",
    "delete a circle",
    "traverse",
    "wait, not long enough",
    "cancel if running",
    "create, unsafely retried",
    "create and delete",
    "talk",
    "structured output",
    "follow a response, from an event on",
)
"""Programs of which nothing need be merged, with one fault of every kind."""

FEW = (Reset(acted=True), ServerError(503), Delay(20.0))
"""A few kinds, of which there may be two."""

FORKS = (
    "gather two deletions",
    "gather all of two",
    "gather the same deletion",
    "two creations at once",
    "two who wait",
)


def _same(one: Exploration, other: Exploration) -> None:
    assert ends(one) == ends(other)
    assert broken(one) == broken(other)


@pytest.mark.parametrize("name", SMALL)
def test_merging_finds_the_same_with_one_fault_of_every_kind(name: str) -> None:
    explored = program_of(name)
    merged, apart = explored.explored(1), explored.explored(1, merges=False)
    _same(merged, apart)
    assert merged.states < apart.states


@pytest.mark.parametrize("name", ["delete, retried", "erase", "cancel if running", "create, unsafely retried", "talk"])
def test_merging_finds_the_same_with_two_faults_of_few_kinds(name: str) -> None:
    explored = program_of(name)
    few = [
        explore(
            explored.program,
            explored.state,
            script=explored.script,
            faults=2,
            kinds=FEW,
            claims=explored.claims,
            names=explored.names,
            merges=merges,
        )
        for merges in (True, False)
    ]
    _same(*few)
    assert few[0].states < few[1].states


@pytest.mark.parametrize("name", FORKS)
def test_fewer_orders_find_the_same_as_all(name: str) -> None:
    explored = program_of(name)
    reduced, every = explored.explored(1), explored.explored(1, all_orders=True)
    _same(reduced, every)
    assert reduced.steps <= every.steps


def test_orders_that_make_a_difference_are_tried() -> None:
    program = gather_all(delete_response("resp_a"), retrieve_response("resp_a"))
    state = State().having(stored({"id": "resp_a"}))
    reduced, every = [explore(program, state, faults=1, all_orders=all_orders) for all_orders in (False, True)]
    _same(reduced, every)
    without_faults = [ending.result.unwrap() for ending in reduced.endings if not ending.faults]
    assert [[isinstance(one, Success) for one in results] for results in without_faults] == [
        [True, False],
        [True, True],
    ]
    assert reduced.together == {(): ((0, 1),)}


class _NotTwice(Struct, frozen=True):
    """No two answers are late, which neither the program nor the service remembers."""

    name: str = "no two answers are late"
    is_local: bool = True

    def begin(self) -> int:
        return 0

    def after(self, memory: int, step: LifeStep, moment: Moment) -> int | Broken:
        late = memory + isinstance(step.mishap, Delay)
        return late if late < 2 else Broken("two were late")

    def end(self, memory: int, step: LifeStep, moment: Moment) -> None:
        pass


def test_what_a_claim_remembers_keeps_states_apart() -> None:
    program = traverse(("resp_a", "resp_a", "resp_a"), retrieve_response)
    state = State().having(stored({"id": "resp_a"}))
    found = [
        explore(program, state, kinds=(Delay(20.0),), dies=False, claims=claims, merges=merges)
        for claims, merges in (([_NotTwice()], True), ([_NotTwice()], False), ((), True))
    ]
    _same(found[0], found[1])
    assert broken(found[0]) == {"no two answers are late": (2, 3)}
    assert found[2].states == 4


def test_branches_that_have_nothing_to_do_with_each_other_take_fewer_steps() -> None:
    explored = program_of("gather two deletions")
    assert explored.explored(1).steps < explored.explored(1, all_orders=True).steps


@pytest.mark.parametrize(
    "name", ["gather the same deletion", "create, unsafely retried", "wait, believe the first 404"]
)
def test_the_same_search_finds_the_same(name: str) -> None:
    explored = program_of(name)
    one, other = explored.explored(1), explored.explored(1)
    assert (one.states, one.steps, one.looked_at, one.together) == (
        other.states,
        other.steps,
        other.looked_at,
        other.together,
    )
    assert one.endings == other.endings
    assert one.violations == other.violations
    assert one.graph == other.graph


# --- beside real drivers --------------------------------------------------------------------------

OPERATIONS = (
    "delete, retried",
    "erase",
    "traverse",
    "cancel if running",
    "cancel if running, with a refusal",
    "create, retried",
    "create, unsafely retried",
    "create and delete",
    "talk",
    "structured output",
    "audit",
    "wait, not long enough",
)
"""Programs that a real driver carries out, each with every fault at every request."""

_KINDS = (Reset(), Reset(acted=True), ServerError(503), ServerError(500, acted=True), RateLimited(), Unsent())


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_ends_are_those_of_a_real_driver_with_every_fault_at_every_request(name: str) -> None:
    explored = program_of(name)
    found = explore(
        explored.program,
        explored.state,
        script=explored.script,
        faults=1,
        kinds=_KINDS,
        claims=(),
        names=explored.names,
        dies=False,
        other_waits=False,
    )
    driven: set[str] = set()
    for chance in (0.0, 1.0):
        for fault in (None, *_KINDS):
            number = 0
            while True:
                number += 1
                rules = () if fault is None else (Rule(fault, numbers=(number,)),)
                clock = _FromNow(chance=chance)
                service = MemoryTransport(
                    explored.state, script=explored.script, faults=FaultPlan(rules), clock=clock.of_the_service
                )
                driven.add(canonical(run(explored.program, service, clock=clock)))
                if fault is None or number > len(service.requests):
                    break
    assert ends(found) == driven


class _FromNow(VirtualClock):
    """The clock of a run that begins now, and that of the service that it asks: one time, told twice."""

    @property
    def of_the_service(self) -> VirtualClock:
        """The same time, in seconds since 1970."""
        return _Since1970(self)


class _Since1970(VirtualClock):
    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock

    def monotonic(self) -> float:
        return NOW + round(self._clock.monotonic(), 6)

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds)


_TOLD_THE_TIME = {"two who wait"}  # in branches whose times overlap, as they do not one after the other
_AGAIN = [explored for explored in PROGRAMS if explored.name not in _TOLD_THE_TIME and explored.faults > 1]


@pytest.mark.parametrize("explored", _AGAIN, ids=[explored.name for explored in _AGAIN])
def test_a_real_driver_lives_each_life_again(explored: Explored) -> None:
    seen = EveryLife({})
    explore(
        explored.program,
        explored.state,
        script=explored.script,
        faults=1,
        kinds=(Reset(acted=True), Delay(20.0)),
        claims=[seen],
        names=explored.names,
        dies=False,
    )
    assert seen.found
    for life in seen.found.values():
        emitted, result = lived_again(explored.program, life)
        assert emitted == [value for step in life for value in step.emitted]
        if life[-1].result is not None and not emitted:
            assert canonical(result) == canonical(life[-1].result)


# --- whatever program it is -----------------------------------------------------------------------

_DRAWN = (Reset(acted=True), ServerError(503))
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)


def _searched(one: Drawn, **options: Any) -> Exploration:
    return explore(one.program, one.state, faults=1, kinds=_DRAWN, names=NAMES, most_states=1_000_000, **options)


@settings(max_examples=12, deadline=None, suppress_health_check=_SLOW)
@given(drawn())
def test_merging_finds_the_same_whatever_the_program(one: Drawn) -> None:
    _same(_searched(one), _searched(one, merges=False))


@settings(max_examples=6, deadline=None, suppress_health_check=_SLOW)
@given(drawn())
def test_fewer_orders_find_the_same_whatever_the_program(one: Drawn) -> None:
    _same(_searched(one), _searched(one, all_orders=True))


@pytest.mark.deep
@pytest.mark.timeout(3600)
@settings(max_examples=100, deadline=None, suppress_health_check=_SLOW)
@given(drawn())
def test_both_find_the_same_whatever_the_program_many_times(one: Drawn) -> None:
    found = _searched(one)
    _same(found, _searched(one, merges=False))
    _same(found, _searched(one, all_orders=True))
