"""How far a stream of events has been followed: what has to be known to resume it without losing or doubling an event.

Law: what `follow` makes of events does not depend on how many of them come at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeGuard

from msgspec import Struct, structs

from ..codecs.response_events import (
    ResponseCompletedEvent,
    ResponseCreatedEvent,
    ResponseFailedEvent,
    ResponseIncompleteEvent,
    ResponseInProgressEvent,
    ResponseQueuedEvent,
)
from ..codecs.wire import Unknown
from .http import Pairs
from .retry_policy import RetryPolicy
from .wait_policy import WaitPolicy

if TYPE_CHECKING:
    from ..codecs.events import StreamEvent

LifeEvent: TypeAlias = ResponseCreatedEvent | ResponseQueuedEvent | ResponseInProgressEvent
"""The events that a stream begins with."""

_LIFE_EVENTS = (ResponseCreatedEvent, ResponseQueuedEvent, ResponseInProgressEvent)
_LIFE = frozenset[type](_LIFE_EVENTS)
_END = frozenset[type]({ResponseCompletedEvent, ResponseFailedEvent, ResponseIncompleteEvent})
_CANCELLED = "response.cancelled"


class Following(Struct, frozen=True, kw_only=True, tag=True, repr_omit_defaults=True):
    """How far a stream has been followed.

    `headers`, `query`, `include` and `timeout` are what a replay is asked for with. `response_id` is None as long as
    the response is not known to be in the background. `after` is the number of the last event that had one; where
    events have `begun` to come without any, there is nothing to resume after. A stream that is `replayed` may repeat
    what came before. `failures` counts the openings in a row that brought nothing. `request_id` is that of the answer.
    """

    resumption: RetryPolicy
    fallback: WaitPolicy | None
    headers: Pairs = ()
    query: Pairs = ()
    include: tuple[str, ...] = ()
    timeout: float | None = None
    response_id: str | None = None
    after: int | None = None
    begun: bool = False
    replayed: bool = False
    ended: bool = False
    failures: int = 0
    request_id: str | None = None


def sequence_number(event: StreamEvent) -> int | None:
    """The number of an event in its stream, known or not; None where the server does not number them."""
    number = event.raw.get("sequence_number") if isinstance(event, Unknown) else event.sequence_number
    return number if isinstance(number, int) else None


def follow(following: Following, events: tuple[StreamEvent, ...]) -> tuple[Following, tuple[StreamEvent, ...]]:
    """Take note of `events`, and leave out those that a replay repeats."""
    if following.replayed:
        events = _not_repeated(events, following.after)
    if not events:
        return following, ()
    kinds = {*map(type, events)}
    response_id = following.response_id
    if response_id is None and not kinds.isdisjoint(_LIFE):
        response_id = next((event.response.id for event in events if _is_in_background(event)), None)
    ended = following.ended or not kinds.isdisjoint(_END) or (Unknown in kinds and any(map(_is_cancelled, events)))
    after = following.after
    if response_id is not None:
        after = next((number for number in map(sequence_number, reversed(events)) if number is not None), after)
    elif following.begun and ended is following.ended:
        return following, events
    failures = following.failures if after == following.after else 0
    return (
        structs.replace(following, response_id=response_id, after=after, begun=True, ended=ended, failures=failures),
        events,
    )


def _not_repeated(events: tuple[StreamEvent, ...], after: int | None) -> tuple[StreamEvent, ...]:
    """Leave out what is not numbered higher than all before it, and keep what has no number."""
    kept: list[StreamEvent] = []
    for event in events:
        number = sequence_number(event)
        if number is not None:
            if after is not None and number <= after:
                continue
            after = number
        kept.append(event)
    return tuple(kept)


def _is_in_background(event: StreamEvent) -> TypeGuard[LifeEvent]:
    """True for the numbered event that tells of a background response: only these are replayed."""
    return isinstance(event, _LIFE_EVENTS) and event.response.background is True and sequence_number(event) is not None


def _is_cancelled(event: StreamEvent) -> bool:
    return event.type == _CANCELLED
