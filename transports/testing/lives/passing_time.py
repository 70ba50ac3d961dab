"""The state of the service some time later, told as if it were now: all its times are counted from the present.

Law: whatever is asked of `later(state, seconds)` at the time `NOW` is answered as `state` answers it so much later, but
for the timestamps in bodies, which say when something was made, and all say `NOW`. What is permanently over is told as
over, so that states that differ in the past alone do not differ.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from ...memory.service import State, StoredResponse
from ...memory.service.state import Entry, StoredConversation, Streaming

NOW = 1_750_000_000.0
"""The time at which every step of a life happens, to the service: 15 June 2025."""


def rounded(seconds: float) -> float:
    """Seconds to the microsecond: sums of times that are the same are the same."""
    return round(seconds, 6)


def later(state: State, seconds: float) -> State:
    """The state of the service so many seconds later."""
    for group in state.responses.groups.values():
        for name, response in group.items():
            if response.changes or response.streaming or response.hidden or response.kept_until is not None:
                aged = _aged(response, seconds, state.dialect.streamed_for)
                if aged is not response:
                    state = replace(state, responses=state.responses.having(name, aged))
    for conversations in state.conversations.groups.values():
        for name, conversation in conversations.items():
            if any(entry.at is not None for entry in conversation.entries):
                aged_conversation = _aged_conversation(conversation, seconds)
                state = replace(state, conversations=state.conversations.having(name, aged_conversation))
    return state


def _aged(response: StoredResponse, seconds: float, streamed_for: float | None) -> StoredResponse:
    then = NOW + seconds

    def moved(at: float) -> float:
        return rounded(at - seconds)

    hidden = response.hidden
    if hidden is not None:
        hidden = None if hidden[1] <= then else (moved(hidden[0]), moved(hidden[1]))
    kept_until = response.kept_until
    if kept_until is not None:
        kept_until = max(NOW, moved(kept_until))
    if response.streaming is None:
        body = response.at(then)
        changes = tuple([replace(change, at=moved(change.at)) for change in response.changes if change.at > then])
        return replace(response, body=body, changes=changes, hidden=hidden, kept_until=kept_until)
    streaming = _aged_streaming(response.streaming, then, moved, streamed_for)
    is_over = streaming.ended == streaming.created
    changes = tuple(
        [replace(change, at=NOW if is_over and change.at <= then else moved(change.at)) for change in response.changes]
    )
    return replace(response, changes=changes, streaming=streaming, hidden=hidden, kept_until=kept_until)


def _aged_streaming(
    streaming: Streaming, then: float, moved: Callable[[float], float], streamed_for: float | None
) -> Streaming:
    """Of a stream that is over, and was not cut, all events are there at once, for as long as they are shown."""
    ended, cut = streaming.ended, streaming.cut
    if cut is None and ended is not None and ended <= then:
        over = moved(streaming.created)
        if streamed_for is None:
            over = NOW
        elif then - streaming.created > streamed_for:
            over = NOW - streamed_for - 1.0
        return replace(streaming, created=over, started=over, ended=over)
    return replace(
        streaming,
        created=moved(streaming.created),
        started=None if streaming.started is None else moved(streaming.started),
        ended=None if ended is None else moved(ended),
        cut=None if cut is None else moved(cut),
    )


def _aged_conversation(conversation: StoredConversation, seconds: float) -> StoredConversation:
    def aged(entry: Entry) -> Entry:
        if entry.at is None:
            return entry
        at = rounded(entry.at - seconds)
        return replace(entry, at=None if at <= NOW else at)

    return replace(conversation, entries=tuple(map(aged, conversation.entries)))
