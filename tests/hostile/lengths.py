"""Lengths of bodies that are wrong, in doubt or absurd, and what follows a body."""

from __future__ import annotations

from behaviour import GET, Behaviour, Broken, Value, closed, ok, said
from msgspec.structs import replace
from server import Close, Hang, Idle, Ready, Request, Reset, Say

HEAD200 = b"HTTP/1.1 200 OK\r\n"
GOOD = HEAD200 + b"Content-Length: 2\r\n\r\n{}"
FINE = ok(b"{}", "Content-Length: 2")
OWN = ok(b"/asked", "Content-Length: 6")
"""What the good server answers."""
TE = "Transfer-Encoding: chunked"
CHUNKS = b"2\r\n{}\r\n0\r\n\r\n"
NO_LENGTH = Broken("protocol", "length|Length")


def _length(text: str, value: Value = NO_LENGTH, *, kept: bool = False) -> Behaviour:
    shown = text if len(text) < 30 else f"{text[:9]}… of {len(text)} digits"
    data = HEAD200 + f"Content-Length: {text}\r\n\r\n{{}}".encode("latin-1")
    return said(f"announces {shown!r} bytes", data, value, kept=kept)


def _sized(text: str) -> Value:
    return ok(b"{}", f"Content-Length: {text}")


def _coding(*lines: str, name: str = "") -> Behaviour:
    head = HEAD200 + "".join(f"{line}\r\n" for line in lines).encode()
    return said(name or f"sends {'; '.join(lines)}", head + b"\r\n" + CHUNKS, Broken("protocol", "ransfer|ength"))


BEHAVIOURS = (
    *(
        _length(text)
        for text in ("-2", "+2", "2_", "2.0", "0x2", "2 2", "two", "", "2;", "1e1", "\xb2", "2, 3", "2,", "2, -2")
    ),
    _length("9" * 5000, Broken("limit", "body", ok(b"", "Content-Length: " + "9" * 5000))),
    _length("002", _sized("002"), kept=True),
    _length("2, 2", _sized("2, 2"), kept=True),
    _length("2,2", _sized("2,2"), kept=True),
    said(
        "announces the same length twice",
        HEAD200 + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        ok(b"{}", "Content-Length: 2", "Content-Length: 2"),
        kept=True,
    ),
    said(
        "announces two lengths",
        HEAD200 + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
        NO_LENGTH,
    ),
    said(
        "announces two lengths, the second in small letters",
        HEAD200 + b"Content-Length: 3\r\ncontent-length: 2\r\n\r\n{}x",
        NO_LENGTH,
    ),
    # Length and chunks.
    _coding("Transfer-Encoding: chunked", "Content-Length: 2"),
    _coding("Content-Length: 15", "Transfer-Encoding: chunked"),
    said(
        "sends chunks, and a length that is none",
        HEAD200 + b"Transfer-Encoding: chunked\r\nContent-Length: x\r\n\r\n" + CHUNKS,
        Broken("protocol", "a Content-Length that is none: 'x'"),
    ),
    _coding("Transfer-Encoding: gzip, chunked"),
    _coding("Transfer-Encoding: chunked, gzip"),
    _coding("Transfer-Encoding: chunked, chunked"),
    _coding("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
    _coding("Transfer-Encoding: gzip"),
    _coding("Transfer-Encoding: identity"),
    _coding("Transfer-Encoding: xchunked"),
    _coding("Transfer-Encoding: chunked;q=1"),
    _coding("Transfer-Encoding:"),
    said(
        "sends Transfer-Encoding: Chunked",
        HEAD200 + b"Transfer-Encoding: \t Chunked \r\n\r\n" + CHUNKS,
        ok(b"{}", "Transfer-Encoding: Chunked"),
        kept=True,
    ),
    # What follows.
    said("sends more than it announced", GOOD + b"more", FINE),
    said("answers twice", GOOD + GOOD.replace(b"{}", b"no"), FINE),
    said("answers twice, with chunks", HEAD200 + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS + GOOD, ok(b"{}", TE)),
    said("answers twice without a body", b"HTTP/1.1 204 No Content\r\n\r\n" + GOOD, ok(b"", status=204)),
    said("adds an empty line", GOOD + b"\r\n", FINE),
    closed("has no length and closes", HEAD200 + b"X: y\r\n\r\nall of it", ok(b"all of it", "X: y")),
    closed("has no length and no body, and closes", HEAD200 + b"X: y\r\n\r\n", ok(b"", "X: y")),
    Behaviour(
        name="has no length, and does not close",
        rows=((Request(), Say(HEAD200 + b"X: y\r\n\r\nall of it"), Hang()),),
        value=Broken("read_timeout", "silent for 0.15 s", ok(b"all of it", "X: y")),
        settings={"timeout": 0.15},
    ),
    # Connections that were kept.
    Behaviour(
        name="closes an idle connection",
        rows=((Request(), Say(GOOD), Idle(), Close(), Ready()),),
        value=OWN,
        warm=1,
        connections=2,
        seen=2,
        kept=True,
    ),
    Behaviour(
        name="resets an idle connection",
        rows=((Request(), Say(GOOD), Idle(), Reset(), Ready()),),
        value=OWN,
        warm=1,
        connections=2,
        seen=2,
        kept=True,
    ),
    Behaviour(
        name="answers 408 on an idle connection",
        rows=((Request(), Say(GOOD), Idle(), Say(b"HTTP/1.1 408 Slow\r\nContent-Length: 0\r\n\r\n"), Ready()),),
        value=OWN,
        warm=1,
        connections=2,
        seen=2,
        kept=True,
    ),
    Behaviour(
        name="closes a kept connection as the next request arrives",
        rows=((Request(), Say(GOOD), Ready(), Request(), Close()),),
        value=Broken("reset", "closed the connection"),
        warm=1,
        seen=2,
    ),
    Behaviour(
        name="resets a kept connection as the next request arrives",
        rows=((Request(), Say(GOOD), Ready(), Request(), Reset()),),
        value=Broken("reset", "reset|closed"),
        warm=1,
        seen=2,
    ),
    Behaviour(
        name="is silent on a kept connection",
        rows=((Request(), Say(GOOD), Ready(), Request(), Hang()),),
        value=Broken("read_timeout", "silent for 0.15 s"),
        warm=1,
        seen=2,
        settings={"timeout": 0.15},
    ),
    Behaviour(
        name="is silent for longer than a request waits, on a connection that waited for longer",
        rows=((Request(), Say(GOOD), Ready(), Request(), Hang()),),
        value=Broken("read_timeout", "silent for 0.2 s"),
        request=replace(GET, timeout=0.2),
        warm=1,
        seen=2,
    ),
    Behaviour(
        name="closes a kept connection within the next head",
        rows=((Request(), Say(GOOD), Ready(), Request(), Say(b"HTTP/1.1 2"), Close()),),
        value=Broken("truncated", "broke off"),
        warm=1,
        seen=2,
    ),
)
