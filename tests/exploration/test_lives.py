"""A life is taken step by step: what reaches the service, what a process loses that dies, and whose turn it is."""

from __future__ import annotations

import flawed_branches
import flawed_deletions
import flawed_retries
import flawed_stream
import flawed_waits
import pytest
from flawed import Flawed, holding, is_not_found
from flawed_programs import FLAWED_PROGRAMS, NAMES
from flawed_retries import REPEATED_CREATE
from flawed_stream import REPEATED_EVENT
from lives import MOST_STEPS, live
from msgspec import Struct
from placed_faults import At, PlacedLuck, Turns, Unsent
from returns.result import Failure

from puresponse import (
    CutStream,
    NotSent,
    Operation,
    State,
    delay,
    delete_response,
    gather,
    gather_all,
    sequence_number,
)

KEYS = ("resp_1", "resp_2", "resp_3")


def made_of(program: Operation[object]) -> Flawed:
    return Flawed("any", program, program, holding(KEYS), "It promises nothing.", never)


def never(*life: object) -> None:
    """It breaks no promise."""


@pytest.mark.parametrize("module", [flawed_branches, flawed_deletions, flawed_retries, flawed_stream, flawed_waits])
def test_each_frame_has_its_name_in_checkpoints(module: object) -> None:
    frames = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Struct) and value.__module__ == vars(module)["__name__"]
    ]
    assert len(frames) > 3
    assert [frame.__name__ for frame in frames if NAMES.get(frame.__name__) is not frame] == []


def test_a_request_that_is_not_sent_does_not_reach_the_service() -> None:
    lived = live(made_of(delete_response("resp_1")), PlacedLuck(At(1, Unsent())))
    assert lived.requests == ()
    assert isinstance(lived.result, Failure)
    assert isinstance(lived.result.failure(), NotSent)


def test_a_process_that_dies_with_a_request_in_flight_sends_it_again() -> None:
    flawed = made_of(delete_response("resp_1"))
    between = live(flawed, PlacedLuck(At(1, "between two steps")))
    in_flight = live(flawed, PlacedLuck(At(1, "in flight")))
    assert (len(between.requests), between.result.unwrap().id) == (1, "resp_1")
    assert (len(in_flight.requests), is_not_found(in_flight.result)) == (2, True)
    assert len(live(REPEATED_CREATE, PlacedLuck(At(1, "in flight")), correct=True).state.responses) == 2


def test_a_process_that_dies_loses_the_body_that_was_open() -> None:
    # The answer to the creation, and the first of its events.
    lived = live(REPEATED_EVENT, PlacedLuck(At(4, "between two steps")), correct=True)
    assert [request.method for request in lived.requests] == ["POST", "GET"]
    assert lived.requests[1].query == (("stream", "true"), ("starting_after", "0"))
    assert [sequence_number(event) for event in lived.emitted] == [*range(13)]


def test_a_stream_that_is_cut_inside_an_event_is_opened_again_after_the_one_before() -> None:
    lived = live(REPEATED_EVENT, PlacedLuck(At(1, CutStream(3, inside=True))), correct=True)
    assert lived.requests[1].query == (("stream", "true"), ("starting_after", "2"))


@pytest.mark.parametrize(
    ("turns", "order"),
    [("in order", (1, 1, 2, 2)), ("in turn", (1, 2, 1, 2)), ("in reverse", (2, 2, 1, 1))],
)
def test_the_branches_of_a_fork_take_turns(turns: Turns, order: tuple[int, ...]) -> None:
    twice = [delete_response(key).lash(Again(key)) for key in ("resp_8", "resp_9")]
    lived = live(made_of(gather_all(*twice)), PlacedLuck(turns=turns))
    assert [request.path[-6:] for request in lived.requests] == [("resp_8", "resp_9")[n - 1] for n in order]


def test_forks_within_forks_are_carried_out() -> None:
    deletions = [delete_response(key) for key in KEYS]
    lived = live(made_of(gather(gather(*deletions[:2]), deletions[2])), PlacedLuck(turns="in reverse"))
    assert [request.path[-1] for request in lived.requests] == ["3", "2", "1"]
    assert not lived.state.responses
    (first, second), third = lived.result.unwrap()
    assert (first.id, second.id, third.id) == KEYS


@pytest.mark.parametrize(("spread", "seconds"), [(0.0, 2.0), (0.5, 3.0), (1.0, 4.0)])
def test_waits_take_the_share_of_their_spread_that_luck_says(spread: float, seconds: float) -> None:
    assert live(made_of(delay(2.0, 2.0)), PlacedLuck(spread=spread)).seconds == seconds


def test_a_life_that_does_not_end_is_an_error() -> None:
    with pytest.raises(AssertionError, match=f"any: a life of more than {MOST_STEPS} steps"):
        live(made_of(Endless()(0.0)), PlacedLuck())


def test_each_life_begins_with_the_service_that_the_program_says() -> None:
    before = [program.service for program in FLAWED_PROGRAMS]
    for program in FLAWED_PROGRAMS:
        live(program, PlacedLuck())
    assert [program.service for program in FLAWED_PROGRAMS] == before
    assert State() in before


class Again(Struct, frozen=True):
    """Asks a second time."""

    key: str

    def __call__(self, error: object) -> Operation[object]:
        return delete_response(self.key)


class Endless(Struct, frozen=True):
    """Waits, again and again."""

    def __call__(self, elapsed: float) -> Operation[float]:
        return delay(1.0).bind(self)
