"""The validator over the specification lets through what the real service was recorded to answer, and no more.

`AnswersWatched` holds it against every answer of the service in memory, in every test of this project.
"""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json
from recorded import PLAIN, STREAMS
from specification import SCHEMAS
from watched_answers import AnswersWatched
from whole_answers import ALSO, RECORDED, UNKNOWN_TYPES, Answer, compiled, events_of, flaws, flaws_in

from puresponse.core import HttpRequest
from puresponse.transports.memory.faults import Delay, FaultPlan, Rule
from puresponse.transports.memory.service import OPENAI, State, StoredResponse, respond
from puresponse.transports.memory.service.service import begin
from puresponse.transports.memory.transport import MemoryTransport

ANSWERS = {
    *(
        "CompactResource",
        "ConversationItem",
        "ConversationItemList",
        "ConversationResource",
        "ErrorResponse",
        "Response",
    ),
    *("DeletedConversationResource", "ResponseItemList", "TokenCountsResource"),
}
EVENTS = [(name, event) for name, stream in STREAMS.items() for event in events_of(stream.encode())]
RESPONSE = respond(State(), HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Hi"}'), 0.0)[1]


def test_the_recordings_break_these_rules_of_the_specification_and_no_other() -> None:
    broken: dict[str, set[str]] = {}
    for name, body in PLAIN:
        if body.schema in ANSWERS:
            for flaw in flaws(body.schema, body.body):
                broken.setdefault(flaw.rule, set()).add(name)
    for name, event in EVENTS:
        for flaw in flaws("ResponseStreamEvent", event):
            broken.setdefault(flaw.rule, set()).add(name)
    assert {*broken} == {*RECORDED}
    assert [rule for rule, name in RECORDED.items() if name not in broken[rule]] == []


def test_every_answer_that_was_recorded_is_read() -> None:
    assert {body.schema for _, body in PLAIN} & {*SCHEMAS} - ANSWERS == {
        "CompactResponseMethodPublicBody",
        "CreateConversationBody",
        "CreateResponse",
        "TokenCountsBody",
        "UpdateConversationBody",
    }
    assert len(EVENTS) > 1_000


def test_types_are_unknown_to_the_whole_specification() -> None:
    assert [tag for tag in UNKNOWN_TYPES if f'"{tag}"' in json.encode(SCHEMAS).decode()] == []
    assert [union for union, tag in ALSO if tag not in compiled(union)["byType"]] == []


def answer(value: Any, path: str = "/responses", *, method: str = "POST", status: int = 200) -> Answer:
    return Answer(method, path, OPENAI, status, json.encode(value), is_stream=False)


def changed(change: Any, *path: str | int) -> dict[str, Any]:
    """A whole response with another value at a place, or without it if that is `...`."""
    body: dict[str, Any] = json.decode(RESPONSE.body)
    place: Any = body
    for step in path[:-1]:
        place = place[step]
    if change is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = change
    return body


CHANGES: list[tuple[Any, tuple[str | int, ...], str]] = [
    (..., ("tools",), "Response.required.tools"),
    (..., ("output", 0, "id"), "OutputMessage.required.id"),
    (..., ("output", 0, "status"), "OutputMessage.required.status"),
    (..., ("output", 0, "content", 0, "annotations"), "OutputTextContent.required.annotations"),
    (..., ("usage", "output_tokens_details"), "ResponseUsage.required.output_tokens_details"),
    (..., ("usage", "output_tokens_details", "reasoning_tokens"), "ResponseUsage.output_tokens_details.required."),
    ("done", ("status",), "Response.status.enum"),
    ("user", ("output", 0, "role"), "OutputMessage.role.enum"),
    ({"type": "novel"}, ("output", 0), "OutputItem.byType"),
    ([{"type": "function", "name": "f", "parameters": {}}], ("tools",), "FunctionTool.required.strict"),
    (3.0, ("temperature",), "Response.temperature.maximum"),
    (None, ("output",), "Response.output.type"),
    (1.5, ("usage", "input_tokens"), "ResponseUsage.input_tokens.type"),
    (5, ("usage", "tokens"), "ResponseUsage.known.tokens"),
    ("x", ("output", 0, "name"), "OutputMessage.known.name"),
]


@pytest.mark.parametrize(("change", "path", "rule"), CHANGES)
def test_what_is_not_whole_is_found_with_its_rule(change: Any, path: tuple[str | int, ...], rule: str) -> None:
    assert [*flaws_in(answer(json.decode(RESPONSE.body)))] == []
    (flaw,) = flaws_in(answer(changed(change, *path)))
    assert flaw.rule.startswith(rule)


def test_events_errors_and_lists_are_read_too() -> None:
    event = b'data: {"type":"response.queued","sequence_number":1}\n\n'
    assert [flaw.rule for flaw in flaws_in(Answer("POST", "/responses", OPENAI, 200, event, is_stream=True))] == [
        "ResponseQueuedEvent.required.response"
    ]
    error = {"error": {"message": "No.", "type": "invalid_request_error", "param": None}}
    assert [flaw.rule for flaw in flaws_in(answer(error, status=400))] == ["Error.required.code"]
    page: dict[str, Any] = {"object": "list", "data": [], "first_id": None, "last_id": None}
    listed = answer(page, "/responses/resp_1/input_items", method="GET")
    assert [flaw.rule for flaw in flaws_in(listed)] == ["ResponseItemList.required.has_more"]
    assert [flaw.rule for flaw in flaws_in(answer({"id": "resp_1"}, "/responses/resp_1", method="DELETE"))] == [
        "Deleted.required.object",
        "Deleted.required.deleted",
    ]
    with pytest.raises(AssertionError, match="has no answer"):
        list(flaws_in(answer(0, "/nowhere")))


def test_answers_are_watched_in_every_test() -> None:
    watched = getattr(begin, "__self__", None)
    assert isinstance(watched, AnswersWatched)
    odd = StoredResponse({"id": "resp_odd"}, (), {})
    request = HttpRequest("GET", "/responses/resp_odd")
    for transport in (
        MemoryTransport(State().having(odd)),
        MemoryTransport(State().having(odd), faults=FaultPlan((Rule(Delay(0.0)),))),
    ):
        transport(request).unwrap()
        assert any("Response.required.model" in flaw for flaw in watched.found())
        watched.forget()
    test = watched.pytest_runtest_call()
    next(test)
    respond(State().having(odd), request, 0.0)
    with pytest.raises(AssertionError, match=r"GET /responses/resp_odd: : Response\.required\.object"):
        test.send(None)
    respond(State().having(odd), request, 0.0)
    assert any("Response.required.model" in flaw for flaw in watched.found())
    watched.forget()
