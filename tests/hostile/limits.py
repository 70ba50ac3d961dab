"""Answers without end, or larger than they seem: each has a limit that says so."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

from behaviour import PLAIN, TLS, Begun, Behaviour, Broken, Unsent, Value, ok, said
from codings import brotli
from server import Action, Drip, Forever, Hang, Request, Say, Take

MOST = 65536
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNKED_HEADER = "Transfer-Encoding: chunked"
FINAL = HEAD + b"Content-Length: 2\r\n\r\n{}"
LIMITS = {"max_head": 4096, "max_body": MOST}
ROOMY = {"max_head": 4096, "max_body": 2**20}
BOMB = bytes(2**23)
FITS = bytes(MOST)


def _endless(name: str, first: bytes, again: bytes, value: Value, **more: Any) -> Behaviour:
    return Behaviour(
        name=f"sends without end {name}",
        rows=((Request(), Say(first), Forever(again)),),
        value=value,
        settings=more.pop("settings", LIMITS),
        **more,
    )


def _large(name: str, data: bytes, value: Value, **more: Any) -> Behaviour:
    return said(f"sends {name}", data, value, settings=LIMITS, **more)


def _packed(coding: str, data: bytes) -> bytes:
    return HEAD + f"Content-Encoding: {coding}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data


def _dripped(name: str, first: bytes, again: bytes, value: Value, *before: Action, **more: Any) -> Behaviour:
    return Behaviour(
        name=f"drips {name} for longer than the whole may take",
        rows=((*(before or (Request(),)), *((Say(first),) if first else ()), Drip(again, 0.04)),),
        value=value,
        settings={"total": 0.2},
        **more,
    )


def _raw(length: int) -> bytes:
    """Gzip of no bytes, in blocks that are stored, so many bytes long."""
    packer = zlib.compressobj(wbits=31)
    return packer.flush(zlib.Z_SYNC_FLUSH) + b"\x00\x00\x00\xff\xff" * (length // 5)


HEAD_LIMIT = Broken("limit", "head")
INTERIM_LIMIT = Broken("limit", "interim")
LATE = Broken("read_timeout", "0.2 s")


def _body_limit(*fields: str, most: int = MOST) -> Broken:
    return Broken("limit", "body", Begun(200, most, ok(b"", *fields).headers))


BEHAVIOURS = (
    # Heads.
    _endless("a reason phrase", b"HTTP/1.1 200 ", b"K", HEAD_LIMIT),
    _endless("digits of a status", b"HTTP/1.1 ", b"2", HEAD_LIMIT),
    _endless("a header", HEAD + b"X: ", b"y", HEAD_LIMIT),
    _endless("the name of a header", HEAD, b"X", HEAD_LIMIT),
    _endless("headers", HEAD, b"X: y\r\n", HEAD_LIMIT),
    _endless("headers with LF endings", HEAD, b"X: y\n", HEAD_LIMIT),
    _endless("a folded header", HEAD + b"X: y\r\n", b" y\r\n", HEAD_LIMIT),
    _endless("NUL bytes in a head", HEAD + b"X: y\r\n", b"\0", HEAD_LIMIT),
    _large(
        "a head of more than it may be", HEAD + b"X: " + b"y" * 4096 + b"\r\nContent-Length: 2\r\n\r\n{}", HEAD_LIMIT
    ),
    _large(
        "a head of more than it may be, with LF endings",
        b"HTTP/1.1 200 OK\nX: " + b"y" * 4096 + b"\nContent-Length: 2\n\n{}",
        HEAD_LIMIT,
    ),
    _large(
        "a head of all that it may be",
        HEAD + b"X: " + b"y" * (4096 - 43) + b"\r\nContent-Length: 2\r\n\r\n{}",
        ok(b"{}", "X: " + "y" * (4096 - 43), "Content-Length: 2"),
        kept=True,
    ),
    _endless("100 Continue", b"", b"HTTP/1.1 100 Continue\r\n\r\n", INTERIM_LIMIT),
    _endless("103 Early Hints", b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", INTERIM_LIMIT),
    _large("seventeen interim answers", b"HTTP/1.1 100 Continue\r\n\r\n" * 17 + FINAL, INTERIM_LIMIT),
    _endless("an interim head", b"HTTP/1.1 100 Continue\r\n", b"X: y\r\n", HEAD_LIMIT),
    # Bodies as they are sent.
    *(
        _large(
            f"an announcement of {name} bytes",
            HEAD + f"Content-Length: {length}\r\n\r\n{{}}".encode(),
            _body_limit(f"Content-Length: {length}", most=2),
        )
        for name, length in (("one too many", MOST + 1), ("10**18", 10**18), ("10**20", 10**20), ("10**90", 10**90))
    ),
    _large(
        "a body of all that it may be",
        HEAD + b"Content-Length: %d\r\n\r\n%s" % (MOST, FITS),
        ok(FITS, f"Content-Length: {MOST}"),
        kept=True,
    ),
    _endless("a body", HEAD + b"X: y\r\n\r\n", b"x", _body_limit("X: y")),
    _endless("chunks", CHUNKED, b"1000\r\n%s\r\n" % (b"x" * 4096), _body_limit(CHUNKED_HEADER)),
    _endless("chunks of one byte", CHUNKED, b"1\r\nx\r\n", _body_limit(CHUNKED_HEADER)),
    _endless("extensions of chunks", CHUNKED, b"1;%s\r\nx\r\n" % (b"y" * 999), _body_limit(CHUNKED_HEADER)),
    _endless(
        "an extension of a chunk",
        CHUNKED + b"1;",
        b"x",
        Broken("limit", "size of a chunk", ok(b"", CHUNKED_HEADER)),
        settings=ROOMY,
    ),
    _endless(
        "zeros of a chunk's size",
        CHUNKED,
        b"0",
        Broken("limit", "size of a chunk", ok(b"", CHUNKED_HEADER)),
        settings=ROOMY,
    ),
    _endless(
        "trailers",
        CHUNKED + b"1\r\nx\r\n0\r\n",
        b"X: y\r\n",
        Broken("limit", "trailer is longer", ok(b"x", CHUNKED_HEADER)),
        settings=ROOMY,
    ),
    _endless(
        "a trailer",
        CHUNKED + b"1\r\nx\r\n0\r\nX: ",
        b"y",
        Broken("limit", "trailer is longer", ok(b"x", CHUNKED_HEADER)),
        settings=ROOMY,
    ),
    *(
        _large(
            f"a chunk of {size} bytes, in hexadecimal",
            CHUNKED + b"1\r\nx\r\n%s\r\nyy" % size.encode(),
            _body_limit(CHUNKED_HEADER, most=3),
        )
        for size in ("10001", "ffffffff", "7fffffffffffffff", "ffffffffffffffff", "f" * 40)
    ),
    # Bodies as they are inflated.
    _large("a bomb of gzip", _packed("gzip", gzip.compress(BOMB, mtime=0)), _body_limit(), kept=True),
    _large("a bomb of Brotli", _packed("br", brotli.compress(BOMB)), _body_limit(), kept=True),
    _large("a bomb of deflate", _packed("deflate", zlib.compress(BOMB)), _body_limit(), kept=True),
    _large(
        "a bomb of deflate without its wrapping",
        _packed("deflate", zlib.compress(BOMB, wbits=-15)),
        _body_limit(),
        kept=True,
    ),
    _large(
        "a bomb in a bomb",
        _packed("gzip, gzip", gzip.compress(gzip.compress(BOMB, mtime=0), mtime=0)),
        _body_limit(),
        kept=True,
    ),
    _large(
        "a bomb of many members", _packed("gzip", gzip.compress(bytes(4096), mtime=0) * 20), _body_limit(), kept=True
    ),
    _large(
        "a bomb to whom it does not know",
        _packed("gzip", gzip.compress(BOMB, mtime=0)).replace(b"200 OK", b"404 No"),
        Broken("limit", "body", Begun(404, MOST, ())),
        kept=True,
    ),
    _endless(
        "gzip of no bytes", HEAD + b"Content-Encoding: gzip\r\n\r\n" + _raw(0), b"\x00\x00\x00\xff\xff", _body_limit()
    ),
    _large("a gzip of all that it may be", _packed("gzip", gzip.compress(FITS, mtime=0)), ok(FITS), kept=True),
    # Time.
    _dripped("a status line", b"", b"HTTP/1.1 200 " + b"K" * 99, LATE),
    _dripped("headers", HEAD, b"X: y\r\n", LATE, scenes=TLS),
    _dripped("interim answers", b"", b"HTTP/1.1 100 Continue\r\n\r\n", LATE, scenes=PLAIN),
    _dripped(
        "an extension of a chunk",
        CHUNKED + b"2\r\n{}\r\n1;",
        b"y",
        Broken("read_timeout", "0.2 s", ok(b"{}", CHUNKED_HEADER)),
    ),
    _dripped(
        "trailers",
        CHUNKED + b"2\r\n{}\r\n0\r\n",
        b"X: y\r\n",
        Broken("read_timeout", "0.2 s", ok(b"{}", CHUNKED_HEADER)),
        scenes=PLAIN,
    ),
    _dripped(
        "a body",
        HEAD + b"X: y\r\n\r\n",
        b"x",
        Broken("read_timeout", "0.2 s", Begun(200, 99, (("X", "y"),))),
        scenes=PLAIN,
    ),
    Behaviour(
        name="is silent for longer than the whole may take",
        rows=((Request(), Hang()),),
        value=LATE,
        settings={"total": 0.2},
    ),
    _dripped(
        "a handshake",
        b"",
        b"\x16\x03\x03\x40\x00" + b"\x02" * 99,
        Unsent("connect_timeout", "0.2 s"),
        Take(),
        scenes=TLS,
        seen=0,
    ),
)
