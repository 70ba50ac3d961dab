"""What decoding and encoding without loss costs beside plain msgspec with structs written by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from benchmarking import compare
from msgspec import UNSET, Struct, json

from puresponse.codecs import Unknown, decode_input_items, decode_response, encode

pytestmark = pytest.mark.benchmark

BOUND = 1.15
BOUND_WITH_AN_UNKNOWN_ITEM = 2.0
BOUND_ON_IMPORT = 1.6


class Annotation(Struct, tag_field="type", tag="url_citation"):
    end_index: int
    start_index: int
    title: str
    url: str


class OutputText(Struct, tag_field="type", tag="output_text"):
    text: str
    annotations: list[Annotation]
    logprobs: list[dict[str, Any]]


class InputText(Struct, tag_field="type", tag="input_text"):
    text: str


class Message(Struct, tag_field="type", tag="message"):
    id: str
    role: str
    status: str
    content: list[OutputText | InputText]


class FunctionCall(Struct, tag_field="type", tag="function_call"):
    id: str
    call_id: str
    name: str
    arguments: str
    status: str


class FunctionCallOutput(Struct, tag_field="type", tag="function_call_output"):
    id: str
    call_id: str
    output: str
    status: str


class Summary(Struct, tag_field="type", tag="summary_text"):
    text: str


class Reasoning(Struct, tag_field="type", tag="reasoning"):
    id: str
    summary: list[Summary]


class FunctionTool(Struct, tag_field="type", tag="function"):
    name: str
    description: str | None
    parameters: dict[str, Any] | None
    strict: bool | None


class WebSearchTool(Struct, tag_field="type", tag="web_search"):
    search_context_size: str


class ReasoningOptions(Struct):
    effort: str | None
    summary: str | None


class Format(Struct):
    type: str


class TextOptions(Struct):
    format: Format
    verbosity: str


class InputDetails(Struct):
    cached_tokens: int


class OutputDetails(Struct):
    reasoning_tokens: int


class Usage(Struct):
    input_tokens: int
    input_tokens_details: InputDetails
    output_tokens: int
    output_tokens_details: OutputDetails
    total_tokens: int


class Billing(Struct):
    payer: str


class ResponseByHand(Struct):
    id: str
    object: str
    created_at: int
    status: str
    background: bool
    billing: Billing
    error: dict[str, Any] | None
    incomplete_details: dict[str, Any] | None
    instructions: str | None
    max_output_tokens: int | None
    max_tool_calls: int | None
    model: str
    output: list[Message | FunctionCall | Reasoning]
    parallel_tool_calls: bool
    previous_response_id: str | None
    prompt_cache_key: str | None
    reasoning: ReasoningOptions
    safety_identifier: str | None
    service_tier: str
    store: bool
    temperature: float
    text: TextOptions
    tool_choice: str
    tools: list[FunctionTool | WebSearchTool]
    top_logprobs: int
    top_p: float
    truncation: str
    usage: Usage | None
    user: str | None
    metadata: dict[str, str]


class ListByHand(Struct):
    object: str
    data: list[Message | FunctionCall | FunctionCallOutput]
    first_id: str
    last_id: str
    has_more: bool


def message(number: int) -> dict[str, Any]:
    if number % 2:
        content: dict[str, Any] = {"type": "input_text", "text": "What is the weather like in Boston today? " * 3}
    else:
        citation = {
            "type": "url_citation",
            "end_index": 80,
            "start_index": 10,
            "title": "Boston weather",
            "url": "https://example.com/weather/boston?utm_source=openai",
        }
        words = "The weather in Boston is fine and sunny today, with light winds.\n" * 8
        content = {"type": "output_text", "annotations": [citation], "logprobs": [], "text": words}
    role = "user" if number % 2 else "assistant"
    return {"id": f"msg_{number:050}", "type": "message", "status": "completed", "content": [content], "role": role}


def call(number: int) -> dict[str, Any]:
    return {
        "id": f"fc_{number:050}",
        "type": "function_call",
        "status": "completed",
        "arguments": '{"location":"Boston","unit":"celsius"}',
        "call_id": f"call_{number:024}",
        "name": "get_weather",
    }


def called(number: int) -> dict[str, Any]:
    return {
        "id": f"fco_{number:050}",
        "type": "function_call_output",
        "status": "completed",
        "call_id": f"call_{number:024}",
        "output": '{"temperature": 21, "conditions": "sunny"}',
    }


UNKNOWN = {
    "id": f"qc_{0:050}",
    "type": "quantum_call",
    "status": "completed",
    "qubits": [{"index": 0, "state": {"alpha": 0.6, "beta": 0.8}}],
    "source": "OPENQASM 3.0; qubit q; h q; measure q;",
}


def page(unknown: int | None = None) -> bytes:
    """A page of 100 items, of which one may be unknown, as the service writes it: the JSON spaced as recorded."""
    data = [(message, call, called)[number % 3](number) for number in range(100)]
    if unknown is not None:
        data[unknown] = UNKNOWN
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]}
    return json.format(json.encode({"object": "list", "data": data, **ends, "has_more": True}), indent=2)


REASONING = {
    "id": f"rs_{0:050}",
    "type": "reasoning",
    "summary": [{"type": "summary_text", "text": "Look it up. " * 20}],
}

FUNCTION = {
    "type": "function",
    "description": "The weather in a place, now.",
    "name": "get_weather",
    "parameters": {
        "type": "object",
        "properties": {"location": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}},
        "required": ["location", "unit"],
        "additionalProperties": False,
    },
    "strict": True,
}

RESPONSE = json.format(
    json.encode(
        {
            "id": f"resp_{0:050}",
            "object": "response",
            "created_at": 1758064441,
            "status": "completed",
            "background": False,
            "billing": {"payer": "developer"},
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "max_output_tokens": None,
            "max_tool_calls": None,
            "model": "gpt-5-mini-2025-08-07",
            "output": [REASONING, call(0), message(0), message(2), message(4)],
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "prompt_cache_key": None,
            "reasoning": {"effort": "medium", "summary": None},
            "safety_identifier": None,
            "service_tier": "default",
            "store": True,
            "temperature": 1.0,
            "text": {"format": {"type": "text"}, "verbosity": "medium"},
            "tool_choice": "auto",
            "tools": [FUNCTION, {"type": "web_search", "search_context_size": "medium"}],
            "top_logprobs": 0,
            "top_p": 1.0,
            "truncation": "disabled",
            "usage": {
                "input_tokens": 75,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": 410,
                "output_tokens_details": {"reasoning_tokens": 256},
                "total_tokens": 485,
            },
            "user": None,
            "metadata": {"purpose": "benchmark"},
        }
    ),
    indent=2,
)

decode_response_by_hand = json.Decoder(ResponseByHand).decode
decode_list_by_hand = json.Decoder(ListByHand).decode
encode_by_hand = json.Encoder().encode

PLACES = [pytest.param(place, id=f"unknown item at {place}") for place in (0, 50, 99)]


def check(name: str, floor: Callable[[], object], ours: Callable[[], object], calls: int, bound: float) -> None:
    comparison = compare(floor, ours, calls=calls)
    comparison.report(name, bound)
    assert comparison.ratio <= bound


def test_a_response_is_decoded_as_fast_as_by_hand() -> None:
    assert decode_response(RESPONSE).unwrap().unknown_fields is UNSET
    check(
        "decode a response",
        lambda: decode_response_by_hand(RESPONSE),
        lambda: decode_response(RESPONSE),
        calls=500,
        bound=BOUND,
    )


def test_a_page_is_decoded_as_fast_as_by_hand() -> None:
    body = page()
    check(
        "decode 100 items", lambda: decode_list_by_hand(body), lambda: decode_input_items(body), calls=100, bound=BOUND
    )


@pytest.mark.parametrize("place", PLACES)
def test_a_page_with_one_unknown_item_is_decoded_in_at_most_twice_the_time(place: int) -> None:
    known, unknown = page(), page(place)
    assert isinstance(decode_input_items(unknown).unwrap().data[place], Unknown)
    check(
        f"decode 100 items, the one at {place} unknown",
        lambda: decode_list_by_hand(known),
        lambda: decode_input_items(unknown),
        calls=100,
        bound=BOUND_WITH_AN_UNKNOWN_ITEM,
    )


def test_a_response_is_encoded_as_fast_as_by_hand() -> None:
    by_hand, ours = decode_response_by_hand(RESPONSE), decode_response(RESPONSE).unwrap()
    assert json.decode(encode(ours)) == json.decode(RESPONSE)
    check("encode a response", lambda: encode_by_hand(by_hand), lambda: encode(ours), calls=1000, bound=BOUND)


def test_a_page_is_encoded_as_fast_as_by_hand() -> None:
    by_hand, ours = decode_list_by_hand(page()), decode_input_items(page()).unwrap()
    check("encode 100 items", lambda: encode_by_hand(by_hand), lambda: encode(ours), calls=200, bound=BOUND)


@pytest.mark.parametrize("place", PLACES)
def test_a_page_with_one_unknown_item_is_encoded_in_at_most_twice_the_time(place: int) -> None:
    by_hand, ours = decode_list_by_hand(page()), decode_input_items(page(place)).unwrap()
    assert json.decode(encode(ours)) == json.decode(page(place))
    check(
        f"encode 100 items, the one at {place} unknown",
        lambda: encode_by_hand(by_hand),
        lambda: encode(ours),
        calls=200,
        bound=BOUND_WITH_AN_UNKNOWN_ITEM,
    )


def test_importing_core_and_codecs_with_every_type_defined_costs_little(tmp_path: Path) -> None:
    """In fresh processes, with bytecode at hand, as after the first import anywhere."""
    codes = {
        "parts": "import msgspec, returns.result",
        "core and codecs": "import puresponse.core, puresponse.codecs",
        "core and codecs, every type": "import puresponse.core, puresponse.codecs.schema_table",
    }
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path)
    times = {name: float("inf") for name in codes}
    for _ in range(20):
        for name, code in codes.items():
            program = f"import time\nstarted = time.perf_counter()\n{code}\nprint(time.perf_counter() - started)"
            run = subprocess.run(
                [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
            )
            times[name] = min(times[name], float(run.stdout))
    for name, took in times.items():
        print(f"{name}: {took * 1e3:.1f} ms, {took / times['parts']:.2f} x msgspec and returns.result")
    assert times["core and codecs, every type"] <= BOUND_ON_IMPORT * times["parts"]
