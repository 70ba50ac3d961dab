"""Clients in processes of their own, on plain sockets: many that read streams, and one that asks and measures.

    python stream_clients.py streams PORT COUNT SECONDS
    python stream_clients.py gets PORT COUNT

The first prints `open` when all streams are open, and at the end how many events each has read; the second how many
seconds each answer took. Both as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

BODY = b'{"model":"gpt-4o-mini","input":"Hi","stream":true}'
CREATE = b"POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
GET = b"GET /v1/responses/resp_chat HTTP/1.1\r\nHost: localhost\r\n\r\n"
PAUSE = 0.01
"""Seconds between two requests."""

PER_SECOND = 200
"""How many streams are opened in a second: each takes the server more than its events do."""


async def stream(port: int, opened: asyncio.Semaphore, ends: float) -> int:
    """Open a stream and read it until the time `ends`; the number of its events."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(CREATE)
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    events = 0
    try:
        async with asyncio.timeout_at(ends):
            while line := await reader.readline():
                if line.startswith(b"event: "):
                    events += 1
                    if events == 1:
                        opened.release()
    except TimeoutError:
        pass
    writer.close()
    return events


async def streams(port: int, count: int, seconds: float) -> list[int]:
    """Read so many streams at once, for so long from when all are open."""
    opened = asyncio.Semaphore(0)
    ends = asyncio.get_running_loop().time() + count / PER_SECOND + seconds
    reading: list[asyncio.Task[int]] = []
    for _ in range(count):
        reading.append(asyncio.create_task(stream(port, opened, ends)))
        await asyncio.sleep(1 / PER_SECOND)
    for _ in range(count):
        await opened.acquire()
    print("open", flush=True)
    return list(await asyncio.gather(*reading))


async def gets(port: int, count: int) -> list[float]:
    """Ask one after another, on one connection; the seconds that each answer took."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took: list[float] = []
    for _ in range(count):
        began = time.perf_counter()
        writer.write(GET)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[16:]) for line in head.split(b"\r\n") if line.startswith(b"content-length: "))
        await reader.readexactly(length)
        took.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE)
    writer.close()
    return took


if __name__ == "__main__":
    kind, port, count, *seconds = sys.argv[1:]
    done = gets(int(port), int(count)) if kind == "gets" else streams(int(port), int(count), float(seconds[0]))
    print(json.dumps(asyncio.run(done)))
