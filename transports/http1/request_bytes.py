"""From a request of the core to the bytes that are sent (RFC 9112, section 3), of which no report of a crash shows any.

Law: one request is one row of bytes, head and body, sent at once. A header of the request overrides a default of the
same name, `Host` and `Accept-Encoding` too.
"""

from __future__ import annotations

from ...core.credentials import REDACTED
from ...core.http import HttpRequest, Pairs, find_header
from ..network.query import encode_query
from ..network.request_target import Outgoing
from ..network.secret import Hidden

_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE", "TRACE", "OPTIONS", "CONNECT"})
"""Methods of which a request without a body does not say that it has none (RFC 9110, section 8.6)."""


class HiddenBytes(bytes):
    """Bytes that show as redacted, for a tool that reports a crash prints the variables of frames."""

    __slots__ = ()

    def __repr__(self) -> str:
        return REDACTED

    __str__ = __repr__


class OutgoingBytes(Outgoing):
    """What all requests of a transport have in common, as bytes.

    Args:
        prefix: What precedes the path of every request.
        server: The value of `Host`.
        headers: The headers of a request that has none of that name.
        query: The query parameters of a request that has none of that name.
        hidden_query: The same for those that are credentials.
    """

    def __init__(self, prefix: str, server: str, headers: Pairs, query: Pairs, hidden_query: Pairs = ()) -> None:
        given = {name.lower() for name, _ in headers}
        first = (("Host", server), ("Accept-Encoding", "identity"))
        own = tuple(pair for pair in first if pair[0].lower() not in given)
        super().__init__(prefix, (*own, *headers), query)
        self._hidden_query = hidden_query
        self._usual = HiddenBytes(_lines((*own, *headers)))

    def target(self, request: HttpRequest) -> str:
        """Where the request goes: the path with the query. Raises `ValueError` for what is no path or method."""
        target = super().target(request)
        if not self._hidden_query:
            return target
        names = {name for name, _ in (*self.query, *request.query)}
        added = encode_query(tuple(pair for pair in self._hidden_query if pair[0] not in names))
        return Hidden(f"{target}{'&' if '?' in target else '?'}{added}") if added else target

    def bytes_of(self, request: HttpRequest, credential: tuple[str, str] | None = None) -> HiddenBytes:
        """The request as it is sent. Raises `ValueError` for one that HTTP cannot carry.

        `credential` is a header more, where the request has none of that name.
        """
        target = self.target(request)
        own, body = request.headers, request.body
        headers = HiddenBytes(_lines((*self.defaults(own), *own))) if own else self._usual
        if credential is not None and find_header(own, credential[0]) is None:
            headers = HiddenBytes(headers + HiddenBytes(_lines((credential,))))
        if body is None:
            length = "" if request.method.upper() in _WITHOUT_BODY else "Content-Length: 0\r\n"
            body = b""
        else:
            length = f"Content-Length: {len(body)}\r\n"
        line = HiddenBytes(str.__str__(f"{request.method} ").encode() + str.encode(target) + b" HTTP/1.1\r\n")
        return HiddenBytes(b"".join((line, headers, length.encode(), b"\r\n", body)))


def _lines(headers: Pairs) -> bytes:
    return b"".join(b"%b: %b\r\n" % (name.encode("ascii"), str.encode(value, "latin-1")) for name, value in headers)
