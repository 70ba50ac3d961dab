"""HTTP archives (HAR 1.2), as browsers and proxies save them: read and written.

http://www.softwareishard.com/blog/har-12-spec/
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from msgspec import UNSET, Struct, UnsetType, json

from ....codecs.lossless.building import decoder_of
from ....codecs.lossless.errors import REFUSALS
from ....core.errors import Interrupted, NotSent
from ....core.http import HttpResponse, Pairs, find_header
from ..format import Recording, check_headers, with_headers
from .carried import Exported, Imported, Notes, as_whole, common_base, note_headers, request_of


class _Pair(Struct, frozen=True):
    name: str
    value: str = ""


class _PostData(Struct, frozen=True, rename="camel"):
    mime_type: str = ""
    text: str | None = None
    encoding: str | None = None
    params: list[Any] = []


class _Request(Struct, frozen=True, rename="camel"):
    method: str
    url: str
    headers: list[_Pair] = []
    post_data: _PostData | None = None


class _Content(Struct, frozen=True, rename="camel"):
    text: str | None = None
    encoding: str | None = None
    size: float = 0


class _Response(Struct, frozen=True, rename="camel"):
    status: int
    headers: list[_Pair] = []
    content: _Content = _Content()


class _Entry(Struct, frozen=True, rename="camel"):
    request: _Request
    response: _Response
    time: float = 0.0


class _Log(Struct, frozen=True):
    version: str
    entries: list[_Entry]


class _Har(Struct, frozen=True):
    log: _Log | UnsetType = UNSET


def import_har(data: bytes, *, base_url: str | None = None, keep_headers: Collection[str] = ()) -> Imported:
    """Read an HTTP archive.

    `base_url` is what the paths are relative to; by None it is the server's, with `/v1` where that is in the path.
    Entries that are not under it are left behind, as are those that were not answered. Raises `ValueError` for what is
    no archive, with the place.
    """
    try:
        archive = decoder_of(_Har)(data)
    except REFUSALS as refusal:
        raise ValueError(f"is no HTTP archive: {refusal}") from None
    if isinstance(archive.log, UnsetType):
        raise ValueError("is no HTTP archive: it has no `log`")
    entries: list[_Entry] = archive.log.entries
    base = base_url or common_base(entry.request.url for entry in entries)
    note, recordings = Notes(), list[Recording]()
    for number, entry in enumerate(entries, start=1):
        headers, given = _pairs(entry.request.headers), _pairs(entry.response.headers)
        if not entry.response.status:
            note(number, f"{entry.request.method} {entry.request.url}: it was not answered")
            continue
        try:
            request = request_of(entry.request.method, entry.request.url, headers, _sent(entry.request.post_data), base)
        except ValueError as error:
            note(number, str(error))
            continue
        note_headers(note, number, "request", headers, keep_headers)
        note_headers(note, number, "response", given, {*keep_headers, "content-encoding"})
        content = entry.response.content
        if content.text is None and content.size > 0:
            note(number, "the body of the response, which the archive does not have")
        if entry.request.post_data is not None and entry.request.post_data.params:
            note(number, "the parameters of the form that was sent")
        try:
            body = _bytes(content.text, content.encoding)
        except ValueError as error:
            raise ValueError(f"entry {number}: response.content.text: {error}") from None
        answer = HttpResponse(status=entry.response.status, headers=given, body=body)
        recordings.append(Recording(request, answer, max(entry.time, 0.0) / 1000))
    kept = check_headers(keep_headers)
    return Imported(tuple(with_headers(recording, kept) for recording in recordings), note.told)


def export_har(
    recordings: Collection[Recording], *, base_url: str = "https://api.openai.com/v1", recorded: float = 0.0
) -> Exported:
    """Write an HTTP archive; `recorded` is when the first request was made, in seconds of Unix time."""
    note, entries = Notes(), list[dict[str, Any]]()
    now = recorded
    for number, recording in enumerate(recordings, start=1):
        request, answer = recording.request, recording.answer
        if isinstance(answer, NotSent | Interrupted):
            note(number, f"{request.method} {request.path}: the failure {type(answer).__name__}")
            continue
        whole = as_whole(answer, note, number)
        query = f"?{urlencode(request.query)}" if request.query else ""
        asked: dict[str, Any] = {
            "method": request.method,
            "url": f"{base_url.rstrip('/')}{request.path}{query}",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _named(request.headers),
            "queryString": _named(request.query),
            "headersSize": -1,
            "bodySize": len(request.body or b""),
        }
        if request.body is not None:
            asked["postData"] = {
                "mimeType": find_header(request.headers, "content-type") or "",
                **_written(request.body),
            }
        entries.append(
            {
                "startedDateTime": (datetime.fromtimestamp(0, UTC) + timedelta(seconds=now)).isoformat(),
                "time": recording.after * 1000,
                "request": asked,
                "response": {
                    "status": whole.status,
                    "statusText": HTTPStatus(whole.status).phrase if whole.status in _KNOWN else "",
                    "httpVersion": "HTTP/1.1",
                    "cookies": [],
                    "headers": _named(whole.headers),
                    "content": {
                        "size": len(whole.body),
                        "mimeType": whole.header("content-type") or "",
                        **_written(whole.body),
                    },
                    "redirectURL": "",
                    "headersSize": -1,
                    "bodySize": len(whole.body),
                },
                "cache": {},
                "timings": {"send": 0, "wait": recording.after * 1000, "receive": 0},
            }
        )
        now += recording.after
    creator = {"name": "puresponse", "version": "0.1.0"}
    archive = {"log": {"version": "1.2", "creator": creator, "entries": entries}}
    return Exported(json.format(json.encode(archive), indent=2) + b"\n", note.told)


_KNOWN = frozenset(int(status) for status in HTTPStatus)


def _pairs(pairs: list[_Pair]) -> Pairs:
    return tuple((pair.name, pair.value) for pair in pairs if not pair.name.startswith(":"))  # those of HTTP/2


def _named(pairs: Pairs) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _sent(data: _PostData | None) -> bytes | None:
    return None if data is None else _bytes(data.text, data.encoding)


def _bytes(text: str | None, encoding: str | None) -> bytes:
    if encoding == "base64":
        return b64decode(text or "", validate=True)
    return (text or "").encode()


def _written(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": b64encode(body).decode(), "encoding": "base64"}
