"""Sample responses: what the service in memory starts with, so that everything can be tried without a key.

Their ids say what they are. They stay as they are however much time passes: a queued one waits for being cancelled.
"""

from __future__ import annotations

from typing import Any

from ....codecs.lossless.plain import JsonObject
from .state import Entry, State, StoredConversation, stored

CREATED_AT = 1_750_000_000
"""When the first of them was made: 15 June 2025. The others follow, a minute apart."""

LONG = 250
"""How many input items `resp_long` has."""


def sample_state() -> State:
    """A service that holds the sample responses, which `stored` has made: it meets no `ValueError` of theirs.

    | id | what it is |
    |---|---|
    | `resp_completed` | completed, made without `background`: cannot be cancelled |
    | `resp_completed_background` | completed, made with `background` |
    | `resp_queued`, `resp_in_progress` | made with `background`: can be cancelled |
    | `resp_cancelled`, `resp_failed`, `resp_incomplete` | made with `background`, and how they ended |
    | `resp_chat` | five input items: messages, a function call and its output, one of a type that nobody knows |
    | `resp_long` | 250 input items, `msg_long_001` to `msg_long_250`: pages to turn |
    | `conv_weather` | a conversation of two messages, `msg_weather_1` and `msg_weather_2` |

    >>> from puresponse import MemoryTransport, retrieve_response, run
    >>> run(retrieve_response("resp_queued"), MemoryTransport(sample_state())).map(lambda response: response.status)
    <Success: queued>
    """
    hello = _message("msg_hello", _text("Hello, model!"))
    error = {"code": "server_error", "message": "The model failed to generate a response."}
    cut_off = _answer("incomplete", "Mango sun-kissed sweet,", status="incomplete")
    samples = (
        (_body("completed", output=[_answer("completed", "Hello! How can I assist you today?")]), (hello,)),
        (_body("completed_background", background=True, output=[_answer("background", "Hello!")]), (hello,)),
        (_body("queued", status="queued", background=True), (hello,)),
        (_body("in_progress", status="in_progress", background=True), (hello,)),
        (_body("cancelled", status="cancelled", background=True), (hello,)),
        (_body("failed", status="failed", background=True, error=error), (hello,)),
        (
            _body(
                "incomplete",
                status="incomplete",
                background=True,
                incomplete_details={"reason": "max_output_tokens"},
                max_output_tokens=16,
                output=[cut_off],
            ),
            (hello,),
        ),
        (_body("chat", output=[_answer("chat", "Nineteen degrees, and sunny.")]), _CHAT),
        (
            _body("long", output=[_answer("long", "That was a long list.")]),
            tuple(_message(f"msg_long_{n:03d}", _text(f"Line {n} of {LONG}.")) for n in range(1, LONG + 1)),
        ),
    )
    state = State(models=sample_models()).having_conversation(_WEATHER)
    for minute, (body, items) in enumerate(samples):
        state = state.having(stored({**body, "created_at": CREATED_AT + 60 * minute}, items))
    return state


def sample_models() -> tuple[JsonObject, ...]:
    """The models that `/models` lists: a few of OpenAI's, and one that is fine-tuned and so can be deleted."""
    names = (("gpt-4o-mini", "system"), ("gpt-4.1-mini", "system"), ("gpt-5-mini", "system"), ("o4-mini", "system"))
    tuned = ("ft:gpt-4o-mini-2024-07-18:example::sample", "example")
    return tuple(
        {"id": name, "object": "model", "created": CREATED_AT, "owned_by": owner} for name, owner in (*names, tuned)
    )


def _text(text: str) -> JsonObject:
    return {"type": "input_text", "text": text}


def _message(item_id: str, *content: JsonObject) -> JsonObject:
    return {"id": item_id, "type": "message", "status": "completed", "content": list(content), "role": "user"}


def _answer(name: str, text: str, *, status: str = "completed") -> JsonObject:
    part: JsonObject = {"type": "output_text", "annotations": [], "logprobs": [], "text": text}
    return {"id": f"msg_{name}", "type": "message", "status": status, "content": [part], "role": "assistant"}


_CHAT: tuple[JsonObject, ...] = (
    _message(
        "msg_chat_1",
        _text("What is the weather where this picture was taken?"),
        {
            "type": "input_image",
            "detail": "auto",
            "file_id": None,
            "image_url": "https://example.com/lyon.jpg",
        },
    ),
    {
        "id": "fc_chat_2",
        "type": "function_call",
        "status": "completed",
        "arguments": '{"city":"Lyon"}',
        "call_id": "call_chat_2",
        "name": "get_weather",
    },
    {
        "id": "fco_chat_3",
        "type": "function_call_output",
        "status": "completed",
        "call_id": "call_chat_2",
        "output": '{"celsius":19,"sky":"sunny"}',
    },
    {"id": "hunch_chat_4", "type": "hunch", "certainty": 0.75, "about": ["Lyon", "sunshine"]},
    _message("msg_chat_5", _text("In words, please.")),
)


_WEATHER = StoredConversation(
    {"id": "conv_weather", "object": "conversation", "created_at": CREATED_AT, "metadata": {"topic": "weather"}},
    (
        Entry(_message("msg_weather_1", _text("How is the weather in Lyon?"))),
        Entry(_answer("weather_2", "Nineteen degrees, and sunny.")),
    ),
)


def _body(name: str, *, status: str = "completed", **fields: Any) -> JsonObject:
    """A body as the real service sends it; what the recordings hold, with `fields` in their places."""
    answered = status in ("completed", "incomplete")
    usage = {
        "input_tokens": 11,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 10,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 21,
    }
    return {
        "id": f"resp_{name}",
        "object": "response",
        "created_at": CREATED_AT,
        "status": status,
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "max_output_tokens": None,
        "max_tool_calls": None,
        "model": "gpt-4o-mini-2024-07-18",
        "output": [],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "prompt_cache_key": None,
        "reasoning": {"effort": None, "summary": None},
        "safety_identifier": None,
        "service_tier": "default" if answered else "auto",
        "store": True,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}, "verbosity": "medium"},
        "tool_choice": "auto",
        "tools": [],
        "top_logprobs": 0,
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": usage if answered else None,
        "user": None,
        "metadata": {},
        **fields,
    }
