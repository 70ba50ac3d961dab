"""What the service makes of a request, whatever goes wrong with it: a value, and the time that it takes.

Law: it is what `MemoryTransport` does by a clock that never sleeps, as a function of the state: `misbehave` answers,
and an exchange takes no longer than its request allows.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure, Success

from ....core.errors import Error, Interrupted
from ....core.http import HttpRequest
from ....core.streams import NOT_OPEN, Chunk
from ...bodies import as_exchanged
from ...memory.apply_faults import BrokenOff, NoAnswer, misbehave
from ...memory.faults import CutStream, Fault, QuotaUsedUp, RateLimited, Refused, Reset, ServerError, Unsent
from ...memory.pace import total_refused
from ...memory.scripts.script import Script
from ...memory.service import Answered, State, TimedChunk
from ...network.timeouts import took_longer, was_silent
from ..lives.passing_time import NOW, rounded

_CUT = Interrupted("truncated", "the body broke off, by a fault plan")


class OpenBody(Struct, frozen=True):
    """A body that is open: what was not read of it, and how it ends.

    Each of the `chunks` is due so many seconds from now. They are events of the response that is called `follows`, and
    go on for as long as that goes on, which was so until `cut`; None for what nothing ends. `count` is how many were
    read, and `request` what it answers. `left` is for how many seconds the exchange may last.
    """

    chunks: tuple[tuple[float, bytes], ...]
    end: Chunk
    count: int = 0
    request: HttpRequest | None = None
    follows: str | None = None
    left: float | None = None

    def later(self, seconds: float) -> OpenBody:
        """The same so many seconds later."""
        chunks = tuple([(max(0.0, rounded(due - seconds)), data) for due, data in self.chunks])
        left = None if self.left is None else max(0.0, rounded(self.left - seconds))
        return replace(self, chunks=chunks, left=left)


class Exchanged(Struct, frozen=True):
    """What came of a request: the `state` after it, the `answer`, the `seconds` until then, and the `body` to be read.

    `acted` is whether the service did what it was asked, or refused it for its own reasons.
    """

    state: State
    answer: Any
    seconds: float
    acted: bool
    body: OpenBody | None = None


def exchanged(state: State, request: HttpRequest, fault: Fault | None, script: Script, *, opens: bool) -> Exchanged:
    """Send `request` at the time `NOW`."""
    if (refused := total_refused(request)) is not None:
        return Exchanged(state, refused, 0.0, acted=False)
    faults = () if fault is None else (fault,)
    next_state, met = misbehave(faults, state, request, NOW, script=script)
    next_state = replace(next_state, served=0)
    acted = _acts(fault)
    seconds = max(0.0, rounded(met.at - NOW))
    total = request.total
    if total is not None and total < seconds:
        return Exchanged(next_state, Failure(took_longer(total)), rounded(total), acted)
    if isinstance(met, NoAnswer):
        return Exchanged(next_state, Failure(met.error), seconds, acted)
    body = _body_of(met)
    left = None if total is None else rounded(total - seconds)
    is_open = 200 <= met.head.status < 300
    if opens and is_open:
        return Exchanged(
            next_state,
            Success(replace(met.head, body=b"")),
            seconds,
            acted,
            replace(body.later(seconds), left=left, request=request),
        )
    if isinstance(met, Answered) and met.events is None:
        return Exchanged(next_state, Success(met.head), seconds, acted)
    late: Error | None = body.end.failure() if isinstance(body.end, Failure) else None
    chunks: list[bytes] = []
    for due, data in body.chunks:
        if total is not None and total < due:
            seconds, late = total, took_longer(total)
            break
        seconds = max(seconds, due)
        chunks.append(data)
    head = replace(met.head, body=b"")
    return Exchanged(next_state, as_exchanged(head, b"".join(chunks), late), rounded(seconds), acted)


def _body_of(met: Answered | BrokenOff) -> OpenBody:
    """All chunks of a body, due in seconds from `NOW`."""
    chunks: tuple[TimedChunk, ...]
    if isinstance(met, BrokenOff):
        end: Chunk = Failure(Interrupted(met.kind, _CUT.reason))
        chunks = met.chunks
    else:
        end = Success(b"")
        whole = (TimedChunk(met.at, met.head.body),) if met.head.body else ()
        chunks = whole if met.events is None else tuple(met.events)
    timed = tuple([(max(0.0, rounded(chunk.at - NOW)), chunk.data) for chunk in chunks])
    return OpenBody(timed, end, follows=met.follows)


def _acts(fault: Fault | None) -> bool:
    if isinstance(fault, Unsent | RateLimited | QuotaUsedUp | Refused):
        return False
    if isinstance(fault, Reset | ServerError):
        return fault.acted
    return True


class WasRead(Struct, frozen=True):
    """What came of a read: the `chunk`, the `seconds` until then, and what is left of the body."""

    chunk: Chunk
    seconds: float
    body: OpenBody | None


def was_read(body: OpenBody | None, within: float | None, cut: CutStream | None, state: State) -> WasRead:
    """Read on in a body at the time `NOW`, in `state`; where it is `cut`, it breaks off here."""
    if body is None:
        return WasRead(NOT_OPEN, 0.0, None)
    if cut is not None and not (cut.inside and body.chunks):
        return WasRead(Failure(_CUT), 0.0, None)
    if not body.chunks:
        return WasRead(body.end, 0.0, body)
    due, data = body.chunks[0]
    if not _goes_on(body.follows, state, NOW + due):
        return WasRead(Success(b""), 0.0, replace(body, chunks=(), end=Success(b"")))
    if body.left is not None and body.left < due and (within is None or body.left <= within):
        return WasRead(Failure(took_longer(body.left)), body.left, None)
    if within is not None and within < due:
        return WasRead(Failure(was_silent(within)), within, None)
    if cut is not None:
        half = data[: len(data) // 2]
        broken = OpenBody((), Failure(_CUT), body.count + 1, body.request)
        return WasRead(Success(half) if half else Failure(_CUT), due, broken)
    return WasRead(Success(data), due, replace(body, chunks=body.chunks[1:], count=body.count + 1))


def _goes_on(response_id: str | None, state: State, at: float) -> bool:
    """Whether the events of a response go on until a time: unless it was cancelled or deleted."""
    if response_id is None:
        return True
    response = state.responses.get(response_id)
    if response is None or response.streaming is None:
        return False
    return response.streaming.cut is None or at <= response.streaming.cut
