"""One HTTP exchange as two values: a request, which is what is to be sent, and a response, which is what was received.

A request names neither server nor credential: those belong to the transport that sends it. So no request, and nothing
made of requests (operations, logs, pickles, cassettes), can leak a key.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from ..codecs.lossless.shown import shown

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values in order; a name may occur more than once."""

LONGEST_TIMEOUT = 2_000_000.0
"""Seconds that a transport takes as a limit. Some systems count the milliseconds of one in 31 bits."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""What only reads (RFC 9110, section 9.2.1)."""


class HttpRequest(Struct, frozen=True, repr_omit_defaults=True):
    """A request, relative to the base URL of whatever transport sends it.

    `method` is that of RFC 9110, in capitals. `headers` are pairs, without those that the transport adds, and without
    credentials. `path` starts with a slash and is percent-encoded; `query` is not yet. `body` is None where the request
    has none, and empty where it has one of no bytes (`Content-Length: 0`). `idempotent` says that sending it twice does
    no more than sending it once (RFC 9110, section 9.2.2), so that it is repeated after an interruption. `timeout` is
    the read timeout in seconds; None leaves that to the transport. `total` is how many seconds the whole exchange may
    take, from the call to the end of the body: what takes longer is an `Interrupted` (`read_timeout`), or a `NotSent`
    (`connect_timeout`) where nothing was sent by then; None sets no limit.
    """

    __repr__ = shown

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes | None = None
    idempotent: bool = False
    timeout: float | None = None
    total: float | None = None


class HttpResponse(Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """A response, its body read whole.

    `status` is of three digits, `headers` are pairs in the order of the answer, `body` is what was received, content
    codings removed. `after_interruption` is not the server's: `retrying` sets it where an earlier attempt at the same
    request was cut off and may have been acted upon, so that a 404 on a repeated delete can be distinguished from one
    on a first. A request that only reads leaves nothing to be acted upon.
    """

    __repr__ = shown

    status: int
    headers: Pairs = ()
    body: bytes = b""
    after_interruption: bool = False

    @property
    def is_success(self) -> bool:
        """True for a status of 200 to 299."""
        return 200 <= self.status < 300

    def header(self, name: str) -> str | None:
        """The first header of that `name`, in any case (RFC 9110, section 5.1); None where there is none."""
        return find_header(self.headers, name)


def find_header(headers: Pairs, name: str) -> str | None:
    """The value of the first of `headers` that is called `name` in any case; None where there is none."""
    wanted, length = name.lower(), len(name)
    for key, value in headers:
        if len(key) == length and key.lower() == wanted:
            return value
    return None
