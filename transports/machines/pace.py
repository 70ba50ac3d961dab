"""The pace of what is handed out: a `Pacer` that is asked, and not waited for.

Law: an operation is handed out when its first request may be sent, in turn with all that share the pacer. Where the
pacer knows a speed, one request is sent at a time of handing out; where it knows none, a worker sends what it has to,
and what it was answered is heard when it is back.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from returns.result import Failure, Success

from ...core.errors import NotSent
from ...core.http import HttpRequest, HttpResponse
from ..layers.layer import Attempt
from ..layers.naps import Nap
from ..layers.pacer import PacedTurn, Pacer

_ANY = HttpRequest("POST", "/")
_NONE = Failure(NotSent("given_up", "nothing was received"))


class Pace:
    """Asks a pacer for attempts; where one has to wait, `seconds` says for how long, and `nap` is ended before."""

    def __init__(self, pacer: Pacer, nap: Nap) -> None:
        self._pacer = pacer
        self._nap = nap
        self._turn: PacedTurn | None = None
        self.seconds = inf

    @property
    def requests(self) -> int | None:
        """How many requests are sent at a time of handing out; None for any number."""
        state = self._pacer.state
        return 1 if min(state.rate, state.learned) < inf else None

    def attempt(self) -> Attempt | None:
        """An attempt, where one may be made now."""
        turn = self._turn
        if turn is None:
            begun = self._pacer.attempt(_ANY)
            if isinstance(begun, Attempt):
                return begun
            if not isinstance(begun, PacedTurn):
                raise TypeError(f"{self._pacer!r} began an attempt with {begun!r}")
            turn = self._turn = begun
            turn.nap = self._nap
        asked = turn.ask()
        if isinstance(asked, Attempt):
            self._turn, self.seconds = None, inf
            return asked
        self.seconds = turn.seconds
        return None

    def hear(self, attempt: Attempt, heard: Iterable[HttpResponse | None]) -> None:
        """Learn from what was received, of one request or more."""
        first, *others = heard or (None,)
        attempt.answered(_NONE if first is None else Success(first))
        for answer in others:
            more = self._pacer.attempt(_ANY)
            if isinstance(more, Attempt):
                more.answered(_NONE if answer is None else Success(answer))
            elif isinstance(more, PacedTurn):
                self._pacer.withdraw(more)  # a 429 of before holds all; what is said after it is not newer

    def close(self) -> None:
        """Wait for no turn any more."""
        if self._turn is not None:
            self._pacer.withdraw(self._turn)
