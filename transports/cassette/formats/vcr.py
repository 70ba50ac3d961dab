"""Cassettes of VCR.py: YAML with `interactions`, read and written. Needs the extra `vcr`.

Law: the YAML is read by the safe loader, which makes plain values only.
"""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from ....codecs.lossless.plain import is_array, is_object
from ....core.errors import Interrupted, NotSent
from ....core.http import HttpResponse, Pairs
from ..format import Recording, check_headers, with_headers
from .carried import FRAMING, Exported, Imported, Notes, as_whole, common_base, decoded, note_headers, request_of


def import_vcr(data: bytes, *, base_url: str | None = None, keep_headers: Collection[str] = ()) -> Imported:
    """Read a cassette of VCR.py.

    `base_url` is what the paths are relative to; by None it is the server's, with `/v1` where that is in the path.
    Raises `ValueError` for what is no such cassette, with the place, and `ImportError` without the extra `vcr`.
    """
    interactions = _interactions(data)
    base = base_url or common_base(str(_member(one, "request", number).get("uri")) for number, one in interactions)
    note, recordings = Notes(), list[Recording]()
    for number, one in interactions:
        asked, answered = _member(one, "request", number), _member(one, "response", number)
        for name in sorted(set(one) - {"request", "response"}):
            note(number, name)
        headers = _pairs(asked.get("headers"), f"interaction {number}: request.headers")
        given = _pairs(answered.get("headers"), f"interaction {number}: response.headers")
        note_headers(note, number, "request", headers, keep_headers)
        note_headers(note, number, "response", given, {*keep_headers, "content-encoding"})
        status = answered.get("status")
        code = status.get("code") if is_object(status) else status
        body = answered.get("body")
        text = body.get("string", b"") if is_object(body) else body
        if not isinstance(code, int):
            raise ValueError(f"interaction {number}: response.status: expected a code, got {code!r:.60}")
        try:
            sent = asked.get("body")
            request = request_of(
                str(asked.get("method")), str(asked.get("uri")), headers, None if sent is None else _bytes(sent), base
            )
            received = decoded(_bytes(text or b""), given, note, number)
        except ValueError as error:
            raise ValueError(f"interaction {number}: {error}") from None
        recordings.append(Recording(request, HttpResponse(status=code, headers=given, body=received)))
    kept = check_headers(keep_headers)
    return Imported(tuple(with_headers(recording, kept) for recording in recordings), note.told)


def export_vcr(recordings: Collection[Recording], *, base_url: str = "https://api.openai.com/v1") -> Exported:
    """Write a cassette of VCR.py. Raises `ImportError` without the extra `vcr`."""
    import yaml

    note, interactions = Notes(), list[dict[str, Any]]()
    for number, recording in enumerate(recordings, start=1):
        answer = recording.answer
        if isinstance(answer, NotSent | Interrupted):
            note(number, f"{recording.request.method} {recording.request.path}: the failure {type(answer).__name__}")
            continue
        answer = as_whole(answer, note, number)
        if recording.after:
            note(number, "how long the answer took")
        request = recording.request
        query = f"?{urlencode(request.query)}" if request.query else ""
        interactions.append(
            {
                "request": {
                    "body": None if request.body is None else _text(request.body),
                    "headers": _grouped(request.headers),
                    "method": request.method,
                    "uri": f"{base_url.rstrip('/')}{request.path}{query}",
                },
                "response": {
                    "body": {"string": _text(answer.body)},
                    "headers": _grouped(answer.headers),
                    "status": {"code": answer.status, "message": _phrase(answer.status)},
                },
            }
        )
    untyped: Any = yaml
    written: str = untyped.safe_dump({"interactions": interactions, "version": 1}, allow_unicode=True)
    return Exported(written.encode(), note.told)


def _interactions(data: bytes) -> list[tuple[int, dict[str, Any]]]:
    import yaml

    try:
        whole: Any = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise ValueError(f"is no cassette of VCR.py: {str(error).splitlines()[0]}") from None
    interactions = whole.get("interactions") if is_object(whole) else None
    if not is_array(interactions) or not all(map(is_object, interactions)):
        raise ValueError("is no cassette of VCR.py: it has no list `interactions`")
    if whole.get("version") != 1:
        raise ValueError(f"is of version {whole.get('version')!r:.60} of VCR.py's form; 1 is read")
    return list(enumerate(interactions, start=1))


def _member(one: dict[str, Any], name: str, number: int) -> dict[str, Any]:
    member = one.get(name)
    if not is_object(member):
        raise ValueError(f"interaction {number}: {name}: expected a mapping")
    return member


def _pairs(headers: Any, where: str) -> Pairs:
    if headers is None:
        return ()
    if not is_object(headers):
        raise ValueError(f"{where}: expected a mapping")
    return tuple(
        (str(name), str(value))
        for name, values in headers.items()
        for value in (values if is_array(values) else [values])
    )


def _grouped(headers: Pairs) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in headers:
        if name.lower() not in FRAMING:
            grouped.setdefault(name, []).append(value)
    return grouped


def _bytes(text: Any) -> bytes:
    if isinstance(text, str):
        return text.encode()
    if isinstance(text, bytes):
        return text
    raise ValueError(f"body: expected a text, got {text!r:.60}")


def _text(body: bytes) -> str | bytes:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
