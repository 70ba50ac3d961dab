"""A WSGI application on a socket, with cheroot: needs the extra `serve`.

A worker thread attends to a connection, so that a stream that waits does not keep others waiting.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from threading import Thread
from typing import Any, Protocol

NEEDED = "cheroot"
"""The package of the extra."""

LOOPBACK = "127.0.0.1"


class Server(Protocol):
    """What is used of cheroot's server."""

    bind_addr: tuple[str, int]

    def prepare(self) -> None:
        """Listen."""
        ...

    def serve(self) -> None:
        """Attend to connections, until it is stopped."""
        ...

    def stop(self) -> None:
        """Stop, once the connections that are attended to have been."""
        ...


def is_installed() -> bool:
    """Whether the package of the extra `serve` is there."""
    return find_spec(NEEDED) is not None


def listen(
    application: Callable[..., Iterable[bytes]], *, host: str = LOOPBACK, port: int = 0, threads: int = 32
) -> Server:
    """Listen for requests to `application`; `serve` then answers them.

    Args:
        application: A WSGI application.
        host: The address to listen on; by default only this machine can reach it.
        port: 0 for any that is free.
        threads: How many connections are attended to at once, 1 or more.

    Raises `OSError` where the port is taken or the address is not this machine's, and `ImportError` without the extra.
    """
    if not is_installed():
        raise ImportError(f"serving needs {NEEDED}: pip install 'puresponse[serve]'", name=NEEDED)
    try:
        # cheroot says of a port that is taken only that no socket could be created, and leaves one open.
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise OSError(f"cannot listen on {host}:{port}: {error.strerror or error}") from None
    wsgi: Any = import_module("cheroot.wsgi")
    server: Any = wsgi.Server(
        (host, port),
        application,
        numthreads=threads,
        server_name="puresponse",
        request_queue_size=128,
        timeout=60,
        shutdown_timeout=1,
    )
    # How often it checks whether it is to stop, in seconds.
    server.expiration_interval = 0.05
    prepared: Server = server
    prepared.prepare()
    return prepared


def url_of(server: Server, path: str = "/v1") -> str:
    """The base URL under which a server can be reached."""
    host, port = server.bind_addr[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"


@contextmanager
def serving_wsgi(
    application: Callable[..., Iterable[bytes]],
    *,
    host: str = LOOPBACK,
    port: int = 0,
    path: str = "/v1",
    threads: int = 32,
) -> Generator[str]:
    """Serve `application` from a thread while the block runs, and yield its base URL, which ends in `path`.

    Parameters and errors as of `listen`.
    """
    server = listen(application, host=host, port=port, threads=threads)
    thread = Thread(target=server.serve, name="puresponse-serve", daemon=True)
    thread.start()
    try:
        yield url_of(server, path)
    finally:
        server.stop()
        thread.join()


def address_is_local(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return all(address[4][0] in (LOOPBACK, "::1") or str(address[4][0]).startswith("127.") for address in found)
