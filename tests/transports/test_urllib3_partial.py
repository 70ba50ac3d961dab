"""What `Urllib3Transport` keeps of an answer that breaks off: as a whole answer would have it, and no credential."""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import zlib
from pathlib import Path
from threading import Event

import pytest
import trustme

from puresponse.core import HttpRequest, HttpResponse, Interrupted, is_failure, value_or_raise
from puresponse.transports import Urllib3Transport
from puresponse.transports.testing.contract.transports import Recorder
from puresponse.transports.testing.loopback import answering, listening, read_request, serving

KEY = "sk-proj-0123456789abcdef"
GET = HttpRequest("GET", "/responses/resp_1")
OK = b"HTTP/1.1 200 OK\r\nX-Request-Id: req_1\r\n"
REFUSED = b"HTTP/1.1 401 Unauthorized\r\n"


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


def made(base_url: str, *, ca_file: Path | None = None) -> Urllib3Transport:
    return Urllib3Transport(base_url=base_url, api_key=KEY, timeout=5.0, ca_file=ca_file)


def interruption(transport: Urllib3Transport, *, opening: bool = False) -> Interrupted:
    result = transport.open(GET) if opening else transport(GET)
    assert is_failure(result), result
    error = result.failure()
    assert isinstance(error, Interrupted)
    return error


def kept(data: bytes) -> HttpResponse:
    """What is kept of an answer that is cut off after `data`."""
    with answering(data) as base_url, made(base_url) as transport:
        partial = interruption(transport).partial
    assert partial is not None
    return partial


def test_the_headers_are_kept_in_order() -> None:
    assert kept(OK + b"Content-Length: 5\r\nX-Twice: 1\r\nX-Twice: 2\r\n\r\nab") == HttpResponse(
        status=200,
        headers=(("X-Request-Id", "req_1"), ("Content-Length", "5"), ("X-Twice", "1"), ("X-Twice", "2")),
        body=b"ab",
    )


def test_what_came_before_a_reset_is_kept() -> None:
    arrived = Event()

    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            read_request(file, "")
        connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n")
        arrived.wait(0.2)  # what is still on its way when a connection is reset is lost, and not here
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with listening(handle) as port, made(f"http://127.0.0.1:{port}") as transport:
        error = interruption(transport)
    assert error.kind == "reset"
    assert error.partial is not None
    assert (error.partial.status, error.partial.body) == (200, b"data: 1\n\n")


def test_what_came_over_tls_is_kept_where_the_connection_ends_without_a_farewell(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "server.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "server.pem")

    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            read_request(file, "")
        connection.sendall(OK + b"Content-Length: 50000\r\n\r\n" + b"x" * 30_000)

    with (
        listening(handle, tls=context) as port,
        made(f"https://127.0.0.1:{port}", ca_file=tmp_path / "ca.pem") as transport,
    ):
        partial = interruption(transport).partial
    assert partial is not None
    assert partial.body == b"x" * 30_000


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("framing", ["sized", "chunked"])
def test_what_came_compressed_is_kept_as_what_it_was_before(coding: str, framing: str) -> None:
    packer = zlib.compressobj(wbits=31 if coding == "gzip" else 15)
    packed = packer.compress(b"data: 1\n\n" * 10_000) + packer.flush(zlib.Z_SYNC_FLUSH) + packer.compress(b"lost")
    head = OK + f"Content-Encoding: {coding}\r\n".encode()
    if framing == "chunked":
        partial = kept(head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (len(packed) + 9, packed))
        assert partial.headers == (("X-Request-Id", "req_1"), ("Transfer-Encoding", "chunked"))
    else:
        partial = kept(head + b"Content-Length: %d\r\n\r\n%s" % (len(packed) + 9, packed))
        assert partial.headers == (("X-Request-Id", "req_1"),)
    assert partial.body == b"data: 1\n\n" * 10_000


def test_of_a_body_whose_compression_is_damaged_what_came_before_is_kept() -> None:
    packed = gzip.compress(bytes(2**18), mtime=0)
    data = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % (len(packed)) + packed[:-8] + b"damaged?"
    partial = kept(data)
    assert partial.body
    assert set(partial.body) == {0}


def test_chunks_that_came_before_what_is_none_are_kept() -> None:
    partial = kept(OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\nno size\r\ndata: 2\n\n")
    assert partial.body == b"data: 1\n\n"


def test_five_megabytes_are_kept() -> None:
    body = b"0123456789abcdef" * (5 * 2**16)
    assert kept(OK + b"Content-Length: 99999999\r\n\r\n" + body).body == body


@pytest.mark.parametrize("length", [len(KEY), len(KEY) - 1, 8])
def test_a_refusal_that_breaks_off_within_the_key_keeps_none_of_it(length: int) -> None:
    partial = kept(REFUSED + b"X-Said: " + KEY.encode() + b"\r\nContent-Length: 99\r\n\r\nno: " + KEY[:length].encode())
    assert partial.body == b"no: [redacted]"
    assert partial.header("x-said") == "[redacted]"


@pytest.mark.parametrize("opening", [False, True])
def test_a_refusal_is_received_whole_and_keeps_what_was_received(opening: bool) -> None:
    data = b"HTTP/1.1 500 No\r\nContent-Length: 99\r\n\r\n<html>"
    with answering(data) as base_url, made(base_url) as transport:
        error = interruption(transport, opening=opening)
    headers = (("Content-Length", "99"),)
    assert error.partial == HttpResponse(status=500, headers=headers, body=b"<html>")


def test_the_error_shows_nothing_of_what_was_received() -> None:
    with answering(OK + b"Content-Length: 99\r\n\r\na secret") as base_url, made(base_url) as transport:
        error = interruption(transport)
    assert "secret" not in f"{error} {error!r}"
    assert error.partial is not None


@pytest.mark.parametrize("head", [b"", b"Content-Encoding: gzip\r\n"], ids=["cut off", "damaged"])
def test_a_broken_answer_leaves_room_for_the_next(head: bytes) -> None:
    with (
        answering(OK + head + b"Content-Length: 99\r\n\r\nab not packed") as base_url,
        Urllib3Transport(base_url=base_url, max_connections=1, timeout=2.0) as transport,
    ):
        for _ in range(3):
            assert interruption(transport).partial is not None


def test_a_whole_answer_gives_its_connection_back() -> None:
    with (
        serving(Recorder(HttpResponse(status=200, body=b"x" * 200_000))) as base_url,
        Urllib3Transport(base_url=base_url, max_connections=1) as transport,
    ):
        for _ in range(3):
            assert len(value_or_raise(transport(GET)).body) == 200_000
