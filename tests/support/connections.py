"""Applications whose connections are counted."""

from __future__ import annotations

from asyncio import sleep
from typing import Any

from puresponse.transports.serving.asgi import Message, Receive, Scope, Send
from puresponse.transports.serving.uvicorn_server import Application

LATE = 0.002
"""Seconds."""


class Counting:
    """An ASGI application that counts the connections over which it was asked.

    The end of a body comes a moment after its last event, in a segment of its own, as it does over most networks.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self.connections: set[Any] = set()
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def late(message: Message) -> None:
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                await sleep(LATE)
            await send(message)

        if scope["type"] == "http":
            self.connections.add(scope["client"])
            self.asked += 1
        await self._application(scope, receive, late)
