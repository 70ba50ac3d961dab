"""The numbers of events: each event once and in order, or an error that says what is wrong with them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from event_service import (
    EVEN,
    LIFE,
    RESET,
    Chunks,
    Service,
    about,
    created,
    data_of,
    delta,
    error_in,
    life,
    refusal,
    response,
    resumed,
    sent,
    typed,
    wire,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from returns.result import Success

from puresponse.codecs import Kept, Unknown, decode_stream_event
from puresponse.core import DecodeError, HttpResponse, RetryPolicy, collect, sequence_number
from puresponse.core.programs.event_position import MOST_GAPS, Following, follow
from puresponse.transports import json_response, run

OUTPUT: list[dict[str, object]] = [
    {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": []}
]


def creation(number: int | None, background: bool = True) -> bytes:
    return data_of("response.created", number, response=response(background=background))


def end(number: int | None, *, tells: bool = True) -> bytes:
    return data_of("response.completed", number, response=response("completed", output=OUTPUT if tells else []))


def unknown(number: int | None) -> bytes:
    return data_of("new", number)


def foreground(*numbers: int | None, tells: bool = True) -> list[bytes]:
    """A stream that is not in the background: its creation, text that differs, and its end."""
    first, *others, last = numbers
    return [
        creation(first, background=False),
        *(delta(number, f"{index} ") for index, number in enumerate(others)),
        end(last, tells=tells),
    ]


def replayed(after: int | None, failures: int) -> Following:
    return Following(
        resumption=EVEN,
        fallback=None,
        response_id="resp_1",
        background=True,
        after=after,
        floor=after,
        replayed=True,
        failures=failures,
    )


# --- whatever comes ------------------------------------------------------------------------------

numbers = st.one_of(st.none(), st.integers(0, 6))
any_events = st.lists(
    st.one_of(
        st.builds(delta, numbers),
        st.builds(unknown, numbers),
        st.builds(creation, numbers, st.booleans()),
        st.builds(end, numbers, tells=st.booleans()),
        st.sampled_from([LIFE[-1], data_of("response.cancelled", None)]),
    ),
    max_size=8,
)
beginnings = st.one_of(
    st.just(Following(resumption=EVEN, fallback=None)), st.builds(replayed, numbers, st.integers(0, 2))
)


@settings(deadline=None)
@given(any_events, st.lists(st.integers(1, 3), max_size=8), beginnings, st.booleans())
@example([unknown(0), unknown(1), unknown(2), unknown(3)], [1, 2], Following(resumption=EVEN, fallback=None), True)
@example([delta(None), delta(1)], [1], replayed(0, 0), False)
@example([creation(0), delta(1), delta(2), delta(4)], [1, 1], Following(resumption=EVEN, fallback=None), True)
def test_how_many_events_come_at_once_makes_no_difference(
    events: list[bytes], sizes: list[int], beginning: Following, asks: bool
) -> None:
    together = follow(beginning, tuple(typed(events)), asks=asks)
    apart, gathered, rest = beginning, list[Any](), typed(events)
    stop = None
    while rest and stop is None:
        size = sizes.pop() if sizes else len(rest)
        apart, fresh, stop = follow(apart, tuple(rest[:size]), asks=asks)
        gathered += fresh
        rest = rest[size:]
    assert (apart, tuple(gathered), stop) == together


@settings(deadline=None)
@given(st.lists(numbers, min_size=2, max_size=9), st.booleans(), st.booleans(), st.data())
def test_where_the_bytes_are_cut_makes_no_difference(
    numbers: list[int | None], background: bool, tells: bool, data: st.DataObject
) -> None:
    """Not even where a gap is asked for."""
    events = foreground(*numbers, tells=tells)
    if background:
        events[0] = creation(numbers[0])
    body = wire(events)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=9)))
    chunks = tuple(body[start:stop] for start, stop in pairwise([0, *cuts, len(body)]) if start < stop)
    whole = Service((body,), (wire(events[1:]),), polls=[json_response(response("completed"))])
    apart = Service(chunks, (wire(events[1:]),), polls=[json_response(response("completed"))])
    stream = created(background=background)
    assert apart.given(stream) == whole.given(stream)
    assert apart.queries == whole.queries


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 8), max_size=3), min_size=8, max_size=8), st.integers(-9, 9))
def test_repeats_are_left_out_wherever_they_stand(repeats: list[list[int]], first: int) -> None:
    for background in (True, False):
        events = [
            creation(first, background),
            *(delta(first + index, f"{index} ") for index in range(1, 8)),
            end(first + 8),
        ]
        come: list[bytes] = []
        for index, again in enumerate(repeats):
            come.append(events[index])
            come += (events[earlier] for earlier in again if earlier <= index)
        service = Service((wire([*come, events[-1]]),))
        assert service.given(created(background=background)) == typed(events)
        assert len(service.opened) == 1


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a", "b"]), max_size=6), st.integers(-3, 3), st.booleans(), st.booleans())
def test_a_stream_whose_numbers_never_grow_loses_nothing(
    texts: list[str], number: int, begins: bool, ends: bool
) -> None:
    """Also where like events follow one another."""
    events = [creation(number, background=False)] * begins + [delta(number, text) for text in texts]
    if ends:
        assert Service((wire([*events, end(number)]),)).given(created()) == typed([*events, end(number)])
    broken = Service((*map(sent, events), RESET)).given(created(background=False))
    assert broken[:-1] == typed(events)
    assert error_in(broken).reason == RESET.reason


# --- what the numbers may be ---------------------------------------------------------------------


@pytest.mark.parametrize("first", [-1, 0, 1, 5, 2**70])
def test_the_first_number_is_any(first: int) -> None:
    events = [creation(first), delta(first + 1), end(first + 2)]
    assert Service((wire(events),)).given(created()) == typed(events)
    service = Service((wire(events[:2]), RESET), (wire(events[1:]),))
    assert service.given(created()) == typed(events)
    assert service.queries[1]["starting_after"] == str(first + 1)


@pytest.mark.parametrize("number", [b"true", b"1.5", b'"1"', b"null"])
def test_what_is_no_integer_is_no_number(number: bytes) -> None:
    event = decode_stream_event(b'{"type":"keepalive","sequence_number":%s}' % number).unwrap()
    assert isinstance(event, Unknown)
    assert sequence_number(event) is None


def test_an_event_without_a_number_is_given_where_it_stands() -> None:
    events = [data_of("keepalive", None), creation(0), unknown(None), delta(1), unknown(None), unknown(None), end(2)]
    for body in ((wire(events),), tuple(map(sent, events))):
        assert Service(body).given(created()) == typed(events)


def test_a_repeat_is_one_also_in_a_replay_that_began_without_a_number() -> None:
    alive = data_of("keepalive", None)
    for body in (
        (wire([alive, LIFE[1], LIFE[2], LIFE[1], *LIFE[3:]]),),
        (sent(alive), *map(sent, [*LIFE[1:2] * 2, *LIFE[2:]])),
    ):
        assert Service(body).given(resumed(starting_after=0)) == typed([alive, *LIFE[1:]])


def test_a_stream_whose_numbers_do_not_grow_cannot_be_resumed() -> None:
    events = [creation(0), delta(0, "a"), delta(0, "b")]
    service = Service((wire(events), RESET))
    assert service.given(created()) == [*typed(events), about(RESET)]
    assert len(service.opened) == 1


def test_numbers_that_grow_later_count_from_there() -> None:
    events = [creation(0), delta(0, "a"), delta(0, "b"), delta(1, "c"), delta(2, "d"), end(3)]
    service = Service((wire([*events[:4], events[3]]), RESET), (wire(events[3:]),))
    assert service.given(created()) == typed(events)
    assert service.queries[1]["starting_after"] == "1"


def test_a_repeat_that_is_held_back_is_given_where_the_stream_breaks_off() -> None:
    """Nothing shows that it was one."""
    events = [creation(0, background=False)] * 3
    service = Service((wire(events), RESET))
    assert service.given(created(background=False)) == [*typed(events), about(RESET)]
    ended = Service((wire([*events, end(None)]),))
    assert ended.given(created(background=False)) == typed([*events, end(None)])


@pytest.mark.parametrize(
    ("numbers", "given", "got"),
    [
        ((11, 10, 9, 8), 1, "above 11, or one received before; got 10"),
        ((0, 1, 3, 2, 4), 3, "above 3, or one received before; got 2"),
        ((5, 6, 4, 7), 2, "above 6, or one received before; got 4"),
        ((5, 5, 4, 6), 2, "above 5, or one received before; got 4"),
    ],
)
def test_a_reversal_without_a_repeat_is_an_error(numbers: tuple[int, ...], given: int, got: str) -> None:
    events = foreground(*numbers)
    values = Service((wire(events),)).given(created(background=False))
    assert values[:-1] == typed(events[:given])
    error = error_in(values)
    assert isinstance(error, DecodeError)
    assert error.reason == f"expected a number {got}: the events are out of order"
    assert (error.path, error.status, error.request_id) == ("$.sequence_number", 200, "req_1")
    assert (error.response_id, error.retryable) == ("resp_1", False)


# --- the end -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 2, None])
def test_the_end_is_given_whatever_its_number(number: int | None) -> None:
    events = [creation(0), delta(1), delta(2), end(number)]
    assert Service((wire(events),)).given(created()) == typed(events)
    service = Service((wire(events[:3]), RESET), (wire(events),))
    assert service.given(created()) == typed(events)


@pytest.mark.parametrize("status", ["completed", "failed", "incomplete", "cancelled"])
def test_an_end_that_is_read_alone_is_the_end(status: str) -> None:
    events = [*LIFE[:4], data_of(f"response.{status}", 4, response=response(status))]
    assert Service((*map(sent, events), RESET)).given(created()) == typed(events)


def test_a_creation_without_a_number_tells_that_it_is_in_the_background_all_the_same() -> None:
    events = [creation(None), delta(1, "a"), delta(2, "b"), end(3)]
    service = Service((wire(events[:2]), RESET), (wire(events[2:]),))
    assert service.given(created()) == typed(events)
    assert service.queries[1]["starting_after"] == "1"


def test_an_end_that_goes_backwards_is_given_before_the_error() -> None:
    events = foreground(5, 6, 4)
    given = Service((wire(events),)).given(created(background=False))
    assert given[:-1] == typed(events)
    assert "out of order" in str(error_in(given))


def test_the_end_after_which_the_caller_asked_is_not_given_again() -> None:
    """By a service that replays from the first event whatever it is asked."""
    service = Service((wire(LIFE),))
    assert service.given(resumed(starting_after=8)) == []
    assert Service((wire(LIFE),)).given(resumed(starting_after=7)) == typed(LIFE[-1:])
    assert (len(service.opened), service.polled) == (1, [])


@pytest.mark.parametrize("more", [LIFE[3], LIFE[-1], b"<html>", b'{"type":"error","message":"no"}', b"[DONE]"])
def test_what_comes_after_the_end_in_the_same_read_is_left_out(more: bytes) -> None:
    assert Service((wire([*LIFE, more]),)).given(created()) == typed(LIFE)


TOLD = json_response(response("completed"))


# --- gaps ----------------------------------------------------------------------------------------


def test_what_comes_after_a_gap_comes_by_the_replay() -> None:
    events = [creation(0), *(delta(number, f"{number} ") for number in range(1, 8)), end(8)]
    service = Service((wire([*events[:3], *events[5:]]),), (wire(events[3:]),))
    assert service.given(created()) == typed(events)
    assert service.queries == [{}, {"stream": "true", "starting_after": "2"}]
    assert service.clock.slept == [0.5]


def test_a_gap_that_was_filled_is_forgotten_and_the_next_is_asked_for() -> None:
    events = [creation(0), *(delta(number, f"{number} ") for number in range(1, 8)), end(8, tells=False)]
    without = [data for number, data in enumerate(events) if number not in (3, 6)]
    service = Service((wire(without),), (wire([*events[3:6], *events[7:]]),), (wire(events[6:]),))
    assert service.given(created()) == typed(events)
    assert [query.get("starting_after") for query in service.queries] == [None, "2", "5"]


def test_after_a_gap_that_stays_no_other_is_asked_for() -> None:
    """A replay need not hold signs of life: there may be many."""
    events = [creation(0), *(delta(number, f"{number} ") for number in range(1, 40, 2)), end(41)]
    service = Service((wire(events),), (wire(events[1:]),))
    assert service.given(created()) == typed(events)
    assert [query.get("starting_after") for query in service.queries] == [None, "1"]


def test_a_gap_of_a_first_replay_is_asked_for_once_too() -> None:
    events = [delta(8), end(9)]
    service = Service((wire(events),))
    assert service.given(resumed(starting_after=5)) == typed(events)
    assert [query["starting_after"] for query in service.queries] == ["5", "5"]


def test_a_gap_is_asked_for_again_where_the_replay_for_it_breaks_off() -> None:
    events = [creation(0), *(delta(number, f"{number} ") for number in range(1, 8)), end(8)]
    service = Service((wire([*events[:3], *events[5:]]),), (wire(events[3:4]), RESET), (wire(events[4:]),))
    assert service.given(created()) == typed(events)
    assert [query.get("starting_after") for query in service.queries] == [None, "2", "3"]


def test_where_the_gap_cannot_be_asked_for_the_response_is_waited_for() -> None:
    events = [creation(0), delta(1), delta(3), end(4)]
    service = Service((wire(events),), refusal(400), polls=[json_response(response("completed"))])
    assert [event.type for event in service.given(created())[2:]] == ["response.completed"]


@pytest.mark.parametrize("polls", [[json_response(response("completed"))], [json_response(response()), TOLD]])
def test_what_was_held_back_comes_before_the_end_of_a_response_that_was_looked_at(polls: list[Any]) -> None:
    events = [creation(0)] * 3
    given = Service((wire(events), RESET), RESET, polls=polls).given(created())
    assert given[:3] == typed(events)
    assert [event.type for event in given[3:]] == ["response.completed"]


def test_no_gap_is_asked_for_where_no_retry_is_wanted() -> None:
    events = [creation(0), delta(1), delta(3), end(4)]
    service = Service((wire(events),))
    assert service.given(created(resumption=RetryPolicy(max_retries=0))) == typed(events)
    assert len(service.opened) == 1


def test_no_more_gaps_are_remembered_than_can_be_told() -> None:
    events = foreground(*range(0, 4 * MOST_GAPS, 2), tells=False)
    error = error_in(Service((wire(events),)).given(created(background=False)))
    assert error.reason.count(",") == MOST_GAPS
    assert " 1, 3, 5, " in error.reason


def test_a_gap_in_front_of_the_first_number_is_none() -> None:
    events = foreground(7, 8, 9, tells=False)
    assert Service((wire(events),)).given(created(background=False)) == typed(events)


@pytest.mark.parametrize("status", ["completed", "failed", "incomplete", "cancelled"])
def test_every_end_that_tells_no_output_is_judged(status: str) -> None:
    for output, told in ((OUTPUT[:0], True), (OUTPUT, False)):
        ended = data_of(f"response.{status}", 4, response=response(status, output=output))
        given = Service((wire([creation(0, background=False), delta(1), delta(3), ended]),)).given(created())
        assert [event.type for event in given[:4]][-1] == f"response.{status}"
        assert ("number 2 are missing" in str(given[-1])) is told


# --- what is known of the response ---------------------------------------------------------------


def test_an_event_known_by_its_type_alone_tells_which_response_it_is() -> None:
    following = Following(resumption=EVEN, fallback=None)
    for told in ({"id": "resp_1", "background": True}, {"id": 1, "background": False}, None):
        event = Unknown(raw=Kept({"type": "response.created", "sequence_number": 0, "response": told}))
        learned, given, stop = follow(following, (event,))
        assert (given, stop) == ((event,), None)
        known = told is not None and told["id"] == "resp_1"
        assert (learned.response_id, learned.background) == (("resp_1", True) if known else (None, False))


def test_the_end_tells_which_response_it_is() -> None:
    events: Chunks = (wire([creation(None, background=False)]), RESET)
    assert Service(events).given(created())[-1] == about(RESET)
    learned, _, stop = follow(Following(resumption=EVEN, fallback=None), tuple(typed([end(3)])))
    assert (learned.response_id, stop) == ("resp_1", "ended")


@settings(deadline=None)
@given(st.lists(numbers, min_size=2, max_size=9), st.booleans(), st.booleans())
def test_what_is_collected_of_the_numbers_is_what_is_iterated(
    numbers: list[int | None], background: bool, tells: bool
) -> None:
    events = foreground(*numbers, tells=tells)
    if background:
        events[0] = creation(numbers[0])
    stream = created(background=background)
    iterated = Service((wire(events),)).given(stream)
    service = Service((wire(events),))
    collected = run(
        collect(stream), lambda _: Success(HttpResponse(status=200, body=wire(events))), clock=service.clock
    )
    if isinstance(collected, Success):
        assert list(collected.unwrap()) == iterated
    else:
        assert type(collected.failure()) is type(error_in(iterated))
        assert str(collected.failure()).partition(" (HTTP")[0] == str(error_in(iterated)).partition(" (HTTP")[0]


def test_life_is_numbered_as_services_number_it() -> None:
    assert [sequence_number(event) for event in typed(life())] == [*range(9)]
