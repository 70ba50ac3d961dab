"""The response that a stream of events tells of, at any point of it: a fold.

Law: `response_so_far(events)` is `fold_event` from event to event; after the last event it is the final response, and
before it what the events have told so far. Events that this version of the library does not know change nothing, but
for the `response.cancelled` that stands for the end of a response that was waited for.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import structs

from ..codecs.content import OutputText, ReasoningText, Refusal, SummaryText
from ..codecs.decoders import decode_response
from ..codecs.function_events import (
    CustomToolCallInputDeltaEvent,
    CustomToolCallInputDoneEvent,
    FunctionCallArgumentsDeltaEvent,
    FunctionCallArgumentsDoneEvent,
    ShellCallCommandAddedEvent,
    ShellCallCommandDeltaEvent,
    ShellCallCommandDoneEvent,
)
from ..codecs.lossless import encode
from ..codecs.mcp_events import MCPCallArgumentsDeltaEvent, MCPCallArgumentsDoneEvent
from ..codecs.output_events import (
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
from ..codecs.reasoning_events import (
    ReasoningSummaryPartAddedEvent,
    ReasoningSummaryPartDoneEvent,
    ReasoningSummaryTextDeltaEvent,
    ReasoningSummaryTextDoneEvent,
    ReasoningTextDeltaEvent,
    ReasoningTextDoneEvent,
)
from ..codecs.response_events import (
    ResponseCompletedEvent,
    ResponseCreatedEvent,
    ResponseFailedEvent,
    ResponseIncompleteEvent,
    ResponseInProgressEvent,
    ResponseQueuedEvent,
)
from ..codecs.shell import ShellCall
from ..codecs.tool_events import CodeInterpreterCallCodeDeltaEvent, CodeInterpreterCallCodeDoneEvent
from ..codecs.wire import Unknown

if TYPE_CHECKING:
    from ..codecs.events import StreamEvent
    from ..codecs.response import Response

T = TypeVar("T")

_STATUSES = frozenset({"in_progress", "searching", "interpreting", "generating", "completed", "incomplete", "failed"})
"""What an item may be in the midst of. The names of other events, such as `partial_image`, are no statuses."""


def response_so_far(events: Iterable[StreamEvent], response: Response | None = None) -> Response | None:
    """Give the response that `events` tell of; None before any event has told of it.

    Args:
        events: Any first part of the events of a stream, in order.
        response: What earlier events have told.
    """
    return reduce(fold_event, events, response)


def fold_event(response: Response | None, event: StreamEvent) -> Response | None:
    """Give `response` as it is after `event`."""
    match event:
        case ResponseCompletedEvent() | ResponseFailedEvent() | ResponseIncompleteEvent():
            return event.response
        case ResponseCreatedEvent() | ResponseQueuedEvent() | ResponseInProgressEvent():
            told = event.response
            return told if response is None or told.output else structs.replace(told, output=response.output)
        case Unknown(type="response.cancelled"):
            return decode_response(encode(event.raw.get("response"))).value_or(response)
        case OutputItemAddedEvent(item=item) | OutputItemDoneEvent(item=item) if response is not None:
            return structs.replace(response, output=_placed(response.output, event.output_index, item))
        case _:
            index = getattr(event, "output_index", None)
            if response is None or not isinstance(index, int) or not 0 <= index < len(response.output):
                return response
            item = _fold_into_item(response.output[index], event)
            return structs.replace(response, output=_placed(response.output, index, item))


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
    if not 0 <= index < len(parts):
        return item
    return _with(item, field, _placed(parts, index, _fold_into_part(parts[index], event)))


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
    _, _, told = (event_type or "").partition(".")
    name, _, status = told.partition(".")
    return _with(item, "status", status) if name == item.type and status in _STATUSES else item


def _with_more(item: Any, field: str, delta: str) -> Any:
    return _with(item, field, (getattr(item, field, None) or "") + delta)


def _with(item: Any, field: str, value: Any) -> Any:
    """The item with another value in `field`; as it is, if it has no such field (an item of a type nobody knows)."""
    return structs.replace(item, **{field: value}) if field in item.__struct_fields__ else item


def _parts(item: Any, field: str) -> tuple[Any, ...]:
    parts: Any = getattr(item, field, None)
    return () if isinstance(parts, str) else parts or ()


def _placed(values: tuple[T, ...], index: int, value: T) -> tuple[T, ...]:
    """The values with another one at `index`, or after the last."""
    return (*values[:index], value, *values[index + 1 :])
