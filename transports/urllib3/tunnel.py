"""A tunnel through a proxy (RFC 9110, section 9.3.6): asked for, and consented to, within a time and a size.

http.client reads on for as long as a proxy says anything, and drops what it says after its consent, which the server
that is reached through it would have to be asked about.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from time import monotonic

from ..http1.failures import Malformed
from ..http1.odd_heads import read_odd_head
from ..http1.response_head import end_of_head, read_head

_LONGEST_HEAD = 65536
"""Bytes."""


def ask_for_tunnel(
    connection: socket.socket, host: str, port: int, headers: Mapping[str, str], within: float | None
) -> None:
    """Ask for a tunnel to that server, and wait for it, `within` seconds altogether.

    Raises `OSError` where the proxy refuses it, or answers in any other way; `TimeoutError`, which is one.
    """
    ends = None if within is None else monotonic() + within
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}", *(f"{name}: {value}" for name, value in headers.items())]
    try:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        status, first, rest = _answer(_received_until(connection, ends))
    except Malformed as malformed:
        raise OSError(f"Tunnel connection failed: {malformed.reason}") from None
    if not 200 <= status < 300:
        raise OSError(f"Tunnel connection failed: {first}")
    if rest:
        raise OSError("Tunnel connection failed: more than a head was sent")
    connection.settimeout(within)


def _received_until(connection: socket.socket, ends: float | None) -> Callable[[], bytes]:
    def receive() -> bytes:
        if ends is not None:
            left = ends - monotonic()
            if left <= 0:
                raise TimeoutError
            connection.settimeout(left)
        return connection.recv(_LONGEST_HEAD)

    return receive


def _answer(receive: Callable[[], bytes]) -> tuple[int, str, bytes]:
    """Status and reason of the answer, and what follows its head."""
    data, searched = b"", 0
    while (end := end_of_head(data, searched)) == 0:
        if len(data) > _LONGEST_HEAD:
            raise Malformed("limit", f"the head is longer than {_LONGEST_HEAD} bytes")
        searched = len(data)
        more = receive()
        if not more:
            raise Malformed("truncated", "it closed the connection")
        data += more
    first = data.partition(b"\n")[0].partition(b" ")[2].decode("latin-1").strip()
    head = None if end is None else read_head(data[:end], bodiless=True)
    if head is not None:
        return head.status, first, data[end:]
    head, rest = read_odd_head(data, receive, "HEAD", longest=_LONGEST_HEAD)
    return head.status, first, rest
