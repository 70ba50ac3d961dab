"""Threads and sockets for a Python that has neither, so that what is written for both runs as it is.

A thread is a fibre: a task whose Python code stands still (JSPI) wherever a thread would block, while all others go on.
A socket is one of Node.js. `install` puts them where the contract suite finds its own; it has to come before the
suite's import.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import gc
import io
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

js: Any = import_module("js")
ffi: Any = import_module("pyodide.ffi")
net: Any = js.process.getBuiltinModule("node:net")
Readable: Any = js.process.getBuiltinModule("node:stream").Readable

_IGNORE: Any = js.Function.new("")


def waited(awaitable: Awaitable[T]) -> T:
    """Stand still until `awaitable` has come to its end."""
    result: T = ffi.run_sync(awaitable)
    return result


def fibre(function: Callable[..., T], *arguments: Any) -> asyncio.Future[T]:
    """Begin to call a function that may stand still."""

    async def call() -> T:
        return function(*arguments)

    return asyncio.ensure_future(call())


def in_time(awaitable: Awaitable[object], timeout: float | None) -> bool:
    """Stand still until `awaitable` has come to its end, and say whether it did within `timeout` seconds."""
    try:
        waited(asyncio.wait_for(awaitable, timeout))
    except TimeoutError:
        return False
    return True


class Event:
    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.set = self._event.set
        self.clear = self._event.clear
        self.is_set = self._event.is_set

    def wait(self, timeout: float | None = None) -> bool:
        return in_time(self._event.wait(), timeout)


class Semaphore:
    def __init__(self, value: int = 1) -> None:
        self._semaphore = asyncio.Semaphore(value)

    def acquire(self, *, timeout: float | None = None) -> bool:
        return in_time(self._semaphore.acquire(), timeout)

    def release(self, n: int = 1) -> None:
        for _ in range(n):
            self._semaphore.release()


class Barrier:
    def __init__(self, parties: int) -> None:
        self._awaited = parties
        self._met = asyncio.Event()

    def wait(self, timeout: float | None = None) -> None:
        self._awaited -= 1
        if self._awaited == 0:
            self._met.set()
        if not in_time(self._met.wait(), timeout):
            raise threading.BrokenBarrierError


class Thread:
    def __init__(self, *, target: Callable[..., object], args: tuple[Any, ...] = ()) -> None:
        self._call = (target, *args)
        self._fibre: asyncio.Future[object] | None = None

    def start(self) -> None:
        self._fibre = fibre(*self._call)

    def join(self) -> None:
        assert self._fibre is not None
        waited(self._fibre)


class ThreadPoolExecutor:
    def __init__(self, max_workers: int) -> None:
        self._free = Semaphore(max_workers)

    def __enter__(self) -> ThreadPoolExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        def call(item: T) -> R:
            self._free.acquire()
            try:
                return function(item)
            finally:
                self._free.release()

        return [waited(begun) for begun in [fibre(call, item) for item in items]]


class Runner:
    """What runs coroutines one after the other: here, in the loop that there is."""

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return waited(asyncio.ensure_future(coroutine))


async def to_thread(function: Callable[..., T], *arguments: Any) -> T:
    return await fibre(function, *arguments)


class _Incoming(io.RawIOBase):
    """What arrives at a connection, as it comes."""

    def __init__(self, connection: Any) -> None:
        self._reader = Readable.toWeb(connection).getReader()
        self._left = b""
        self.timeout: float | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            self._left = waited(asyncio.wait_for(self._next(), self.timeout))
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size

    async def _next(self) -> bytes:
        try:
            came = await self._reader.read()
        except ffi.JsException:  # it broke off, or was closed here
            return b""
        return b"" if came.done else came.value.to_bytes()


class Connection:
    """A connection of Node.js, as far as it is used like a `socket.socket`."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        connection.on("error", _IGNORE)
        connection.setNoDelay(True)
        self._incoming = _Incoming(connection)
        self._buffered = io.BufferedReader(self._incoming)
        self._lingers = True

    @contextmanager
    def makefile(self, mode: str) -> Generator[Any]:
        assert mode == "rb"
        yield self._buffered

    def recv(self, size: int) -> bytes:
        return self._buffered.read1(size)

    def sendall(self, data: bytes) -> None:
        if self._connection.destroyed:
            raise ConnectionResetError("the client has gone")
        if data:
            self._connection.write(ffi.to_js(data))

    def settimeout(self, seconds: float | None) -> None:
        self._incoming.timeout = seconds

    def setsockopt(self, level: int, option: int, value: bytes) -> None:
        assert (level, option) == (socket.SOL_SOCKET, socket.SO_LINGER)
        self._lingers = False

    def shutdown(self, how: int) -> None:
        assert how == socket.SHUT_RDWR
        self._connection.destroySoon()

    def close(self) -> None:
        if self._lingers:
            self._connection.destroySoon()
        else:
            self._connection.resetAndDestroy()


@contextmanager
def listening(handle: Callable[[Any], None], *, tls: object = None) -> Generator[int]:
    """As `loopback.listening`, without TLS."""
    assert tls is None, "a server of TLS needs Python's own sockets"
    attending: list[tuple[Connection, asyncio.Future[None]]] = []

    def attend(connection: Connection) -> None:
        with suppress(OSError):
            handle(connection)
        connection.close()

    def accept(accepted: Any) -> None:
        connection = Connection(accepted)
        attending.append((connection, fibre(attend, connection)))

    accepting = ffi.create_proxy(accept)
    server = net.createServer(accepting)
    port = _listen(server)
    try:
        yield port
    finally:
        server.close()
        for connection, _ in attending:
            connection.shutdown(socket.SHUT_RDWR)
        for _, attended in attending:
            waited(attended)
        accepting.destroy()


@contextmanager
def refusing() -> Generator[str]:
    """As `loopback.refusing`: a port on which a server listened until now."""
    server = net.createServer()
    port = _listen(server)
    server.close()
    yield f"http://127.0.0.1:{port}"


def _listen(server: Any) -> int:
    server.listen(0, "127.0.0.1")
    waited(js.process.getBuiltinModule("node:events").once(server, "listening"))
    port: int = server.address().port
    return port


def install() -> None:
    """Put all this where the contract suite looks for threads, loops and servers."""
    # In Pyodide 314.0.7 the collector that runs by itself loses its way on the stacks of tasks that stand still
    # (https://github.com/pyodide/pyodide/issues/6464). What is asked to collect does not look at them.
    gc.disable()
    loopback: Any = import_module("puresponse.transports.testing.loopback")
    for module, replacements in (
        (threading, (Barrier, Event, Semaphore, Thread)),
        (concurrent.futures, (ThreadPoolExecutor,)),
        (asyncio, (Runner, to_thread)),
        (loopback, (listening, refusing)),
    ):
        for replacement in replacements:
            setattr(module, replacement.__name__, replacement)
