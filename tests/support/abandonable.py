"""Transports whose exchanges can be given up, and which say so; and layers around what has no type."""

from __future__ import annotations

from threading import Event
from typing import Any

from returns.result import Failure, Result, Success

from puresponse.core import Answer, Error, HttpRequest, HttpResponse, NotSent
from puresponse.transports import Body, Exchange
from puresponse.transports.bodies import WholeBody

OK = HttpResponse(status=200, headers=(("x-request-id", "req_1"),), body=b"{}")
GIVEN_UP = NotSent("given_up", "given up")


class Once:
    """An exchange that waits until it is given up, or is answered at once."""

    def __init__(self, value: Any, *, waits: bool = False) -> None:
        self.value = value
        self.given_up = Event()
        self.begun = Event()
        self.times = 0
        self.waits = waits

    def result(self) -> Result[Any, Error]:
        self.times += 1
        self.begun.set()
        if self.waits:
            assert self.given_up.wait(10)
        return Failure(GIVEN_UP) if self.given_up.is_set() else Success(self.value)

    def give_up(self) -> None:
        self.given_up.set()


class Abandonable:
    """A transport whose exchanges can be given up, and which says so."""

    def __init__(self, *, waits: bool = False) -> None:
        self.exchange = Once(OK, waits=waits)
        self.closed: list[object] = []

    def __call__(self, request: HttpRequest) -> Answer:
        return self.begin(request).result()

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        return self.exchange


class AbandonableStreaming(Abandonable):
    """The same, of bodies."""

    def __init__(self, *, waits: bool = False) -> None:
        super().__init__(waits=waits)
        self.opening = Once(WholeBody(OK), waits=waits)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        return self.opening.result()

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        return self.opening


def around(layer: Any, transport: Any) -> Any:
    """The layer around what no type-checker knows the kind of."""
    return layer(transport)
