"""Any transport on a socket, with uvicorn: needs the extra `serve`."""

from __future__ import annotations

import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from threading import Thread
from typing import TYPE_CHECKING, Any, Unpack

from ..contract import AnyTransport
from ..network.timeouts import check_limits
from .asgi import AsgiApplication
from .front import FrontOptions
from .limits import MAX_BODY
from .wsgi import WsgiApplication

if TYPE_CHECKING:
    from .uvicorn_server import Application

NEEDED = "uvicorn"
"""The package of the extra."""

LOOPBACK = "127.0.0.1"

MAX_CONNECTIONS = 4096
"""How many connections there are at once, by default."""

_OTHER_FILES = 64
"""How many files of the process are left for other uses than connections."""


class Server:
    """A socket that listens, and the server that answers on it. `listen` makes one."""

    def __init__(self, application: Application, listener: socket.socket, max_connections: int) -> None:
        from .uvicorn_server import StoppableServer

        self.host, self.port = listener.getsockname()[:2]
        self._listener = listener
        self._server = StoppableServer(application, allowed_connections(max_connections))
        self._has_begun = False
        self._is_over = False

    @property
    def origin(self) -> str:
        """The URL under which it can be reached, without a path."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def serve(self) -> None:
        """Answer, until it is stopped; in the main thread, SIGINT and SIGTERM stop it too."""
        self._has_begun = True
        if self._is_over:
            return
        self._server.run_on(self._listener)

    def stop(self) -> None:
        """Stop at once, in any thread, and close what connections there are."""
        self._is_over = True
        self._server.stop()
        if not self._has_begun:
            self._listener.close()


def is_installed() -> bool:
    """Whether the package of the extra `serve` is there."""
    return find_spec(NEEDED) is not None


def listen(
    application: Application, *, host: str = LOOPBACK, port: int = 0, max_connections: int = MAX_CONNECTIONS
) -> Server:
    """Listen for requests to `application`, an ASGI application; `Server.serve` then answers them.

    Raises `OSError` where the port is taken or the address is not this machine's, and `ImportError` without the extra.
    """
    check_limits(times={}, optional={}, counts={"max_connections": max_connections})
    if not is_installed():
        raise ImportError(f"serving needs {NEEDED}: pip install 'puresponse[serve]'", name=NEEDED)
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise OSError(f"cannot listen on {host}:{port}: {error.strerror or error}") from None
    return Server(application, listener, max_connections)


@contextmanager
def serve(
    transport: AnyTransport,
    *,
    host: str = LOOPBACK,
    port: int = 0,
    max_connections: int = MAX_CONNECTIONS,
    max_body: int = MAX_BODY,
    **options: Unpack[FrontOptions],
) -> Generator[str]:
    """Serve a transport over HTTP from a thread while the block runs, and yield the base URL, which ends in its path.

    Args:
        transport: What answers, blocking or asynchronous. One that blocks is asked in threads, but for a
            `MemoryTransport`, for which no thread waits.
        host: The address to listen on; by default only this machine can reach it.
        port: The port, 0 to 65535; 0 for any that is free.
        max_connections: How many connections there may be at once, 1 or more, and no more than the process may open
            files. Where there are too many, those that send no request are closed, and further requests are a 503.
        max_body: The most bytes of the body of a request, 1 or more; more is a 413.
        options: The options of the application, such as `path` and `api_key`; `WsgiApplication` has them too. On an
            address that only this machine can reach, `hosts` is by default `()`: local names alone are answered to.

    Raises `OSError` where the port is taken or the address is not this machine's, `ValueError` for options that make no
    sense, `TypeError` for an application in place of a transport, and `ImportError` without the extra `serve`.

    >>> from puresponse import MemoryTransport, Urllib3Transport, list_models, run
    >>> with serve(MemoryTransport()) as base_url, Urllib3Transport(api_key="", base_url=base_url) as transport:
    ...     run(list_models(), transport).map(len)
    <Success: 5>
    """
    given: Any = transport
    if isinstance(given, AsgiApplication | WsgiApplication):
        raise TypeError(f"serve makes the application itself, and takes a transport and options: not {transport!r}")
    if address_is_local(host):
        options.setdefault("hosts", ())
    application = AsgiApplication(transport, max_body=max_body, **options)
    with running(listen(application, host=host, port=port, max_connections=max_connections)) as server:
        yield f"{server.origin}{application.path}"


@contextmanager
def running(server: Server) -> Generator[Server]:
    """Have a server answer in a thread while the block runs."""
    thread = Thread(target=server.serve, name="puresponse-serve", daemon=True)
    thread.start()
    try:
        yield server
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


def allow_connections(count: int) -> None:
    """Let this process open files for so many connections, as far as its system allows."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + _OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # macOS allows less than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def allowed_connections(connections: int) -> int:
    """So many connections, or those that this process may open files for."""
    try:
        import resource
    except ImportError:
        return connections
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return connections if soft == resource.RLIM_INFINITY else min(connections, max(1, soft - _OTHER_FILES))
