"""`explore` finds each of the ten seeded bugs with two faults, tells it in a few lines, and nothing where none is.

Law: a bug is found by the promise that its program was written with, as one claim about the ends of its lives; where a
ready-made claim says as much of any program, by that one, too.
"""

from __future__ import annotations

from functools import cache

import pytest
from flawed import Flawed
from flawed_programs import FLAWED_PROGRAMS, NAMES
from flawed_waits import DEADLINE, LAST_POLL
from random_faults import MIXES, Mix, random_life, table

from puresponse import (
    Claim,
    Exploration,
    Moment,
    Unsent,
    ends_in_time,
    explore,
    finally_,
    nothing_unsafe_twice,
)

pytestmark = pytest.mark.unmeasured

MOST_LINES = 12

LOOKS_AT = {
    "a retry that repeats a create": "requests",
    "a wait that believes the first 404": "requests",
    "a resumption that repeats an event": "emitted",
    "a ledger that marks before it acts": "emitted",
    "a retry that forgets an interruption": "requests",
    "a wait that adds up its pauses": "seconds",
}
"""The part of the past by which a promise is judged. The others are judged by the result and the service alone."""

READY_MADE: dict[str, Claim] = {
    "a retry that repeats a create": nothing_unsafe_twice(),
    "a wait that adds up its pauses": ends_in_time(DEADLINE + LAST_POLL),
}
"""Claims that say of any program what these promise of their own. `every_event_once` and `may_have_acted_is_true` claim
more than the programs do that break them: an error that names the response, and what a process left open that died."""

LEAST = {
    "two deletions that leave it to each other": 0,
    "a retry that forgets an interruption": 2,
    "a clean-up that replaces its failures": 2,
    "a wait that adds up its pauses": 2,
}
"""How many faults it takes, where it is not one. It is known from `test_flawed_programs.py`, which tries all lives."""

BUGS = {bug.name: bug for bug in FLAWED_PROGRAMS}

each = pytest.mark.parametrize("bug", FLAWED_PROGRAMS, ids=lambda bug: bug.name.replace(" ", "_"))


def promise(bug: Flawed) -> Claim:
    """The promise of a program, as a claim."""
    looks = LOOKS_AT.get(bug.name)

    def is_kept(moment: Moment) -> str | bool:
        assert moment.result is not None
        asked = moment.requests if looks == "requests" else ()
        return (
            bug.broken(
                moment.result,
                moment.emitted if looks == "emitted" else (),
                tuple([step.request for step in asked if step.request and not isinstance(step.mishap, Unsent)]),
                moment.state,
                moment.seconds if looks == "seconds" else 0.0,
            )
            or True
        )

    return finally_(is_kept, name=bug.claim)


@cache
def explored(name: str, *, correct: bool = False, ready_made: bool = False) -> Exploration:
    """A program with two faults: the one with the bug of that name, or the correct one."""
    bug = BUGS[name]
    claim = READY_MADE[name] if ready_made else promise(bug)
    program = bug.correct if correct else bug.program
    return explore(program, bug.service, script=bug.script, faults=2, claims=[claim], names=NAMES)


@each
def test_two_faults_find_the_bug_and_its_story_is_short(bug: Flawed) -> None:
    found = explored(bug.name)
    (violation,) = found.violations
    lived = sum(step.mishap is not None for step in violation.life)
    assert lived == LEAST.get(bug.name, 1), violation.story
    assert len(violation.story.splitlines()) <= MOST_LINES, violation.story
    assert bug.claim in violation.story
    assert (found.limit, found.opaque) == (None, ())


@each
def test_of_the_correct_program_all_lives_with_two_faults_keep_the_promise(bug: Flawed) -> None:
    found = explored(bug.name, correct=True)
    assert found.holds, str(found)
    assert found.states > 50
    assert found.opaque == ()


@pytest.mark.parametrize("name", READY_MADE, ids=lambda name: name.replace(" ", "_"))
def test_a_ready_made_claim_that_says_as_much_finds_it_as_well(name: str) -> None:
    found, correct = explored(name, ready_made=True), explored(name, correct=True, ready_made=True)
    assert len(found.violations) == 1
    assert len(found.violations[0].story.splitlines()) <= MOST_LINES
    assert correct.holds, str(correct)


def found_by_chance(bug: Flawed, mix: Mix) -> str:
    """How many lives with random faults it takes until the promise is broken, of a thousand."""
    numbers = (number for number in range(1, 1_001) if random_life(bug, mix, 0, number).broken(bug) is not None)
    first = next(numbers, None)
    return "not in 1,000" if first is None else str(first)


def test_all_ten_are_found_where_a_thousand_random_lives_find_some() -> None:
    """The table is printed by `-s`: states and seconds until each is found, and how many lives that takes by chance."""
    columns: dict[str, dict[str, object]] = {"states": {}, "seconds": {}, "faults": {}, "lines of the story": {}}
    for bug in FLAWED_PROGRAMS:
        found = explored(bug.name)
        (violation,) = found.violations
        columns["seconds"][bug.name] = f"{found.seconds:.2f}"
        columns["states"][bug.name] = f"{found.states:,}"
        columns["faults"][bug.name] = sum(step.mishap is not None for step in violation.life)
        columns["lines of the story"][bug.name] = len(violation.story.splitlines())
    for mix in MIXES:
        columns[f"random lives, {mix.title}"] = {bug.name: found_by_chance(bug, mix) for bug in FLAWED_PROGRAMS}
    print(f"\n{table(FLAWED_PROGRAMS, columns)}")
    assert set(columns["states"]) == set(BUGS)
    assert "not in 1,000" in columns["random lives, 2 %"].values()
