"""Exchanges that can be given up, of any transport: its own, or a call of it that is made as one.

Law: an exchange that is a call keeps laws 11 and 12 of `contract`, in so far as a call can: given up before it began it
is never made; given up while it is made, its result is an `Interrupted` for all who ask, at once, but for the thread
that makes it, which has that result when the call returns. What the call returned is dropped then, and closed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Generic, TypeAlias, TypeVar

from returns.result import Failure, Result

from ..core.errors import Error, Interrupted, NotSent
from ..core.http import HttpRequest, HttpResponse
from ..core.results import is_failure
from .bodies import open_body
from .branches import nothing
from .contract import AbandonableStreamingTransport, AbandonableTransport, Body, Exchange, Transport

T = TypeVar("T")

UNSENT = NotSent("given_up", "the exchange was given up before anything was sent")
PERHAPS_SENT = Interrupted("given_up", "the exchange was given up after the request was, or may have been, sent")

Begin: TypeAlias = Callable[[HttpRequest], Exchange[T]]
"""What makes the exchange of a request."""


def beginning_calls(transport: Transport) -> Begin[HttpResponse]:
    """What makes exchanges through `transport`: its own `begin`, where it has one."""
    return transport.begin if isinstance(transport, AbandonableTransport) else partial(_begin_call, transport)


def beginning_to_open(transport: Transport) -> Begin[Body]:
    """What makes exchanges that open bodies through `transport`: its own `begin_open`, where it has one."""
    if isinstance(transport, AbandonableStreamingTransport):
        return transport.begin_open
    return partial(_begin_to_open, transport)


class CallExchange(Generic[T]):
    """The exchange that `perform` performs, when it is called.

    `give_up` calls `wake` while `perform` runs, which may let it return sooner, and `close` with what it returned.
    """

    __slots__ = ("_close", "_error", "_has_begun", "_lock", "_perform", "_result", "_waiting", "_wake")

    def __init__(
        self,
        perform: Callable[[], Result[T, Error]],
        *,
        wake: Callable[[], object] = nothing,
        close: Callable[[T], object] | None = None,
    ) -> None:
        self._perform = perform
        self._wake = wake
        self._close = close
        self._lock = Lock()
        self._waiting: list[Lock] = []
        self._has_begun = False
        self._result: Result[T, Error] | None = None
        self._error: BaseException | None = None

    def result(self) -> Result[T, Error]:
        """Perform the exchange, in this thread, or wait for the thread that does.

        What `perform` raises is a mistake, and is passed on to all who ask.
        """
        gate: Lock | None = None
        with self._lock:
            is_first = not self._has_begun and self._result is None
            self._has_begun = True
            if not is_first and self._result is None and self._error is None:
                gate = Lock()
                gate.acquire()
                self._waiting.append(gate)
        if is_first:
            self._performed()
        elif gate is not None:
            gate.acquire()
        if self._result is not None:
            return self._result
        raise self._error or RuntimeError("an exchange has neither a result nor an error")

    def give_up(self) -> None:
        """Never begin it; where it has begun, let its result be there now; where it is over, close what it returned."""
        with self._lock:
            result = self._result
            if result is None:
                self._is_there(Failure(PERHAPS_SENT if self._has_begun else UNSENT), self._error)
        if result is None:
            self._wake()
        else:
            self._closed(result)

    def _performed(self) -> None:
        try:
            result = self._perform()
        except BaseException as error:
            with self._lock:
                self._is_there(self._result, error)
            raise
        with self._lock:
            is_late = self._result is not None
            if not is_late:
                self._is_there(result, None)
        if is_late:
            self._closed(result)

    def _is_there(self, result: Result[T, Error] | None, error: BaseException | None) -> None:
        self._result = result
        self._error = error
        for gate in self._waiting:
            gate.release()
        self._waiting.clear()

    def _closed(self, result: Result[T, Error]) -> None:
        if self._close is not None and not is_failure(result):
            self._close(result.unwrap())


class SeenExchange(Generic[T]):
    """An exchange whose result is seen on its way, once, by what `ask` returns: it is given up as `exchange` is.

    `ask` is called once too, before the exchange is performed; what it returns is given the result, and returns one.
    """

    def __init__(
        self, exchange: Exchange[T], ask: Callable[[], Callable[[Result[T, Error]], Result[T, Error]]]
    ) -> None:
        self._exchange = exchange
        self._ask = ask
        self._lock = Lock()
        self._see: Callable[[Result[T, Error]], Result[T, Error]] | None = None
        self._seen: Result[T, Error] | None = None

    def result(self) -> Result[T, Error]:
        """Perform the exchange, in this thread, or wait for the thread that does."""
        with self._lock:
            see = self._see = self._see or self._ask()
        result = self._exchange.result()
        with self._lock:
            if self._seen is None:
                self._seen = see(result)
            return self._seen

    def give_up(self) -> None:
        """End it now."""
        self._exchange.give_up()


def close_body(body: Body) -> None:
    """Give up what was not read of a body."""
    body.close()


def _begin_call(transport: Transport, request: HttpRequest) -> Exchange[HttpResponse]:
    return CallExchange(partial(transport, request))


def _begin_to_open(transport: Transport, request: HttpRequest) -> Exchange[Body]:
    return CallExchange(partial(open_body, transport, request), close=close_body)
