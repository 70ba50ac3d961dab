"""An ASGI application whose requests are logged: when each ends, and how.

Law: the application and its client notice nothing of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...core.http import HttpResponse
from .asgi import CLOSE, Message, Receive, Scope, Send, received_head
from .received import Received
from .request_log import Ended, LogEntry

if TYPE_CHECKING:
    from .uvicorn_server import Application


class Logged:
    """An application, and `log`, which is called with an entry for each request that has ended.

    - `scope_of`: the name of the scope that a request is of; None where it names none.
    - `now` and `timer`: the time in seconds since 1970, and seconds since any moment.
    """

    def __init__(
        self,
        application: Application,
        log: Callable[[LogEntry], object],
        *,
        scope_of: Callable[[Received], str | None] | None = None,
        now: Callable[[], float] = time.time,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._application = application
        self._log = log
        self._scope_of = scope_of
        self._now = now
        self._timer = timer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._application(scope, receive, send)
        at, began = self._now(), self._timer()
        answered = _Answered(send)
        try:
            return await self._application(answered.watched(scope), receive, answered.send)
        except BaseException:
            answered.broke_off = True
            raise
        finally:
            self._log(self._entry(scope, at, self._timer() - began, answered))

    def _entry(self, scope: Scope, at: float, seconds: float, answered: _Answered) -> LogEntry:
        received = received_head(scope)
        return LogEntry(
            at=at,
            method=received.method,
            path=received.path,
            query=received.query,
            status=None if answered.head is None else answered.head.status,
            seconds=seconds,
            sent=answered.sent,
            ended=answered.ended,
            request_id=None if answered.head is None else answered.head.header("x-request-id"),
            scope=None if self._scope_of is None else self._scope_of(received),
        )


class _Answered:
    """What an application has sent so far."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.head: HttpResponse | None = None
        self.sent = 0
        self.is_whole = False
        self.broke_off = False

    @property
    def ended(self) -> Ended:
        if self.broke_off:
            return "broke off"
        return "complete" if self.is_whole else "client left"

    async def send(self, message: Message) -> None:
        """Pass a message on, and remember what it says."""
        if message["type"] == "http.response.start":
            headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"])
            self.head = HttpResponse(status=message["status"], headers=headers)
        await self._send(message)
        if message["type"] == "http.response.body":
            self.sent += len(message.get("body", b""))
            self.is_whole = not message.get("more_body", False)

    def watched(self, scope: Scope) -> Scope:
        """The scope, with a `CLOSE` that is noticed."""
        extensions: dict[str, Any] = scope.get("extensions") or {}
        if CLOSE not in extensions:
            return scope
        close: Callable[[], object] = extensions[CLOSE]["close"]

        def noticed() -> None:
            self.broke_off = True
            close()

        return {**scope, "extensions": {**extensions, CLOSE: {"close": noticed}}}
