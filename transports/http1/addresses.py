"""Where a transport connects to: the origin and path that requests are relative to, and the proxy before it.

Neither holds a credential that shows: a base URL must have none, a proxy's is kept as `Secret`s.
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from importlib.util import find_spec
from urllib.parse import unquote

from msgspec import Struct
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from ...core.credentials import REDACTED
from ..network.refused_urls import check_url_path, check_url_text, refused_url
from ..network.secret import Hidden, Secret

_PORTS = {"http": 80, "https": 443}
_SOCKS = frozenset({"socks4", "socks4a", "socks5", "socks5h"})
_SOCKS_PORT = 1080


class Origin(Struct, frozen=True):
    """Where a base URL points: `path` precedes the path of each request, without a slash at its end."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The URL of the origin alone, without the path."""
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def server(self) -> str:
        """What `Host` says (RFC 9110, section 7.2)."""
        return self.url.partition("//")[2]


class Proxy(Struct, frozen=True):
    """A proxy, of HTTP or of SOCKS.

    `credentials` are for basic authentication (RFC 7617), encoded; `password` is what of them is secret. `login` is
    what SOCKS is told: the user and the password, None where there is none.
    """

    url: str
    credentials: Secret | None
    password: Secret | None
    login: tuple[str, str | None] | None = None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What is sent to the proxy, and must not be seen in what it answers."""
        return tuple(secret for secret in (self.credentials, self.password) if secret is not None)

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS, and so knows nothing of HTTP."""
        return self.url.startswith("socks")


def origin_of(base_url: str, parameter: str = "base_url") -> Origin:
    """Read a base URL. Raises `ValueError` for one that is not `http(s)://host[:port][/path]`.

    `parameter` is what it was given as, or the `Variable` that has it.
    """
    url = _parse(parameter, base_url)
    if "@" in base_url.partition("//")[2].partition("/")[0] or url.query is not None or url.fragment is not None:
        raise refused_url(parameter, base_url, "it must have no user, query or fragment")
    scheme, host, port = _server(parameter, base_url, url)
    check_url_path(parameter, base_url, url.path or "")
    return Origin(scheme, host, port, (url.path or "").rstrip("/"))


def proxy_of(proxy: str, parameter: str = "proxy") -> Proxy:
    """Read the URL of a proxy; without a scheme it is `http`. Raises `ValueError` for one of another kind.

    Those of SOCKS are `socks5h` and `socks4a`, which resolve the names of servers themselves, and `socks5` and
    `socks4`, which are given addresses.
    """
    url = _parse(parameter, proxy if "://" in proxy else "http://" + proxy)
    if url.query is not None or url.fragment is not None:
        raise refused_url(parameter, proxy, "it must have no query or fragment")
    if url.scheme in _SOCKS:
        return _socks_proxy(parameter, proxy, url)
    allowed = "it must be http://…, https://…, socks5h://…, socks5://…, socks4a://… or socks4://…, with a host"
    scheme, host, port = _server(parameter, proxy, url, allowed)
    credentials = password = None
    if url.auth:
        credentials = Secret(b64encode(unquote(url.auth).encode()).decode())
        user, _, password_given = url.auth.partition(":")
        password = _password(password_given or user)  # a token may be given as the user
    return Proxy(f"{scheme}://{host}:{port}", credentials, password)


def _socks_proxy(parameter: str, proxy: str, url: Url) -> Proxy:
    if not url.host:
        raise refused_url(parameter, proxy, "it must have a host")
    if url.port == 0:
        raise refused_url(parameter, proxy, _NO_PORT)
    if find_spec("socks") is None:
        reason = "for SOCKS it needs the package PySocks: install puresponse[socks]"
        raise refused_url(parameter, proxy, reason)
    password, login = None, None
    if url.auth:
        user, colon, password_given = url.auth.partition(":")
        password = _password(password_given or user)
        login = Hidden(unquote(user)), Hidden(unquote(password_given)) if colon else None
        if any(len(text.encode()) > _LONGEST_LOGIN for text in login if text):
            raise refused_url(parameter, proxy, f"its user and password may have {_LONGEST_LOGIN} bytes each")
    return Proxy(f"{url.scheme}://{url.host}:{url.port or _SOCKS_PORT}", None, password, login)


_LONGEST_LOGIN = 255
"""Bytes, of a user and of a password each (RFC 1929)."""


def _password(encoded: str) -> Secret | None:
    """A password as it is, or percent-encoded as in a URL where it has spaces or other letters than those of ASCII."""
    for text in (unquote(encoded), encoded):
        with suppress(ValueError):
            return Secret(text)
    return None


class _HiddenUrl(Url):
    """What a URL consists of, of which no report of a crash shows anything."""

    def __repr__(self) -> str:
        return REDACTED

    __str__ = __repr__


def _parse(parameter: str, text: str) -> Url:
    text = Hidden(text)
    check_url_text(parameter, text)
    try:
        url = _HiddenUrl(*parse_url(str.__str__(text)))
    except LocationParseError:
        url = None
    if url is not None and not (url.host or "").startswith("[") and "%" in (url.host or ""):
        url = None  # what urllib3 before 2.8 leaves encoded: no host has such a name
    if url is None:  # outside of the handler, so that the error does not keep one that shows all of the text
        raise refused_url(parameter, text, "that is no URL")
    return url


def _server(
    parameter: str, text: str, url: Url, allowed: str = "it must be http://… or https://…, with a host"
) -> tuple[str, str, int]:
    if url.scheme not in _PORTS or not url.host:
        raise refused_url(parameter, text, allowed)
    if url.port == 0:
        raise refused_url(parameter, text, _NO_PORT)
    return url.scheme, url.host, _PORTS[url.scheme] if url.port is None else url.port


_NO_PORT = "its port must be 1 to 65535: nothing listens on port 0"
