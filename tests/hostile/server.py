"""A server that misbehaves: what it does with each connection is a row of actions, which are values.

`playing` has each connection, in the order in which they are made, meet the next row; when the rows are used up, and on
a connection that its row leaves open, it is a good server, whose answer is the path that was asked for. Nothing here
sleeps, but for a drip: what is to last lasts until the client gives up.
"""

from __future__ import annotations

import re
import socket
import ssl
import struct
from collections.abc import Generator
from contextlib import contextmanager, suppress
from threading import Event, Lock
from typing import NamedTuple, TypeAlias

from puresponse.transports.testing.loopback import listening

LONGEST = 10.0
"""Seconds after which the server gives up too, so that a test that waits for it fails."""


class Play:
    """What the server saw of one behaviour. `requests` are the heads of requests, or what was read of them."""

    def __init__(self, rows: tuple[Row, ...], tls: tuple[ssl.SSLContext | None, ...], *, proxy: bool) -> None:
        self.proxy = proxy
        self.rows = rows
        self.tls = tls
        self.ready = Event()
        self.asked = Event()
        self.ended = Event()
        self.over = Event()
        self.requests: list[bytes] = []
        self.connections = 0
        self.lock = Lock()

    def attend(self, raw: socket.socket) -> None:
        """Perform the next row on a connection, then serve."""
        with self.lock:
            number = self.connections
            self.connections += 1
        row = self.rows[number] if number < len(self.rows) else ()
        tls = self.tls[min(number, len(self.tls) - 1)]
        raw.settimeout(LONGEST)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = Line(self, raw, tls, proxy=self.proxy)
        with suppress(OSError, ValueError):
            try:
                for action in row:
                    action.perform(line)
                if number + 1 == len(self.rows):
                    self.ended.set()
                while not line.ended:
                    line.serve()
            finally:
                line.connection.close()


class Line:
    """One connection; under TLS from the first action on that speaks HTTP."""

    def __init__(self, play: Play, raw: socket.socket, tls: ssl.SSLContext | None, *, proxy: bool) -> None:
        self.play = play
        self.ended = False
        self._raw = raw
        self._tls = tls
        self._secured = raw if proxy else None
        self._rest = b""

    @property
    def connection(self) -> socket.socket:
        """The socket, whatever it speaks by now."""
        return self._secured or self._raw

    @property
    def http(self) -> socket.socket:
        """The socket over which HTTP is spoken."""
        if self._secured is None:
            self.secure()
        return self._secured or self._raw

    def secure(self) -> None:
        """Begin TLS, where there is TLS."""
        self._secured = self._raw if self._tls is None else self._tls.wrap_socket(self._raw, server_side=True)

    def receive(self, *, until: bytes = b"", most: int = 0) -> bytes:
        """Read to the first `until`, or `most` bytes, and note them as a request; nothing where the client is gone."""
        data = self._rest
        while not (until in data if until else len(data) >= most):
            received = self.http.recv(65536)
            if not received:
                break
            data += received
        end = data.find(until) + len(until) if until else most
        data, self._rest = data[:end], data[end:]
        if data and not data.startswith(b"CONNECT "):
            with self.play.lock:
                self.play.requests.append(data)
        return data

    def receive_body(self, head: bytes) -> None:
        """Read the body that a head announces."""
        length = re.search(rb"(?i)content-length: (\d+)", head)
        left = (int(length[1]) if length else 0) - len(self._rest)
        self._rest = b""
        while left > 0:
            received = len(self.http.recv(65536))
            if not received:
                raise ConnectionError
            left -= received

    def drain(self) -> None:
        """Read until the client closes."""
        while self.connection.recv(65536):
            pass
        self.ended = True

    def serve(self) -> None:
        """Be a good server for one request."""
        head = self.receive(until=b"\r\n\r\n")
        if not head:
            self.ended = True
            return
        if head.startswith(b"CONNECT "):
            self.http.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self.secure()
            return
        self.receive_body(head)
        path = head.split(b" ")[1]
        self.http.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(path), path))


class Request(NamedTuple):
    """Read a whole request."""

    def perform(self, line: Line) -> None:
        line.receive_body(line.receive(until=b"\r\n\r\n"))


class Head(NamedTuple):
    """Read the head of a request, and nothing of its body."""

    def perform(self, line: Line) -> None:
        line.receive(until=b"\r\n\r\n")


class Part(NamedTuple):
    """Read so many bytes of a request, and no more."""

    size: int

    def perform(self, line: Line) -> None:
        line.receive(most=self.size)


class Say(NamedTuple):
    """Send these bytes."""

    data: bytes

    def perform(self, line: Line) -> None:
        line.http.sendall(self.data)


class SayRaw(NamedTuple):
    """Send these bytes as they are, beneath TLS where there is TLS."""

    data: bytes

    def perform(self, line: Line) -> None:
        socket.socket.sendall(line.connection, self.data)


class Take(NamedTuple):
    """Read something of what the client sends, beneath TLS: what begins a handshake."""

    def perform(self, line: Line) -> None:
        line.connection.recv(65536)


class Forever(NamedTuple):
    """Send these bytes again and again, as fast as the client takes them, until it does not."""

    data: bytes

    def perform(self, line: Line) -> None:
        block = self.data * max(1, 16384 // len(self.data))
        while True:
            line.http.sendall(block)


class Drip(NamedTuple):
    """Send these bytes one by one, again and again, with so many seconds in between, until the client is gone."""

    data: bytes
    pause: float

    def perform(self, line: Line) -> None:
        while True:
            for byte in self.data:
                line.http.sendall(bytes((byte,)))
                Event().wait(self.pause)


class Hang(NamedTuple):
    """Say nothing more, until the client closes."""

    def perform(self, line: Line) -> None:
        line.drain()


class Stall(NamedTuple):
    """Neither say nor read anything more."""

    def perform(self, line: Line) -> None:
        line.play.over.wait(LONGEST)
        line.ended = True


class Close(NamedTuple):
    """Close the connection; TLS says farewell first."""

    def perform(self, line: Line) -> None:
        _farewell(line.connection)
        line.connection.close()
        line.ended = True


class Cut(NamedTuple):
    """Close the connection; under TLS without a farewell, as whoever sits in between can."""

    def perform(self, line: Line) -> None:
        line.connection.close()
        line.ended = True


class Finish(NamedTuple):
    """Send nothing more, and say so, but read on until the client closes."""

    def perform(self, line: Line) -> None:
        _farewell(line.connection)
        line.connection.shutdown(socket.SHUT_WR)
        line.drain()


class Reset(NamedTuple):
    """Reset the connection."""

    def perform(self, line: Line) -> None:
        line.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.connection.close()
        line.ended = True


class Tunnel(NamedTuple):
    """Begin TLS with a client that has asked a proxy for a tunnel."""

    def perform(self, line: Line) -> None:
        line.secure()


class Idle(NamedTuple):
    """Leave the connection idle, until the client has all that it was told before."""

    def perform(self, line: Line) -> None:
        line.play.asked.wait(LONGEST)


class Ready(NamedTuple):
    """Let the test go on, which waits for this before the call that it is about."""

    def perform(self, line: Line) -> None:
        line.play.ready.set()


Action: TypeAlias = (
    Request
    | Head
    | Part
    | Say
    | SayRaw
    | Take
    | Forever
    | Drip
    | Hang
    | Stall
    | Close
    | Cut
    | Finish
    | Reset
    | Tunnel
    | Idle
    | Ready
)
Row: TypeAlias = tuple[Action, ...]


@contextmanager
def playing(rows: tuple[Row, ...], *tls: ssl.SSLContext | None, proxy: bool = False) -> Generator[tuple[int, Play]]:
    """Listen on a port for clients that meet `rows`, each connection with the TLS of its number, or the last one's.

    A proxy begins TLS only when it is asked for a tunnel.
    """
    play = Play(rows, tls or (None,), proxy=proxy)
    with listening(play.attend) as port:
        try:
            yield port, play
        finally:
            play.over.set()


def _farewell(connection: socket.socket) -> None:
    if isinstance(connection, ssl.SSLSocket):
        connection.setblocking(False)
        with suppress(OSError):  # the client has not answered yet
            connection.unwrap()
        connection.setblocking(True)
