"""What a fetch rejects with, as the errors of the core.

Law: `NotSent` only where the host says why no connection came about. Node.js does, in the `cause` of its error; a
browser tells nobody whether a name did not resolve, a server answered without leave (CORS) or the network broke, so
that everything which fails there is `Interrupted`.
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
"""By the code that Node.js gives."""

_CONNECTING: dict[str, NotSentKind] = {"ETIMEDOUT": "connect_timeout"}
"""By code, for the system call `connect`; what is not here is `unreachable`."""

_CUT: dict[str, InterruptedKind] = {
    "UND_ERR_HEADERS_TIMEOUT": "read_timeout",
    "UND_ERR_BODY_TIMEOUT": "read_timeout",
    "UND_ERR_HEADERS_OVERFLOW": "protocol",
    "ECONNRESET": "reset",
    "EPIPE": "reset",
    "EPROTO": "tls",
}


class _Said(Struct, frozen=True):
    """What an error says of itself, and what its cause does: the latter is nothing in a browser."""

    kind: str
    code: str
    system_call: str
    reason: str


def not_answered(error: Any) -> NotSent | Interrupted:
    """The error for a fetch that came to no head of an answer."""
    said = _said(error)
    unsent = _unsent(said)
    return Interrupted(_cut(said, "reset"), said.reason) if unsent is None else NotSent(unsent, said.reason)


def broken_off(error: Any) -> Interrupted:
    """The error for a body that could not be read to its end."""
    said = _said(error)
    return Interrupted(_cut(said, "truncated"), said.reason)


def _unsent(said: _Said) -> NotSentKind | None:
    if said.code in _NOT_SENT:
        return _NOT_SENT[said.code]
    if said.system_call == "connect":
        return _CONNECTING.get(said.code, "unreachable")
    if "before secure TLS connection was established" in said.reason:
        return "tls"
    # An answer that is not TLS at all. On a connection that stands, another part of OpenSSL would have found it.
    if said.code == "ERR_SSL_WRONG_VERSION_NUMBER" and "tlsany_meth" in said.reason:
        return "tls"
    return "invalid_request" if said.reason == "bad port" else None


def _cut(said: _Said, otherwise: InterruptedKind) -> InterruptedKind:
    if said.kind == "HTTPParserError":
        return "protocol"
    return "tls" if said.code.startswith("ERR_SSL") else _CUT.get(said.code, otherwise)


def _said(error: Any) -> _Said:
    cause = getattr(error, "cause", None)
    teller = error if cause is None else cause
    return _Said(
        kind=_text(teller, "name"),
        code=_text(teller, "code") if cause is not None else "",
        system_call=_text(teller, "syscall"),
        reason=(_text(teller, "message") or _text(error, "message") or type(error).__name__)[:_LONGEST_REASON],
    )


def _text(value: Any, name: str) -> str:
    text = getattr(value, name, None)
    return text if isinstance(text, str) else ""
