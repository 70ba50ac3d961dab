"""A process that reaches no network but its own machine, for as long as a test runs."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from functools import partial
from ipaddress import ip_address
from typing import Any

from ...codecs.lossless.plain import is_sequence


class NetworkBlocked(RuntimeError):
    """A test that is to reach no network tried to; no transport makes a `Failure` of it."""


@contextmanager
def blocked_network(allowed_hosts: Collection[str] = ()) -> Generator[None]:
    """Let sockets of this process reach loopback, Unix sockets and `allowed_hosts` only.

    Whatever else is tried raises `NetworkBlocked`: looking up a name, connecting, sending a datagram.
    """
    names = {"connect": 0, "connect_ex": 0, "sendto": -1}
    before = {name: getattr(socket.socket, name) for name in names}
    look_up = socket.getaddrinfo
    allowed = frozenset(allowed_hosts)
    try:
        for name, place in names.items():
            setattr(socket.socket, name, _checked(before[name], place, allowed))
        socket.getaddrinfo = partial(_look_up, look_up, allowed)
        yield
    finally:
        for name, method in before.items():
            setattr(socket.socket, name, method)
        socket.getaddrinfo = look_up


def _checked(method: Callable[..., Any], place: int, allowed: frozenset[str]) -> Callable[..., Any]:
    def checked(self: socket.socket, *args: Any) -> Any:
        address = args[place]
        if self.family in {socket.AF_INET, socket.AF_INET6} and is_sequence(address):
            _check(str(address[0]), allowed)
        return method(self, *args)

    return checked


def _look_up(look_up: Callable[..., Any], allowed: frozenset[str], host: Any, *args: Any, **kwargs: Any) -> Any:
    if host is not None:
        _check(host.decode() if isinstance(host, bytes) else str(host), allowed)
    return look_up(host, *args, **kwargs)


def _check(host: str, allowed: frozenset[str]) -> None:
    if host in allowed or host in {"", "localhost"}:
        return
    try:
        if ip_address(host.partition("%")[0]).is_loopback:
            return
    except ValueError:
        pass
    raise NetworkBlocked(f"the network is blocked in this test, and it was to reach {host}")
