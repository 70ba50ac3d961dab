"""Query parameters that are credentials: they are added to the target of a request where urllib3 does not see them.

urllib3 writes every target into its log (`DEBUG`), and passes it from function to function as a plain string, which a
report of a crash would show. So it is given the target without them, and the connection adds them as it writes.
"""

from __future__ import annotations

from typing import Any, ClassVar

from urllib3.connection import HTTPConnection

from ...core.http import Pairs
from ..network.query import decode_query, encode_query


class HiddenQueryConnection(HTTPConnection):
    """A connection that adds `hidden_query` to what it asks for; one of that name in a request overrides it."""

    hidden_query: ClassVar[Pairs] = ()

    def putrequest(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        """Begin to write a request."""
        super().putrequest(method, _with(url, self.hidden_query), *args, **kwargs)


def _with(target: str, pairs: Pairs) -> str:
    _, mark, query = target.partition("?")
    names = {name for name, _ in decode_query(query)}
    added = encode_query(tuple(pair for pair in pairs if pair[0] not in names))
    return f"{target}{'&' if mark else '?'}{added}" if added else target
