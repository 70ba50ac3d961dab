"""VCR.py's cassettes: its YAML, and the JSON of its other serializer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from http import HTTPStatus
from typing import Any

from msgspec import json

from ....codecs.lossless.plain import is_array, is_object
from ....core.credentials import hide_in_request
from ....core.http import HttpRequest, HttpResponse
from ..format import Recording
from .carried import Exported, Imported, NotCarried
from .exchanges import (
    BASE_URL,
    Exchange,
    Receiver,
    grouped,
    sent_body,
    sent_headers,
    url_of,
    whole_response,
    without_coding,
)
from .members import Members, kind_of
from .yaml_text import dump_yaml, load_yaml


def read_vcr(data: bytes, *, base_url: str | None = None, keep_headers: Collection[str] = ()) -> Imported:
    """Read a cassette of VCR.py. Raises `ValueError` for what is none."""
    notes: list[NotCarried] = []
    receiver = Receiver(notes, base_url, keep_headers)
    whole = Members(json.decode(data) if data.lstrip().startswith(b"{") else load_yaml(data), "", notes)
    if whole.number("version", 1) != 1:
        raise ValueError("version: VCR.py writes 1")
    for interaction in whole.objects("interactions"):
        request, response = interaction.object("request"), interaction.object("response")
        status, reason = _status(response)
        if reason and reason != _phrase(status):
            response.note("status.message", "a cassette has no reason phrases")
        sent = request.headers("headers")
        received = response.headers("headers")
        receiver.add(
            Exchange(
                method=request.text("method"),
                url=request.text("uri"),
                request_headers=sent,
                request_body=sent_body(_body(request, "body"), sent),
                status=status,
                response_headers=received,
                response_body=without_coding(_received(response), received, response.at("body")),
                url_place=request.at("uri"),
                request_place=request.at("headers"),
                response_place=response.at("headers"),
            )
        )
        for one in (request, response, interaction):
            one.end()
    whole.end()
    return Imported(tuple(receiver.recordings), tuple(notes))


def write_vcr(recordings: Iterable[Recording], *, base_url: str = BASE_URL, recorded: float | None = None) -> Exported:
    """Write a cassette that VCR.py reads, for a client whose base URL is `base_url`."""
    notes: list[NotCarried] = []
    interactions: list[dict[str, Any]] = []
    for index, recording in enumerate(recordings):
        response = whole_response(recording, f"recordings[{index}]", notes, times=False)
        if response is not None:
            request = hide_in_request(recording.request)
            interactions.append({"request": _request(request, base_url), "response": _response(response)})
    if recorded is not None:
        notes.append(NotCarried("recorded", "the format has no date"))
    return Exported(dump_yaml({"interactions": interactions, "version": 1}), tuple(notes))


def _status(response: Members) -> tuple[int, Any]:
    if "status_code" in response:  # as VCR.py wrote for httpx before its version 6
        return response.status("status_code"), None
    status = response.object("status")
    code, reason = status.status("code"), status.take("message")
    status.end()
    return code, reason


def _received(response: Members) -> bytes:
    if "content" in response:
        return _body(response, "content") or b""
    body = response.take("body")
    if not is_object(body):
        return _bytes(body, response.at("body")) or b""
    holder = Members(body, response.at("body"), response.notes)
    received = _body(holder, "string") or b""
    holder.end()
    return received


def _body(holder: Members, name: str) -> bytes | None:
    return _bytes(holder.take(name), holder.at(name))


def _bytes(value: Any, place: str) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    if is_array(value):
        return b"".join(_bytes(one, place) or b"" for one in value)
    if is_object(value):  # as it is where a client's body was recorded before it was encoded
        return json.encode(value)
    raise ValueError(f"{place}: expected a string, got {kind_of(value)}")


def _request(request: HttpRequest, base_url: str) -> dict[str, Any]:
    return {
        "body": None if request.body is None else _text(request.body),
        "headers": grouped(sent_headers(request)),
        "method": request.method,
        "uri": url_of(request, base_url),
    }


def _response(response: HttpResponse) -> dict[str, Any]:
    return {
        "body": {"string": _text(response.body)},
        "headers": grouped(response.headers),
        "status": {"code": response.status, "message": _phrase(response.status)},
    }


def _text(body: bytes) -> str | bytes:
    """What VCR.py writes of a body: text where it is some."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
