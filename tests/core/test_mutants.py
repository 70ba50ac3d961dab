"""The changes that the tests must notice are changes: of text that is there, by test files that are there."""

from __future__ import annotations

import pytest
from hostile_mutants import REMOVALS, Removal
from mutants import MUTANTS, Mutant
from places import ROOT


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_what_a_mutant_changes_stands_in_one_place(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text().count(mutant.old) == 1, f"{mutant.file} was changed: so is the mutant"
    assert mutant.old != mutant.new
    assert (ROOT / "tests" / mutant.tests).is_file()


@pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: removal.name)
def test_what_handles_a_misbehaviour_of_a_server_stands_in_one_place(removal: Removal) -> None:
    assert (ROOT / removal.file).read_text().count(removal.old) == 1, f"{removal.file} was changed: so is the removal"
    assert removal.old != removal.new
