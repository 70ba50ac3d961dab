"""Stub transports that more than one test file needs."""

from __future__ import annotations

from typing import TypeVar

from returns.result import Failure, Result, Success

from puresponse.core import Answer, Error, HttpRequest, HttpResponse, Interrupted, Operation
from puresponse.transports import StubTransport, VirtualClock, run
from puresponse.transports.cassette.canned_answers import CannedAnswer

T = TypeVar("T")


def in_turn(*answers: Answer) -> StubTransport:
    """Gives the answers in order, and the last one for ever."""
    left: list[CannedAnswer] = [one.failure() if isinstance(one, Failure) else one.unwrap() for one in answers]
    return StubTransport(lambda _: left.pop(0) if len(left) > 1 else left[0])


class SlowNetwork:
    """Gives each of the answers after its seconds, the last of them for ever; cuts off what takes too long.

    It keeps the law of `HttpRequest.total`: an exchange that would take longer is an `Interrupted` when that is over.
    """

    def __init__(self, *answers: tuple[float, Answer | HttpResponse | Error], chance: float = 0.0) -> None:
        self.answers = answers
        self.clock = VirtualClock(chance=chance)
        self.asked: list[tuple[float, str]] = []
        self.totals: list[float | None] = []

    def __call__(self, request: HttpRequest) -> Answer:
        seconds, answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append((self.clock.now, f"{request.method} {request.path}"))
        self.totals.append(request.total)
        if request.total is not None and seconds >= request.total:
            self.clock.now += request.total
            return Failure(Interrupted("read_timeout", "the total time is over"))
        self.clock.now += seconds
        if isinstance(answer, Result):
            return answer
        return Success(answer) if isinstance(answer, HttpResponse) else Failure(answer)

    def run(self, operation: Operation[T]) -> Result[T, Error]:
        """Carry out `operation` through it, by its clock."""
        return run(operation, self, clock=self.clock)

    @property
    def times(self) -> list[float]:
        """When it was asked."""
        return [at for at, _ in self.asked]

    @property
    def allowed(self) -> list[tuple[float, float | None]]:
        """When it was asked, and how many seconds the exchange might take."""
        return list(zip(self.times, self.totals, strict=True))
