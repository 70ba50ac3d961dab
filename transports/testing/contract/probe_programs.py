"""What hosts are checked with: programs whose results hold all that they were given.

They are frozen data, like the library's own: a host that pickles what it holds between two steps can be checked
as well as one that does not. What a step was given is part of the result, so nothing passes the host by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import count
from typing import Any, TypeAlias

from msgspec import Struct
from returns.result import Result

from ....core.errors import Error
from ....core.http import HttpRequest
from ....core.steps import Fork, Operation, Send, Wait, fail, succeed
from ....core.streams import END, Close, Emit, End, Open, Perform, Read, Stream


class Ask(Struct, frozen=True):
    """To send a request."""

    request: HttpRequest


class Pause(Struct, frozen=True):
    """To wait, in seconds."""

    seconds: float
    spread: float = 0.0


class Split(Struct, frozen=True):
    """To fork: into an operation for each of these instructions."""

    branches: tuple[Instructions, ...]


class Fail(Struct, frozen=True):
    """To end with an error, and do nothing of what follows."""

    error: Error


Instruction: TypeAlias = Ask | Pause | Split | Fail

Instructions: TypeAlias = tuple[Instruction, ...]


class GoOn(Struct, frozen=True, tag=True):
    """Keeps what it is given with what was given before, and follows the rest of the instructions."""

    rest: Instructions
    seen: tuple[Any, ...]

    def __call__(self, given: Any) -> Operation[tuple[Any, ...]]:
        return program(self.rest, (*self.seen, given))


def program(instructions: Sequence[Instruction], seen: tuple[Any, ...] = ()) -> Operation[tuple[Any, ...]]:
    """The operation that follows the instructions, and succeeds with what it was given at each of them."""
    if not instructions:
        return succeed(seen)
    first, rest = instructions[0], tuple(instructions[1:])
    if isinstance(first, Ask):
        return Send(first.request, GoOn(rest, seen))
    if isinstance(first, Split):
        return Fork(tuple(program(branch) for branch in first.branches), GoOn(rest, seen))
    if isinstance(first, Fail):
        return fail(first.error)
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
    """To read the next chunk, and wait for it at most `within` seconds."""

    within: float | None = None


class Shut(Struct, frozen=True):
    """To give up the body, and wait for its end at most `within` seconds."""

    within: float = 0.0


class Given(Struct, frozen=True):
    """A value of a stream that says what a step was given: so that a `Failure` in it is not the stream's own."""

    what: Any


StreamInstruction: TypeAlias = Tell | Do | Begin | ReadOn | Shut

StreamInstructions: TypeAlias = tuple[StreamInstruction, ...]


class StreamOn(Struct, frozen=True, tag=True):
    """Hands over what it is given, and follows the rest of the instructions."""

    rest: StreamInstructions
    end: End[Any]

    def __call__(self, given: Any) -> Stream[Any]:
        return Emit((Given(given),), stream_program(self.rest, self.end))


def stream_program(instructions: Sequence[StreamInstruction], end: End[Any] = END) -> Stream[Any]:
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
    if isinstance(first, Shut):
        return Close(stream_program(rest, end), first.within)
    return Read(StreamOn(rest, end), first.within)


class Countdown(Struct, frozen=True, tag=True):
    """So many waits of no seconds, one after another."""

    left: int

    def __call__(self, given: Any) -> Operation[str]:
        return Wait(0.0, 0.0, Countdown(self.left - 1)) if self.left else succeed("the end")


class ForkCountdown(Struct, frozen=True, tag=True):
    """So many forks into two operations that are done already, one after another."""

    left: int

    def __call__(self, given: Any) -> Operation[str]:
        if not self.left:
            return succeed("the end")
        return Fork((succeed(self.left), succeed(None)), ForkCountdown(self.left - 1))


class StreamCountdown(Struct, frozen=True, tag=True):
    """So many steps of a stream, one after another: it emits, performs, reads and closes nothing, in turn."""

    left: int

    def __call__(self, given: Any) -> Stream[str]:
        if not self.left:
            return Emit(("the end",), END)
        following = StreamCountdown(self.left - 1)
        if self.left % 3 == 0:
            return Emit((), Close(Read(following)))
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


class CountCalls(Struct, frozen=True, tag=True):
    """A caller's function that is counted: it does something besides, as a caller's own may."""

    key: int

    def __call__(self, given: Any) -> Operation[Any]:
        CALLS[self.key] += 1
        return succeed(given)


class Delayed(Struct, frozen=True, tag=True):
    """A caller's function whose value is there only later."""

    def __call__(self, value: Any) -> Operation[Any]:
        return Wait(0.0, 0.0, GiveLater(value))


class GiveLater(Struct, frozen=True, tag=True):
    """Gives a value that was there before the wait."""

    value: Any

    def __call__(self, elapsed: float) -> Operation[Any]:
        return succeed(self.value)


CALLS: Counter[int] = Counter()
"""How often each `CountCalls` was called."""

_keys = count()


def new_key() -> int:
    """A key that no other `CountCalls` has."""
    return next(_keys)
