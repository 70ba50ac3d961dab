"""Connections that know what was certainly not sent, and the pool that keeps them: urllib3's, for what it is good at.

urllib3 makes, pools, checks and secures connections, and leads them through a proxy; what is written to them and read
from them is this room's own (`exchange.py`). That takes names that urllib3 keeps to itself, all of which are here and
in no other file: the pool's `_get_conn`, `_put_conn` and `_prepare_proxy`, which its `urlopen` calls between them, and
of a connection `_new_conn`, which makes its socket, `_dns_host`, the name of the server as it was given, and `_tunnel`,
which asks a proxy for `_tunnel_host`, `_tunnel_port` with `_tunnel_headers`.
`tests/transports/test_urllib3_internals.py` fails when a release changes them.

urllib3 raises the same exceptions for a connection that could not be made and for one that broke. So the line is drawn
where it is known: whatever `connect` raises becomes an `ExchangeFailed` with a `NotSent`.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, ClassVar

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ClosedPoolError,
    ConnectTimeoutError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
)

from ...core.errors import NotSent
from ..exchanges import UNSENT
from ..http1.addresses import Origin, Proxy
from ..http1.failures import ExchangeFailed
from ..http1.socket_options import SOCKET_OPTIONS
from ..network.secret import HiddenValues
from .abandonment import Abandonment, GivenUp
from .connecting import connected, shut
from .failures import CONNECTING, not_connected
from .places import Places
from .through_socks import connected_through
from .tunnel import ask_for_tunnel


class Connection(HTTPConnection):
    """What both kinds of connection have in common."""

    debuglevel = 0  # whatever http.client's is: it prints all that is sent, the key too
    abandonment: Abandonment
    _tunnel_headers: Mapping[str, str]
    reads_within: float | None = None
    """Seconds that its socket waits for at most, as far as is known."""
    socks: ClassVar[Proxy | None] = None
    """The SOCKS proxy that connects it, if one does."""
    idle_since = 0.0
    """When its last exchange ended, by `time.monotonic`."""

    def connect(self) -> None:
        """Connect. Raises `ExchangeFailed` with a `NotSent`, and `GivenUp`."""
        self.reads_within = None
        self._is_tunnelled = False
        within = None if self.timeout is None else round(self.timeout, 2)
        try:
            super().connect()
        except CONNECTING as error:
            if self.abandonment.given_up:
                raise GivenUp from None
            proxied = self.proxy is not None and not self._is_tunnelled
            place = f"{self._tunnel_host}:{self._tunnel_port}" if self._is_tunnelled else f"{self.host}:{self.port}"
            raise ExchangeFailed(not_connected(error, place, proxied=proxied, within=within)) from error
        if isinstance(self.sock, ssl.SSLSocket):
            secured: Any = self.sock
            secured.suppress_ragged_eofs = False  # else a body that was cut short would seem whole

    def _tunnel(self) -> None:
        """Ask the proxy for a tunnel. Raises `OSError` where there is none."""
        made: Any = self.sock
        ask_for_tunnel(made, self._tunnel_host or "", self._tunnel_port or 0, self._tunnel_headers, self.timeout)
        self._is_tunnelled = True

    def _new_conn(self) -> socket.socket:
        """Make the socket of the connection. Raises what urllib3 does, and `GivenUp`."""
        host = self._dns_host
        try:
            host.encode("idna")
        except UnicodeError:
            raise LocationParseError(f"'{host}', label empty or too long") from None
        options = self.socket_options or ()
        try:
            if self.socks is None:
                made = connected(host, self.port, self.timeout, options, self.abandonment)
            else:
                made = connected_through(self.socks, (host, self.port), self.timeout, options, self.abandonment)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"no connection within {self.timeout} s") from error
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error
        self._watch(made)
        return made

    def _watch(self, made: socket.socket) -> None:
        """Let what is left of connecting be ended: the tunnel, and the handshake, which takes the socket apart."""
        watched = made.dup()

        def end() -> None:
            shut(watched)

        self._watched = watched
        try:
            self.abandonment.enter(end)
        except GivenUp:
            watched.close()
            made.close()
            raise

    def stop_watching(self) -> bool:
        """Let nothing end it any more: whether it is still wanted."""
        goes_on = self.abandonment.leave()
        watched, self._watched = self._watched, None
        if watched is not None:
            watched.close()
        return goes_on

    _is_tunnelled = False
    _watched: socket.socket | None = None


class PlainConnection(Connection):
    """A connection of plain HTTP."""


class TlsConnection(Connection, HTTPSConnection):
    """A connection under TLS."""


class Pool:
    """The connections of a transport to one origin, which are kept between exchanges."""

    def __init__(self, kept: HTTPConnectionPool, most: int, *, tunnels: bool) -> None:
        self._kept: Any = kept
        self._places = Places(most)
        self._tunnels = tunnels

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        return bool(self._kept.pool is None)

    def take(
        self, within: float, connecting: float, abandonment: Abandonment, longest_idle: float | None = None
    ) -> Connection:
        """Take a connection, which is connected. Raises `ExchangeFailed` with a `NotSent`.

        Args:
            within: Seconds to wait for a place at most.
            connecting: Seconds in which to connect, and again for the tunnel and the handshake.
            abandonment: What may end all this.
            longest_idle: Seconds after which a connection that is kept is connected anew; None keeps it for ever.
        """
        try:
            if not self._places.take(within, abandonment):
                if abandonment.given_up:
                    raise GivenUp
                raise ExchangeFailed(
                    NotSent("connect_timeout", f"all connections were in use for {round(within, 2):g} s")
                )
            try:
                return self._connected(connecting, abandonment, longest_idle)
            except BaseException:
                self._places.free()
                raise
        except GivenUp:
            raise ExchangeFailed(UNSENT) from None

    def _connected(self, connecting: float, abandonment: Abandonment, longest_idle: float | None) -> Connection:
        try:
            connection: Any = self._kept._get_conn()
        except ClosedPoolError:
            raise ExchangeFailed(NotSent("invalid_request", "the transport is closed")) from None
        if connection.sock is not None:
            found: Connection = connection
            if longest_idle is None or monotonic() - found.idle_since <= longest_idle:
                return found
            self._discard(found)
        connection.timeout = connecting
        connection.abandonment = abandonment
        is_made = False
        try:
            if self._tunnels:
                self._kept._prepare_proxy(connection)
            else:
                connection.connect()
            is_made = True
        finally:
            is_wanted = connection.stop_watching()
            if not (is_made and is_wanted):
                self._discard(connection)
        if not is_wanted:
            raise GivenUp
        made: Connection = connection
        return made

    def put(self, connection: Connection) -> None:
        """Keep a connection for other exchanges, and free its place."""
        connection.idle_since = monotonic()
        self._kept._put_conn(connection)
        self._places.free()

    def drop(self, connection: Connection) -> None:
        """Close a connection, and free its place."""
        self._discard(connection)
        self._places.free()

    def _discard(self, connection: Connection) -> None:
        with suppress(OSError):
            connection.close()

    def close(self) -> None:
        """Close the connections that no exchange has. Others are closed when theirs is over."""
        self._kept.close()


def open_pool(
    origin: Origin, *, connect_timeout: float, max_connections: int, tls: ssl.SSLContext | None, proxy: Proxy | None
) -> Pool:
    """Make a pool of connections to `origin`, through `proxy` if there is one."""
    options: dict[str, Any] = {
        "timeout": connect_timeout,
        "maxsize": max_connections,
        "block": False,  # who has no place waits in `Places`, where the wait can be ended
        "socket_options": SOCKET_OPTIONS,
    }
    pool: HTTPConnectionPool
    if proxy is not None and not proxy.is_socks:
        headers = HiddenValues()
        if proxy.credentials is not None and origin.scheme == "https":
            # A tunnel's are formatted by http.client.
            headers["Proxy-Authorization"] = str.__str__(proxy.credentials.header("Basic "))
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
    if proxy is not None and proxy.is_socks:
        connection_class = type(connection_class.__name__, (connection_class,), {"socks": proxy})
        proxy = None
    pool.ConnectionCls = connection_class
    return Pool(pool, max_connections, tunnels=proxy is not None and origin.scheme == "https")
