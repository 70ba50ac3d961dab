"""Items are completed as their schemas require, or refused with the place."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json

from puresponse.core import HttpRequest
from puresponse.transports.memory.scripts.completion import MADE, WrongItem, complete_item
from puresponse.transports.memory.scripts.model_input import ModelInput
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.memory.validation.request_table import item_table

LEAST: dict[str, dict[str, Any]] = {
    "message": {},
    "reasoning": {},
    "function_call": {"name": "f"},
    "function_call_output": {"output": [{"type": "input_image"}]},
    "custom_tool_call": {"name": "f", "input": "x"},
    "custom_tool_call_output": {"call_id": "call_1", "output": "x"},
    "file_search_call": {},
    "web_search_call": {},
    "image_generation_call": {},
    "code_interpreter_call": {},
    "computer_call": {},
    "computer_call_output": {"call_id": "call_1", "output": {}},
    "local_shell_call": {"action": {"command": ["ls"]}},
    "local_shell_call_output": {"call_id": "call_1", "output": "x"},
    "shell_call": {"action": {"commands": ["ls"]}},
    "shell_call_output": {"call_id": "call_1", "output": [{}]},
    "apply_patch_call": {"operation": {"type": "delete_file", "path": "x"}},
    "apply_patch_call_output": {"call_id": "call_1"},
    "program": {"code": "1", "fingerprint": "x"},
    "program_output": {"call_id": "call_1", "result": "1"},
    "mcp_call": {"server_label": "dice", "name": "roll"},
    "mcp_list_tools": {"server_label": "dice"},
    "mcp_approval_request": {"server_label": "dice", "name": "roll"},
    "mcp_approval_response": {"approval_request_id": "mcpr_1", "approve": True},
    "tool_search_call": {},
    "tool_search_output": {"tools": [{"type": "function", "name": "f"}]},
    "additional_tools": {"tools": [{"type": "mcp", "server_label": "dice"}]},
    "compaction": {"encrypted_content": "x"},
}
"""What a script has to say of an item of a type: all of the rest goes without saying."""


def types() -> set[str]:
    return {*item_table()["OutputItem"]["byType"]}


def test_the_least_is_known_of_every_type() -> None:
    assert {*LEAST} == types()


@pytest.mark.parametrize("kind", LEAST)
def test_the_least_is_completed_once_and_for_all(kind: str) -> None:
    given = {"type": kind, **LEAST[kind]}
    before = json.encode(given)
    whole = complete_item(given)
    assert json.encode(given) == before
    assert complete_item(whole) is whole


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, least in LEAST.items() for name in least])
def test_less_than_the_least_is_refused_with_the_place(kind: str, name: str) -> None:
    given = {"type": kind, **LEAST[kind]}
    del given[name]
    optional = {"local_shell_call_output": "call_id", "tool_search_output": "tools", "additional_tools": "tools"}
    if optional.get(kind) == name:
        return
    with pytest.raises(WrongItem, match=rf"^Missing required parameter: 'output\[3\]\.{name}'\.$"):
        complete_item(given, "output[3]")


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"type": "function_call", "name": 5}, "Invalid type for 'item.name': expected a string, but got an integer"),
        ({"type": "message", "status": "done"}, "Invalid value: 'done'. Supported values are: 'in_progress',"),
        ({"type": "message", "role": "user"}, "Invalid value: 'user'. Supported values are: 'assistant'."),
        ({"type": "message", "content": 5}, "Invalid type for 'item.content': expected an array of objects"),
        ({"type": "message", "content": [{"type": "output_text"}]}, "Missing required parameter: 'item.content[0].tex"),
        (
            {
                "type": "message",
                "content": [{"type": "output_text", "text": "x", "annotations": [{"type": "file_path"}]}],
            },
            "Missing required parameter: 'item.content[0].annotations[0].",
        ),
        ({"type": "web_search_call", "action": {"type": "open_page", "url": 5}}, "Invalid type for 'item.action.url'"),
        ({}, "Missing required parameter: 'item.type'."),
        ({"type": 5}, "Invalid type for 'item.type': expected a string, but got an integer instead."),
        ("text", "Invalid type for 'item': expected an object, but got a string instead."),
    ],
)
def test_what_no_schema_allows_is_refused_with_the_place(item: Any, words: str) -> None:
    with pytest.raises(WrongItem) as caught:
        complete_item(item)
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(
    "item",
    [
        {"type": "hunch", "certainty": 0.5},
        {"type": "message", "status": "completed", "role": "assistant", "content": [{"type": "hologram"}]},
        {"type": "compaction", "encrypted_content": "x", "novelty": 5},
    ],
)
def test_what_nobody_knows_passes_as_it_is(item: Any) -> None:
    assert complete_item(item) is item


def test_tokens_of_log_probabilities_have_their_bytes() -> None:
    told = [{"token": "é", "logprob": -0.1, "top_logprobs": [{"token": "e", "logprob": -3.0}]}]
    (item,) = Reply.text("é", logprobs=told).output
    assert item["content"][0]["logprobs"] == [
        {
            "token": "é",
            "logprob": -0.1,
            "bytes": [195, 169],
            "top_logprobs": [{"token": "e", "logprob": -3.0, "bytes": [101]}],
        },
    ]


def test_a_reply_is_whole_when_it_is_built() -> None:
    assert Reply.item({"type": "custom_tool_call", "name": "f", "input": "x"}).output[0]["status"] == "completed"
    with pytest.raises(WrongItem, match=r"'output\[1\]\.name'"):
        Reply(output=(*Reply.text("x").output, {"type": "function_call"}))


def test_a_function_that_makes_a_wrong_reply_is_refused_with_the_number_and_the_place() -> None:
    def script(prompt: ModelInput) -> Reply:
        return Reply.text("x") if prompt.number == 1 else Reply.item({"type": "function_call"})

    transport = MemoryTransport.empty(script=script)
    request = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"x"}')
    assert transport(request).unwrap().status == 200
    answer = transport(request).unwrap()
    error = json.decode(answer.body)["error"]
    assert (answer.status, error["code"]) == (400, "wrong_reply")
    assert error["message"].endswith("a wrong reply, its number 2: Missing required parameter: 'output[0].name'.")


def made(item: dict[str, Any]) -> dict[str, Any]:
    transport = MemoryTransport.empty(script=Reply.item(item))
    request = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"x"}')
    made: dict[str, Any] = json.decode(transport(request).unwrap().body)["output"][0]
    return made


@pytest.mark.parametrize("kind", LEAST)
def test_every_item_has_the_ids_that_its_schema_requires(kind: str) -> None:
    item = made({"type": kind, **LEAST[kind]})
    assert item["id"].partition("_")[0] != "item"
    for name, prefix in MADE.get(kind, {}).items():
        assert item[name].startswith(f"{prefix}_")
        assert made({"type": kind, **LEAST[kind], name: "mine"})[name] == "mine"
