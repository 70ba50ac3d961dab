"""What the service and the official client have and the specification lacks: it is typed, and comes out as it came."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import UNSET, json, structs
from recorded import PLAIN, kept, read

from puresponse.codecs import (
    CompactionCompactingEvent,
    ConfigurationUpdate,
    CustomTool,
    CustomToolCall,
    FunctionCall,
    FunctionTool,
    GrammarFormat,
    ImageGenerationCall,
    InputAudio,
    PromptCacheHit,
    PromptCacheMiss,
    PromptCacheNoComparison,
    PromptCacheUnavailable,
    PythonFormat,
    Response,
    SteerAcceptedEvent,
    SteerFailedEvent,
    SteerPendingEvent,
    StreamEvent,
    ToolUsage,
    Unknown,
    Wire,
    decode,
    encode,
    to_plain,
)
from puresponse.codecs.lossless.forms import form_of
from puresponse.codecs.lossless.plain import is_sequence

RESPONSE: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "status": "completed",
    "model": "m",
    "output": [],
}
MISALIGNMENT = {
    "detailed_explanation": "The model was about to send a file.",
    "error_type": "potentially_unintended_data_transfer",
    "review_target": "rt_1",
    "steer": {"message": "Ask before anything is sent."},
}
IMAGE_TOKENS = {"image_tokens": 1, "text_tokens": 2}

RESPONSES: dict[str, Any] = {
    "no access program": {"access_programs": None},
    "an access program": {"access_programs": {"cyber": "daybreak_blue"}},
    "images": {"image": {"context_compression": "enabled"}},
    "reasoning withheld": {
        "input_transformations": [
            {"type": "reasoning", "id": "rs_1", "action": "removed", "reason": "model_mismatch"},
        ]
    },
    "a cache that missed": {
        "prompt_cache_diagnostics": {
            "type": "cache_miss",
            "cache_missed_tokens": 12,
            "comparison_reusable_tokens": 1024,
            "reason": "tools_changed",
        }
    },
    "a cache that hit": {"prompt_cache_diagnostics": {"type": "cache_hit"}},
    "how the prompt was cached": {
        "prompt_cache_options": {"mode": "implicit", "ttl": "12h", "comparison_response_id": "resp_0"}
    },
    "what tools used": {
        "tool_usage": {
            "image_gen": {
                "cached_tokens": 3,
                "cached_tokens_details": {"cached_image_tokens": 1, "cached_text_tokens": 2},
                "input_tokens": 3,
                "input_tokens_details": IMAGE_TOKENS,
                "output_tokens": 3,
                "output_tokens_details": IMAGE_TOKENS,
                "total_tokens": 6,
            },
            "web_search": {"num_requests": 2},
        }
    },
    "how long the cache is kept": {
        "usage": {
            "input_tokens": 1,
            "input_tokens_details": {
                "cache_write_tokens": 3,
                "cache_write_tokens_details": {"ttl_12h_tokens": 1, "ttl_30m_tokens": 2},
                "cached_tokens": 0,
            },
            "output_tokens": 2,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 3,
        }
    },
    "a misaligned model": {
        "error": {
            "code": "misalignment_policy_violation",
            "message": "Stopped.",
            "param": None,
            "type": "invalid_request_error",
            "misalignment": MISALIGNMENT,
        }
    },
    "a response that was steered": {"status": "incomplete", "incomplete_details": {"reason": "steered"}},
    "a grammar": {"text": {"format": {"type": "grammar", "grammar": 'start: "x"'}}},
    "Python": {"text": {"format": {"type": "python"}}},
    "tools": {
        "tools": [
            {"type": "function", "name": "f", "parameters": {}, "async": True},
            {"type": "custom", "name": "c", "async": False},
            {
                "type": "namespace",
                "name": "n",
                "description": "",
                "tools": [{"type": "function", "name": "g", "async": True}],
            },
            {
                "type": "image_generation",
                "output_format": "gif",
                "complexity": "low",
                "frame_count": 9,
                "frame_duration_ms": 200,
            },
            {
                "type": "image_generation",
                "output_format": "svg",
                "svg": {"model": "gpt-5", "reasoning": {"effort": "low"}},
            },
        ]
    },
    "items": {
        "output": [
            {"type": "function_call", "id": "fc_1", "call_id": "c", "name": "f", "arguments": "{}", "async": True},
            {"type": "custom_tool_call", "id": "ctc_1", "call_id": "c", "name": "c", "input": "", "async": True},
            {"type": "configuration_update", "id": "cu_1", "reasoning": {"effort": "high"}, "text": None},
            {
                "type": "image_generation_call",
                "id": "ig_1",
                "status": "failed",
                "action": "generate",
                "background": "opaque",
                "error": {
                    "code": "moderation_blocked",
                    "message": "Blocked.",
                    "param": None,
                    "type": "image_generation_error",
                    "moderation_details": {"categories": ["violence"], "moderation_stage": "output"},
                },
                "output_format": "svg",
                "quality": "xhigh",
                "result": None,
                "revised_prompt": "A cat.",
                "size": "1024x1024",
                "svg_usage": {
                    "input_tokens": 1,
                    "model": "m",
                    "output_tokens": 2,
                    "reasoning_tokens": 0,
                    "total_tokens": 3,
                },
            },
        ]
    },
    "audio": {
        "instructions": [
            {
                "type": "message",
                "role": "user",
                "content": [
                    {"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}},
                    {"type": "input_text", "text": "Hi", "prompt_cache_breakpoint": {"mode": "explicit", "ttl": "12h"}},
                ],
            }
        ]
    },
}

STEER = {"id": "steer_1", "previous_response_id": "resp_1"}
EVENTS: list[tuple[type, dict[str, Any]]] = [
    (
        CompactionCompactingEvent,
        {"type": "response.compaction.compacting", "sequence_number": 4, "item_id": "cmp_1", "output_index": 0},
    ),
    (SteerAcceptedEvent, {"type": "response.steer.accepted", "sequence_number": 5, "steer": STEER}),
    (
        SteerPendingEvent,
        {
            "type": "response.steer.pending",
            "sequence_number": 6,
            "steer": STEER,
            "reason": "waiting_for_required_input",
            "required_input": [
                {"type": "function_call_output", "call_id": "c", "name": "f"},
                {"type": "tool_search_output", "call_id": "c", "execution": "client"},
                {"type": "mcp_approval_response", "approval_request_id": "mcpr_1"},
                {"type": "something_new", "call_id": "c"},
            ],
        },
    ),
    (
        SteerFailedEvent,
        {
            "type": "response.steer.failed",
            "sequence_number": 7,
            "steer": {**STEER, "input": [{"role": "user", "content": "Stop."}]},
            "error": {"code": "response_not_active", "message": "It has ended.", "type": "invalid_request_error"},
        },
    ),
]


def decoded(schema: str, body: Any) -> Any:
    """What a body decodes into: typed all over, and equal to the body again."""
    value = decode(schema, json.encode(body)).unwrap()
    assert [*kept(value)] == []
    assert to_plain(value) == body
    assert json.decode(encode(value)) == body
    return value


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_is_typed_all_over_and_comes_out_as_it_came(name: str) -> None:
    body = {**RESPONSE, **RESPONSES[name]}
    decoded("Response", body)
    event = {"type": "response.completed", "sequence_number": 9, "response": body, "stream_id": "lane_1"}
    assert isinstance(decoded("ResponseStreamEvent", event).response, Response)


@pytest.mark.parametrize(("struct", "body"), EVENTS, ids=[body["type"] for _, body in EVENTS])
def test_an_event_is_typed_and_comes_out_as_it_came(struct: type, body: dict[str, Any]) -> None:
    for sent in (body, {**body, "stream_id": "lane_1"}):
        assert type(decoded("ResponseStreamEvent", sent)) is struct


def test_every_event_tells_its_lane_on_a_web_socket() -> None:
    events = form_of(StreamEvent).tagged
    assert [tag for tag, fields in events.items() if "stream_id" not in fields.names] == []


@pytest.mark.parametrize(
    ("struct", "body"),
    [
        (PromptCacheMiss, {"type": "cache_miss", "cache_missed_tokens": 1, "reason": "input_changed"}),
        (PromptCacheHit, {"type": "cache_hit"}),
        (PromptCacheNoComparison, {"type": "comparison_response_not_found"}),
        (PromptCacheUnavailable, {"type": "unavailable"}),
        (Unknown, {"type": "something_new", "tokens": 1}),
    ],
)
def test_what_a_prompt_cache_did_is_told_by_its_type(struct: type, body: dict[str, Any]) -> None:
    response = decode("Response", json.encode({**RESPONSE, "prompt_cache_diagnostics": body})).unwrap()
    assert type(response.prompt_cache_diagnostics) is struct
    assert to_plain(response)["prompt_cache_diagnostics"] == body


def test_the_members_are_of_the_types_that_they_name() -> None:
    def member(name: str) -> Any:
        return decoded("Response", {**RESPONSE, **RESPONSES[name]})

    assert [type(item) for item in member("items").output] == [
        FunctionCall,
        CustomToolCall,
        ConfigurationUpdate,
        ImageGenerationCall,
    ]
    assert type(member("a grammar").text.format) is GrammarFormat
    assert type(member("Python").text.format) is PythonFormat
    assert type(member("audio").instructions[0].content[0]) is InputAudio
    assert member("a misaligned model").error.misalignment.steer.message == "Ask before anything is sent."
    assert member("what tools used").tool_usage.web_search.num_requests == 2


@pytest.mark.parametrize(
    "value",
    [
        FunctionTool(name="f", async_=True),
        CustomTool(name="c", async_=True),
        FunctionCall(call_id="c", name="f", arguments="{}", async_=True),
        CustomToolCall(call_id="c", name="f", input="", async_=True),
    ],
)
def test_what_python_cannot_call_async_is_async_in_json(value: Any) -> None:
    assert to_plain(value)["async"] is True
    assert b'"async":true' in encode(value)
    assert "async_=True" in repr(value)
    assert to_plain(structs.replace(value, async_=None))["async"] is None


def test_what_does_not_fit_async_is_kept_under_that_name_until_it_is_set() -> None:
    body: dict[str, Any] = {"type": "function", "name": "f", "parameters": {}, "async": "yes"}
    tool = decode("FunctionTool", json.encode(body)).unwrap()
    assert (tool.async_, to_plain(tool)) == (UNSET, body)
    assert to_plain(structs.replace(tool, async_=True)) == {**body, "async": True}


def test_what_tools_used_is_typed_in_every_recorded_answer() -> None:
    usages = [usage for _, body in PLAIN for usage in found(read(body), "tool_usage")]
    assert len(usages) >= 1
    assert {type(usage) for usage in usages} == {ToolUsage}


def found(value: Any, name: str) -> list[Any]:
    """What structs anywhere in `value` hold under `name`, where that is anything."""
    if isinstance(value, Wire):
        members = {field: getattr(value, field) for field in value.__struct_fields__}
        inner = [one for member in members.values() for one in found(member, name)]
        return ([members[name]] if members.get(name) else []) + inner
    if is_sequence(value):
        return [one for element in value for one in found(element, name)]
    return []
