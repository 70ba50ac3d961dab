"""What a search through all lives of a program costs: steps a second on one core, and bytes for a state."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import pytest
from figures import note_figure

from puresponse import (
    Exploration,
    State,
    delete_response,
    delete_response_chain,
    erase_response,
    explore,
    gone_is_reported,
    nothing_unsafe_twice,
    retrying,
    stored,
)

pytestmark = pytest.mark.benchmark

STEPS = 30_000
"""Steps a second of CPU, on one core."""
BYTES = 6_000
ROUNDS = 10

KEPT = (
    State()
    .having(stored({"id": "resp_1"}))
    .having(stored({"id": "resp_2", "previous_response_id": "resp_1"}))
    .having(stored({"id": "resp_3", "previous_response_id": "resp_2"}))
)
PROGRAMS: dict[str, Any] = {
    "a deletion": retrying(delete_response("resp_1")),
    "an erasure": retrying(erase_response("resp_1")),
    "a chain": retrying(delete_response_chain("resp_3")),
}


def _measured(program: Any) -> tuple[Exploration, float]:
    """A search, and how many steps a second it took."""
    started = time.process_time()
    found = explore(program, KEPT, faults=3, claims=[nothing_unsafe_twice()])
    rate = found.steps / (time.process_time() - started)
    assert found.holds
    return found, rate


@pytest.mark.parametrize("name", PROGRAMS)
def test_thirty_thousand_steps_take_a_second(name: str) -> None:
    rounds = [_measured(PROGRAMS[name]) for _ in range(ROUNDS)]
    found, best = rounds[0][0], max(rate for _, rate in rounds)
    print(
        f"{name}, three faults: {found.states:,} states, {found.steps:,} steps, {best:,.0f} a second (least {STEPS:,})"
    )
    note_figure("exploration", f"{name}, three faults: {found.steps:,} steps", best)
    note_figure("exploration", "bound", STEPS)
    assert best >= STEPS


def test_a_state_takes_a_few_kilobytes() -> None:
    explore(PROGRAMS["a chain"], KEPT, faults=1, claims=[gone_is_reported()])
    tracemalloc.start()
    found = explore(PROGRAMS["a chain"], KEPT, faults=3, claims=())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    each = peak / found.states
    print(f"a chain, three faults: {found.states:,} states, {each:,.0f} bytes each (at most {BYTES:,})")
    assert each < BYTES
