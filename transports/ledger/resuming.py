"""What a run makes of what an earlier one has left in flight.

Law: a request that only reads, or that is idempotent, is sent again, and whoever asks is told that it may have been
acted upon before (`after_interruption`). Any other is never repeated.
"""

from __future__ import annotations

from typing import Any

from msgspec import json, structs

from ...codecs.lossless.plain import is_array, is_object
from ...core.combinators.remaining_time import Within
from ...core.errors import Interrupted
from ...core.frame_trees import Ends, RuleEnd, Then, flattened, rebuilt
from ...core.http import SAFE_METHODS
from ...core.retry import Attempt
from ...core.retry_policy import RetryPolicy
from ...core.steps import Operation, Send

_CAUSE = Interrupted("reset", "the process that sent it ended before it had the answer")
_ENDPOINTS = f"{Attempt.__module__.rpartition('.')[0]}.endpoints."
_ONCE = RetryPolicy(max_retries=0)


def sent_again(program: Operation[Any]) -> Operation[Any] | None:
    """The program at a request that may have been sent already; None where that must not be sent again."""
    if not isinstance(program, Send):
        return program
    request = program.request
    if request.method in SAFE_METHODS:
        return program
    return after_interruption(program) if request.idempotent else None


def after_interruption(step: Send[Any]) -> Send[Any]:
    """The step whose answer says that an earlier attempt may have been acted upon, as `retrying` and `within` do."""
    frames, ends = flattened(step.resume)
    first = frames[0]
    if isinstance(first, Attempt):
        told = structs.replace(first, interruption=first.interruption or _CAUSE)
        return Send(step.request, rebuilt((told, *frames[1:]), tuple(map(_told, ends))))
    attempt = Attempt(policy=_ONCE, request=step.request, interruption=_CAUSE)
    return Send(step.request, Then(attempt, step.resume))


def _told(ends: Ends) -> Ends:
    """What ends behind a frame, where a limit around the attempts knows that the request may have been acted upon."""
    return ends if isinstance(ends, int) else tuple(map(_told_limit, ends))


def _told_limit(end: RuleEnd | None) -> RuleEnd | None:
    if end is None or not isinstance(end.rule, Within) or not end.rule.asked:
        return end
    return structs.replace(end, rule=structs.replace(end.rule, left_open=end.rule.asked))


def sends_again(checkpoint: bytes) -> bool:
    """Whether all that a program can send is safe or idempotent: for who knows nothing of how far it was.

    It is where each request that it holds is, and where it holds no function, neither the caller's nor one that is
    called by name: nobody can say what those send.
    """
    pending: list[Any] = [json.decode(checkpoint)]
    while pending:
        part = pending.pop()
        if is_array(part):
            pending += part
        elif is_object(part):
            kind = part.get("$")
            if "@" in part or kind == "name":
                return False
            if kind == "HttpRequest" and not part.get("idempotent") and part.get("method") not in SAFE_METHODS:
                return False
            pending += part.values()
    return True


def sends_one_request(program: Operation[Any]) -> bool:
    """Whether a program sends one request and no other, though perhaps again: its frames are those of an endpoint."""
    if not isinstance(program, Send):
        return False
    frames, _ = flattened(program.resume)
    return all(isinstance(frame, Attempt) or type(frame).__module__.startswith(_ENDPOINTS) for frame in frames)
