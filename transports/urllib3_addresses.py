"""Where a transport connects to: the origin and path that requests are relative to, and the proxy before it.

Neither holds a credential that shows: a base URL must have none, a proxy's is kept as a `Secret`.
"""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import unquote

from msgspec import Struct
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from ..core.errors import InvalidArgument
from .secret import REDACTED, Secret

_PORTS = {"http": 80, "https": 443}


class Origin(Struct, frozen=True):
    """Where a base URL points: `path` is what comes before the path of each request, without a slash at its end."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The URL of the origin alone, without the path."""
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


class Proxy(Struct, frozen=True):
    """An HTTP proxy; `credentials` are for basic authentication (RFC 7617), encoded."""

    url: str
    credentials: Secret | None


def origin_of(base_url: str) -> Origin:
    """Read a base URL. Raises `ValueError` for one that is not `http(s)://host[:port][/path]`."""
    url = _parse("base_url", base_url)
    if url.auth is not None or url.query is not None or url.fragment is not None:
        raise _refused("base_url", base_url, "it must have no user, query or fragment")
    scheme, host = _server("base_url", base_url, url)
    return Origin(scheme, host, url.port or _PORTS[scheme], (url.path or "").rstrip("/"))


def proxy_of(proxy: str) -> Proxy:
    """Read the URL of a proxy; without a scheme it is `http`. Raises `ValueError` for one that is not HTTP's."""
    url = _parse("proxy", proxy if "://" in proxy else f"http://{proxy}")
    scheme, host = _server("proxy", proxy, url)
    credentials = None
    if url.auth is not None:
        credentials = Secret(b64encode(unquote(url.auth).encode()).decode())
    return Proxy(f"{scheme}://{host}:{url.port or _PORTS[scheme]}", credentials)


def _parse(parameter: str, text: str) -> Url:
    if not text.isprintable() or " " in text:
        raise _refused(parameter, text, "it must have no spaces, line breaks or control characters")
    try:
        return parse_url(text)
    except LocationParseError:
        raise _refused(parameter, text, "that is no URL") from None


def _server(parameter: str, text: str, url: Url) -> tuple[str, str]:
    if url.scheme not in _PORTS or not url.host:
        raise _refused(parameter, text, "it must be http://… or https://…, with a host")
    return url.scheme, url.host


def _refused(parameter: str, text: str, reason: str) -> ValueError:
    # A user and password stand before an @; where there is one, nothing of the text is safe to show.
    shown = REDACTED if "@" in text else repr(text)
    return ValueError(str(InvalidArgument(parameter, f"it is {shown}; {reason}")))
