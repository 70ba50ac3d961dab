"""Hypothesis draws services and programs, and every fault is tried on each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import pytest
from drawn import Drawn, drawn, operations, services
from explored import NAMES
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result

from puresponse import (
    EVERY_FAULT,
    Delay,
    Error,
    Exploration,
    RateLimited,
    Refused,
    Reset,
    ServerError,
    State,
    Truncated,
    audit_response,
    create_response,
    delete_response,
    explore,
    replay_lives,
    retrying,
    run,
    stored,
)
from puresponse.transports.testing.exploration.alternatives import AnyFault
from puresponse.transports.testing.replays.life import ReplayedLife

FEW: tuple[AnyFault, ...] = (RateLimited(), Reset(acted=True), ServerError(503), Refused(403))
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)

few = settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
many = settings(max_examples=300, deadline=None, suppress_health_check=SLOW)


def explored(one: Drawn, kinds: Sequence[AnyFault], faults: int, **options: Any) -> Exploration:
    return explore(one.program, one.state, faults=faults, kinds=kinds, names=NAMES, **options)


CREATE = Drawn(State(), retrying(create_response(model="m", input="Hi")))


@few
@given(drawn())
@example(CREATE)
def test_what_is_claimed_of_any_program_holds_of_those_that_are_drawn(one: Drawn) -> None:
    explored(one, FEW, 1).check()


@pytest.mark.deep
@pytest.mark.timeout(3600)
@many
@given(drawn())
def test_so_it_is_with_any_fault_and_with_some_two(one: Drawn) -> None:
    explored(one, EVERY_FAULT, 1).check()
    explored(one, FEW, 2).check()


# The same lives


def ending(result: Result[Any, Error]) -> str:
    """How a life ends, without the names and times in which a search tells lives apart no more."""
    if not isinstance(result, Failure):
        return f"a {type(result.unwrap()).__name__}"
    error = result.failure()
    return f"{type(error).__name__} {getattr(error, 'status', '')} {getattr(error, 'kind', '')} {error.may_have_acted}"


@st.composite
def operated(draw: st.DrawFn) -> Drawn:
    state = draw(services())
    return Drawn(state, draw(operations(state)))


Endings: TypeAlias = dict[str, int]
"""The ways in which lives end, and the least number of faults with which that is met."""


def endings(one: Drawn, kinds: Sequence[AnyFault], faults: int) -> tuple[Endings, Endings]:
    """How a program ends that is carried out anew for each life, and in the search through its states."""
    found: Endings = {}

    def body(life: ReplayedLife) -> None:
        result = run(one.program, life.transport, clock=life.clock)
        met = sum(step.mishap is not None for step in life.steps)
        found[ending(result)] = min(met, found.get(ending(result), met))

    replays = replay_lives(body, state=one.state, kinds=kinds, faults=faults, most_lives=50_000)
    replays.check()
    search = explored(one, kinds, faults, dies=False, other_waits=False, claims=())
    search.check()
    searched: Endings = {}
    for end in search.endings:
        name = ending(end.result)
        searched[name] = min(end.faults, searched.get(name, end.faults))
    return found, searched


@pytest.mark.parametrize("program", [CREATE.program, audit_response("resp_a"), retrying(delete_response("resp_a"))])
def test_both_searches_find_the_same_endings(program: Any) -> None:
    state = State().having(stored({"id": "resp_a"}))
    found, searched = endings(Drawn(state, program), EVERY_FAULT, 2)
    assert found == searched
    assert len(found) > 4


@few
@given(operated())
def test_a_program_ends_as_the_search_says_where_it_is_carried_out_for_each_life(one: Drawn) -> None:
    found, searched = endings(one, FEW, 1)
    assert found.items() <= searched.items(), "the search has waits that take their most, besides"


@pytest.mark.deep
@pytest.mark.timeout(3600)
@many
@given(operated())
def test_so_it_is_with_more_faults(one: Drawn) -> None:
    found, searched = endings(one, (*FEW, Delay(20.0), Truncated()), 2)
    assert found.items() <= searched.items(), "the search has waits that take their most, besides"
