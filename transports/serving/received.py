"""A request as a server has read it, whatever server that is."""

from __future__ import annotations

from msgspec import Struct

from ...core.http import Pairs


class Received(Struct, frozen=True):
    """A request as a server has read it, credentials and all.

    - `path`: as it was sent, percent-encoded, without its query.
    - `query`: decoded.
    - `headers`: their names in small letters.
    - `body`: None where the request says nothing of one.
    - `scheme`: `http`, or `https` where a server in front of this one says so.
    """

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes | None = None
    scheme: str = "http"

    def header(self, name: str) -> str | None:
        """The first value of a header whose `name` is given in small letters."""
        return next((value for found, value in self.headers if found == name), None)

    def bearer(self) -> str | None:
        """The credential of `Authorization: Bearer` (RFC 6750, section 2.1); None without one."""
        scheme, _, credential = (self.header("authorization") or "").partition(" ")
        return (credential.strip() or None) if scheme.lower() == "bearer" else None

    def path_under(self, prefix: str) -> str | None:
        """What follows `prefix` in the path: nothing, or a path with its slash; None where it is not under it."""
        if self.path != prefix and not self.path.startswith(f"{prefix}/"):
            return None
        return self.path[len(prefix) :]
