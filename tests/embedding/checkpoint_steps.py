"""Steps a program by one, for a host that saves between any two of them. Core alone: this runs in a child process."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import Struct

from puresponse.core import (
    Close,
    Done,
    Emit,
    End,
    Fork,
    HttpRequest,
    Open,
    Operation,
    Perform,
    Read,
    Send,
    Stream,
    Wait,
    sequentially,
)

Program: TypeAlias = Operation[Any] | Stream[Any]


class Asked(Struct, frozen=True):
    """What a program asks of its host next: the innermost step that is not an operation's end."""

    kind: str
    request: HttpRequest | None = None
    seconds: float = 0.0
    spread: float = 0.0
    values: tuple[Any, ...] = ()
    result: Any = None
    within: float | None = None


def asked_by(program: Program) -> Asked:
    """Say what is to be done before `program` can be stepped."""
    match program:
        case Send(request, _):
            return Asked("Send", request)
        case Open(request, _):
            return Asked("Open", request)
        case Wait(seconds, spread, _):
            return Asked("Wait", seconds=seconds, spread=spread)
        case Emit(values, _):
            return Asked("Emit", values=values)
        case Read(_, within):
            return Asked("Read", within=within)
        case Perform(operation, _):
            return Asked("Perform") if isinstance(operation, Done) else asked_by(operation)
        case Fork(operations):
            return Asked("Fork", values=(len(operations),))
        case Close(_, within):
            return Asked("Close", within=within)
        case Done(result) | End(result):
            return Asked(type(program).__name__, result=result)


def stepped(program: Program, given: Any) -> Program:
    """Go on from `program` with what the host gives: an answer, a chunk, seconds, or nothing for the other steps.

    A fork is taken apart: what is saved in the midst of it is an operation like any other.
    """
    match program:
        case Send(_, resume) | Open(_, resume) | Wait(_, _, resume) | Read(resume):
            return resume(given)
        case Emit(_, rest) | Close(rest):
            return rest
        case Fork():
            return sequentially(program)
        case Perform(Done(result), resume):
            return resume(result)
        case Perform(operation, resume):
            onward: Any = stepped(operation, given)
            return Perform(onward, resume)
        case Done() | End():
            raise ValueError("nothing is left to step")
