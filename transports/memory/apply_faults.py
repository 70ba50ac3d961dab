"""The answer to a request of the simulation that meets faults: a pure function, as the simulation is.

Where faults contradict each other, what is not sent overrides a reset, a reset overrides a refusal, and that overrides
what changes an answer; of two of a kind the first counts, but delays add up.
"""

from __future__ import annotations

from itertools import islice
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from ...core.errors import Error, Interrupted, InterruptedKind, NotSent
from ...core.http import HttpRequest, HttpResponse
from .faults import (
    CutStream,
    Delay,
    Fault,
    Garbage,
    QuotaUsedUp,
    RateLimited,
    Refused,
    Reset,
    ServerError,
    SlowStream,
    Truncated,
    Unsent,
)
from .scripts.script import Script, echo
from .service import (
    Answered,
    CancelUndone,
    IdSource,
    LateConsistency,
    Quirk,
    State,
    TimedChunk,
    begin,
    numbered_id,
    refuse,
)
from .validation.refusals import RefusedRequest, quota_used_up, rate_limited, server_error

RESET = Interrupted("reset", "the connection was reset, by a fault plan")


class NoAnswer(Struct, frozen=True):
    """No answer, but an `error` `at` a time, in seconds since 1970: the connection is reset, or was never made."""

    at: float
    error: Error = RESET


class BrokenOff(Struct, frozen=True):
    """An answer that breaks off after its `chunks`, as `kind` says. The rest is as in `Answered`."""

    head: HttpResponse
    at: float
    chunks: tuple[TimedChunk, ...]
    kind: InterruptedKind
    follows: str | None = None


SimulatedAnswer: TypeAlias = Answered | BrokenOff | NoAnswer


def misbehave(
    faults: tuple[Fault, ...],
    state: State,
    request: HttpRequest,
    now: float,
    *,
    new_id: IdSource = numbered_id,
    script: Script = echo,
) -> tuple[State, SimulatedAnswer]:
    """Answer `request` as the service does when it meets `faults`. The other parameters are those of `begin`."""
    state, met = act(faults, state, request, now, new_id=new_id, script=script)
    return state, changed(met, faults)


def act(
    faults: tuple[Fault, ...],
    state: State,
    request: HttpRequest,
    now: float,
    *,
    new_id: IdSource = numbered_id,
    script: Script = echo,
) -> tuple[State, Answered | NoAnswer]:
    """What the service does when it meets `faults`, before they have `changed` its answer."""
    late = now + sum(fault.seconds for fault in faults if isinstance(fault, Delay))
    unsent = next((fault for fault in faults if isinstance(fault, Unsent)), None)
    if unsent is not None:
        return state, NoAnswer(late, NotSent(unsent.kind, "the request was not sent, by a fault plan"))
    reset = next((fault for fault in faults if isinstance(fault, Reset)), None)
    if reset is not None and not reset.acted:
        return state, NoAnswer(late)
    if reset is None:
        for fault in faults:
            refusal = _refusal(fault)
            if refusal is not None:
                if isinstance(fault, ServerError) and fault.acted:
                    acted, _ = begin(state, request, now, new_id, script=script, quirks=_quirks(faults))
                    # What was answered counts as no request of its own.
                    state = replace(acted, served=state.served)
                state, answered = refuse(state, refusal, now, new_id)
                return state, replace(answered, at=late)
    state, answered = begin(state, request, now, new_id, script=script, quirks=_quirks(faults))
    if reset is not None:
        return state, NoAnswer(max(late, answered.at))
    return state, _later(answered, late)


def _refusal(fault: Fault) -> RefusedRequest | None:
    match fault:
        case RateLimited(retry_after=retry_after, kind=kind):
            return rate_limited(kind, retry_after)
        case QuotaUsedUp():
            return quota_used_up()
        case ServerError(status=status, headers=headers):
            return server_error(status, headers)
        case Refused():
            about = {"param": fault.param, "code": fault.code}
            return RefusedRequest(fault.status, fault.message, type=fault.type, headers=fault.headers, **about)
        case _:
            return None


def _quirks(faults: tuple[Fault, ...]) -> tuple[Quirk, ...]:
    return tuple(fault for fault in faults if isinstance(fault, LateConsistency | CancelUndone))


def _later(answered: Answered, late: float) -> Answered:
    """The answer, no part of it before the time `late`."""
    if late <= answered.at:
        return answered
    return replace(answered, at=late, events=None if answered.events is None else answered.events.later(late))


def changed(answered: Answered | NoAnswer, faults: tuple[Fault, ...]) -> SimulatedAnswer:
    """The answer as `faults` change it: of a stream, no more is made than they leave of it."""
    if isinstance(answered, NoAnswer):
        return answered
    exchange: Answered | BrokenOff = answered
    for fault in faults:
        if isinstance(exchange, BrokenOff):
            break
        match fault:
            case Garbage(body=body, status=status, content_type=content_type):
                kept = tuple(pair for pair in exchange.head.headers if pair[0] != "content-type")
                headers = (("content-type", content_type), *kept)
                exchange = Answered(HttpResponse(status=status, headers=headers, body=body), exchange.at)
            case SlowStream(seconds=seconds) if exchange.events is not None:
                exchange = replace(exchange, events=exchange.events.slower(seconds))
            case Truncated(bytes=count):
                exchange = _cut(exchange, count, "truncated")
            case CutStream(events=count, inside=inside) if exchange.events is not None:
                sizes = [len(chunk.data) for chunk in islice(exchange.events, count + 1)]
                begun = sizes[count] // 2 if inside and count < len(sizes) else 0
                exchange = _cut(exchange, sum(sizes[:count]) + begun, "truncated")
            case _:
                pass
    return exchange


def _cut(answered: Answered, count: int, kind: InterruptedKind) -> BrokenOff:
    """The answer, broken off after `count` bytes of its body, and before its end."""
    chunks = (TimedChunk(answered.at, answered.head.body),) if answered.events is None else answered.events
    left = count
    kept: list[TimedChunk] = []
    for chunk in chunks:
        if left < len(chunk.data):
            if left > 0:
                kept.append(TimedChunk(chunk.at, chunk.data[:left]))
            break
        kept.append(chunk)
        left -= len(chunk.data)
    else:  # It is no longer than that.
        last = kept.pop() if kept else None
        if last is not None and len(last.data) > 1:
            kept.append(TimedChunk(last.at, last.data[:-1]))
    return BrokenOff(replace(answered.head, body=b""), answered.at, tuple(kept), kind, answered.follows)
