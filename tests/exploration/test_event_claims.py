"""What is claimed of the events of a stream."""

from collections.abc import Sequence
from typing import Any

import pytest
from claimed import LOST, STREAMED, why_not
from msgspec import UNSET, Struct

from puresponse.codecs import Kept, Unknown
from puresponse.core import (
    END,
    Emit,
    Error,
    Interrupted,
    Operation,
    break_off,
    collect,
    resume_stream,
    retrying,
    stream_response,
)
from puresponse.transports import (
    Moment,
    Refused,
    Rule,
    every_event_once,
    explore,
    finally_,
)

LAST = 9
"""The number of the last of its events."""


def test_the_librarys_streams_emit_every_event_once() -> None:
    for program in (STREAMED, stream_response(model="gpt-5-mini", input="Hi"), collect(retrying(STREAMED))):
        assert why_not(every_event_once(), program, kinds=(LOST, Refused(400)), dies=True) is None
    assert why_not(every_event_once(), STREAMED, kinds=(LOST,), faults=2, dies=True) is None


class Resumed(Struct, frozen=True, tag=True):
    """Goes on with the events after one, whatever was received; and with no more than so many at a time."""

    after: int | None
    response_id: str | None = None

    def __call__(self, error: Error) -> Any:
        response_id = self.response_id or "resp_000001"  # not to be seen in the program before it is issued
        return resume_stream(response_id, starting_after=self.after)


def broken_off(said: str) -> Any:
    return break_off(Interrupted("reset", said))


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (None, "event 0 was emitted after event 5"),
        (4, "event 5 was emitted after event 5"),
        (5, None),
        (7, "the stream ended well, and event 6 to 7 is missing"),
    ],
)
def test_a_resumption_that_repeats_or_skips_events_is_found(after: int | None, said: str | None) -> None:
    program = STREAMED.take(6).concat(broken_off("lost")).lash(Resumed(after))
    assert why_not(every_event_once(), program, faults=0) == said


def test_a_stream_that_ends_well_before_its_end_is_found() -> None:
    assert why_not(every_event_once(), STREAMED.take(3), faults=0) == (
        "the stream ended well after event 2, which is not the last"
    )


class Anonymous(Struct, frozen=True, tag=True):
    """Forgets of which response an error is."""

    def __call__(self, error: Error) -> Error:
        return Interrupted("reset", "somewhere")


def test_an_error_that_does_not_say_of_which_response_events_are_missing_is_found() -> None:
    plain = stream_response(model="gpt-5-mini", input="Hi")
    why = why_not(every_event_once(), plain.alt(Anonymous()), kinds=())
    assert why is not None
    assert why.startswith("events are missing after event ")
    assert why_not(every_event_once(), plain, kinds=()) is None


class CollectedAfter(Struct, frozen=True, tag=True):
    """Collects the events after one of a response whose events were collected."""

    after: int

    def __call__(self, events: Sequence[Any]) -> Operation[Any]:
        return collect(resume_stream(events[0].response.id, starting_after=self.after))


def test_events_may_be_claimed_from_one_on() -> None:
    resumed = collect(STREAMED).bind(CollectedAfter(3))
    assert why_not(every_event_once(starting_after=3), resumed, kinds=()) is None
    assert why_not(every_event_once(starting_after=2), resumed, faults=0) == (
        "the stream ended well, and event 3 is missing"
    )
    assert why_not(every_event_once(starting_after=4), resumed, faults=0) == "event 4 was emitted after event 4"
    none_left = collect(STREAMED).bind(CollectedAfter(LAST))
    assert why_not(every_event_once(starting_after=LAST), none_left, kinds=()) is None
    assert why_not(every_event_once(), none_left, faults=0) is not None


def test_what_is_no_number_of_an_event_is_refused_by_name() -> None:
    given: list[Any] = [-1, True, "3"]
    for one in given:
        with pytest.raises(TypeError, match=r"^every_event_once: starting_after must be an integer from 0 on, or None"):
            every_event_once(starting_after=one)


def test_streams_of_two_responses_may_follow_each_other_and_one_end_twice_may_not() -> None:
    assert why_not(every_event_once(), STREAMED.concat(STREAMED), faults=0) is None
    ends = STREAMED.filter(lambda event: event.type == "response.completed")
    assert why_not(every_event_once(), STREAMED.concat(ends), faults=0) is not None


def without_two(event: Any) -> bool:
    return event.sequence_number not in {3, 4}


def test_an_error_names_the_events_that_are_missing_in_between() -> None:
    for said, is_enough in (("those with number 3 to 4 are missing", True), ("lost", False)):
        error = Interrupted("reset", said, response_id="resp_a")
        why = why_not(every_event_once(), STREAMED.filter(without_two).take(4).concat(break_off(error)), faults=0)
        assert why == (None if is_enough else f"event 3 to 4 is missing, and the error does not say so: {error}")


def test_an_end_that_was_waited_for_is_in_place_of_the_events_before_it() -> None:
    ends: list[Any] = []

    def noted(life: Moment) -> None:
        ends.extend(life.emitted[-1:])

    refused = (Rule(Refused(400, "Too late."), method="GET"),)
    found = explore(STREAMED, faults=2, kinds=refused, claims=(every_event_once(), finally_(noted)))
    assert not found.violations
    assert UNSET in {event.sequence_number for event in ends}


def test_an_end_without_a_number_is_emitted_once() -> None:
    end = Unknown(Kept({"type": "response.cancelled", "response": {}}))
    assert why_not(every_event_once(), Emit((end,), END), faults=0) is None
    assert why_not(every_event_once(), Emit((end, end), END), faults=0) == "the end of the response was emitted twice"
