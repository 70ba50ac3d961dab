"""Credentials that change: a key that a function returns, and a token that is fetched and kept until it expires.

Law: a token is fetched by one thread at a time, however many ask. One that is still good is used while the next is
fetched, and where that fails; nobody waits for more than one fetch that fails. What a function raises is never shown:
its message may hold what it sent.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from math import isfinite
from typing import Any, Protocol, TypeAlias
from weakref import WeakSet

from msgspec import Struct
from returns.result import Failure, Result, Success

from ...core.credentials import REDACTED
from ...core.errors import ApiError, Error, Interrupted, InvalidArgument, NotSent
from ...core.results import is_failure
from .environment import refused
from .secret import Secret, hidden
from .timeouts import check_time

DEFAULT_MARGIN = 1_200.0
"""Seconds. The official client's `refresh_buffer_seconds`."""

_PAUSE = 1.0
"""Seconds until a fetch that failed is tried again, where the token that is kept is still good."""


class AccessToken(Struct, frozen=True):
    """A token that was fetched, and for how many seconds from then it is good. It never shows."""

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
        self._start_afresh()
        _tokens.add(self)

    def _start_afresh(self) -> None:
        """Begin without a fetch under way: its thread is not in this process."""
        from threading import Condition  # not for those who have a key that stays

        self._changed = Condition()
        self._fetching = False
        self._fetched = 0
        self._failure: Failure[NotSent] | None = None
        self._not_before = 0.0

    def ready(self) -> Secret | None:
        """The token that is kept, if it need not be fetched anew; never waits."""
        held = self._held
        return held.secret if held is not None and self._now() < held.renew_at else None

    def ask(self) -> Result[Secret, NotSent]:
        """The token, fetched if there is none that is good. Waits for the thread that fetches, if another does."""
        secret = self.ready()
        if secret is not None:
            return Success(secret)
        with self._changed:
            held = self._good()
            if held is not None and (self._fetching or self._now() < max(held.renew_at, self._not_before)):
                return Success(held.secret)
            if self._fetching:
                return self._another_threads()
            self._fetching = True
        outcome: _Held | NotSent = NotSent("invalid_request", "the fetch was broken off")
        try:
            outcome = self._fetched_now()
        finally:  # also where an interrupt of the user ends it
            answer = self._keep(outcome)
        return answer

    def forget(self, secret: Secret) -> None:
        """Fetch anew when next asked, if `secret` is what is kept: the service refused it."""
        with self._changed:
            if self._held is not None and self._held.secret == secret:
                self._held = None

    def _another_threads(self) -> Result[Secret, NotSent]:
        seen = self._fetched
        while self._fetched == seen:
            self._changed.wait()
        held = self._good()
        if held is not None:
            return Success(held.secret)
        return self._failure or Failure(NotSent("unreachable", "the token had expired when it was there"))

    def _good(self) -> _Held | None:
        held = self._held
        return held if held is not None and self._now() < held.ends_at else None

    def _keep(self, outcome: _Held | NotSent) -> Result[Secret, NotSent]:
        with self._changed:
            self._fetching = False
            self._fetched += 1
            self._failure = Failure(outcome) if isinstance(outcome, NotSent) else None
            if isinstance(outcome, NotSent):
                self._not_before = self._now() + _PAUSE
            else:
                self._held = outcome
            self._changed.notify_all()
            held = self._good()
            if held is not None:
                return Success(held.secret)
            return self._failure or Failure(NotSent("unreachable", "the token had expired when it was there"))

    def _fetched_now(self) -> _Held | NotSent:
        began = self._now()
        try:
            fetched: Any = self._fetch()
        except Exception as error:
            return NotSent("invalid_request", f"the function that fetches it raised {type(error).__name__}")
        if isinstance(fetched, Success | Failure):
            result: Result[Any, Error] = fetched
            if is_failure(result):
                return _not_fetched(result.failure())
            fetched = result.unwrap()
        return self._held_of(fetched, began)

    def _held_of(self, fetched: Any, began: float) -> _Held | NotSent:
        text = hidden(getattr(fetched, "token", None))
        life: Any = getattr(fetched, "expires_in", None)
        if life is None and _is_number(getattr(fetched, "expires_on", None)):
            life = fetched.expires_on - time.time()
        if not isinstance(text, str) or not _is_number(life):
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


Key: TypeAlias = str | Secret | Callable[[], "str | Secret"] | RefreshingToken
"""A credential: as it is, or as what returns it whenever a request is sent."""


def is_asked_for(key: object) -> bool:
    """Whether a credential is asked for at each request, and not there when the transport is made."""
    return callable(key) or isinstance(key, RefreshingToken)


class AskedCredential:
    """A credential that is asked for at each request, and how it is sent.

    Args:
        parameter: What the credential was given as.
        header: The name of the header that has it.
        scheme: What precedes it there.
        source: What it is asked of.
    """

    def __init__(self, parameter: str, header: str, scheme: str, source: Callable[[], Any] | RefreshingToken) -> None:
        self.header = header
        self._parameter = parameter
        self._scheme = scheme
        self._source = source
        self._used: tuple[Secret, ...] = ()

    @property
    def used(self) -> tuple[Secret, ...]:
        """Those of the last requests, which servers may repeat; each once, the last first."""
        return self._used

    def ready(self) -> Secret | None:
        """The credential, if it is there without asking anybody; an event loop need not leave its thread for it."""
        if isinstance(self._source, RefreshingToken):
            secret = self._source.ready()
            return None if secret is None else self._noted(secret)
        return None

    def ask(self) -> Result[Secret, NotSent]:
        """The credential for one request. It may block, and never raises for what a function raises."""
        if isinstance(self._source, RefreshingToken):
            return self._told(self._source.ask())
        try:
            given: Any = hidden(self._source())
        except Exception as error:
            return self._refused(f"the function that was given raised {type(error).__name__}")
        return self._told(self.of(given))

    def of(self, given: object) -> Result[Secret, NotSent]:
        """What a function returned, as a secret."""
        if isinstance(given, Secret):
            return Success(given)
        if not isinstance(given, str) or not given:
            what = "an empty string" if given == "" else f"a {type(given).__name__}"
            return Failure(NotSent("invalid_request", f"the function that was given returned {what}; it must be a key"))
        if self._used and self._used[0].reveal() == str.__str__(given):
            return Success(self._used[0])
        try:
            return Success(Secret(given))
        except ValueError as error:
            return Failure(NotSent("invalid_request", f"what the function returned is no key: {error}"))

    def header_of(self, secret: Secret) -> tuple[str, str]:
        """The header that sends it. Its value shows as redacted."""
        return self.header, secret.header(self._scheme)

    def refused(self, secret: Secret) -> None:
        """Note that the service answered 401: a token that is kept is fetched anew for the next request."""
        if isinstance(self._source, RefreshingToken):
            self._source.forget(secret)

    def _told(self, asked: Result[Secret, NotSent]) -> Result[Secret, NotSent]:
        if is_failure(asked):
            error = asked.failure()
            return Failure(NotSent(error.kind, f"{self._parameter}: {error.reason}"))
        return Success(self._noted(asked.unwrap()))

    def _noted(self, secret: Secret) -> Secret:
        used = self._used
        if not used or used[0] != secret:  # one assignment, so that no lock is needed: at worst one is forgotten
            self._used = (secret, *(other for other in used if other != secret))[:_MOST_USED]
        return secret

    def _refused(self, reason: str) -> Failure[NotSent]:
        return Failure(NotSent("invalid_request", f"{self._parameter}: {reason}"))

    def __repr__(self) -> str:
        return f"AskedCredential({self._parameter!r}, {self.header!r}, {REDACTED})"


_MOST_USED = 16
"""How many of the credentials that were sent are known for what repeats them."""


def _not_fetched(error: Error) -> NotSent:
    """Why there is no token: in the end the request was not sent, whatever became of the one for the token."""
    if isinstance(error, NotSent):
        return NotSent(error.kind, f"the token could not be fetched: {error.reason}")
    if isinstance(error, Interrupted):
        return NotSent("unreachable", f"the token could not be fetched: {error.reason}")
    if isinstance(error, ApiError):
        kind: Any = "unreachable" if error.retryable else "invalid_request"
        return NotSent(kind, f"the token could not be fetched: the server answered {error.status}")
    if isinstance(error, InvalidArgument):
        return NotSent("invalid_request", f"the token could not be fetched: {error.reason}")
    return NotSent("invalid_request", f"the token could not be fetched: {type(error).__name__}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


_tokens: WeakSet[RefreshingToken] = WeakSet()


def after_fork_in_child() -> None:
    """Let every token begin without a fetch under way: what the interpreter calls in a child process."""
    for token in list(_tokens):
        token._start_afresh()


with suppress(AttributeError):  # a system that does not fork
    os.register_at_fork(after_in_child=after_fork_in_child)
