"""What hosts are checked with: programs that tell all that they were given, and a world that keeps a record.

The programs are frozen data, like the library's own: a host that pickles what it holds between two steps can be checked
as well as one that does not. What a step was given is part of the result, so nothing is told behind the host's back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from ..core.errors import Error, NotSent
from ..core.http import HttpRequest, HttpResponse
from ..core.results import is_failure
from ..core.steps import Answer, Done, Operation, Send, Wait, succeed
from ..core.streams import END, Emit, Open, Perform, Piece, Read, Stream
from .clock import Clock, VirtualClock
from .contract import Body, Transport


class Ask(Struct, frozen=True):
    """To send a request."""

    request: HttpRequest


class Pause(Struct, frozen=True):
    """To wait, in seconds."""

    seconds: float
    spread: float = 0.0


Instructions: TypeAlias = tuple[Ask | Pause, ...]


class GoOn(Struct, frozen=True, tag=True):
    """Keeps what it is given with what came before, and follows the rest of the instructions."""

    rest: Instructions
    seen: tuple[Any, ...]

    def __call__(self, given: Any) -> Operation[tuple[Any, ...]]:
        return program(self.rest, (*self.seen, given))


def program(instructions: Sequence[Ask | Pause], seen: tuple[Any, ...] = ()) -> Operation[tuple[Any, ...]]:
    """The operation that follows the instructions, and succeeds with what it was given at each of them."""
    if not instructions:
        return succeed(seen)
    first, rest = instructions[0], tuple(instructions[1:])
    if isinstance(first, Ask):
        return Send(first.request, GoOn(rest, seen))
    return Wait(first.seconds, first.spread, GoOn(rest, seen))


class Tell(Struct, frozen=True):
    """To hand over values."""

    values: tuple[Any, ...]


class Do(Struct, frozen=True):
    """To perform an operation that follows instructions."""

    instructions: Instructions


class Begin(Struct, frozen=True):
    """To open a body."""

    request: HttpRequest


class ReadOn(Struct, frozen=True):
    """To read the next piece."""


class Given(Struct, frozen=True):
    """A value of a stream that says what a step was given: so that a `Failure` in it is not the stream's own."""

    what: Any


StreamInstructions: TypeAlias = tuple[Tell | Do | Begin | ReadOn, ...]


class StreamOn(Struct, frozen=True, tag=True):
    """Hands over what it is given, and follows the rest of the instructions."""

    rest: StreamInstructions
    end: Done[None]

    def __call__(self, given: Any) -> Stream[Any]:
        return Emit((Given(given),), stream_program(self.rest, self.end))


def stream_program(instructions: Sequence[Tell | Do | Begin | ReadOn], end: Done[None] = END) -> Stream[Any]:
    """The stream that follows the instructions, hands over what it was given at each of them, and ends in `end`."""
    if not instructions:
        return end
    first, rest = instructions[0], tuple(instructions[1:])
    if isinstance(first, Tell):
        return Emit(first.values, stream_program(rest, end))
    if isinstance(first, Do):
        return Perform(program(first.instructions), StreamOn(rest, end))
    if isinstance(first, Begin):
        return Open(first.request, StreamOn(rest, end))
    return Read(StreamOn(rest, end))


class Countdown(Struct, frozen=True, tag=True):
    """So many waits of no seconds, one after another."""

    left: int

    def __call__(self, given: Any) -> Operation[str]:
        return Wait(0.0, 0.0, Countdown(self.left - 1)) if self.left else succeed("the end")


class StreamCountdown(Struct, frozen=True, tag=True):
    """So many steps of a stream, one after another: it emits nothing, performs nothing and reads nothing, in turn."""

    left: int

    def __call__(self, given: Any) -> Stream[str]:
        if not self.left:
            return Emit(("the end",), END)
        following = StreamCountdown(self.left - 1)
        if self.left % 3 == 0:
            return Emit((), Read(following))
        return Read(following) if self.left % 3 == 1 else Perform(succeed(None), following)


class HandOver(Struct, frozen=True, tag=True):
    """Makes a stream of an operation's result."""

    def __call__(self, result: Result[Any, Error]) -> Stream[Given]:
        return Emit((Given(result),), END)


class CallersBugError(Exception):
    """What the caller's function of a law raises."""


class Stumble(Struct, frozen=True, tag=True):
    """A caller's function with a bug."""

    def __call__(self, given: Any) -> Any:
        raise CallersBugError


class ThenStumble(Struct, frozen=True, tag=True):
    """Reads on, and has a bug only then."""

    def __call__(self, given: Any) -> Stream[Any]:
        return Read(Stumble())


class Note(Struct, frozen=True, tag=True):
    """A caller's function that is counted: it does something besides, as a caller's own may."""

    key: int

    def __call__(self, given: Any) -> Operation[Any]:
        NOTED[self.key] += 1
        return succeed(given)


class Delayed(Struct, frozen=True, tag=True):
    """A caller's function that has a value come later."""

    def __call__(self, value: Any) -> Operation[Any]:
        return Wait(0.0, 0.0, GiveLater(value))


class GiveLater(Struct, frozen=True, tag=True):
    """Gives a value that was there before the wait."""

    value: Any

    def __call__(self, elapsed: float) -> Operation[Any]:
        return succeed(self.value)


NOTED: Counter[int] = Counter()
"""How often each `Note` was called."""

_keys = count()


def new_key() -> int:
    """A key that no other `Note` has."""
    return next(_keys)


def ok(request: HttpRequest) -> Answer:
    """An answer that says what was asked."""
    return Success(HttpResponse(status=200, headers=(("X-Path", request.path),), body=request.path.encode()))


def get(path: str) -> HttpRequest:
    """A request that reads."""
    return HttpRequest("GET", path, idempotent=True)


class Always(Struct, frozen=True):
    """Answers every request alike."""

    answer: Answer

    def __call__(self, request: HttpRequest) -> Answer:
        return self.answer


class SuiteClock(VirtualClock):
    """A virtual clock that lets the event loop go on while it sleeps; once `stopped`, a task sleeps for ever.

    `blocking` lists the sleeps that would have blocked the thread, in seconds.
    """

    def __init__(self, *, now: float = 0.0, chance: float = 0.0) -> None:
        super().__init__(now=now, chance=chance)
        self.blocking: list[float] = []
        self.stopped = False

    def sleep(self, seconds: float) -> None:
        """Move the time on by `seconds`."""
        self.blocking.append(seconds)
        super().sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Let others go on, and move the time on by `seconds`."""
        import asyncio

        if self.stopped:
            await asyncio.Event().wait()
        await asyncio.sleep(0)
        super().sleep(seconds)


class OpensNothing(Struct, frozen=True):
    """A transport that performs exchanges, and is not asked to open a body."""

    transport: Transport

    def __call__(self, request: HttpRequest) -> Answer:
        return self.transport(request)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Fail."""
        return Failure(NotSent("invalid_request", "an operation opens no body"))


class World:
    """A transport that answers as it is told, and notes each request and when it came.

    `lasting` is how many seconds an exchange takes. `pieces` are those of every body that is opened.
    """

    def __init__(
        self,
        clock: Clock,
        answers: Callable[[HttpRequest], Answer] = ok,
        *,
        lasting: float = 0.0,
        pieces: Sequence[Piece] = (Success(b"all of it"),),
        status: int = 200,
    ) -> None:
        self.requests: list[HttpRequest] = []
        self.times: list[float] = []
        self.bodies: list[Tap] = []
        self._clock = clock
        self._answers = answers
        self._lasting = lasting
        self._pieces = pieces
        self._status = status

    def __call__(self, request: HttpRequest) -> Answer:
        """Perform one exchange; for a path that begins with `/body`, of a body as it would be opened."""
        self._note(request)
        if request.path.startswith("/body"):
            return self._whole()
        return self._answers(request)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Open a body; for a path that does not begin with `/body`, fail as an exchange does."""
        self._note(request)
        if request.path.startswith("/body"):
            self.bodies.append(Tap(self._status, self._pieces))
            return Success(self.bodies[-1])
        answer = self._answers(request)
        if isinstance(answer, Failure):
            return answer
        response = answer.unwrap()
        is_open = response.is_success
        tap = Tap(response.status, (Success(response.body),) if is_open and response.body else ())
        tap.answer = replace(response, body=b"") if is_open else response
        self.bodies.append(tap)
        return Success(tap)

    @property
    def paths(self) -> list[str]:
        """The paths of the requests so far."""
        return [request.path for request in self.requests]

    @property
    def open_bodies(self) -> int:
        """How many bodies were opened and not closed."""
        return sum(not body.closed for body in self.bodies)

    def _note(self, request: HttpRequest) -> None:
        self.requests.append(request)
        self.times.append(self._clock.monotonic())
        if self._lasting and isinstance(self._clock, VirtualClock):
            self._clock.now += self._lasting
        elif self._lasting:
            self._clock.sleep(self._lasting)

    def _whole(self) -> Answer:
        broken = next((piece for piece in self._pieces if is_failure(piece)), None)
        if broken is not None:
            return broken
        return Success(HttpResponse(status=self._status, body=b"".join(piece.unwrap() for piece in self._pieces)))


class Tap:
    """A body in pieces, that counts how often it was read, and knows whether it was closed."""

    def __init__(self, status: int, pieces: Sequence[Piece]) -> None:
        self.answer = HttpResponse(status=status)
        self.reads = 0
        self.closed = False
        self.read_after_closing = False
        self._pieces = list(pieces)

    def read(self) -> Piece:
        """The next piece, no bytes at the end."""
        self.reads += 1
        self.read_after_closing = self.read_after_closing or self.closed
        return self._pieces.pop(0) if self._pieces else Success(b"")

    def close(self) -> None:
        """Note it."""
        self.closed = True
