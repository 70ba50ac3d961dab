"""What the official client that is installed has names for, and puresponse has not. Run by `tests/run drift` alone.

A release of the client with something new fails here, says what is to be added and where it was met, and breaks
nobody's build. The client is looked up by names, so that one that is gone is told as well. Its `beta`, which has
responses of several agents, is not compared: there it changes at any time.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module, metadata
from typing import Any

import pytest
from official_client import Drift, is_object

import puresponse
from puresponse import codecs, core
from puresponse.codecs.lossless.forms import form_of

pytestmark = pytest.mark.drift

TYPES = "openai.types"
RESOURCES = "openai.resources"

ROOTS: dict[str, Any] = {
    "responses:Response": codecs.Response,
    "responses:ResponseStreamEvent": codecs.StreamEvent,
    "responses:ResponsesServerEvent": codecs.StreamEvent,
    "responses:ResponseItem": codecs.Item,
    "responses:ResponseItemList": codecs.ItemList[codecs.Item],
    "responses:ResponseInputItem": codecs.InputItem,
    "responses:ResponseInputAudio": codecs.InputContent,
    "responses:ResponseInputAudioParam": codecs.InputContent,
    "responses:ResponseConversationParam": codecs.ConversationReference,
    "responses.response_create_params:ResponseCreateParams": codecs.CreateResponse,
    "responses.response_compact_params:ResponseCompactParams": codecs.CompactRequest,
    "responses:CompactedResponse": codecs.CompactedResponse,
    "responses.input_token_count_params:InputTokenCountParams": codecs.TokenCountRequest,
    "responses.input_token_count_response:InputTokenCountResponse": codecs.TokenCount,
    "conversations:Conversation": codecs.Conversation,
    "conversations:ConversationDeletedResource": codecs.DeletedConversation,
    "conversations:ConversationItem": codecs.ConversationItem,
    "conversations:ConversationItemList": codecs.ItemList[codecs.ConversationItem],
    "conversations:ConversationCreateParams": codecs.CreateConversation,
    "conversations:ConversationUpdateParams": codecs.UpdateConversation,
    "conversations:ItemCreateParams": codecs.CreateItems,
    "model:Model": codecs.Model,
    "model_deleted:ModelDeleted": codecs.DeletedModel,
    "shared:ErrorObject": codecs.ErrorObject,
    "shared:ResponseFormatTextGrammar": codecs.TextFormat,
    "shared:ResponseFormatTextPython": codecs.TextFormat,
    "webhooks:UnwrapWebhookEvent": puresponse.WebhookEvent,
}
"""Where the comparison begins, and what of ours is there."""

OPERATIONS: dict[str, tuple[Any, ...]] = {
    "responses:Responses.create": (core.create_response, core.stream_response),
    "responses:Responses.retrieve": (core.retrieve_response, core.resume_stream),
    "responses:Responses.delete": (core.delete_response,),
    "responses:Responses.cancel": (core.cancel_response,),
    "responses:Responses.compact": (core.compact_response,),
    "responses:Responses.parse": (core.create_parsed_response,),
    "responses:Responses.stream": (core.stream_response, core.resume_stream),
    "responses:InputItems.list": (core.list_input_items,),
    "responses:InputTokens.count": (core.count_input_tokens,),
    "conversations:Conversations.create": (core.create_conversation,),
    "conversations:Conversations.retrieve": (core.retrieve_conversation,),
    "conversations:Conversations.update": (core.update_conversation,),
    "conversations:Conversations.delete": (core.delete_conversation,),
    "conversations:Items.create": (core.create_conversation_items,),
    "conversations:Items.retrieve": (core.retrieve_conversation_item,),
    "conversations:Items.list": (core.list_conversation_items,),
    "conversations:Items.delete": (core.delete_conversation_item,),
    "models:Models.list": (core.list_models,),
    "models:Models.retrieve": (core.retrieve_model,),
}
"""The client's methods, and the functions that between them do what each does."""

EXCEPTIONS = {
    "*.extra_body": "taken where the request has a body",
    "CreateItems.include": "goes into the query: `create_conversation_items` takes it",
    "Models.delete": "deletes fine-tuned models, which this library does not make",
    "Responses.connect": "WebSocket connections are not part of this library yet",
    "Responses.create.stream": "what answers with events is `stream_response`",
    "Responses.parse.parse_as": "the same as `text_format`",
    "Responses.parse.stream": "what answers with events is `stream_response`",
    "Responses.parse.stream_options": "what answers with events is `stream_response`",
    "Responses.parse.text_format": "`output_type`",
    "Responses.parse.verbosity": "a field of `text`",
    "Responses.retrieve.stream": "what answers with events is `resume_stream`",
    "Responses.stream.text_format": "`text_format_of` makes `text` of a type",
    "responses:InputItemListParams": "the parameters of `InputItems.list`, which are compared there",
    "responses:ParsedResponse": "the client's own",
    "responses:ParsedResponseFunctionToolCall": "the client's own",
    "responses:ParsedResponseOutputMessage": "the client's own",
    "responses:ParsedResponseOutputText": "the client's own",
    "responses:ResponseSteerEvent": "sent on WebSocket connections, which are not part of this library yet",
    "responses:ResponseSteerEventParam": "sent on WebSocket connections, which are not part of this library yet",
    "conversations:ItemListParams": "the parameters of `Items.list`, which are compared there",
    "conversations:ItemRetrieveParams": "the parameters of `Items.retrieve`, which are compared there",
}
"""What puresponse has no name for, and why."""


def named(root: str, dotted: str) -> Any:
    """What the client has under `module:name.name`; None where there is none."""
    module, _, names = dotted.partition(":")
    try:
        found: Any = import_module(f"{root}.{module}")
    except ModuleNotFoundError:
        return None
    for name in names.split("."):
        found = getattr(found, name, None)
    return found


def classes_of(module: str) -> dict[str, Any]:
    """The models and typed dicts that a module of the client's offers."""
    offered = vars(import_module(f"{TYPES}.{module}"))
    return {f"{module}:{name}": value for name, value in offered.items() if is_object(value)}


@pytest.fixture(scope="module")
def drift() -> Drift:
    compared = Drift()
    for name, ours in ROOTS.items():
        theirs = named(TYPES, name)
        if theirs is not None:
            compared.compare(theirs, form_of(ours), name.partition(":")[2])
    return compared


@pytest.fixture(scope="module")
def missing(drift: Drift) -> dict[str, str]:
    """All that puresponse has no name for, and where it was met."""
    return {**drift.missing, **dict(missing_parameters()), **dict(uncompared(drift))}


def missing_parameters() -> Iterator[tuple[str, str]]:
    for operation, functions in OPERATIONS.items():
        method = named(RESOURCES, operation)
        ours = {name for function in functions for name in inspect.signature(function).parameters}
        if method is not None:
            for parameter in inspect.signature(method).parameters.keys() - ours - {"self"}:
                name = operation.partition(":")[2]
                excepted = "*" if f"*.{parameter}" in EXCEPTIONS else name
                yield f"{excepted}.{parameter}", f"a parameter of {name}"
    for resource in {operation.rpartition(".")[0] for operation in OPERATIONS}:
        for name, _ in inspect.getmembers(named(RESOURCES, resource), inspect.isfunction):
            if name[0] != "_" and f"{resource}.{name}" not in OPERATIONS:
                yield f"{resource.partition(':')[2]}.{name}", f"a method of {resource}"


def uncompared(drift: Drift) -> Iterator[tuple[str, str]]:
    for module in ("responses", "conversations"):
        for name, shape in classes_of(module).items():
            if shape not in drift.met:
                yield name, "a type that nothing here refers to: give it a root"


def test_puresponse_has_a_name_for_all_that_the_official_client_has(missing: dict[str, str]) -> None:
    told = [f"{name}    ({place})" for name, place in missing.items() if name not in EXCEPTIONS]
    version = metadata.version("openai")
    assert not told, f"openai {version} has names for these, and puresponse has not:\n" + "\n".join(told)


def test_no_exception_is_left_over(missing: dict[str, str]) -> None:
    assert sorted(EXCEPTIONS.keys() - missing.keys()) == []


def test_the_client_still_has_what_the_comparison_begins_from() -> None:
    gone = [name for name in ROOTS if named(TYPES, name) is None]
    assert gone + [name for name in OPERATIONS if named(RESOURCES, name) is None] == []


def test_the_comparison_goes_through_the_whole_tree(drift: Drift) -> None:
    assert drift.compared > 5000
    assert len(drift.met) > 500
