"""What the conventions of OpenTelemetry call what is known of an exchange.

Law: names and values are those of the HTTP client conventions that are stable; what has none there begins with
`puresponse.`. No value holds a credential. https://opentelemetry.io/docs/specs/semconv/http/http-spans/
"""

from __future__ import annotations

from typing import TypeAlias
from urllib.parse import urlsplit

from msgspec import Struct

from ...core.credentials import hide_pairs
from ...core.errors import Error, Interrupted, NotSent
from ...core.http import HttpRequest, HttpResponse
from ...core.results import is_failure
from ...core.steps import Answer
from ..network.query import encode_query
from ..network.refused_urls import check_url_text, refused_url

Attributes: TypeAlias = dict[str, str | int | list[str] | list[int]]

DURATION = "http.client.request.duration"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Seconds, as the conventions advise."""

_KNOWN_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_COLLECTIONS = frozenset(
    {"cancel", "compact", "conversations", "input_items", "input_tokens", "items", "models", "responses"}
)
"""The parts of a path that are the API's own. Any other is an id, of which there are too many for names of spans."""


class Server(Struct, frozen=True):
    """Where requests go; `url` is what their paths are relative to."""

    url: str
    address: str
    port: int


def server_of(base_url: str) -> Server:
    """Read a base URL. Raises `ValueError` for one that is not `http(s)://host[:port][/path]`."""
    check_url_text("base_url", base_url)
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in _DEFAULT_PORTS or not host:
        raise refused_url("base_url", base_url, "it must be http://… or https://…, with a host")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise refused_url("base_url", base_url, "it must have no user, query or fragment")
    return Server(base_url.rstrip("/"), host, _DEFAULT_PORTS[parts.scheme] if port is None else port)


def name_of(request: HttpRequest) -> str:
    """The name of an attempt's span: the method, and the path without ids."""
    parts = [part if part in _COLLECTIONS else "{id}" for part in request.path.split("/")[1:]]
    return f"{_method(request)} /{'/'.join(parts)}"


def request_attributes(request: HttpRequest, server: Server, protocol_version: str | None = None) -> Attributes:
    """What is known before an attempt; it is also what its duration is counted under, but for the URL."""
    query = encode_query(hide_pairs(request.query))
    found: Attributes = {
        "http.request.method": _method(request) if request.method in _KNOWN_METHODS else "_OTHER",
        "server.address": server.address,
        "server.port": server.port,
        "url.full": server.url + request.path + (f"?{query}" if query else ""),
    }
    if request.method not in _KNOWN_METHODS:
        found["http.request.method_original"] = request.method
    if protocol_version is not None:
        found["network.protocol.version"] = protocol_version
    return found


def counted_under(request: Attributes, answer: Attributes) -> dict[str, str | int]:
    """What the duration of an attempt is counted under: whatever has few values."""
    few = (
        "http.request.method",
        "server.address",
        "server.port",
        "network.protocol.version",
        "http.response.status_code",
        "error.type",
    )
    both = {**request, **answer}
    return {name: value for name in few if isinstance(value := both.get(name), str | int)}


def answer_attributes(answer: Answer) -> Attributes:
    """What is known once an attempt is answered."""
    if is_failure(answer):
        return {"error.type": error_type(answer.failure())}
    response: HttpResponse = answer.unwrap()
    found: Attributes = {"http.response.status_code": response.status}
    if (request_id := response.header("x-request-id")) is not None:
        found["http.response.header.x-request-id"] = [request_id]
    if response.status >= 400:
        found["error.type"] = str(response.status)
    return found


def error_type(error: Error | BaseException) -> str:
    """What kind of error it is: the `kind` of one of the network, else the name of its type."""
    if isinstance(error, NotSent | Interrupted):
        return error.kind
    if isinstance(error, BaseException):
        kind = type(error)
        return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return type(error).__name__


def response_id(value: object) -> str | None:
    """The id of the response that a result is, or that an error is about."""
    found: object = getattr(value, "response_id", None)
    if found is None and getattr(value, "object", None) == "response":
        found = getattr(value, "id", None)
    return found if isinstance(found, str) else None


def _method(request: HttpRequest) -> str:
    return request.method if request.method in _KNOWN_METHODS else "HTTP"
