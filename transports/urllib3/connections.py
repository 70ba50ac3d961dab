"""Connections that know what was certainly not sent.

urllib3 raises the same exceptions for a connection that could not be made and for one that broke. So the line is
drawn where it is known: whatever `connect` raises becomes a `ConnectFailed`, which derives from none of the exceptions
that urllib3 handles, so that it passes through (the connection is closed and its slot given back on the way).
"""

from __future__ import annotations

import socket
import ssl
from http.client import HTTPException
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from ...core.errors import NotSent
from ...core.http import Pairs
from ..network.secret import HiddenValues
from .addresses import Origin, Proxy
from .chunked import IncrementalResponse
from .failures import not_connected
from .hidden_query import HiddenQueryConnection

SOCKET_OPTIONS: list[tuple[int, int, int | bytes]] = [
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 60), ("TCP_KEEPCNT", 5))
        if hasattr(socket, name)
    ),
]
"""A response may take ten minutes, and routers forget connections after four idle ones: probe each minute (seconds)."""


class ConnectFailed(Exception):
    """Carries out of urllib3 the error of a connection that could not be made."""

    def __init__(self, error: NotSent) -> None:
        super().__init__(str(error))
        self.error = error


class _Connecting(float):
    """Seconds in which to connect. urllib3 hands them to the connection, and with them those in which to send."""

    sending: float


def times(connect_timeout: float, timeout: float) -> Timeout:
    """The connect timeout and the read timeout in seconds; within the latter a request must also be written."""
    connecting = _Connecting(connect_timeout)
    connecting.sending = timeout
    return Timeout(connect=connecting, read=timeout)


class _Connection(HTTPConnection):
    """What both kinds of connection have in common."""

    response_class = IncrementalResponse
    debuglevel = 0  # whatever http.client's is: it prints all that is sent, the key too

    def connect(self) -> None:
        """Connect. Raises `ConnectFailed`."""
        within = self.timeout
        try:
            super().connect()
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            past_proxy = self.has_connected_to_proxy and isinstance(error, ssl.SSLError)
            proxied = self.proxy is not None and not past_proxy
            raise ConnectFailed(
                not_connected(error, f"{self.host}:{self.port}", proxied=proxied, within=within)
            ) from error

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request, with the time that sending a large body takes.

        urllib3 would allow all of it together no more time than for connecting.
        """
        if self.sock is None:
            self.connect()
        within = self.timeout
        self.timeout = within.sending if isinstance(within, _Connecting) else within
        super().request(*args, **kwargs)


class PlainConnection(_Connection):
    """A connection of plain HTTP."""


class TlsConnection(_Connection, HTTPSConnection):
    """A connection under TLS."""


def open_pool(
    origin: Origin,
    *,
    timeout: Timeout,
    max_connections: int,
    tls: ssl.SSLContext | None,
    proxy: Proxy | None,
    hidden_query: Pairs = (),
) -> HTTPConnectionPool:
    """Make a pool of connections to `origin`, through `proxy` if there is one; `timeout` is what `times` returns.

    `hidden_query` is what of the query no log may show. While `max_connections` are in use a call waits for one of
    them.
    """
    options: dict[str, Any] = {
        "timeout": timeout,
        "maxsize": max_connections,
        "block": True,
        "socket_options": SOCKET_OPTIONS,
    }
    pool: HTTPConnectionPool
    if proxy is not None:
        headers = HiddenValues()
        if proxy.credentials is not None:
            # A tunnel's are formatted by http.client; those that join the headers of a request are encoded.
            basic = proxy.credentials.header("Basic ")
            headers["Proxy-Authorization"] = str.__str__(basic) if origin.scheme == "https" else basic
        manager = ProxyManager(
            proxy.url, num_pools=1, proxy_headers=headers, proxy_ssl_context=tls, ssl_context=tls, **options
        )
        pool = manager.connection_from_host(origin.host, origin.port, origin.scheme)
    elif origin.scheme == "https":
        pool = HTTPSConnectionPool(origin.host, origin.port, ssl_context=tls, **options)
    else:
        pool = HTTPConnectionPool(origin.host, origin.port, **options)
    # Any, because pyright finds that not even urllib3's own connections fit what urllib3 declares here.
    connection_class: Any = TlsConnection if isinstance(pool, HTTPSConnectionPool) else PlainConnection
    if hidden_query:
        members = {"hidden_query": hidden_query}
        connection_class = type(connection_class.__name__, (HiddenQueryConnection, connection_class), members)
    pool.ConnectionCls = connection_class
    return pool
