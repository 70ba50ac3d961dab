"""How fast many deletions are: 5,000 at 64 in flight, against answers after 20 ms, beside raw sockets in threads."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local

import msgspec
import pytest
from test_async_cost import IN_FLIGHT, KEY, REQUEST, slow_service

from puresponse.core import delete_response
from puresponse.transports import Urllib3Transport, run_many

pytestmark = pytest.mark.benchmark

CALLS = 5_000
ROUNDS = 3
RATE_BOUND = 0.94
"""Of what raw sockets do in so many threads; the best of the rounds, since what else the machine does only takes."""


class Deleted(msgspec.Struct):
    id: str
    object: str
    deleted: bool


def by_raw_sockets(port: int) -> None:
    own = local()
    made: list[socket.socket] = []
    decode = msgspec.json.Decoder(Deleted).decode

    def delete(number: int) -> bool:
        connection: socket.socket | None = getattr(own, "connection", None)
        if connection is None:
            own.connection = connection = socket.create_connection(("127.0.0.1", port))
            made.append(connection)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(REQUEST)
        head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
        length = int(head.rpartition(b"Content-Length: ")[2])
        while len(body) < length:
            body += connection.recv(65536)
        assert number < CALLS
        return decode(body).deleted

    with ThreadPoolExecutor(IN_FLIGHT) as threads:
        assert sum(threads.map(delete, range(CALLS))) == CALLS
    for connection in made:
        connection.close()


def by_ours(port: int) -> None:
    operations = (delete_response(f"resp_{number}") for number in range(CALLS))
    with Urllib3Transport(base_url=f"http://127.0.0.1:{port}/v1", api_key=KEY, proxy="") as transport:
        deleted = [result.unwrap().deleted for _, result in run_many(operations, transport, IN_FLIGHT)]
    assert sum(deleted) == CALLS


def rate(way: Callable[[int], None], port: int) -> float:
    """Calls a second."""
    began = time.perf_counter()
    way(port)
    return CALLS / (time.perf_counter() - began)


def test_many_deletions_are_nearly_as_fast_as_over_raw_sockets(tmp_path: Path) -> None:
    with slow_service(tmp_path) as port:
        rounds = [(rate(by_raw_sockets, port), rate(by_ours, port)) for _ in range(ROUNDS)]
    for raw, ours in rounds:
        print(f"{CALLS} deletes, {IN_FLIGHT} in flight: raw {raw:.0f}/s, ours {ours:.0f}/s, ratio {ours / raw:.3f}")
    assert max(ours / raw for raw, ours in rounds) >= RATE_BOUND
