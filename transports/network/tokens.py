"""Tokens that are fetched, and kept until they expire.

Law: a token is fetched by one thread at a time, however many ask. One that is still good is used while the next is
fetched, and where that fails; nobody waits for more than one fetch that fails. What a function raises is never shown:
its message may hold what it sent.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from math import isfinite
from typing import Any, Protocol, TypeAlias
from weakref import WeakSet

from msgspec import Struct
from returns.result import Failure, Result, Success

from ...codecs.lossless.errors import DecodeError
from ...core.credentials import REDACTED
from ...core.errors import ApiError, Error, Interrupted, InvalidArgument, NotSent
from ...core.results import is_failure
from .environment import refused
from .secret import Secret, hidden
from .timeouts import check_time

DEFAULT_MARGIN = 1_200.0
"""Seconds. The official client's `refresh_buffer_seconds`."""

_RESULTS = (Success, Failure)

_CODE = re.compile("[a-z_]{1,40}")
"""A code of an error that holds nothing else."""

_PAUSE = 1.0
"""Seconds until a fetch that failed is tried again, where the token that is kept is still good."""


class AccessToken(Struct, frozen=True):
    """A `token` that was fetched, and for how many seconds from then it is good (`expires_in`). It never shows."""

    token: str
    expires_in: float

    def __repr__(self) -> str:
        return f"AccessToken(token={REDACTED}, expires_in={self.expires_in!r})"


class DatedToken(Protocol):
    """A token that says when it expires, in seconds since 1970: what `azure.identity` returns."""

    @property
    def token(self) -> str:
        """The text."""
        ...

    @property
    def expires_on(self) -> int:
        """When it expires."""
        ...


Fetched: TypeAlias = AccessToken | DatedToken | Result[AccessToken, Error]
"""What a function that fetches a token may return; a `Failure` says why there is none."""


class RefreshingToken:
    """A token that is fetched when it is first asked for, and again before it expires. Any number of threads may ask.

    Args:
        fetch: Returns an `AccessToken`, or a token of `azure.identity`, or a `Result` of the first. It may block, and
            may raise whatever it likes, of which only the type is told.
        margin: How many seconds before it expires a token is fetched anew, more than 0; at most half of its life.
        now: Where the time is taken from, in seconds that never go back.

    After a 401 the transport forgets the token that it used: the next request fetches another. Raises `ValueError` for
    a margin that is no time.

    >>> token = RefreshingToken(lambda: AccessToken("eyJ0…".rstrip("…"), expires_in=3600.0))
    >>> token
    RefreshingToken([redacted])
    """

    def __init__(
        self,
        fetch: Callable[[], Fetched],
        *,
        margin: float = DEFAULT_MARGIN,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        check_time("margin", margin)
        if not callable(fetch):
            raise refused("fetch", f"it is a {type(fetch).__name__}; it must be a function that returns a token")
        self._fetch = fetch
        self._margin = margin
        self._now = now
        self._held: _Held | None = None
        self._state = _Fetch()
        _fetches.add(self._state)

    def ready(self) -> Secret | None:
        """The token that is kept, if it need not be fetched anew; never waits."""
        held = self._held
        return held.secret if held is not None and self._now() < held.renew_at else None

    def ask(self) -> Result[Secret, NotSent]:
        """The token, fetched if there is none that is good. Waits for the thread that fetches, if another does."""
        secret = self.ready()
        if secret is not None:
            return Success(secret)
        state = self._state
        with state.changed:
            held = self._good()
            if held is not None and (state.is_under_way or self._now() < max(held.renew_at, state.not_before)):
                return Success(held.secret)
            if state.is_under_way:
                state.wait()
                return self._outcome(state)
            state.is_under_way = True
        outcome: _Held | NotSent = NotSent("invalid_request", "the fetch was broken off")
        try:
            outcome = self._fetched()
        finally:  # also where an interrupt of the user ends it
            answer = self._keep(outcome, state)
        return answer

    def forget(self, secret: Secret) -> None:
        """Fetch anew when next asked, if `secret` is what is kept: the service refused it."""
        with self._state.changed:
            if self._held is not None and self._held.secret == secret:
                self._held = None

    def _good(self) -> _Held | None:
        held = self._held
        return held if held is not None and self._now() < held.ends_at else None

    def _keep(self, outcome: _Held | NotSent, state: _Fetch) -> Result[Secret, NotSent]:
        with state.changed:
            if isinstance(outcome, NotSent):
                state.failure = outcome
                state.not_before = self._now() + _PAUSE
            else:
                state.failure = None
                self._held = outcome
            state.end()
            return self._outcome(state)

    def _outcome(self, state: _Fetch) -> Result[Secret, NotSent]:
        """What those who ask are told when a fetch is over."""
        held = self._good()
        if held is not None:
            return Success(held.secret)
        return Failure(state.failure or NotSent("unreachable", "the token had expired when it was there"))

    def _fetched(self) -> _Held | NotSent:
        began = self._now()
        try:
            fetched: Any = self._fetch()
        except Exception as error:
            return NotSent("invalid_request", f"the function that fetches it raised {type(error).__name__}")
        if type(fetched) in _RESULTS:
            result: Result[Any, Error] = fetched
            if is_failure(result):
                return _not_fetched(result.failure())
            fetched = result.unwrap()
        text, life = hidden(getattr(fetched, "token", None)), _life_of(fetched)
        if not isinstance(text, str) or life is None:
            reason = f"the function that fetches it returned a {type(fetched).__name__}; it must be an AccessToken"
            return NotSent("invalid_request", reason)
        try:
            secret = Secret(text)
        except ValueError as error:
            return NotSent("invalid_request", f"what was fetched is no token: {error}")
        return _Held(secret, began + life - min(self._margin, life / 2), began + life)

    def __repr__(self) -> str:
        return f"RefreshingToken({REDACTED})"


class _Held(Struct, frozen=True):
    """A token, when it is to be fetched anew, and when it is no longer good."""

    secret: Secret
    renew_at: float
    ends_at: float


def _not_fetched(error: Error) -> NotSent:
    """Why there is no token: in the end the request was not sent, whatever became of the one for the token."""
    if isinstance(error, NotSent):
        return NotSent(error.kind, f"the token could not be fetched: {error.reason}")
    if isinstance(error, Interrupted):
        return NotSent("unreachable", f"the token could not be fetched: {error.reason}")
    if isinstance(error, ApiError):
        kind: Any = "unreachable" if error.retryable else "invalid_request"
        code = f" ({error.code})" if error.code and _CODE.fullmatch(error.code) else ""
        return NotSent(kind, f"the token could not be fetched: the server answered {error.status}{code}")
    if isinstance(error, DecodeError):
        return NotSent("invalid_request", f"the token could not be fetched: {error.reason}")
    if isinstance(error, InvalidArgument):
        return NotSent("invalid_request", f"the token could not be fetched: {error.reason}")
    return NotSent("invalid_request", f"the token could not be fetched: {type(error).__name__}")


def _life_of(fetched: Any) -> float | None:
    """For how many seconds a token is good from now; None for what is no token."""
    for name, began in (("expires_in", 0.0), ("expires_on", time.time())):
        value: Any = getattr(fetched, name, None)
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            return value - began
    return None


class _Fetch:
    """Whether a thread fetches a token, and what became of the last time that one did."""

    def __init__(self) -> None:
        self.start_afresh()

    def start_afresh(self) -> None:
        """Begin without a fetch under way: its thread is not in this process."""
        from threading import Condition  # not for those who have a key that stays

        self.changed = Condition()
        self.is_under_way = False
        self.not_before = 0.0
        self.failure: NotSent | None = None
        self._ended = 0

    def wait(self) -> None:
        """Wait until the fetch that is under way has ended."""
        seen = self._ended
        while self._ended == seen:
            self.changed.wait()

    def end(self) -> None:
        """Tell those who wait that the fetch has ended."""
        self.is_under_way = False
        self._ended += 1
        self.changed.notify_all()


_fetches: WeakSet[_Fetch] = WeakSet()


def after_fork_in_child() -> None:
    """Let every token begin without a fetch under way: what the interpreter calls in a child process."""
    for fetch in list(_fetches):
        fetch.start_afresh()


with suppress(AttributeError):  # a system that does not fork
    os.register_at_fork(after_in_child=after_fork_in_child)
