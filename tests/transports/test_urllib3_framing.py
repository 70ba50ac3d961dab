"""A body is the same wherever it is cut on the way, and what http.client reads whole; what is framed wrongly is not."""

from __future__ import annotations

import io
import socket
from http.client import HTTPException, HTTPResponse
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from puresponse.transports.http1.failures import Malformed
from puresponse.transports.http1.framing import ChunkedBody, ClosingBody, Framing, SizedBody, framing_of

MOST = 2**30
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class Wire(socket.socket):
    """A socket of which only the reading side is used, over bytes that have arrived."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.close()
        self._data = data

    def makefile(self, *args: Any, **kwargs: Any) -> Any:
        return io.BytesIO(self._data)


def whole(data: bytes) -> tuple[bytes, bytes] | None:
    """What http.client makes of a chunked body, and what it leaves; None where it breaks off or is none."""
    response = HTTPResponse(Wire(HEAD + data))
    response.begin()
    file: Any = response.fp
    try:
        return response.read(), file.read() if not file.closed else b""
    except (HTTPException, ValueError, OverflowError):
        return None


def taken(framing: Framing, segments: list[bytes]) -> tuple[list[bytes], bytes]:
    """The pieces of a body that arrives in these segments, and what follows it. Raises `Malformed`."""
    pieces: list[bytes] = []
    for index, segment in enumerate(segments):
        pieces.append(framing.take(segment))
        if framing.error is not None:
            raise framing.error
        if framing.ended:
            return [piece for piece in pieces if piece], framing.surplus + b"".join(segments[index + 1 :])
    if not framing.ended:
        framing.finish()
    return [piece for piece in pieces if piece], framing.surplus


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges) if start < end]


def chunked(chunks: list[bytes], *, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    sizes = [b"%x%s\r\n%s\r\n" % (len(chunk), extension, chunk) for chunk in chunks]
    return b"".join(sizes) + b"0\r\n" + trailer + b"\r\n"


PLACES = st.lists(st.integers(0, 2**16), max_size=8)
PARTS = st.sampled_from(
    [b"0\r\n", b"\r\n", b"\n", b"2\r\nab\r\n", b"2\nab\r\n", b"-2\r\n", b"zz\r\n", b"2;x\r\n", b"0", b"2", b"X: y\r\n"]
)


@given(
    chunks=st.lists(st.binary(min_size=1, max_size=40), max_size=8),
    extension=st.sampled_from([b"", b";a=b", b' ; a="\r"', b" "]),
    trailer=st.sampled_from([b"", b"X: y\r\n", b"X: y\r\nZ: \r\n"]),
    places=PLACES,
)
def test_a_chunked_body_is_the_same_wherever_it_is_cut(
    chunks: list[bytes], extension: bytes, trailer: bytes, places: list[int]
) -> None:
    data = chunked(chunks, extension=extension, trailer=trailer)
    pieces, surplus = taken(ChunkedBody(MOST), cut(data + b"more", places))
    assert (b"".join(pieces), surplus) == (b"".join(chunks), b"more")
    assert whole(data) == (b"".join(chunks), b"")


@given(st.lists(PARTS | st.binary(max_size=6), max_size=8).map(b"".join), PLACES)
@example(b"0\r\n", [])
@example(b"0\r\nX: y", [])
@example(b"2\r\nab", [])
@example(b"2\r\nab\r\n0\r\n\r\nHTTP/1.1 500 Stale\r\n\r\n", [])
def test_whatever_is_taken_for_a_chunked_body_is_one_to_http_client(data: bytes, places: list[int]) -> None:
    """The converse does not hold: it takes what is refused here."""
    try:
        pieces, _ = taken(ChunkedBody(MOST), cut(data, places))
    except Malformed:
        return
    body = whole(data)
    assert body is not None
    assert body[0] == b"".join(pieces)


@given(st.lists(PARTS | st.binary(max_size=6), max_size=8).map(b"".join), PLACES)
def test_what_is_refused_is_refused_wherever_it_is_cut(data: bytes, places: list[int]) -> None:
    found: list[tuple[bytes, str | None]] = []
    for segments in (cut(data, places), cut(data, [])):
        body, kind = ChunkedBody(MOST), None
        received = b""
        try:
            for segment in segments:
                received += body.take(segment)
                if body.error is not None or body.ended:
                    break
            if body.error is not None:
                raise body.error
            if not body.ended:
                body.finish()
        except Malformed as error:
            kind = error.kind
        found.append((received, kind))
    assert found[0] == found[1]


@given(st.binary(max_size=60), st.binary(max_size=10), PLACES)
def test_a_sized_body_is_the_same_wherever_it_is_cut(data: bytes, more: bytes, places: list[int]) -> None:
    body = SizedBody(len(data))
    pieces, surplus = taken(body, cut(data + more, places)) if data else ([], more)
    assert (b"".join(pieces), surplus, body.ended) == (data, more, True)


@given(st.binary(max_size=60), PLACES)
def test_a_closing_body_is_all_that_is_received(data: bytes, places: list[int]) -> None:
    pieces, surplus = taken(ClosingBody(), cut(data, places))
    assert (b"".join(pieces), surplus) == (data, b"")


def test_all_chunks_that_are_there_are_one_piece() -> None:
    chunks = [b"data: %d\n\n" % number for number in range(100)]
    assert taken(ChunkedBody(MOST), [chunked(chunks)]) == ([b"".join(chunks)], b"")


def test_a_piece_is_what_is_there_even_of_a_chunk_that_is_not_whole() -> None:
    segments = [b"6\r\nab", b"cd", b"ef", b"\r", b"\n2\r", b"\n", b"gh\r\n0\r\n\r\n"]
    assert taken(ChunkedBody(MOST), segments) == ([b"ab", b"cd", b"ef", b"gh"], b"")


def test_the_end_is_noticed_with_the_last_piece_where_it_is_there() -> None:
    body = ChunkedBody(MOST)
    assert body.take(b"2\r\nab\r\n0\r\n\r\n") == b"ab"
    assert body.ended


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        *((size + b"\r\nab", "protocol") for size in (b"zz", b"", b"-2", b"+2", b"0x2", b"0_2", b" 2", b"2 2", b"2.0")),
        (b"2\r\nabc", "protocol"),
        (b"2\r\nab0\r\n\r\n", "protocol"),
        (b"2\r\nab\n0\r\n\r\n", "protocol"),
        (b"5\r\nab", "truncated"),
        (b"2\r\nab", "truncated"),
        (b"2\r\nab\r\n", "truncated"),
        (b"2\r\nab\r\n0", "truncated"),
        (b"2\r\nab\r\n0\r", "truncated"),
        (b"", "truncated"),
        (b"%x\r\n" % (MOST + 1), "limit"),
        (b"f" * 40 + b"\r\n", "limit"),
        (b"2;" + b"x" * 70_000, "limit"),
        (b"0\r\n" + b"X: y\r\n" * 20_000, "limit"),
        (b"0\r\n" + b"X" * 70_000, "limit"),
    ],
)
def test_what_is_no_chunked_body_is_refused(data: bytes, kind: str) -> None:
    for segments in ([data], cut(data, list(range(40)))):
        with pytest.raises(Malformed) as raised:
            taken(ChunkedBody(MOST), segments)
        assert raised.value.kind == kind


def test_chunks_that_precede_what_is_none_are_returned_first() -> None:
    body = ChunkedBody(MOST)
    assert body.take(b"2\r\nab\r\nzz\r\n") == b"ab"
    assert body.error is not None


def test_a_sized_body_that_breaks_off_says_where() -> None:
    with pytest.raises(Malformed, match="after 3 of 5 bytes"):
        taken(SizedBody(5), [b"abc"])


def test_a_body_is_framed_as_its_head_says() -> None:
    kinds = [type(framing_of(length, chunked=chunked, most=MOST)) for length, chunked in ((None, True), (3, False))]
    assert [*kinds, type(framing_of(None, chunked=False, most=MOST))] == [ChunkedBody, SizedBody, ClosingBody]
