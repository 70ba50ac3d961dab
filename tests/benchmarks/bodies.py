"""What the benchmarks decode: a cancelled response, a deletion and a page of 100 items, shaped as recorded."""

from __future__ import annotations

from typing import Any

from msgspec import json

RESPONSE_ID = "resp_0a3365ff556124e80068c9ef39d03881939a80f61fb572fe25"

RESPONSE: dict[str, Any] = {
    "id": RESPONSE_ID,
    "object": "response",
    "created_at": 1758064441,
    "status": "cancelled",
    "background": True,
    "error": None,
    "incomplete_details": None,
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "model": "gpt-4.1-mini-2025-04-14",
    "output": [],
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "prompt_cache_key": None,
    "reasoning": {"effort": None, "summary": None},
    "safety_identifier": None,
    "service_tier": "auto",
    "store": True,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}, "verbosity": "medium"},
    "tool_choice": "auto",
    "tools": [],
    "top_logprobs": 0,
    "top_p": 1.0,
    "truncation": "disabled",
    "usage": None,
    "user": None,
    "metadata": {},
}

DELETED: dict[str, Any] = {"id": RESPONSE_ID, "object": "response.deleted", "deleted": True}


def message(index: int) -> dict[str, Any]:
    return {
        "id": f"msg_01084c3c8744da500068c9f1d67da4819587bf15a2{index:08x}",
        "type": "message",
        "status": "completed",
        "content": [{"type": "input_text", "text": f"Item {index} of a list that somebody wants to audit"}],
        "role": "user",
    }


def page(start: int = 0, count: int = 100, *, has_more: bool = True) -> dict[str, Any]:
    data = [message(index) for index in range(start, start + count)]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"],
        "has_more": has_more,
        "last_id": data[-1]["id"],
    }


RESPONSE_BODY = json.encode(RESPONSE)
DELETED_BODY = json.encode(DELETED)
PAGE_BODY = json.encode(page())
