"""The official client in its strict mode, over each kind of item and tool and each parameter that it has types for.

`kinds.json` has the values, made from the client's annotations. What is sent must be listed again with all that was in
it, what the service outputs must arrive whole, as a body and as events, and the client must take each answer for what
its types say. The client reaches the service without a socket.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from msgspec import json
from openai.types.responses import Response
from strict_client import Service, complaint, differences

from puresponse import Reply
from puresponse.codecs.lossless.plain import is_array
from puresponse.transports.memory.scripts.id_prefixes import ID_PREFIXES

pytestmark = pytest.mark.unmeasured

KINDS: dict[str, dict[str, list[Any]]] = json.decode(Path(__file__).with_name("kinds.json").read_bytes())
INPUT, OUTPUT, TOOL, PARAMETER = (KINDS[what] for what in ("input", "output", "tool", "parameter"))

INCLUDE: list[Any] = [name for names in PARAMETER["include"] for name in names or ()]

CALLS = ("function_call", "custom_tool_call", "computer_call", "local_shell_call", "shell_call", "apply_patch_call")
"""The calls that the caller answers: an item `…_output` of the same `call_id` follows."""

UNSHOWN = {"background_options", "context_management", "image", "include", "moderation", "prompt_cache_options"}
"""Parameters of which a response says nothing, or something else than was asked for."""


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    made = Service(INCLUDE)
    yield made
    made.close()


def named(item: dict[str, Any], number: int) -> dict[str, Any]:
    """The item with an id as the service's are, where it has one."""
    kind = item.get("type") or "message"
    return {**item, "id": f"{ID_PREFIXES.get(kind, 'item')}_{number}"} if item.get("id") else item


def least(kind: str, call_id: str, number: int) -> dict[str, Any]:
    """An item of that type, with no more than it must have."""
    (found,) = (values[0] for name, values in INPUT.items() if name.split()[0] == kind)
    # The output of a local shell has no `call_id`: its id is the call's.
    return (
        named(found, number) | {"id": call_id}
        if kind == "local_shell_call_output"
        else {**named(found, number), "type": kind, "call_id": call_id}
    )


def with_company(item: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any], list[dict[str, Any]]]:
    """The item, after what it needs before it, and before what it needs after it."""
    kind = item.get("type") or "message"
    call = kind.removesuffix("_output")
    if kind in CALLS:
        return [], item, [least(f"{kind}_output", item["call_id"], 2)]
    if kind == "local_shell_call_output":
        return [least(call, item["id"], 2)], item, []
    if call in CALLS and item.get("call_id"):
        return [least(call, item["call_id"], 2)], item, []
    if kind == "reasoning":
        return [], item, [{"role": "assistant", "content": "So."}]
    return [], item, []


# --- what is sent --------------------------------------------------------------------------------


def as_listed(item: dict[str, Any]) -> dict[str, Any]:
    """What is to be seen of an item that was sent: a text is a list of parts."""
    content = item.get("content")
    return {**item, "content": [{"text": content}]} if isinstance(content, str) else item


def refused_by_role(item: dict[str, Any]) -> bool:
    """Whether an assistant's message has parts that only others' may have, which the annotations do not say."""
    content = item.get("content")
    return item.get("role") == "assistant" and is_array(content) and "input_" in str(content[0]["type"])


@pytest.mark.parametrize("member", INPUT)
def test_each_item_that_the_client_can_send_is_taken_and_listed_whole(service: Service, member: str) -> None:
    service.reply = Reply.text("Hello!")
    kept = service.create().output[0].id
    wrong: list[str] = []
    taken = 0
    for value in INPUT[member]:
        item = named(value, 1)
        if refused_by_role(item):
            with pytest.raises(openai.BadRequestError, match="Supported values are: 'output_text' and 'refusal'"):
                service.create(input=[item])
            continue
        before, item, after = with_company({**item, "id": kept} if "item_reference" in member else item)
        turn: Any = [*before, item, *after]
        try:
            created = service.create(input=turn)
            listed = service.listed(created.id)
            count = service.client.responses.input_tokens.count(model="m", input=turn)
            # Not parsed: the client's type of a compacted input has no place for the user's messages that are recorded.
            service.client.responses.with_raw_response.compact(model="m", input=turn)
            conversation = service.client.conversations.create(items=turn)
            held = [each.to_dict() for each in service.client.conversations.items.list(conversation.id, order="asc")]
        except openai.OpenAIError as error:
            wrong.append(f"{item}\n    {complaint(error)}")
            continue
        taken += 1
        assert count.input_tokens >= 0
        if member.startswith(("item_reference", "compaction_trigger")):
            continue
        assert len(held) == len(listed) == len(turn)
        wrong += [f"{item}\n    {each}" for each in differences(as_listed(item), listed[len(before)])]
    assert not wrong, "\n".join(wrong)
    assert taken


# --- what arrives --------------------------------------------------------------------------------


def scripted(item: dict[str, Any]) -> Reply:
    """A reply with the item, and the call before it where it is an output."""
    before, item, _ = with_company(named(item, 1))
    return Reply(output=(*before, item))


def without_ids(response: Response) -> list[dict[str, Any]]:
    return [{**item.to_dict(), "id": None} for item in response.output]


@pytest.mark.parametrize("member", OUTPUT)
def test_each_item_that_the_client_can_be_sent_arrives_whole(service: Service, member: str) -> None:
    wrong: list[str] = []
    for value in OUTPUT[member]:
        service.reply = scripted(value)
        item = service.reply.output[-1]
        try:
            created = service.create(include=INCLUDE)
            retrieved = service.client.responses.retrieve(created.id, include=INCLUDE)
            events = service.stream(include=INCLUDE)
        except openai.OpenAIError as error:
            wrong.append(f"{item}\n    {complaint(error)}")
            continue
        assert retrieved == created
        wrong += [f"{item}\n    {each}" for each in differences(item, created.output[-1].to_dict())]
        assert events[-1].type == "response.completed"
        assert without_ids(events[-1].response) == without_ids(created)
        done = [event.item for event in events if event.type == "response.output_item.done"]
        assert done == events[-1].response.output
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("member", OUTPUT)
def test_a_turn_after_each_item_lists_it(service: Service, member: str) -> None:
    wrong: list[str] = []
    for value in OUTPUT[member]:
        service.reply = scripted(value)
        item = service.reply.output[-1]
        after = with_company(item)[2] if item["type"] in CALLS else []
        try:
            created = service.create()
            goes_on = service.create(previous_response_id=created.id, input=[*after, {"role": "user", "content": "?"}])
            listed = service.listed(goes_on.id)
        except openai.OpenAIError as error:
            wrong.append(f"{item}\n    {complaint(error)}")
            continue
        assert len(listed) == 1 + len(created.output) + len(after) + 1
    assert not wrong, "\n".join(wrong)


def test_the_clients_own_helper_puts_the_events_of_each_item_together(service: Service) -> None:
    for values in OUTPUT.values():
        service.reply = scripted(values[-1])
        with service.client.responses.stream(model="gpt-4o-mini", input="Hi") as stream:
            kinds = [event.type for event in stream]
            final = stream.get_final_response()
        assert kinds[0] == "response.created"
        assert final.output[-1].type == values[-1]["type"]


# --- what is asked for ---------------------------------------------------------------------------


@pytest.mark.parametrize("member", TOOL)
def test_each_tool_that_the_client_can_give_is_taken_and_shown(service: Service, member: str) -> None:
    service.reply = Reply.text("Hello!")
    wrong: list[str] = []
    for tool in TOOL[member]:
        try:
            created = service.create(tools=[tool])
        except openai.OpenAIError as error:
            wrong.append(f"{tool}\n    {complaint(error)}")
            continue
        wrong += [f"{tool}\n    {each}" for each in differences([tool], created.to_dict()["tools"])]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", PARAMETER)
def test_each_parameter_that_the_client_has_is_taken_and_shown(service: Service, name: str) -> None:
    service.reply = Reply.text("Hello!")
    wrong: list[str] = []
    for value in PARAMETER[name]:
        with_it = {"background": True} if name == "background_options" else {}
        try:
            shown = service.create(**with_it, **{name: value}).to_dict()
        except openai.OpenAIError as error:
            wrong.append(f"{value}\n    {complaint(error)}")
            continue
        if value not in (None, "auto") and name not in UNSHOWN:
            wrong += [f"{value}\n    {each}" for each in differences(value, shown.get(name))]
    assert not wrong, "\n".join(wrong)
