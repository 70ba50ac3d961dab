"""A service on the loopback that kills the process whose request it receives, and knows what it was asked."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from threading import Lock

from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports import MemoryTransport
from puresponse.transports.testing.loopback import serving


class KillingService:
    """Carries out what it is asked; `kills` says of a request, the first time, that its sender is killed for it."""

    def __init__(self, kills: Callable[[HttpRequest], bool]) -> None:
        self.asked: list[tuple[str, str, bytes | None]] = []
        self.senders: list[int] = []
        self._kills = kills
        self._killed: set[tuple[str, str, bytes | None]] = set()
        self._service = MemoryTransport()
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.method, request.path, request.body
        sender = int(request.headers[[name.lower() for name, _ in request.headers].index("x-worker")][1])
        with self._lock:
            self.asked.append(asked)
            self.senders.append(sender)
            is_killed = asked not in self._killed and self._kills(request)
            if is_killed:
                self._killed.add(asked)
        response = self._service(request).unwrap()
        if is_killed:
            with suppress(ProcessLookupError):
                os.kill(sender, signal.SIGKILL)
        return response


@contextmanager
def killing(kills: Callable[[HttpRequest], bool]) -> Generator[KillingService, None, None]:
    """Serve it where `machine_workers.marked_transport` finds it."""
    service = KillingService(kills)
    with serving(service) as url:
        before = os.environ.get("MACHINES_URL")
        os.environ["MACHINES_URL"] = url
        try:
            yield service
        finally:
            if before is None:
                del os.environ["MACHINES_URL"]
            else:
                os.environ["MACHINES_URL"] = before
