"""The laws of transports that use the network: the results of a server that fails, and of TLS.

All servers are on loopback. The laws of TLS make certificates with `trustme`, which has to be installed.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Literal

from msgspec import Struct

from ....core.errors import Interrupted, InterruptedKind, NotSent, NotSentKind
from ....core.http import HttpRequest, HttpResponse
from ...contract import Transport
from ..loopback import Service, answering, listening, read_request, refusing, response_bytes, serving
from .partial_answers import CutTransportContract
from .transports import Recorder, TransportContract, error_of, expect, repeat_request, response_of

_REQUEST = HttpRequest("POST", "/responses/resp_1/cancel", (), (), b"")
IMPATIENCE = 0.2
"""The read timeout in seconds of a transport whose server sends nothing."""


class NetworkTransportContract(TransportContract, CutTransportContract):
    """The laws of `Transport`, and of `NotSent` and `Interrupted`, for one that uses the network.

    A transport is made to a `base_url`, with a read `timeout` in seconds, a PEM file of authorities to trust
    (`ca_file`) and one of a `client_certificate` with its key, where there are any; to a `service` behind a server on
    loopback; and to a server whose answer breaks off after what is `received`.
    """

    def make_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractContextManager[Transport]:
        """Make a transport to that base URL, which sends the key `credential` if it sends one.

        Args:
            base_url: Of plain HTTP or HTTPS, on 127.0.0.1.
            timeout: Connect timeout and read timeout in seconds.
            ca_file: PEM file of the only authority to trust.
            client_certificate: PEM file of a certificate to show, with its key.
        """
        raise NotImplementedError("a subclass of NetworkTransportContract says how to make a transport")

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        """Make a transport to `service`, put behind a server on loopback."""
        return _served(service, self.make_transport_to)

    @contextmanager
    def make_cut_transport(self, received: HttpResponse) -> Generator[Transport]:
        """Make a transport to a server that announces one byte more than it sends."""
        with answering(_cut(received)) as base_url, self.make_transport_to(base_url) as transport:
            yield transport

    def test_a_port_where_nobody_listens_is_refused(self) -> None:
        """Certainly not processed."""
        with refusing() as base_url:
            self._is_not_sent("refused", base_url)

    def test_a_name_that_does_not_resolve_is_dns(self) -> None:
        """`.invalid` is reserved for names that do not exist (RFC 6761, section 6.4)."""
        self._is_not_sent("dns", "http://no-such-host.invalid")

    def test_a_handshake_with_a_server_of_plain_http_is_tls(self) -> None:
        """The server answers, but not in TLS."""

        def handle(connection: socket.socket) -> None:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        with listening(handle) as port:
            self._is_not_sent("tls", f"https://127.0.0.1:{port}")

    def test_a_handshake_that_the_server_breaks_off_is_tls(self) -> None:
        """The connection was made, but nothing could be sent on it."""

        def handle(connection: socket.socket) -> None:
            connection.recv(65536)

        with listening(handle) as port:
            self._is_not_sent("tls", f"https://127.0.0.1:{port}")

    def test_a_handshake_that_the_server_does_not_answer_times_out_unsent(self) -> None:
        """Nothing was sent, so this is not a timeout of reading."""

        def handle(connection: socket.socket) -> None:
            while connection.recv(65536):
                pass

        with listening(handle) as port:
            self._is_not_sent("connect_timeout", f"https://127.0.0.1:{port}", timeout=IMPATIENCE)

    def test_a_certificate_of_an_unknown_authority_is_tls(self) -> None:
        """Nothing is sent to a server that is not known."""
        service = Recorder(HttpResponse(status=200))
        with _authority() as authority, serving(service, tls=authority.server(clients="any")) as base_url:
            self._is_not_sent("tls", base_url)
        expect(service.requests == [], "a request was sent to a server whose certificate is not trusted")

    def test_a_certificate_of_a_given_authority_is_trusted(self) -> None:
        """A private authority, as inside a company."""
        with (
            _authority() as authority,
            serving(repeat_request, tls=authority.server(clients="any")) as base_url,
            self.make_transport_to(base_url, ca_file=authority.file) as transport,
        ):
            body = response_of(transport(_REQUEST), "an answer over TLS").body
        expect(body == repeat_request(_REQUEST).body, f"the answer over TLS is {body!r}")

    def test_a_client_certificate_is_shown(self) -> None:
        """To a server that wants one."""
        with (
            _authority() as authority,
            serving(repeat_request, tls=authority.server(clients="known")) as base_url,
            self.make_transport_to(
                base_url, ca_file=authority.file, client_certificate=authority.client_certificate
            ) as transport,
        ):
            body = response_of(transport(_REQUEST), "an answer to a client that shows its certificate").body
        expect(body == repeat_request(_REQUEST).body, f"the answer over TLS is {body!r}")

    def test_a_missing_client_certificate_is_tls(self) -> None:
        """Before or after the request was sent, as the version of TLS has it."""
        with (
            _authority() as authority,
            serving(repeat_request, tls=authority.server(clients="known")) as base_url,
            self.make_transport_to(base_url, ca_file=authority.file) as transport,
        ):
            error = error_of(transport(_REQUEST), "a server that wants a certificate")
        expect(isinstance(error, NotSent | Interrupted) and error.kind == "tls", f"a missing certificate is {error!r}")

    def test_a_connection_closed_without_an_answer_is_a_reset(self) -> None:
        """The server has the request, and may have acted."""
        self._is_interrupted({"reset"}, b"")

    def test_an_answer_that_breaks_off_in_its_headers_is_interrupted(self) -> None:
        """Also at the end of a line, where what arrived could pass for a head."""
        for head in (
            b"HTTP/1.1 200 OK\r\nContent-Le",
            b"HTTP/1.1 200 OK\r\nX-Request-Id: req_1\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
        ):
            self._is_interrupted({"reset", "truncated", "protocol"}, head)

    def test_a_body_shorter_than_announced_is_truncated(self) -> None:
        """Never a shorter body, even if it is JSON."""
        self._is_interrupted({"truncated"}, b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}")

    def test_a_chunked_body_that_breaks_off_is_truncated(self) -> None:
        """In a chunk, and between two."""
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        for body in (b"a\r\n{}", b"2\r\n{}\r\n", b""):
            self._is_interrupted({"truncated"}, head + body)

    def test_a_chunked_body_arrives_whole(self) -> None:
        """As the service sends most answers."""
        chunks = b'8\r\n{"id":"r\r\n6\r\nesp_1"\r\n1\r\n}\r\n0\r\n\r\n'
        with (
            answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks) as base_url,
            self.make_transport_to(base_url) as transport,
        ):
            body = response_of(transport(_REQUEST), "a chunked answer").body
        expect(body == b'{"id":"resp_1"}', f"the chunked answer is {body!r}")

    def test_an_answer_that_is_not_http_is_a_breach_of_protocol(self) -> None:
        """Some other kind of server."""
        self._is_interrupted({"protocol"}, b"220 mail.example ESMTP\r\n\r\n")

    def test_silence_is_a_read_timeout(self) -> None:
        """Before the answer, and in the middle of it."""
        for data in (b"", b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}"):
            self._is_interrupted({"read_timeout"}, data, hold=True)

    def test_what_was_received_is_kept_whatever_the_framing_and_the_break(self) -> None:
        """Cut off, and held open; by length, in a chunk and between two, and up to the end of the connection."""
        for head, body in (
            (b"Content-Length: 20\r\n", b"data: 1\n\n"),
            (b"Transfer-Encoding: chunked\r\n", b"9\r\ndata: 1\n\n\r\n"),
            (b"Transfer-Encoding: chunked\r\n", b"4\r\ndata\r\n9\r\n: 1\n\n"),
            (b"Connection: close\r\n", b"data: 1\n\n"),
        ):
            data = b"HTTP/1.1 200 OK\r\nX-Request-Id: req_1\r\n" + head + b"\r\n" + body
            for hold in (True, False):
                if not hold and head.startswith(b"Connection"):
                    continue  # that is a whole body
                error = self._is_interrupted({"read_timeout"} if hold else {"truncated"}, data, hold=hold)
                partial = error.partial
                kept = partial and (partial.status, partial.header("x-request-id"), partial.body)
                expect(kept == (200, "req_1", b"data: 1\n\n"), f"of {data!r}, an interruption kept {kept}")

    def test_an_interruption_before_the_end_of_the_head_holds_nothing(self) -> None:
        """What is there of a head may be no head."""
        for data in (b"", b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\nX-Request-Id: req_1\r\n"):
            for hold in (True, False):
                kinds: set[InterruptedKind] = {"read_timeout"} if hold else {"reset", "truncated", "protocol"}
                partial = self._is_interrupted(kinds, data, hold=hold).partial
                expect(partial is None, f"of {data!r}, an interruption kept {partial}")

    def test_what_an_interruption_holds_is_no_credential(self) -> None:
        """Neither whole nor begun: a server that complains about a key may break off within it."""
        for echoed in (self.credential, f"{self.credential} is", self.credential[:-4]):
            answer = HttpResponse(status=401, headers=(("X-Said", self.credential),), body=f"wrong: {echoed}".encode())
            with self.make_cut_transport(answer) as transport:
                error = error_of(transport(_REQUEST), "a 401 that breaks off")
            partial = error.partial if isinstance(error, Interrupted) else None
            if partial is None:
                raise AssertionError(f"a 401 that breaks off must be Interrupted with what was received, not {error!r}")
            known = self.credential[:-4]
            shown = [partial.body.decode(), *(value for _, value in partial.headers)]
            expect(not any(known in text for text in shown), "an interruption kept the credential")
            expect(partial.body.startswith(b"wrong: "), f"an interruption kept {partial.body!r} of an answer")

    def test_a_request_is_given_its_own_read_timeout(self) -> None:
        """Where that is less than the transport's own."""
        request = HttpRequest("GET", "/responses/resp_1", timeout=IMPATIENCE)
        with (
            answering(b"", hold=True, patience=self.patience) as base_url,
            self.make_transport_to(base_url, timeout=2 * self.patience) as transport,
        ):
            error = error_of(transport(request), f"no byte for more than {IMPATIENCE} s")
        fits = isinstance(error, Interrupted) and error.kind == "read_timeout"
        expect(fits, f"no byte for more than {IMPATIENCE} s must be Interrupted('read_timeout'), not {error!r}")

    def test_a_connection_closed_while_idle_is_not_used_again(self) -> None:
        """Servers close them after a while: that is nothing for the caller to see."""
        closed = Event()

        def handle(connection: socket.socket) -> None:
            with connection.makefile("rb") as file:
                read_request(file, "")
                connection.sendall(response_bytes(HttpResponse(status=200, body=b"{}")))
            connection.shutdown(socket.SHUT_RDWR)
            closed.set()

        with listening(handle) as port, self.make_transport_to(f"http://127.0.0.1:{port}") as transport:
            for asked in ("the first answer", "the answer after the server closed the connection"):
                response_of(transport(_REQUEST), asked)
                expect(closed.wait(self.patience), "the server did not close the connection")
                closed.clear()

    def test_a_redirect_does_not_carry_the_key_to_another_host(self) -> None:
        """Nor anything else."""
        elsewhere = Recorder(HttpResponse(status=200))
        with serving(elsewhere) as location:
            for status in (301, 302, 303, 307, 308):
                service = Recorder(HttpResponse(status=status, headers=(("Location", f"{location}/responses"),)))
                with self.make_transport(service) as transport:
                    response_of(transport(_REQUEST), f"a {status}")
        expect(elsewhere.requests == [], f"a redirect made the transport send {elsewhere.requests}")

    def _is_not_sent(self, kind: NotSentKind, base_url: str, *, timeout: float | None = None) -> None:
        with self.make_transport_to(base_url, timeout=timeout or self.patience) as transport:
            error = error_of(transport(_REQUEST), base_url)
        expect(isinstance(error, NotSent) and error.kind == kind, f"that must be NotSent({kind!r}), not {error!r}")

    def _is_interrupted(self, kinds: set[InterruptedKind], data: bytes, *, hold: bool = False) -> Interrupted:
        seen: list[HttpRequest] = []
        with (
            answering(data, hold=hold, seen=seen) as base_url,
            self.make_transport_to(base_url, timeout=IMPATIENCE if hold else self.patience) as transport,
        ):
            error = error_of(transport(_REQUEST), repr(data))
        if not isinstance(error, Interrupted) or error.kind not in kinds:
            wanted = " or ".join(sorted(kinds))
            raise AssertionError(f"{data!r} must be Interrupted of the kind {wanted}, not {error!r}")
        expect(len(seen) == 1, f"{len(seen)} requests were sent, not 1")
        return error


@contextmanager
def _served(
    service: Service, make_transport_to: Callable[[str], AbstractContextManager[Transport]]
) -> Generator[Transport]:
    with serving(service) as base_url, make_transport_to(base_url) as transport:
        yield transport


def _cut(response: HttpResponse) -> bytes:
    """An answer over HTTP/1.1 that announces one byte more than it has."""
    size = len(response.body)
    return response_bytes(response).replace(b"Content-Length: %d\r\n" % size, b"Content-Length: %d\r\n" % (size + 1), 1)


class _Authority(Struct, frozen=True):
    """An authority of its own, as files: its certificate, and certificates with their keys that it issued."""

    file: str
    server_certificate: str
    client_certificate: str

    def server(self, *, clients: Literal["any", "known"]) -> ssl.SSLContext:
        """The TLS settings of a server, which lets in any client or those that show a certificate."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=self.file)
        context.load_cert_chain(self.server_certificate)
        context.verify_mode = ssl.CERT_REQUIRED if clients == "known" else ssl.CERT_NONE
        return context


@contextmanager
def _authority() -> Generator[_Authority]:
    from trustme import CA

    authority = CA()
    with TemporaryDirectory() as folder:
        files = _Authority(*(str(Path(folder, name)) for name in ("ca.pem", "server.pem", "client.pem")))
        authority.cert_pem.write_to_path(files.file)
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(files.server_certificate)
        authority.issue_cert("client@example.com").private_key_and_cert_chain_pem.write_to_path(
            files.client_certificate
        )
        yield files
