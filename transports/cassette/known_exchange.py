"""An exchange that a recorder answers from what it knows, or else performs live: given up as that is.

Law: given up before it began, it uses up nothing that is known, and asks nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from returns.result import Result

from ...core.errors import Error
from ...core.results import is_failure
from ..contract import Exchange

T = TypeVar("T")


class KnownExchange(Generic[T]):
    """What `known` returns, which is asked once, when the exchange begins; where that is None, `live`.

    `close` is called with what was known when it is given up after that.
    """

    def __init__(
        self,
        known: Callable[[], Result[T, Error] | None],
        live: Exchange[T],
        *,
        close: Callable[[T], object] | None = None,
    ) -> None:
        self._known = known
        self._live = live
        self._close = close
        self._lock = Lock()
        self._is_decided = False
        self._found: Result[T, Error] | None = None

    def result(self) -> Result[T, Error]:
        """What is known, or what the live exchange performs, in this thread or in one that has begun it."""
        with self._lock:
            if not self._is_decided:
                self._is_decided = True
                self._found = self._known()
            found = self._found
        return self._live.result() if found is None else found

    def give_up(self) -> None:
        """Never begin it; where the live one has begun, give that up."""
        with self._lock:
            self._is_decided = True
            found = self._found
        if found is None:
            self._live.give_up()
        elif self._close is not None and not is_failure(found):
            self._close(found.unwrap())
