"""What `encode` writes is read back by `decode`, by the name of its type: lines of an export, for example."""

from __future__ import annotations

import inspect
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from msgspec import NODEFAULT, Struct, json

from puresponse import codecs, core
from puresponse.codecs import (
    SCHEMAS,
    Codec,
    CompactedResponse,
    DeletedResponse,
    Message,
    ResponseAudit,
    TokenCount,
    Unknown,
    Wire,
    decode,
    encode,
)
from puresponse.codecs.schema_table import readable_names
from puresponse.core import (
    Error,
    Operation,
    WebhookEvent,
    all_input_items,
    audit_response,
    cancel_response,
    compact_response,
    count_input_tokens,
    create_conversation,
    delete_conversation,
    delete_response,
    list_models,
    retrieve_model,
    retrieve_response,
)
from puresponse.transports import MemoryTransport, iterate, run

PUBLIC: dict[str, Any] = {
    name: getattr(package, name) for package in (core, codecs) for name in vars(package)["__all__"]
}
STRUCTS = {name: value for name, value in PUBLIC.items() if inspect.isclass(value) and issubclass(value, Struct)}

UNIONS = [name for name in readable_names() if name in vars(codecs)["__all__"] and name not in STRUCTS]
BASES = {"ComparisonFilter", "CompoundFilter", "ToolChoiceTypes"}
"""What several structs have in common: no object is one of these itself."""

WEBHOOKS = [shape.__name__ for shape in get_args(WebhookEvent) if shape is not Unknown]
PROGRAMS = "Checkpoint Close Continue Done Emit End Fork Open Perform Read Send Stop Wait"
READERS = "EventStream ServerSentEvent StreamDecoder StreamError"

NOT_READ = {
    **{error.__name__: "an error: `save_checkpoint` saves it" for error in get_args(Error)},
    **dict.fromkeys(PROGRAMS.split(), "a program: `save_checkpoint` saves it"),
    **dict.fromkeys(READERS.split(), "how far bytes have been read, or what was read of them"),
    "ErrorBody": "read by `decode_error_body`, of the body itself",
    "ErasureReceipt": "holds an error",
    "HttpRequest": "written by `encode_request`, read by `decode_request`",
    "HttpResponse": "written by `encode_answer`, read by `decode_answer`",
    "ItemList": "the name does not say of what: `ResponseItemList`, `ConversationItemList` and `ListModelsResponse` do",
    **dict.fromkeys(WEBHOOKS, "an event of a webhook: `Codec(WebhookEvent)` reads it"),
    "Page": "holds an operation: what is written is its `listing`, or its items",
    "Parsed": "its `value` is of a caller's own type: `parse_output` reads it from the `response`",
    "RetryPolicy": "an argument",
    "Unknown": "any object: what it stands in is read by its name",
    "WaitPolicy": "an argument",
    "WebhookRejected": "an error",
    "WithResponse": "its `value` is of any type: what is written is that, or the answer",
    "Wire": "what the structs have in common",
}
"""The public structs that `decode` does not know, and why."""


def test_every_public_struct_is_read_by_its_name_or_is_known_not_to_be() -> None:
    read = {*readable_names()}
    assert {name for name in STRUCTS if name not in read} == NOT_READ.keys()


def least(shape: Any) -> Any:
    """The smallest value of a type."""
    if get_origin(shape) in {Union, UnionType}:
        return least(get_args(shape)[0])
    if isinstance(shape, type) and issubclass(shape, Wire):
        hints = get_type_hints(shape)
        defaults = (NODEFAULT,) * (len(shape.__struct_fields__) - len(shape.__struct_defaults__))
        fields = zip(shape.__struct_fields__, (*defaults, *shape.__struct_defaults__), strict=True)
        return shape(**{name: least(hints[name]) for name, default in fields if default is NODEFAULT})
    plain: dict[Any, Any] = {str: "x", int: 1, float: 1.5, bool: True, tuple: (), dict: {}, Any: None}
    return plain[get_origin(shape) or shape]


@pytest.mark.parametrize("name", sorted(STRUCTS.keys() - NOT_READ.keys() - BASES))
def test_a_struct_is_read_back_by_its_name(name: str) -> None:
    value = least(STRUCTS[name])
    assert decode(name, encode(value)).unwrap() == value
    assert type(value).__name__ == name


@pytest.mark.parametrize("name", UNIONS)
def test_whatever_is_of_a_union_is_read_back_by_its_name(name: str) -> None:
    options = {
        shape for shape in get_args(getattr(codecs, name)) if isinstance(shape, type) and issubclass(shape, Wire)
    }
    for shape in options:
        value = least(shape)
        assert decode(name, encode(value)).unwrap() == value
    assert options


EXPORTED: dict[str, Operation[Any]] = {
    "Response": cancel_response("resp_queued"),
    "ResponseAudit": audit_response("resp_chat"),
    "DeletedResponse": delete_response("resp_completed"),
    "CompactedResponse": compact_response(model="gpt-5-mini", input="A long story."),
    "TokenCount": count_input_tokens(model="gpt-5-mini", input="How many?"),
    "Conversation": create_conversation(metadata={"topic": "weather"}),
    "DeletedConversation": create_conversation().bind(lambda made: delete_conversation(made.id)),
    "Model": retrieve_model("gpt-5-mini"),
    "InputItem": retrieve_response("resp_chat").map(lambda response: response.output[0]),
    "ListModelsResponse": list_models().map(lambda page: page.listing),
}
"""What operations return, and the names by which it is read back."""


@pytest.mark.parametrize("name", EXPORTED)
def test_what_operations_return_is_read_back_from_a_line(name: str) -> None:
    value = run(EXPORTED[name], MemoryTransport()).unwrap()
    line = encode(value)
    assert b"\n" not in line
    assert decode(name, line + b"\n").unwrap() == value


def test_items_of_a_list_are_read_back_from_lines_unknown_ones_too() -> None:
    items = list(iterate(all_input_items("resp_chat"), MemoryTransport()))
    lines = b"".join(encode(item) + b"\n" for item in items)
    assert [decode("InputItem", line).unwrap() for line in lines.splitlines()] == items
    assert {type(item) for item in items} >= {Message, Unknown}


def test_an_audit_loses_nothing_that_is_new() -> None:
    line = json.encode(
        {
            "response": {"id": "r", "created_at": 1, "model": "m", "output": [], "novel": 1, "reasoning": "text"},
            "input_items": [
                {"type": "message", "role": "user"},
                {"type": "new", "id": "n"},
                {"role": "user", "content": "x"},
            ],
            "exported_at": 5,
        }
    )
    audit = decode("ResponseAudit", line).unwrap()
    assert isinstance(audit, ResponseAudit)
    assert audit.response.unknown_fields == {"novel": 1, "reasoning": "text"}
    assert json.decode(encode(audit)) == json.decode(line)


def test_an_event_of_a_webhook_is_read_back_by_its_codec() -> None:
    data = {"id": "resp_1"}
    line = json.encode({"type": "response.completed", "id": "evt_1", "created_at": 1, "data": data, "novel": 1})
    codec: Codec[WebhookEvent] = Codec(WebhookEvent)
    event = codec.decode(line).unwrap()
    assert type(event).__name__ in WEBHOOKS
    assert codec.decode(encode(event)).unwrap() == event


def test_a_schema_goes_before_a_type_of_the_same_name() -> None:
    both = SCHEMAS.keys() & PUBLIC.keys()
    assert decode("Prompt", b"null").unwrap() is None
    assert both > {"Prompt", "Response", "Tool"}


def test_a_name_of_what_is_no_type_is_none() -> None:
    for name in ("decode", "Wire", "ItemList", "Page", "", "Kept"):
        with pytest.raises(ValueError, match=f"neither the specification nor the library has '{name}'"):
            decode(name, b"{}")
    assert {CompactedResponse, DeletedResponse, TokenCount} <= {*STRUCTS.values()}
