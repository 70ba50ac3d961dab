"""The form in which exchanges are kept: JSON for people to read, review and edit. Bytes to recordings and back.

Laws: what is loaded is what was dumped, credentials and header allow-list apart, byte for byte; the same recordings
make the same file, but for the date at its top.

    {"version": 1, "recorded": "2026-11-26T20:15:00Z",
     "recordings": [{"request": {"method", "path", "query", "headers", "body"},
                     "response": {"status", "headers", "body"}}]}

- Instead of a `response` there may be a `failure`: a `NotSent` or `Interrupted`, as it was met. With a `response` an
  `Interrupted` says how the body broke off: it was being read in chunks if it is in `chunks`, and whole if not, so that
  the response is the `partial` of the failure.
- `query` and `headers` are objects from names to values (to a list of values, for a name that occurs more than once),
  or a list of pairs, where an object would lose their order.
- A `body` is an object with one of: `json`, the body as JSON, to be written compactly or by `indent` with that many
  spaces; `text`, a string or a list of strings that follow one another; `base64`. An absent body is no body. A body
  of a response that was received in chunks is an object with `chunks`, a list of such objects.
- Of headers only those that are known to be harmless and useful are kept, in lower case and in order of their names. A
  query parameter that is a credential (only a request that was made by hand has one) is kept as `[redacted]`.
- `after` is how many seconds the answer took to begin, or a chunk after the one before it, and `end_after` the end of
  the body after its last chunk. They are there if they were asked for.

The JSON Lines form has the same on lines: first the version and the date, then each recording. `file_structs` is what
both are checked against, and what the JSON Schema is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import Any, NoReturn

from msgspec import UNSET, Struct, json
from msgspec.structs import replace

from ...codecs.lossless.building import decoder_of
from ...codecs.lossless.errors import NESTED, REFUSALS
from ...core.credentials import hide_pairs, names_a_credential
from ...core.errors import Interrupted, NotSent
from ...core.http import HttpRequest, HttpResponse, Pairs
from .body_form import from_bytes_form, to_bytes_form
from .canned_answers import StreamedResponse
from .file_structs import (
    VERSION,
    BodyBytes,
    Bytes,
    CassetteFile,
    ChunkBytes,
    Entry,
    Fields,
    Head,
    InterruptedEntry,
    NotSentEntry,
    RequestEntry,
    ResponseEntry,
)

KEPT_HEADERS = frozenset(
    {
        "accept",
        "allow",
        "content-type",
        "date",
        "openai-processing-ms",
        "openai-version",
        "retry-after",
        "retry-after-ms",
        "x-request-id",
        "x-should-retry",
    }
)
"""Names of the headers that are kept, besides all that begin with `x-ratelimit-`."""


class Recording(Struct, frozen=True):
    """A `request` and the `answer` to it; `after` is how many seconds that took to begin, 0 where it is not known.

    The answer is a response, whole or as it was received in chunks, or how the exchange failed.
    """

    request: HttpRequest
    answer: HttpResponse | StreamedResponse | NotSent | Interrupted
    after: float = 0.0


class Cassette(Struct, frozen=True):
    """What is on a cassette; `recorded` is when it was, in seconds of Unix time, None where it does not say."""

    recordings: tuple[Recording, ...]
    recorded: float | None = None


def dump_cassette(
    recordings: Iterable[Recording],
    *,
    keep_headers: Collection[str] = (),
    recorded: float | None = None,
    lines: bool = False,
) -> bytes:
    """Write `recordings` as a cassette, with the headers of `keep_headers` in addition to those kept always.

    `recorded` is the date to be at its top, in seconds of Unix time; `lines` asks for the JSON Lines form. Raises
    `ValueError` if one of `keep_headers` names a header that holds secrets.
    """
    kept = check_headers(keep_headers)
    entries = [to_entry(recording, kept) for recording in recordings]
    if lines:
        return dump_head(recorded) + b"".join(map(dump_line, entries))
    whole = CassetteFile(version=VERSION, recorded=_date(recorded), recordings=entries)
    return json.format(json.encode(whole), indent=2) + b"\n"


def dump_head(recorded: float | None) -> bytes:
    """The first line of the JSON Lines form."""
    return json.encode(Head(VERSION, _date(recorded))) + b"\n"


def dump_line(entry: Entry) -> bytes:
    """A recording in the JSON Lines form."""
    # What is inlined as JSON may be on many lines.
    return json.format(json.encode(entry), indent=-1) + b"\n"


def load_cassette(data: bytes) -> tuple[Recording, ...]:
    """Read a cassette in either form. Raises `ValueError` that says what is wrong, and where, if it is damaged."""
    return read_cassette(data).recordings


def read_cassette(data: bytes) -> Cassette:
    """Read a cassette in either form, and its date. Raises `ValueError` as `load_cassette` does."""
    first, _, rest = data.partition(b"\n")
    if first.rstrip().endswith(b"}") and b'"recordings"' not in first:
        head = _decoded(first, Head, "line 1: ")
        return Cassette(tuple(_lines(rest)), _unix(head.recorded))
    whole = _decoded(data, CassetteFile, "")
    recordings = [_from_entry(entry, f"recordings[{index}]") for index, entry in enumerate(whole.recordings)]
    return Cassette(tuple(recordings), _unix(whole.recorded))


def check_headers(names: Collection[str]) -> frozenset[str]:
    """All headers to keep, in lower case: those kept always, and `names`. Raises `ValueError` for a secret one."""
    asked = {name.lower() for name in names}
    secret = sorted(filter(names_a_credential, asked))
    if secret:
        raise ValueError(f"keep_headers: {', '.join(secret)} holds secrets, which no cassette keeps")
    return KEPT_HEADERS | asked


def to_entry(recording: Recording, kept: frozenset[str]) -> Entry:
    """What is written of a recording, with the headers `kept`."""
    request, answer = recording.request, recording.answer
    asked = RequestEntry(
        method=request.method,
        path=request.path,
        query=_to_fields(hide_pairs(request.query)),
        headers=_to_fields(_kept(request.headers, kept)),
        body=None if request.body is None else to_bytes_form(request.body),
    )
    response: ResponseEntry | None = None
    failure: NotSentEntry | InterruptedEntry | None = None
    if isinstance(answer, NotSent):
        failure = NotSentEntry(answer.kind, answer.reason, answer.response_id)
    elif isinstance(answer, Interrupted):
        response = None if answer.partial is None else _to_response(answer.partial, kept)
        failure = _to_failure(answer)
    elif isinstance(answer, HttpResponse):
        response = _to_response(answer, kept)
    else:
        response = _to_streamed(answer, kept)
        failure = None if answer.error is None else _to_failure(answer.error)
    return Entry(asked, response, failure, recording.after or None)


def with_headers(recording: Recording, kept: frozenset[str]) -> Recording:
    """The recording with no other headers than those that are kept."""
    request, answer = recording.request, recording.answer
    request = replace(request, headers=_kept(request.headers, kept))
    if isinstance(answer, HttpResponse | StreamedResponse):
        answer = replace(answer, headers=_kept(answer.headers, kept))
    elif isinstance(answer, Interrupted) and answer.partial is not None:
        partial = answer.partial
        answer = replace(answer, partial=replace(partial, headers=_kept(partial.headers, kept)))
    return Recording(request, answer, recording.after)


def _lines(data: bytes) -> Iterable[Recording]:
    for number, line in enumerate(data.split(b"\n"), start=2):
        if line.strip():
            yield _from_entry(_decoded(line, Entry, f"line {number}: "), f"line {number}")


def _decoded(data: bytes, kind: Any, where: str) -> Any:
    try:
        if kind is not Entry:
            _check_version(data)
        return decoder_of(kind)(data)
    except REFUSALS as refusal:
        if kind is not Entry:
            _check_foreign(data)
        _refuse(where, data, refusal)


def _refuse(where: str, data: bytes, refusal: Exception) -> NoReturn:
    if isinstance(refusal, RecursionError):
        reason = NESTED
    elif isinstance(refusal, UnicodeDecodeError):
        reason = "not UTF-8"
    else:
        reason = str(refusal)
        if "truncated" in reason and data:
            reason += f": it ends after {len(data)} bytes, in the midst of a value"
    raise ValueError(f"is not a cassette, or is damaged: {where}{reason}") from None


class _Versioned(Struct, frozen=True):
    version: int


class _Foreign(Struct, frozen=True):
    """What other programs' recordings have at their top."""

    log: Any = UNSET
    interactions: Any = UNSET
    http_interactions: Any = UNSET
    Entries: Any = UNSET
    fixtures: Any = UNSET


_FORMATS = {
    "log": "a HAR file",
    "interactions": "one of VCR.py",
    "http_interactions": "one of VCR",
    "Entries": "a session record of the .NET client",
    "fixtures": "a file of fixtures",
}


def _check_version(data: bytes) -> None:
    version = decoder_of(_Versioned)(data).version
    if version != VERSION:
        raise ValueError(f"is of version {version}, and this library reads version {VERSION}")


def _check_foreign(data: bytes) -> None:
    if data.lstrip().startswith((b"interactions:", b"version: 1\ninteractions", b"- request:")):
        raise ValueError("is not a cassette, or is damaged: it is one of VCR.py, in YAML")
    try:
        foreign = decoder_of(_Foreign)(data)
    except REFUSALS:
        return
    for name, what in _FORMATS.items():
        if getattr(foreign, name) is not UNSET:
            raise ValueError(f"is not a cassette, or is damaged: it is {what}")


def _from_entry(entry: Entry, where: str) -> Recording:
    asked, body = entry.request, entry.request.body
    request = HttpRequest(
        method=asked.method,
        path=asked.path,
        query=_from_fields(asked.query),
        headers=_from_fields(asked.headers),
        body=None if body is None else _at(f"{where}.request.body", from_bytes_form, body),
    )
    response, failure = entry.response, entry.failure
    if isinstance(failure, NotSentEntry):
        if response is None:
            return Recording(request, NotSent(failure.kind, failure.reason, failure.response_id), entry.after or 0.0)
    elif response is not None:
        error = None if failure is None else _from_failure(failure)
        return Recording(request, _from_response(response, error, f"{where}.response.body"), entry.after or 0.0)
    elif failure is not None:
        return Recording(request, _from_failure(failure), entry.after or 0.0)
    raise ValueError(
        f"is not a cassette, or is damaged: {where}: {asked.method} {asked.path}: "
        "a recording has a response, a failure, or a response and how it broke off"
    )


def _at(where: str, read: Callable[..., bytes], *forms: object) -> bytes:
    """What `read` returns; what it refuses is damage, there."""
    try:
        return read(*forms)
    except (ValueError, RecursionError) as error:
        reason = NESTED if isinstance(error, RecursionError) else error
        raise ValueError(f"is not a cassette, or is damaged: {where}: {reason}") from None


def _to_response(response: HttpResponse, kept: frozenset[str]) -> ResponseEntry:
    body: BodyBytes | None = None
    if response.body:
        form = to_bytes_form(response.body)
        body = BodyBytes(form.json, form.indent, form.text, form.base64)
    return ResponseEntry(status=response.status, headers=_to_fields(_kept(response.headers, kept)), body=body)


def _to_streamed(answer: StreamedResponse, kept: frozenset[str]) -> ResponseEntry:
    delays = (*answer.delays, *[0.0] * (len(answer.chunks) + 1 - len(answer.delays)))
    chunks = [
        ChunkBytes(form.json, form.indent, form.text, form.base64, delay or None)
        for form, delay in zip(map(to_bytes_form, answer.chunks), delays, strict=False)
    ]
    body = BodyBytes(chunks=chunks, end_after=delays[len(chunks)] or None)
    return ResponseEntry(status=answer.status, headers=_to_fields(_kept(answer.headers, kept)), body=body)


def _to_failure(error: Interrupted) -> InterruptedEntry:
    return InterruptedEntry(error.kind, error.reason, error.response_id)


def _from_response(
    response: ResponseEntry, error: Interrupted | None, where: str
) -> HttpResponse | StreamedResponse | Interrupted:
    headers, body = _from_fields(response.headers), response.body
    if body is not None and isinstance(body.chunks, list) and _is_empty(body):
        chunks = tuple(
            _at(f"{where}.chunks[{index}]", from_bytes_form, chunk) for index, chunk in enumerate(body.chunks)
        )
        delays = (*(chunk.after or 0.0 for chunk in body.chunks), body.end_after or 0.0)
        return StreamedResponse(
            status=response.status, headers=headers, chunks=chunks, error=error, delays=delays if any(delays) else ()
        )
    whole = b"" if body is None else _at(where, from_bytes_form, body, body.chunks)
    received = HttpResponse(status=response.status, headers=headers, body=whole)
    return received if error is None else replace(error, partial=received)


def _is_empty(body: Bytes) -> bool:
    return body.json is UNSET and body.indent is UNSET and body.text is UNSET and body.base64 is UNSET


def _from_failure(failure: InterruptedEntry) -> Interrupted:
    return Interrupted(failure.kind, failure.reason, None, failure.response_id)


def _date(recorded: float | None) -> str | None:
    return None if recorded is None else datetime.fromtimestamp(recorded, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _unix(recorded: str | None) -> float | None:
    if recorded is None:
        return None
    try:
        when = datetime.fromisoformat(recorded)
        if when.tzinfo is None:
            raise ValueError("it has no time zone")
        return when.timestamp()
    except (ValueError, OverflowError) as error:
        raise ValueError(f"is not a cassette, or is damaged: recorded: {recorded[:60]!r} is no date: {error}") from None


def _kept(headers: Pairs, kept: frozenset[str]) -> Pairs:
    lowered = ((name.lower(), value) for name, value in headers)
    harmless = (pair for pair in lowered if pair[0] in kept or pair[0].startswith("x-ratelimit-"))
    return hide_pairs(tuple(sorted(harmless, key=_name)))


def _name(pair: tuple[str, str]) -> str:
    return pair[0]


def _to_fields(pairs: Pairs) -> Fields:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    fields: Fields = {name: values if len(values) > 1 else values[0] for name, values in grouped.items()}
    return fields if _from_fields(fields) == pairs else list(pairs)


def _from_fields(fields: Fields) -> Pairs:
    if isinstance(fields, list):
        return tuple(fields)
    return tuple(
        (name, value) for name, values in fields.items() for value in ([values] if isinstance(values, str) else values)
    )
