"""Proxies that open no tunnel, or a bad one."""

from __future__ import annotations

from typing import Any

from behaviour import PROXY, Behaviour, Broken, Unsent, Value, ok
from server import Action, Close, Drip, Forever, Hang, Request, Reset, Say, SayRaw, Take, Tunnel

OPEN = Say(b"HTTP/1.1 200 Connection established\r\n\r\n")
OK2 = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
FINE = ok(b"{}", "Content-Length: 2")
HTML = b"Content-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"


def _proxy(name: str, *actions: Action, value: Value, seen: int = 0, **more: Any) -> Behaviour:
    return Behaviour(
        name=f"a proxy {name}", rows=((Request(), *actions),), value=value, scenes=PROXY, seen=seen, **more
    )


def _refused(name: str, *actions: Action, reason: str, **more: Any) -> Behaviour:
    return _proxy(name, *actions, value=Unsent("proxy", reason), **more)


SHORT = {"connect_timeout": 0.2}

BEHAVIOURS = (
    _refused("asks for a login, in HTML", Say(b"HTTP/1.1 407 Login\r\n" + HTML), reason="407"),
    _refused("answers 502 in HTML", Say(b"HTTP/1.1 502 Bad Gateway\r\n" + HTML), reason="502"),
    _refused("answers 403", Say(b"HTTP/1.1 403 Forbidden\r\n\r\n"), Close(), reason="403"),
    _refused("redirects", Say(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n"), reason="302"),
    _refused("closes instead of an answer", Close(), reason="closed|reset"),
    _refused("resets instead of an answer", Reset(), reason="reset"),
    _refused("closes within its answer", Say(b"HTTP/1.1 200 Connec"), Close(), reason=""),
    _refused("sends garbage", Say(b"garbage\r\n\r\n"), reason="garbage"),
    _refused("is silent", Hang(), reason="within 0.2 s", settings=SHORT),
    _refused(
        "is silent within its answer", Say(b"HTTP/1.1 200 OK\r\nX: y"), Hang(), reason="within 0.2 s", settings=SHORT
    ),
    _refused(
        "drips its answer", Drip(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 99, 0.05), reason="within 0.2 s", settings=SHORT
    ),
    _refused(
        "sends headers without end", Say(b"HTTP/1.1 200 OK\r\n"), Forever(b"X: y\r\n"), reason="longer than 65536 bytes"
    ),
    _refused(
        "sends a header without end", Say(b"HTTP/1.1 200 OK\r\nX: "), Forever(b"y"), reason="longer than 65536 bytes"
    ),
    _refused("sends a status line without end", Say(b"HTTP/1.1 200 "), Forever(b"y"), reason="longer than 65536 bytes"),
    _proxy("closes the tunnel before the handshake", OPEN, Close(), value=Unsent("tls", "EOF|closed|reset")),
    _proxy("closes the tunnel within the handshake", OPEN, Take(), Close(), value=Unsent("tls", "EOF|closed")),
    _proxy(
        "answers in HTTP within the tunnel",
        OPEN,
        Take(),
        SayRaw(OK2),
        Close(),
        value=Unsent("tls", "wrong version|record"),
    ),
    _proxy(
        "sends a body with its consent",
        Say(b"HTTP/1.1 200 OK\r\n\r\nhello"),
        Close(),
        value=Unsent("proxy", "more than a head"),
    ),
    _proxy(
        "is silent within the handshake",
        OPEN,
        Take(),
        Hang(),
        value=Unsent("connect_timeout", "127.0.0.1:443: no connection within 0.2 s"),
        settings=SHORT,
    ),
    _proxy(
        "leads to a server of another name",
        OPEN,
        Tunnel(),
        value=Unsent("tls", "IP address mismatch"),
        handshake="another host",
    ),
    _proxy(
        "leads to a server that nobody knows",
        OPEN,
        Tunnel(),
        value=Unsent("tls", "certificate"),
        handshake="self-signed",
    ),
    _proxy(
        "announces a body with its consent",
        Say(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
        Tunnel(),
        Request(),
        Say(OK2),
        value=FINE,
        seen=1,
        kept=True,
    ),
    _proxy(
        "consents in HTTP/1.0",
        Say(b"HTTP/1.0 200 OK\r\n\r\n"),
        Tunnel(),
        Request(),
        Say(OK2),
        value=FINE,
        seen=1,
        kept=True,
    ),
    _proxy(
        "consents with LF endings",
        Say(b"HTTP/1.1 200 OK\n\n"),
        Tunnel(),
        Request(),
        Say(OK2),
        value=FINE,
        seen=1,
        kept=True,
    ),
    _proxy(
        "closes the tunnel after the request",
        OPEN,
        Tunnel(),
        Request(),
        Close(),
        value=Broken("reset", "closed"),
        seen=1,
    ),
    _proxy(
        "lets the server answer 407",
        OPEN,
        Tunnel(),
        Request(),
        Say(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"),
        value=ok(b"", "Content-Length: 0", status=407),
        seen=1,
        kept=True,
    ),
)
