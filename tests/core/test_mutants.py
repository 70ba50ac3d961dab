"""The changes that the tests must notice are changes: of text that is there, by test files that are there."""

from __future__ import annotations

import pytest
from mutants import MUTANTS, Mutant
from places import ROOT


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_what_a_mutant_changes_stands_in_one_place(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text().count(mutant.old) == 1, f"{mutant.file} was changed: so is the mutant"
    assert mutant.old != mutant.new
    assert (ROOT / "tests" / mutant.tests).is_file()
