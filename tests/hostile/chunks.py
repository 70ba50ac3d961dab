"""Chunked bodies that are none."""

from __future__ import annotations

from behaviour import Behaviour, Broken, closed, ok, said

HEADER = "Transfer-Encoding: chunked"
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HELLO = b"5\r\nhello\r\n"
END = b"0\r\n\r\n"
NOTHING, SOME = ok(b"", HEADER), ok(b"hello", HEADER)


def _bad(name: str, data: bytes, *, first: bool = False) -> Behaviour:
    """What is no chunk is refused at once, and what preceded it is kept."""
    return said(name, HEAD + (b"" if first else HELLO) + data, Broken("protocol", "chunk", NOTHING if first else SOME))


def _good(name: str, data: bytes, body: bytes = b"hello") -> Behaviour:
    return said(name, HEAD + data, ok(body, HEADER), kept=True)


BEHAVIOURS = (
    _bad("begins with a size of letters", b"zz\r\nab\r\n", first=True),
    _bad("goes on with a size of letters", b"zz\r\nab\r\n"),
    _bad("has an empty size", b"\r\nab\r\n" + END),
    _bad("has a negative size", b"-5\r\nhello\r\n" + END),
    _bad("has a negative zero for a size", b"-0\r\n\r\n"),
    _bad("has a size with a plus", b"+5\r\nhello\r\n" + END),
    _bad("has a size with 0x", b"0x5\r\nhello\r\n" + END),
    _bad("has a size with an underscore", b"0_5\r\nhello\r\n" + END),
    _bad("has a size with a space before it", b" 5\r\nhello\r\n" + END),
    _bad("has a size with a NUL", b"5\0\r\nhello\r\n" + END),
    _bad("has a size with a comma", b"5,5\r\nhello\r\n" + END),
    _bad("has garbage after a size", b"5 5\r\nhello\r\n" + END),
    said("has a chunk longer than its size", HEAD + b"5\r\nhello world\r\n" + END, Broken("protocol", "chunk", SOME)),
    said(
        "has two other bytes after a chunk",
        HEAD + b"5\r\nhelloXX0\r\n\r\n",
        Broken("protocol", "chunk", SOME),
    ),
    said("has a chunk without a line end", HEAD + b"5\r\nhello0\r\n\r\n", Broken("protocol", "chunk", SOME)),
    said("ends chunks by LF alone", HEAD + b"5\nhello\n0\n\n", Broken("protocol", "chunk", SOME)),
    _bad("goes on in HTML", b"<html>502 Bad Gateway</html>\r\n"),
    _bad("goes on with another answer", b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
    _good("has extensions", b"5;a=b\r\nhello\r\n0;c\r\n\r\n"),
    _good("has a quoted extension", b'5 ; a="x;y"\r\nhello\r\n' + END),
    _good("has spaces after a size", b"5  \r\nhello\r\n" + END),
    _good("has sizes of capitals and zeros", b"000A\r\n0123456789\r\n" + b"00\r\n\r\n", b"0123456789"),
    _good("has trailers", HELLO + b"0\r\nX: y\r\nContent-Length: 99\r\n\r\n"),
    _good("has no chunk but the last", END, b""),
    _good("has five hundred chunks of one byte", b"1\r\nx\r\n" * 500 + END, b"x" * 500),
    closed("closes within the trailers", HEAD + HELLO + b"0\r\nX: y\r\n", SOME),
    closed("closes before the last empty line", HEAD + HELLO + b"0\r\n", SOME),
    closed("closes after the last chunk's size", HEAD + HELLO + b"0\r", Broken("truncated", "broke off", SOME)),
)
