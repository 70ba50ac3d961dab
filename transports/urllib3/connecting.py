"""A socket that is connected to a server, unless the exchange is given up before.

Names are resolved in a daemon thread: nothing can end a call of the system's resolver, but nobody has to wait for it.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from threading import Lock, Thread
from typing import Any, TypeAlias

from urllib3.util.connection import allowed_gai_family

from .abandonment import Abandonment, GivenUp

SocketOptions: TypeAlias = Sequence[tuple[int, int, int | bytes]]


def connected(
    host: str, port: int, timeout: float | None, options: SocketOptions, abandonment: Abandonment
) -> socket.socket:
    """A socket that is connected to the first address of `host` that can be.

    Args:
        host: A name, or an address, which may be in brackets.
        port: 1 to 65535.
        timeout: Seconds for each address, and for all reading and writing; None sets no limit.
        options: What is set of the socket before it is connected.
        abandonment: What may end it.

    Raises what the last address raised, an `OSError` (of names: `gaierror`), and `GivenUp`.
    """
    failed: OSError | None = None
    for family, kind, protocol, _, address in _addresses(host.strip("[]"), port, timeout, abandonment):
        connection = socket.socket(family, kind, protocol)
        try:
            for option in options:
                connection.setsockopt(*option)
            connection.settimeout(timeout)
            abandonment.enter(partial(shut, connection))
            connection.connect(address)
        except OSError as error:
            connection.close()
            failed = error
        except BaseException:
            connection.close()
            raise
        else:
            if abandonment.leave():
                return connection
            connection.close()
        if not abandonment.leave():
            raise GivenUp
    try:
        raise failed or OSError("the name has no address")
    finally:
        failed = None  # so that no cycle keeps the frame


def shut(connection: Any) -> None:
    """End whatever any thread waits for at a socket, or one of its kind, without a wait."""
    with suppress(OSError, AttributeError):
        # Of a socket under TLS too: its own way would take what another thread is reading with.
        socket.socket.shutdown(getattr(connection, "socket", connection), socket.SHUT_RDWR)


def _addresses(host: str, port: int, timeout: float | None, abandonment: Abandonment) -> list[Any]:
    family = allowed_gai_family()
    with suppress(socket.gaierror):  # an address needs no resolving
        return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
    resolving = _Resolving()
    abandonment.enter(resolving.end)
    Thread(target=resolving.resolve, args=(host, port, family), name="puresponse-resolving", daemon=True).start()
    ended = resolving.over.acquire(timeout=-1 if timeout is None else timeout)
    if not abandonment.leave():
        raise GivenUp
    if not ended:
        raise TimeoutError
    if isinstance(resolving.result, BaseException):
        raise resolving.result
    found: list[Any] = resolving.result
    return found


class _Resolving:
    """What a thread finds out about a name, which may be too late for who asked."""

    def __init__(self) -> None:
        self.result: Any = None
        self.over = Lock()
        self.over.acquire()

    def resolve(self, host: str, port: int, family: int) -> None:
        """Ask the system."""
        try:
            self.result = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        except BaseException as error:
            self.result = error
        self.end()

    def end(self) -> None:
        """End the wait for it."""
        with suppress(RuntimeError):
            self.over.release()
