"""From a request of the core to what urllib3 is given, in the form that it reads fastest."""

from __future__ import annotations

from collections.abc import Mapping

from urllib3 import HTTPHeaderDict

from ...core.http import HttpRequest, Pairs
from ..network.request_target import Outgoing


class _Repeated(HTTPHeaderDict):
    """Headers some of which are repeated. urllib3's own would show a credential among them."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self.iteritems())})"


class OutgoingByUrllib3(Outgoing):
    """What all requests of a transport have in common, as urllib3 takes it."""

    def __init__(self, prefix: str, headers: Pairs, query: Pairs) -> None:
        super().__init__(prefix, headers, query)
        self._headers = dict(headers)

    def headers(self, request: HttpRequest) -> Mapping[str, str]:
        """The headers to send. Raises `ValueError` for what is no header."""
        own = request.headers
        if not own:
            return self._headers
        defaults = self.defaults(own)
        merged = dict(defaults)
        merged.update(own)
        if len(merged) == len(defaults) + len(own):
            return merged
        repeated = _Repeated(defaults)
        for name, value in own:
            repeated.add(name, value)
        return repeated
