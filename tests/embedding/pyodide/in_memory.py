"""The in-memory transport under every driver, and the whole catalogue."""

from __future__ import annotations

from typing import Any

import catalogue
from pyodide_drivers import EVERYDAY, driven, driven_async

from puresponse.core import Answer, HttpRequest
from puresponse.transports import MemoryTransport, VirtualClock


class Awaited:
    """The in-memory transport as one for an event loop. It opens no bodies: these come in one piece."""

    def __init__(self, transport: MemoryTransport) -> None:
        self._transport = transport

    async def __call__(self, request: HttpRequest) -> Answer:
        return self._transport(request)


async def main() -> dict[str, Any]:
    """What the programs of the catalogue come to, and what the drivers make of some."""
    blocking: dict[str, list[str]] = {}
    awaited: dict[str, list[str]] = {}
    for name in EVERYDAY:
        clock = VirtualClock(now=catalogue.START)
        blocking[name] = driven(name, catalogue.service(clock), clock)
        clock = VirtualClock(now=catalogue.START)
        awaited[name] = await driven_async(name, Awaited(catalogue.service(clock)), clock)
    return {
        "catalogue": {name: repr(catalogue.Host().run(make())) for name, make in catalogue.PROGRAMS.items()},
        "blocking": blocking,
        "awaited": awaited,
    }
