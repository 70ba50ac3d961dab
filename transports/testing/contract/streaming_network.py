"""The laws of transports that open bodies over the network: what is received when, and what of a server that fails.

The servers here send in steps: each part when the law has seen the one before it. Nothing sleeps.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from threading import Event, Semaphore, Thread

from returns.result import Failure

from ....core.errors import Interrupted, InterruptedKind
from ....core.http import HttpRequest
from ....core.results import is_failure
from ...bodies import read_to_end
from ...contract import Body, StreamingTransport, Transport
from ..loopback import Service, answering, listening, read_request, serving
from .streaming import GET, StreamingTransportContract, body_of, by_opening, chunk_of
from .transports import expect
from .transports_network import IMPATIENCE, NetworkTransportContract

_SIZED = (b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n", b"data: 1\n\n", b"end")
CHUNKED = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"9\r\ndata: 1\n\n\r\n", b"3\r\nend\r\n0\r\n\r\n")
_TO_THE_END = (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"data: 1\n\n", b"end")
FRAMINGS = {"sized": _SIZED, "chunked": CHUNKED, "ended by its connection": _TO_THE_END}


class StreamingNetworkTransportContract(StreamingTransportContract, NetworkTransportContract):
    """The laws of `StreamingTransport`, and of `NotSent` and `Interrupted`, for one that uses the network.

    The parameters of its methods are those of `NetworkTransportContract`.
    """

    def make_streaming_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractContextManager[StreamingTransport]:
        """Make a transport to that base URL, as `NetworkTransportContract.make_transport_to` has it."""
        raise NotImplementedError("a subclass of StreamingNetworkTransportContract says how to make a transport")

    def make_streaming_transport(self, service: Service) -> AbstractContextManager[StreamingTransport]:
        """Make a transport to `service`, put behind a server on loopback."""
        return _served(service, self.make_streaming_transport_to)

    def make_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractContextManager[Transport]:
        """Make a transport to that base URL that opens and reads, for the laws of all transports."""
        return by_opening(
            self.make_streaming_transport_to(
                base_url, timeout=timeout, ca_file=ca_file, client_certificate=client_certificate
            )
        )

    def test_the_answer_is_given_before_any_of_the_body(self) -> None:
        """And each chunk before the server sends the next, however the body is framed."""
        for framing, parts in FRAMINGS.items():
            with (
                sending(parts, self.patience) as (base_url, go_on),
                self.make_streaming_transport_to(base_url, timeout=2 * self.patience) as transport,
            ):
                body = body_of(transport.open(GET), f"a body that is {framing}")
                read: list[bytes] = []
                for _ in parts[1:]:
                    go_on()
                    read.append(chunk_of(body.read(), f"a chunk of a body that is {framing}"))
                go_on()
                end = chunk_of(body.read(), f"the end of a body that is {framing}")
                body.close()
            expect(read == [b"data: 1\n\n", b"end"], f"a body that is {framing} was read as {read}")
            expect(end == b"", f"a body that is {framing} ended with {end!r}")

    def test_a_body_that_breaks_off_is_truncated_after_what_was_received(self) -> None:
        """Never a shorter body."""
        for framing in ("sized", "chunked"):
            head, part, _ = FRAMINGS[framing]
            for last, received in ((part, b"data: 1\n\n"), (part[:5], b"data:" if framing == "sized" else b"da")):
                with answering(head + last) as base_url, self.make_streaming_transport_to(base_url) as transport:
                    body = body_of(transport.open(GET), f"a body that is {framing}")
                    _breaks_off("truncated", body, received, f"a body that is {framing} and cut off")

    def test_a_body_whose_connection_is_reset_breaks_off(self) -> None:
        """Also one that would end with its connection."""
        for framing, parts in FRAMINGS.items():
            with (
                sending(parts[:2], self.patience, reset=True) as (base_url, go_on),
                self.make_streaming_transport_to(base_url) as transport,
            ):
                body = body_of(transport.open(GET), f"a body that is {framing}")
                go_on()
                chunk = chunk_of(body.read(), f"a chunk of a body that is {framing}")
                expect(chunk == b"data: 1\n\n", f"a chunk of a body that is {framing} is {chunk!r}")
                go_on()
                _breaks_off("reset", body, b"", f"a body that is {framing} and reset")

    def test_silence_in_a_body_is_a_read_timeout(self) -> None:
        """After whatever was received."""
        for framing, (head, part, _) in FRAMINGS.items():
            with (
                answering(head + part, hold=True) as base_url,
                self.make_streaming_transport_to(base_url, timeout=IMPATIENCE) as transport,
            ):
                body = body_of(transport.open(GET), f"a body that is {framing}")
                _breaks_off("read_timeout", body, b"data: 1\n\n", f"a body that is {framing} and sends nothing more")

    def test_the_read_timeout_of_a_request_is_that_of_its_body(self) -> None:
        """Where that is less than the transport's own."""
        head, part, _ = CHUNKED
        request = HttpRequest("GET", "/responses/resp_1", timeout=IMPATIENCE)
        with (
            answering(head + part, hold=True, patience=self.patience) as base_url,
            self.make_streaming_transport_to(base_url, timeout=2 * self.patience) as transport,
        ):
            body = body_of(transport.open(request), "a body")
            _breaks_off("read_timeout", body, b"data: 1\n\n", f"no byte for more than {IMPATIENCE} s")

    def test_a_read_waits_no_longer_than_it_is_given(self) -> None:
        """Where that is less than the transport's own; what is there by then is returned, what is sent later is not."""
        for framing, parts in FRAMINGS.items():
            with (
                sending(parts, self.patience) as (base_url, go_on),
                self.make_streaming_transport_to(base_url, timeout=2 * self.patience) as transport,
            ):
                body = body_of(transport.open(GET), f"a body that is {framing}")
                go_on()
                chunk = chunk_of(body.read(self.patience), f"a chunk of a body that is {framing}")
                expect(chunk == b"data: 1\n\n", f"a chunk of a body that is {framing} is {chunk!r}")
                late = body.read(IMPATIENCE)
                error = late.failure() if is_failure(late) else late
                fits = isinstance(error, Interrupted) and error.kind == "read_timeout"
                expect(fits, f"no byte for {IMPATIENCE} s must be Interrupted('read_timeout'), not {error!r}")
                go_on()
                later = body.read()
                body.close()
            expect(is_failure(later), f"after a read had waited in vain, a body that is {framing} returned {later}")

    def test_the_time_of_a_read_is_not_that_of_the_next(self) -> None:
        """Which has the read timeout of the transport."""
        sent = (b"", b"")

        def handle(connection: socket.socket) -> None:
            with connection.makefile("rb") as file:
                read_request(file, "")
            connection.sendall(sent[0])
            Event().wait(2 * IMPATIENCE)
            connection.sendall(sent[1])

        for framing, parts in FRAMINGS.items():
            sent = (parts[0] + parts[1], parts[2])
            with (
                listening(handle) as port,
                self.make_streaming_transport_to(f"http://127.0.0.1:{port}", timeout=2 * self.patience) as transport,
            ):
                body = body_of(transport.open(GET), f"a body that is {framing}")
                chunk_of(body.read(IMPATIENCE), f"the first chunk of a body that is {framing}")
                chunk = chunk_of(body.read(), f"a chunk that is sent after more than {IMPATIENCE} s")
                body.close()
            expect(chunk == b"end", f"the last chunk of a body that is {framing} is {chunk!r}")

    def test_closing_waits_no_longer_than_it_is_given(self) -> None:
        """For the end of a body: altogether, however often the server sends something that is not the end."""
        gone = Event()
        pause = IMPATIENCE / 20

        def handle(connection: socket.socket) -> None:
            with connection.makefile("rb") as file:
                read_request(file, "")
            connection.sendall(CHUNKED[0] + CHUNKED[1])
            try:
                for _ in range(round(self.patience / pause)):
                    Event().wait(pause)
                    connection.sendall(b"3\r\n:\n\n\r\n")
            except OSError:
                gone.set()

        with listening(handle) as port, self.make_streaming_transport_to(f"http://127.0.0.1:{port}") as transport:
            body = body_of(transport.open(GET), "a body that does not end")
            chunk_of(body.read(), "a chunk of a body that does not end")
            body.close(IMPATIENCE)
            is_gone = gone.wait(self.patience)
            expect(is_gone, f"a body that does not end was to be closed within {IMPATIENCE} s, and was not")
            expect(is_failure(body.read()), "a body that was closed is still read")

    def test_closing_a_body_closes_its_connection(self) -> None:
        """So that the server need not send what nobody reads."""
        gone = Event()
        sent = b""

        def handle(connection: socket.socket) -> None:
            with connection.makefile("rb") as file:
                read_request(file, "")
                connection.sendall(sent)
                file.read()
                gone.set()

        for framing, parts in FRAMINGS.items():
            gone.clear()
            sent = parts[0] + parts[1]
            with listening(handle) as port, self.make_streaming_transport_to(f"http://127.0.0.1:{port}") as transport:
                body = body_of(transport.open(GET), f"a body that is {framing}")
                chunk_of(body.read(), f"a chunk of a body that is {framing}")
                body.close()
                expect(gone.wait(self.patience), f"a body that is {framing} was closed, but not its connection")

    def test_closing_a_body_ends_a_read_that_waits(self) -> None:
        """In another thread, perhaps for minutes: whoever gives up need not wait for it."""
        ended = Event()

        def read_on() -> None:
            while not isinstance(chunk := body.read(), Failure) and chunk.unwrap():
                first.release()
            ended.set()

        for framing, parts in FRAMINGS.items():
            ended.clear()
            first = Semaphore(0)
            with (
                answering(parts[0] + parts[1], hold=True) as base_url,
                self.make_streaming_transport_to(base_url, timeout=2 * self.patience) as transport,
            ):
                body = body_of(transport.open(GET), f"a body that is {framing}")
                threads = [Thread(target=read_on), Thread(target=body.close)]
                threads[0].start()
                expect(
                    first.acquire(timeout=self.patience),
                    f"the first chunk of a body that is {framing} was not received",
                )
                threads[1].start()
                did_end = ended.wait(self.patience)
                for thread in threads:
                    thread.join()
            expect(did_end, f"a body that is {framing} was closed, and is still read")


@contextmanager
def sending(
    parts: tuple[bytes, ...], patience: float, *, reset: bool = False
) -> Generator[tuple[str, Callable[[], None]]]:
    """Answer with the first of `parts`, with the next each time the function is called, and then close, or `reset`."""
    wanted = Semaphore(1)

    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            read_request(file, "")
            for part in parts:
                if not wanted.acquire(timeout=patience):
                    return
                connection.sendall(part)
            wanted.acquire(timeout=patience)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with listening(handle) as port:
        try:
            yield f"http://127.0.0.1:{port}", wanted.release
        finally:
            wanted.release(len(parts) + 1)


@contextmanager
def _served(
    service: Service, make_transport_to: Callable[[str], AbstractContextManager[StreamingTransport]]
) -> Generator[StreamingTransport]:
    with serving(service) as base_url, make_transport_to(base_url) as transport:
        yield transport


def _breaks_off(kind: InterruptedKind, body: Body, received: bytes, what: str) -> None:
    """Read `body` to where it breaks off, which must be after what was `received`."""
    read, error = read_to_end(body.read)
    body.close()
    fits = isinstance(error, Interrupted) and error.kind == kind
    expect(fits, f"{what} must be Interrupted({kind!r}), not {error or 'its end'!r}")
    expect(read == received, f"{what} returned {read!r} before that, not {received!r}")
