"""Claims of a caller's own: of every step, of every end, of every life."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from msgspec import Struct
from returns.result import Failure, Success

from puresponse.core import (
    Operation,
    delete_response,
    gather,
    retrieve_response,
    retrying,
    sequence,
    succeed,
)
from puresponse.transports import Claim, Moment, Refused, Reset, State, always, eventually, explore, finally_, stored
from puresponse.transports.testing.exploration.claims import Always, Eventually, Finally
from puresponse.transports.testing.lives.findings import Violation

TWO = State().having(stored({"id": "resp_a"})).having(stored({"id": "resp_b"}))
DELETION = delete_response("resp_a")


def broken(program: Any, claim: Claim, *, faults: int = 0, state: State = TWO) -> Violation | None:
    found = explore(program, state, faults=faults, kinds=(Reset(acted=True), Refused(403)), claims=(claim,))
    assert found.limit is None
    return found.violations[0] if found.violations else None


def has_one(life: Moment) -> bool:
    return len(life.state.responses) > 0


def has_a(life: Moment) -> bool:
    return "resp_a" in life.state.responses


def test_what_always_holds_holds_after_every_step() -> None:
    assert broken(gather(DELETION, retrieve_response("resp_b")), always(has_one), faults=1) is None


def test_what_is_always_so_is_checked_after_the_step_that_changes_it() -> None:
    violation = broken(sequence((DELETION, retrieve_response("resp_b"))), always(has_a))
    assert violation is not None
    assert violation.claim == "has a"
    assert violation.why == "has a: it does not hold"
    assert [step.request.method for step in violation.life if step.request is not None] == ["DELETE"]


def test_what_is_always_so_is_checked_before_the_first_request() -> None:
    violation = broken(DELETION, always(lambda life: len(life.state.responses) < 2))
    assert violation is not None
    assert [step.kind for step in violation.life] == ["begin"]


def test_what_is_finally_so_is_checked_at_ends_alone() -> None:
    ends: list[Any] = []

    def noted(life: Moment) -> None:
        ends.append(life.result)

    assert broken(gather(DELETION, retrieve_response("resp_b")), finally_(noted), faults=1) is None
    assert len(ends) > 1
    assert None not in ends


def test_a_sentence_says_why() -> None:
    def succeeds(life: Moment) -> str | None:
        return f"it ended in {life.result}" if isinstance(life.result, Failure) else None

    assert broken(DELETION, finally_(succeeds)) is None
    violation = broken(DELETION, finally_(succeeds), faults=1)
    assert violation is not None
    assert violation.why == f"it ended in {violation.life[-1].result}"
    assert violation.life[-1].mishap is not None


def test_what_is_so_eventually_may_be_so_at_any_time() -> None:
    one_left = eventually(lambda life: len(life.state.responses) == 1)
    assert broken(sequence((DELETION, delete_response("resp_b"))), one_left) is None
    assert broken(DELETION, one_left) is None
    violation = broken(retrieve_response("resp_a"), one_left)
    assert violation is not None
    assert violation.why.endswith(": it never was")


class PollForEver(Struct, frozen=True, tag=True):
    """Asks again and again, whatever is answered."""

    def __call__(self, answer: Any) -> Operation[Any]:
        return retrieve_response("resp_a").then(self)


def test_what_never_is_so_in_a_life_without_end_is_found() -> None:
    violation = broken(PollForEver()(None), eventually(lambda life: not has_a(life), name="resp_a is gone"))
    assert violation is not None
    assert violation.why == "resp_a is gone: it never is, in a life that goes on for ever"
    assert broken(PollForEver()(None), eventually(has_a)) is None


def test_a_claim_may_look_at_what_was_asked_and_emitted_and_at_how_long_it_took() -> None:
    def asks_little(life: Moment) -> bool:
        return len(life.requests) <= 2 and not life.emitted and life.seconds < 60

    assert broken(retrying(DELETION), always(asks_little), faults=1) is None
    violation = broken(retrying(DELETION), always(asks_little), faults=2)
    assert violation is not None
    assert len([step for step in violation.life if step.kind == "send"]) == 3


@pytest.mark.parametrize("made", [always, finally_, eventually])
def test_a_claim_is_called_as_its_function_is_unless_it_has_a_name(made: Callable[..., Claim]) -> None:
    assert made(has_a).name == "has a"
    assert made(has_a, name="the oldest is there").name == "the oldest is there"
    unnamed: list[Callable[[Moment], bool]] = [lambda life: not has_a(life)]
    assert re.fullmatch(r"what is checked in line \d+ of test_claims\.py", made(*unnamed).name)


@pytest.mark.parametrize("made", [always, finally_, eventually])
def test_what_is_no_function_is_refused_by_name(made: Callable[..., Claim]) -> None:
    with pytest.raises(TypeError, match=rf"^{made.__name__}: check must be a function of a life .*, got True$"):
        made(True)


def test_claims_are_values() -> None:
    assert always(has_a) == Always("has a", has_a)
    assert finally_(has_a) == Finally("has a", has_a)
    assert eventually(has_a) == Eventually("has a", has_a)
    assert len({always(has_a), always(has_a), always(has_one)}) == 2
    assert isinstance(always(has_a), Claim)


def test_what_is_so_without_any_request_is_so_at_the_end() -> None:
    def has_succeeded(life: Moment) -> bool:
        return life.result == Success(1)

    for made in (finally_, eventually):
        assert broken(succeed(1), made(has_succeeded)) is None
        assert broken(succeed(2), made(has_succeeded)) is not None
