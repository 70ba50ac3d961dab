"""A credential that is asked for at each request: of a function, or of a token that is kept.

What a function raises is never shown: its message may hold what it sent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from ...core.credentials import REDACTED
from ...core.errors import NotSent
from ...core.results import is_failure
from ..asynchrony import is_async_function
from .secret import Secret, hidden
from .tokens import RefreshingToken

Key: TypeAlias = str | Secret | Callable[[], str | Secret] | RefreshingToken
"""A credential: as it is, or as what returns it whenever a request is sent."""

AsyncKey: TypeAlias = str | Secret | Callable[[], str | Secret | Awaitable[str | Secret]] | RefreshingToken
"""The same for an event loop, where the function may be a coroutine function."""


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
        self.parameter = parameter
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

    @property
    def is_async(self) -> bool:
        """Whether it is asked of a coroutine function."""
        return is_async_function(self._source)

    async def ask_async(self) -> Result[Secret, NotSent]:
        """The credential for one request, of a coroutine function."""
        try:
            asking: Any = self._source
            given: Any = hidden(await asking())
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
            return Failure(NotSent(error.kind, f"{self.parameter}: {error.reason}"))
        return Success(self._noted(asked.unwrap()))

    def _noted(self, secret: Secret) -> Secret:
        used = self._used
        if not used or used[0] != secret:  # one assignment, so that no lock is needed: at worst one is forgotten
            self._used = (secret, *(other for other in used if other != secret))[:_MOST_USED]
        return secret

    def _refused(self, reason: str) -> Failure[NotSent]:
        return Failure(NotSent("invalid_request", f"{self.parameter}: {reason}"))

    def __repr__(self) -> str:
        return f"AskedCredential({self.parameter!r}, {self.header!r}, {REDACTED})"


_MOST_USED = 16
"""How many of the credentials that were sent are known for what repeats them."""
