"""Exchanges through a layer that another thread can give up: while the layer waits, and while the transport does."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from returns.result import Result

from ...core.errors import Error
from ...core.http import HttpRequest
from ...core.results import is_failure
from ..contract import Exchange
from .layer import Turn

T = TypeVar("T")


class LayeredExchange(Generic[T]):
    """One exchange, performed by whichever thread first asks for its result.

    `begin` begins the exchange of the transport beneath. `perform` is the layer's: it is given what performs that
    exchange, the request, and what is to know a turn that is waited for.
    """

    def __init__(
        self,
        perform: Callable[
            [Callable[[HttpRequest], Result[T, Error]], HttpRequest, Callable[[Turn], None]], Result[T, Error]
        ],
        begin: Callable[[HttpRequest], Exchange[T]],
        request: HttpRequest,
    ) -> None:
        self._perform = perform
        self._begin = begin
        self._request = request
        self._performing = Lock()
        self._lock = Lock()
        self._is_given_up = False
        self._turn: Turn | None = None
        self._exchange: Exchange[T] | None = None
        self._result: Result[T, Error] | None = None
        self._error: BaseException | None = None

    def result(self) -> Result[T, Error]:
        """Perform the exchange, in this thread, and return what a call, or `open`, would."""
        with self._performing:
            if self._error is not None:
                raise self._error
            if self._result is None:
                try:
                    self._result = self._perform(self._perform_beneath, self._request, self._wait_for)
                except BaseException as error:
                    self._error = error
                    raise
            return self._result

    def give_up(self) -> None:
        """End it now, whatever it waits for."""
        with self._lock:
            self._is_given_up = True
            turn, exchange, result = self._turn, self._exchange, self._result
        if turn is not None:
            turn.give_up()
        if exchange is not None:
            exchange.give_up()
        if result is not None and not is_failure(result):
            close: Callable[[], object] | None = getattr(result.unwrap(), "close", None)
            if close is not None:  # so that the layer knows too
                close()

    def _wait_for(self, turn: Turn) -> None:
        with self._lock:
            self._turn = turn
            is_given_up = self._is_given_up
        if is_given_up:
            turn.give_up()

    def _perform_beneath(self, request: HttpRequest) -> Result[T, Error]:
        exchange = self._begin(request)
        with self._lock:
            self._exchange = exchange
            is_given_up = self._is_given_up
        if is_given_up:
            exchange.give_up()
        return exchange.result()
