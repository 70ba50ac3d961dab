"""An exchange as `contract.py` has it: performed once, by the first who asks, and given up by anyone."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from returns.result import Failure, Result

from ...core.errors import Error
from ..exchanges import PERHAPS_SENT, UNSENT
from .abandonment import Abandonment

T = TypeVar("T")


class OneExchange(Generic[T]):
    """What `perform` does, which is given what may end it."""

    def __init__(self, perform: Callable[[Abandonment], Result[T, Error]]) -> None:
        self._perform = perform
        self._abandonment = Abandonment(is_shared=True)
        self._lock = Lock()
        self._begun = False
        self._result: Result[T, Error] = Failure(PERHAPS_SENT)

    def result(self) -> Result[T, Error]:
        """Perform the exchange, or return what it was."""
        with self._lock:
            if not self._begun:
                self._begun = True
                if self._abandonment.given_up:
                    self._result = Failure(UNSENT)
                else:
                    self._result = self._perform(self._abandonment)
            return self._result

    def give_up(self) -> None:
        """End it, and close the body that it has opened."""
        self._abandonment.give_up()
