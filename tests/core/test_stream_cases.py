"""What other people's servers sent: each case of a collection, and what is made of it.

`stream_cases.json` is copied from the collection. Its bytes are made up after what was seen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from event_service import (
    EVEN,
    LIFE,
    RESET,
    TRUNCATED,
    Service,
    about,
    created,
    data_of,
    delta,
    error_in,
    response,
    resumed,
    sent,
    typed,
    wire,
)
from msgspec import json
from returns.result import Failure, Success

from puresponse.codecs import (
    OutputItemAddedEvent,
    ResponseCompletedEvent,
    ResponseCreatedEvent,
    Unknown,
    WebSearchCall,
    encode,
    output_text,
    to_plain,
)
from puresponse.core import (
    ApiError,
    DecodeError,
    HttpResponse,
    Interrupted,
    collect,
    response_so_far,
    stream_response,
)
from puresponse.core.errors import about_response
from puresponse.transports import VirtualClock, json_response, run
from puresponse.transports.testing.stub import StubTransport

CASES: dict[str, dict[str, Any]] = {
    case["name"]: case for case in json.decode(Path(__file__).with_name("stream_cases.json").read_bytes())
}


def events_of(name: str) -> list[bytes]:
    """The data of a case's events."""
    return [json.encode(event) for event in CASES[name]["events"]]


def foreground(events: list[bytes]) -> list[bytes]:
    """The same of a response that does not run in the background."""
    return [data.replace(b'"background":true', b'"background":false') for data in events]


def answer_of(name: str) -> HttpResponse:
    case = CASES[name]
    body = case["body"] if isinstance(case["body"], str) else json.encode(case["body"]).decode()
    return HttpResponse(status=case["status"], headers=(("Content-Type", case["content_type"]),), body=body.encode())


def numbered(numbers: list[int], *, background: bool = True, tells: bool = True) -> list[bytes]:
    """Events with these numbers: the creation, text, and the end, which may tell no output. Like numbers, like events.

    The end has the last number.
    """
    item: dict[str, object] = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed"}
    output: list[dict[str, object]] = [{**item, "content": []}] if tells else []
    first, last = numbers[0], numbers[-1]
    events: list[bytes] = []
    for number in numbers:
        if number == first:
            events.append(data_of("response.created", number, response=response(background=background)))
        elif number == last:
            ended = response("completed", background=background, output=output)
            events.append(data_of("response.completed", number, response=ended))
        else:
            events.append(delta(number, f"{number} "))
    return events


def test_every_case_has_a_test() -> None:
    assert len(CASES) == 16
    source = Path(__file__).read_text()
    assert [name for name in CASES if f'"{name}"' not in source] == []


def test_a_web_search_that_begins_without_its_action_is_an_event_like_any_other() -> None:
    events = events_of("web search begins without an action")
    service = Service((wire(events),))
    given = service.given(created())
    assert given == typed(events)
    assert [type(event) for event in given] == [ResponseCreatedEvent, OutputItemAddedEvent, ResponseCompletedEvent]
    assert given[1].item == WebSearchCall(id="ws_1", status="in_progress")
    so_far = response_so_far(given[:2])
    assert so_far is not None
    assert so_far.output == (given[1].item,)
    assert [json.decode(encode(event)) for event in given] == CASES["web search begins without an action"]["events"]


def test_events_of_few_words_are_received_and_can_be_read() -> None:
    """They are no known structs, for these would lack what users rely on; the stream goes on all the same."""
    events = events_of("a creation event of few words")
    end = data_of("response.completed", None, response=response("completed", background=False))
    for last in ((), (end,)):
        given = Service((wire([*events, *last]),)).given(created(background=False))
        creation, more, after = given
        assert after == (typed([end])[0] if last else about(TRUNCATED))
        assert isinstance(creation, Unknown)
        assert isinstance(more, Unknown)
        assert (creation.type, more.type) == ("response.created", "response.output_text.delta")
        assert creation.raw["response"] == {"id": "resp_1", "object": "response", "status": "in_progress"}
        assert (more.raw["item_id"], more.raw["delta"]) == ("msg_1", "Hi")
        assert creation.mismatch == "$.response: Object missing required field `created_at`"
        assert more.mismatch == "$: Object missing required field `content_index`"
        assert [json.decode(encode(event)) for event in given[:2]] == CASES["a creation event of few words"]["events"]


def test_an_end_of_few_words_is_the_end() -> None:
    end = json.encode({"type": "response.completed", "response": {"id": "resp_1", "status": "completed"}})
    events = events_of("a creation event of few words")
    service = Service((wire([*events, end]), b": alive\n\n"))
    given = service.given(created(background=False))
    assert [event.type for event in given] == ["response.created", "response.output_text.delta", "response.completed"]
    assert (len(service.opened), service.bodies[0].left) == (1, 1)


@pytest.mark.parametrize("together", [True, False])
def test_the_done_marker_ends_the_body_of_a_foreground_stream_and_not_the_response(together: bool) -> None:
    events = foreground(events_of("done marker before the end"))
    marker: bytes = CASES["done marker before the end"]["then"].encode()
    service = Service((wire(events) + marker,) if together else (wire(events), marker))
    assert service.given(created(background=False)) == [*typed(events), about(TRUNCATED)]
    assert len(service.opened) == 1


@pytest.mark.parametrize("together", [True, False])
def test_a_background_stream_is_resumed_after_the_done_marker(together: bool) -> None:
    events = events_of("done marker before the end")
    marker: bytes = CASES["done marker before the end"]["then"].encode()
    end = data_of("response.completed", 4, response=response("completed"))
    service = Service((wire(events) + marker,) if together else (wire(events), marker), (sent(end),))
    assert service.given(created()) == typed([*events, end])
    assert service.queries[1] == {"stream": "true", "starting_after": "3"}


def test_the_done_marker_alone_is_a_stream_that_broke_off() -> None:
    marker: bytes = CASES["done marker alone"]["then"].encode()
    for background in (True, False):
        service = Service((marker,))
        assert service.given(created(background=background)) == [Failure(TRUNCATED)]
        assert len(service.opened) == 1


def test_where_the_end_tells_no_output_what_was_streamed_is_kept() -> None:
    events = typed(events_of("the end tells no output"))
    so_far = response_so_far(Service((wire(events_of("the end tells no output")),)).given(created()))
    assert so_far is not None
    assert output_text(so_far) == "Hello"
    assert (so_far.status, so_far.output) == ("completed", (events[4].item,))


def test_a_gap_in_a_replay_is_asked_for_again_once() -> None:
    numbers: list[int] = CASES["a gap in a replay"]["numbers"]
    events = numbered([*range(12)])
    first, replay = events[:5], [data for number, data in enumerate(events) if number in numbers[5:]]
    service = Service((wire(first), RESET), (wire(replay),), (wire(events[5:]),))
    assert service.given(created()) == typed(events)
    assert [query.get("starting_after") for query in service.queries] == [None, "4", "4"]


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize("background", [True, False])
def test_a_gap_that_stays_is_an_error_only_where_the_end_tells_no_output(background: bool, tells: bool) -> None:
    numbers: list[int] = CASES["a gap in a replay"]["numbers"]
    events = numbered(numbers, background=background, tells=tells)
    service = Service((wire(events),), (wire(events[5:]),))
    given = service.given(created(background=background))
    values = given if tells else given[:-1]
    assert values == typed(events)
    assert len(service.opened) == (2 if background else 1)
    if not tells:
        error = error_in(given)
        assert isinstance(error, DecodeError)
        assert (error.path, error.status, error.request_id) == ("$.sequence_number", 200, "req_1")
        assert "those with number 5 to 6 are missing" in str(error)
        assert "(response resp_1)" in str(error)


@pytest.mark.parametrize("background", [True, False])
def test_repeats_in_a_first_stream_are_left_out(background: bool) -> None:
    numbers: list[int] = CASES["repeats in a first stream"]["numbers"]
    service = Service((wire(numbered(numbers, background=background)),))
    assert service.given(created(background=background)) == typed(numbered([0, 1, 2], background=background))


@pytest.mark.parametrize("stream", [created(), created(background=False), resumed()])
def test_a_stream_that_goes_backwards_is_an_error_that_says_so(stream: Any) -> None:
    numbers: list[int] = CASES["backwards"]["numbers"]
    events = numbered(numbers)
    service = Service((wire(events),))
    given = service.given(stream)
    assert given[:-1] == typed(events[:1])
    error = error_in(given)
    assert isinstance(error, DecodeError)
    assert "expected a number above 11, or one received before; got 10: the events are out of order" in str(error)
    assert len(service.opened) == 1


@pytest.mark.parametrize("background", [True, False])
def test_a_stream_is_over_with_its_last_event(background: bool) -> None:
    """No more is read: the body may stay open for ever."""
    events = events_of("open after the end")
    if not background:
        events = foreground(events)
    service = Service((wire(events), *[b": alive\n\n"] * 9))
    assert service.given(created(background=background)) == typed(events)
    assert service.bodies[0].left == 9


@pytest.mark.parametrize("error", [Interrupted("read_timeout", "silence"), RESET])
def test_collected_what_ended_within_the_body_has_ended(error: Interrupted) -> None:
    body = wire(events_of("open after the end")) + b": alive\n\n"
    broken = Interrupted(error.kind, error.reason, partial=HttpResponse(status=200, body=body))
    collected = run(collect(created()), lambda _: Failure(broken))
    assert collected == Success(tuple(typed(events_of("open after the end"))))


def test_a_replay_answered_with_the_response_gives_the_end_that_stands_for_it() -> None:
    name = "a replay answered with the response itself"
    for stream in (resumed(), resumed(starting_after=5)):
        service = Service(answer_of(name))
        (event,) = service.given(stream)
        assert isinstance(event, ResponseCompletedEvent)
        assert to_plain(event.response) == CASES[name]["body"]
        assert (len(service.opened), service.polled, service.clock.slept) == (1, [], [])


def test_a_replay_answered_with_a_response_that_runs_is_waited_for() -> None:
    name = "a replay answered with the response itself"
    runs = json_response({**CASES[name]["body"], "status": "in_progress", "output": []})
    service = Service(runs, polls=[runs, answer_of(name)])
    (event,) = service.given(resumed())
    assert to_plain(event.response) == CASES[name]["body"]
    assert (len(service.opened), len(service.polled)) == (1, 2)
    service = Service(runs, polls=[])
    error = error_in(service.given(resumed(fallback=None)))
    assert isinstance(error, Interrupted)
    assert (error.response_id, len(service.opened)) == ("resp_1", 1)


def test_a_creation_answered_in_json_gives_the_end_that_stands_for_it() -> None:
    name = "stream refused by an answer in JSON"
    service = Service(answer_of(name))
    (event,) = service.given(stream_response(model="m", input="hi"))
    assert isinstance(event, ResponseCompletedEvent)
    assert output_text(event.response) == "Hello"


@pytest.mark.parametrize("stream", [created(), created(background=False), resumed()])
def test_a_page_of_html_is_not_understood_and_not_asked_for_again(stream: Any) -> None:
    page = answer_of("a page of HTML with status 200")
    service = Service(page)
    (failure,) = service.given(stream)
    error = failure.failure()
    assert isinstance(error, DecodeError)
    assert (error.status, error.body) == (200, page.body)
    assert error.reason == "expected an event stream, or a response in JSON; got text/html"
    assert (len(service.opened), service.polled) == (1, [])


@pytest.mark.parametrize("nothing", [(), (b": nothing is left\n\n",), (b"data: [DONE]\n\n",)])
def test_a_stream_resumed_after_its_last_event_is_empty_and_ends_well(nothing: tuple[bytes, ...]) -> None:
    assert CASES["resume after the last event"]["operation"].startswith("resume_stream(id, starting_after=5)")
    service = Service(nothing, polls=[json_response(response("completed"))])
    assert service.given(resumed(starting_after=5)) == []
    assert (len(service.opened), len(service.polled), service.clock.slept) == (1, 1, [])


def test_what_comes_in_the_same_read_after_an_error_is_taken() -> None:
    events = events_of("error, then failed")
    for body in ((wire(events),), (wire(events[:1]), wire(events[1:]))):
        given = Service(body).given(created(background=False))
        assert given[:-1] == typed([events[0], events[2]])
        error = error_in(given)
        assert isinstance(error, ApiError)
        assert (error.code, error.message, error.status) == ("server_error", "The server had an error", 200)
        assert (error.response_id, error.response) == ("resp_1", given[-2].response)


def test_what_comes_soon_after_an_error_is_taken() -> None:
    events = events_of("error, then failed")
    failed = sent(events[2])
    given = Service((wire(events[:2]), failed[:50], failed[50:])).given(created(background=False))
    assert given[:-1] == typed([events[0], events[2]])
    assert error_in(given).response == given[-2].response


def test_signs_of_life_alone_and_then_a_cut_are_an_interruption() -> None:
    events = events_of("only signs of life, then a cut")
    service = Service((wire(events), RESET))
    assert service.given(created()) == [*typed(events), Failure(RESET)]
    assert len(service.opened) == 1


def test_collected_a_background_stream_that_is_cut_is_resumed_from_what_came() -> None:
    assert "collect of a background stream that is cut after three events" in CASES
    cut = Interrupted("reset", "cut off", partial=HttpResponse(status=200, body=wire(LIFE[:3]) + sent(LIFE[3])[:20]))
    stub = StubTransport.answering(cut, HttpResponse(status=200, body=wire(LIFE[3:])))
    clock = VirtualClock()
    assert run(collect(created()), stub, clock=clock) == Success(tuple(typed(LIFE)))
    assert [(request.method, dict(request.query)) for request in stub.requests] == [
        ("POST", {}),
        ("GET", {"stream": "true", "starting_after": "2"}),
    ]
    assert clock.slept == [EVEN.initial_delay]


def test_collected_a_foreground_stream_that_is_cut_ends_with_an_error_that_bears_the_id_and_what_came() -> None:
    partial = HttpResponse(status=200, body=wire(foreground(LIFE[:3])))
    cut = Interrupted("reset", "cut off", partial=partial)
    stream = collect(stream_response(model="m", input="hi"))
    assert run(stream, lambda _: Failure(cut)) == Failure(about_response(cut, "resp_1"))
