"""One life of a program against the service in memory, with the faults that it meets by luck.

Law: a life is a function of the program, the service and the luck. It is taken step by step, so that the process can
die between two steps, or with a request in flight: then the program is saved, loaded, and goes on; a body that was open
is lost. The branches of a fork take turns as the luck says; what one of them waits, all wait.
"""

from __future__ import annotations

from typing import Any, Literal, Protocol, TypeAlias

from flawed import Flawed, Outcome
from flawed_programs import NAMES
from msgspec import Struct
from returns.result import Failure, Result

from puresponse import (
    NOT_OPEN,
    Answer,
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
    NotSent,
    Open,
    Operation,
    Perform,
    Read,
    Send,
    State,
    Stream,
    VirtualClock,
    Wait,
    load_operation,
    load_stream,
    save_checkpoint,
)
from puresponse.core.streams import is_stream
from puresponse.transports import Body

Death: TypeAlias = Literal["between two steps", "in flight"]

MOST_STEPS = 2_000


class Luck(Protocol):
    """What a life meets. Steps and requests are counted from 1."""

    @property
    def plan(self) -> FaultPlan:
        """The faults of the service."""
        ...

    @property
    def spread(self) -> float:
        """How much of the spread of each wait is waited, from 0 to 1."""
        ...

    def is_sent(self, number: int) -> bool:
        """Whether the request of this number reaches the service."""
        ...

    def dies(self, step: int) -> Death | None:
        """Whether the process dies at a step, and when."""
        ...

    def turn(self, branches: tuple[int, ...]) -> int:
        """Which of these branches of a fork takes a step."""
        ...


class Lived(Struct, frozen=True):
    """A life that is over."""

    result: Outcome
    emitted: tuple[Any, ...]
    requests: tuple[HttpRequest, ...]
    state: State
    seconds: float
    steps: int

    def broken(self, flawed: Flawed) -> str | None:
        """What a promise says of it."""
        return flawed.broken(self.result, self.emitted, self.requests, self.state, self.seconds)


def live(flawed: Flawed, luck: Luck, *, correct: bool = False) -> Lived:
    """Live a program with a seeded bug, or the correct one, to its end."""
    life = _Life(flawed, luck)
    program = flawed.correct if correct else flawed.program
    for step in range(1, MOST_STEPS + 1):
        if isinstance(program, Done | End):
            state, requests = life.service.state, life.service.requests
            return Lived(program.result, tuple(life.emitted), requests, state, life.clock.now, step)
        program = life.step(program, luck.dies(step))
    raise AssertionError(f"{flawed.name}: a life of more than {MOST_STEPS} steps")


class _Life:
    """A life that is going on. The clock begins at 0, as the run does."""

    def __init__(self, flawed: Flawed, luck: Luck) -> None:
        self.clock = VirtualClock(chance=luck.spread)
        self.service = MemoryTransport(flawed.service, script=flawed.script, faults=luck.plan, clock=self.clock)
        self.emitted: list[Any] = []
        self._luck = luck
        self._body: Body | None = None
        self._asked = 0

    def step(self, program: Operation[Any] | Stream[Any], death: Death | None) -> Operation[Any] | Stream[Any]:
        """The program after a step; or what is loaded of it in the place of the step, where the process dies."""
        if death is None:
            return self._taken(program)
        request = in_flight(program)
        if death == "in flight" and request is not None:
            self._call(request)
        self._body = None
        data = save_checkpoint(program, elapsed=self.clock.now, names=NAMES).unwrap()
        load: Any = load_stream if is_stream(program) else load_operation
        again: Operation[Any] | Stream[Any] = load(data, names=NAMES).unwrap().program
        assert again == program
        return again

    def _taken(self, program: Operation[Any] | Stream[Any]) -> Operation[Any] | Stream[Any]:
        if isinstance(program, Done | Send | Wait | Fork):
            return self._carried_out(program)
        match program:
            case Emit():
                self.emitted += program.values
                return program.rest
            case Perform():
                operation = program.operation
                if isinstance(operation, Done):
                    return program.resume(operation.result)
                return Perform(self._carried_out(operation), program.resume)
            case Open():
                return program.resume(self._open(program.request))
            case Read():
                return program.resume(NOT_OPEN if self._body is None else self._body.read(program.within))
            case Close():
                self._body = None
                return program.rest
            case End():
                return program

    def _carried_out(self, operation: Operation[Any]) -> Operation[Any]:
        match operation:
            case Send():
                return operation.resume(self._call(operation.request))
            case Wait():
                self.clock.sleep(operation.seconds + operation.spread * self.clock.random())
                return operation.resume(self.clock.now)
            case Fork():
                return self._turn(operation)
            case Done():
                return operation

    def _turn(self, fork: Fork[Any]) -> Operation[Any]:
        results = [operation.result for operation in fork.operations if isinstance(operation, Done)]
        if len(results) == len(fork.operations):
            return fork.resume(tuple(results))
        running = [n for n, operation in enumerate(fork.operations) if not isinstance(operation, Done)]
        turn = self._luck.turn(tuple(running))
        after = self._carried_out(fork.operations[turn])
        return Fork((*fork.operations[:turn], after, *fork.operations[turn + 1 :]), fork.resume)

    def _is_sent(self) -> bool:
        self._asked += 1
        return self._luck.is_sent(self._asked)

    def _call(self, request: HttpRequest) -> Answer:
        return self.service(request) if self._is_sent() else Failure(_REFUSED)

    def _open(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        opened = self.service.open(request) if self._is_sent() else Failure(_REFUSED)
        self._body = None if isinstance(opened, Failure) else opened.unwrap()
        return opened if isinstance(opened, Failure) else opened.map(_answer)


def in_flight(program: Operation[Any] | Stream[Any]) -> HttpRequest | None:
    """A request that is pending in a program: the first, where several are."""
    match program:
        case Send() | Open():
            return program.request
        case Perform():
            return in_flight(program.operation)
        case Fork():
            pending = map(in_flight, program.operations)
            return next((request for request in pending if request is not None), None)
        case _:
            return None


def _answer(body: Body) -> HttpResponse:
    return body.answer


_REFUSED = NotSent("refused", "the connection was refused, by bad luck")
