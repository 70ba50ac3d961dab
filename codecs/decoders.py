"""The decoders of what the service answers, by name.

Each is built at its first use, and with it the structs that it decodes into: importing them costs next to nothing.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from returns.result import Result

from .errors import DecodeError
from .lossless import BareCodec, Codec

if TYPE_CHECKING:
    from .compacting import CompactedResponse
    from .conversations import Conversation, DeletedConversation
    from .events import StreamEvent
    from .items import ConversationItem, InputItem
    from .list_codec import ListCodec
    from .lists import ItemList
    from .models import DeletedModel, Model
    from .response import DeletedResponse, Response
    from .token_counts import TokenCount


def decode(schema: str, data: bytes) -> Result[Any, DecodeError]:
    """Read `data` as the schema of that name in the specification: `decode("Response", body)`.

    Raises:
        ValueError: There is no schema of that name; `schemas.SCHEMAS` has them all.
    """
    return _codec_of(schema).decode(data)


@cache
def _codec_of(schema: str) -> Codec[Any] | ListCodec[Any]:
    from .schemas import codec_of

    return codec_of(schema)


def decode_response(data: bytes) -> Result[Response, DecodeError]:
    """Read a response."""
    return _response().decode(data)


@cache
def _response() -> Codec[Response]:
    from .response import Response

    return Codec(Response)


def decode_deleted_response(data: bytes) -> Result[DeletedResponse, DecodeError]:
    """Read the acknowledgement that a response was deleted."""
    return _deleted_response().decode(data)


@cache
def _deleted_response() -> Codec[DeletedResponse]:
    from .response import DeletedResponse

    return Codec(DeletedResponse)


def decode_input_items(data: bytes) -> Result[ItemList[InputItem], DecodeError]:
    """Read one page of the items that a response was made from."""
    return _input_items().decode(data)


@cache
def _input_items() -> ListCodec[InputItem]:
    from .items import InputItem
    from .list_codec import ListCodec

    return ListCodec(InputItem)


def decode_compacted_response(data: bytes) -> Result[CompactedResponse, DecodeError]:
    """Read a compacted conversation."""
    return _compacted_response().decode(data)


@cache
def _compacted_response() -> Codec[CompactedResponse]:
    from .compacting import CompactedResponse

    return Codec(CompactedResponse)


def decode_token_count(data: bytes) -> Result[TokenCount, DecodeError]:
    """Read how many tokens an input takes."""
    return _token_count().decode(data)


@cache
def _token_count() -> Codec[TokenCount]:
    from .token_counts import TokenCount

    return Codec(TokenCount)


def decode_conversation(data: bytes) -> Result[Conversation, DecodeError]:
    """Read a conversation."""
    return _conversation().decode(data)


@cache
def _conversation() -> Codec[Conversation]:
    from .conversations import Conversation

    return Codec(Conversation)


def decode_deleted_conversation(data: bytes) -> Result[DeletedConversation, DecodeError]:
    """Read the acknowledgement that a conversation was deleted."""
    return _deleted_conversation().decode(data)


@cache
def _deleted_conversation() -> Codec[DeletedConversation]:
    from .conversations import DeletedConversation

    return Codec(DeletedConversation)


def decode_conversation_item(data: bytes) -> Result[ConversationItem, DecodeError]:
    """Read an item of a conversation."""
    return _conversation_item().decode(data)


@cache
def _conversation_item() -> Codec[ConversationItem]:
    from .items import ConversationItem

    return Codec(ConversationItem)


def decode_conversation_items(data: bytes) -> Result[ItemList[ConversationItem], DecodeError]:
    """Read one page of the items of a conversation."""
    return _conversation_items().decode(data)


@cache
def _conversation_items() -> ListCodec[ConversationItem]:
    from .items import ConversationItem
    from .list_codec import ListCodec

    return ListCodec(ConversationItem)


def decode_model(data: bytes) -> Result[Model, DecodeError]:
    """Read a model."""
    return _model().decode(data)


@cache
def _model() -> Codec[Model]:
    from .models import Model

    return Codec(Model)


def decode_deleted_model(data: bytes) -> Result[DeletedModel, DecodeError]:
    """Read the acknowledgement that a model was deleted."""
    return _deleted_model().decode(data)


@cache
def _deleted_model() -> Codec[DeletedModel]:
    from .models import DeletedModel

    return Codec(DeletedModel)


def decode_models(data: bytes) -> Result[ItemList[Model], DecodeError]:
    """Read the list of models."""
    return _models().decode(data)


@cache
def _models() -> ListCodec[Model]:
    from .list_codec import ListCodec
    from .models import Model

    return ListCodec(Model)


def decode_stream_event(data: bytes) -> Result[StreamEvent, DecodeError]:
    """Read one event of a streamed response: the data of a `ServerSentEvent`."""
    return stream_event_codec().decode(data)


@cache
def stream_event_codec() -> BareCodec[StreamEvent]:
    """The codec of the events of a streamed response."""
    from .events import StreamEvent

    return BareCodec(StreamEvent)
