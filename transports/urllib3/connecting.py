"""A socket that is connected to a server, unless the exchange is given up before.

Names are resolved in a daemon thread: nothing can end a call of the system's resolver, but nobody has to wait for it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from threading import Lock, Thread
from typing import Any, TypeAlias, TypeVar

from urllib3.util.connection import allowed_gai_family

from .abandonment import Abandonment, GivenUp

T = TypeVar("T")

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
    for family, kind, protocol, _, address in addresses(host.strip("[]"), port, timeout, abandonment):
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


def addresses(host: str, port: int, timeout: float | None, abandonment: Abandonment) -> list[Any]:
    """The addresses of a name, as `getaddrinfo` has them. Raises `gaierror`, `TimeoutError` and `GivenUp`."""
    family = allowed_gai_family()
    with suppress(socket.gaierror):  # an address needs no resolving
        return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
    return in_a_thread(lambda: socket.getaddrinfo(host, port, family, socket.SOCK_STREAM), timeout, abandonment)


def in_a_thread(function: Callable[[], T], timeout: float | None, abandonment: Abandonment) -> T:
    """What `function` returns, in a daemon thread that is left behind when the wait for it ends.

    Raises what it raises, `TimeoutError` after so many seconds, and `GivenUp`.
    """
    task = _Task(function)
    abandonment.enter(task.end)
    Thread(target=task.run, name="puresponse-resolving", daemon=True).start()
    ended = task.over.acquire(timeout=-1 if timeout is None else timeout)
    if not abandonment.leave():
        raise GivenUp
    if not ended:
        raise TimeoutError
    if task.error is not None:
        raise task.error
    result: T = task.result
    return result


class _Task:
    """What a thread finds out, which may be too late for who asked."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self.over = Lock()
        self.over.acquire()
        self._function = function

    def run(self) -> None:
        """Find it out."""
        try:
            self.result = self._function()
        except BaseException as error:
            self.error = error
        self.end()

    def end(self) -> None:
        """End the wait for it."""
        with suppress(RuntimeError):
            self.over.release()
