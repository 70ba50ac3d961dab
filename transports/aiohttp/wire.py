"""A connection as an event loop has it: bytes that were received and not yet taken, and whoever waits for more.

Law: what was received is taken before it is told that the connection has ended or broken. Nothing here knows of HTTP,
nor of who made the connection.
"""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
from contextlib import suppress
from typing import Any, cast

_MOST_HELD = 262_144
"""Bytes that are received before anybody takes them: more are left to the system, and to whoever sends them."""

_MOST_TAKEN = 65_536
"""Bytes that are taken at once."""

_HEAD_OF_RECORD = 5
_LONGEST_ALERT = 24
"""Bytes of a record of TLS (RFC 8446, section 5.2): of its head, and of the rest of one that holds an alert."""

_MOST_ROUNDS = 10
"""Of the loop, which reads once in each."""


class Starved(Exception):
    """Nothing is there to be taken: whoever wants more waits for it."""


class Wire(asyncio.Protocol):
    """One connection. To take and to wait is for one task at a time; to end it, for any of its loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._tls: Any = None
        self._chunks: list[bytes] = []
        self._held = 0
        self._is_paused = False
        self._is_used = False
        self._is_refused = False
        self._has_received = False
        self._has_ended = False
        self._failed: Exception | None = None
        self._waiter: asyncio.Future[bool] | None = None
        self.is_sending = False
        """Whether some of what was written has not been sent."""
        self.idle_since = 0.0
        """When its last exchange ended, by `time.monotonic`."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection that this is."""
        made = cast(asyncio.Transport, transport)  # asyncio declares less than it gives to a Protocol
        self._transport = made
        self._tls = made.get_extra_info("ssl_object")
        # So that `is_sending` ends with the last byte. Under TLS the limit is what is too much, otherwise what is not.
        made.set_write_buffer_limits(0 if self._tls is None else 1, 0)

    def data_received(self, data: bytes) -> None:
        """Take what was received."""
        self._has_received = True
        self._chunks.append(data)
        self._held += len(data)
        if self._held > _MOST_HELD and not self._is_paused and self._transport is not None:
            self._is_paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Take the end of what is received. The connection is then closed."""
        if self._tls is not None and self._failed is None and not _is_told(self._tls):
            self._failed = ssl.SSLEOFError(ssl.SSL_ERROR_EOF, "the connection ended without a closing message of TLS")
        self._has_ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Take the end of the connection."""
        self._has_ended = True
        if self._is_refused and not self._has_received and isinstance(exc, ConnectionError):
            # It ended before anything was sent. Why, the server may have said, but the loop has thrown that away.
            exc = ssl.SSLError(ssl.SSL_ERROR_SSL, "the server closed the connection after the handshake")
        self._failed = self._failed or exc
        self._transport = self._tls = None
        self._wake()

    def pause_writing(self) -> None:
        """Note that not all was sent."""
        self.is_sending = True

    def resume_writing(self) -> None:
        """Note that all was sent."""
        self.is_sending = False
        self._wake()

    def write(self, data: bytes) -> None:
        """Send, in the background where it takes time."""
        transport = self._transport
        if transport is None:
            return
        transport.write(data)
        if self._tls is not None:
            self._is_refused = not self._is_used and _holds_alert(transport)
            self._is_used = True

    @property
    def has_news(self) -> bool:
        """Whether there is something to be taken, if only the end."""
        return bool(self._chunks) or self._has_ended

    def take(self) -> bytes:
        """What was received; no bytes at the end. Raises `Starved`, and an `OSError` where the connection broke."""
        chunks = self._chunks
        if chunks:
            data = chunks[0] if len(chunks) == 1 else b"".join(chunks)
            self._chunks = [data[_MOST_TAKEN:]] if len(data) > _MOST_TAKEN else []
            self._held = max(0, len(data) - _MOST_TAKEN)
            if self._is_paused and self._held <= _MOST_HELD:
                self._is_paused = False
                if self._transport is not None:
                    self._transport.resume_reading()
            return data[:_MOST_TAKEN]
        if not self._has_ended:
            raise Starved
        if self._failed is not None:
            raise self._failed
        return b""

    async def wait(self, seconds: float) -> bool:
        """Wait for news, or for the last byte to be sent: False where there was none for so many seconds."""
        waiter: asyncio.Future[bool] = self._loop.create_future()
        self._waiter = waiter
        timer = self._loop.call_later(seconds, _settle, waiter, False)
        try:
            return await waiter
        finally:
            timer.cancel()
            self._waiter = None

    def is_clean(self) -> bool:
        """Whether it can serve another exchange: open, all sent, and nothing received that nobody has asked for."""
        if self._has_ended or self._chunks or self.is_sending:
            return False
        return self._transport is not None and not self._transport.is_closing()

    def is_sound(self) -> bool:
        """The same, also as far as the loop has not seen it yet, because it did not run meanwhile."""
        return self.is_clean() and self._transport is not None and not _is_readable(self._transport)

    async def settle(self) -> None:
        """Let the loop take what was received by now, before anything is sent.

        A server that refuses a client's certificate says so and closes; to send then is an error, with which the loop
        throws away what it has not read.
        """
        for _ in range(_MOST_ROUNDS):
            if self._transport is None or self.has_news or not _is_readable(self._transport):
                return
            await asyncio.sleep(0)

    def set_options(self, options: list[tuple[int, int, int | bytes]]) -> None:
        """Set options of the socket."""
        connection = None if self._transport is None else self._transport.get_extra_info("socket")
        if connection is not None:
            with suppress(OSError):  # of a connection that is gone again: who uses it is told
                for option in options:
                    connection.setsockopt(*option)

    def end(self) -> None:
        """Close it at once. What was not sent never is, and whoever waits has an error."""
        if not self._has_ended:
            self._has_ended = True
            self._failed = ConnectionAbortedError("the connection was closed")
        if self._transport is not None:
            self._transport.abort()
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None:
            _settle(self._waiter, True)


def _settle(waiter: asyncio.Future[bool], value: bool) -> None:
    if not waiter.done():
        waiter.set_result(value)


def _is_readable(transport: asyncio.Transport) -> bool:
    """Whether something is there, or the end, that the loop has not read yet."""
    connection = transport.get_extra_info("socket")
    if connection is None:
        return True
    if not hasattr(select, "poll"):  # as on Windows
        return bool(select.select([connection], [], [], 0)[0])
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))


def _holds_alert(transport: asyncio.Transport) -> bool:
    """Whether an alert of TLS is there, that the loop has not read yet: a record too short for anything else."""
    connection = transport.get_extra_info("socket")
    if connection is None or not _is_readable(transport):
        return False
    try:
        with connection.dup() as twin:
            data: bytes = twin.recv(_MOST_TAKEN, socket.MSG_PEEK)
    except OSError:
        return False
    while len(data) >= _HEAD_OF_RECORD:
        length = int.from_bytes(data[3:_HEAD_OF_RECORD], "big")
        if length <= _LONGEST_ALERT:
            return True
        data = data[_HEAD_OF_RECORD + length :]
    return False


def _is_told(tls: Any) -> bool:
    """Whether the other side has said by TLS that it ends, or whether the connection was merely cut (RFC 8446, 6.1)."""
    try:
        return bool(tls.read(1) == b"")
    except ssl.SSLError:
        return False
