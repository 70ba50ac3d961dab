"""The laws of transports that also open bodies: all laws of `Transport`, kept by opening and reading, and three more.

The laws of `transports` run here through `open`: their calls open a body and read it to its end. So a transport is
put through them twice, once as it is called and once as it opens.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from returns.result import Failure, Result

from ....core.errors import Error
from ....core.http import HttpRequest, HttpResponse
from ....core.results import is_failure
from ....core.steps import Answer
from ....core.streams import Chunk
from ...bodies import as_exchanged, read_to_end
from ...contract import AsyncBody, Body, StreamingTransport, Transport
from ..loopback import Service
from .transports import Recorder, TransportContract, expect, response_of

B = TypeVar("B", Body, AsyncBody)

GET = HttpRequest("GET", "/responses/resp_1")
_LARGE = b"0123456789abcdef" * 2**14


def body_of(result: Result[B, Error], asked: str) -> B:
    """The body in `result`; where there is none, the law of what was `asked` for fails."""
    if is_failure(result):
        raise AssertionError(f"{asked} must be opened, not {result}")
    return result.unwrap()


def chunk_of(chunk: Chunk, asked: str) -> bytes:
    """The bytes of `chunk`; where there are none, the law of what was `asked` for fails."""
    if is_failure(chunk):
        raise AssertionError(f"{asked} must be bytes, not {chunk}")
    return chunk.unwrap()


def read_whole(body: Body) -> Answer:
    """Read `body` to its end, and return the answer with it; where it breaks off, what was read with the error."""
    return as_exchanged(body.answer, *read_to_end(body.read))


class StreamingTransportContract(TransportContract):
    """The laws of `StreamingTransport`. A subclass says how to make the transport, and pytest runs the laws.

    The parameters of its methods are those of `TransportContract`.
    """

    def make_streaming_transport(self, service: Service) -> AbstractContextManager[StreamingTransport]:
        """Make a transport whose requests reach `service`, and which returns what that answers."""
        raise NotImplementedError("a subclass of StreamingTransportContract says how to make a transport")

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        """Make a transport that opens and reads, for the laws of all transports."""
        return by_opening(self.make_streaming_transport(service))

    def test_a_success_is_opened_without_its_body(self) -> None:
        """Status and headers are received first; the body is for reading."""
        for status in (200, 201, 299):
            response = HttpResponse(status=status, headers=(("X-Request-Id", "req_1"),), body=b"the body")
            with self.make_streaming_transport(Recorder(response)) as transport:
                body = body_of(transport.open(GET), f"a {status}")
                answer = body.answer
                expect(answer.status == status, f"a {status} was opened as {answer.status}")
                expect(answer.header("x-request-id") == "req_1", f"a {status} was opened without its headers")
                expect(answer.body == b"", f"a {status} was opened with the body {answer.body!r}")
                read = response_of(read_whole(body), f"the body of a {status}").body
                expect(read == b"the body", f"the body of a {status} was read as {read!r}")

    def test_any_other_status_is_opened_whole(self) -> None:
        """A refusal is short, and wanted at once."""
        for status in (301, 400, 404, 429, 500):
            response = HttpResponse(status=status, headers=(("X-Request-Id", "req_1"),), body=_LARGE)
            with self.make_streaming_transport(Recorder(response)) as transport:
                body = body_of(transport.open(GET), f"a {status}")
                answer = body.answer
                expect(answer.status == status, f"a {status} was opened as {answer.status}")
                expect(answer.header("x-request-id") == "req_1", f"a {status} was opened without its headers")
                expect(answer.body == _LARGE, f"a {status} was opened with {len(answer.body)} bytes, or others")
                rest = chunk_of(body.read(), f"the end of a {status}")
                expect(rest == b"", f"after all of a {status}, {len(rest)} bytes could be read")

    def test_the_end_is_no_bytes_however_often_it_is_asked(self) -> None:
        """Of a large body, of a small one, and of none."""
        for content in (_LARGE, b"{}", b""):
            response = HttpResponse(status=200, body=content)
            with self.make_streaming_transport(Recorder(response)) as transport:
                body = body_of(transport.open(GET), "a body")
                response_of(read_whole(body), "a body")
                for _ in range(3):
                    chunk = chunk_of(body.read(), "the end, asked again")
                    expect(chunk == b"", f"after its end, a body returned {chunk!r}")

    def test_a_body_can_be_closed_at_any_time_and_twice(self) -> None:
        """Unread, partly read, and at its end; what is asked next is answered as ever."""

        def service(request: HttpRequest) -> HttpResponse:
            return HttpResponse(status=200, body=request.path.encode() + _LARGE)

        with self.make_streaming_transport(service) as transport:
            for chunks in (0, 1, 2**20):
                request = HttpRequest("GET", f"/after/{chunks}")
                body = body_of(transport.open(request), "a body")
                for _ in range(chunks):
                    if not chunk_of(body.read(), "a chunk"):
                        break
                body.close()
                body.close()
                arrived = response_of(transport(request), "the answer after a body that was closed").body
                expect(arrived == service(request).body, "the answer after a body that was closed is another")

    def test_closed_bodies_leave_room_for_others(self) -> None:
        """However many of them were not read to their end."""
        response = HttpResponse(status=200, body=_LARGE)
        with self.make_streaming_transport(Recorder(response)) as transport:
            for count in range(150):
                body_of(transport.open(GET), f"a body after {count} that were closed").close()

    def test_bodies_that_are_open_at_once_do_not_mix(self) -> None:
        """Each is read from its own exchange, in turns with the other."""

        def service(request: HttpRequest) -> HttpResponse:
            return HttpResponse(status=200, body=request.path.encode() * 2**12)

        requests = [HttpRequest("GET", path) for path in ("/first", "/second")]
        with self.make_streaming_transport(service) as transport:
            bodies = [body_of(transport.open(request), request.path) for request in requests]
            read = [b"", b""]
            chunks = [b"?", b"?"]
            while any(chunks):
                chunks = [chunk_of(body.read(), "a chunk") for body in bodies]
                read = [before + chunk for before, chunk in zip(read, chunks, strict=True)]
        for request, content in zip(requests, read, strict=True):
            expect(content == service(request).body, f"the body of {request.path} was read as another")


@contextmanager
def by_opening(made: AbstractContextManager[StreamingTransport]) -> Generator[Transport]:
    """A transport that calls by opening a body, reading it to its end, and closing it."""

    def exchange(request: HttpRequest) -> Answer:
        opened = transport.open(request)
        if isinstance(opened, Failure):
            return opened
        body = opened.unwrap()
        try:
            return read_whole(body)
        finally:
            body.close()

    with made as transport:
        yield exchange
