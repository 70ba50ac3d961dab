"""What most readers of a response want of it: text, refusal, function calls, summaries of the reasoning.

Law: each is a function, for `map` and `flow`, and a property of `Response` of the same name and value, unless a struct
has a field of that name, as `Refusal.refusal`: a name says one thing. That is a law of all properties of all structs.
`output_text` alone is a property in place of a field, which is `sent_output_text`: msgspec would take a property beside
a field of the same name for its default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar, overload

from returns.result import Result

from ..lossless.building import once
from ..lossless.codec import Codec
from ..lossless.described import refuse_models
from ..lossless.errors import DecodeError
from ..lossless.plain import is_mapping, is_sequence
from ..lossless.self_reading import Adapter, read_itself, reads_itself
from ..lossless.wire import Unknown
from .content import ContentPart, OutputText, Refusal
from .items import OutputItem
from .messages import Message
from .reasoning import ReasoningItem
from .response import Response
from .tools.functions import FunctionCall
from .tools.mcp import MCPApprovalRequest, MCPCall

T = TypeVar("T")


def output_text(response: Response) -> str:
    """All text that the model wrote in `response`, in order; empty where there is none.

    >>> from puresponse.codecs import Message, OutputText, Response
    >>> message = Message(role="assistant", content=(OutputText(text="Hi."),))
    >>> response = Response(id="resp_1", created_at=1, model="gpt-5", output=(message,))
    >>> output_text(response)
    'Hi.'
    """
    return "".join(text for item in response.output for text in _texts(item))


def refusal(response: Response) -> str | None:
    """The model's refusal in `response`, in its own words; None where it did not refuse.

    >>> from puresponse.codecs import Message, Refusal, Response
    >>> message = Message(role="assistant", content=(Refusal(refusal="No."),))
    >>> refusal(Response(id="resp_1", created_at=1, model="gpt-5", output=(message,)))
    'No.'
    """
    return "".join(part.refusal for part in _parts(response) if isinstance(part, Refusal)) or None


def reasoning_summaries(response: Response) -> tuple[str, ...]:
    """The parts of the summaries of the model's reasoning in `response`, in order.

    >>> from puresponse.codecs import ReasoningItem, Response, SummaryText
    >>> item = ReasoningItem(id="rs_1", summary=(SummaryText(text="Counted twice."),))
    >>> reasoning_summaries(Response(id="resp_1", created_at=1, model="gpt-5", output=(item,)))
    ('Counted twice.',)
    """
    parts = (part for item in response.output if isinstance(item, ReasoningItem) for part in item.summary)
    return tuple(part.text for part in parts if not isinstance(part, Unknown))


def function_calls(response: Response) -> tuple[tuple[FunctionCall, Result[dict[str, Any], DecodeError]], ...]:
    """The function calls of `response`, each with its arguments: models do not always write proper JSON.

    Errors: those of `parse_arguments`, beside each call. That reads the arguments of a call into a type.

    >>> from puresponse.codecs import FunctionCall, Response
    >>> call = FunctionCall(call_id="call_1", name="add", arguments='{"a":1}')
    >>> function_calls(Response(id="resp_1", created_at=1, model="gpt-5", output=(call,)))[0][1]
    <Success: {'a': 1}>
    """
    calls = (item for item in response.output if isinstance(item, FunctionCall))
    return tuple((call, parse_arguments(call)) for call in calls)


@overload
def parse_arguments(call: FunctionCall | MCPCall | MCPApprovalRequest) -> Result[dict[str, Any], DecodeError]: ...
@overload
def parse_arguments(
    call: FunctionCall | MCPCall | MCPApprovalRequest, into: type[T] | Adapter[T]
) -> Result[T, DecodeError]: ...
def parse_arguments(call: FunctionCall | MCPCall | MCPApprovalRequest, into: Any = dict[str, Any]) -> Any:
    """The arguments of a call, which are JSON text, as a dict or as `into`.

    Args:
        call: The call.
        into: Any type that msgspec decodes, a pydantic model, or a pydantic `TypeAdapter`.

    Errors: a `DecodeError` says where the text is not JSON, or not of that type, or what the model raised. Raises
    `TypeError` for an `into` that is no such type.

    >>> from puresponse.codecs import FunctionCall
    >>> parse_arguments(FunctionCall(call_id="call_1", name="add", arguments='{"a":1}'), dict[str, int])
    <Success: {'a': 1}>
    """
    given: Any = getattr(call, "arguments", None)
    return codec_of_arguments(into).decode(given)


class _Itself:
    """In place of a codec, for a model or an adapter."""

    __slots__ = ("_kind",)

    def __init__(self, kind: Any) -> None:
        self._kind = kind

    def decode(self, data: Any) -> Result[Any, DecodeError]:
        return read_itself(self._kind, data)


def _codec(shape: Any) -> Codec[Any] | _Itself:
    if reads_itself(shape):
        return _Itself(shape)
    refuse_models(shape)
    return Codec(shape)


codec_of_arguments: Callable[[Any], Codec[Any] | _Itself] = once(_codec, at_most=128)
"""The codec of what arguments are read into. Bounded, so that a program that makes types as it goes does not grow."""


def _texts(item: OutputItem) -> Iterator[str]:
    """The texts of an item, also of a message that does not fit its type for another reason."""
    content: Any = item.content if isinstance(item, Message) else None
    if isinstance(item, Unknown) and item.type == "message":
        content = item.raw.get("content")
    if isinstance(content, str):
        yield content
        return
    for part in content if is_sequence(content) else ():
        if isinstance(part, OutputText):
            yield part.text
        elif is_mapping(part) and part.get("type") == "output_text" and isinstance(part.get("text"), str):
            yield part["text"]


def _parts(response: Response) -> Iterator[ContentPart]:
    return (part for item in response.output if isinstance(item, Message) for part in item.parts)
