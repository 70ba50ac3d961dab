"""What steers a stream is read from what does not fit as well: it ends, resumes and folds, whatever is amiss."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from changes import changes
from event_service import RESET, TOO_OLD, Chunks, Service, about, created, error_in, sent, typed, wire
from msgspec import json
from recorded import STREAMS
from returns.result import Failure

from puresponse.codecs import DecodeError, Unknown, decode_response, encode
from puresponse.codecs.lossless.plain import is_object
from puresponse.core import ApiError, Interrupted, WaitPolicy, response_so_far
from puresponse.core.errors import about_response
from puresponse.transports import json_response

ABSENT = object()
AMISS: list[Any] = [ABSENT, None, False, 7, 1.5, "odd", [], [7], {}, {"odd": True}]
"""What a field is sent as in place of what it should hold."""

MESSAGE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "status": "completed",
    "role": "assistant",
    "content": [{"type": "output_text", "text": "Hello", "annotations": []}],
}
RESPONSE: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "status": "in_progress",
    "background": True,
    "model": "m",
    "output": [],
    "error": None,
    "incomplete_details": None,
    "instructions": "Be brief.",
    "max_output_tokens": 50,
    "metadata": {"a": "b"},
    "parallel_tool_calls": True,
    "previous_response_id": "resp_0",
    "reasoning": {"effort": "low"},
    "store": True,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [{"type": "function", "name": "f", "parameters": {}, "strict": True}],
    "top_p": 1.0,
    "truncation": "disabled",
    "usage": None,
    "user": None,
}
USAGE = {
    "input_tokens": 1,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 2,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 3,
}


def life(status: str, *, background: bool = True) -> list[dict[str, Any]]:
    """All events of a response that ends so."""
    running = {**RESPONSE, "background": background}
    ended = {**running, "status": status, "output": [MESSAGE], "usage": USAGE}
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": running},
        {"type": "response.queued", "response": {**running, "status": "queued"}},
        {"type": "response.in_progress", "response": running},
        {"type": "response.output_item.added", "output_index": 0, "item": {**MESSAGE, "content": []}},
        {"type": "response.output_item.done", "output_index": 0, "item": MESSAGE},
        {"type": f"response.{status}", "response": ended},
    ]
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def with_amiss(payload: dict[str, Any], path: tuple[str, ...], held: Any) -> dict[str, Any]:
    """The payload with something else, or nothing, in place of what is there."""
    name, *rest = path
    others = {one: value for one, value in payload.items() if one != name}
    if rest:
        return {**others, name: with_amiss(payload[name], tuple(rest), held)}
    return others if held is ABSENT else {**others, name: held}


def fields_of(event: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Where something may be amiss: in each field of an event, and of the response or the item in it."""
    for name, held in event.items():
        yield (name,)
        if name in {"response", "item"}:
            yield from ((name, inner) for inner in held)


ENDS = ("completed", "failed", "incomplete")
PLACES = [
    (status, index, path)
    for status in ENDS
    for index, event in enumerate(life(status))
    for path in fields_of(event)
    if index == 5 or status == "completed"
]
places = pytest.mark.parametrize(
    ("status", "index", "path"),
    PLACES,
    ids=[f"{life(status)[index]['type']}-{'.'.join(path)}" for status, index, path in PLACES],
)


def encoded(events: list[dict[str, Any]]) -> list[bytes]:
    return [json.encode(event) for event in events]


BEGINNINGS = ("response.created", "response.queued", "response.in_progress")


def lives(status: str, index: int, path: tuple[str, ...], *, background: bool) -> Iterator[tuple[Any, list[bytes]]]:
    """Each life with something amiss there, and what that is. What wrong numbers do is in `test_following`."""
    events = life(status, background=background)
    for held in AMISS if path != ("sequence_number",) else (one for one in AMISS if type(one) is not int):
        yield held, encoded([*events[:index], with_amiss(events[index], path, held), *events[index + 1 :]])


@places
def test_a_stream_with_anything_amiss_is_read_to_its_end_and_nothing_is_lost(
    status: str, index: int, path: tuple[str, ...]
) -> None:
    ends = (index, path) != (5, ("type",))
    for _, events in lives(status, index, path, background=False):
        given = Service((wire(events),)).given(created(background=False))
        assert [json.decode(encode(event)) for event in given[:6]] == [json.decode(event) for event in events]
        if ends:
            assert len(given) == 6
        else:
            assert isinstance(error_in(given), Interrupted)


@places
def test_nothing_after_an_end_is_read_whatever_is_amiss_in_it(status: str, index: int, path: tuple[str, ...]) -> None:
    if index != 5 or path == ("type",):
        return
    for _, events in lives(status, index, path, background=False):
        body: Chunks = (*map(sent, events), RESET)
        service = Service(body)
        assert service.given(created(background=False)) == typed(events)
        assert service.bodies[0].left == 1


def told(events: list[bytes], name: str) -> Any:
    """What the events tell first of a field of the response, in a form that fits."""
    kind = {"id": str, "background": bool}[name]
    payloads: list[dict[str, Any]] = [json.decode(event) for event in events]
    responses: list[Any] = [one.get("response") for one in payloads if str(one.get("type")) in BEGINNINGS]
    said: list[Any] = [one.get(name) for one in responses if is_object(one)]
    return next((one for one in said if type(one) is kind and one), None)


@places
def test_a_stream_that_breaks_off_after_what_is_amiss_is_resumed(
    status: str, index: int, path: tuple[str, ...]
) -> None:
    for _, events in lives(status, index, path, background=True):
        received, rest = events[: index + 1], events[index + 1 :]
        if not rest:
            continue
        numbers = [number for one in received if type(number := json.decode(one).get("sequence_number")) is int]
        service = Service((wire(received), RESET), (wire(rest),))
        given = service.given(created())
        if told(received, "id") and told(received, "background") and numbers:
            assert given == typed(events)
            assert service.queries[1]["starting_after"] == str(numbers[-1])
            assert service.opened[1].path == f"/responses/{told(received, 'id')}"
        else:
            assert index == 0
            assert given == [*typed(received), Failure(about_response(RESET, told(received, "id")))]


COMPARED = tuple(RESPONSE)


@places
def test_what_is_amiss_changes_nothing_else_of_the_response_so_far(
    status: str, index: int, path: tuple[str, ...]
) -> None:
    whole = decode_response(json.encode(life(status)[5]["response"])).unwrap()
    for _, events in lives(status, index, path, background=True):
        folded = response_so_far(typed(events))
        assert folded is not None
        if index < 5:
            assert folded == whole
        elif path in {("type",), ("response",)}:
            assert (folded.status, folded.output) == ("in_progress", whole.output)
        else:
            assert [(name, getattr(folded, name)) for name in COMPARED if name not in path] == [
                (name, getattr(whole, name)) for name in COMPARED if name not in path
            ]
            sent_as = json.decode(events[5])["response"].get(path[-1])
            if path[-1] == "output":
                assert folded.output == whole.output
            elif path[-1] in REQUIRED:
                fits = isinstance(sent_as, REQUIRED[path[-1]]) and not isinstance(sent_as, bool)
                assert getattr(folded, path[-1]) == (sent_as if fits else RESPONSE[path[-1]])


REQUIRED: dict[str, Any] = {"id": str, "model": str, "created_at": int | float}


def test_an_end_that_does_not_fit_and_that_nothing_went_before_tells_no_response() -> None:
    (end,) = typed(encoded([{"type": "response.completed", "response": {"id": "resp_1"}}]))
    assert isinstance(end, Unknown)
    assert response_so_far([end]) is None


def test_of_an_end_without_output_the_gaps_are_an_error_though_it_does_not_fit() -> None:
    events = life("completed", background=False)
    del events[3]
    ends: list[tuple[Any, bool]] = [({}, True), ([], True), ("text", True), ([5], False), ([MESSAGE], False)]
    for output, missed in ends:
        events[-1] = {**events[-1], "response": {"id": 7, "output": output}}
        given = Service((wire(encoded(events)),)).given(created(background=False))
        assert isinstance(given[4], Unknown)
        assert len(given) == 5 + missed
        assert not missed or isinstance(error_in(given), DecodeError)


@pytest.mark.parametrize("said", [True, 1, 1.0, "true", "True", False, 0, "false", "yes", 2, [True], None])
def test_background_is_what_was_sent_for_it_where_that_says_yes_or_no(said: Any) -> None:
    events = encoded([with_amiss(event, ("response", "background"), said) for event in life("completed")[:3]])
    given = Service((wire(events), RESET), (wire(encoded(life("completed")[3:])),)).given(created())
    resumes = said in (True, "true", "True")
    assert given == typed(encoded([*map(json.decode, events), *life("completed")[3:]]) if resumes else events) + (
        [] if resumes else [about(RESET)]
    )


def test_a_number_that_is_written_as_a_float_is_that_number() -> None:
    events = encoded(life("completed"))
    odd = [event.replace(b'"sequence_number":2', b'"sequence_number":2.0') for event in events]
    unfit = [event.replace(b'"created_at":1', b'"created_at":"x"') for event in odd]
    for sent_as in (odd, unfit):
        service = Service((wire(sent_as[:3]), RESET), (wire(sent_as[3:]),))
        assert service.given(created()) == typed(sent_as)
        assert service.queries[1]["starting_after"] == "2"


ERROR = {"type": "error", "sequence_number": 3, "code": "server_error", "message": "Boom", "param": None}


@pytest.mark.parametrize("field", ERROR)
def test_an_error_is_one_whatever_is_amiss_in_it(field: str) -> None:
    begun = life("completed", background=False)[:3]
    for held in AMISS:
        body = encoded([*begun, with_amiss(ERROR, (field,), held)])
        given = Service((wire(body),)).given(created(background=False))
        error = error_in(given)
        if field == "type":
            assert given[:-1] == typed(body)
            assert error.kind == "truncated"
            continue
        assert given[:-1] == typed(body[:3])
        assert isinstance(error, ApiError)
        assert (error.message == "Boom") is (field != "message")
        assert (error.code == "server_error") is (field != "code")
        named = wire(body[:3]) + b"event: error\ndata: " + body[3] + b"\n\n"
        assert Service((named,)).given(created(background=False)) == given


@pytest.mark.parametrize("type_", ["response.mcp_call.failed", "response.steer.failed", "response.new"])
def test_an_event_with_an_error_of_its_own_is_no_error_of_the_stream(type_: str) -> None:
    odd = {"type": type_, "error": {"message": "no"}, "item_id": 7, "sequence_number": 3}
    events = encoded([*life("completed", background=False)[:3], odd])
    assert Service((wire(events), RESET)).given(created(background=False)) == [*typed(events), about(RESET)]


@pytest.mark.parametrize("name", ["status", "id", "output"])
def test_after_an_error_the_end_counts_whatever_is_amiss_in_it(name: str) -> None:
    for held in AMISS:
        ended = with_amiss(life("failed", background=False)[5], ("response", name), held)
        body = encoded([*life("failed", background=False)[:3], ERROR, {**ended, "sequence_number": 4}])
        given = Service((wire(body),)).given(created(background=False))
        error = error_in(given)
        assert given[:-1] == typed([*body[:3], body[4]])
        assert (error.code, error.response_id) == ("server_error", "resp_1")
        assert error.response == decode_response(json.encode(ended["response"])).value_or(None)


@pytest.mark.parametrize("name", sorted(STREAMS))
def test_no_change_of_an_event_raises_where_it_is_followed_or_folded(name: str) -> None:
    random = Random(name)
    lines = STREAMS[name].splitlines()
    events = [json.decode(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    for _ in range(120):
        index = random.randrange(len(events))
        change = random.choice(list(changes(events[index])))
        changed = encoded([*events[:index], change.of(events[index]), *events[index + 1 :]])
        given = Service((wire(changed),)).given(created(background=False))
        seen = [event for event in given if not isinstance(event, Failure)]
        if change.path != ("sequence_number",):
            assert [json.decode(encode(event)) for event in seen] == [json.decode(data) for data in changed][
                : len(seen)
            ]
        folded = response_so_far(seen)
        assert folded is None or decode_response(encode(folded)).unwrap() == folded


def test_a_creation_of_few_words_steers_the_stream_all_the_same() -> None:
    words: list[dict[str, Any]] = [
        {"type": "response.created", "response": {"id": "resp_1", "object": "response", "status": "in_progress"}},
        {"type": "response.output_text.delta", "item_id": "msg_1", "delta": "Hi"},
    ]
    given = Service((wire(encoded(words)), RESET)).given(created(background=False))
    assert given[2:] == [about(RESET)]
    assert [(event.type, event.raw.to_dict()) for event in given[:2]] == [(word["type"], word) for word in words]
    end = life("completed", background=False)[5]
    given = Service((wire(encoded([*words, end])),)).given(created(background=False))
    assert response_so_far(given[:2]) is None
    assert response_so_far(given) == decode_response(json.encode(end["response"])).unwrap()


def test_what_one_event_tells_and_what_another_are_put_together() -> None:
    events = life("completed")
    created_ = with_amiss(events[0], ("response", "id"), 7)
    queued = with_amiss(events[1], ("response", "background"), ABSENT)
    body = encoded([created_, queued, *events[2:]])
    assert Service((wire(body[:2]), RESET), (wire(body[2:]),)).given(created()) == typed(body)


def test_of_an_end_that_does_not_fit_what_fits_counts() -> None:
    events = typed(encoded(life("completed")[:5]))
    ended = {"id": 7, "created_at": 2.0, "model": "other", "status": "completed", "output": [MESSAGE, MESSAGE]}
    (end,) = typed(encoded([{"type": "response.completed", "response": ended}]))
    folded = response_so_far([*events, end])
    assert folded is not None
    assert (folded.id, folded.created_at, folded.model, folded.status) == ("resp_1", 2, "other", "completed")
    assert len(folded.output) == 2
    assert folded.instructions == "Be brief."


def test_more_text_for_what_is_none_changes_nothing() -> None:
    call = {"type": "tool_search_call", "id": "ts_1", "call_id": "c", "status": "completed", "arguments": {"a": 1}}
    events = [
        life("completed")[0],
        {"type": "response.output_item.added", "output_index": 0, "item": {**call, "execution": "client"}},
        {"type": "response.function_call_arguments.delta", "output_index": 0, "item_id": "ts_1", "delta": "x"},
    ]
    folded = response_so_far(typed(encoded(events)))
    assert folded is not None
    assert folded == response_so_far(typed(encoded(events[:2])))


def test_a_response_that_is_cancelled_in_place_of_its_events_and_does_not_end_is_a_stream_that_broke_off() -> None:
    policy = WaitPolicy(deadline=1.0, at_deadline="cancel", jitter=0.0)
    running = json_response(RESPONSE)
    service = Service((wire(encoded(life("completed")[:2])), RESET), TOO_OLD, polls=[running])
    (*_, last) = service.given(created(fallback=policy))
    assert isinstance(last, Failure)
    assert isinstance(last.failure(), Interrupted)
