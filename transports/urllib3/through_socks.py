"""A socket that a SOCKS proxy has connected to a server: by PySocks, which urllib3 uses for it too.

What fails on this way is the proxy's, and certainly not sent. Names are resolved as for any connection: those of
`socks5` and `socks4` here, those of `socks5h` and `socks4a` by the proxy.
"""

from __future__ import annotations

import socket
from importlib import import_module
from typing import Any

from urllib3.util import parse_url

from ...core.errors import NotSent
from ..http1.addresses import Proxy
from ..http1.failures import ExchangeFailed
from .abandonment import Abandonment, GivenUp
from .connecting import SocketOptions, addresses, shut


def connected_through(
    proxy: Proxy, server: tuple[str, int], timeout: float | None, options: SocketOptions, abandonment: Abandonment
) -> socket.socket:
    """A socket that the proxy has connected to the server, whose name and port these are; else as `connected`.

    Raises `gaierror` where the name of the server cannot be resolved here, `ExchangeFailed` with a `NotSent` where the
    proxy cannot be reached or does not connect, and `GivenUp`.
    """
    host, port = server
    at = parse_url(proxy.url)
    name, proxy_port, remote = at.host or "", at.port or 0, at.scheme in {"socks5h", "socks4a"}
    target = host.strip("[]")
    if not remote:
        found = addresses(target, port, timeout, abandonment)
        if at.scheme == "socks4":  # which knows no others (IPv6)
            found = [address for address in found if address[0] == socket.AF_INET] or found
        target = found[0][4][0]
    failed: OSError = OSError("its name has no address")
    try:
        for family, _, _, _, address in addresses(name.strip("[]"), proxy_port, timeout, abandonment):
            made = _Socket(family, proxy, address[0], proxy_port, remote=remote, options=options, timeout=timeout)
            failure = made.connect((target, port), abandonment)
            if failure is None:
                return made.plain()
            failed = failure
            if not made.was_refused:
                break
    except OSError as error:
        failed = error
    reason = f"no connection within {timeout} s" if _timed_out(failed) else failed.strerror or str(failed)
    raise ExchangeFailed(NotSent("proxy", f"the proxy {name}:{proxy_port}: {reason}")) from failed


class _Socket:
    """A socket of PySocks, which connects by way of the proxy at one of its addresses."""

    def __init__(
        self,
        family: int,
        proxy: Proxy,
        address: str,
        port: int,
        *,
        remote: bool,
        options: SocketOptions,
        timeout: float | None,
    ) -> None:
        socks: Any = import_module("socks")
        self._refusal: type[Exception] = socks.ProxyConnectionError
        self.was_refused = False
        self._timeout = timeout
        kind = socks.PROXY_TYPE_SOCKS5 if proxy.url.startswith("socks5") else socks.PROXY_TYPE_SOCKS4
        made = socks.socksocket(family, socket.SOCK_STREAM)
        for option in options:
            made.setsockopt(*option)
        made.settimeout(timeout)
        user, password = (None, None) if proxy.login is None else proxy.login
        made.set_proxy(kind, address, port, remote, user, password)
        self._socket = made

    def connect(self, target: tuple[str, int], abandonment: Abandonment) -> OSError | None:
        """Connect to the target: None, or the error. Raises `GivenUp`."""
        failed: OSError | None = None
        try:
            abandonment.enter(lambda: shut(self._socket))
            self._socket.connect(target)
        except OSError as error:
            self.was_refused = isinstance(error, self._refusal)
            self._socket.close()
            failed = error
        except BaseException:
            self._socket.close()
            raise
        if abandonment.leave():
            return failed
        self._socket.close()
        raise GivenUp

    def plain(self) -> socket.socket:
        """The connected socket, as one of the standard library."""
        made = socket.socket(fileno=self._socket.detach())
        made.settimeout(self._timeout)
        return made


def _timed_out(error: OSError) -> bool:
    """Whether time ran out, in PySocks or beneath it."""
    beneath = getattr(error, "socket_err", None)
    return isinstance(error, TimeoutError) or isinstance(beneath, TimeoutError)
