"""The in-memory transport under every driver, and the whole catalogue."""

from __future__ import annotations

from typing import Any

import catalogue
from programs import NAMES
from pyodide_drivers import EVERYDAY, driven, driven_async

from puresponse.core import Answer, HttpRequest, is_failure, load_operation, load_stream, save_checkpoint
from puresponse.transports import MemoryTransport, VirtualClock


class Awaited:
    """The in-memory transport as one for an event loop. It opens no bodies: these come in one chunk."""

    def __init__(self, transport: MemoryTransport) -> None:
        self._transport = transport

    async def __call__(self, request: HttpRequest) -> Answer:
        return self._transport(request)


def saved_again(checkpoint: str) -> str:
    """Load a checkpoint that another Python saved, and save it here."""
    data = checkpoint.encode()
    operation, stream = load_operation(data, names=NAMES), load_stream(data, names=NAMES)
    loaded = stream.unwrap() if is_failure(operation) else operation.unwrap()
    return save_checkpoint(loaded.program, elapsed=loaded.elapsed, names=NAMES).unwrap().decode()


async def main(saved: list[str]) -> dict[str, Any]:
    """What the programs of the catalogue come to, what the drivers make of some, and what was saved elsewhere."""
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
        "saved again": [saved_again(checkpoint) for checkpoint in saved],
    }
