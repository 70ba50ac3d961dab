"""Connections that end, or go silent, at each part of an exchange."""

from __future__ import annotations

from behaviour import GET, PLAIN, POST, TLS, Answer, Behaviour, Broken, closed, ok
from msgspec.structs import replace
from server import Close, Cut, Drip, Finish, Hang, Head, Part, Request, Reset, Row, Say, Stall

STATUS = b"HTTP/1.1 200 OK\r\n"
SIZED = STATUS + b"Content-Length: 10\r\n\r\n"
CHUNKED = STATUS + b"Transfer-Encoding: chunked\r\n\r\n"
SIZED_HEADER, CHUNKED_HEADER = "Content-Length: 10", "Transfer-Encoding: chunked"
LARGE = replace(POST, body=b"x" * 2**23)

PARTS: tuple[tuple[str, bytes, Answer | None], ...] = (
    ("within the version", b"HTT", None),
    ("within the status", b"HTTP/1.1 20", None),
    ("after the status line", STATUS, None),
    ("within the name of a header", STATUS + b"Content-Le", None),
    ("within a header", STATUS + b"Content-Length: 1", None),
    ("before the empty line", STATUS + b"Content-Length: 10\r\n", None),
    ("within the empty line", STATUS + b"Content-Length: 10\r\n\r", None),
    ("before the body", SIZED, ok(b"", SIZED_HEADER)),
    ("within the body", SIZED + b"01234", ok(b"01234", SIZED_HEADER)),
    ("before the first chunk", CHUNKED, ok(b"", CHUNKED_HEADER)),
    ("within the size of a chunk", CHUNKED + b"5\r\nhello\r\n1", ok(b"hello", CHUNKED_HEADER)),
    ("within a chunk", CHUNKED + b"a\r\n01234", ok(b"01234", CHUNKED_HEADER)),
    ("after a chunk's bytes", CHUNKED + b"5\r\nhello", ok(b"hello", CHUNKED_HEADER)),
    ("between chunks", CHUNKED + b"5\r\nhello\r\n", ok(b"hello", CHUNKED_HEADER)),
    ("after a zero that may be the last chunk's", CHUNKED + b"5\r\nhello\r\n0", ok(b"hello", CHUNKED_HEADER)),
)
"""Where an answer breaks off, what was sent by then, and what is kept of it."""


def _cut(where: str, data: bytes, partial: Answer | None) -> tuple[Behaviour, ...]:
    said: Row = (Request(), Say(data))
    silent = {"timeout": 0.2}
    return (
        Behaviour(
            name=f"closes {where}",
            rows=((*said, Close()),),
            value=Broken("truncated", "broke off", partial),
        ),
        Behaviour(
            name=f"resets {where}",
            rows=((*said, Reset()),),
            value=Broken("reset", "reset", partial),
            scenes=PLAIN,
        ),
        Behaviour(
            name=f"is silent {where}",
            rows=((*said, Hang()),),
            value=Broken("read_timeout", "silent for 0.2 s", partial),
            scenes=PLAIN if len(data) % 2 else TLS,
            settings=silent,
        ),
    )


BEHAVIOURS = (
    *(behaviour for part in PARTS for behaviour in _cut(*part)),
    Behaviour(
        name="resets before the request is read",
        rows=((Part(1), Reset()),),
        value=Broken("reset", "reset|closed"),
        request=LARGE,
    ),
    Behaviour(
        name="resets within the request",
        rows=((Head(), Reset()),),
        value=Broken("reset", "reset|closed"),
        request=LARGE,
    ),
    Behaviour(
        name="closes within the request",
        rows=((Head(), Close()),),
        value=Broken("reset", "reset|closed|Broken pipe"),
        request=LARGE,
    ),
    Behaviour(
        name="takes no more of a request",
        rows=((Head(), Stall()),),
        value=Broken("read_timeout", "did not take the request within 0.6 s"),
        request=replace(LARGE, body=b"x" * 2**24),
        scenes=PLAIN,
        settings={"timeout": 0.6},
    ),
    closed(
        "closes after an interim answer",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        Broken("truncated", "broke off within its head"),
    ),
    Behaviour(name="resets after the request", rows=((Request(), Reset()),), value=Broken("reset", "reset|closed")),
    Behaviour(
        name="closes after the request", rows=((Request(), Close()),), value=Broken("reset", "closed the connection")
    ),
    Behaviour(
        name="closes after a request that is not idempotent",
        rows=((Request(), Close()),),
        value=Broken("reset", "closed the connection"),
        request=POST,
    ),
    Behaviour(
        name="is silent after the request",
        rows=((Request(), Hang()),),
        value=Broken("read_timeout", "silent for 0.2 s"),
        settings={"timeout": 0.2},
    ),
    Behaviour(
        name="drips a body for longer than the request may take",
        rows=((Request(), Say(CHUNKED + b"5\r\nhello\r\n5;"), Drip(b"x", 0.05)),),
        value=Broken("read_timeout", "0.3 s", ok(b"hello", CHUNKED_HEADER)),
        request=replace(GET, total=0.3),
        scenes=PLAIN,
        repeats="none",
    ),
    Behaviour(
        name="refuses a large request early, and reads on",
        rows=((Head(), Say(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig"), Finish()),),
        value=ok(b"big", "Content-Length: 3", status=413),
        request=LARGE,
    ),
    Behaviour(
        name="refuses a large request early, and closes",
        rows=(
            (
                Head(),
                Say(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig"),
                Close(),
            ),
        ),
        value=ok(b"big", "Content-Length: 3", "Connection: close", status=413),
        request=LARGE,
        scenes=PLAIN,
    ),
    Behaviour(
        name="cuts TLS off within a body of known length",
        rows=((Request(), Say(SIZED + b"01234"), Cut()),),
        value=Broken("truncated", "ended within the answer", ok(b"01234", SIZED_HEADER)),
        scenes=TLS,
    ),
    Behaviour(
        name="cuts TLS off after a body of known length",
        rows=((Request(), Say(SIZED + b"0123456789"), Cut()),),
        value=ok(b"0123456789", SIZED_HEADER),
        scenes=TLS,
    ),
    Behaviour(
        name="cuts TLS off within a chunked body",
        rows=((Request(), Say(CHUNKED + b"5\r\nhello\r\n"), Cut()),),
        value=Broken("truncated", "ended within the answer", ok(b"hello", CHUNKED_HEADER)),
        scenes=TLS,
    ),
    Behaviour(
        name="cuts TLS off where a body ends with its connection",
        rows=((Request(), Say(STATUS + b"X: y\r\n\r\nhello"), Cut()),),
        value=Broken("truncated", "ended within the answer", ok(b"hello", "X: y")),
        scenes=TLS,
    ),
    Behaviour(
        name="cuts TLS off within the head",
        rows=((Request(), Say(STATUS + b"X: y\r\n"), Cut()),),
        value=Broken("truncated", "ended within the answer"),
        scenes=TLS,
    ),
    Behaviour(
        name="cuts TLS off after the request",
        rows=((Request(), Cut()),),
        value=Broken("reset", "closed the connection"),
        scenes=TLS,
    ),
)
