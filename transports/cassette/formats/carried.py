"""What is carried over between a cassette and another program's file; and what is not, in words.

Law: nothing is just dropped: what one form has and the other has not is in `left_behind`, with its place.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

from ....core.http import HttpRequest, HttpResponse, Pairs
from ..canned_answers import StreamedResponse
from ..format import KEPT_HEADERS, Recording

FRAMING = frozenset({"connection", "content-length", "host", "keep-alive", "transfer-encoding"})
"""Headers that say how bytes were sent, and nothing of what was."""


class Imported(Struct, frozen=True):
    """The recordings of another program's file, and what is not among them."""

    recordings: tuple[Recording, ...]
    left_behind: tuple[str, ...] = ()


class Exported(Struct, frozen=True):
    """A file for another program, and what is not in it."""

    data: bytes
    left_behind: tuple[str, ...] = ()


class Notes:
    """What is left behind, as it is found: each thing once."""

    def __init__(self) -> None:
        self._told: dict[str, None] = {}

    def __call__(self, number: int, what: str) -> None:
        """Note that `what` of a recording, counted from 1, is not carried over."""
        self._told.setdefault(f"recording {number}: {what}")

    @property
    def told(self) -> tuple[str, ...]:
        """All of it."""
        return tuple(self._told)


def request_of(method: str, url: str, headers: Pairs, body: bytes | None, base_url: str) -> HttpRequest:
    """A request without its server. Raises `ValueError` for a URL that is not under `base_url`."""
    base = base_url.rstrip("/")
    target = urlsplit(url)
    origin_and_path = f"{target.scheme}://{target.netloc}{target.path}"
    if not (origin_and_path + "/").startswith(base + "/"):
        raise ValueError(f"{origin_and_path} is not under {base}")
    path = origin_and_path.removeprefix(base) or "/"
    return HttpRequest(method, path, tuple(parse_qsl(target.query, keep_blank_values=True)), headers, body)


def common_base(urls: Iterable[str]) -> str:
    """The base URL of all these: up to `/v1` where it is there, and the server alone where not."""
    for url in urls:
        target = urlsplit(url)
        before, version, _ = f"{target.path}/".partition("/v1/")
        return f"{target.scheme}://{target.netloc}{before + '/v1' if version else ''}"
    return "https://api.openai.com/v1"


def note_headers(note: Notes, number: int, whose: str, headers: Pairs, keep_headers: Iterable[str]) -> None:
    """Note which headers a cassette does not keep."""
    kept = KEPT_HEADERS | {name.lower() for name in keep_headers} | FRAMING
    for name, _ in headers:
        if name.lower() not in kept and not name.lower().startswith("x-ratelimit-"):
            note(number, f"header {name.lower()} of the {whose}")


def decoded(body: bytes, headers: Pairs, note: Notes, number: int) -> bytes:
    """A body without the coding in which it was sent, where that can be undone."""
    coding = next((value.strip().lower() for name, value in headers if name.lower() == "content-encoding"), "")
    if coding in {"", "identity"} or not body:
        return body
    if coding in {"gzip", "x-gzip", "deflate"}:
        try:
            return zlib.decompress(body, 47)
        except zlib.error:
            return body  # decoded already: the header alone was left
    note(number, f"the coding {coding} of the body, which is as it was sent")
    return body


def as_whole(answer: HttpResponse | StreamedResponse, note: Notes, number: int) -> HttpResponse:
    """An answer with its body in one, and what is lost by that noted."""
    if isinstance(answer, HttpResponse):
        return answer
    if answer.error is not None:
        note(number, f"that the body broke off ({answer.error.kind})")
    if len(answer.chunks) > 1:
        note(number, "the boundaries of chunks")
    if answer.delays:
        note(number, "the times of chunks")
    return HttpResponse(status=answer.status, headers=answer.headers, body=b"".join(answer.chunks))
