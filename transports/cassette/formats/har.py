"""HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/): what browsers and proxies export.

What says again what is said elsewhere (sizes, `queryString`, `mimeType`, `statusText`) is neither read nor listed.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from msgspec import json

from ....core.credentials import hide_in_request
from ....core.http import HttpRequest, HttpResponse, Pairs, find_header
from ..format import Recording
from .carried import Exported, Imported, NotCarried
from .exchanges import BASE_URL, Exchange, Receiver, seconds_of, sent_body, sent_headers, url_of, whole_response
from .members import Members, header_text


def read_har(data: bytes, *, base_url: str | None = None, keep_headers: Collection[str] = ()) -> Imported:
    """Read a HAR file. Raises `ValueError` for what is none."""
    notes: list[NotCarried] = []
    receiver = Receiver(notes, base_url, keep_headers)
    whole = Members(json.decode(data.removeprefix(b"\xef\xbb\xbf")), "", notes)
    log = whole.object("log")
    log.take("version")
    log.take("creator")
    recorded: float | None = None
    for entry in log.objects("entries"):
        began = _unix(entry)
        recorded = began if recorded is None else recorded
        exchange = _exchange(entry)
        if exchange is not None:
            receiver.add(exchange)
        if began is not None and began != recorded:
            entry.note("startedDateTime", "a cassette has one date, that of its first exchange")
        entry.end()
    log.end()
    whole.end()
    return Imported(tuple(receiver.recordings), tuple(notes), recorded)


def write_har(recordings: Iterable[Recording], *, base_url: str = BASE_URL, recorded: float | None = None) -> Exported:
    """Write a HAR file, for the server `base_url`; all exchanges began at `recorded`, or in 1970."""
    notes: list[NotCarried] = []
    entries: list[dict[str, Any]] = []
    for index, recording in enumerate(recordings):
        place = f"recordings[{index}]"
        response = whole_response(recording, place, notes, times=True)
        if response is None:
            continue
        request = hide_in_request(recording.request)
        body = _utf8(request.body or b"")
        if body is None:
            notes.append(NotCarried(f"{place}.request.body", "HAR has text only: the whole recording"))
            continue
        wait, receive = (round(seconds * 1000, 3) for seconds in seconds_of(recording))
        entries.append(
            {
                "startedDateTime": datetime.fromtimestamp(recorded or 0.0, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "time": wait + receive,
                "request": _request(request, body, base_url),
                "response": _response(response),
                "cache": {},
                "timings": {"send": 0, "wait": wait, "receive": receive},
            }
        )
    log = {"version": "1.2", "creator": {"name": "puresponse", "version": "1"}, "entries": entries}
    return Exported(json.format(json.encode({"log": log}), indent=2) + b"\n", tuple(notes))


def _exchange(entry: Members) -> Exchange | None:
    request, response = entry.object("request"), entry.object("response")
    entry.take("timings")
    time = entry.number("time", 0)
    sent, received = _pairs(request), _pairs(response)
    posted = request.object("postData", lacking=True)
    content = response.object("content", lacking=True)
    for again in ("queryString", "headersSize", "bodySize", "httpVersion"):
        request.take(again)
        response.take(again)
    posted.take("mimeType")
    status = response.take("status")
    reason: str | None = None
    body: bytes | None = None
    if status == 0:
        reason = "it has no response: the whole exchange"
    elif "text" not in posted and posted.take("params"):
        reason = "the body of the request is not in the file as it was sent: the whole exchange"
    else:
        body = _content(content)
        if body is None:
            reason = "the body of the response is not in the file: the whole exchange"
    if reason is not None or body is None:
        entry.notes.append(NotCarried(entry.place, str(reason)))
        return None
    text = response.take("statusText")
    found = Members({"status": status}, response.place, entry.notes).status("status")
    if text and text != _phrase(found):
        response.note("statusText", "a cassette has no reason phrases")
    sent_text = posted.text("text", "")
    exchange = Exchange(
        method=request.text("method"),
        url=request.text("url"),
        request_headers=sent,
        request_body=sent_body(sent_text.encode(), sent),
        status=found,
        response_headers=received,
        response_body=body,
        url_place=request.at("url"),
        request_place=request.at("headers"),
        response_place=response.at("headers"),
        after=round(max(time, 0.0) / 1000, 6),
    )
    for one in (posted, content, request, response):
        one.end()
    return exchange


def _content(content: Members) -> bytes | None:
    """The body of a response; None where there was one, and it is not in the file."""
    size = content.number("size", 0)
    content.take("mimeType")
    content.take("compression")
    if "text" not in content:
        return None if size > 0 else b""
    text = content.text("text")
    encoding = content.take("encoding")
    if encoding is None:
        return text.encode()
    if encoding != "base64":
        raise ValueError(f"{content.at('encoding')}: HAR has base64, and no other")
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise ValueError(f"{content.at('text')}: no base64: {error}") from None


def _pairs(message: Members) -> Pairs:
    pairs: list[tuple[str, str]] = []
    for header in message.objects("headers", lacking=True):
        name = header.text("name")
        if not name.startswith(":"):  # of HTTP/2, which are in the method and the URL
            pairs.append((name, header_text(header.take("value"), header.at("value"))))
        header.take("value")
        header.end()
    return tuple(pairs)


def _unix(entry: Members) -> float | None:
    text = entry.take("startedDateTime")
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{entry.at('startedDateTime')}: is no date by ISO 8601") from None


def _request(request: HttpRequest, body: str, base_url: str) -> dict[str, Any]:
    posted = {"mimeType": find_header(request.headers, "content-type") or "", "text": body}
    return {
        "method": request.method,
        "url": url_of(request, base_url),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(sent_headers(request)),
        "queryString": _named(request.query),
        **({"postData": posted} if request.body else {}),
        "headersSize": -1,
        "bodySize": len(request.body or b""),
    }


def _response(response: HttpResponse) -> dict[str, Any]:
    text = _utf8(response.body)
    content: dict[str, Any] = {
        "size": len(response.body),
        "mimeType": find_header(response.headers, "content-type") or "",
        "text": b64encode(response.body).decode() if text is None else text,
    }
    return {
        "status": response.status,
        "statusText": _phrase(response.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(response.headers),
        "content": content | ({"encoding": "base64"} if text is None else {}),
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": len(response.body),
    }


def _named(pairs: Pairs) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _utf8(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
