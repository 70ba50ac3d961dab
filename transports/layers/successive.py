"""Exchanges one after another that another thread can give up as one."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from returns.result import Result

from ...core.errors import Error
from ..contract import Exchange

T = TypeVar("T")


class SuccessiveExchanges(Generic[T]):
    """What `perform` does by one exchange after another, each of which it begins and hands to `next`."""

    def __init__(self, perform: Callable[[SuccessiveExchanges[T]], Result[T, Error]]) -> None:
        self._perform = perform
        self._performing = Lock()
        self._lock = Lock()
        self._given_up = False
        self._under_way: Exchange[T] | None = None
        self._result: Result[T, Error] | None = None

    def result(self) -> Result[T, Error]:
        """Perform them, in this thread, and return what the last was; whoever asks again gets the same."""
        with self._performing:
            if self._result is None:
                self._result = self._perform(self)
            return self._result

    def next(self, exchange: Exchange[T]) -> Result[T, Error]:
        """Perform one of them."""
        with self._lock:
            self._under_way = exchange
            given_up = self._given_up
        if given_up:
            exchange.give_up()
        return exchange.result()

    def give_up(self) -> None:
        """End the one that is under way, and let no other be sent."""
        with self._lock:
            self._given_up = True
            exchange = self._under_way
        if exchange is not None:
            exchange.give_up()


def is_entered(transport: object, method: str) -> bool:
    """Whether a transport is for a `with` statement, by the name of the method that enters it."""
    return hasattr(type(transport), method)
