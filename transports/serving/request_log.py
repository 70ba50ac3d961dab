"""A line for each request that a server answered: what was asked, what became of it, and how it ended.

Law: no line has a body or a credential: what is one by its name is `[redacted]`. Nor has one a line break or an escape
sequence of a client's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, TypeAlias

from msgspec import Struct, json

from ...codecs.lossless.plain import JsonObject
from ...core.credentials import REDACTED, hide_pairs
from ...core.http import Pairs
from ..network.query import encode_query

Ended: TypeAlias = Literal["complete", "client left", "broke off"]
"""How an answer ended: whole; or given up, since nobody was there any more; or cut off, as by a fault plan."""


class LogEntry(Struct, frozen=True):
    """A request and what became of it.

    - `at`: when it arrived, in seconds since 1970; `seconds`: from then to the end of the answer.
    - `path`: as it was sent. `query`: what it has of credentials is shown by no form.
    - `status`: None where there was no answer. `sent`: the bytes of its body.
    - `request_id`: that of the answer. `scope`: the name that the request gave, if it gave one.
    """

    at: float
    method: str
    path: str
    query: Pairs
    status: int | None
    seconds: float
    sent: int
    ended: Ended
    request_id: str | None = None
    scope: str | None = None

    def as_text(self) -> str:
        """A line to read.

        >>> LogEntry(1.75e9, "GET", "/v1/models", (("sig", "hush"),), 200, 0.0012, 5, "complete", "req_1").as_text()
        '2025-06-15 15:06:40Z GET /v1/models?sig=[redacted] 200 1.2 ms 5 B req_1'
        """
        status = "-" if self.status is None else str(self.status)
        words = [f"{_day(self.at):%Y-%m-%d %H:%M:%SZ}", self.method, self._target(), status]
        words += [f"{1000 * self.seconds:.1f} ms", f"{self.sent} B"]
        words += [word for word in (self.request_id, self.scope and f"scope {self.scope}") if word]
        if self.ended != "complete":
            words.append(f"({self.ended})")
        return "".join(character if character.isprintable() else "?" for character in " ".join(words))

    def as_json(self) -> str:
        """A line of JSON. `ms` are milliseconds, `time` is in UTC."""
        shown: JsonObject = {
            "time": _day(self.at).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "method": self.method,
            "path": self._target(),
            "status": self.status,
            "ms": round(1000 * self.seconds, 1),
            "bytes": self.sent,
            "ended": self.ended,
            "request_id": self.request_id,
            "scope": self.scope,
        }
        return json.encode(shown).decode()

    def _target(self) -> str:
        if not self.query:
            return self.path
        query = encode_query(hide_pairs(self.query))
        return f"{self.path}?{query.replace(encode_query(((REDACTED, ''),))[:-1], REDACTED)}"


def _day(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
