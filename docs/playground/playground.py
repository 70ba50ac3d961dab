"""Carries out a program by hand, one step for each press of a button, and shows every step as data.

Law: a step happens when it is asked for, and not before. A step of the page is a step of the core: one `resume`, called
once. All that goes to the page is JSON, all that comes from it is text: nothing here knows of a browser, so that it
runs under any Python. Time is virtual, the service is in memory, and chance is drawn from a fixed seed: going back to
the start and stepping again shows the same.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from random import Random
from typing import Any, TypeAlias

from msgspec import Struct, ValidationError, json
from playground_code import Built, Problem, Program, build, is_program, problem_of
from playground_facts import Facts, facts_of
from playground_text import clipped
from playground_views import (
    Card,
    CloseShown,
    DoneShown,
    EmitShown,
    EndShown,
    ForkShown,
    Next,
    OpenShown,
    PerformShown,
    RaisedShown,
    ReadShown,
    SendShown,
    Shown,
    View,
    WaitShown,
    next_of,
    service_of,
    show_answer,
    show_error,
    show_request,
    show_value,
)
from returns.result import Failure, Result

from puresponse import (
    NOT_OPEN,
    Answer,
    Body,
    Chunk,
    Close,
    Done,
    Emit,
    End,
    Error,
    FaultPlan,
    Fork,
    HttpRequest,
    HttpResponse,
    MemoryTransport,
    Open,
    Operation,
    Perform,
    Read,
    Send,
    State,
    Stream,
    TextDeltaEvent,
    VirtualClock,
    Wait,
    sample_state,
    stored,
)

START = 1_750_100_000.0
"""When the virtual clock begins, in seconds since 1970: after the samples were made."""

VALUES_SHOWN = 25
"""How many of the values of one `Emit` are shown."""

SEED = 11
"""Of the chances that the host draws."""

Resumption: TypeAlias = Callable[[], Program | None]
"""Goes on after a step; None where nothing is left to do."""


def sample_service() -> State:
    """What the service holds at the start: the sample responses, and a chain of three turns."""
    state = sample_state()
    for turn in (1, 2, 3):
        body: dict[str, Any] = {
            "id": f"resp_turn_{turn}",
            "object": "response",
            "created_at": int(START) - 60 * (4 - turn),
            "status": "completed",
            "model": "gpt-5-mini",
            "output": [],
            "previous_response_id": f"resp_turn_{turn - 1}" if turn > 1 else None,
        }
        state = state.having(stored(body))
    return state


class Outer(Struct, frozen=True):
    """What goes on with the result of the operation that is carried out; of which `branch` of a fork that is."""

    resume: Callable[[Result[Any, Error]], Program]
    branch: str = ""


class Host:
    """A host that holds a program between two steps: a service, a clock, a body that is open, and whom to tell."""

    def __init__(self, program: Program | None, faults: FaultPlan) -> None:
        self.clock = VirtualClock(now=START)
        self.service = MemoryTransport(sample_service(), clock=self.clock, faults=faults)
        self.program = program
        self.steps = 0
        self.emitted = 0
        self.said = ""
        self._chance = Random(SEED)
        self._outer: list[Outer] = []
        self._body: Body | None = None

    @property
    def depth(self) -> int:
        """How many streams and forks wait for the operation that is carried out: each is around the next."""
        return len(self._outer)

    @property
    def branch(self) -> str:
        """Which operation of a fork is carried out, of how many."""
        return self._outer[-1].branch if self._outer else ""

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return self.clock.now - START

    def step(self) -> tuple[Card, ...]:
        """Do what the next step says, and go on: the card of the step, and one of what a visitor's function raised."""
        assert self.program is not None
        depth, branch = self.depth, self.branch
        shown, resume = self._carried_out(self.program)
        printed = io.StringIO()
        problem: Problem | None = None
        try:
            with redirect_stdout(printed):
                self.program = resume()
            if self.program is not None and not is_program(self.program):
                problem = Problem(
                    f"a function gave a value of type {type(self.program).__name__}, not an operation or a stream"
                )
        except (Exception, SystemExit) as error:
            problem = problem_of(error)
        card = self._card(shown, depth, branch, printed.getvalue())
        if problem is None:
            return (card,)
        self.program = None
        return card, self._card(RaisedShown(problem), depth, branch)

    def _card(self, shown: Shown, depth: int, branch: str, printed: str = "") -> Card:
        self.steps += 1
        printed = clipped(printed)
        return Card(number=self.steps, depth=depth, branch=branch, at=self.elapsed, shown=shown, printed=printed)

    def _carried_out(self, program: Program) -> tuple[Shown, Resumption]:
        match program:
            case Send(request, resume):
                answer = self.service(request)
                return SendShown(show_request(request), show_answer(answer)), partial(resume, answer)
            case Wait(seconds, spread, resume):
                drawn = seconds + spread * self._chance.random() if spread else seconds
                self.clock.sleep(drawn)
                return WaitShown(seconds, spread, drawn, self.elapsed), partial(resume, self.elapsed)
            case Emit(values, rest):
                self.emitted += len(values)
                self.said += "".join(value.delta for value in values if isinstance(value, TextDeltaEvent))
                shown = tuple(map(show_value, values[:VALUES_SHOWN]))
                return EmitShown(shown, len(values), self.emitted, clipped(self.said)), partial(_itself, rest)
            case Perform(operation, resume):
                return PerformShown(), partial(self._enter, operation, resume)
            case Open(request, resume):
                opened = self._open(request)
                return OpenShown(show_request(request), show_answer(opened)), partial(resume, opened)
            case Read(resume, within):
                chunk: Chunk = NOT_OPEN if self._body is None else self._body.read(within)
                return _show_chunk(chunk), partial(resume, chunk)
            case Fork(operations, resume):
                return ForkShown(len(operations)), partial(self._next_of_fork, operations, resume, ())
            case Close(rest, within):
                closed = CloseShown(open=self._body is not None, within=within)
                self._close(within)
                return closed, partial(_itself, rest)
            case Done(result):
                return self._done(result), partial(self._leave, result)
            case End(result):
                self._close()
                error = show_error(result.failure()) if isinstance(result, Failure) else None
                return EndShown(error), _nothing

    def _enter(self, operation: Operation[Any], resume: Callable[[Result[Any, Error]], Stream[Any]]) -> Program:
        self._outer.append(Outer(resume))
        return operation

    def _next_of_fork(
        self,
        operations: tuple[Operation[Any], ...],
        resume: Callable[[tuple[Result[Any, Error], ...]], Program],
        results: tuple[Result[Any, Error], ...],
    ) -> Program:
        """The operation of a fork that is next, after those that have these results; what follows after the last."""
        if len(results) == len(operations):
            return resume(results)

        def goes_on(result: Result[Any, Error]) -> Program:
            return self._next_of_fork(operations, resume, (*results, result))

        self._outer.append(Outer(goes_on, f"{len(results) + 1} of {len(operations)}"))
        return operations[len(results)]

    def _leave(self, result: Result[Any, Error]) -> Program | None:
        if not self._outer:
            return None
        return self._outer.pop().resume(result)

    def _close(self, within: float = 0.0) -> None:
        if self._body is not None:
            self._body.close(within)
        self._body = None

    def _open(self, request: HttpRequest) -> Answer:
        self._close()
        opened = self.service.open(request)
        self._body = None if isinstance(opened, Failure) else opened.unwrap()
        return opened.map(_answer)

    def _done(self, result: Result[Any, Error]) -> DoneShown:
        last = not self._outer
        if isinstance(result, Failure):
            return DoneShown(last=last, error=show_error(result.failure()))
        return DoneShown(last=last, value=show_value(result.unwrap()))


class Playground:
    """What the page calls: `load` builds a program from its source, `step` takes it further. Both return a `View`."""

    def __init__(self) -> None:
        self._host = Host(None, FaultPlan())
        self._facts: Facts | None = None
        self._built: Built | None = None

    def load(self, source: str, faults: str = "{}") -> str:
        """Build the program of `source`, before a fresh service that misbehaves as `faults` (JSON of a plan) says."""
        self._built, self._facts = None, None
        self._host = Host(None, FaultPlan())
        try:
            plan = json.decode(faults, type=FaultPlan)
        except ValidationError as error:
            return self._view((), Problem(f"the faults make no sense: {error}"))
        printed = io.StringIO()
        with redirect_stdout(printed):
            built = build(source)
        self._host = Host(None if isinstance(built, Problem) else built.program, plan)
        if isinstance(built, Problem):
            return self._view((), built, printed.getvalue())
        self._built = built
        with redirect_stdout(io.StringIO()):
            self._facts = facts_of(built.program, built.twin(), built.names, 0.0)
        return self._view((), None, printed.getvalue())

    def step(self, most: int = 1) -> str:
        """Do the next step, or several: as many as `most`, which is where the page can stop a program that never ends.

        Nothing happens where nothing is left to do.
        """
        cards: list[Card] = []
        for _ in range(most):
            if self._host.program is None:
                break
            cards += self._host.step()
        if cards and self._host.program is not None:
            self._facts = facts_of(self._host.program, None, self._names, self._host.elapsed)
        return self._view(tuple(cards), None)

    @property
    def _names(self) -> dict[str, Any]:
        return {} if self._built is None else self._built.names

    def _view(self, cards: tuple[Card, ...], problem: Problem | None, printed: str = "") -> str:
        host = self._host
        following: Next | None = None if host.program is None else next_of(host.program, host.depth, host.branch)
        view = View(
            kind=self._built.kind if self._built else None,
            cards=cards,
            next=following,
            facts=self._facts,
            service=service_of(host.service, host.clock.now, host.elapsed),
            problem=problem,
            printed=clipped(printed),
        )
        return json.encode(view).decode()


def _show_chunk(chunk: Chunk) -> ReadShown:
    if isinstance(chunk, Failure):
        return ReadShown(error=show_error(chunk.failure()))
    data = chunk.unwrap()
    return ReadShown(size=len(data), text=clipped(data.decode(errors="replace")))


def _answer(body: Body) -> HttpResponse:
    return body.answer


def _itself(program: Program) -> Program:
    return program


def _nothing() -> None:
    """Nothing is left to do."""
