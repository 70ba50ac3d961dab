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
from playground_life import LifeHost, program_of
from playground_text import clipped
from playground_views import (
    Card,
    CloseShown,
    Emitted,
    ForkShown,
    Next,
    OpenShown,
    PerformShown,
    RaisedShown,
    SendShown,
    ServiceShown,
    Shown,
    View,
    WaitShown,
    next_of,
    service_of,
    show_answer,
    show_chunk,
    show_done,
    show_end,
    show_request,
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
    VirtualClock,
    Wait,
    load_life,
    sample_state,
    stored,
)

START = 1_750_100_000.0
"""When the virtual clock begins, in seconds since 1970: after the samples were made."""

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
        self.transport = MemoryTransport(sample_service(), clock=self.clock, faults=faults)
        self.program = program
        self.steps = 0
        self._emitted = Emitted()
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

    def following(self) -> Next | None:
        """What will be done next."""
        return None if self.program is None else next_of(self.program, self.depth, self.branch)

    def service(self) -> ServiceShown:
        """What the service in memory has by now."""
        return service_of(self.transport, self.clock.now, self.elapsed)

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
                answer = self.transport(request)
                return SendShown(show_request(request), show_answer(answer)), partial(resume, answer)
            case Wait(seconds, spread, resume):
                drawn = seconds + spread * self._chance.random() if spread else seconds
                self.clock.sleep(drawn)
                return WaitShown(seconds, spread, drawn, self.elapsed), partial(resume, self.elapsed)
            case Emit(values, rest):
                return self._emitted.shown_with(values), partial(_itself, rest)
            case Perform(operation, resume):
                return PerformShown(), partial(self._enter, operation, resume)
            case Open(request, resume):
                opened = self._open(request)
                return OpenShown(show_request(request), show_answer(opened)), partial(resume, opened)
            case Read(resume, within):
                chunk: Chunk = NOT_OPEN if self._body is None else self._body.read(within)
                return show_chunk(chunk), partial(resume, chunk)
            case Fork(operations, resume):
                return ForkShown(len(operations)), partial(self._next_of_fork, operations, resume, ())
            case Close(rest, within):
                closed = CloseShown(open=self._body is not None, within=within)
                self._close(within)
                return closed, partial(_itself, rest)
            case Done(result):
                return show_done(result, last=not self._outer), partial(self._leave, result)
            case End(result):
                self._close()
                return show_end(result), _nothing

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
        opened = self.transport.open(request)
        self._body = None if isinstance(opened, Failure) else opened.unwrap()
        return opened.map(_answer)


class Playground:
    """What the page calls: `load` builds a program from its source, `step` takes it further. Both return a `View`."""

    def __init__(self) -> None:
        self._host: Host | LifeHost = Host(None, FaultPlan())
        self._facts: Facts | None = None
        self._built: Built | None = None

    def load(self, source: str, faults: str = "{}", life: str = "") -> str:
        """Build the program of `source`, before a fresh service that misbehaves as `faults` (JSON of a plan) says.

        With `life`, as `life_json` writes it, the program is answered what it was answered there.
        """
        self._built, self._facts = None, None
        self._host = Host(None, FaultPlan())
        try:
            plan = json.decode(faults, type=FaultPlan)
        except ValidationError as error:
            return self._view((), Problem(f"the faults make no sense: {error}"))
        try:
            lived = load_life(life) if life else None
        except ValueError as error:
            return self._view((), Problem(f"the life makes no sense: {error}"))
        printed = io.StringIO()
        with redirect_stdout(printed):
            built = build(source)
        program = None if isinstance(built, Problem) else built.program
        self._host = Host(program, plan) if lived is None else LifeHost(program, lived, START)
        if isinstance(built, Problem):
            return self._view((), built, printed.getvalue())
        self._built = built
        with redirect_stdout(io.StringIO()):
            self._facts = facts_of(built.program, built.twin(), built.names, 0.0)
        return self._view((), None, printed.getvalue())

    def source_of(self, life: str) -> str:
        """The Python of the program that lived a life, as JSON with what is to be said of the life."""
        return json.encode(program_of(life)).decode()

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
        view = View(
            kind=self._built.kind if self._built else None,
            cards=cards,
            next=self._host.following(),
            facts=self._facts,
            service=self._host.service(),
            problem=problem,
            printed=clipped(printed),
        )
        return json.encode(view).decode()


def _answer(body: Body) -> HttpResponse:
    return body.answer


def _itself(program: Program) -> Program:
    return program


def _nothing() -> None:
    """Nothing is left to do."""
