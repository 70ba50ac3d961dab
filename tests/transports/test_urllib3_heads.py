"""The head of an answer is read as http.client reads it, wherever it is cut, or refused where it is doubtful."""

from __future__ import annotations

import io
import socket
from http.client import HTTPException, HTTPResponse
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from puresponse.transports.http1.failures import Malformed
from puresponse.transports.http1.odd_heads import read_odd_head
from puresponse.transports.http1.response_head import Head, end_of_head, read_head

TOKEN = st.text("!#$%&'*+.^_`|~0123456789ABCDefgh-", min_size=1, max_size=12)
VALUE = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=20)
FIELD = st.one_of(
    st.tuples(TOKEN, VALUE),
    st.tuples(
        st.sampled_from(["Content-Length", "content-length", "Transfer-Encoding", "Connection", "CONNECTION"]),
        st.sampled_from(
            ["", "0", "5", " 5 ", "-1", "x", "1_0", "5, 5", "chunked", "Chunked", "gzip", "close", "keep-alive"]
        ),
    ),
)
LONGEST = 2**20


class Wire(socket.socket):
    """A socket of which only the reading side is used, over bytes that have arrived."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.close()
        self._data = data

    def makefile(self, *args: Any, **kwargs: Any) -> Any:
        return io.BytesIO(self._data)


def head(status: str, fields: list[tuple[str, str]], version: str = "1.1") -> bytes:
    lines = [f"HTTP/{version} {status}", *(f"{name}:{value}" for name, value in fields)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def read(data: bytes, *, method: str = "GET", size: int = 8192) -> tuple[Head, bytes]:
    """The head that arrives in chunks of a given size, and what follows it."""
    chunks = iter([data[start : start + size] for start in range(0, len(data), size)])

    def receive() -> bytes:
        return next(chunks, b"")

    received, searched = receive(), 0
    while (end := end_of_head(received, searched)) == 0:
        searched = len(received)
        more = receive()
        if not more:
            raise Malformed("truncated", "no end")
        received += more
    found = None if end is None else read_head(received[:end], bodiless=method == "HEAD")
    if found is None:
        found, rest = read_odd_head(received, receive, method, longest=LONGEST)
        return found, rest + b"".join(chunks)
    return found, received[end:] + b"".join(chunks)


def by_http_client(data: bytes, method: str = "GET") -> HTTPResponse:
    response = HTTPResponse(Wire(data), method=method)
    response.begin()
    return response


def same(found: Head, response: HTTPResponse) -> bool:
    """Whether a head says what http.client has read: status, headers, and how the body is framed."""
    headers = tuple((name, value.rstrip(" \t")) for name, value in response.headers.items())
    length = None if response.chunked else response.length
    return (found.status, found.headers, found.chunked, found.length, found.closes) == (
        response.status,
        headers,
        response.chunked,
        length,
        response.will_close,
    )


@given(
    status=st.sampled_from(
        ["200 OK", "200", "200 ", "204 No Content", "304 Not Modified", "404  Not  Found ", "599 \xe9"]
    ),
    fields=st.lists(FIELD, max_size=8),
    size=st.sampled_from([1, 7, 64, 8192]),
    version=st.sampled_from(["1.1", "1.1", "1.0"]),
)
@example(status="200 OK", fields=[("A", "b")] * 99, size=8192, version="1.1")
@example(status="200 OK", fields=[("A", " \t b \t ")], size=8192, version="1.1")
@example(status="200 OK", fields=[("Content-Length", "2"), ("content-length", "2")], size=1, version="1.1")
@example(status="200 OK", fields=[("Connection", "keep-alive"), ("Content-Length", "3")], size=7, version="1.0")
def test_a_head_is_what_http_client_reads_or_refused(
    status: str, fields: list[tuple[str, str]], size: int, version: str
) -> None:
    data = head(status, fields, version)
    try:
        found, rest = read(data + b"the body", size=size)
    except Malformed as refused:
        assert_is_doubtful(fields, refused)
        return
    assert rest == b"the body"
    if not is_read_otherwise(found, fields, version):
        assert same(found, by_http_client(data))


def is_read_otherwise(found: Head, fields: list[tuple[str, str]], version: str) -> bool:
    """What http.client reads in a way of its own: each has a test below."""
    names = [name.lower() for name, _ in fields]
    if names.count("connection") > 1 or (found.chunked and version == "1.0"):
        return True  # of several it goes by the first
    if ("content-length", "5, 5") in [(name.lower(), value) for name, value in fields]:
        return True
    return found.status in {204, 304} and not {"content-length", "transfer-encoding"}.isdisjoint(names)


def assert_is_doubtful(fields: list[tuple[str, str]], refused: Malformed) -> None:
    """A head is refused for what it says of its body, and for no other reason."""
    assert refused.kind == "protocol"
    pairs = [(name.lower(), value.strip(" \t").lower()) for name, value in fields]
    framing = [pair for pair in pairs if pair[0] in {"content-length", "transfer-encoding"}]
    clear = {
        ("content-length", "0"),
        ("content-length", "5"),
        ("content-length", "5, 5"),
        ("transfer-encoding", "chunked"),
    }
    assert len(framing) > 1 or framing[0] not in clear


@given(st.integers(0, 400), st.sampled_from([1, 64, 8192]))
def test_a_head_that_breaks_off_anywhere_is_never_taken_for_whole(length: int, size: int) -> None:
    data = head("200 OK", [("Content-Length", "0"), ("X-Request-Id", "req_1"), ("X-Long", "x" * 300)])
    with pytest.raises(Malformed) as raised:
        read(data[: min(length, len(data) - 1)], size=size)
    assert raised.value.kind == "truncated"


@pytest.mark.parametrize(
    "fields",
    [
        [("Content-Length", "2"), ("content-length", "3")],
        [("Content-Length", "2, 3")],
        [("Content-Length", "2,")],
        [("Content-Length", "2"), ("Transfer-Encoding", "chunked")],
        [("Transfer-Encoding", "chunked"), ("Content-Length", "2")],
        [("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")],
        *[[("Transfer-Encoding", value)] for value in ("gzip", "gzip, chunked", "chunked, gzip", "", "chunked;q=1")],
        *[[("Content-Length", value)] for value in ("", "-1", "+2", "1_0", "0x2", "2.0", "2 2", "two", "\xb2")],
    ],
)
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_a_head_that_leaves_open_where_its_body_ends_is_refused(fields: list[tuple[str, str]], version: str) -> None:
    with pytest.raises(Malformed) as raised:
        read(head("200 OK", fields, version))
    assert raised.value.kind == "protocol"


@pytest.mark.parametrize("value", ["2", "2, 2", "2,2", " 2 \t", "002"])
def test_a_length_that_is_said_in_several_ways_is_that_length(value: str) -> None:
    found, _ = read(head("200 OK", [("Content-Length", value), ("content-length", "2")]))
    assert (found.length, found.closes) == (2, False)


@pytest.mark.parametrize("connection", ["close", "Close", "keep-alive, close", "x ,close"])
def test_a_connection_that_is_to_be_closed_is_however_it_is_said(connection: str) -> None:
    fields = [("Connection", "keep-alive"), ("Connection", connection), ("Content-Length", "0")]
    assert read(head("200 OK", fields))[0].closes


@pytest.mark.parametrize(
    ("fields", "closes"), [([], False), ([("Content-Length", "3")], True), ([("Transfer-Encoding", "chunked")], True)]
)
def test_a_status_that_has_no_body_has_none_and_what_says_otherwise_ends_the_connection(
    fields: list[tuple[str, str]], closes: bool
) -> None:
    found, _ = read(head("204 No Content", fields))
    assert (found.length, found.chunked, found.closes) == (0, False, closes)


def test_a_chunked_answer_of_an_old_server_ends_its_connection() -> None:
    fields = [("Transfer-Encoding", "chunked"), ("Connection", "keep-alive")]
    found, _ = read(head("200 OK", fields, "1.0"))
    assert (found.chunked, found.closes) == (True, True)


@pytest.mark.parametrize("line", ["no header", "a b: c", "a\x85: c", " a: b", "a: b\rc: d", "a: \0"])
def test_a_line_that_is_no_header_is_refused_because_it_hides_those_after_it(line: str) -> None:
    with pytest.raises(Malformed) as raised:
        read(f"HTTP/1.1 200 OK\r\n{line}\r\nContent-Length: 2\r\n\r\n{{}}".encode("latin-1"))
    assert raised.value.kind == "protocol"


@pytest.mark.parametrize("line", [": c", 'a"b: c', "(a): c", "X: a\r\n b", "X: y\nZ: z"])
@pytest.mark.parametrize("size", [1, 8192])
def test_an_odd_head_is_read_by_http_client(line: str, size: int) -> None:
    data = f"HTTP/1.1 200 OK\r\n{line}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    found, rest = read(data, size=size)
    response = by_http_client(data)
    unfolded = tuple((name, value.replace("\r\n", "")) for name, value in response.headers.items())
    assert (found.status, found.headers, found.length, found.closes) == (200, unfolded, 2, False)
    assert rest == b"{}"


def test_lines_that_end_in_lf_alone_are_read() -> None:
    found, rest = read(b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}")
    assert (found.status, found.length, rest) == (200, 2, b"{}")


@pytest.mark.parametrize(
    "data",
    [
        b"220 mail.example ESMTP",
        b"\x16\x03\x01\x02\x00",
        b"<html>",
        b"HTTP/2.0 200 OK\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 2_00 OK\r\n\r\n",
        b"HTTP/1.1 +20 OK\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused_as_soon_as_that_is_seen(data: bytes) -> None:
    """Without more of it: whoever says so may be silent from then on."""
    with pytest.raises(Malformed, match="the answer is not HTTP") as raised:
        read(data)
    assert raised.value.kind == "protocol"


def test_a_head_of_a_thousand_lines_is_a_head() -> None:
    found, _ = read(head("200 OK", [("A", "b")] * 1000 + [("Content-Length", "0")]))
    assert len(found.headers) == 1001


def test_a_hundred_odd_headers_are_too_many_for_http_client() -> None:
    data = head("200 OK", [("A", "b")] * 100, "1.0")
    with pytest.raises(HTTPException):
        by_http_client(data)
    with pytest.raises(Malformed, match="more than 100 headers"):
        read(data)


def test_an_odd_head_has_as_many_bytes_at_most_as_any() -> None:
    data = head("200 OK", [("A", "b" * 100)] * 20, "1.0")
    with pytest.raises(Malformed) as raised:
        read_odd_head(data, lambda: b"", "GET", longest=1000)
    assert raised.value.kind == "limit"


def test_the_answer_to_head_has_no_body() -> None:
    found, _ = read(head("200 OK", [("Content-Length", "5"), ("Content-Encoding", "gzip")]), method="HEAD")
    assert (found.length, found.coding, found.closes) == (0, "", False)
