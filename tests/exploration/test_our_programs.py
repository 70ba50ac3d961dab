"""The library's own programs, explored: what their docstrings promise holds in all lives with so many faults."""

from __future__ import annotations

import pytest
from explored import Explored
from explored_programs import PROGRAMS, program_of

from puresponse.transports.testing.lives.findings import Exploration

# Searches go through the same lines again and again, which the tests of the search cover.
pytestmark = pytest.mark.unmeasured

_DEEP = 3
_LONGEST = 300.0
"""Seconds that a search with three faults may take."""


def _check(explored: Explored, found: Exploration) -> None:
    """All is searched, and no claims fail but those that are said not to hold."""
    unexpected = [one.story for one in found.violations if one.claim not in explored.refuted]
    assert not unexpected, "\n\n".join(unexpected)
    assert {one.claim for one in found.violations} == {*explored.refuted}
    assert (found.limit, found.opaque) == (None, ())


@pytest.mark.parametrize("explored", PROGRAMS, ids=[explored.name for explored in PROGRAMS])
def test_what_is_promised_holds_in_every_life(explored: Explored) -> None:
    _check(explored, explored.explored(explored.faults))


@pytest.mark.deep
@pytest.mark.parametrize("explored", PROGRAMS, ids=[explored.name for explored in PROGRAMS])
def test_what_is_promised_holds_with_three_faults(explored: Explored) -> None:
    found = explored.explored(_DEEP, most_states=5_000_000)
    _check(explored, found)
    assert found.seconds < _LONGEST


def test_the_names_of_programs_are_their_own() -> None:
    names = [explored.name for explored in PROGRAMS]
    assert len(set(names)) == len(names)


def test_a_repeated_creation_is_found_and_told() -> None:
    """What `repeat_unsafe` does is what its documentation says: what was asked for once may be done twice."""
    found = program_of("create, unsafely retried").explored(1)
    stories = {one.claim: one.story for one in found.violations}
    assert stories["no more than 1 made"].count("POST /responses") >= 2
    with pytest.raises(AssertionError, match="POST /responses"):
        found.check()
