"""What a fetch rejects with, as the errors of the core.

Law: `NotSent` only where JavaScript says why no connection was made. Node.js does, in the `cause` of its error; a
browser tells nobody whether a name did not resolve, a server answered without permission (CORS) or the network failed,
so that everything which fails there is `Interrupted`.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ...core.errors import Interrupted, InterruptedKind, NotSent, NotSentKind

_LONGEST_REASON = 300
"""Characters. An error of OpenSSL names the file and the line, too."""

_NOT_SENT: dict[str, NotSentKind] = {
    "ENOTFOUND": "dns",
    "EAI_AGAIN": "dns",
    "EAI_FAIL": "dns",
    "EAI_NODATA": "dns",
    "ECONNREFUSED": "refused",
    "UND_ERR_CONNECT_TIMEOUT": "connect_timeout",
    "UND_ERR_INVALID_ARG": "invalid_request",
    "UND_ERR_NOT_SUPPORTED": "invalid_request",
    # What is found wrong with the certificate of the server ends the handshake, before anything is sent.
    "CERT_CHAIN_TOO_LONG": "tls",
    "CERT_HAS_EXPIRED": "tls",
    "CERT_NOT_YET_VALID": "tls",
    "CERT_REJECTED": "tls",
    "CERT_REVOKED": "tls",
    "CERT_SIGNATURE_FAILURE": "tls",
    "CERT_UNTRUSTED": "tls",
    "DEPTH_ZERO_SELF_SIGNED_CERT": "tls",
    "ERR_TLS_CERT_ALTNAME_INVALID": "tls",
    "HOSTNAME_MISMATCH": "tls",
    "INVALID_CA": "tls",
    "INVALID_PURPOSE": "tls",
    "SELF_SIGNED_CERT_IN_CHAIN": "tls",
    "UNABLE_TO_GET_ISSUER_CERT": "tls",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY": "tls",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE": "tls",
}
"""By the code of Node.js."""

_CONNECTING: dict[str, NotSentKind] = {"ETIMEDOUT": "connect_timeout"}
"""By code, for the system call `connect`; what is not here is `unreachable`."""

_INTERRUPTED: dict[str, InterruptedKind] = {
    "UND_ERR_HEADERS_TIMEOUT": "read_timeout",
    "UND_ERR_BODY_TIMEOUT": "read_timeout",
    "UND_ERR_HEADERS_OVERFLOW": "protocol",
    "ECONNRESET": "reset",
    "EPIPE": "reset",
    "EPROTO": "tls",
}


class _Details(Struct, frozen=True):
    """What an error and its cause tell: the latter is empty in a browser."""

    kind: str
    code: str
    system_call: str
    reason: str


def not_answered(error: Any) -> NotSent | Interrupted:
    """The error for a fetch that received no head of an answer."""
    details = _details(error)
    kind = _not_sent_kind(details)
    if kind is not None:
        return NotSent(kind, details.reason)
    return Interrupted(_interrupted_kind(details, "reset"), details.reason)


def broken_off(error: Any) -> Interrupted:
    """The error for a body that could not be read to its end."""
    details = _details(error)
    return Interrupted(_interrupted_kind(details, "truncated"), details.reason)


def _not_sent_kind(details: _Details) -> NotSentKind | None:
    if details.code in _NOT_SENT:
        return _NOT_SENT[details.code]
    if details.system_call == "connect":
        return _CONNECTING.get(details.code, "unreachable")
    if "before secure TLS connection was established" in details.reason:
        return "tls"
    # An answer that is not TLS at all. On a connection that is made, another part of OpenSSL would have found it.
    if details.code == "ERR_SSL_WRONG_VERSION_NUMBER" and "tlsany_meth" in details.reason:
        return "tls"
    return "invalid_request" if details.reason == "bad port" else None


def _interrupted_kind(details: _Details, otherwise: InterruptedKind) -> InterruptedKind:
    if details.kind == "HTTPParserError":
        return "protocol"
    return "tls" if details.code.startswith("ERR_SSL") else _INTERRUPTED.get(details.code, otherwise)


def _details(error: Any) -> _Details:
    cause = getattr(error, "cause", None)
    source = error if cause is None else cause
    return _Details(
        kind=_text(source, "name"),
        code=_text(source, "code") if cause is not None else "",
        system_call=_text(source, "syscall"),
        reason=(_text(source, "message") or _text(error, "message") or type(error).__name__)[:_LONGEST_REASON],
    )


def _text(value: Any, name: str) -> str:
    text = getattr(value, name, None)
    return text if isinstance(text, str) else ""
