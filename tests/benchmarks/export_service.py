"""A service on loopback that holds responses with their input items: one body for all, a few items each, and for each
tenth 250 of them, on three pages.

Run as a process of its own, so that its work is not counted. It prints its port, and ends when its input does.
"""

from __future__ import annotations

import asyncio
import json
import sys
from functools import cache
from urllib.parse import parse_qs, urlsplit

from loopback_service import answer

ITEMS = 4
MANY_ITEMS = 250
EACH = 10
"""Of so many responses one has many items."""


def items_of(number: int) -> int:
    """How many items the response of that number has."""
    return ITEMS if number % EACH else MANY_ITEMS


def item(number: int) -> dict[str, object]:
    role = "user" if number % 2 == 0 else "assistant"
    part: dict[str, object] = {"type": "input_text", "text": f"What is the weather in town {number}? " * 4}
    if role == "assistant":
        part = {"type": "output_text", "annotations": [], "logprobs": [], "text": f"Sunny, {number} degrees. " * 4}
    return {"id": f"msg_{number:03}", "type": "message", "status": "completed", "content": [part], "role": role}


@cache
def page(count: int, after: str | None, limit: int, order: str) -> bytes:
    """The answer for one page of the items of a response."""
    items = [item(number) for number in range(count)]
    if order == "desc":
        items.reverse()
    start = 0 if after is None else next(place for place, one in enumerate(items) if one["id"] == after) + 1
    data = items[start : start + limit]
    has_more = start + limit < count
    listing = {"object": "list", "data": data, "has_more": has_more, "first_id": data[0]["id"]}
    return answer(json.dumps({**listing, "last_id": data[-1]["id"]}).encode())


class Service(asyncio.Protocol):
    """One connection, one request at a time; a request has no body."""

    transport: asyncio.Transport

    def __init__(self, body: bytes) -> None:
        self._body = body

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        target = urlsplit(data.split(b" ", 2)[1].decode())
        name = target.path.split("/")[3]
        if not target.path.endswith("/input_items"):
            self.transport.write(answer(self._body.replace(b"resp_id", name.encode())))
            return
        query = {key: values[0] for key, values in parse_qs(target.query).items()}
        count = items_of(int(name.removeprefix("resp_")))
        limit, order = int(query.get("limit", "20")), query.get("order", "desc")
        self.transport.write(page(count, query.get("after"), limit, order))


async def main(file: str) -> None:
    loop = asyncio.get_running_loop()
    with open(file, "rb") as stream:
        body = stream.read()
    server = await loop.create_server(lambda: Service(body), "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
