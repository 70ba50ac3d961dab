"""What a transport is: a callable that performs one exchange, and what it promises.

Laws (`testing/contract` checks them, for this library's transports and for anyone's):

1. It never raises for anything that the network or the server does: that comes back as a `Failure`.
2. Any HTTP status is a `Success`: judging it is the core's work.
3. The body is read whole; a body that breaks off is an `Interrupted`, never a shorter body. It has what was
   received by then as its `partial`: status, headers and the body up to the break, as a whole answer would have them.
   Where not even the head was received, `partial` is None.
4. One request is one exchange: no retry, no redirect.
5. What is sent is what the request says: method, path, query in order, headers, body.
6. Many threads may call it at once.

`NotSent` promises that the server has not processed the request; where that is not certain, it is `Interrupted`.
Base URL and credentials belong to the transport, and appear in nothing that it returns or prints.

Opening a body to read it in chunks is a second contract, with the same laws and these:

7. A 2xx is returned as soon as its headers are there, without body; any other answer whole, as by a call.
8. A chunk is returned as soon as some bytes are there. The end is a chunk of no bytes, however often it is asked.
9. A read that is given a time waits no longer than that, in seconds, for the chunk. Where no byte was received by
   then, it is an `Interrupted` (`read_timeout`), and what is left of the body is given up.
10. Closing gives up what was not read, and the connection with it. It may be done twice, at the end, and by another
   thread or task than the one that reads: a read that waits then ends. Closing that is given a time may first read on
   for the end of the body, so that its connection can be kept: for so many seconds altogether, whatever is received.

A driver treats a transport that only keeps the first contract as one that returns every body in one chunk.

An exchange that can be given up while it is under way is a third contract, with the same laws and these:

11. `begin` returns at once, and sends nothing by itself. `result` performs the exchange, in the thread that calls it
   first; whoever calls it again, in whichever thread, gets the same value, when it is there.
12. `give_up` returns at once, and may be called by any thread, at any time, and again. What was not sent by then never
   is: `result` is then a `NotSent` of the kind `given_up`. What was, or may have been, sent is an `Interrupted` of that
   kind. Either way `result` ends within a moment, whatever it waits for (an address, a connection, the handshake, the
   server), and the place of the exchange among the connections is free. An exchange that was over by then keeps its
   result; a body that it has opened is closed.

Whether a transport is asynchronous is told by `async def`, before it is used: so `isinstance` tells a
`StreamingTransport` from an `AsyncStreamingTransport`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias, TypeVar, runtime_checkable

from returns.result import Result

from ..core.errors import Error
from ..core.http import HttpRequest, HttpResponse
from .asynchrony import told_apart

Transport: TypeAlias = Callable[[HttpRequest], Result[HttpResponse, Error]]
"""Performs one exchange. A plain function is a fine stub."""

AsyncTransport: TypeAlias = Callable[[HttpRequest], Awaitable[Result[HttpResponse, Error]]]
"""Performs one exchange without blocking the event loop, under the same laws."""

AnyTransport: TypeAlias = Transport | AsyncTransport
"""One or the other."""


class Body(Protocol):
    """A body that is open, to be read by one thread or task at a time."""

    @property
    def answer(self) -> HttpResponse:
        """Status and headers of the answer; its body too, where the status is not 2xx."""
        ...

    def read(self, within: float | None = None) -> Result[bytes, Error]:
        """The next chunk, no bytes at the end, or an `Interrupted`.

        `within` is how many seconds to wait for it at most; None waits as long as the transport does. A transport
        that has the body whole already may ignore it.
        """
        ...

    def close(self, within: float = 0.0) -> None:
        """Give up what was not read.

        `within` is how many seconds may be spent, altogether, on reading on for the end of the body, so that its
        connection serves again. What is read there is thrown away.
        """
        ...


@told_apart
@runtime_checkable
class StreamingTransport(Protocol):
    """A transport that can also open a body."""

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        """Perform one exchange: send `request`, as it is, and return the answer whole, or why there is none."""
        ...

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Begin one exchange: send `request`, and leave the body of a 2xx to be read, by whoever then closes it."""
        ...


class AsyncBody(Protocol):
    """A `Body` that is read without blocking the event loop."""

    @property
    def answer(self) -> HttpResponse:
        """Status and headers of the answer; its body too, where the status is not 2xx."""
        ...

    async def read(self, within: float | None = None) -> Result[bytes, Error]:
        """The next chunk, no bytes at the end, or an `Interrupted`; `within` is that of `Body.read`."""
        ...

    async def close(self, within: float = 0.0) -> None:
        """Give up what was not read; `within` is that of `Body.close`."""
        ...


@told_apart
@runtime_checkable
class AsyncStreamingTransport(Protocol):
    """An `AsyncTransport` that can also open a body."""

    def __call__(self, request: HttpRequest) -> Awaitable[Result[HttpResponse, Error]]:
        """Perform one exchange: send `request`, as it is, and return the answer whole, or why there is none."""
        ...

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Begin one exchange: send `request`, and leave the body of a 2xx to be read, by whoever then closes it."""
        ...


T_co = TypeVar("T_co", covariant=True)


class Exchange(Protocol[T_co]):
    """One exchange that another thread can give up: of an `HttpResponse`, or of an open `Body`."""

    def result(self) -> Result[T_co, Error]:
        """Perform the exchange, in this thread, and return what a call, or `open`, would."""
        ...

    def give_up(self) -> None:
        """End it now: what was not sent is never sent, and whoever waits for the result has it within a moment."""
        ...


@runtime_checkable
class AbandonableTransport(Protocol):
    """A transport whose exchanges can be given up while they are under way."""

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        """Perform one exchange: send `request`, as it is, and return the answer whole, or why there is none."""
        ...

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that sends `request` when `result` performs it, as a call would; nothing is sent before."""
        ...


@runtime_checkable
class AbandonableStreamingTransport(Protocol):
    """A `StreamingTransport` of which both calls and openings can be given up."""

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        """Perform one exchange: send `request`, as it is, and return the answer whole, or why there is none."""
        ...

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Begin one exchange: send `request`, and leave the body of a 2xx to be read, by whoever then closes it."""
        ...

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that sends `request` when `result` performs it, as a call would; nothing is sent before."""
        ...

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        """An exchange that sends `request` when `result` performs it, as `open` would; nothing is sent before."""
        ...
