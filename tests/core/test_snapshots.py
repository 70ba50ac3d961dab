"""The response that events tell of, at any point of a stream."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json
from returns.result import Failure

from puresponse.codecs import Response, decode_stream_event, to_plain
from puresponse.core import (
    HttpRequest,
    HttpResponse,
    Interrupted,
    collect,
    fold_event,
    response_so_far,
    resume_stream,
    sequence_number,
    stream_response,
)
from puresponse.transports import CassetteTransport, VirtualClock, iterate, run

CASSETTES = sorted((Path(__file__).parents[1] / "cassettes" / "streams").glob("*.json"))


def event(type_: str, **fields: object) -> Any:
    return decode_stream_event(json.encode({"type": type_, **fields})).unwrap()


def response(status: str = "in_progress", output: object = (), **fields: object) -> dict[str, object]:
    base = {"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "status": status, "output": output}
    return {**base, **fields}


CREATED = event("response.created", response=response("queued"))


def told(item: dict[str, object], *events: Any) -> Any:
    """The item that is left of one that was begun, after some events about it."""
    begun = event("response.output_item.added", output_index=0, item=item)
    so_far = response_so_far([CREATED, begun, *events])
    assert so_far is not None
    (left,) = to_plain(so_far.output)
    return left


def about(type_: str, **fields: object) -> Any:
    return event(type_, item_id="i", output_index=0, **fields)


MESSAGE: dict[str, object] = {"type": "message", "id": "i", "role": "assistant", "status": "in_progress", "content": []}
REASONING: dict[str, object] = {"type": "reasoning", "id": "i", "summary": []}


def part(**fields: object) -> Any:
    return about("response.content_part.added", content_index=0, part=fields)


TEXT = part(type="output_text", text="", annotations=[])
TEXT_DELTA = about("response.output_text.delta", content_index=0, delta="a")
REFUSAL_DELTA = about("response.refusal.delta", content_index=0, delta="a")


# --- recorded streams ----------------------------------------------------------------------------


def recorded(path: Path) -> tuple[CassetteTransport, list[Any]]:
    """A cassette and the events of its first exchange, asked for as it was recorded."""
    cassette = CassetteTransport.replaying(path)
    arguments: dict[str, Any] = json.decode(cassette.recordings[0].request.body or b"")
    assert arguments.pop("stream") is True
    return cassette, list(iterate(stream_response(**arguments), cassette))


def text_of(so_far: Response | None) -> list[str]:
    assert so_far is not None
    parts: list[dict[str, Any]] = [part for item in to_plain(so_far.output) for part in item.get("content") or ()]
    return [part["text"] for part in parts]


def ids(path: Path) -> str:
    return path.stem.partition(".")[2]


def test_seven_streams_are_recorded() -> None:
    assert len(CASSETTES) == 7


@pytest.mark.parametrize("path", CASSETTES, ids=ids)
def test_every_recorded_event_arrives_typed_and_as_it_was_sent(path: Path) -> None:
    cassette, events = recorded(path)
    answer = cassette.recordings[0].answer
    assert isinstance(answer, HttpResponse)
    lines = [line.removeprefix(b"data: ") for line in answer.body.splitlines() if line.startswith(b"data: ")]
    assert [to_plain(one) for one in events] == [json.decode(line) for line in lines]
    assert [type(one).__name__ for one in events if type(one).__name__ in {"Unknown", "Failure"}] == []
    assert [sequence_number(one) for one in events] == [*range(len(lines))]


@pytest.mark.parametrize("path", CASSETTES, ids=ids)
def test_the_fold_of_all_events_is_the_final_response(path: Path) -> None:
    _, events = recorded(path)
    final = response_so_far(events)
    assert final is not None
    assert (final, final.status) == (events[-1].response, "completed")


@pytest.mark.parametrize("path", CASSETTES, ids=ids)
def test_before_the_last_event_all_output_is_there(path: Path) -> None:
    _, events = recorded(path)
    so_far = response_so_far(events[:-1])
    assert so_far is not None
    assert so_far.output == events[-1].response.output
    assert so_far.status == "in_progress"


@pytest.mark.parametrize("path", CASSETTES, ids=ids)
def test_at_any_point_there_is_as_much_as_was_told(path: Path) -> None:
    _, events = recorded(path)
    assert response_so_far([]) is None
    so_far: Response | None = None
    seen = 0
    for one in events[:-1]:
        so_far = fold_event(so_far, one)
        assert so_far is not None
        length = sum(map(len, text_of(so_far)))
        assert length >= seen
        assert so_far.id == events[-1].response.id
        seen = length
    assert text_of(so_far) == text_of(events[-1].response)


@pytest.mark.parametrize("path", CASSETTES, ids=ids)
def test_deltas_alone_tell_the_same_text(path: Path) -> None:
    _, events = recorded(path)
    deltas = [one for one in events[:-1] if not one.type.endswith(".done")]
    assert len(deltas) < len(events) - 1
    so_far = response_so_far(deltas)
    assert text_of(so_far) == text_of(events[-1].response)
    assert so_far is not None
    for mine, final in zip(to_plain(so_far.output), to_plain(events[-1].response.output), strict=True):
        for field in ("arguments", "code", "summary"):
            assert mine.get(field) == final.get(field)


@settings(deadline=None)
@given(st.sampled_from(CASSETTES[1:4]), st.data())
def test_a_fold_may_be_interrupted_anywhere(path: Path, data: st.DataObject) -> None:
    _, events = recorded(path)
    cut = data.draw(st.integers(0, len(events)))
    assert response_so_far(events[cut:], response_so_far(events[:cut])) == response_so_far(events)


def background() -> tuple[CassetteTransport, list[Any], str]:
    (path,) = (path for path in CASSETTES if "Background" in path.stem)
    cassette, events = recorded(path)
    return cassette, events, events[0].response.id


def test_a_recorded_stream_is_resumed_as_it_was_recorded() -> None:
    cassette, events, response_id = background()
    after: list[Any] = list(iterate(resume_stream(response_id, starting_after=1), cassette))
    assert after == events[2:]
    assert response_so_far(after, response_so_far(events[:2])) == events[-1].response
    again = CassetteTransport(cassette.recordings)
    assert run(collect(resume_stream(response_id, starting_after=1)), again).unwrap() == tuple(after)


def test_a_recorded_stream_that_breaks_goes_on_with_its_recorded_resumption() -> None:
    cassette, events, _ = background()
    replay = CassetteTransport(cassette.recordings)
    clock = VirtualClock()

    def breaking(request: HttpRequest) -> Any:
        answer = replay(request)
        if request.method == "GET":
            return answer
        # The first two events, and half of the third.
        body: bytes = answer.unwrap().body
        return answer.map(lambda whole: HttpResponse(status=whole.status, body=body[: body.index(b"in_progress") + 99]))

    arguments: dict[str, Any] = json.decode(cassette.recordings[0].request.body or b"")
    del arguments["stream"]
    assert list(iterate(stream_response(**arguments), breaking, clock=clock)) == events
    assert len(clock.slept) == 1


def test_a_cassette_that_ends_is_not_asked_again_and_again() -> None:
    """A `NoRecording` is no passing fault."""
    cassette, _, response_id = background()
    clock = VirtualClock()
    (failure,) = iterate(resume_stream(response_id, starting_after=300), cassette, clock=clock, results=True)
    assert isinstance(failure, Failure)
    assert not failure.failure().retryable
    assert not isinstance(failure.failure(), Interrupted)
    assert clock.slept == []


# --- each kind of event --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "type_", ["response.completed", "response.failed", "response.incomplete", "response.cancelled"]
)
def test_the_end_is_the_final_response(type_: str) -> None:
    final = response(type_.partition(".")[2], [MESSAGE], metadata={"a": "b"})
    so_far = response_so_far([CREATED, event(type_, response=final)])
    assert to_plain(so_far) == json.decode(json.encode(final))


@pytest.mark.parametrize("fields", [{}, {"response": None}, {"response": {"id": 1}}])
def test_a_cancellation_that_tells_no_response_changes_nothing(fields: dict[str, object]) -> None:
    so_far = response_so_far([CREATED])
    assert fold_event(so_far, event("response.cancelled", **fields)) == so_far


@pytest.mark.parametrize("type_", ["response.queued", "response.in_progress"])
def test_news_of_the_response_keep_the_output(type_: str) -> None:
    added = event("response.output_item.added", output_index=0, item=MESSAGE)
    so_far = response_so_far([CREATED, added, event(type_, response=response("in_progress"))])
    assert so_far is not None
    assert (so_far.status, to_plain(so_far.output)) == ("in_progress", [MESSAGE])
    other = response_so_far([CREATED, added, event(type_, response=response("in_progress", [REASONING]))])
    assert other is not None
    assert to_plain(other.output) == [REASONING]


@pytest.mark.parametrize(
    "type_", ["response.completed", "response.failed", "response.incomplete", "response.cancelled"]
)
def test_an_end_that_tells_no_output_keeps_what_was_streamed(type_: str) -> None:
    status = type_.partition(".")[2]
    usage = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
    added = event("response.output_item.added", output_index=0, item=MESSAGE)
    final = response(status, [], usage=usage, metadata={"a": "b"})
    so_far = response_so_far([CREATED, added, TEXT, *texts("Hel", "lo"), event(type_, response=final)])
    assert so_far is not None
    assert text_of(so_far) == ["Hello"]
    plain = to_plain(so_far)
    assert (plain["status"], plain["usage"], plain["metadata"]) == (status, usage, {"a": "b"})
    assert to_plain(fold_event(None, event(type_, response=final)))["output"] == []


# --- text that nothing announced -----------------------------------------------------------------


def texts(*deltas: str, **fields: int) -> list[Any]:
    places = {"content_index": 0, **fields}
    return [about("response.output_text.delta", delta=text, **places) for text in deltas]


def test_text_without_a_part_begins_one() -> None:
    assert told(MESSAGE, *texts("a", "b"))["content"] == [{"type": "output_text", "text": "ab", "annotations": []}]
    whole = about("response.output_text.done", content_index=0, text="whole")
    assert told(MESSAGE, whole)["content"][0]["text"] == "whole"
    assert [part["text"] for part in told(MESSAGE, *texts("a"), *texts("b", content_index=1))["content"]] == ["a", "b"]
    more = about("response.refusal.delta", content_index=0, delta="No")
    assert told(MESSAGE, more, more)["content"] == [{"type": "refusal", "refusal": "NoNo"}]
    assert (
        told(MESSAGE, about("response.refusal.done", content_index=0, refusal="No."))["content"][0]["refusal"] == "No."
    )


def test_reasoning_without_a_part_begins_one() -> None:
    more = about("response.reasoning_text.delta", content_index=0, delta="so ")
    assert told(REASONING, more, more)["content"] == [{"type": "reasoning_text", "text": "so so "}]
    more = about("response.reasoning_summary_text.delta", summary_index=0, delta="so ")
    assert told(REASONING, more, more)["summary"] == [{"type": "summary_text", "text": "so so "}]
    done = about("response.reasoning_summary_text.done", summary_index=0, text="so.")
    assert told(REASONING, done)["summary"] == [{"type": "summary_text", "text": "so."}]
    assert (
        told(REASONING, about("response.reasoning_text.done", content_index=0, text="x"))["content"][0]["text"] == "x"
    )


PART = about(
    "response.content_part.added", content_index=0, part={"type": "output_text", "text": "", "annotations": []}
)
REFUSAL_PART = about("response.content_part.added", content_index=0, part={"type": "refusal", "refusal": ""})


@pytest.mark.parametrize("text", [TEXT_DELTA, REFUSAL_DELTA, TEXT, PART, REFUSAL_PART], ids=lambda one: one.type)
def test_text_without_an_item_begins_a_message(text: Any) -> None:
    so_far = response_so_far([CREATED, text, *texts("b")])
    assert so_far is not None
    (item,) = to_plain(so_far.output)
    assert {name: item[name] for name in ("type", "id", "role", "status")} == {
        "type": "message",
        "id": "i",
        "role": "assistant",
        "status": "in_progress",
    }
    assert len(item["content"]) == 1
    after = event("response.output_text.delta", item_id="j", output_index=1, content_index=0, delta="c")
    assert [one["id"] for one in to_plain(fold_event(so_far, after)).get("output")] == ["i", "j"]


@pytest.mark.parametrize(("begun", "content"), [(PART, "output_text"), (REFUSAL_PART, "refusal")])
def test_a_part_of_a_message_begins_its_message(begun: Any, content: str) -> None:
    so_far = response_so_far([CREATED, begun])
    assert so_far is not None
    (item,) = to_plain(so_far.output)
    assert [part["type"] for part in item["content"]] == [content]


@pytest.mark.parametrize(
    "strange",
    [
        about("response.function_call_arguments.delta", delta="{}"),
        about("response.reasoning_text.delta", content_index=0, delta="x"),
        about("response.content_part.added", content_index=0, part={"type": "reasoning_text", "text": ""}),
        about("response.web_search_call.completed"),
        event("response.output_text.delta", item_id="i", output_index=1, content_index=0, delta="x"),
        event("response.output_text.delta", item_id="i", output_index=-1, content_index=0, delta="x"),
    ],
    ids=lambda one: one.type,
)
def test_what_does_not_show_its_item_begins_none(strange: Any) -> None:
    assert response_so_far([CREATED, strange]) == response_so_far([CREATED])


@pytest.mark.parametrize(
    ("item", "strange"),
    [
        (MESSAGE, about("response.output_text.delta", content_index=1, delta="x")),
        (MESSAGE, about("response.output_text.delta", content_index=-1, delta="x")),
        (MESSAGE, about("response.reasoning_text.delta", content_index=0, delta="x")),
        ({**MESSAGE, "content": "as text"}, about("response.output_text.delta", content_index=0, delta="x")),
        (REASONING, about("response.output_text.delta", content_index=0, delta="x")),
        (REASONING, about("response.reasoning_summary_text.delta", summary_index=1, delta="x")),
    ],
    ids=lambda one: getattr(one, "type", None),
)
def test_what_does_not_fit_the_item_begins_no_part(item: dict[str, object], strange: Any) -> None:
    assert told(item, strange) == item


@pytest.mark.parametrize("index", [-1, -2, -9])
def test_an_index_below_0_changes_nothing(index: int) -> None:
    shell: dict[str, object] = {"type": "shell_call", "call_id": "c", "action": {"commands": ["ls", "pwd"]}}
    for name, fields in (("added", {"command": "x"}), ("delta", {"delta": "x"}), ("done", {"command": "x"})):
        assert told(shell, about(f"response.shell_call_command.{name}", command_index=index, **fields)) == shell
    message = told(MESSAGE, TEXT, *texts("a"))
    cited = {"type": "file_citation", "file_id": "f", "filename": "n", "index": 0}
    assert message == told(
        MESSAGE,
        TEXT,
        *texts("a"),
        *texts("b", content_index=index),
        about("response.content_part.added", content_index=index, part={"type": "refusal", "refusal": ""}),
        about("response.output_text.annotation.added", content_index=0, annotation_index=index, annotation=cited),
        event("response.output_item.added", output_index=index, item=REASONING),
        event("response.output_text.delta", item_id="i", output_index=index, content_index=0, delta="x"),
    )


def test_events_before_any_response_tell_nothing() -> None:
    added = event("response.output_item.added", output_index=0, item=MESSAGE)
    assert response_so_far([added, about("response.output_text.delta", content_index=0, delta="x")]) is None


STEER = {"id": "steer_1", "previous_response_id": "resp_1"}


@pytest.mark.parametrize(
    "further",
    [
        event("response.compaction.compacting", item_id="i", output_index=0, sequence_number=3),
        event("response.steer.accepted", steer=STEER),
        event("response.steer.pending", steer=STEER, required_input=[]),
        event("response.steer.failed", steer=STEER, error={"code": "invalid_input", "message": "No."}),
    ],
)
def test_news_of_a_compaction_and_of_steering_change_nothing(further: Any) -> None:
    compaction: dict[str, object] = {"type": "compaction", "id": "i", "encrypted_content": "e"}
    assert told(compaction, further) == compaction
    assert response_so_far([CREATED, further]) == CREATED.response


def test_a_response_that_was_steered_ends_incomplete() -> None:
    ended = response("incomplete", incomplete_details={"reason": "steered"})
    so_far = response_so_far([CREATED, event("response.incomplete", response=ended)])
    assert so_far is not None
    assert so_far.incomplete_details
    assert (so_far.status, so_far.incomplete_details.reason) == ("incomplete", "steered")


def test_items_stand_where_their_index_says() -> None:
    second = {**MESSAGE, "id": "j"}
    done = {**MESSAGE, "status": "completed"}
    so_far = response_so_far(
        [
            CREATED,
            event("response.output_item.added", output_index=0, item=MESSAGE),
            event("response.output_item.added", output_index=1, item=second),
            event("response.output_item.done", output_index=0, item=done),
        ]
    )
    assert so_far is not None
    assert to_plain(so_far.output) == [done, second]


def test_text_grows_until_it_is_complete() -> None:
    left = told(
        MESSAGE,
        TEXT,
        about("response.output_text.delta", content_index=0, delta="a"),
        about("response.output_text.delta", content_index=0, delta="b"),
    )
    assert left["content"] == [{"type": "output_text", "text": "ab", "annotations": []}]
    left = told(MESSAGE, TEXT, about("response.output_text.done", content_index=0, text="whole"))
    assert left["content"][0]["text"] == "whole"
    whole: dict[str, object] = {"type": "output_text", "text": "!", "annotations": []}
    left = told(MESSAGE, TEXT, about("response.content_part.done", content_index=0, part=whole))
    assert left["content"] == [whole]


def test_log_probabilities_are_gathered() -> None:
    token: dict[str, object] = {"token": "a", "logprob": -1.0, "top_logprobs": []}
    more = about("response.output_text.delta", content_index=0, delta="a", logprobs=[token])
    assert told(MESSAGE, TEXT, more, more)["content"][0]["logprobs"] == [token, token]


def test_annotations_are_gathered() -> None:
    cited = {"type": "file_citation", "file_id": "f", "filename": "n", "index": 0}
    left = told(
        MESSAGE,
        TEXT,
        about("response.output_text.annotation.added", content_index=0, annotation_index=0, annotation=cited),
        about("response.output_text.annotation.added", content_index=0, annotation_index=1, annotation=cited),
        about("response.output_text.annotation.added", content_index=0, annotation_index=2),
    )
    assert left["content"][0]["annotations"] == [cited, cited]


def test_a_refusal_grows_until_it_is_complete() -> None:
    begun = part(type="refusal", refusal="")
    more = about("response.refusal.delta", content_index=0, delta="No")
    assert told(MESSAGE, begun, more, more)["content"] == [{"type": "refusal", "refusal": "NoNo"}]
    whole = about("response.refusal.done", content_index=0, refusal="No.")
    assert told(MESSAGE, begun, more, whole)["content"] == [{"type": "refusal", "refusal": "No."}]


def test_reasoning_grows_until_it_is_complete() -> None:
    begun = part(type="reasoning_text", text="")
    more = about("response.reasoning_text.delta", content_index=0, delta="so ")
    assert told(REASONING, begun, more, more)["content"] == [{"type": "reasoning_text", "text": "so so "}]
    whole = about("response.reasoning_text.done", content_index=0, text="so.")
    assert told(REASONING, begun, more, whole)["content"][0]["text"] == "so."


def test_a_summary_grows_until_it_is_complete() -> None:
    empty = {"type": "summary_text", "text": ""}
    begun = about("response.reasoning_summary_part.added", summary_index=0, part=empty)
    more = about("response.reasoning_summary_text.delta", summary_index=0, delta="so ")
    assert told(REASONING, begun, more, more)["summary"] == [{"type": "summary_text", "text": "so so "}]
    whole = about("response.reasoning_summary_text.done", summary_index=0, text="so.")
    assert told(REASONING, begun, more, whole)["summary"][0]["text"] == "so."
    done = about("response.reasoning_summary_part.done", summary_index=0, part={**empty, "text": "So."})
    assert told(REASONING, begun, more, done)["summary"] == [{"type": "summary_text", "text": "So."}]
    second = about("response.reasoning_summary_part.added", summary_index=1, part={**empty, "text": "And"})
    assert [part["text"] for part in told(REASONING, begun, more, second)["summary"]] == ["so ", "And"]


@pytest.mark.parametrize(
    ("item", "field", "name"),
    [
        (
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": ""},
            "arguments",
            "function_call_arguments",
        ),
        (
            {"type": "mcp_call", "id": "i", "name": "f", "server_label": "s", "arguments": ""},
            "arguments",
            "mcp_call_arguments",
        ),
        ({"type": "custom_tool_call", "call_id": "c", "name": "f", "input": ""}, "input", "custom_tool_call_input"),
        (
            {
                "type": "code_interpreter_call",
                "id": "i",
                "container_id": "c",
                "code": None,
                "outputs": None,
                "status": "in_progress",
            },
            "code",
            "code_interpreter_call_code",
        ),
    ],
)
def test_what_a_tool_is_called_with_grows_until_it_is_complete(item: dict[str, object], field: str, name: str) -> None:
    more = about(f"response.{name}.delta", delta="{}")
    assert told(item, more, more) == {**item, field: "{}{}"}
    assert told(item, more, about(f"response.{name}.done", **{field: "[]"})) == {**item, field: "[]"}


def test_shell_commands_grow_until_they_are_complete() -> None:
    item: dict[str, object] = {"type": "shell_call", "call_id": "c", "action": {"commands": []}}
    first = about("response.shell_call_command.added", command_index=0, command="ls")
    more = about("response.shell_call_command.delta", command_index=0, delta=" -l")
    second = about("response.shell_call_command.delta", command_index=1, delta="pwd")
    done = about("response.shell_call_command.done", command_index=0, command="ls -a")
    assert told(item, first, more, second)["action"] == {"commands": ["ls -l", "pwd"]}
    assert told(item, first, more, second, done)["action"] == {"commands": ["ls -a", "pwd"]}
    assert told(MESSAGE, first) == MESSAGE


@pytest.mark.parametrize("status", ["in_progress", "searching", "completed"])
def test_a_tool_call_has_the_status_that_was_told(status: str) -> None:
    item: dict[str, object] = {"type": "web_search_call", "id": "i", "status": "?", "action": {"type": "search"}}
    assert told(item, about(f"response.web_search_call.{status}"))["status"] == status


def test_a_picture_on_the_way_is_no_status() -> None:
    item: dict[str, object] = {"type": "image_generation_call", "id": "i", "result": None, "status": "generating"}
    more = about("response.image_generation_call.partial_image", partial_image_index=0, partial_image_b64="AA==")
    assert told(item, more) == item


ANY = [
    TEXT,
    about("response.output_text.delta", content_index=0, delta="a"),
    about("response.output_text.delta", content_index=9, delta="a"),
    about("response.refusal.delta", content_index=0, delta="a"),
    about("response.function_call_arguments.delta", delta="a"),
    about("response.reasoning_summary_text.delta", summary_index=0, delta="a"),
    about("response.reasoning_summary_part.added", summary_index=0, part={"type": "summary_text", "text": ""}),
    about("response.shell_call_command.delta", command_index=0, delta="a"),
    about("response.web_search_call.completed"),
    about("response.new_tool_call.completed"),
    event("response.output_text.delta", item_id="i", output_index=7, content_index=0, delta="a"),
    event("response.output_text.delta", item_id="i", output_index=-1, content_index=0, delta="a"),
    event("response.audio.delta", delta="AA=="),
    event("keepalive"),
    event("response.output_item.added", output_index=0, item={"type": "new_tool_call", "status": "?"}),
    event("response.output_item.added", output_index=0, item=MESSAGE),
    event("response.output_item.added", output_index=0, item=REASONING),
    event("response.in_progress", response=response()),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(ANY), max_size=12))
def test_events_that_do_not_fit_together_do_no_harm(events: list[Any]) -> None:
    so_far = response_so_far([CREATED, *events])
    assert so_far is not None
    assert so_far.id == "resp_1"
    json.encode(to_plain(so_far))


@pytest.mark.parametrize("strange", [ANY[9], ANY[10], ANY[11], ANY[12], ANY[13]], ids=lambda one: one.type)
def test_what_is_not_understood_changes_nothing(strange: Any) -> None:
    assert told(MESSAGE, TEXT, strange) == told(MESSAGE, TEXT)


def test_an_item_that_nobody_knows_stays_as_it_came() -> None:
    item: dict[str, object] = {"type": "new_tool_call", "id": "i", "arguments": "", "status": "?"}
    more = about("response.function_call_arguments.delta", delta="a")
    assert told(item, TEXT, more, about("response.new_tool_call.completed")) == item
