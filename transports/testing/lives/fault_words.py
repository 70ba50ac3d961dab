"""Everything that may go wrong in a life, in plain words: one table.

Law: each kind of mishap has a line in it, and what is said is true whatever the program does about it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from ....codecs.lossless.shortened_repr import brief
from ....core.http import Pairs, find_header
from ...memory.faults import (
    CutStream,
    Delay,
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
from ...memory.service import CancelUndone, LateConsistency
from .lives import Dies, Kind, Mishap, OtherWait


class Said(Struct, frozen=True):
    """A mishap in words: `what` there was in place of an answer, or for one; and what there is to say `beside` it.

    `is_all` says that with `what` everything is said that there is to say of the answer.
    """

    what: str
    beside: str = ""
    is_all: bool = False


def said_of(mishap: Mishap, kind: Kind) -> Said:
    """A mishap in words, which a step of this kind met."""
    words: Callable[[Any, Kind], Said] | None = _SAID.get(type(mishap))
    return Said(brief(mishap)) if words is None else words(mishap, kind)


def in_words(mishap: Mishap, kind: Kind) -> str:
    """The same as one phrase."""
    said = said_of(mishap, kind)
    return ", ".join(part for part in (said.what, said.beside) if part)


def _delay(fault: Delay, kind: Kind) -> Said:
    return Said("a slow answer", f"{fault.seconds:g} s late")


def _rate_limited(fault: RateLimited, kind: Kind) -> Said:
    return Said("429", f"too many {fault.kind} a minute: to be asked again after {fault.retry_after:g} s")


def _quota(fault: QuotaUsedUp, kind: Kind) -> Said:
    return Said("429", "the quota is used up")


def _server_error(fault: ServerError, kind: Kind) -> Said:
    return Said(str(fault.status), f"{_whether(fault.acted)}{_hint(fault.headers)}")


def _refused(fault: Refused, kind: Kind) -> Said:
    return Said(f"{fault.status}: {fault.message}", f"{_whether(False)}{_hint(fault.headers)}")


def _reset(fault: Reset, kind: Kind) -> Said:
    return Said("the connection is reset", _whether(fault.acted), is_all=True)


def _unsent(fault: Unsent, kind: Kind) -> Said:
    return Said(f"the request is never sent: {_UNSENT.get(fault.kind, fault.kind)}", is_all=True)


def _truncated(fault: Truncated, kind: Kind) -> Said:
    return Said("the answer breaks off", f"{_whether(True)}")


def _garbage(fault: Garbage, kind: Kind) -> Said:
    return Said("something else in place of the answer", _whether(True))


def _slow(fault: SlowStream, kind: Kind) -> Said:
    return Said("a slow stream", f"each event takes {fault.seconds:g} s more")


def _cut(fault: CutStream, kind: Kind) -> Said:
    if kind != "read":
        return Said("a stream that is cut", f"it breaks off after {fault.events} events")
    return Said("the body breaks off" + (" within a chunk" if fault.inside else ""), is_all=True)


def _late(fault: LateConsistency, kind: Kind) -> Said:
    when = "at first" if fault.since == "created" else "once it has ended"
    return Said("a late index", f"what was made is a 404 for {fault.seconds:g} s {when}")


def _cancel_undone(fault: CancelUndone, kind: Kind) -> Said:
    return Said("a cancel without effect", f"what is cancelled turns completed after {fault.seconds:g} s")


def _dies(death: Dies, kind: Kind) -> Said:
    on_the_way = f" {_whether(death.acted)}" if kind in ("send", "open") else ""
    return Said(f"the process dies{on_the_way}", "and another goes on from its checkpoint", is_all=True)


def _other_wait(mishap: OtherWait, kind: Kind) -> Said:
    return Said("another wait", "the longest where the others are the shortest, or the reverse")


def _whether(acted: bool) -> str:
    return "after the service acted" if acted else "before the service acted"


def _hint(headers: Pairs) -> str:
    hint = find_header(headers, "x-should-retry")
    return "" if hint is None else f" ({'asks for a retry' if hint == 'true' else 'says that no retry helps'})"


_UNSENT = {
    "dns": "the server's name is not found",
    "refused": "the connection is refused",
    "tls": "no secure connection",
    "connect_timeout": "no connection in time",
    "proxy": "the proxy refuses",
    "unreachable": "the server cannot be reached",
    "invalid_request": "no connection could carry it",
    "given_up": "it was given up",
}

_SAID: dict[type[Any], Callable[[Any, Kind], Said]] = {
    Delay: _delay,
    RateLimited: _rate_limited,
    QuotaUsedUp: _quota,
    ServerError: _server_error,
    Refused: _refused,
    Reset: _reset,
    Unsent: _unsent,
    Truncated: _truncated,
    Garbage: _garbage,
    SlowStream: _slow,
    CutStream: _cut,
    LateConsistency: _late,
    CancelUndone: _cancel_undone,
    Dies: _dies,
    OtherWait: _other_wait,
}
