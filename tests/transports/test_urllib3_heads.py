"""The head of a response is read as http.client reads it, but never taken for whole where it is not."""

from __future__ import annotations

import io
import socket
from http.client import BadStatusLine, HTTPException, HTTPResponse, IncompleteRead
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from puresponse.transports.urllib3.response_head import WholeHeadResponse

TOKEN = st.text("!#$%&'*+.^_`|~0123456789ABCDefgh-", min_size=1, max_size=12)
VALUE = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=20)
FIELD = st.one_of(
    st.tuples(TOKEN, VALUE),
    st.tuples(
        st.sampled_from(["Content-Length", "content-length", "Transfer-Encoding", "Connection", "CONNECTION"]),
        st.sampled_from(
            ["", "0", "5", " 5 ", "-1", "x", "1_0", "5, 5", "chunked", "Chunked", "gzip", "close", "keep-alive"]
        ),
    ),
)


class Wire(socket.socket):
    """A socket of which only the reading side is used, over bytes that have arrived."""

    def __init__(self, data: bytes, *, chunks: int = 8192) -> None:
        super().__init__()
        self.close()
        self._raw = Chunks(data, chunks)

    def makefile(self, *args: Any, **kwargs: Any) -> Any:
        return io.BufferedReader(self._raw)


class Chunks(io.RawIOBase):
    """Bytes that arrive in chunks of a given size, as from a network."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data = io.BytesIO(data)
        self._size = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._data.read(min(self._size, len(buffer)))
        buffer[: len(chunk)] = chunk
        return len(chunk)


def head(status: str, fields: list[tuple[str, str]]) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}:{value}" for name, value in fields)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def begun(kind: type[HTTPResponse], data: bytes, *, method: str = "GET", chunks: int = 8192) -> HTTPResponse:
    response = kind(Wire(data, chunks=chunks), method=method)
    response.begin()
    return response


def state(response: HTTPResponse) -> dict[str, Any]:
    """All that http.client goes by when it reads the body and keeps the connection."""
    attributes = {**vars(response), "rest": response.fp.read(), "fields": response.headers.items()}
    return {name: value for name, value in attributes.items() if name not in {"fp", "headers", "msg"}}


@given(
    status=st.sampled_from(
        ["200 OK", "200", "200 ", "204 No Content", "304 Not Modified", "404  Not  Found ", "599 \xe9"]
    ),
    fields=st.lists(FIELD, max_size=8),
    chunks=st.sampled_from([1, 7, 64, 8192]),
)
@example(status="200 OK", fields=[("A", "b")] * 99, chunks=8192)
@example(status="200 OK", fields=[("A", " \t b \t ")], chunks=8192)
@example(status="200 OK", fields=[("Content-Length", "-1")], chunks=8192)
@example(status="200 OK", fields=[("Content-Length", "2"), ("content-length", "3")], chunks=8192)
@example(status="200 OK", fields=[("Connection", "keep-alive"), ("connection", "close")], chunks=8192)
@example(status="200 OK", fields=[("Transfer-Encoding", "chunked"), ("Content-Length", "3")], chunks=8192)
def test_a_head_is_read_as_http_client_reads_it(status: str, fields: list[tuple[str, str]], chunks: int) -> None:
    data = head(status, fields) + b"the body"
    assert state(begun(WholeHeadResponse, data, chunks=chunks)) == state(begun(HTTPResponse, data))


@given(st.integers(0, 400))
def test_a_head_that_breaks_off_anywhere_is_never_taken_for_whole(length: int) -> None:
    data = head("200 OK", [("Content-Length", "0"), ("X-Request-Id", "req_1"), ("X-Long", "x" * 300)])
    with pytest.raises(HTTPException):
        begun(WholeHeadResponse, data[: min(length, len(data) - 1)])


@pytest.mark.parametrize(
    "cut", [b"HTTP/1.1 200 OK\r\nX-Request", b"HTTP/1.1 200 OK\r\nX: y\r\n", b"HTTP/1.1 200 OK\r\n"]
)
def test_a_head_without_an_end_is_an_incomplete_read(cut: bytes) -> None:
    with pytest.raises(IncompleteRead):
        begun(WholeHeadResponse, cut)


def test_an_interim_continue_is_skipped() -> None:
    data = b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" + head("200 OK", [("Content-Length", "0")])
    response = begun(WholeHeadResponse, data)
    assert (response.status, response.length) == (200, 0)


def test_a_head_that_breaks_off_after_an_interim_continue_is_an_incomplete_read() -> None:
    with pytest.raises(IncompleteRead):
        begun(WholeHeadResponse, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\n")


@pytest.mark.parametrize("status", [101, 102, 103])
def test_another_interim_response_is_not_taken_for_the_answer(status: int) -> None:
    with pytest.raises(HTTPException, match=f"an interim status, {status},"):
        begun(WholeHeadResponse, head(f"{status} Interim", [("Link", "x")]) + head("200 OK", [("Content-Length", "0")]))


@pytest.mark.parametrize("line", ["no header", "a b: c", "a\x85: c"])
def test_a_line_that_is_no_header_is_an_error_because_it_hides_those_after_it(line: str) -> None:
    with pytest.raises(HTTPException, match="is no header"):
        begun(WholeHeadResponse, f"HTTP/1.1 200 OK\r\n{line}\r\nContent-Length: 2\r\n\r\n{{}}".encode("latin-1"))


@pytest.mark.parametrize("line", [": c", 'a"b: c', "(a): c"])
def test_a_header_of_an_odd_name_is_read_by_http_client(line: str) -> None:
    data = f"HTTP/1.1 200 OK\r\n{line}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    assert state(begun(WholeHeadResponse, data)) == state(begun(HTTPResponse, data))


def test_a_folded_header_is_read_by_http_client() -> None:
    data = b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\n{}"
    assert state(begun(WholeHeadResponse, data)) == state(begun(HTTPResponse, data))


def test_the_answer_of_an_old_server_is_read_by_http_client() -> None:
    data = b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    assert state(begun(WholeHeadResponse, data)) == state(begun(HTTPResponse, data))


def test_a_hundred_headers_are_too_many() -> None:
    with pytest.raises(HTTPException, match="more than 100 headers"):
        begun(WholeHeadResponse, head("200 OK", [("A", "b")] * 100))


def test_the_answer_to_head_has_no_body() -> None:
    response = begun(WholeHeadResponse, head("200 OK", [("Content-Length", "5")]), method="HEAD")
    assert response.read() == b""


@pytest.mark.parametrize(
    "data", [b"220 mail.example ESMTP\r\n\r\n", b"\x16\x03\x01\x02\x00\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"]
)
def test_what_is_not_http_is_a_bad_status_line(data: bytes) -> None:
    with pytest.raises(BadStatusLine):
        begun(WholeHeadResponse, data)
