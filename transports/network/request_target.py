"""From a request of the core to what is sent: the target, and the headers with those that every request has.

A header or parameter of the request overrides a default of the same name, in any case. A request that cannot arrive as
it is raises `ValueError` here, before anything is sent.
"""

from __future__ import annotations

from ...core.http import HttpRequest, Pairs
from ...core.http_syntax import check_header, check_method, check_path
from .query import encode_query


class Outgoing:
    """What all requests of a transport have in common.

    Args:
        prefix: What precedes the path of every request.
        headers: The headers of a request that has none of that name. Names differ, in any case.
        query: The query parameters of a request that has none of that name.
    """

    def __init__(self, prefix: str, headers: Pairs, query: Pairs) -> None:
        self._prefix = prefix
        self.query = query
        self._by_name = tuple((check_header(name, value), name, value) for name, value in headers)

    def target(self, request: HttpRequest) -> str:
        """Where the request goes: the path with the query. Raises `ValueError` for what is no path or method."""
        check_method(request.method)
        check_path(request.path)
        query = self._joined(request.query) if self.query else request.query
        if not query:
            return self._prefix + request.path
        return f"{self._prefix}{request.path}?{encode_query(query)}"

    def defaults(self, own: Pairs) -> Pairs:
        """The headers of every request that are not among its `own`. Raises `ValueError` for what is no header."""
        names = {check_header(name, value) for name, value in own}
        return tuple((name, value) for lower, name, value in self._by_name if lower not in names)

    def _joined(self, own: Pairs) -> Pairs:
        names = {name for name, _ in own}
        return tuple(pair for pair in self.query if pair[0] not in names) + own
