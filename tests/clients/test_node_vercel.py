"""The AI SDK of Vercel with its provider for the Responses API, against the service over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from node_clients import ANIMALS, STORY, Scenarios, run


def refused(message: str, *, param: str = "input", code: str | None = None) -> dict[str, Any]:
    return {"status": 400, "code": code, "param": param, "message": message, "again": False}


IT_IS = "It is Lyon: 19 degrees."

EXPECTED: dict[str, Any] = {
    "text": {"text": "Hello!", "finishReason": "stop", "usage": True},
    "toolCalls": {
        "text": IT_IS,
        "calls": [[["weather", {"city": "Lyon"}]], []],
        "results": ["Lyon: 19 degrees"],
        "reasoning": ["Where is Lyon?", None],
    },
    "toolCallsWithoutStore": {"text": IT_IS, "steps": 2},
    "stream": {
        "kinds": ["start", "start-step", "text-start", "text-delta", "text-end", "finish-step", "finish"],
        "text": STORY,
    },
    "streamOfToolCalls": {
        "kinds": [
            *("start", "start-step", "reasoning-start", "reasoning-delta", "reasoning-end"),
            *("tool-input-start", "tool-input-delta", "tool-input-end", "tool-call", "tool-result", "finish-step"),
            *("start-step", "text-start", "text-delta", "text-end", "finish-step", "finish"),
        ],
        "input": {"city": "Lyon"},
        "text": IT_IS,
    },
    "structured": ANIMALS,
    "structuredStream": ANIMALS,
    "chain": ["Hello!", "And then?"],
    "messagesOfTheTurnBefore": "Hello!",
    "noCallForAnOutput": refused("No tool call found for function call output with call_id call_1."),
    "noOutputForACall": refused("No tool output found for function call call_made."),
    "reasoningWithoutItsItem": refused(
        "Item 'rs_1' of type 'reasoning' was provided without its required following item."
    ),
    "chainFromWhatIsNotThere": refused(
        "Previous response with id 'resp_nobody' not found.",
        param="previous_response_id",
        code="previous_response_not_found",
    ),
}


@pytest.fixture(scope="module")
def found() -> Scenarios:
    return run("vercel")


@pytest.mark.parametrize("scenario", EXPECTED)
def test_a_scenario_of_the_ai_sdk(scenario: str, found: Scenarios) -> None:
    assert found[scenario] == {"value": EXPECTED[scenario]}


def test_every_scenario_is_looked_at(found: Scenarios) -> None:
    assert found.keys() == EXPECTED.keys()
