"""A SOCKS proxy on loopback: versions 4, 4a and 5 (RFC 1928, RFC 1929), as far as a client of HTTP asks for them."""

from __future__ import annotations

import socket
import struct
from collections.abc import Generator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import BinaryIO

from puresponse.transports.testing.loopback import listening


class SocksServer:
    """A proxy that remembers what it was asked for.

    Args:
        login: The user and the password that it asks for; None lets anybody in.
        refuses: Whether it connects to nothing.
        resolves: Names that it knows, with their addresses.
        hangs: Whether it says nothing at all.
    """

    def __init__(
        self,
        *,
        login: tuple[str, str] | None = None,
        refuses: bool = False,
        resolves: dict[str, str] | None = None,
        hangs: bool = False,
    ) -> None:
        self.login = login
        self.refuses = refuses
        self.resolves = resolves or {}
        self.hangs = hangs
        self.asked: list[tuple[int, str]] = []
        """The version, and the name or the address, of each request."""
        self.users: list[str] = []

    def __call__(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            if self.hangs:
                file.read()
                return
            version = file.read(1)
            if version == b"\x05":
                target = self._version_5(connection, file)
            elif version == b"\x04":
                target = self._version_4(connection, file)
            else:
                return
        if target is not None:
            with socket.create_connection(target) as origin:
                back = Thread(target=relay, args=(origin, connection))
                back.start()
                relay(connection, origin)
                back.join()

    def _version_5(self, connection: socket.socket, file: BinaryIO) -> tuple[str, int] | None:
        methods = file.read(file.read(1)[0])
        wanted = 0 if self.login is None else 2
        if wanted not in methods:
            connection.sendall(b"\x05\xff")
            return None
        connection.sendall(bytes((5, wanted)))
        if self.login is not None:
            file.read(1)
            user, password = (file.read(file.read(1)[0]).decode() for _ in range(2))
            self.users.append(user)
            granted = (user, password) == self.login
            connection.sendall(bytes((1, 0 if granted else 1)))
            if not granted:
                return None
        kind = file.read(4)[3]
        if kind == 3:
            host = file.read(file.read(1)[0]).decode()
        else:
            host = socket.inet_ntop(
                *((socket.AF_INET, file.read(4)) if kind == 1 else (socket.AF_INET6, file.read(16)))
            )
        (port,) = struct.unpack("!H", file.read(2))
        self.asked.append((5, host))
        connection.sendall(bytes((5, 5 if self.refuses else 0, 0, 1)) + bytes(6))
        return None if self.refuses else (self.resolves.get(host, host), port)

    def _version_4(self, connection: socket.socket, file: BinaryIO) -> tuple[str, int] | None:
        _, port, packed = struct.unpack("!BH4s", file.read(7))
        self.users.append(text_until_zero(file))
        named = packed[:3] == b"\0\0\0" and packed[3:] != b"\0"
        host = text_until_zero(file) if named else socket.inet_ntoa(packed)
        self.asked.append((4, host))
        connection.sendall(bytes((0, 91 if self.refuses else 90)) + bytes(6))
        return None if self.refuses else (self.resolves.get(host, host), port)


def text_until_zero(file: BinaryIO) -> str:
    data = b""
    while (byte := file.read(1)) not in {b"", b"\0"}:
        data += byte
    return data.decode()


def relay(source: socket.socket, target: socket.socket) -> None:
    """Pass on what is received until either side ends."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxying(server: SocksServer) -> Generator[str]:
    """Run the proxy, and yield its name and port."""
    with listening(server) as port:
        yield f"127.0.0.1:{port}"
