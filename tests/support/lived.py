"""A life of a program as a test tells it: which mishap meets which of its requests, reads and waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from returns.result import Failure, Result, Success

from puresponse.core import (
    Close,
    Done,
    Emit,
    End,
    Error,
    Fork,
    HttpRequest,
    Interrupted,
    Open,
    Operation,
    Perform,
    Read,
    Send,
    Stream,
    Wait,
)
from puresponse.core.streams import NOT_OPEN, Chunk
from puresponse.transports import State
from puresponse.transports.bodies import as_exchanged
from puresponse.transports.memory.apply_faults import BrokenOff, NoAnswer, misbehave
from puresponse.transports.memory.faults import CutStream, Fault, RateLimited, Reset, ServerError, Unsent
from puresponse.transports.testing.lives.findings import Violation
from puresponse.transports.testing.lives.lives import Dies, Kind, Life, LifeStep, Mishap, OtherWait
from puresponse.transports.testing.lives.passing_time import NOW

CUT = Interrupted("truncated", "the body broke off")


def lived(program: Operation[Any] | Stream[Any], state: State, mishaps: Mapping[int, Mishap] | None = None) -> Life:
    """The life in which `mishaps` meet steps, which are numbered as they are in it: the first request is 1."""
    liver = _Liver(state, mishaps or {})
    result = liver.live(program, ())
    liver.told(result)
    return tuple(liver.life)


def violation(
    life: Life, claim: str = "it is well", why: str = "it is not", node: int = 0, program: Any = None
) -> Violation:
    """A claim that is said not to hold of a life."""
    return Violation(claim=claim, why=why, life=life, node=node, program=program)


class _Liver:
    def __init__(self, state: State, mishaps: Mapping[int, Mishap]) -> None:
        self.state = state
        self.mishaps = mishaps
        self.now = 0.0
        self.life: list[LifeStep] = []
        self.emitted: list[Any] = []
        self.chunks: list[bytes] = []
        self.end: Chunk = NOT_OPEN
        self.open: HttpRequest | None = None
        self.last: dict[str, Any] = {"kind": "begin", "before": state, "after": state}

    def told(self, result: Result[Any, Error] | None) -> None:
        self.life.append(LifeStep(**self.last, emitted=tuple(self.emitted), result=result))
        self.emitted = []

    def step(self, kind: Kind, branch: tuple[int, ...], request: HttpRequest | None, does: Callable[..., Any]) -> Any:
        """Do a step, after as many deaths as there are to be before it."""
        while True:
            self.told(None)
            mishap = self.mishaps.get(len(self.life))
            before, began = self.state, self.now
            answer = None
            if not isinstance(mishap, Dies):
                answer = does(mishap)
            elif mishap.acted:
                does(None)
            self.last = {
                "kind": kind,
                "request": request,
                "branch": branch,
                "mishap": mishap,
                "answer": answer,
                "acted": mishap.acted if isinstance(mishap, Dies | Reset | ServerError) else not _stops(mishap),
                "began": began,
                "ended": self.now,
                "before": before,
                "after": self.state,
            }
            if answer is not None:
                return answer

    def live(self, program: Operation[Any] | Stream[Any], branch: tuple[int, ...]) -> Result[Any, Error]:
        while True:
            match program:
                case Send(request, resume):
                    program = resume(self.step("send", branch, request, self.sending(request)))
                case Open(request, resume):
                    program = resume(self.step("open", branch, request, self.opening(request)))
                case Read(resume, _):
                    program = resume(self.step("read", branch, self.open, self.reading))
                case Wait(seconds, spread, resume):
                    program = resume(self.step("wait", branch, None, self.waiting(seconds, spread)))
                case Emit(values, rest):
                    self.emitted += values
                    program = rest
                case Perform(operation, resume):
                    program = resume(self.live(operation, branch))
                case Close(rest, _):
                    self.chunks, self.end = [], NOT_OPEN
                    program = rest
                case Fork(operations, resume):
                    results = [self.live(each, (*branch, index)) for index, each in enumerate(operations)]
                    program = resume(tuple(results))
                case Done(result) | End(result):
                    return result

    def sending(self, request: HttpRequest) -> Callable[[Mishap | None], Any]:
        def send(mishap: Mishap | None) -> Any:
            self.state, met = misbehave(_faults(mishap), self.state, request, NOW + self.now)
            self.now = round(met.at - NOW, 6)
            if isinstance(met, NoAnswer):
                return Failure(met.error)
            if not isinstance(met, BrokenOff) and met.events is None:
                return Success(met.head)
            chunks = met.chunks if isinstance(met, BrokenOff) else tuple(met.events or ())
            late = CUT if isinstance(met, BrokenOff) else None
            return as_exchanged(met.head, b"".join(chunk.data for chunk in chunks), late)

        return send

    def opening(self, request: HttpRequest) -> Callable[[Mishap | None], Any]:
        def open_body(mishap: Mishap | None) -> Any:
            self.state, met = misbehave(_faults(mishap), self.state, request, NOW + self.now)
            self.open = request
            if isinstance(met, NoAnswer):
                return Failure(met.error)
            timed = met.chunks if isinstance(met, BrokenOff) else tuple(met.events or ())
            self.chunks = [chunk.data for chunk in timed]
            self.end = Failure(CUT) if isinstance(met, BrokenOff) else Success(b"")
            return Success(met.head)

        return open_body

    def reading(self, mishap: Mishap | None) -> Chunk:
        if isinstance(mishap, CutStream):
            self.chunks, self.end = [], Failure(CUT)
        return Success(self.chunks.pop(0)) if self.chunks else self.end

    def waiting(self, seconds: float, spread: float) -> Callable[[Mishap | None], Any]:
        def wait(mishap: Mishap | None) -> float:
            self.now = round(self.now + seconds + (spread if isinstance(mishap, OtherWait) else 0), 6)
            return self.now

        return wait


def _faults(mishap: Any) -> tuple[Fault, ...]:
    return () if mishap is None else (mishap,)


def _stops(mishap: object) -> bool:
    return isinstance(mishap, Unsent | RateLimited)
