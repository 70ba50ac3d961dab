"""The official client for JavaScript, against the service over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from node_clients import ANIMALS, STORY, Scenarios, run


def refused(message: str, *, param: str | None = None, code: str | None = None, status: int = 400) -> dict[str, Any]:
    """The error that the client throws: its message has the status before it."""
    kind = {400: "BadRequestError", 404: "NotFoundError"}[status]
    return {"kind": kind, "status": status, "code": code, "param": param, "message": f"{status} {message}"}


EXPECTED: dict[str, Any] = {
    "text": {"output_text": "Hello!", "status": "completed", "usage": True},
    "toolCall": {
        "kinds": ["reasoning", "function_call"],
        "name": "get_weather",
        "city": "Lyon",
        "said": "It is Lyon: 19 degrees.",
    },
    "toolCallInAChain": "It is 19 degrees.",
    "stream": {
        "kinds": [
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed",
        ],
        "text": STORY,
        "inOrder": True,
    },
    "streamOfAToolCall": {"joined": True, "done": '{"city":"Lyon"}', "kinds": ["reasoning", "function_call"]},
    "structured": ANIMALS,
    "structuredStream": ANIMALS,
    "refusalOfTheModel": {"type": "refusal", "refusal": "I cannot help with that."},
    "background": {"first": "queued", "seen": ["queued", "in_progress", "completed"], "text": "Done."},
    "backgroundStreamThatIsResumed": {"end": "response.completed", "inOrder": True},
    "cancel": ["cancelled", "cancelled", "cancelled"],
    "cancelOfAForegroundResponse": refused("Cannot cancel a synchronous response."),
    "delete": [refused("Response with id 'resp_deleted' not found.", status=404)] * 2,
    "paging": {"asc": [*range(45)], "desc": [*range(44, -1, -1)], "pages": [20, 20, 5]},
    "conversation": ["user: Hello!", "assistant: Hello!"],
    "countAndCompact": {"tokens": 3, "kinds": ["message", "compaction"]},
    "models": True,
    "noOutputForACall": refused("No tool output found for function call call_1.", param="input"),
    "noCallForAnOutput": refused("No tool call found for function call output with call_id call_1.", param="input"),
    "reasoningWithoutItsItem": refused(
        "Item 'rs_1' of type 'reasoning' was provided without its required following item.", param="input"
    ),
    "foreignId": refused(
        "Invalid 'input[0].id': 'chatcmpl-1'. Expected an ID that begins with 'msg'.",
        param="input[0].id",
        code="invalid_value",
    ),
    "chainFromWhatWasDeleted": refused(
        "Previous response with id 'resp_deleted' not found.",
        param="previous_response_id",
        code="previous_response_not_found",
    ),
}


@pytest.fixture(scope="module")
def found() -> Scenarios:
    return run("openai")


@pytest.mark.parametrize("scenario", EXPECTED)
def test_a_scenario_of_the_official_client(scenario: str, found: Scenarios) -> None:
    assert found[scenario] == {"value": EXPECTED[scenario]}


def test_every_scenario_is_looked_at(found: Scenarios) -> None:
    assert found.keys() == EXPECTED.keys()
