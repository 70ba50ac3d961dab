"""A service in memory that gives every program something to do, and a host that steps them and keeps a record.

The programs themselves are in `programs.py`, which loads no transport.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from programs import MESSAGE, NAMES, OPERATIONS, PROGRAMS, START, STREAMS, Program
from returns.result import Result, Success

from puresponse.core import (
    NOT_OPEN,
    Answer,
    Close,
    Done,
    Emit,
    End,
    Error,
    Fork,
    HttpResponse,
    Open,
    Perform,
    Read,
    Send,
    Wait,
)
from puresponse.transports import MemoryTransport, Reply, VirtualClock, stored
from puresponse.transports.bodies import open_body
from puresponse.transports.memory.faults import CutStream, FaultPlan, RateLimited, Reset, Rule, ServerError
from puresponse.transports.memory.service import AZURE_FOUNDRY, Change, State, StoredConversation, sample_state
from puresponse.transports.memory.service.state import Entry

__all__ = ["NAMES", "OPERATIONS", "PROGRAMS", "START", "STREAMS", "Host", "Program", "Run", "Step", "service", "state"]


def state() -> State:
    """What the service knows: the samples, and what gives the longer programs something to do."""
    known = sample_state()
    nothing: list[Any] = []
    output = [{"id": "msg_out", "type": "message", "role": "assistant", "status": "completed", "content": nothing}]
    done = {"status": "completed", "output": output}
    known = known.having(
        stored(
            _body("running", status="queued", background=True),
            changes=(Change(START + 2, {"status": "in_progress"}), Change(START + 4, done)),
        )
    )
    for name in ("flaky", "broken"):
        known = known.having(stored(_body(name), ({**MESSAGE, "id": f"msg_{name}"},)))
    known = known.having(stored(_body("limited", status="queued", background=True)))
    known = known.having(stored(_body("first"))).having(stored(_body("second", previous_response_id="resp_first")))
    conversation: dict[str, Any] = {"id": "conv_1", "object": "conversation", "created_at": int(START), "metadata": {}}
    entries = tuple(Entry({**MESSAGE, "id": f"msg_{number}", "status": "completed"}) for number in (1, 2, 3))
    # OpenAI lists no responses.
    return replace(known.having_conversation(StoredConversation(conversation, entries)), dialect=AZURE_FOUNDRY)


def service(clock: VirtualClock) -> MemoryTransport:
    """A service that is unkind to some: passing faults, one response that is never deleted, streams that are cut."""
    faults = FaultPlan(
        (
            Rule(ServerError(503), method="DELETE", path="/responses/resp_flaky", times=1),
            Rule(Reset(acted=True), method="DELETE", path="/responses/resp_flaky", times=1),
            Rule(ServerError(503), method="GET", path="/responses/resp_flaky/*", times=1),
            Rule(ServerError(500), method="DELETE", path="/responses/resp_broken"),
            Rule(RateLimited(retry_after=2.0), path="/responses/resp_limited/cancel", times=1),
            Rule(RateLimited(retry_after=1.0), method="GET", path="/responses/resp_limited", times=1),
            Rule(CutStream(events=3), method="GET", path="/responses/resp_0*", times=1),
            Rule(CutStream(events=4), method="POST", path="/responses", times=1),
        )
    )
    return MemoryTransport(state(), clock=clock, faults=faults, script=_reply)


def _reply(prompt: Any) -> Reply:
    return Reply.text(prompt.text).lasting(queued=0.5, running=0.5)


def _body(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"resp_{name}",
        "object": "response",
        "created_at": int(START),
        "status": "completed",
        "model": "gpt-5-mini",
        "output": [],
        **fields,
    }


class Step(Struct, frozen=True):
    """What a host was asked to do: the name of the step, and what shows which one it was."""

    kind: str
    detail: str = ""


class Run(Struct, frozen=True):
    """What came of a program: its steps in order, the values that it emitted, and its result."""

    steps: tuple[Step, ...]
    values: tuple[Any, ...]
    result: Result[Any, Error]


class Host:
    """A host that keeps a record of its steps. Its waits take no time; bodies are read in `chunks`, or else whole.

    It carries out the operations of a fork one after another.

    `between` is called with each program that is about to be stepped, and gives the one to step in its place: where a
    host saves and resumes.
    """

    def __init__(self, between: Callable[[Program, float], Program] | None = None, *, chunks: bool = True) -> None:
        self.clock = VirtualClock(now=START)
        self.service = service(self.clock)
        self.steps: list[Step] = []
        self.values: list[Any] = []
        self._between = between or _unchanged
        self._chunks = chunks
        self._body: Any = None

    def run(self, program: Program) -> Run:
        """Carry out an operation or a stream."""
        result = self._run(program)
        return Run(tuple(self.steps), tuple(self.values), result)

    def _run(self, program: Program) -> Result[Any, Error]:
        while True:
            program = self._between(program, self.clock.now - START)
            match program:
                case Send(request, resume):
                    self._step("Send", f"{request.method} {request.path}")
                    program = resume(self.service(request))
                case Wait(seconds, spread, resume):
                    self._step("Wait", f"{seconds:g} {spread:g}")
                    self.clock.now += seconds
                    program = resume(self.clock.now - START)
                case Emit(values, rest):
                    self._step("Emit", str(len(values)))
                    self.values.extend(values)
                    program = rest
                case Perform(operation, resume):
                    self._step("Perform")
                    program = resume(self._run(operation))
                case Open(request, resume):
                    self._step("Open", f"{request.method} {request.path}")
                    program = resume(self._open(request))
                case Read(resume, within):
                    self._step("Read")
                    program = resume(NOT_OPEN if self._body is None else self._body.read(within))
                case Fork(operations, resume):
                    self._step("Fork", str(len(operations)))
                    program = resume(tuple([self._run(operation) for operation in operations]))
                case Close(rest, within):
                    self._step("Close", f"{within:g}")
                    if self._body is not None:
                        self._body.close(within)
                        self._body = None
                    program = rest
                case Done(result) | End(result):
                    self._step(type(program).__name__, type(result).__name__)
                    return result

    def _open(self, request: Any) -> Answer:
        opened = self.service.open(request) if self._chunks else open_body(self.service.__call__, request)
        self._body = opened.unwrap() if isinstance(opened, Success) else None
        return opened.map(_answer)

    def _step(self, kind: str, detail: str = "") -> None:
        self.steps.append(Step(kind, detail))


def _answer(body: Any) -> HttpResponse:
    answer: HttpResponse = body.answer
    return answer


def _unchanged(program: Program, elapsed: float) -> Program:
    return program
