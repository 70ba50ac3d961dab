"""Cassetter's cassettes (https://github.com/Kludex/cassetter, version 1 of the format): YAML, and its TOML to be read.

JSON bodies are structure there: how they were spaced is not in the file. Bytes are in hexadecimal.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from msgspec import json

from ....codecs.lossless.errors import UNREAD, UNWRITTEN
from ....core.credentials import hide_in_request
from ..format import Recording
from .carried import Exported, Imported, NotCarried
from .exchanges import BASE_URL, Exchange, Receiver, grouped, sent_body, sent_headers, url_of, whole_response
from .members import Members
from .yaml_text import dump_yaml, load_yaml

_OTHERS = ("grpc_interactions", "ws_interactions")


def read_cassetter(data: bytes, *, base_url: str | None = None, keep_headers: Collection[str] = ()) -> Imported:
    """Read a cassette of cassetter, as YAML or TOML. Raises `ValueError` for what is none."""
    notes: list[NotCarried] = []
    receiver = Receiver(notes, base_url, keep_headers)
    whole = Members(_loaded(data), "", notes)
    if whole.number("version", 1) != 1:
        raise ValueError("version: 1 is read, and no other")
    recorded: float | None = None
    for interaction in whole.objects("interactions", lacking=True):
        request, response = interaction.object("request"), interaction.object("response")
        began = _unix(interaction)
        recorded = began if recorded is None else recorded
        if began is not None and began != recorded:
            interaction.note("recorded_at", "a cassette has one date, that of its first exchange")
        sent = request.headers("headers")
        receiver.add(
            Exchange(
                method=request.text("method"),
                url=request.text("uri"),
                request_headers=sent,
                request_body=sent_body(_body(request), sent),
                status=response.status("status"),
                response_headers=response.headers("headers"),
                response_body=_body(response) or b"",
                url_place=request.at("uri"),
                request_place=request.at("headers"),
                response_place=response.at("headers"),
            )
        )
        for one in (request, response, interaction):
            one.end()
    for name in _OTHERS:
        for other in whole.objects(name, lacking=True):
            notes.append(NotCarried(other.place, "a cassette has exchanges of HTTP: the whole interaction"))
    whole.end()
    return Imported(tuple(receiver.recordings), tuple(notes), recorded)


def write_cassetter(
    recordings: Iterable[Recording], *, base_url: str = BASE_URL, recorded: float | None = None
) -> Exported:
    """Write a cassette that cassetter reads, as YAML, for a client whose base URL is `base_url`."""
    notes: list[NotCarried] = []
    interactions: list[dict[str, Any]] = []
    date = None if recorded is None else datetime.fromtimestamp(recorded, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for index, recording in enumerate(recordings):
        place = f"recordings[{index}]"
        response = whole_response(recording, place, notes, times=False)
        if response is None:
            continue
        request = hide_in_request(recording.request)
        interaction: dict[str, Any] = {
            "request": {
                "method": request.method,
                "uri": url_of(request, base_url),
                "headers": grouped(sent_headers(request)),
                "body": _written(request.body, f"{place}.request.body", notes),
            },
            "response": {
                "status": response.status,
                "headers": grouped(response.headers),
                "body": _written(response.body, f"{place}.response.body", notes),
            },
        }
        interactions.append(interaction if date is None else {**interaction, "recorded_at": date})
    return Exported(dump_yaml({"version": 1, "interactions": interactions}), tuple(notes))


def _loaded(data: bytes) -> Any:
    try:
        return tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return load_yaml(data)


def _body(message: Members) -> bytes | None:
    if "body_type" in message:  # as in TOML
        kind, content = message.text("body_type"), message.take("body_content")
        place = message.at("body_content")
        if kind == "json" and isinstance(content, str):
            return content.encode()
    else:
        body = message.object("body", lacking=True)
        kind, content = body.text("type", "none"), body.take("content")
        place = body.at("content")
        body.end()
        if kind == "json":
            return _json(content, place)
    if kind == "none" or content is None:
        return None
    if kind not in ("text", "binary") or not isinstance(content, str):
        raise ValueError(f"{place}: expected json, text, or binary as text, got {kind!r}")
    try:
        return content.encode() if kind == "text" else bytes.fromhex(content)
    except ValueError:
        raise ValueError(f"{place}: is not hexadecimal") from None


def _json(content: Any, place: str) -> bytes:
    try:
        return json.encode(content)
    except UNWRITTEN as error:
        raise ValueError(f"{place}: is no JSON: {error}") from None


def _written(body: bytes | None, place: str, notes: list[NotCarried]) -> dict[str, Any]:
    if not body:
        return {"type": "none"}
    try:
        value = json.decode(body)
        written = json.encode(value)
        if isinstance(value, dict | list) and written == json.format(body, indent=-1):
            if written != body:
                notes.append(NotCarried(place, "cassetter has JSON as structure: how it was spaced"))
            return {"type": "json", "content": value}
    except (*UNREAD, *UNWRITTEN):
        pass
    try:
        return {"type": "text", "content": body.decode()}
    except UnicodeDecodeError:
        return {"type": "binary", "content": body.hex()}


def _unix(interaction: Members) -> float | None:
    text = interaction.take("recorded_at")
    if text is None or text == "":
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{interaction.at('recorded_at')}: is no date by ISO 8601") from None
