"""How far a stream of events has been followed: what has to be known to emit each of them once and in order.

Law: what `follow` makes of events does not depend on how many of them are received at once. By their numbers:

- The first number is any, and an event without a number is emitted where it is.
- A number above the last is the next event. Where numbers between them are missing, that is a gap. In a stream that can
  be opened again it is requested once, after the last number before it, and what follows it is received by that replay.
  A gap that stays shows that the service does not keep what was there (a keep-alive, say), and no other is requested.
  Nor is one in a stream that cannot be opened again. What follows such a gap is emitted.
- A number that was received before is a repeat, and left out. Any other that is not above the last is a reversal: an
  error.
- Numbers that do not grow are none. An event with the same number as the one before it, and nothing else, is a repeat
  if a greater number follows; one that differs shows that the events are not numbered, and all of them are emitted.
- An end is emitted, whatever its number, unless it is one after which the caller asked. It is the end at once. A gap is
  an error there, but only where the end has no output: else all that was missed is in it.

An error of the order is a `DecodeError`: nothing broke off, and the same request would get no better answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import UNSET, Struct, structs

from ...codecs.lossless.errors import DecodeError
from ...codecs.lossless.wire import Unknown
from ...codecs.on_demand import public_type
from ..errors import Error, about_response
from ..http import Pairs
from ..retry_policy import RetryPolicy
from ..streams import END, Emit, Stream, break_off
from .event_facts import TELLING, background_of, is_end, response_id_of, sequence_number, tells_output, tells_response
from .wait_policy import WaitPolicy

if TYPE_CHECKING:
    from ...codecs.types.events.union import StreamEvent
else:
    StreamEvent = public_type("StreamEvent")

StopReason: TypeAlias = Literal["ended", "gap"] | DecodeError | None
"""Why no more of the events are read: the end, a gap that is to be requested, or an error of the order."""

_UNNUMBERED = frozenset({UNSET, None})
_NUMBER = "$.sequence_number"

MOST_GAPS = 16
"""How many gaps are remembered. Numbers that leave out more than that do not count events."""


class Following(Struct, frozen=True, kw_only=True, tag=True, repr_omit_defaults=True):
    """How far a stream has been followed.

    `query` and `include` are what a replay is requested with. `response_id` is that of the response, as soon as an
    event has shown it; in the `background` it can be opened again. `replayed` is whether it was, and `request_id` is
    that of the answer. `failures` counts the openings in a row that brought nothing.

    `first` is the number of the first event that had one, and `after` the highest; where events have `begun` without
    any, there is nothing to resume after. Up to `floor` all had been received before this opening. `gaps` are the first
    and the last number of each gap that stayed, and `asked` is the number after which one was requested. `opening` is
    the first event with a number, as long as none has grown: `held` repeats of it are held back, or the stream is found
    to be `unnumbered`.
    """

    resumption: RetryPolicy
    fallback: WaitPolicy | None
    query: Pairs = ()
    include: tuple[str, ...] = ()
    response_id: str | None = None
    background: bool = False
    replayed: bool = False
    request_id: str | None = None
    failures: int = 0
    begun: bool = False
    first: int | None = None
    after: int | None = None
    floor: int | None = None
    gaps: tuple[tuple[int, int], ...] = ()
    asked: int | None = None
    opening: Any = None
    held: int = 0
    unnumbered: bool = False

    @property
    def can_be_resumed(self) -> bool:
        """True where what has not been received yet can be requested."""
        known = self.background and self.response_id is not None and not self.unnumbered
        return known and (self.after is not None or not self.begun)

    @property
    def can_ask(self) -> bool:
        """True where a gap after the last number may be requested."""
        wanted = self.can_be_resumed and self.resumption.max_retries > 0
        return wanted and not self.gaps and self.asked != self.after


def follow(
    following: Following, events: tuple[StreamEvent, ...], *, asks: bool = True
) -> tuple[Following, tuple[StreamEvent, ...], StopReason]:
    """Note `events`: return the new position, those that are to be emitted, and the reason if no more are to be read.

    `asks` is whether a gap may be requested.
    """
    if not events:
        return following, (), None
    if following.begun:
        steady = _steady(following, events)
        if steady is not None:
            return steady, events, None
    given: list[StreamEvent] = []
    for event in events:
        following, fresh, stop = _take(following, event, asks)
        given += fresh
        if stop is not None:
            return following, tuple(given), stop
    return following, tuple(given), None


def _steady(following: Following, events: tuple[StreamEvent, ...]) -> Following | None:
    """Note events that are each the next one, or all without a number: nearly all are. None for any others."""
    kinds = {*map(type, events)}
    if not kinds.isdisjoint(TELLING):
        return None
    if Unknown in kinds:
        if any(map(tells_response, events)):
            return None
        numbers: list[Any] = [number for number in map(sequence_number, events) if number is not None]
    else:
        typed: tuple[Any, ...] = events
        numbers = [event.sequence_number for event in typed]
    after = following.after
    if not numbers or (after is None and _UNNUMBERED.issuperset(numbers)):
        return following
    if after is None or following.first is None or numbers != [*range(after + 1, after + 1 + len(numbers))]:
        return None
    return structs.replace(following, after=numbers[-1], failures=0, asked=None, opening=None, held=0, unnumbered=False)


def _take(
    following: Following, event: StreamEvent, asks: bool
) -> tuple[Following, tuple[StreamEvent, ...], StopReason]:
    number = sequence_number(event)
    if tells_response(event):
        following = _told(following, event)
    placed, fresh, stop = (following, (event,), None) if number is None else _place(following, number, event, asks)
    if stop != "gap" and is_end(event):
        placed, fresh, stop = _finish(placed, number, event, fresh, stop)
    if fresh and not placed.begun:
        placed = structs.replace(placed, begun=True)
    return placed, fresh, stop


def _told(following: Following, event: StreamEvent) -> Following:
    """Learn which response it is, and whether it runs in the background."""
    response_id = following.response_id or response_id_of(event)
    background = following.background or background_of(event)
    if response_id == following.response_id and background is following.background:
        return following
    return structs.replace(following, response_id=response_id, background=background)


def _place(
    following: Following, number: int, event: StreamEvent, asks: bool
) -> tuple[Following, tuple[StreamEvent, ...], StopReason]:
    """Place an event with a number."""
    first, after, floor = following.first, following.after, following.floor
    if after is None:
        return structs.replace(following, first=number, after=number, opening=event, failures=0), (event,), None
    if number > after:
        gap = number > after + 1
        if gap and asks and following.can_ask:
            return structs.replace(following, asked=after), (), "gap"
        grown = structs.replace(
            following,
            first=number if first is None else first,
            after=number,
            gaps=(*following.gaps, (after + 1, number - 1))[:MOST_GAPS] if gap else following.gaps,
            asked=None,
            opening=None,
            held=0,
            unnumbered=False,
            failures=0,
        )
        return grown, (event,), None
    if floor is not None and number <= floor:
        return following, (), None
    if number == after == first and floor is None:
        return _same_again(following, event)
    if first is not None and number >= first and not any(least <= number <= most for least, most in following.gaps):
        return following, (), None
    reason = f"expected a number above {after}, or one received before; got {number}: the events are out of order"
    return following, (), DecodeError(path=_NUMBER, reason=reason)


def _same_again(following: Following, event: StreamEvent) -> tuple[Following, tuple[StreamEvent, ...], StopReason]:
    """An event with the number of the one before it, where no number has grown yet."""
    if following.unnumbered:
        return following, (event,), None
    if event == following.opening:
        return structs.replace(following, held=following.held + 1), (), None
    unnumbered = structs.replace(following, opening=None, held=0, unnumbered=True)
    return unnumbered, (*_held_back(following), event), None


def _held_back(following: Following) -> tuple[StreamEvent, ...]:
    """What would have been repeats, had the numbers grown."""
    return (following.opening,) * following.held


def _finish(
    following: Following, number: int | None, event: StreamEvent, fresh: tuple[StreamEvent, ...], stop: StopReason
) -> tuple[Following, tuple[StreamEvent, ...], StopReason]:
    """Take the end of the response, and judge what is missing before it."""
    floor = following.floor
    asked_after_it = following.first is None and number is not None and floor is not None and number <= floor
    if not fresh and not asked_after_it:
        fresh = (event,)
    fresh = (*_held_back(following), *fresh)
    if stop is None:
        stop = _missing(following) if following.gaps and not tells_output(event) else "ended"
    return structs.replace(following, opening=None, held=0), fresh, stop


def _missing(following: Following) -> DecodeError:
    gaps = ", ".join(f"{least}" if least == most else f"{least} to {most}" for least, most in following.gaps)
    reason = f"expected every event, as the end of the response tells no output; those with number {gaps} are missing"
    return DecodeError(path=_NUMBER, reason=reason)


def failed(following: Following, error: Error) -> Stream[StreamEvent]:
    """The end with an error, which names the response; what was held back is emitted before it."""
    end = break_off(about_response(error, following.response_id))
    return Emit(_held_back(following), end) if following.held else end


def ended(following: Following, end: StreamEvent) -> Stream[StreamEvent]:
    """The end with the last event; what was held back is emitted before it."""
    return Emit((*_held_back(following), end), END)
