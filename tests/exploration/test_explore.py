"""The search itself: what is tried, what is merged, what is said to be left out."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import Struct
from returns.result import Failure, Result, Success

from puresponse.codecs import Response
from puresponse.core import (
    Answer,
    Error,
    HttpRequest,
    Operation,
    RetryPolicy,
    WaitPolicy,
    create_response,
    delay,
    delete_response,
    delete_response_chain,
    gather,
    is_failure,
    retrieve_response,
    retrying,
    stream_response,
    succeed,
    wait_for_response,
)
from puresponse.core.retry_hints import leaves_open
from puresponse.core.steps import Send
from puresponse.transports import (
    CutStream,
    FaultPlan,
    MemoryTransport,
    Reset,
    Rule,
    ServerError,
    State,
    VirtualClock,
    run,
    stored,
)
from puresponse.transports.testing.exploration.alternatives import CLOSED, EVERY_FAULT, OPEN
from puresponse.transports.testing.exploration.claims import Moment, always, eventually, finally_
from puresponse.transports.testing.exploration.searching import explore
from puresponse.transports.testing.lives.findings import Exploration
from puresponse.transports.testing.lives.lives import Dies, LifeStep, OtherWait

KEPT = State().having(stored({"id": "resp_a"}))


def lives_of(program: Any, state: State = KEPT, **options: Any) -> list[tuple[LifeStep, ...]]:
    """All lives: each is shown by a claim that nothing ends in it, and that is broken by each end in its turn."""
    found: list[tuple[LifeStep, ...]] = []

    def noted(moment: Moment) -> bool:
        if moment.result is not None and moment.requests not in found:  # the search begins anew after the first look
            found.append(moment.requests)
        return True

    explore(program, state, claims=[finally_(noted)], merges=False, **options).check()
    return found


def mishaps(program: Any, state: State = KEPT, **options: Any) -> set[Any]:
    """What went wrong in any step of any life that was searched."""
    graph = explore(program, state, claims=(), **options).graph
    assert graph is not None
    return {edge.mishap for edge in graph.edges}


def test_at_each_request_everything_is_tried_that_makes_a_difference() -> None:
    met = mishaps(delete_response("resp_a"), faults=1)
    faults = {fault.fault if isinstance(fault, Rule) else fault for fault in EVERY_FAULT}
    late = {
        rule.fault for rule in EVERY_FAULT if isinstance(rule, Rule)
    }  # of what a request makes; this one makes none
    assert met == (faults - late) | {None, Dies(), Dies(acted=True)}


def test_without_faults_there_is_one_life() -> None:
    assert mishaps(delete_response("resp_a"), faults=0) == {None}
    (life,) = lives_of(delete_response("resp_a"), faults=0)
    assert [step.mishap for step in life] == [None]


@pytest.mark.parametrize("fault", CLOSED)
def test_what_the_table_calls_closed_never_acted(fault: Any) -> None:
    for life in lives_of(delete_response("resp_a"), faults=1, kinds=[fault], dies=False):
        for step in life:
            if step.mishap is not None:
                assert not step.acted
                assert step.after.responses.get("resp_a") is not None


def test_what_the_table_leaves_open_did_and_did_not_act() -> None:
    acted: dict[str, set[bool]] = {}
    for life in lives_of(delete_response("resp_a"), faults=1, kinds=OPEN, dies=False):
        for step in life:
            if step.mishap is not None:
                answer: Result[Any, Error] = step.answer
                kind = str(answer.unwrap().status) if isinstance(answer, Success) else str(answer.failure())
                acted.setdefault(kind, set()).add(step.after.responses.get("resp_a") is None)
                if isinstance(answer, Success):
                    assert leaves_open(answer.unwrap().status, answer.unwrap().headers)
    truncated = next(kind for kind in acted if "truncated" in kind)
    assert acted.pop(truncated) == {True}
    assert all(both == {False, True} for both in acted.values()), acted
    assert {"500", "502", "503", "504", "408"} <= acted.keys()


def test_a_rule_of_the_callers_own_is_met_where_it_applies() -> None:
    rule = Rule(ServerError(599), method="GET")
    program = delete_response("resp_a").lash(_Retrieve())
    assert mishaps(program, faults=1, kinds=[rule], dies=False) == {None}
    assert mishaps(retrieve_response("resp_a"), faults=1, kinds=[rule], dies=False) == {None, ServerError(599)}


class _Retrieve(Struct, frozen=True):
    def __call__(self, error: Error) -> Operation[Any]:
        return retrieve_response("resp_a")


def test_a_life_is_what_the_driver_does_by_the_same_faults() -> None:
    for life in lives_of(retrying(delete_response("resp_a")), faults=2, dies=False, other_waits=False):
        rules = tuple(
            Rule(step.mishap, numbers=(number,))
            for number, step in enumerate(life, 1)
            if step.mishap is not None and not isinstance(step.mishap, Dies | OtherWait)
        )
        service = MemoryTransport(KEPT, faults=FaultPlan(rules), clock=VirtualClock(now=1_750_000_000.0))
        run(retrying(delete_response("resp_a")), service, clock=VirtualClock())
        assert [request.path for request in service.requests] == [
            step.request.path for step in life if step.request is not None
        ]
        assert service.state.responses.get("resp_a") == life[-1].after.responses.get("resp_a")


def test_a_response_that_was_made_cannot_be_found_for_a_while() -> None:
    program = create_response(model="m", input="Hi").bind(_RetrieveMade())
    found = explore(program, faults=1, claims=(), names={"made": _RetrieveMade})
    errors = [str(end.result.failure()) for end in found.endings if isinstance(end.result, Failure)]
    assert any("404" in error for error in errors)


class _RetrieveMade(Struct, frozen=True):
    def __call__(self, response: Response) -> Operation[Response]:
        return retrieve_response(response.id)


def test_a_body_is_cut_at_each_chunk_and_within_it() -> None:
    found = explore(stream_response(model="m", input="Hi"), faults=1, claims=(), dies=False, kinds=[])
    assert found.graph is not None
    cuts = [edge.mishap for edge in found.graph.edges if isinstance(edge.mishap, CutStream)]
    assert {(cut.events, cut.inside) for cut in cuts} >= {
        (number, inside) for number in range(3) for inside in (True, False)
    }


def test_a_wait_takes_its_least_or_its_most_and_any_other_is_a_fault() -> None:
    two = delay(1.0, 2.0).bind(_Again())
    none = explore(two, State(), faults=0, claims=(), names={"again": _Again})
    assert sorted(end.result.unwrap() for end in none.endings) == [2.0, 6.0]
    one = explore(two, State(), faults=1, claims=(), names={"again": _Again})
    assert sorted(end.result.unwrap() for end in one.endings) == [2.0, 4.0, 6.0]
    assert {end.faults for end in one.endings if end.result.unwrap() == 4.0} == {1}


class _Again(Struct, frozen=True):
    def __call__(self, seconds: float) -> Operation[float]:
        return delay(1.0, 2.0)


def test_a_process_that_dies_does_not_repeat_what_is_not_safe() -> None:
    lives = lives_of(create_response(model="m", input="Hi"), State(), faults=1, kinds=[])
    assert {len(life) for life in lives} == {1}
    results = explore(create_response(model="m", input="Hi"), State(), faults=1, kinds=[], claims=()).endings
    assert any("process that sent it ended" in str(end.result) for end in results)


def test_a_process_that_dies_repeats_what_is_idempotent_and_says_that_it_may_have_been_done() -> None:
    ends = explore(delete_response("resp_a"), KEPT, faults=1, kinds=[], claims=()).endings
    failures = [end.result.failure() for end in ends if isinstance(end.result, Failure)]
    assert [getattr(error, "after_interruption", None) for error in failures] == [True]


def test_a_part_that_is_no_data_is_told_of_and_leaves_out_that_the_process_dies() -> None:
    found = explore(delete_response("resp_a").map(lambda deleted: deleted.id), KEPT, faults=1, claims=())
    assert any("lambda" in text for text in found.opaque)
    assert found.graph is not None
    assert not any(isinstance(edge.mishap, Dies) for edge in found.graph.edges)
    assert explore(delete_response("resp_a"), KEPT, faults=1, claims=()).opaque == ()


def test_a_bound_that_is_met_is_said() -> None:
    found = explore(retrying(delete_response("resp_a")), KEPT, faults=2, claims=(), most_states=20)
    assert found.limit is not None
    assert "20 states" in found.limit
    assert not found.holds
    with pytest.raises(AssertionError, match="20 states"):
        found.check()


def test_the_life_that_is_shown_has_the_fewest_faults_and_of_those_the_fewest_steps() -> None:
    policy = RetryPolicy(max_retries=2)

    def is_told(moment: Moment) -> bool:
        return not isinstance(moment.result, Failure)

    found = explore(retrying(retrieve_response("resp_a"), policy), KEPT, faults=3, claims=[finally_(is_told)])
    (violation,) = found.violations
    assert [step.mishap is not None for step in violation.life] == [False, True]

    def gives_up(moment: Moment) -> bool:
        return not (isinstance(moment.result, Failure) and "503" in str(moment.result.failure()))

    found = explore(
        retrying(retrieve_response("resp_a"), policy),
        KEPT,
        faults=3,
        kinds=[ServerError(503)],
        claims=[finally_(gives_up)],
    )
    (violation,) = found.violations
    assert sum(step.mishap is not None for step in violation.life) == 3


def test_what_is_looked_at_of_the_past_keeps_states_apart() -> None:
    program = retrying(delete_response("resp_a"))
    plain = explore(program, KEPT, faults=2, claims=[finally_(lambda moment: moment.result is not None)])
    assert plain.looked_at == ()
    told = explore(program, KEPT, faults=2, claims=[finally_(lambda moment: len(moment.requests) < 9)])
    assert told.looked_at == ("requests",)
    assert told.states > plain.states
    timed = explore(wait_for_response("resp_a", WaitPolicy(deadline=9)), KEPT, faults=0, claims=())
    assert timed.looked_at == ("time",)


def test_branches_that_have_nothing_to_do_with_each_other_are_carried_out_in_one_order() -> None:
    state = KEPT.having(stored({"id": "resp_b"}))
    apart = gather(delete_response("resp_a"), delete_response("resp_b"))
    found = explore(apart, state, faults=0, claims=())
    assert found.together == {}
    assert found.steps == 2
    assert explore(apart, state, faults=0, claims=(), all_orders=True).steps == 4
    alike = explore(gather(delete_response("resp_a"), retrieve_response("resp_a")), state, faults=0, claims=())
    assert alike.together == {(): ((0, 1),)}
    assert len(alike.endings) == 2  # what is retrieved is there, or is not


def test_a_claim_that_looks_at_more_than_one_branch_is_checked_in_every_order() -> None:
    state = KEPT.having(stored({"id": "resp_b"}))

    def in_order(moment: Moment) -> bool:
        return "resp_a" not in moment.state.responses or "resp_b" in moment.state.responses

    apart = gather(delete_response("resp_a"), delete_response("resp_b"))
    found = explore(apart, state, faults=0, claims=[always(in_order)])
    assert len(found.violations) == 1
    assert [step.branch for step in found.violations[0].life[1:]] == [(1,)]


def test_a_life_that_goes_on_for_ever_is_none_in_which_it_is_so_eventually() -> None:
    def is_over(moment: Moment) -> bool:
        return moment.result is not None

    found = explore(_polling(), KEPT, faults=0, claims=[eventually(is_over)], names={"poll": _Poll})
    assert [violation.claim for violation in found.violations] == ["is over"]
    assert found.limit is None
    assert explore(delete_response("resp_a"), KEPT, faults=1, claims=[eventually(is_over)]).holds


def _polling() -> Operation[Any]:
    return Send(HttpRequest("GET", "/responses/resp_a"), _Poll())


class _Poll(Struct, frozen=True):
    def __call__(self, answer: Any) -> Operation[Any]:
        return delay(1.0).bind(_PollAgain())


class _PollAgain(Struct, frozen=True):
    def __call__(self, seconds: float) -> Operation[Any]:
        return _polling()


def test_states_that_differ_in_names_alone_are_one() -> None:
    def made_and_deleted(moment: Moment) -> bool:
        return True

    program = create_response(model="m", input="Hi").bind(_DeleteMade())
    once = explore(program, State(), faults=0, claims=[always(made_and_deleted)])
    names = {"delete": _DeleteMade}
    twice = explore(program.bind(_Whole(program)), State(), faults=0, claims=(), names=names)
    # The second response has the name of the first, which nobody has any more.
    assert twice.graph is not None
    assert [label for label in twice.graph.labels if label.startswith("DELETE")] == [
        "DELETE /responses/resp_000001"
    ] * 2
    assert once.holds


class _DeleteMade(Struct, frozen=True):
    def __call__(self, response: Response) -> Operation[Any]:
        return delete_response(response.id).map(_forget)


def _forget(deleted: Any) -> None:
    return None


class _Whole(Struct, frozen=True):
    program: Operation[Any]

    def __call__(self, value: object) -> Operation[Any]:
        return self.program


def test_states_that_differ_in_what_models_there_are_are_two() -> None:
    state = State(models=({"id": "ft:m", "object": "model", "created": 1, "owned_by": "us"},))
    deletion = Send(HttpRequest("DELETE", "/models/ft:m", idempotent=True), _LookForModel())
    lost = [Reset(), Reset(acted=True)]
    found = explore(deletion, state, faults=1, claims=(), kinds=lost, names={"look": _LookForModel, "end": _Status})
    # 0: the second request is the one that is lost.
    assert {end.result.unwrap() for end in found.endings} == {0, 200, 404}


class _LookForModel(Struct, frozen=True):
    def __call__(self, answer: Any) -> Operation[int]:
        return Send(HttpRequest("GET", "/models/ft:m"), _Status())


class _Status(Struct, frozen=True):
    def __call__(self, answer: Any) -> Operation[int]:
        met: Answer = answer
        return succeed(0) if is_failure(met) else succeed(met.unwrap().status)


def test_a_program_that_is_over_at_once_has_one_state() -> None:
    found = explore(succeed(1), faults=2)
    assert (found.states, found.steps) == (1, 0)
    assert [end.result for end in found.endings] == [Success(1)]
    assert found.holds


def test_the_recipes_hold_with_two_faults() -> None:
    state = KEPT.having(stored({"id": "resp_b", "previous_response_id": "resp_a"}))
    found: Exploration = explore(retrying(delete_response_chain("resp_b")), state)
    found.check()
    assert found.states > 100
    assert found.faults == 2


def test_a_fault_plan_has_the_faults_that_a_life_has() -> None:
    found = explore(delete_response("resp_a"), KEPT, faults=1, claims=(), kinds=[Reset(acted=True)], dies=False)
    assert found.graph is not None
    assert {edge.mishap for edge in found.graph.edges} == {None, Reset(acted=True)}
