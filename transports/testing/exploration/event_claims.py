"""What is claimed of the events of a response that is streamed: by their numbers, each is emitted once and in order."""

from __future__ import annotations

from typing import Any, TypeGuard

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure, Success

from ....codecs.lossless.plain import is_sequence
from ....codecs.lossless.wire import Unknown, Wire
from ....codecs.types.events.union import StreamEvent
from ....core.errors import Error
from ....core.programs.event_facts import is_end, sequence_number
from ..lives.lives import LifeStep
from .claims import Broken, Claim, Moment


class EventsSoFar(Struct, frozen=True):
    """The number of the `last` event, and the first and the last number of each gap before it.

    `begun` is whether any was emitted, and `ended` whether that was the end.
    """

    last: int
    gaps: tuple[tuple[int, int], ...] = ()
    begun: bool = False
    ended: bool = False

    def followed_by(self, event: Any) -> EventsSoFar | Broken:
        """After one more event; anything else changes nothing."""
        if not _is_event(event):
            return self
        number, ends = sequence_number(event), is_end(event)
        if number is None:
            if not ends:
                return self
            if self.ended:
                return Broken("the end of the response was emitted twice")
            # Made of the response that was waited for: all that the events would have said is in it.
            return replace(self, gaps=(), begun=True, ended=True)
        if self.ended and number == 0:
            return EventsSoFar(0, begun=True, ended=ends)  # of another response
        if number <= self.last:
            return Broken(f"event {number} was emitted after event {self.last}")
        gaps = self.gaps if number == self.last + 1 else (*self.gaps, (self.last + 1, number - 1))
        return EventsSoFar(number, gaps, begun=True, ended=ends)

    def followed_by_all(self, values: Any) -> EventsSoFar | Broken:
        """After all events that are among some values."""
        events = self
        for value in values:
            following = events.followed_by(value)
            if isinstance(following, Broken):
                return following
            events = following
        return events


def _is_event(value: Any) -> TypeGuard[StreamEvent]:
    """Whether a value may be an event: all that has a type, of which those of other things have no numbers."""
    return isinstance(value, Wire | Unknown) and isinstance(getattr(value, "type", None), str)


class EveryEventOnce(Struct, frozen=True):
    """The claim of `every_event_once`: it remembers how far the events were emitted."""

    name: str
    starting_after: int | None = None
    is_local: bool = True

    def begin(self) -> EventsSoFar:
        """None was emitted."""
        return EventsSoFar(-1 if self.starting_after is None else self.starting_after)

    def after(self, memory: EventsSoFar, step: LifeStep, moment: Moment) -> EventsSoFar | Broken:
        """How far they were emitted by now."""
        return memory.followed_by_all(step.emitted) if step.emitted else memory

    def end(self, memory: EventsSoFar, step: LifeStep, moment: Moment) -> Broken | None:
        """All were emitted, or the error says that some were not."""
        if isinstance(step.result, Failure):
            return _judged_failure(memory, step.result.failure())
        value = step.result.unwrap() if isinstance(step.result, Success) else None
        events = memory.followed_by_all(value) if is_sequence(value) and not memory.begun else memory
        if isinstance(events, Broken):
            return events
        if events.gaps:
            return Broken(f"the stream ended well, and event {_numbers(events.gaps)} is missing")
        if events.ended or (self.starting_after is not None and not events.begun):
            return None
        return Broken(f"the stream ended well after event {events.last}, which is not the last")


def _judged_failure(memory: EventsSoFar, error: Error) -> Broken | None:
    said = str(error)
    if any(str(least) not in said or str(most) not in said for least, most in memory.gaps):
        return Broken(f"event {_numbers(memory.gaps)} is missing, and the error does not say so: {said}")
    if memory.begun and not memory.ended and getattr(error, "response_id", None) is None:
        return Broken(f"events are missing after event {memory.last}, and the error does not say of what: {said}")
    return None


def _numbers(gaps: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{least}" if least == most else f"{least} to {most}" for least, most in gaps)


def every_event_once(*, starting_after: int | None = None) -> Claim:
    """Claim that a stream of the events of a response emits each of them once and in order, or ends in an error.

    - `starting_after`: the number of the event after which the stream begins; None begins with the first, number 0.

    By their numbers, none is emitted twice or out of order. Where the stream ends well, none is left out, and the last
    one emitted is the end; of one that starts after an event, there may be none. An end without a number, which the
    library makes of a response that it has waited for, is in place of all that was not emitted. Where the stream ends
    in an error, that names the response of which events were emitted, so that the rest can be asked for, and the
    numbers of those that were left out in between.

    What is claimed of values that are emitted is claimed of those in a result, too: `collect(stream_response(…))`. It
    is no claim of a stream that leaves events out on purpose (`take`, `filter`), and none where the service does not
    number them.

    >>> from puresponse import explore, stream_response
    >>> stream = stream_response(model="gpt-5", input="Hi")
    >>> explore(stream, faults=0, claims=[every_event_once()]).holds
    True
    """
    if not (starting_after is None or (type(starting_after) is int and starting_after >= 0)):
        raise TypeError(
            f"every_event_once: starting_after must be an integer from 0 on, or None, got {starting_after!r}"
        )
    return EveryEventOnce("every event once, or an error that says what is missing", starting_after)
