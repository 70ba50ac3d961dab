"""The form in which exchanges are kept: JSON for people to read, review and edit. Bytes to recordings and back.

Laws: what is loaded is what was dumped, credentials and header allow-list apart, byte for byte; the same recordings
make the same file.

    {"version": 1,
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
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable
from typing import Any, TypeAlias

from msgspec import MsgspecError, Raw, Struct, json
from msgspec.structs import replace

from ...codecs.lossless.building import decoder_of
from ...codecs.lossless.errors import NESTED
from ...core.credentials import hide_pairs, names_a_credential
from ...core.errors import Interrupted, InterruptedKind, NotSent, NotSentKind
from ...core.http import HttpRequest, HttpResponse, Pairs
from .canned_answers import StreamedResponse

VERSION = 1

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
    """A request, and its result."""

    request: HttpRequest
    answer: HttpResponse | StreamedResponse | NotSent | Interrupted


def dump_cassette(recordings: Iterable[Recording], *, keep_headers: Collection[str] = ()) -> bytes:
    """Write `recordings` as a cassette, with the headers of `keep_headers` in addition to those kept always.

    Raises `ValueError` if one of these names a header that holds secrets.
    """
    kept = check_headers(keep_headers)
    entries = [_to_entry(recording, kept) for recording in recordings]
    return json.format(json.encode(_Cassette(version=VERSION, recordings=entries)), indent=2) + b"\n"


def load_cassette(data: bytes) -> tuple[Recording, ...]:
    """Read a cassette. Raises `ValueError` that says what is wrong if it is damaged or of a newer version."""
    try:
        version = decoder_of(_Versioned)(data).version
        if version != VERSION:
            raise ValueError(f"is of version {version}, and this library reads version {VERSION}")
        return tuple(map(_from_entry, decoder_of(_Cassette)(data).recordings))
    except MsgspecError as error:
        raise ValueError(f"is not a cassette, or is damaged: {error}") from None
    except UnicodeDecodeError:
        raise ValueError("is not a cassette, or is damaged: not UTF-8") from None
    except RecursionError:
        raise ValueError(f"is not a cassette, or is damaged: {NESTED}") from None


def check_headers(names: Collection[str]) -> frozenset[str]:
    """All headers to keep, in lower case: those kept always, and `names`. Raises `ValueError` for a secret one."""
    asked = {name.lower() for name in names}
    secret = sorted(filter(names_a_credential, asked))
    if secret:
        raise ValueError(f"keep_headers: {', '.join(secret)} holds secrets, which no cassette keeps")
    return KEPT_HEADERS | asked


_Fields: TypeAlias = dict[str, str | list[str]] | list[tuple[str, str]]
_Body: TypeAlias = dict[str, Raw]


class _Request(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    method: str
    path: str
    query: _Fields = {}
    headers: _Fields = {}
    body: _Body | None = None


class _Response(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    status: int
    headers: _Fields = {}
    body: _Body | None = None


class _NotSent(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="error", tag="NotSent"):
    kind: NotSentKind
    reason: str
    response_id: str | None = None


class _Interrupted(
    Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="error", tag="Interrupted"
):
    kind: InterruptedKind
    reason: str
    response_id: str | None = None


class _Entry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    request: _Request
    response: _Response | None = None
    failure: _NotSent | _Interrupted | None = None


class _Cassette(Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    recordings: list[_Entry]


class _Versioned(Struct, frozen=True):
    version: int


def _to_entry(recording: Recording, kept: frozenset[str]) -> _Entry:
    request, answer = recording.request, recording.answer
    asked = _Request(
        method=request.method,
        path=request.path,
        query=_to_fields(hide_pairs(request.query)),
        headers=_to_fields(_kept(request.headers, kept)),
        body=None if request.body is None else _to_body(request.body),
    )
    if isinstance(answer, NotSent):
        return _Entry(request=asked, failure=_NotSent(answer.kind, answer.reason, answer.response_id))
    if isinstance(answer, Interrupted):
        received = None if answer.partial is None else _to_response(answer.partial, kept)
        return _Entry(request=asked, response=received, failure=_to_failure(answer))
    if isinstance(answer, HttpResponse):
        return _Entry(request=asked, response=_to_response(answer, kept))
    chunks: _Body = {"chunks": Raw(json.encode([_to_body(chunk) for chunk in answer.chunks]))}
    response = _Response(status=answer.status, headers=_to_fields(_kept(answer.headers, kept)), body=chunks)
    return _Entry(request=asked, response=response, failure=None if answer.error is None else _to_failure(answer.error))


def _from_entry(entry: _Entry) -> Recording:
    asked = entry.request
    request = HttpRequest(
        method=asked.method,
        path=asked.path,
        query=_from_fields(asked.query),
        headers=_from_fields(asked.headers),
        body=None if asked.body is None else _from_body(asked.body),
    )
    response, failure = entry.response, entry.failure
    if isinstance(failure, _NotSent):
        if response is None:
            return Recording(request, NotSent(failure.kind, failure.reason, failure.response_id))
    elif response is not None:
        return Recording(request, _from_response(response, None if failure is None else _from_failure(failure)))
    elif failure is not None:
        return Recording(request, _from_failure(failure))
    raise ValueError(
        f"{asked.method} {asked.path}: a recording has a response, a failure, or a response and how it broke off"
    )


def _to_response(response: HttpResponse, kept: frozenset[str]) -> _Response:
    body = _to_body(response.body) if response.body else None
    return _Response(status=response.status, headers=_to_fields(_kept(response.headers, kept)), body=body)


def _to_failure(error: Interrupted) -> _Interrupted:
    return _Interrupted(error.kind, error.reason, error.response_id)


def _from_response(response: _Response, error: Interrupted | None) -> HttpResponse | StreamedResponse | Interrupted:
    headers = _from_fields(response.headers)
    if response.body is not None and list(response.body) == ["chunks"]:
        bodies: list[_Body] = decoder_of(list[_Body])(response.body["chunks"])
        chunks = tuple(map(_from_body, bodies))
        return StreamedResponse(status=response.status, headers=headers, chunks=chunks, error=error)
    body = b"" if response.body is None else _from_body(response.body)
    received = HttpResponse(status=response.status, headers=headers, body=body)
    return received if error is None else replace(error, partial=received)


def _from_failure(failure: _Interrupted) -> Interrupted:
    return Interrupted(failure.kind, failure.reason, None, failure.response_id)


def _kept(headers: Pairs, kept: frozenset[str]) -> Pairs:
    lowered = ((name.lower(), value) for name, value in headers)
    harmless = (pair for pair in lowered if pair[0] in kept or pair[0].startswith("x-ratelimit-"))
    return hide_pairs(tuple(sorted(harmless, key=_name)))


def _name(pair: tuple[str, str]) -> str:
    return pair[0]


def _to_fields(pairs: Pairs) -> _Fields:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    fields: _Fields = {name: values if len(values) > 1 else values[0] for name, values in grouped.items()}
    return fields if _from_fields(fields) == pairs else list(pairs)


def _from_fields(fields: _Fields) -> Pairs:
    if isinstance(fields, list):
        return tuple(fields)
    return tuple(
        (name, value) for name, values in fields.items() for value in ([values] if isinstance(values, str) else values)
    )


_SPACINGS = (-1, 0, 2, 4)
"""How JSON is usually spaced: by msgspec's `indent`, compactly, on one line with spaces, or indented."""


_SPARE = (b"[" * 500, b"]" * 500)


def _to_body(body: bytes) -> _Body:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return {"base64": Raw(json.encode(b64encode(body).decode()))}
    try:
        # With room to spare: what is nested nearly too deeply could be kept here, and not be read elsewhere.
        json.decode(_SPARE[0] + body + _SPARE[1])
        for indent in _SPACINGS:
            # The cassette has the JSON as it was received, character by character, only spaced otherwise.
            if json.format(json.format(body, indent=2), indent=indent) == body:
                value: dict[str, Any] = {"json": Raw(body)}
                return value if indent == -1 else {**value, "indent": Raw(b"%d" % indent)}
    except (MsgspecError, RecursionError):
        pass
    lines = text.splitlines(keepends=True)
    return {"text": Raw(json.encode(lines if len(lines) > 1 else text))}


def _from_body(body: _Body) -> bytes:
    match sorted(body):
        case ["json"]:
            return json.format(bytes(body["json"]), indent=-1)
        case ["indent", "json"]:
            return json.format(bytes(body["json"]), indent=decoder_of(int)(body["indent"]))
        case ["text"]:
            text: str | list[str] = decoder_of(str | list[str])(body["text"])
            return "".join(text).encode()
        case ["base64"]:
            try:
                return b64decode(decoder_of(str)(body["base64"]), validate=True)
            except ValueError as error:
                raise ValueError(f"is not a cassette, or is damaged: {error}") from None
        case forms:
            raise ValueError(f"a body is one of json (with indent or without), text and base64; here is {forms}")
