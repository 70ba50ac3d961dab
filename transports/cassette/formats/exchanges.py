"""Exchanges as other programs record them, with whole URLs and all headers, as recordings; and back.

Law: a recording has no server. The base URL is the one that is given, or what precedes the first segment of a path
that is known from the API; it is listed, once for each server. Headers that a cassette does not keep are listed.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from ....core.credentials import names_a_credential
from ....core.errors import Interrupted, NotSent
from ....core.http import HttpRequest, HttpResponse, Pairs, find_header
from ..canned_answers import StreamedResponse
from ..format import Recording, check_headers, with_headers
from .carried import NotCarried

BASE_URL = "https://api.openai.com/v1"
"""Where requests went, as far as nobody says."""

A_CREDENTIAL = "a credential"
OTHER_HEADER = "a header that is not among those kept"
"""Why a header is not carried over."""

_KNOWN = frozenset(
    {
        "assistants",
        "audio",
        "batches",
        "chat",
        "completions",
        "containers",
        "conversations",
        "embeddings",
        "evals",
        "files",
        "fine_tuning",
        "images",
        "models",
        "moderations",
        "realtime",
        "responses",
        "threads",
        "uploads",
        "vector_stores",
        "videos",
    }
)
"""With what the paths of the API begin."""

_MOST = 64 * 2**20
"""Bytes that a body becomes at most when its coding is removed."""


class Exchange(NamedTuple):
    """An exchange, as it is in a file; the places say where."""

    method: str
    url: str
    request_headers: Pairs
    request_body: bytes | None
    status: int
    response_headers: Pairs
    response_body: bytes
    url_place: str
    request_place: str
    response_place: str
    after: float = 0.0


class Receiver:
    """Makes recordings of the exchanges of a file, and lists what of them is not carried over."""

    def __init__(self, notes: list[NotCarried], base_url: str | None, keep_headers: Collection[str]) -> None:
        self.recordings: list[Recording] = []
        self.notes = notes
        self.base_url = base_url
        self._base = None if base_url is None else check_base(base_url)
        self._kept = check_headers(keep_headers)
        self._servers: set[str] = set()

    def add(self, exchange: Exchange) -> None:
        """Record an exchange. One with another server than that of the base URL that was given is listed instead."""
        base, path, query = self._target(exchange)
        if path is None:
            self._note(exchange.url_place, "the exchange is with another server than that of the base URL")
            return
        if base not in self._servers:
            self._servers.add(base)
            self._note(exchange.url_place, f"a cassette has no server: this one is {base}")
        for name, _ in query:
            if names_a_credential(name):
                self._note(f"{exchange.url_place}?{name}", "a credential, kept as [redacted]")
        request = HttpRequest(exchange.method.upper(), path, query, exchange.request_headers, exchange.request_body)
        answer = HttpResponse(status=exchange.status, headers=exchange.response_headers, body=exchange.response_body)
        recording = with_headers(Recording(request, answer, exchange.after), self._kept)
        self._list_headers(exchange.request_place, request.headers)
        self._list_headers(exchange.response_place, answer.headers)
        self.recordings.append(recording)

    def _target(self, exchange: Exchange) -> tuple[str, str | None, Pairs]:
        try:
            parts = urlsplit(exchange.url)
            query = tuple(parse_qsl(parts.query, keep_blank_values=True, errors="strict"))
            server = f"{parts.scheme}://{parts.hostname or ''}" + (f":{parts.port}" if parts.port else "")
        except ValueError as error:
            raise ValueError(f"{exchange.url_place}: is no URL: {error}") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{exchange.url_place}: is no URL with http or https")
        if parts.fragment:
            self._note(exchange.url_place, "a fragment is not sent")
        if self._base is not None:
            of_server, of_path = self._base
            inside = server == of_server and (parts.path == of_path or parts.path.startswith(f"{of_path}/"))
            return self.base_url or "", parts.path.removeprefix(of_path) or "/" if inside else None, query
        before, path = _split(parts.path)
        return server + before, path, query

    def _list_headers(self, place: str, headers: Pairs) -> None:
        for name, _ in headers:
            lowered = name.lower()
            if lowered in self._kept or lowered.startswith("x-ratelimit-"):
                continue
            secret = names_a_credential(name)
            self._note(f"{place}.{lowered}", A_CREDENTIAL if secret else OTHER_HEADER)

    def _note(self, place: str, reason: str) -> None:
        self.notes.append(NotCarried(place, reason))


def sent_body(body: bytes | None, headers: Pairs) -> bytes | None:
    """The body of a request; formats that do not tell none from one of no bytes have the headers tell it."""
    return body or (b"" if find_header(headers, "content-length") == "0" else None)


def sent_headers(request: HttpRequest) -> Pairs:
    """The headers of a request, which tell a body of no bytes from none, as formats do not."""
    if request.body != b"" or find_header(request.headers, "content-length") is not None:
        return request.headers
    return (*request.headers, ("content-length", "0"))


def without_coding(body: bytes, headers: Pairs, place: str) -> bytes:
    """A body without its content coding. Raises `ValueError` for one that is too large, damaged, or not known."""
    coding = (find_header(headers, "content-encoding") or "identity").strip().lower()
    gzipped = body.startswith(b"\x1f\x8b")
    if coding == "identity" or not body or (coding in ("gzip", "x-gzip") and not gzipped):
        return body
    if coding not in ("gzip", "x-gzip", "deflate"):
        if _is_text(body):  # as where the program that recorded it removed the coding, and left the header
            return body
        raise ValueError(f"{place}: the content coding {coding!r} is not known here")
    decoder = zlib.decompressobj(wbits=47 if gzipped or body[:1] == b"\x78" else -15)
    try:
        decoded = decoder.decompress(body, _MOST + 1)
    except zlib.error as error:
        if coding == "deflate" and _is_text(body):
            return body
        raise ValueError(f"{place}: is not coded by {coding}: {error}") from None
    if len(decoded) > _MOST:
        raise ValueError(f"{place}: becomes more than {_MOST // 2**20} MiB without its content coding")
    return decoded


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def check_base(base_url: str) -> tuple[str, str]:
    """The server and the path of a base URL. Raises `ValueError` for one that is none."""
    try:
        parts = urlsplit(base_url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise ValueError(f"base_url: {base_url!r} is no URL: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"base_url: {base_url!r} is no URL with http or https, without a query")
    if parts.username is not None or parts.password is not None:
        raise ValueError("base_url: it has a credential")
    return f"{parts.scheme}://{parts.hostname}{port}", parts.path.rstrip("/")


def url_of(request: HttpRequest, base_url: str) -> str:
    """The whole URL of a request."""
    server, path = check_base(base_url)
    query = f"?{urlencode(request.query)}" if request.query else ""
    return f"{server}{path}{request.path}{query}"


def whole_response(recording: Recording, place: str, notes: list[NotCarried], *, times: bool) -> HttpResponse | None:
    """The response as one without chunks and times; None for a recording that is not carried over, which is listed."""
    answer = recording.answer
    if isinstance(answer, NotSent | Interrupted):
        notes.append(NotCarried(f"{place}.failure", f"the format has no failures ({answer.kind}): the whole recording"))
        return None
    if recording.after and not times:
        notes.append(NotCarried(f"{place}.after", "the format has no times"))
    if isinstance(answer, HttpResponse):
        return answer
    if answer.error is not None:
        reason = f"the format has no bodies that break off ({answer.error.kind}): the whole recording"
        notes.append(NotCarried(f"{place}.failure", reason))
        return None
    if len(answer.chunks) > 1:
        notes.append(NotCarried(f"{place}.response.body.chunks", "the format has whole bodies: where chunks begin"))
    if any(answer.delays) and not times:
        notes.append(NotCarried(f"{place}.response.body.chunks[*].after", "the format has no times"))
    return HttpResponse(status=answer.status, headers=answer.headers, body=b"".join(answer.chunks))


def seconds_of(recording: Recording) -> tuple[float, float]:
    """How long an answer took to begin, and its body from there to its end."""
    answer = recording.answer
    return recording.after, sum(answer.delays) if isinstance(answer, StreamedResponse) else 0.0


def grouped(pairs: Pairs) -> dict[str, list[str]]:
    """Headers as an object from names to lists of values."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _split(path: str) -> tuple[str, str]:
    """A path as that of the base URL and what follows it."""
    segments = path.split("/")
    for index, segment in enumerate(segments):
        if segment in _KNOWN:
            return "/".join(segments[:index]), "/" + "/".join(segments[index:])
    if "v1" in segments:
        index = segments.index("v1") + 1
        return "/".join(segments[:index]), "/" + "/".join(segments[index:])
    return "", path or "/"
