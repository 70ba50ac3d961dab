"""Session records of OpenAI's .NET client: `{"Entries": [{RequestUri, RequestMethod, …}]}`, read.

Their JSON bodies are inlined, and so spaced compactly when they are read; event streams are lists of lines.
https://github.com/openai/openai-dotnet, `tests/SessionRecords`
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeAlias

from msgspec import UNSET, Struct, UnsetType, json

from ....codecs.lossless.building import decoder_of
from ....codecs.lossless.errors import REFUSALS
from ....codecs.lossless.plain import is_array
from ....core.http import HttpResponse, Pairs, find_header
from ..format import Recording, check_headers, with_headers
from .carried import Imported, Notes, note_headers, request_of

_Headers: TypeAlias = dict[str, str | list[str]]


class _Entry(Struct, frozen=True, rename="pascal"):
    request_uri: str
    request_method: str
    status_code: int
    request_headers: _Headers = {}
    request_body: Any = None
    response_headers: _Headers = {}
    response_body: Any = None


class _Record(Struct, frozen=True, rename="pascal"):
    entries: list[_Entry]
    variables: Any | UnsetType = UNSET


def import_session_records(
    data: bytes, *, base_url: str = "https://api.openai.com/v1", keep_headers: Collection[str] = ()
) -> Imported:
    """Read a session record of OpenAI's .NET client.

    Raises `ValueError` for what is none, and for an entry that is not under `base_url`, with the place.
    """
    try:
        record = decoder_of(_Record)(data)
    except REFUSALS as refusal:
        raise ValueError(f"is no session record: {refusal}") from None
    note, recordings = Notes(), list[Recording]()
    entries: list[_Entry] = record.entries
    for number, entry in enumerate(entries, start=1):
        headers, given = _pairs(entry.request_headers), _pairs(entry.response_headers)
        note_headers(note, number, "request", headers, keep_headers)
        note_headers(note, number, "response", given, keep_headers)
        body = _bytes(entry.request_body)
        if body is None and find_header(headers, "content-length") == "0":
            body = b""
        try:
            request = request_of(entry.request_method, entry.request_uri, headers, body, base_url)
        except ValueError as error:
            raise ValueError(f"entry {number}: RequestUri: {error}") from None
        answer = HttpResponse(status=entry.status_code, headers=given, body=_bytes(entry.response_body) or b"")
        recordings.append(Recording(request, answer))
    left_behind = note.told if not record.variables else (*note.told, "the variables of the record")
    kept = check_headers(keep_headers)
    return Imported(tuple(with_headers(recording, kept) for recording in recordings), left_behind)


def _pairs(headers: _Headers) -> Pairs:
    return tuple(
        (name, value) for name, values in headers.items() for value in ([values] if isinstance(values, str) else values)
    )


def _bytes(body: Any) -> bytes | None:
    """The bytes of a recorded body: inlined JSON, text, or the lines of a stream."""
    if body is None:
        return None
    if isinstance(body, str):
        return body.encode()
    if is_array(body) and body and all(isinstance(line, str) for line in body):
        return "".join(body).encode()
    return json.encode(body)
