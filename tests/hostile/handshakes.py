"""Handshakes of TLS that fail, and TLS where there is none."""

from __future__ import annotations

from behaviour import PLAIN, TLS, Behaviour, Broken, Unsent, ok
from server import Close, Hang, Request, Reset, Say, SayRaw, Take

HELLO_FATAL = b"\x15\x03\x03\x00\x02\x02"
OK2 = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def _refused(certificate: str, reason: str) -> Behaviour:
    return Behaviour(
        name=f"shows a certificate that is wrong: {certificate}",
        rows=((Request(),),),
        value=Unsent("tls", reason),
        scenes=TLS,
        handshake=certificate,
        seen=0,
    )


def _cut(name: str, *actions: Take | SayRaw | Close | Reset | Hang, value: Unsent) -> Behaviour:
    return Behaviour(
        name=name,
        rows=((Take(), *actions),),
        value=value,
        scenes=TLS,
        seen=0,
        settings={"connect_timeout": 0.2} if Hang() in actions else {},
    )


BEHAVIOURS = (
    _refused("self-signed", "self-signed certificate"),
    _refused("expired", "certificate has expired"),
    _refused("not yet valid", "certificate is not yet valid"),
    _refused("another host", "IP address mismatch"),
    _refused("another address", "IP address mismatch"),
    _refused("the name in the subject alone", "IP address mismatch"),
    _refused("unknown authority", "unable to get (local )?issuer certificate|self-signed"),
    _refused("an authority that is not sent", "unable to get local issuer certificate"),
    _refused("an authority that is none", "CA|authority|issuer"),
    _refused("for clients alone", "unsuitable|unsupported|purpose"),
    _refused("a key that is too short", "too (small|weak)"),
    Behaviour(
        name="speaks TLS 1.1 at most",
        rows=((Request(),),),
        value=Unsent("tls", "protocol|alert"),
        scenes=TLS,
        handshake="old protocol",
        seen=0,
    ),
    Behaviour(
        name="shares no cipher",
        rows=((Request(),),),
        value=Unsent("tls", "handshake failure|alert"),
        scenes=TLS,
        handshake="no shared cipher",
        seen=0,
    ),
    Behaviour(
        name="demands a client's certificate, in TLS 1.2",
        rows=((Request(),),),
        value=Unsent("tls", "handshake failure|alert"),
        scenes=TLS,
        handshake="client certificate demanded, 1.2",
        seen=0,
    ),
    Behaviour(
        name="demands a client's certificate, in TLS 1.3, where the client hears of it after its request",
        rows=((Request(),),),
        value=Broken("tls", "certificate required|alert"),
        scenes=TLS,
        handshake="client certificate demanded",
        seen=0,
    ),
    Behaviour(
        name="speaks TLS 1.2",
        rows=((Request(), Say(OK2)),),
        value=ok(b"{}", "Content-Length: 2"),
        scenes=TLS,
        handshake="TLS 1.2",
        kept=True,
    ),
    _cut("closes within the handshake", Close(), value=Unsent("tls", "EOF|closed")),
    _cut("resets within the handshake", Reset(), value=Unsent("tls", "reset")),
    _cut("is silent within the handshake", Hang(), value=Unsent("connect_timeout", "within 0.2 s")),
    _cut(
        "speaks HTTP on the port of TLS",
        SayRaw(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        Close(),
        value=Unsent("tls", "wrong version|record"),
    ),
    _cut(
        "refuses the handshake by an alert",
        SayRaw(HELLO_FATAL + b"\x28"),
        Close(),
        value=Unsent("tls", "handshake failure"),
    ),
    _cut(
        "says in the handshake that it does not know the name",
        SayRaw(HELLO_FATAL + b"\x70"),
        Close(),
        value=Unsent("tls", "unrecognized name"),
    ),
    _cut(
        "sends garbage for a handshake",
        SayRaw(b"\x16\x03\x03\x00\x10" + b"\xff" * 16),
        Close(),
        value=Unsent("tls", ""),
    ),
    _cut(
        "begins its handshake, and closes",
        SayRaw(b"\x16\x03\x03\x00\x40\x02\x00"),
        Close(),
        value=Unsent("tls", "EOF|closed"),
    ),
    _cut(
        "begins its handshake, and is silent",
        SayRaw(b"\x16\x03\x03\x00\x40\x02\x00"),
        Hang(),
        value=Unsent("connect_timeout", "within 0.2 s"),
    ),
    Behaviour(
        name="closes before the handshake",
        rows=((Close(),),),
        value=Unsent("tls", "EOF|closed|reset"),
        scenes=TLS,
        seen=0,
    ),
    Behaviour(
        name="sends a damaged record after the request",
        rows=((Request(), SayRaw(b"\x17\x03\x03\x00\x20" + b"\xff" * 32), Hang()),),
        value=Broken("tls", "bad record|decryption"),
        scenes=TLS,
    ),
    Behaviour(
        name="sends a damaged record within the body",
        rows=(
            (
                Request(),
                Say(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"),
                SayRaw(b"\x17\x03\x03\x00\x20" + b"\xff" * 32),
                Hang(),
            ),
        ),
        value=Broken("tls", "bad record|decryption", ok(b"{}", "Content-Length: 9")),
        scenes=TLS,
    ),
    Behaviour(
        name="goes on without TLS after the request",
        rows=((Request(), SayRaw(OK2), Hang()),),
        value=Broken("tls", "wrong version|record"),
        scenes=TLS,
    ),
    Behaviour(
        name="closes a connection that it has just accepted",
        rows=((Close(),),),
        value=Broken("reset", "reset|closed|[Bb]roken pipe"),
        scenes=PLAIN,
        seen=0,
    ),
)
