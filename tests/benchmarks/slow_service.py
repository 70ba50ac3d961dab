"""A service on loopback that answers each request after so many milliseconds, always the same: with hundreds at once.

Run as a process of its own, so that its work is not counted. It prints its port, and ends when its input does.
"""

from __future__ import annotations

import asyncio
import sys

END_OF_HEAD = b"\r\n\r\n"


class Slow(asyncio.Protocol):
    """One connection; a request has no body."""

    transport: asyncio.Transport

    def __init__(self, delay: float, data: bytes) -> None:
        self._delay = delay
        self._data = data

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for _ in range(data.count(END_OF_HEAD)):
            asyncio.get_running_loop().call_later(self._delay, self.transport.write, self._data)


async def main(milliseconds: str, file: str) -> None:
    loop = asyncio.get_running_loop()
    with open(file, "rb") as stream:
        data = stream.read()
    server = await loop.create_server(lambda: Slow(int(milliseconds) / 1000, data), "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
