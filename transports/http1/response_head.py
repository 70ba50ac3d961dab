"""From bytes to the head of an answer (RFC 9112, sections 2 to 6.3). Nothing here reads a network.

Law: a head is whole or not at all, and says without doubt where its body ends; what leaves that open is refused, for
the next answer on that connection would begin in the wrong place. This is what becomes of heads:

| head | what becomes of it |
|---|---|
| of HTTP/1.1, each line as RFC 9112 has it | read here |
| interim (1xx, but 101), of that form | skipped, so many of them as `exchange.py` allows |
| of HTTP/1.0; lines that end in LF alone, or are folded; odd names | read by http.client (`odd_heads.py`) |
| an interim answer of such a form, other than 100; 101 | refused |
| a line that is no header; a NUL in a value | refused |
| `Transfer-Encoding` other than `chunked`, or beside a `Content-Length` | refused |
| `Content-Length` that is no length, or several that differ | refused |
| what does not begin with `HTTP/1.` | refused at once |
"""

from __future__ import annotations

import re

from msgspec import Struct

from ...core.http import Pairs
from .failures import Malformed

_PLAIN = re.compile(
    rb"HTTP/1\.1 ([1-9][0-9]{2})(?: [^\r\n\0]*+)?\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]++:[^\r\n\0]*+\r\n)*+)\r\n"
)
_FIELD = re.compile(r"([^:\r\n]+):[ \t]*([^\r\n]*)\r\n")
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection", "content-encoding"})
_LENGTHS_OF_NAMES = frozenset(map(len, _FRAMING))
"""The headers that say how a body is framed, and the lengths of their names: nearly all others have another."""

_LENGTH = re.compile(r"[0-9]{1,18}")
_BEGINNING = b"HTTP/1."
_BODILESS = frozenset({204, 304})

LONGEST_LENGTH = 10**18
"""Bytes. A body that is announced to be longer is one that breaks off."""


class Head(Struct, frozen=True, gc=False):
    """Status and headers of an answer, and how its body is framed.

    `length` is that of the body in bytes; None where it is chunked, or ends with the connection. `closes` is whether
    the connection serves no other request. `coding` is the content coding, empty where there is none.
    """

    status: int
    headers: Pairs
    length: int | None
    chunked: bool
    closes: bool
    coding: str


def end_of_head(data: bytes | bytearray, searched: int) -> int | None:
    """Where the head ends that `data` begins with: an index; 0 where more is needed, None where it is an odd head.

    Of the first `searched` bytes it is known that the head does not end among them. Raises `Malformed` for what is no
    answer in HTTP/1.
    """
    if not data.startswith(_BEGINNING) and not (len(data) < len(_BEGINNING) and _BEGINNING.startswith(data)):
        raise no_http(bytes(data))
    start = max(0, searched - 2)
    end = data.find(b"\n\r\n", start)
    bare = data.find(b"\n\n", start, end) if end >= 0 else data.find(b"\n\n", start)
    if bare >= 0:
        return None
    return end + 3 if end >= 0 else 0


def no_http(data: bytes) -> Malformed:
    """The error for what begins as no answer does."""
    line = data.partition(b"\n")[0] + (b"\n" if b"\n" in data else b"")
    return Malformed("protocol", f"the answer is not HTTP: {line[:200].decode('latin-1')!r}")


def read_head(data: bytes, *, bodiless: bool) -> Head | None:
    """Read a whole head; None for an odd one. `bodiless` is whether the request was a HEAD.

    Raises `Malformed` for one that does not say where its body ends.
    """
    plain = _PLAIN.fullmatch(data)
    if plain is None:
        return None
    status, block = plain.groups()
    if b" \r\n" in block or b"\t\r\n" in block:
        block = re.sub(rb"[ \t]+\r\n", b"\r\n", block)
    pairs: Pairs = tuple(_FIELD.findall(block.decode("latin-1")))
    return framed(int(status), pairs, bodiless=bodiless, is_old=False)


def framed(status: int, headers: Pairs, *, bodiless: bool, is_old: bool) -> Head:
    """The head of that status and those headers; `is_old` is whether it is of HTTP/1.0, which keeps no connection."""
    length: int | None = None
    chunked = False
    closes = is_old
    coding = ""
    for name, value in headers:
        if len(name) not in _LENGTHS_OF_NAMES:
            continue
        lower = name.lower()
        if lower not in _FRAMING:
            continue
        if lower == "content-length":
            length = _length(value, length)
        elif lower == "connection":
            options = {option.strip().lower() for option in value.split(",")}
            closes = "close" in options or (closes and "keep-alive" not in options)
        elif lower == "content-encoding":
            coding = f"{coding},{value}" if coding else value
        elif chunked or value.lower() != "chunked":
            raise Malformed("protocol", f"a transfer coding that is not chunked: {value[:100]!r}")
        else:
            chunked = True
    if chunked and length is not None:
        raise Malformed("protocol", "both Transfer-Encoding and Content-Length say how long the body is")
    if bodiless or status in _BODILESS or status < 200:
        return Head(status, headers, 0, False, closes or (status == 204 and (chunked or bool(length))), "")
    closes = closes or (length is None and not chunked) or (chunked and is_old)
    return Head(status, headers, length, chunked, closes, coding)


def _length(value: str, before: int | None) -> int:
    """The length that a header announces, which may do so several times over, if always the same."""
    lengths = {part.strip() for part in value.split(",")}
    for text in lengths:
        if _LENGTH.fullmatch(text) is None:
            if text.isascii() and text.isdigit():
                return LONGEST_LENGTH
            raise Malformed("protocol", f"a Content-Length that is none: {value[:100]!r}")
    numbers = {int(text) for text in lengths} | ({before} if before is not None else set[int]())
    if len(numbers) > 1:
        raise Malformed("protocol", f"several lengths of one body: {', '.join(map(str, sorted(numbers)))[:100]}")
    return numbers.pop()
