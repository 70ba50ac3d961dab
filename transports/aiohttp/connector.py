"""Connections that aiohttp makes: names resolved, addresses tried in turns, proxies passed, TLS agreed upon.

What is written to them and read from them is this library's own, the same as over urllib3 (`exchange.py`): so aiohttp
repeats no request, follows no redirect, keeps no cookie and changes no path. That takes two names of its connector that
it keeps to itself, which are here and in no other file: `_factory`, which makes the protocol of a connection, and
`_create_connection`, which `connect` calls where it has none in its pool.
`tests/transports/test_aiohttp_internals.py` fails when a release changes them.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from contextvars import ContextVar
from functools import partial
from threading import Thread
from typing import Any

from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from msgspec import Struct
from yarl import URL

from ..http1.addresses import Origin, Proxy
from ..network.secret import HiddenValues
from .wire import Wire

_MOST_KEPT = 4096
"""Bytes of what is received at once of a proxy's answer, that are kept to see what follows its head."""

_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_INTERIM = re.compile(rb"HTTP/1\.[0-9] +1")


class Destination(Struct, frozen=True):
    """Where connections lead to, and how."""

    origin: Origin
    proxy: Proxy | None
    tls: ssl.SSLContext | None

    @property
    def is_tunnelled(self) -> bool:
        """Whether a connection goes through a tunnel of the proxy."""
        return self.proxy is not None and self.origin.scheme == "https"

    def request(self, loop: asyncio.AbstractEventLoop) -> ClientRequest:
        """What aiohttp takes all this from. It is never sent, but for its host, to a proxy that is to make a tunnel."""
        if self.proxy is None or not self.is_tunnelled:
            return ClientRequest("GET", URL((self.proxy or self.origin).url), loop=loop)
        headers = HiddenValues()
        if self.proxy.credentials is not None:
            headers["Proxy-Authorization"] = str.__str__(self.proxy.credentials.header("Basic "))
        return ClientRequest("GET", URL(self.origin.url), loop=loop, proxy=URL(self.proxy.url), proxy_headers=headers)


class Connector(TCPConnector):
    """Makes connections, and keeps none."""

    def __init__(self, destination: Destination, loop: asyncio.AbstractEventLoop) -> None:
        tls = destination.tls
        base: Any = super()  # of which pyright does not know all types
        base.__init__(limit=0, resolver=Resolver(), loop=loop, ssl=True if tls is None else tls)
        self._factory = partial(_handler, loop=loop)
        self._destination = destination
        self._own_loop = loop

    async def connected(self, attempt: Attempt) -> Wire:
        """Make a connection. Raises what aiohttp does, and `OSError`."""
        request = self._destination.request(self._own_loop)
        _ATTEMPT.set(attempt)
        handler: Any = await self._create_connection(request, [], ClientTimeout())
        wire: Wire = handler.wire
        # From here on aiohttp has nothing to do with it.
        handler.transport.set_protocol(wire)
        if attempt.has_surplus:
            wire.end()
            raise OSError("the proxy sent more than a head")
        return wire


class Attempt:
    """How far the making of one connection has come."""

    def __init__(self) -> None:
        self.made: list[_Handler] = []

    @property
    def is_past_proxy(self) -> bool:
        """Whether a proxy has made its tunnel: what fails then is the server's."""
        return len(self.made) > 1

    @property
    def has_surplus(self) -> bool:
        """Whether a proxy that made a tunnel sent more than the head of its answer: whose is that?"""
        return self.is_past_proxy and _has_surplus(self.made[0].answer)


_ATTEMPT: ContextVar[Attempt] = ContextVar("puresponse_attempt")
"""That of the task that connects: whose handler aiohttp makes, it does not say."""


class _Handler(ResponseHandler):
    """What aiohttp has to do with a connection: it reads the answer of a proxy that is to make a tunnel.

    Whatever else is received before the connection is handed over is kept for the first answer.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.wire = Wire(loop)
        self.answer = b""
        self._reads_answer = False

    def set_response_params(self, **given: Any) -> None:
        self._reads_answer = True
        super().set_response_params(**given)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.wire.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._reads_answer:
            self.answer += data[:_MOST_KEPT]
            super().data_received(data)
        else:
            self.wire.data_received(data)

    def eof_received(self) -> None:
        super().eof_received()
        self.wire.eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        self.wire.connection_lost(exc if isinstance(exc, Exception) else None)


def _handler(loop: asyncio.AbstractEventLoop) -> ResponseHandler:
    handler = _Handler(loop)
    _ATTEMPT.get().made.append(handler)
    return handler


def _has_surplus(answer: bytes) -> bool:
    end = _END_OF_HEAD.search(answer)
    while end is not None:
        head, answer = answer[: end.end()], answer[end.end() :]
        if not _INTERIM.match(head):
            return bool(answer)
        end = _END_OF_HEAD.search(answer)
    return False


class Resolver(AbstractResolver):
    """Asks the system for the addresses of a name, in a daemon thread.

    Nothing can end a call of the system's resolver, but neither a loop nor the interpreter has to wait for it in order
    to end; for the threads of a loop's own executor they would.
    """

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of `host`. Raises what the system does, `gaierror` or another `OSError`."""
        loop = asyncio.get_running_loop()
        resolved: asyncio.Future[list[ResolveResult]] = loop.create_future()
        arguments = (loop, resolved, host, port, family)
        Thread(target=_resolve, args=arguments, name="puresponse-resolving", daemon=True).start()
        return await resolved

    async def close(self) -> None:
        """Do nothing: threads end by themselves."""


def _resolve(
    loop: asyncio.AbstractEventLoop,
    resolved: asyncio.Future[list[ResolveResult]],
    host: str,
    port: int,
    family: socket.AddressFamily,
) -> None:
    result: list[ResolveResult] | Exception
    try:
        result = [_result(host, *found) for found in socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)]
    except Exception as error:
        result = error
    try:
        loop.call_soon_threadsafe(_settle, resolved, result)
    except RuntimeError:
        return  # the loop is closed: nobody wants to know any more


def _settle(resolved: asyncio.Future[list[ResolveResult]], result: list[ResolveResult] | Exception) -> None:
    if resolved.done():
        return
    if isinstance(result, Exception):
        resolved.set_exception(result)
    else:
        resolved.set_result(result)


def _result(
    name: str, family: socket.AddressFamily, _: socket.SocketKind, protocol: int, __: str, address: Any
) -> ResolveResult:
    numeric = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
    # A link-local address of IPv6 is none without its scope.
    host = socket.getnameinfo(address, numeric)[0] if len(address) > 2 and address[3] else address[0]
    return {
        "hostname": name,
        "host": host,
        "port": address[1],
        "family": family,
        "proto": protocol,
        "flags": socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    }
