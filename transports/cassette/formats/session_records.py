"""The session records of OpenAI's .NET client (https://github.com/openai/openai-dotnet, `tests/SessionRecords`).

Such a record has JSON bodies as JSON, and streams as lists of lines: how a body was spaced is not in it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec import json

from ....codecs.lossless.plain import is_array
from .carried import Imported, NotCarried
from .exchanges import Exchange, Receiver, sent_body
from .members import Members


def read_session_record(data: bytes, *, base_url: str | None = None, keep_headers: Collection[str] = ()) -> Imported:
    """Read a session record. Raises `ValueError` for what is none."""
    notes: list[NotCarried] = []
    receiver = Receiver(notes, base_url, keep_headers)
    whole = Members(json.decode(data.removeprefix(b"\xef\xbb\xbf")), "", notes)
    for entry in whole.objects("Entries"):
        sent, received = entry.headers("RequestHeaders"), entry.headers("ResponseHeaders")
        receiver.add(
            Exchange(
                method=entry.text("RequestMethod"),
                url=entry.text("RequestUri"),
                request_headers=sent,
                request_body=sent_body(_bytes(entry.take("RequestBody")), sent),
                status=entry.status("StatusCode"),
                response_headers=received,
                response_body=_bytes(entry.take("ResponseBody")) or b"",
                url_place=entry.at("RequestUri"),
                request_place=entry.at("RequestHeaders"),
                response_place=entry.at("ResponseHeaders"),
            )
        )
        entry.end()
    whole.end()
    return Imported(tuple(receiver.recordings), tuple(notes))


def _bytes(body: Any) -> bytes | None:
    """The bytes of a body: JSON, text, or the lines of a stream."""
    if body is None:
        return None
    if isinstance(body, str):
        return body.encode()
    if is_array(body) and body and all(isinstance(line, str) for line in body):
        return "".join(body).encode()
    return json.encode(body)
