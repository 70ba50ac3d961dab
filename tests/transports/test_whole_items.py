"""Items are completed as their schemas require, or refused with the place."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from msgspec import json
from recorded import PLAIN
from request_examples import TABLE, example

from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports.memory.scripts.completion import MADE, WrongItem, complete_item
from puresponse.transports.memory.scripts.id_prefixes import id_prefix
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
        (
            {"type": "function_call", "name": "f", "id": "mine_1"},
            "Invalid 'item.id': 'mine_1'. Expected an ID that begins with 'fc'.",
        ),
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


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("role", "user", "Invalid value: 'user'. Supported values are: 'assistant'."),
        ("status", "done", "Invalid value: 'done'."),
        ("text", 5, "Invalid type for 'output[0].content[0].text'"),
        ("annotations", [1], "Invalid type for 'output[0].content[0].annotations[0]'"),
        ("logprobs", [1], "Invalid type for 'output[0].content[0].logprobs[0]'"),
    ],
)
def test_a_message_that_says_one_text_is_read_like_any_other(member: str, value: Any, words: str) -> None:
    (item,) = Reply.text("x").output
    (part,) = item["content"]
    odd = {**item, member: value} if member in item else {**item, "content": [{**part, member: value}]}
    with pytest.raises(WrongItem) as caught:
        Reply(output=(odd,))
    assert str(caught.value).startswith(words)


def test_a_reply_is_whole_when_it_is_built() -> None:
    assert Reply.item({"type": "custom_tool_call", "name": "f", "input": "x"}).output[0]["status"] == "completed"
    with pytest.raises(WrongItem, match=r"'output\[1\]\.name'"):
        Reply(output=(*Reply.text("x").output, {"type": "function_call"}))


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (
            {"usage": {"input_tokens": "7"}},
            "Invalid type for 'usage.input_tokens': expected an integer, but got a string",
        ),
        ({"usage": {"output_tokens": -1}}, "Invalid 'usage.output_tokens': integer below minimum value."),
        (
            {"usage": {"output_tokens_details": {"reasoning_tokens": None}}},
            "Invalid type for 'usage.output_tokens_detai",
        ),
        ({"usage": {"input_tokens_details": 1}}, "Invalid type for 'usage.input_tokens_details': expected an object"),
        ({"error": {"code": "server_error"}}, "Missing required parameter: 'error.message'."),
        ({"error": {"code": 5, "message": "x"}}, "Invalid type for 'error.code': expected a string"),
        ({"incomplete_details": {}}, "Missing required parameter: 'incomplete_details.reason'."),
    ],
)
def test_an_ending_is_whole_too(ending: dict[str, Any], words: str) -> None:
    with pytest.raises(WrongItem) as caught:
        Reply(**ending)
    assert str(caught.value).startswith(words)


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


# Answers and events, which the validator over the specification reads after each test (`AnswersWatched`)


def posted(transport: MemoryTransport, path: str, body: Any) -> HttpResponse:
    answer = transport(HttpRequest("POST", path, body=json.encode(body))).unwrap()
    assert answer.status == 200, answer.body
    return answer


@pytest.mark.parametrize("kind", LEAST)
def test_every_item_is_whole_in_events_in_lists_and_in_conversations(kind: str) -> None:
    item = {"type": kind, **LEAST[kind]}
    transport = MemoryTransport.empty(script=[Reply.item(item) + Reply.text("x"), Reply.item(item), "x"])
    conversation = json.decode(posted(transport, "/conversations", {}).body)["id"]
    given = {"model": "m", "input": "Hi", "stream": True, "include": INCLUDED}
    told = posted(transport, "/responses", {**given, "conversation": conversation}).body
    assert f'"type":"{kind}"'.encode() in told
    listed = transport(HttpRequest("GET", f"/conversations/{conversation}/items")).unwrap()
    assert [kind in ("message", each["type"]) for each in json.decode(listed.body)["data"]].count(True) >= 1
    first = json.decode(posted(transport, "/responses", {"model": "m", "input": "Hi", "background": True}).body)["id"]
    assert transport(HttpRequest("GET", f"/responses/{first}")).unwrap().status == 200


INCLUDED = ["reasoning.encrypted_content", "message.output_text.logprobs", "code_interpreter_call.outputs"]

NOT_LISTED = ("ItemReferenceParam", "CompactionTriggerItemParam")
"""What stands for another item, and what asks for one: no schema of lists has them."""

INPUT_ITEMS = [member["$ref"] for member in TABLE["InputItem"]["anyOf"] if member["$ref"] not in NOT_LISTED]


@pytest.mark.parametrize("schema", INPUT_ITEMS)
def test_every_item_that_is_given_is_listed_whole(schema: str) -> None:
    item = example(TABLE[schema])
    transport = MemoryTransport.empty()
    named = {"id": f"{id_prefix(item)}_1"} if "id" in TABLE[schema]["properties"] else {}
    made = json.decode(posted(transport, "/conversations", {"items": [{**item, **named}]}).body)["id"]
    listed = json.decode(transport(HttpRequest("GET", f"/conversations/{made}/items")).unwrap().body)["data"]
    assert len(listed) == 1
    assert listed[0]["id"]


TOOLS = [member["$ref"] for member in TABLE["Tool"]["anyOf"]]


@pytest.mark.parametrize("schema", TOOLS)
def test_every_tool_is_said_whole(schema: str) -> None:
    tool = example(TABLE[schema])
    body = json.decode(
        posted(MemoryTransport.empty(), "/responses", {"model": "m", "input": "x", "tools": [tool]}).body
    )
    (said,) = body["tools"]
    assert said == {**said, **tool}


def test_a_function_is_strict_unless_it_is_said_not_to_be() -> None:
    tools = [{"type": "function", "name": "f"}, {"type": "function", "name": "g", "strict": False}]
    body = json.decode(posted(MemoryTransport.empty(), "/responses", {"model": "m", "input": "x", "tools": tools}).body)
    assert [(tool["strict"], tool["parameters"], tool["description"]) for tool in body["tools"]] == [
        (True, None, None),
        (False, None, None),
    ]


def tools_recorded() -> dict[str, tuple[list[Any], list[Any]]]:
    """The tools of each recorded request that has some, and those of the answer to it."""
    bodies = [(name, body.schema, body.body) for name, body in PLAIN if body.schema in ("CreateResponse", "Response")]
    return {
        name: (given["tools"], said["tools"])
        for (name, asked, given), (_, answered, said) in pairwise(bodies)
        if (asked, answered) == ("CreateResponse", "Response") and given.get("tools")
    }


TOOLS_RECORDED = tools_recorded()


@pytest.mark.parametrize("name", TOOLS_RECORDED)
def test_tools_are_said_as_they_were_recorded(name: str) -> None:
    asked, answered = TOOLS_RECORDED[name]
    body = json.decode(posted(MemoryTransport.empty(), "/responses", {"model": "m", "input": "x", "tools": asked}).body)
    assert body["tools"] == answered
