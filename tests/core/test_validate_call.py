"""pydantic's `validate_call` takes every public function: it reads the hints, checks what is given, and calls."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from types import FunctionType
from typing import Any

import pytest
from machine_workers import Inline
from msgspec import json
from pydantic import ConfigDict, PydanticUserError, ValidationError, validate_call
from returns.result import Success

import puresponse
from puresponse import (
    END,
    Continue,
    Emit,
    Errand,
    Fork,
    FunctionCall,
    FunctionTool,
    HttpRequest,
    HttpResponse,
    InputText,
    MemoryTransport,
    Message,
    NotSent,
    Operation,
    Reasoning,
    ReplayedLife,
    RetryPolicy,
    State,
    Stop,
    Stream,
    VirtualClock,
    WaitPolicy,
    all_input_items,
    always,
    break_off,
    cancel_response,
    create_response,
    decode_response,
    decode_stream_event,
    delete_response,
    explore,
    in_threads,
    life_json,
    list_input_items,
    retrying,
    run,
    run_async,
    sample_state,
    save_checkpoint,
    succeed,
    wait_for_response,
)

ALL = "__all__"
Function = Callable[..., Any]

OF_TYPED_DICTS = {"create_request", "serve"}
REFUSED: set[str] = OF_TYPED_DICTS if sys.version_info < (3, 12) else set()
"""Before 3.12 pydantic takes only a TypedDict of `typing_extensions`, which the core does without."""

ID = "resp_1"
RECORDED = Path(__file__).parents[1] / "cassettes" / "ResponsesTests.CanDeleteResponse.json"
BODY = (
    b'{"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"m","output":'
    b'[{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[]}]}]}'
)
RESPONSE = decode_response(BODY).unwrap()
EVENT = decode_stream_event(b'{"type":"response.created","sequence_number":3,"response":' + BODY + b"}").unwrap()
REQUEST = HttpRequest("DELETE", "/responses/resp_1", idempotent=True)
ANSWER = Success(HttpResponse(status=200, body=BODY))
MESSAGE = Message(role="user", content=(InputText(text="Hi"),))
TOOL = FunctionTool(name="f", parameters={}, strict=True)
CALL = FunctionCall(call_id="call_1", name="f", arguments='{"city":"Lyon"}')
SAVED = save_checkpoint(cancel_response(ID)).unwrap()
STREAM_SAVED = save_checkpoint(all_input_items(ID)).unwrap()
POLICY = WaitPolicy(deadline=60)
DELIVERY: tuple[Any, ...] = (b'{"id":"evt_1"}', {"webhook-id": "wh_1"}, "whsec_AAAA")


NUMBERS: Stream[int] = Emit((1, 2, 3), END)


def answering(request: HttpRequest) -> Any:
    return ANSWER


def never(moment: Any) -> bool:
    return False


def lived(life: ReplayedLife) -> Any:
    return run(delete_response(ID), life.transport, clock=life.clock)


def errand(chance: Random, state: State) -> Operation[Any]:
    return delete_response(ID)


def listed_ids(value: Any) -> list[str]:
    return [value]


def pair(*told: Any) -> Any:
    return told


def add(total: int, value: int) -> int:
    return total + value


def emitted(value: int) -> Stream[int]:
    return Emit((value,), END)


def double(value: int) -> int:
    return 2 * value


def again(value: Any) -> Operation[Any]:
    return succeed(value)


def countdown(turns: int) -> Operation[Continue[int] | Stop[str]]:
    return succeed(Continue(turns - 1) if turns else Stop("done"))


(VIOLATION,) = explore(delete_response(ID), faults=0, claims=[always(never)]).violations


async def listed(values: Any) -> list[Any]:
    return [value async for value in values]


def served(serving: Any) -> bool:
    with serving as url:
        return str(url).startswith("http://127.0.0.1:")


def archived(archive: Any) -> bool:
    with archive:
        return "resp_1" in archive


CALLS: dict[str, Callable[[Function], Any]] = {
    "all_conversation_items": lambda f: f("conv_1", limit=5, order="asc"),
    "all_input_items": lambda f: f(ID, after="msg_1", include=["a"], limit=5, order="asc"),
    "all_outcomes": lambda f: f([delete_response(ID)]),
    "all_pages": lambda f: f(list_input_items(ID)),
    "all_responses": lambda f: f(after=ID, limit=5, order="asc", model="m"),
    "alt": lambda f: f(repr),
    "alt_end": lambda f: f(repr)(END),
    "always": lambda f: f(never, name="n"),
    "assert_asked": lambda f: f([REQUEST], delete_response(ID)),
    "assert_not_asked": lambda f: f([]),
    "audit_response": lambda f: f(ID, include=["a"]),
    "bind": lambda f: f(again),
    "break_off": lambda f: f(NotSent("dns", "no such host")),
    "brief": lambda f: f(RESPONSE),
    "cancel_and_wait": lambda f: (f(ID, POLICY, settle=1.0), f(RESPONSE, POLICY)),
    "deleted_is_gone": lambda f: f(ids=listed_ids),
    "ends_in_time": lambda f: (f(5, since=("POST", "/responses")), f(POLICY)),
    "erase_response": lambda f: f(ID),
    "cancel_if_running": lambda f: f(ID),
    "cancel_response": lambda f: f(ID, extra_headers={"x-a": "1"}, extra_query={"a": 1}, extra_body={}, timeout=2.0),
    "chunk": lambda f: f(2)(NUMBERS),
    "collect": lambda f: f(all_input_items(ID)),
    "compact_response": lambda f: f(model="m", input=[MESSAGE], instructions="Be brief"),
    "concat": lambda f: f(NUMBERS, NUMBERS),
    "configured": lambda f: (f(delete_response(ID), headers={"x-a": "1"}, timeout=5), f(NUMBERS, query={"a": 1})),
    "count_input_tokens": lambda f: f(model="m", input=[MESSAGE], reasoning=Reasoning(effort="low")),
    "create_conversation": lambda f: f(items=[MESSAGE], metadata={"a": "b"}),
    "create_conversation_items": lambda f: f("conv_1", items=[MESSAGE]),
    "create_parsed_response": lambda f: f(dict[str, int], name="n", model="m", input="Hi"),
    # Whose members pydantic puts in an order of its own.
    "create_request": lambda f: json.decode(f({"model": "m", "input": [MESSAGE]}, stream=True).unwrap().body),
    "create_response": lambda f: f(model="m", input=[MESSAGE], tools=[TOOL], background=True, metadata={"a": "b"}),
    "decode": lambda f: f("Response", BODY),
    "decode_answer": lambda f: f(b'{"error":"NotSent","kind":"dns","reason":"x"}'),
    "decode_error_body": lambda f: f(b'{"error":{"message":"No."}}'),
    "decode_request": lambda f: f(b"{}"),
    "delay": lambda f: f(1.5, spread=0.5),
    "delete_conversation": lambda f: f("conv_1"),
    "delete_conversation_item": lambda f: f("conv_1", "msg_1"),
    "delete_response": lambda f: f(ID, timeout=2.5),
    "delete_response_chain": lambda f: f(ID),
    "elapsed": lambda f: f(),
    "encode": lambda f: f(RESPONSE),
    "encode_answer": lambda f: f(ANSWER),
    "encode_request": lambda f: f(REQUEST),
    "entra_token": lambda f: repr(f(MemoryTransport(), tenant="t", client_id="c", client_secret="s")),
    "eventually": lambda f: f(never, name="n"),
    "every_event_once": lambda f: f(starting_after=3),
    "every_life_ends": lambda f: f(),
    "export_recordings": lambda f: f([], "har", base_url="https://h/v1", recorded=1.0),
    "explore": lambda f: f(delete_response(ID), faults=1, claims=[]).endings,
    "fail": lambda f: f(NotSent("dns", "no such host")),
    "finally_": lambda f: f(never, name="n"),
    "flat_map": lambda f: f(emitted)(NUMBERS),
    "fold": lambda f: f(Success(1), double, repr),
    "fold_event": lambda f: f(None, EVENT),
    "fold_values": lambda f: f(0, add)(NUMBERS),
    "followed_by": lambda f: f(NUMBERS)(NUMBERS),
    "for_each": lambda f: f(NUMBERS, again),
    "function_calls": lambda f: f(RESPONSE),
    "gather": lambda f: f(delete_response(ID), cancel_response(ID)),
    "gather_all": lambda f: f(delete_response(ID), cancel_response(ID)),
    "gone_is_reported": lambda f: f(),
    "has_ended": lambda f: f(RESPONSE),
    "hopeless": lambda f: f(NotSent("dns", "no such host")),
    "import_recordings": lambda f: f(b'{"fixtures":[]}', "aimock", base_url="https://h/v1", harmless=["x"]),
    "in_threads": lambda f: asyncio.run(run_async(delete_response("resp_chat"), f(MemoryTransport()))),
    "is_failure": lambda f: f(Success(1)),
    "iterate": lambda f: list(f(all_input_items("resp_chat"), MemoryTransport(), clock=VirtualClock())),
    "iterate_async": lambda f: asyncio.run(listed(f(all_input_items("resp_chat"), in_threads(MemoryTransport())))),
    "json_response": lambda f: f({"a": 1}, status=201, headers=(("x-a", "1"),)),
    "json_schema": lambda f: f(dict[str, int]),
    "keep": lambda f: f(bool)(NUMBERS),
    "lash": lambda f: f(again),
    "lash_end": lambda f: f(break_off)(NUMBERS),
    "life_json": lambda f: f(VIOLATION),
    "list_conversation_items": lambda f: f("conv_1", limit=5),
    "list_input_items": lambda f: f(ID, after="msg_1", limit=5, order="asc"),
    "list_models": lambda f: f(timeout=1.0),
    "list_responses": lambda f: f(before=ID, limit=5, conversation_id="conv_1", agent_name="a", agent_id="a:1"),
    "load_faults": lambda f: f(b'{"rules":[]}'),
    "load_life": lambda f: f(life_json(VIOLATION)),
    "load_operation": lambda f: f(SAVED, names=None),
    "load_script": lambda f: f(b'["Hi"]'),
    "load_stream": lambda f: f(STREAM_SAVED),
    "logging_exchanges": lambda f: f(answering, bodies=True, clock=VirtualClock())(REQUEST),
    "loop": lambda f: run(f(3, countdown), MemoryTransport()),
    "managed_identity": lambda f: repr(f(MemoryTransport())),
    "many_keys": lambda f: run(delete_response("resp_chat"), f({"blue": MemoryTransport()})),
    "map_": lambda f: f(double),
    "map_values": lambda f: f(double)(NUMBERS),
    "may_have_acted_is_true": lambda f: f(),
    "never_twice": lambda f: f("POST", "/responses", where=never, name="n"),
    "nothing_unsafe_twice": lambda f: f(),
    "numbered": lambda f: f(1)(NUMBERS),
    "observing": lambda f: f(answering, after=pair, clock=VirtualClock())(REQUEST),
    "open_archive": lambda f: archived(f(Path(mkdtemp(), "export.jsonl"))),
    "output_text": lambda f: f(RESPONSE),
    "pacing": lambda f: f(answering, rate=2, concurrency=3, clock=VirtualClock())(REQUEST),
    "parse_arguments": lambda f: f(CALL),
    "parse_output": lambda f: f(RESPONSE, dict[str, int]),
    "perform_each": lambda f: f(again)(NUMBERS),
    "preload": lambda f: f(),
    "pretty": lambda f: f(RESPONSE, width=80),
    "reasoning_summaries": lambda f: f(RESPONSE),
    "refusal": lambda f: f(RESPONSE),
    "replay_lives": lambda f: f(lived, faults=1).lives,
    "respond": lambda f: f(sample_state(), REQUEST, 0.0),
    "response_so_far": lambda f: f([EVENT]),
    "resume_stream": lambda f: f(ID, starting_after=3, resumption=RetryPolicy(max_retries=1), fallback=POLICY),
    "retrieve_conversation": lambda f: f("conv_1"),
    "retrieve_conversation_item": lambda f: f("conv_1", "msg_1", include=["a"]),
    "retrieve_model": lambda f: f("m"),
    "retrieve_response": lambda f: f(ID, include=["a"]),
    "retrying": lambda f: (f(cancel_response(ID), RetryPolicy(max_retries=1)), f(all_input_items(ID))),
    "read_archive": lambda f: list(f(os.devnull, "jsonl")),
    "run": lambda f: f(cancel_response("resp_in_progress"), MemoryTransport(), clock=VirtualClock(), elapsed=1.0),
    "run_async": lambda f: asyncio.run(f(cancel_response("resp_in_progress"), in_threads(MemoryTransport()))),
    "run_many": lambda f: list(f([delete_response("resp_chat")], MemoryTransport(), 2)),
    "run_many_async": lambda f: asyncio.run(listed(f([delete_response("resp_chat")], in_threads(MemoryTransport())))),
    "run_many_on": lambda f: list(f(Inline(), [("a", list_input_items("resp_chat"))], "puresponse:MemoryTransport", 2)),
    "sample_state": lambda f: f(),
    "save_checkpoint": lambda f: f(wait_for_response(ID, POLICY), elapsed=2.0),
    "scan": lambda f: f(0, add)(NUMBERS),
    "sequence": lambda f: f([delete_response(ID)]),
    "sequence_number": lambda f: f(EVENT),
    "sequentially": lambda f: f(Fork((delete_response(ID),), again)),
    "serve": lambda f: served(f(answering, max_connections=1)),
    "set_up_logging": lambda f: f(),
    "stored": lambda f: f({"id": ID, "status": "completed"}, [{"id": "msg_1"}]),
    "stream_response": lambda f: f(model="m", input=[MESSAGE], resumption=RetryPolicy(max_retries=1)),
    "succeed": lambda f: f(RESPONSE),
    "take": lambda f: f(2)(NUMBERS),
    "take_while": lambda f: f(bool)(NUMBERS),
    "text_format_of": lambda f: f(dict[str, int], name="n", strict=False),
    "to_html": lambda f: f(MESSAGE),
    "to_plain": lambda f: f(RESPONSE),
    "to_text": lambda f: f(RESPONSE, width=40, colour=True),
    "to_curl": lambda f: f(REQUEST, base_url="http://localhost/v1"),
    "traverse": lambda f: f([1, 2], again),
    "unwrap_webhook": lambda f: f(*DELIVERY, now=1.0),
    "update_conversation": lambda f: f("conv_1", metadata={"a": "b"}),
    "use_cassette": lambda f: repr(f(RECORDED.with_name("no-such-cassette.json"), MemoryTransport())),
    "value_or_raise": lambda f: f(Success(RESPONSE)),
    "verify_webhook": lambda f: f(*DELIVERY, now=1.0, tolerance=60),
    "wait_for_response": lambda f: (f(ID, POLICY, settle=1.0), f(RESPONSE, POLICY)),
    "walk": lambda f: f([Errand("delete", errand)], seed=1, lives=2).ended,
    "watch_response": lambda f: f(ID, POLICY, include=["a"]),
    "workload_identity": lambda f: repr(
        f(MemoryTransport(), identity_provider_id="i", service_account_id="s", subject_token=None)
    ),
    "verify_cassette": lambda f: f(RECORDED, answering),
    "verify_cassette_async": lambda f: asyncio.run(f(RECORDED, in_threads(answering))),
    "with_response": lambda f: f(delete_response(ID)),
    "within": lambda f: (f(delete_response(ID), 5.0), f(all_input_items(ID), 5)),
}
"""A call of each public function, but for the decoders of one schema each, which are called alike."""


DECODERS = {
    f"decode_{schema}": BODY
    for schema in (
        "compacted_response",
        "conversation",
        "conversation_item",
        "conversation_items",
        "deleted_conversation",
        "deleted_model",
        "deleted_response",
        "input_items",
        "model",
        "models",
        "response",
        "responses",
        "stream_event",
        "token_count",
    )
}


def public_functions() -> dict[str, Function]:
    names: list[str] = getattr(puresponse, ALL)
    return {name: value for name in names if isinstance(value := getattr(puresponse, name), FunctionType)}


def checked(function: Function) -> Function:
    # pydantic's setting for classes that are not its own: it asks that they are what is given.
    return validate_call(config=ConfigDict(arbitrary_types_allowed=True))(function)


def test_every_public_function_is_called_here() -> None:
    assert sorted({*CALLS, *DECODERS}) == sorted(public_functions())


def test_pydantic_refuses_no_function_but_those_that_are_listed() -> None:
    refused: set[str] = set()
    for name, function in public_functions().items():
        try:
            checked(function)
        except PydanticUserError:
            refused.add(name)
    assert refused == REFUSED


@pytest.mark.parametrize("name", sorted(CALLS.keys() - REFUSED))
def test_a_checked_function_does_what_the_function_does(name: str) -> None:
    function = public_functions()[name]
    assert CALLS[name](checked(function)) == CALLS[name](function)


@pytest.mark.parametrize("name", sorted(DECODERS))
def test_a_checked_decoder_decodes(name: str) -> None:
    function = public_functions()[name]
    assert checked(function)(DECODERS[name]) == function(DECODERS[name])


def test_what_takes_plain_values_needs_no_setting() -> None:
    assert validate_call(cancel_response)("resp_1") == cancel_response("resp_1")
    assert validate_call(list_input_items)("resp_1", limit=5) == list_input_items("resp_1", limit=5)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (lambda: checked(cancel_response)(1), 0),
        (lambda: checked(list_input_items)("resp_1", limit="many"), "limit"),
        (lambda: checked(create_response)(modle="m"), "modle"),
        (lambda: checked(create_response)(model=["m"]), "model"),
        (lambda: checked(retrying)(cancel_response("resp_1"), WaitPolicy(deadline=1)), 1),
        (lambda: checked(run)(cancel_response("resp_1"), MemoryTransport(), clock=3), "clock"),
    ],
    ids=["id", "limit", "misspelt", "model", "policy", "clock"],
)
def test_pydantic_says_which_argument_is_not_what_the_hint_says(wrong: Callable[[], object], where: str | int) -> None:
    with pytest.raises(ValidationError) as caught:
        wrong()
    assert {error["loc"][0] for error in caught.value.errors()} == {where}
