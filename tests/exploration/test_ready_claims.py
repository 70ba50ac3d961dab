"""Claims of time, and those that hold of any program: what is wrong breaks them, the library does not."""

from collections.abc import Callable
from typing import Any

import pytest
from claimed import (
    CHAIN,
    CREATION,
    DELETION,
    DELETIONS,
    LOST,
    QUICK,
    SLOW,
    STREAMED,
    TOLD,
    UNLOOKED,
    Instead,
    OnceMore,
    Pessimist,
    PollForEver,
    asked,
    why_not,
)
from msgspec import Struct, structs
from returns.result import Success

from puresponse.codecs import Response
from puresponse.core import (
    Error,
    HttpRequest,
    Operation,
    WaitPolicy,
    cancel_and_wait,
    delay,
    retrieve_response,
    retrying,
    succeed,
    wait_for_response,
    within,
)
from puresponse.transports import (
    USUAL_CLAIMS,
    Claim,
    State,
    deleted_is_gone,
    ends_in_time,
    every_event_once,
    every_life_ends,
    explore,
    gone_is_reported,
    may_have_acted_is_true,
    never_twice,
    nothing_unsafe_twice,
    stored,
)
from puresponse.transports.testing.lives.lives import LifeStep


class Poll(Struct, frozen=True, tag=True):
    """Polls every five seconds, four times at most, without a limit for what a poll takes."""

    polls: int = 0

    def __call__(self, response: Response) -> Operation[Response]:
        if response.status == "completed" or self.polls == 4:
            return succeed(response)
        return delay(5.0).bind(Instead(retrieve_response("resp_r"))).bind(Poll(self.polls + 1))


def test_a_wait_that_forgets_how_long_an_answer_may_take_is_found() -> None:
    program = retrieve_response("resp_r").bind(Poll())
    assert why_not(ends_in_time(20.0), program, faults=0) is None
    why = why_not(ends_in_time(20.0), program, kinds=SLOW, faults=2)
    assert why == "it ended after 25 s, and its law says 20 s"


WAITS: dict[str, tuple[Any, float | WaitPolicy]] = {
    "a wait": (wait_for_response("resp_r", QUICK), QUICK),
    "one whose polls are repeated": (retrying(wait_for_response("resp_r", QUICK)), QUICK),
    "one that cancels": (
        retrying(wait_for_response("resp_r", structs.replace(QUICK, at_deadline="cancel", deadline=5.0))),
        structs.replace(QUICK, deadline=5.0),
    ),
    "a cancellation": (retrying(cancel_and_wait("resp_r", QUICK, settle=5.0)), QUICK),
    "a limit": (within(retrying(DELETION), 10.0), 10.0),
    "a limit for what waits": (within(retrying(wait_for_response("resp_r", QUICK)), 6.0), 6.0),
}


@pytest.mark.parametrize(("program", "limit"), WAITS.values(), ids=WAITS)
def test_the_librarys_waits_end_as_their_law_says(program: Any, limit: float | WaitPolicy) -> None:
    assert why_not(ends_in_time(limit), program, kinds=SLOW, dies=True) is None


def test_the_limit_is_met_and_not_only_kept() -> None:
    never = State().having(stored({"id": "resp_r", "status": "in_progress", "background": True}))
    for limit, holds in ((20.0, True), (19.9, False)):
        program = wait_for_response("resp_r", QUICK)
        assert (why_not(ends_in_time(limit), program, faults=0, state=never) is None) is holds
    late = why_not(ends_in_time(22.9), wait_for_response("resp_r", QUICK), kinds=SLOW, state=never)
    assert late == "it ended after 23 s, and its law says 22.9 s"


def test_time_may_count_from_a_request() -> None:
    program = delay(60.0).bind(Instead(CREATION)).bind(Instead(delay(5.0)))
    assert why_not(ends_in_time(5.0), program, faults=0) == "it ended after 65 s, and its law says 5 s"
    assert why_not(ends_in_time(5.0, since=("POST", "/responses")), program, faults=0) is None
    assert why_not(ends_in_time(4.9, since=(None, "/responses")), program, faults=0) is not None
    assert why_not(ends_in_time(0.0, since=("DELETE", "*")), program, faults=0) is None
    twice = program.bind(Instead(CREATION))
    assert why_not(ends_in_time(4.9, since=("POST", "/responses")), twice, faults=0) is not None  # from the first


def test_a_limit_is_a_number_or_a_policy() -> None:
    assert ends_in_time(QUICK).name == "it ends within 23 s"
    assert ends_in_time(5, since=(None, "/responses")).name == "it ends within 5 s of any request /responses"
    given: list[Any] = ["5", -1.0, True, None]
    for one in given:
        with pytest.raises(TypeError, match=r"^ends_in_time: limit must be a number of seconds from 0 on, or a "):
            ends_in_time(one)


class PollUntilShown(Struct, frozen=True, tag=True):
    """Asks again every second, as long as the answer is an error."""

    def __call__(self, error: Error) -> Operation[Any]:
        return delay(1.0).bind(Instead(retrieve_response("resp_x"))).lash(self)


def test_a_program_that_goes_on_for_ever_is_found() -> None:
    said = "every life ends: it never is, in a life that goes on for ever"
    assert why_not(every_life_ends(), PollForEver()(None), faults=0) == said
    assert why_not(every_life_ends(), retrieve_response("resp_x").lash(PollUntilShown()), faults=0) == said
    assert why_not(every_life_ends(), wait_for_response("resp_r", QUICK), kinds=SLOW) is None


WRONG: dict[str, tuple[str, Any]] = {
    "it goes on for ever": ("every life ends", PollForEver()(None)),
    "it repeats a creation": ("nothing unsafe is sent twice", CREATION.lash(OnceMore(CREATION))),
    "it says what is not so": ("what is reported as deleted is gone", succeed(TOLD)),
    "it denies what it did": ("may_have_acted is true of the request that failed", DELETION.alt(Pessimist())),
}


@pytest.mark.parametrize(("claim", "program"), WRONG.values(), ids=WRONG)
def test_the_usual_claims_find_what_is_wrong(claim: str, program: Any) -> None:
    found = explore(program, CHAIN, faults=1, kinds=(LOST,), claims=USUAL_CLAIMS)
    assert claim in {violation.claim for violation in found.violations}


@pytest.mark.parametrize("program", [*DELETIONS.values(), retrying(CREATION), STREAMED, WAITS["a wait"][0]])
def test_the_usual_claims_hold_of_the_library(program: Any) -> None:
    found = explore(program, CHAIN, faults=1, claims=USUAL_CLAIMS)
    found.check()
    assert found.states > 20


READY = (
    *USUAL_CLAIMS,
    never_twice(),
    gone_is_reported(),
    ends_in_time(5.0),
    ends_in_time(5.0, since=("POST", "*")),
    every_event_once(),
)


@pytest.mark.parametrize("claim", READY, ids=lambda claim: claim.name)
def test_a_step_that_does_not_matter_leaves_what_is_remembered(claim: Claim) -> None:
    if claim == every_life_ends():
        return
    memory = claim.begin()
    hash(memory)
    reading = asked(HttpRequest("POST", "/responses"), kind="read", answer=Success(b""))
    waiting = LifeStep(kind="wait", answer=1.0, before=CHAIN, after=CHAIN)
    for step in (reading, waiting):
        assert claim.after(memory, step, UNLOOKED) is memory


def test_a_usual_claim_looks_at_nothing_that_keeps_states_apart() -> None:
    assert explore(retrying(DELETION), CHAIN, faults=1, claims=USUAL_CLAIMS).looked_at == ()
    assert all(claim.is_local for claim in USUAL_CLAIMS)
    assert not ends_in_time(5.0).is_local


def test_claims_are_values() -> None:
    makers: tuple[Callable[[], Claim], ...] = (
        every_life_ends,
        nothing_unsafe_twice,
        never_twice,
        deleted_is_gone,
        gone_is_reported,
        may_have_acted_is_true,
        every_event_once,
    )
    for make in makers:
        assert make() == make()
        assert isinstance(make(), Claim)
    assert len({make() for make in makers}) == len(makers)
