"""The seeded bugs are bugs, and their correct twins are correct: in all lives with as many faults as it takes."""

from __future__ import annotations

import pytest
from flawed import Flawed
from flawed_programs import ASKED_FOR, FLAWED_PROGRAMS, PLANTED
from flawed_waits import DEADLINE, LAST_POLL
from lives import live
from placed_faults import At, PlacedLuck, Turns, Unsent, all_lives

from puresponse import Delay, Refused, Reset, ServerError, is_failure

pytestmark = pytest.mark.unmeasured

each = pytest.mark.parametrize("bug", FLAWED_PROGRAMS, ids=lambda bug: bug.name.replace(" ", "_"))

LEAST = {bug.name: 1 for bug in ASKED_FOR} | dict(zip([bug.name for bug in PLANTED], (2, 0, 2, 2), strict=True))
"""How many faults it takes at least. In one, it is the branches of a fork that meet."""

BY_TWO: dict[str, tuple[At, At]] = {
    "a retry that forgets an interruption": (At(1, Reset(acted=True)), At(2, Refused(409))),
    "a clean-up that replaces its failures": (At(2, Unsent()), At(4, ServerError(503))),
    "a wait that adds up its pauses": (At(1, Delay(30.0)), At(3, Delay(LAST_POLL))),
}


def test_there_are_ten_of_ten_names() -> None:
    assert len({bug.name for bug in FLAWED_PROGRAMS}) == len(FLAWED_PROGRAMS) == 10


@each
def test_a_program_with_a_bug_keeps_its_promise_where_nothing_goes_wrong(bug: Flawed) -> None:
    lived, correct = live(bug, PlacedLuck()), live(bug, PlacedLuck(), correct=True)
    assert (lived.broken(bug), correct.broken(bug)) == (None, None)
    assert {*map(str, lived.emitted)} == {*map(str, correct.emitted)}
    assert bug.program != bug.correct


@each
def test_a_program_is_saved_and_loaded_before_each_of_its_steps(bug: Flawed) -> None:
    undied = live(bug, PlacedLuck(), correct=True)
    for step in range(1, undied.steps):
        death = At(step, "between two steps")
        live(bug, PlacedLuck(death))  # which compares what it loads with what it saved
        lived = live(bug, PlacedLuck(death), correct=True)
        # Of a stream whose first event was not received yet, nobody knows which one it is.
        assert lived.emitted == undied.emitted or (is_failure(lived.result) and not lived.emitted)
        assert [*lived.state.responses] == [*undied.state.responses]


@each
def test_one_fault_breaks_the_promises_that_one_can_break_and_none_of_the_correct(bug: Flawed) -> None:
    shown, correct = all_lives(bug, 1), all_lives(bug, 1, correct=True)
    assert (shown.placed is not None) is (LEAST[bug.name] < 2)
    assert correct.words is None
    assert correct.lives > 40


@pytest.mark.parametrize(("name", "placed"), BY_TWO.items(), ids=[name.replace(" ", "_") for name in BY_TWO])
def test_two_faults_break_the_others(name: str, placed: tuple[At, At]) -> None:
    bug = next(bug for bug in FLAWED_PROGRAMS if bug.name == name)
    assert live(bug, PlacedLuck(*placed)).broken(bug) is not None
    assert live(bug, PlacedLuck(*placed), correct=True).broken(bug) is None
    for one in placed:
        assert live(bug, PlacedLuck(one)).broken(bug) is None


@pytest.mark.parametrize(("turns", "is_broken"), [("in order", False), ("in turn", True), ("in reverse", False)])
def test_two_deletions_leave_it_to_each_other_where_both_ask_before_either_deletes(
    turns: Turns, is_broken: bool
) -> None:
    bug = next(bug for bug in PLANTED if bug.name == "two deletions that leave it to each other")
    assert (live(bug, PlacedLuck(turns=turns)).broken(bug) is not None) is is_broken
    assert live(bug, PlacedLuck(turns=turns), correct=True).broken(bug) is None


def test_a_wait_that_adds_up_ends_as_much_later_as_its_polls_are_slow() -> None:
    bug = next(bug for bug in PLANTED if bug.name == "a wait that adds up its pauses")
    slow = PlacedLuck(*[At(number, Delay(30.0)) for number in range(1, 5)])
    assert live(bug, slow).seconds == DEADLINE + 4 * LAST_POLL
    assert live(bug, slow, correct=True).seconds <= DEADLINE + LAST_POLL


@pytest.mark.deep
@each
def test_in_all_lives_with_two_faults_the_correct_program_keeps_its_promise(bug: Flawed) -> None:
    """About 200,000 lives of all of them, a minute."""
    shown, correct = all_lives(bug, 2), all_lives(bug, 2, correct=True)
    assert shown.placed is not None
    assert len(shown.placed) == LEAST[bug.name]
    assert correct.words is None
    assert correct.lives > 300
