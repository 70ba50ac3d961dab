"""The response that a stream of events describes, at any point of it: a fold.

Law: `response_so_far(events)` is `fold_event` from event to event; after the last event it is the final response, and
before it what the events have shown so far. Where an event of the whole response has no output, as some servers end
their streams, the output stays what was streamed; all else is that event's. So it is with the `response.cancelled` that
is emitted for the end of a response that was waited for. Where the response of such an event lacks a field that it must
have, or has it in a form that does not fit, what it lacks stays as it was. Other events that do not fit their type, and
those that this version of the library does not know, change nothing.

Some servers send the text of a message without having begun its part, or the message: the next part of an item, and the
next item, are then begun by their first text. An index that leaves out others, or is none, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import structs

from ...codecs.decoders import decode_response
from ...codecs.lossless.codec import encode, to_plain
from ...codecs.lossless.plain import is_mapping
from ...codecs.lossless.sent import sent
from ...codecs.lossless.wire import Unknown
from ...codecs.on_demand import public_type
from ...codecs.types.content import OutputText, ReasoningText, Refusal, SummaryText
from ...codecs.types.events.caller_tools import (
    CustomToolCallInputDeltaEvent,
    CustomToolCallInputDoneEvent,
    FunctionCallArgumentsDeltaEvent,
    FunctionCallArgumentsDoneEvent,
    ShellCallCommandAddedEvent,
    ShellCallCommandDeltaEvent,
    ShellCallCommandDoneEvent,
)
from ...codecs.types.events.hosted_tools import CodeInterpreterCallCodeDeltaEvent, CodeInterpreterCallCodeDoneEvent
from ...codecs.types.events.mcp import MCPCallArgumentsDeltaEvent, MCPCallArgumentsDoneEvent
from ...codecs.types.events.output import (
    ContentPartAddedEvent,
    ContentPartDoneEvent,
    OutputItemAddedEvent,
    OutputItemDoneEvent,
    OutputTextAnnotationAddedEvent,
    RefusalDeltaEvent,
    RefusalDoneEvent,
    TextDeltaEvent,
    TextDoneEvent,
)
from ...codecs.types.events.reasoning import (
    ReasoningSummaryPartAddedEvent,
    ReasoningSummaryPartDoneEvent,
    ReasoningSummaryTextDeltaEvent,
    ReasoningSummaryTextDoneEvent,
    ReasoningTextDeltaEvent,
    ReasoningTextDoneEvent,
)
from ...codecs.types.events.response import (
    ResponseCompletedEvent,
    ResponseCreatedEvent,
    ResponseFailedEvent,
    ResponseIncompleteEvent,
    ResponseInProgressEvent,
    ResponseQueuedEvent,
)
from ...codecs.types.messages import Message
from ...codecs.types.reasoning import ReasoningItem
from ...codecs.types.tools.shell import ShellCall
from ..results import is_failure
from .event_facts import tells_response

if TYPE_CHECKING:
    from ...codecs.types.events.union import StreamEvent
    from ...codecs.types.response import Response
else:
    StreamEvent = public_type("StreamEvent")
    Response = public_type("Response")

T = TypeVar("T")

_STATUSES = frozenset({"in_progress", "searching", "interpreting", "generating", "completed", "incomplete", "failed"})
"""What an item may be in the midst of. The names of other events, such as `partial_image`, are no statuses."""


def response_so_far(events: Iterable[StreamEvent], response: Response | None = None) -> Response | None:
    """Return the response that `events` describe; None before any event has described it.

    Args:
        events: Any first part of the events of a stream, in order.
        response: The response after earlier events.

    >>> from puresponse.codecs import Response, ResponseCreatedEvent
    >>> created = Response(id="resp_1", created_at=1, status="in_progress", model="gpt-5", output=())
    >>> response_so_far([ResponseCreatedEvent(sequence_number=0, response=created)]).id
    'resp_1'
    """
    return reduce(fold_event, events, response)


def fold_event(response: Response | None, event: StreamEvent) -> Response | None:
    """Return `response` as it is after `event`; None before any event has described it.

    >>> from puresponse.codecs import Response, ResponseCreatedEvent
    >>> created = Response(id="resp_1", created_at=1, status="in_progress", model="gpt-5", output=())
    >>> fold_event(None, ResponseCreatedEvent(sequence_number=0, response=created)).status
    'in_progress'
    """
    match event:
        case (
            ResponseCompletedEvent()
            | ResponseFailedEvent()
            | ResponseIncompleteEvent()
            | ResponseCreatedEvent()
            | ResponseQueuedEvent()
            | ResponseInProgressEvent()
        ):
            return _with_output(event.response, response)
        case Unknown():
            told = _as_far_as_it_fits(sent(event, "response"), response) if tells_response(event) else None
            return response if told is None else _with_output(told, response)
        case OutputItemAddedEvent(item=item) | OutputItemDoneEvent(item=item) if response is not None:
            return structs.replace(response, output=_placed(response.output, event.output_index, item))
        case _:
            index = getattr(event, "output_index", None)
            if response is None or not isinstance(index, int) or not 0 <= index <= len(response.output):
                return response
            begun = response.output[index] if index < len(response.output) else _begun_by(event)
            if begun is None:
                return response
            return structs.replace(response, output=_placed(response.output, index, _fold_into_item(begun, event)))


def _with_output(response: Response, so_far: Response | None) -> Response:
    """The response of an event, with the output that was streamed where the event has none."""
    return response if so_far is None or response.output else structs.replace(response, output=so_far.output)


def _as_far_as_it_fits(members: Any, so_far: Response | None) -> Response | None:
    """The response of an event that is known by its type alone; None where nothing can be had of it.

    What it lacks, or a response must have in another form, is as it was before the event.
    """
    if not is_mapping(members):
        return None
    decoded = decode_response(encode(members))
    if not is_failure(decoded) or so_far is None:
        return decoded.value_or(None)
    from ...codecs.lossless.forms import optional_fields  # few ends do not fit

    before = to_plain(so_far)
    needed = {name: value for name, value in before.items() if name not in optional_fields(type(so_far))}
    told = {**before, **members, **needed}
    for name in needed.keys() & members.keys():
        tried = {**told, name: members[name]}
        told = told if is_failure(decode_response(encode(tried))) else tried
    return decode_response(encode(told)).value_or(None)


def _begun_by(event: StreamEvent) -> Message | None:
    """The item that an event begins for which none was begun: text and refusals are parts of messages."""
    match event:
        case TextDeltaEvent() | TextDoneEvent() | RefusalDeltaEvent() | RefusalDoneEvent():
            pass
        case ContentPartAddedEvent(part=OutputText() | Refusal()):
            pass
        case _:
            return None
    return Message(id=event.item_id, status="in_progress", role="assistant", content=())


def _fold_into_item(item: Any, event: StreamEvent) -> Any:
    match event:
        case ContentPartAddedEvent() | ContentPartDoneEvent():
            return _with(item, "content", _placed(_parts(item, "content"), event.content_index, event.part))
        case ReasoningSummaryPartAddedEvent() | ReasoningSummaryPartDoneEvent():
            return _with(item, "summary", _placed(_parts(item, "summary"), event.summary_index, event.part))
        case ReasoningSummaryTextDeltaEvent() | ReasoningSummaryTextDoneEvent():
            return _in_part(item, "summary", event.summary_index, event)
        case (
            TextDeltaEvent()
            | TextDoneEvent()
            | RefusalDeltaEvent()
            | RefusalDoneEvent()
            | ReasoningTextDeltaEvent()
            | ReasoningTextDoneEvent()
            | OutputTextAnnotationAddedEvent()
        ):
            return _in_part(item, "content", event.content_index, event)
        case FunctionCallArgumentsDeltaEvent(delta=delta) | MCPCallArgumentsDeltaEvent(delta=delta):
            return _with_more(item, "arguments", delta)
        case FunctionCallArgumentsDoneEvent(arguments=arguments) | MCPCallArgumentsDoneEvent(arguments=arguments):
            return _with(item, "arguments", arguments)
        case CustomToolCallInputDeltaEvent(delta=delta):
            return _with_more(item, "input", delta)
        case CustomToolCallInputDoneEvent(input=whole):
            return _with(item, "input", whole)
        case CodeInterpreterCallCodeDeltaEvent(delta=delta):
            return _with_more(item, "code", delta)
        case CodeInterpreterCallCodeDoneEvent(code=code):
            return _with(item, "code", code)
        case ShellCallCommandAddedEvent() | ShellCallCommandDoneEvent():
            return _with_command(item, event.command_index, event.command, "")
        case ShellCallCommandDeltaEvent():
            return _with_command(item, event.command_index, None, event.delta)
        case _:
            return _with_status(item, event.type)


def _in_part(item: Any, field: str, index: int, event: Any) -> Any:
    parts = _parts(item, field)
    if not 0 <= index <= len(parts):
        return item
    part = parts[index] if index < len(parts) else _part_begun_by(item, event)
    return item if part is None else _with(item, field, _placed(parts, index, _fold_into_part(part, event)))


def _part_begun_by(item: Any, event: Any) -> Any:
    """The part that an event begins for which none was begun; None where such an item has no such part."""
    match item, event:
        case Message(content=tuple()), TextDeltaEvent() | TextDoneEvent():
            return OutputText(text="", annotations=())
        case Message(content=tuple()), RefusalDeltaEvent() | RefusalDoneEvent():
            return Refusal(refusal="")
        case ReasoningItem(), ReasoningTextDeltaEvent() | ReasoningTextDoneEvent():
            return ReasoningText(text="")
        case ReasoningItem(), ReasoningSummaryTextDeltaEvent() | ReasoningSummaryTextDoneEvent():
            return SummaryText(text="")
        case _:
            return None


def _fold_into_part(part: Any, event: Any) -> Any:
    match part, event:
        case OutputText(), TextDeltaEvent():
            part = structs.replace(part, text=part.text + event.delta)
            return structs.replace(part, logprobs=(part.logprobs or ()) + event.logprobs) if event.logprobs else part
        case OutputText(), TextDoneEvent():
            return structs.replace(part, text=event.text)
        case OutputText(), OutputTextAnnotationAddedEvent() if event.annotation:
            return structs.replace(
                part, annotations=_placed(part.annotations or (), event.annotation_index, event.annotation)
            )
        case Refusal(), RefusalDeltaEvent():
            return structs.replace(part, refusal=part.refusal + event.delta)
        case Refusal(), RefusalDoneEvent():
            return structs.replace(part, refusal=event.refusal)
        case ((ReasoningText() | SummaryText()), (ReasoningTextDeltaEvent() | ReasoningSummaryTextDeltaEvent())):
            return structs.replace(part, text=part.text + event.delta)
        case ((ReasoningText() | SummaryText()), (ReasoningTextDoneEvent() | ReasoningSummaryTextDoneEvent())):
            return structs.replace(part, text=event.text)
        case _:
            return part


def _with_command(item: Any, index: int, command: str | None, more: str) -> Any:
    if not isinstance(item, ShellCall):
        return item
    commands = item.action.commands
    if command is None:
        command = commands[index] if 0 <= index < len(commands) else ""
    return structs.replace(item, action=structs.replace(item.action, commands=_placed(commands, index, command + more)))


def _with_status(item: Any, event_type: str | None) -> Any:
    """Take the status that an event such as `response.web_search_call.searching` ends with."""
    _, _, rest = (event_type or "").partition(".")
    name, _, status = rest.partition(".")
    return _with(item, "status", status) if name == item.type and status in _STATUSES else item


def _with_more(item: Any, field: str, delta: str) -> Any:
    before: Any = getattr(item, field, None) or ""
    return _with(item, field, before + delta) if isinstance(before, str) else item


def _with(item: Any, field: str, value: Any) -> Any:
    """The item with another value in `field`; as it is, if it has no such field (an item of a type nobody knows)."""
    return structs.replace(item, **{field: value}) if field in item.__struct_fields__ else item


def _parts(item: Any, field: str) -> tuple[Any, ...]:
    parts: Any = getattr(item, field, None)
    return () if isinstance(parts, str) else parts or ()


def _placed(values: tuple[T, ...], index: int, value: T) -> tuple[T, ...]:
    """The values with another one at `index`, or after the last; as they are, where the index is below 0."""
    return values if index < 0 else (*values[:index], value, *values[index + 1 :])
