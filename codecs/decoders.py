"""The decoders of what the service answers, by name.

Each is built at its first use, and with it the structs that it decodes into: importing them costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from returns.result import Result

from .lossless.codec import BareCodec, Codec, codec_for
from .lossless.errors import DecodeError
from .lossless.lists import ItemList
from .on_demand import public_type

if TYPE_CHECKING:
    from .lossless.list_codec import ListCodec
    from .types.conversations import Conversation, DeletedConversation
    from .types.events.union import StreamEvent
    from .types.input_context import CompactedResponse, TokenCount
    from .types.items import ConversationItem, InputItem
    from .types.models import DeletedModel, Model
    from .types.response import DeletedResponse, Response
else:
    ListCodec = public_type("ListCodec")
    Conversation = public_type("Conversation")
    DeletedConversation = public_type("DeletedConversation")
    StreamEvent = public_type("StreamEvent")
    CompactedResponse = public_type("CompactedResponse")
    ConversationItem = public_type("ConversationItem")
    InputItem = public_type("InputItem")
    DeletedModel = public_type("DeletedModel")
    Model = public_type("Model")
    DeletedResponse = public_type("DeletedResponse")
    Response = public_type("Response")
    TokenCount = public_type("TokenCount")


def decode(schema: str, data: bytes) -> Result[Any, DecodeError]:
    """Read `data` as the schema of that name in the specification, or as the public type of that name.

    Args:
        schema: The name of a schema (`SCHEMAS` has all), or of a public type.
        data: JSON, as bytes.

    So what `encode` wrote is read back by the name of its type: `decode("ResponseAudit", line)`.

    Errors: `DecodeError`, whatever the bytes are. Raises `ValueError` for a name that is neither.

    >>> decode("Model", b'{"id":"gpt-5","created":1,"owned_by":"openai"}')
    <Success: Model(id='gpt-5', created=1, owned_by='openai')>
    >>> decode("Model", b'{"id":')
    <Failure: not understood at $: Input data was truncated>
    """
    return _codec_of(schema).decode(data)


@cache  # which builds nothing itself: it loads what is built elsewhere
def _codec_of(schema: str) -> Codec[Any] | ListCodec[Any]:
    from .schema_table import codec_of

    return codec_of(schema)


_PACKAGE = __name__.rpartition(".")[0]

_SINGLE = {
    "compacted_response": "CompactedResponse",
    "conversation": "Conversation",
    "conversation_item": "ConversationItem",
    "deleted_conversation": "DeletedConversation",
    "deleted_model": "DeletedModel",
    "deleted_response": "DeletedResponse",
    "model": "Model",
    "response": "Response",
    "stream_event": "StreamEvent",
    "token_count": "TokenCount",
}
_LISTS = {
    "conversation_items": "ConversationItem",
    "input_items": "InputItem",
    "models": "Model",
    "responses": "Response",
}
"""What is decoded, and the public type of it, or of its items."""


def _load(name: str) -> Codec[Any] | ListCodec[Any]:
    """The codec of that name. Its type is loaded here, before anything is built."""
    types = import_module(_PACKAGE)
    if name == "stream_event":
        return stream_event_codec()
    if name in _SINGLE:
        return codec_for(getattr(types, _SINGLE[name]))
    from .lossless.list_codec import list_codec_for

    return list_codec_for(getattr(types, _LISTS[name]))


def _build(name: str) -> Callable[[bytes], Result[Any, DecodeError]]:
    """Build the codec of that name, and have the table decode by it from now on."""
    codec = _load(name)
    _decode[name] = codec.total if isinstance(codec, Codec) else codec.decode
    return _decode[name]


def _build_and_decode(name: str, data: bytes) -> Result[Any, DecodeError]:
    return _build(name)(data)


_decode: dict[str, Callable[[bytes], Result[Any, DecodeError]]] = {
    name: partial(_build_and_decode, name) for name in (*_SINGLE, *_LISTS)
}
"""What decodes, by its name: a plain dict, for nothing else is looked up as quickly."""


def build_all() -> None:
    """Build every decoder that there is, and what it takes to read what is new: for `preload`."""
    from .lossless.forms import build_forms
    from .schema_table import readable_names
    from .types.accessors import codec_of_arguments

    for name in _decode:
        _build(name)
    for schema in readable_names():
        build_forms(_codec_of(schema).shape)
    codec_of_arguments(dict[str, Any])


def decode_response(data: bytes) -> Result[Response, DecodeError]:
    """Read a response. Arguments and errors as of `decode`.

    >>> decode_response(b'{"id":"resp_1","created_at":1,"model":"gpt-5","output":[]}')
    <Success: Response(id='resp_1', created_at=1, model='gpt-5', output=())>
    """
    return _decode["response"](data)


def decode_responses(data: bytes) -> Result[ItemList[Response], DecodeError]:
    """Read one page of the responses that are stored, as servers other than OpenAI list them.

    Arguments and errors as of `decode`.

    >>> decode_responses(b'{"data":[],"has_more":false}')
    <Success: ItemList(data=(), has_more=False)>
    """
    return _decode["responses"](data)


def decode_deleted_response(data: bytes) -> Result[DeletedResponse, DecodeError]:
    """Read the acknowledgement that a response was deleted. Arguments and errors as of `decode`.

    >>> decode_deleted_response(b'{"id":"resp_1","deleted":true}')
    <Success: DeletedResponse(id='resp_1', deleted=True)>
    """
    return _decode["deleted_response"](data)


def decode_input_items(data: bytes) -> Result[ItemList[InputItem], DecodeError]:
    """Read one page of the items that a response was made from. Arguments and errors as of `decode`.

    >>> decode_input_items(b'{"data":[{"type":"message","role":"user","content":"Hi"}]}')
    <Success: ItemList(data=(Message(role='user', content='Hi'),))>
    """
    return _decode["input_items"](data)


def decode_compacted_response(data: bytes) -> Result[CompactedResponse, DecodeError]:
    """Read a compacted conversation. Arguments and errors as of `decode`.

    >>> decode_compacted_response(b'{"id":"resp_1","created_at":1,"output":[],"usage":null}').unwrap().id
    'resp_1'
    """
    return _decode["compacted_response"](data)


def decode_token_count(data: bytes) -> Result[TokenCount, DecodeError]:
    """Read how many tokens an input takes. Arguments and errors as of `decode`.

    >>> decode_token_count(b'{"input_tokens":11}')
    <Success: TokenCount(input_tokens=11)>
    """
    return _decode["token_count"](data)


def decode_conversation(data: bytes) -> Result[Conversation, DecodeError]:
    """Read a conversation. Arguments and errors as of `decode`.

    >>> decode_conversation(b'{"id":"conv_1","created_at":1,"metadata":{}}')
    <Success: Conversation(id='conv_1', created_at=1, metadata={})>
    """
    return _decode["conversation"](data)


def decode_deleted_conversation(data: bytes) -> Result[DeletedConversation, DecodeError]:
    """Read the acknowledgement that a conversation was deleted. Arguments and errors as of `decode`.

    >>> decode_deleted_conversation(b'{"id":"conv_1","deleted":true}')
    <Success: DeletedConversation(id='conv_1', deleted=True)>
    """
    return _decode["deleted_conversation"](data)


def decode_conversation_item(data: bytes) -> Result[ConversationItem, DecodeError]:
    """Read an item of a conversation. Arguments and errors as of `decode`.

    >>> decode_conversation_item(b'{"type":"message","role":"user","content":"Hi"}')
    <Success: Message(role='user', content='Hi')>
    """
    return _decode["conversation_item"](data)


def decode_conversation_items(data: bytes) -> Result[ItemList[ConversationItem], DecodeError]:
    """Read one page of the items of a conversation. Arguments and errors as of `decode`.

    >>> decode_conversation_items(b'{"data":[],"has_more":false}')
    <Success: ItemList(data=(), has_more=False)>
    """
    return _decode["conversation_items"](data)


def decode_model(data: bytes) -> Result[Model, DecodeError]:
    """Read a model. Arguments and errors as of `decode`.

    >>> decode_model(b'{"id":"gpt-5","created":1,"owned_by":"openai"}')
    <Success: Model(id='gpt-5', created=1, owned_by='openai')>
    """
    return _decode["model"](data)


def decode_deleted_model(data: bytes) -> Result[DeletedModel, DecodeError]:
    """Read the acknowledgement that a model was deleted. Arguments and errors as of `decode`.

    >>> decode_deleted_model(b'{"id":"ft:gpt-5","deleted":true}')
    <Success: DeletedModel(id='ft:gpt-5', deleted=True)>
    """
    return _decode["deleted_model"](data)


def decode_models(data: bytes) -> Result[ItemList[Model], DecodeError]:
    """Read the list of models. Arguments and errors as of `decode`.

    >>> decode_models(b'{"data":[{"id":"gpt-5","created":1,"owned_by":"openai"}]}')
    <Success: ItemList(data=(Model(id='gpt-5', created=1, owned_by='openai'),))>
    """
    return _decode["models"](data)


def decode_stream_event(data: bytes) -> Result[StreamEvent, DecodeError]:
    """Read one event of a streamed response: the data of a `ServerSentEvent`. Arguments and errors as of `decode`.

    >>> decode_stream_event(b'{"type":"keepalive","sequence_number":3}').unwrap().type
    'keepalive'
    """
    return _decode["stream_event"](data)


@cache
def stream_event_codec() -> BareCodec[StreamEvent]:
    """The codec of the events of a streamed response."""
    from .lossless.accustomed import accustomed_codec_for

    return accustomed_codec_for(import_module(_PACKAGE).StreamEvent)
