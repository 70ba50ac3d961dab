"""A chunked body read in pieces is the body that http.client reads whole, however it is cut up on the way."""

from __future__ import annotations

import io
import socket
import time
from http.client import HTTPException, HTTPResponse, IncompleteRead, LineTooLong
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from puresponse.transports.urllib3.chunked import IncrementalResponse

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class Wire(socket.socket):
    """A socket of which only the reading side is used, over bytes that arrive in these segments."""

    def __init__(self, segments: list[bytes]) -> None:
        super().__init__()
        self.close()
        self._raw = Segments(segments)

    def makefile(self, *args: Any, **kwargs: Any) -> Any:
        return io.BufferedReader(self._raw)


class Segments(io.RawIOBase):
    """Bytes that arrive segment by segment, as from a network. It counts how often it is asked."""

    def __init__(self, segments: list[bytes]) -> None:
        self._segments = [segment for segment in segments if segment]
        self.asked = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.asked += 1
        if not self._segments:
            return 0
        segment = self._segments[0]
        taken = min(len(buffer), len(segment))
        buffer[:taken] = segment[:taken]
        self._segments[:1] = [segment[taken:]] if taken < len(segment) else []
        return taken


def begun(kind: type[HTTPResponse], segments: list[bytes], method: str = "GET") -> HTTPResponse:
    response = kind(Wire([HEAD, *segments]), method=method)
    response.begin()
    return response


def in_pieces(segments: list[bytes]) -> list[bytes]:
    """The pieces that are read of a body that arrives in these segments."""
    response = begun(IncrementalResponse, segments)
    pieces: list[bytes] = []
    while piece := response.read1(65536):
        pieces.append(piece)
    assert response.isclosed()
    assert response.read1(65536) == b""
    return pieces


def whole(data: bytes) -> bytes | None:
    """What http.client makes of the body; None where it breaks off or is none."""
    try:
        return begun(HTTPResponse, [data]).read()
    except (HTTPException, ValueError, OverflowError):
        return None


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def chunked(chunks: list[bytes], *, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    sizes = [b"%x%s\r\n%s\r\n" % (len(chunk), extension, chunk) for chunk in chunks]
    return b"".join(sizes) + b"0\r\n" + trailer + b"\r\n"


PLACES = st.lists(st.integers(0, 2**16), max_size=8)


@given(
    chunks=st.lists(st.binary(min_size=1, max_size=40), max_size=8),
    extension=st.sampled_from([b"", b";a=b", b' ; a="\r"']),
    trailer=st.sampled_from([b"", b"X: y\r\n", b"X: y\r\nZ: \r\n"]),
    places=PLACES,
)
def test_a_chunked_body_is_the_same_wherever_it_is_cut(
    chunks: list[bytes], extension: bytes, trailer: bytes, places: list[int]
) -> None:
    data = chunked(chunks, extension=extension, trailer=trailer)
    assert b"".join(in_pieces(cut(data, places))) == b"".join(chunks) == whole(data)


PARTS = st.sampled_from(
    [b"0\r\n", b"\r\n", b"\n", b"2\r\nab\r\n", b"2\nab\n\n", b"-2\r\n", b"zz\r\n", b"2;x\r\n", b"0", b"2", b"X: y\r\n"]
)


@given(st.lists(PARTS | st.binary(max_size=6), max_size=8).map(b"".join), PLACES)
@example(b"0", [])
@example(b"0\r\n", [])
@example(b"0\r\nX: y", [])
@example(b"2\r\nab", [])
@example(b"ffffffffffffffffffff\r\nab", [])
@example(b"2\r\nab\r\n0\r\n\r\nHTTP/1.1 500 Stale\r\n\r\n", [])
def test_whatever_comes_is_the_body_that_is_read_whole_or_none(data: bytes, places: list[int]) -> None:
    try:
        read = b"".join(in_pieces(cut(data, places)))
    except (HTTPException, ValueError):
        read = None
    assert read == whole(data)


def test_a_response_whose_file_was_finalized_first_is_closed_without_an_error() -> None:
    """As the garbage collector does with a cycle; Python 3.13 says so at the end of whatever runs then."""
    response = begun(IncrementalResponse, [b"2\r\nab\r\n"])
    response.fp.close()
    response.close()
    assert response.isclosed()


def test_all_chunks_that_are_there_are_one_piece() -> None:
    chunks = [b"data: %d\n\n" % number for number in range(100)]
    data = chunked(chunks)
    assert in_pieces([data]) == [b"".join(chunks)]


def test_a_piece_is_what_came_even_of_a_chunk_that_is_not_whole() -> None:
    assert in_pieces([b"6\r\nab", b"cd", b"ef", b"\r", b"\n2\r", b"\n", b"gh\r\n0\r\n\r\n"]) == [
        b"ab",
        b"cd",
        b"ef",
        b"gh",
    ]


def test_a_piece_is_given_before_more_is_asked_of_the_network() -> None:
    response = begun(IncrementalResponse, [b"2\r\nab\r\n", b"2\r\ncd\r\n0\r\n\r\n"])
    raw: Any = response.fp.raw
    before = raw.asked
    assert response.read1(65536) == b"ab"
    assert raw.asked == before + 1


def test_the_end_is_noticed_with_the_last_piece_where_it_is_there() -> None:
    response = begun(IncrementalResponse, [b"2\r\nab\r\n0\r\n\r\n"])
    assert response.read1(65536) == b"ab"
    assert response.isclosed()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"5\r\nabc", IncompleteRead),
        (b"2\r\nab\r\n", IncompleteRead),
        (b"zz\r\n", IncompleteRead),
        (b"-1\r\n", ValueError),
        (b"0" * 65537, LineTooLong),
        (b"0\r\n" + b"X" * 65537, LineTooLong),
    ],
)
def test_what_is_no_chunked_body_is_an_error(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        in_pieces([data])


def test_the_answer_to_a_head_has_no_body_to_wait_for() -> None:
    response = begun(IncrementalResponse, [], method="HEAD")
    assert response.read1(65536) == b""


class TimedWire(Wire):
    """One that also takes, and tells, how long it may be waited for."""

    def __init__(self, segments: list[bytes], timeout: float | None) -> None:
        super().__init__(segments)
        self.timeouts: list[float | None] = [timeout]

    def gettimeout(self) -> float | None:
        return self.timeouts[-1]

    def settimeout(self, value: float | None) -> None:
        self.timeouts.append(value)


def test_a_read_that_is_late_takes_what_is_there_once_and_no_more() -> None:
    """However much of it is there: the size of a chunk, again and again, is none of its bytes."""
    wire = TimedWire([HEAD, b"0", b"0", b"5\r\nhello\r\n"], 60.0)
    response = IncrementalResponse(wire, method="GET")
    response.begin()
    response.end_at(0.0)
    with pytest.raises(TimeoutError):
        response.read1(65536)
    assert wire.timeouts == [60.0, 0.001, 60.0], "one look, and then the time that it had before"
    response.end_at(None)
    assert response.read1(65536) == b"hello"
    assert len(wire.timeouts) == 3


@pytest.mark.parametrize("timeout", [None, 60.0, 0.5])
def test_a_read_in_time_waits_no_longer_than_its_socket_does(timeout: float | None) -> None:
    wire = TimedWire([HEAD, b"5\r\nhello\r\n"], timeout)
    response = IncrementalResponse(wire, method="GET")
    response.begin()
    response.end_at(time.monotonic() + 30.0)
    assert response.read1(65536) == b"hello"
    before, during, after = wire.timeouts
    assert before == after == timeout
    assert during is not None
    assert during == 0.5 if timeout == 0.5 else 29 < during <= 30
