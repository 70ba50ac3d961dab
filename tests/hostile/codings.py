"""Bodies in content codings: whole, damaged, cut off, and many times larger than they seem."""

from __future__ import annotations

import gzip
import zlib
from importlib import import_module
from typing import Any
from zlib import decompressobj

from behaviour import Behaviour, Broken, Value, ok, said

brotli: Any = import_module("brotli")  # which has no types
TEXT = b"0123456789" * 20
GZIP = gzip.compress(TEXT, mtime=0)
ZLIB = zlib.compress(TEXT)
RAW = zlib.compress(TEXT, wbits=-15)
BROTLI: bytes = brotli.compress(TEXT)
BROTLI_BEGUN: bytes = brotli.Decompressor().process(BROTLI[:-3])
GZIP_BEGUN = decompressobj(31).decompress(GZIP[:-10])
ZLIB_BEGUN = decompressobj().decompress(ZLIB[:-6])


def _coded(name: str, coding: str, data: bytes, value: Value, *, chunked: bool = False, kept: bool = True) -> Behaviour:
    head = f"HTTP/1.1 200 OK\r\nX: y\r\nContent-Encoding: {coding}\r\n".encode()
    if chunked:
        body = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(data), data)
    else:
        body = b"Content-Length: %d\r\n\r\n%s" % (len(data), data)
    return said(name, head + body, value, kept=kept)


def _torn(received: bytes = b"", *fields: str) -> Broken:
    return Broken("truncated", "decode|coding of the body broke off", ok(received, "X: y", *fields))


CHUNKED = "Transfer-Encoding: chunked"
PLAIN = ok(TEXT, "X: y")

BEHAVIOURS = (
    _coded("sends gzip", "gzip", GZIP, PLAIN),
    _coded("sends gzip in chunks", "gzip", GZIP, ok(TEXT, "X: y", CHUNKED), chunked=True),
    _coded("sends gzip by its old name", "x-gzip", GZIP, PLAIN),
    _coded("sends GZIP of capitals", "GZIP", GZIP, PLAIN),
    _coded("sends deflate", "deflate", ZLIB, PLAIN),
    _coded("sends deflate without its wrapping", "deflate", RAW, PLAIN),
    _coded("sends Brotli", "br", BROTLI, PLAIN),
    _coded("cuts Brotli off in a whole message", "br", BROTLI[:-3], _torn(BROTLI_BEGUN)),
    _coded("says Brotli and sends JSON", "br", b'{"id": "resp_1"}', _torn()),
    _coded("sends gzip twice", "gzip, gzip", gzip.compress(GZIP, mtime=0), PLAIN),
    _coded("sends gzip of two members", "gzip", GZIP + GZIP, ok(TEXT * 2, "X: y")),
    _coded("sends gzip of no bytes", "gzip", b"", ok(b"", "X: y")),
    _coded("sends gzip with garbage after it", "gzip", GZIP + b"garbage", _torn(TEXT)),
    _coded("says gzip and sends JSON", "gzip", b'{"id": "resp_1"}', _torn()),
    _coded("says deflate and sends JSON", "deflate", b'{"id": "resp_1"}', _torn()),
    _coded("says gzip and sends JSON in chunks", "gzip", b'{"id": "resp_1"}', _torn(b"", CHUNKED), chunked=True),
    _coded("damages a gzip checksum", "gzip", GZIP[:-8] + b"damaged!", _torn()),
    _coded(
        "cuts gzip off in a whole message",
        "gzip",
        GZIP[:-10],
        _torn(decompressobj(31).decompress(GZIP[:-10])),
    ),
    _coded(
        "cuts deflate off in a whole message",
        "deflate",
        ZLIB[:-6],
        _torn(ZLIB_BEGUN),
    ),
    _coded("cuts gzip off in its head", "gzip", GZIP[:5], _torn()),
    _coded(
        "sends what it calls identity",
        "identity",
        TEXT,
        ok(TEXT, "X: y", "Content-Encoding: identity", "Content-Length: 200"),
    ),
    _coded(
        "sends a coding that nobody knows",
        "rot13",
        TEXT,
        ok(TEXT, "X: y", "Content-Encoding: rot13", "Content-Length: 200"),
    ),
    _coded("sends a coding that has no name", "", TEXT, ok(TEXT, "X: y", "Content-Encoding:", "Content-Length: 200")),
    _coded(
        "says gzip nine times",
        ", ".join(["gzip"] * 9),
        GZIP,
        Broken("truncated", "codings|encodings", ok(b"", "X: y")),
    ),
)
