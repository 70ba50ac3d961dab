"""Heads of answers that are odd, or none."""

from __future__ import annotations

from typing import Any

from behaviour import HEAD, Behaviour, Broken, closed, ok, said
from server import Hang, Request, Say

OK2 = b"Content-Length: 2\r\n\r\n{}"
FINAL = b"HTTP/1.1 200 OK\r\n" + OK2
CL2 = "Content-Length: 2"
FINE = ok(b"{}", CL2)


def _none(name: str, data: bytes, reason: str = "not HTTP", **more: Any) -> Behaviour:
    """What is no head is refused at once: the server need not close."""
    return said(name, data, Broken("protocol", reason), **more)


BEHAVIOURS = (
    # Status lines.
    _none("greets as a mail server", b"220 mail.example.com ESMTP\r\n"),
    _none("greets as SSH, without an end of the line", b"SSH-2.0-OpenSSH_9.6"),
    _none("answers with the frames of HTTP/2", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"),
    _none("answers with a TLS alert", b"\x15\x03\x01\x00\x02\x02\x46"),
    _none("answers with an empty line", b"\r\n\r\n"),
    _none("answers with JSON and no head", b'{"id": "resp_1"}\r\n'),
    _none("answers in HTTP/0.9", b"<html>hello</html>\n"),
    _none("answers in HTTP/2.0", b"HTTP/2.0 200 OK\r\n" + OK2, "HTTP/2"),
    _none("answers in HTTP/2", b"HTTP/2 200\r\n" + OK2, "HTTP/2"),
    _none("answers in http/1.1 of small letters", b"http/1.1 200 OK\r\n" + OK2),
    _none("answers as a radio station", b"ICY 200 OK\r\n" + OK2),
    _none("has a status of letters", b"HTTP/1.1 abc OK\r\n" + OK2),
    _none("has a status of two digits", b"HTTP/1.1 99 Low\r\n" + OK2),
    _none("has a status of four digits", b"HTTP/1.1 2000 High\r\n" + OK2),
    _none("has a status with an underscore", b"HTTP/1.1 2_00 OK\r\n" + OK2),
    _none("has a status with a sign", b"HTTP/1.1 +200 OK\r\n" + OK2),
    _none("has no status", b"HTTP/1.1\r\n" + OK2),
    said("has no reason phrase", b"HTTP/1.1 200\r\n" + OK2, FINE, kept=True),
    said("has an empty reason phrase", b"HTTP/1.1 200 \r\n" + OK2, FINE, kept=True),
    said("has a reason phrase of other letters", b"HTTP/1.1 200 d\xe9j\xe0 vu\r\n" + OK2, FINE, kept=True),
    _none("has two spaces before the status", b"HTTP/1.1  200 OK\r\n" + OK2),
    said("answers in HTTP/1.2", b"HTTP/1.2 200 OK\r\n" + OK2, FINE, kept=True),
    said("answers in HTTP/1.0", b"HTTP/1.0 200 OK\r\n" + OK2, FINE),
    said(
        "answers in HTTP/1.0 and keeps the connection",
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + OK2,
        ok(b"{}", "Connection: keep-alive", CL2),
        kept=True,
    ),
    closed("answers in HTTP/1.0 with a body up to the end", b"HTTP/1.0 200 OK\r\nX: y\r\n\r\nall", ok(b"all", "X: y")),
    said(
        "answers in HTTP/1.0 with chunks, as HTTP/1.0 cannot",
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        ok(b"{}", "Connection: keep-alive", "Transfer-Encoding: chunked"),
    ),
    said(
        "closes the connection by header",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + OK2,
        ok(b"{}", "Connection: close", CL2),
    ),
    said(
        "closes the connection by one option of several",
        b"HTTP/1.1 200 OK\r\nConnection: keep-alive, Close\r\n" + OK2,
        ok(b"{}", "Connection: keep-alive, Close", CL2),
    ),
    said(
        "closes the connection by a second header",
        b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: close\r\n" + OK2,
        ok(b"{}", "Connection: keep-alive", "Connection: close", CL2),
    ),
    closed("has no header at all", b"HTTP/1.1 200 OK\r\n\r\nall of it", ok(b"all of it")),
    # Interim answers.
    said("continues first", b"HTTP/1.1 100 Continue\r\n\r\n" + FINAL, FINE, kept=True),
    said("continues first, with headers", b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" + FINAL, FINE, kept=True),
    said("hints early", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + FINAL, FINE, kept=True),
    said("is processing", b"HTTP/1.1 102 Processing\r\n\r\n" * 3 + FINAL, FINE, kept=True),
    said(
        "is interim in a way that nobody knows",
        b"HTTP/1.1 199 Odd\r\nContent-Length: 5\r\n\r\n" + FINAL,
        FINE,
        kept=True,
    ),
    said("is interim sixteen times", b"HTTP/1.1 100 Continue\r\n\r\n" * 16 + FINAL, FINE, kept=True),
    _none("switches protocols unasked", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n" + FINAL, "101"),
    # Lines.
    said("ends lines by LF alone", FINAL.replace(b"\r\n", b"\n"), FINE, kept=True),
    said("ends one line by LF alone", b"HTTP/1.1 200 OK\nX: y\r\n" + OK2, ok(b"{}", "X: y", CL2), kept=True),
    said("folds a header", b"HTTP/1.1 200 OK\r\nX: a\r\n \t b\r\n" + OK2, ok(b"{}", "X: a b", CL2), kept=True),
    _none("folds a header that is none", b"HTTP/1.1 200 OK\r\n X: a\r\n" + OK2, "no header"),
    _none("folds the length", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n 2\r\n\r\n{}", "length|Length"),
    _none("has a line that is no header", b"HTTP/1.1 200 OK\r\nnot a header\r\n" + OK2, "no header"),
    said("has a header without a name", b"HTTP/1.1 200 OK\r\n: y\r\n" + OK2, FINE, kept=True),
    _none("has a space before a colon", b"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}", "no header"),
    _none("has a name with a space in it", b"HTTP/1.1 200 OK\r\nX y: z\r\n" + OK2, "no header"),
    said("has a name with a quote in it", b'HTTP/1.1 200 OK\r\nX"y: z\r\n' + OK2, ok(b"{}", 'X"y: z', CL2), kept=True),
    _none("has a NUL in a header", b"HTTP/1.1 200 OK\r\nX: a\0b\r\n" + OK2, "header"),
    _none("has a NUL in a name", b"HTTP/1.1 200 OK\r\nX\0: a\r\n" + OK2, "header"),
    _none("has a CR in a header", b"HTTP/1.1 200 OK\r\nX: a\rX-Injected: 1\r\n" + OK2, "CR"),
    said(
        "has a header of other letters",
        b"HTTP/1.1 200 OK\r\nX: \xe9\xff\r\n" + OK2,
        ok(b"{}", "X: \xe9\xff", CL2),
        kept=True,
    ),
    said("has an empty header", b"HTTP/1.1 200 OK\r\nX:\r\n" + OK2, ok(b"{}", "X:", CL2), kept=True),
    said(
        "has spaces around a value", b"HTTP/1.1 200 OK\r\nContent-Length: \t 2 \t\r\n\r\n{}", ok(b"{}", CL2), kept=True
    ),
    said("has 99 headers", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 98 + OK2, ok(b"{}", *["X: y"] * 98, CL2), kept=True),
    said(
        "has a header of 60,000 bytes",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 60_000 + b"\r\n" + OK2,
        ok(b"{}", "X: " + "y" * 60_000, CL2),
        kept=True,
    ),
    # Answers without a body.
    said("answers HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", ok(b"", CL2), request=HEAD, kept=True),
    said(
        "answers HEAD with chunks announced",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        ok(b"", "Transfer-Encoding: chunked"),
        request=HEAD,
        kept=True,
    ),
    said(
        "answers HEAD with gzip announced",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
        ok(b"", "Content-Encoding: gzip"),
        request=HEAD,
        kept=True,
    ),
    said("answers HEAD with a body", FINAL, ok(b"", CL2), request=HEAD),
    said("answers 204", b"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n", ok(b"", "X: y", status=204), kept=True),
    said(
        "answers 204 with a length",
        b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
        ok(b"", "Content-Length: 0", status=204),
        kept=True,
    ),
    said("answers 204 with a body", b"HTTP/1.1 204 No Content\r\n" + OK2, ok(b"", CL2, status=204)),
    said(
        "answers 204 with chunks",
        b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        ok(b"", "Transfer-Encoding: chunked", status=204),
    ),
    Behaviour(
        name="answers 204 with chunks that are late",
        rows=(
            (
                Request(),
                Say(b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"),
                Request(),
                Say(b"2\r\n{}\r\n0\r\n\r\n"),
            ),
        ),
        value=ok(b"", "Transfer-Encoding: chunked", status=204),
    ),
    said("answers 304 with a body", b"HTTP/1.1 304 Not Modified\r\n" + OK2, ok(b"", CL2, status=304)),
    said(
        "answers 304 with the length of what it does not send",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n",
        ok(b"", "Content-Length: 99", status=304),
        kept=True,
    ),
    said("answers 205 with a body", b"HTTP/1.1 205 Reset Content\r\n" + OK2, ok(b"{}", CL2, status=205), kept=True),
    Behaviour(
        name="says half a head, then nothing",
        rows=((Request(), Say(b"HTTP/1.1 200 OK\r\nX: y\r\n"), Hang()),),
        value=Broken("read_timeout", "silent for 0.1 s"),
        settings={"timeout": 0.1},
    ),
)
