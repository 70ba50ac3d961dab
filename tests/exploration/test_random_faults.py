"""The seeded bugs under ordinary tests with random faults: how many lives it takes until each is found, if it is."""

from __future__ import annotations

import pytest
from flawed import Flawed
from flawed_programs import ASKED_FOR, FLAWED_PROGRAMS
from random_faults import MIXES, Column, Found, Mix, columns_by_chance, random_life, search_by_chance, table

BY_TITLE = {mix.title: mix for mix in MIXES}

pytestmark = pytest.mark.unmeasured

each = pytest.mark.parametrize("bug", FLAWED_PROGRAMS, ids=lambda bug: bug.name.replace(" ", "_"))
each_mix = pytest.mark.parametrize("mix", MIXES, ids=lambda mix: mix.title.replace(" ", ""))


@each
def test_fifty_lives_do_not_break_the_promise_of_a_correct_program(bug: Flawed) -> None:
    found = search_by_chance(bug, BY_TITLE["10 %"], 50, correct=True)
    assert found == Found(lives=50, broken=0), found.words


def test_an_easy_bug_is_found_in_fifty_lives() -> None:
    ledger = next(bug for bug in ASKED_FOR if bug.name == "a ledger that marks before it acts")
    found = search_by_chance(ledger, BY_TITLE["10 %"], 50)
    assert found.first is not None
    assert found.words == random_life(ledger, BY_TITLE["10 %"], 0, found.first).broken(ledger)


def test_a_life_is_the_same_again_and_another_one_under_another_number_or_seed() -> None:
    bug, mix = ASKED_FOR[1], BY_TITLE["30 %"]
    lives = [random_life(bug, mix, 0, number) for number in range(1, 21)]
    assert [random_life(bug, mix, 0, number) for number in range(1, 21)] == lives
    assert [random_life(bug, mix, 1, number) for number in range(1, 21)] != lives
    assert len({(lived.emitted, lived.seconds) for lived in lives}) > 5


@each_mix
def test_something_goes_wrong_as_often_as_the_mix_says(mix: Mix) -> None:
    """Of one request in so many lives: it is not sent, the process dies in flight, or the service meets a fault."""
    bug = ASKED_FOR[0]
    lives = [random_life(bug, mix, 0, number, correct=True) for number in range(1, 401)]
    unlucky = sum(len(lived.requests) != 1 or lived.steps != 2 or not is_well(lived.result) for lived in lives) / 400
    # What changes nothing here is not seen: a cut of a stream, a response that is late, an answer that is slow.
    assert 0.2 * mix.chance / (4 if mix.swarms else 1) < unlucky < mix.chance


def is_well(result: object) -> bool:
    return type(result).__name__ == "Success"


def test_the_table_has_a_row_for_each_bug_and_a_column_for_each_search() -> None:
    columns: dict[str, Column] = {
        "by chance": {ASKED_FOR[0].name: Found(1_000, 12, 73)},
        "explored": {ASKED_FOR[0].name: "found, 31 states"},
    }
    assert table(ASKED_FOR[:2], columns).splitlines() == [
        "| seeded bug                    | by chance             | explored         |",
        "|-------------------------------|-----------------------|------------------|",
        "| a retry that repeats a create | 12 of 1,000, first 73 | found, 31 states |",
        "| a chain deleted newest first  | -                     | -                |",
    ]
    assert str(Found(1_000, 0)) == "not found"


@pytest.mark.deep
def test_a_thousand_lives_of_each_bug_in_each_mix() -> None:
    columns = columns_by_chance(FLAWED_PROGRAMS, 1_000)
    print(f"\n{table(FLAWED_PROGRAMS, columns)}")
    easy = {bug.name for bug in ASKED_FOR}
    for mix in MIXES[1:]:  # with the rarest faults, a thousand lives find some of these and not others
        found = columns[mix.title]
        assert easy <= {name for name, one in found.items() if one.first is not None}


@pytest.mark.deep
@each_mix
def test_a_thousand_lives_do_not_break_the_promise_of_a_correct_program(mix: Mix) -> None:
    for bug in FLAWED_PROGRAMS:
        found = search_by_chance(bug, mix, 1_000, correct=True)
        assert found == Found(lives=1_000, broken=0), f"{bug.name}: {found.words}"
