"""The formats by their names: which one a file is of, and recordings in and out of each.

Law: what is read goes through the same redaction and the same search for secrets as what is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Literal, TypeAlias

from msgspec import Struct

from ....codecs.lossless.errors import NESTED, REFUSALS
from ....core.credentials import names_a_credential
from ..format import Recording, dump_cassette, read_cassette
from ..leaks import Leaks, SecretFound, secrets_in
from ..redaction import Redaction, Redactor
from .aimock import read_aimock
from .carried import Exported, Imported, NotCarried
from .cassetter import read_cassetter, write_cassetter
from .exchanges import BASE_URL, check_base
from .har import read_har, write_har
from .session_records import read_session_record
from .vcr import read_vcr, write_vcr

FormatName: TypeAlias = Literal["cassette", "cassette-lines", "vcr", "har", "cassetter", "session-record", "aimock"]


class Format(Struct, frozen=True):
    """A format: what a file of it is called, and how it is read and written; None for one that is only read."""

    title: str
    read: Callable[..., Imported]
    write: Callable[..., Exported] | None = None


def _read_cassette(data: bytes, *, base_url: str | None = None, keep_headers: Collection[str] = ()) -> Imported:
    cassette = read_cassette(data)
    return Imported(cassette.recordings, (), cassette.recorded)


def _write_cassette(
    recordings: Iterable[Recording], *, base_url: str = BASE_URL, recorded: float | None = None
) -> Exported:
    kept = list(recordings)
    return Exported(dump_cassette(kept, recorded=recorded, keep_headers=_harmless_headers(kept)))


def _write_lines(
    recordings: Iterable[Recording], *, base_url: str = BASE_URL, recorded: float | None = None
) -> Exported:
    kept = list(recordings)
    return Exported(dump_cassette(kept, recorded=recorded, keep_headers=_harmless_headers(kept), lines=True))


FORMATS: dict[str, Format] = {
    "cassette": Format("a cassette", _read_cassette, _write_cassette),
    "cassette-lines": Format("a cassette", _read_cassette, _write_lines),
    "vcr": Format("a cassette of VCR.py", read_vcr, write_vcr),
    "har": Format("a HAR file", read_har, write_har),
    "cassetter": Format("a cassette of cassetter", read_cassetter, write_cassetter),
    "session-record": Format("a session record of the .NET client", read_session_record),
    "aimock": Format("a file of aimock's fixtures", read_aimock),
}


class SecretImported(SecretFound):
    """What was read holds what looks like a key. `places` are where; a rule takes it out."""

    def __init__(self, places: Collection[str]) -> None:
        super().__init__("", places)
        more = f", and {len(places) - _MOST} more" if len(places) > _MOST else ""
        self.args = (
            f"it would hold a secret: {'; '.join(self.places[:_MOST])}{more}. Take it out by a rule "
            "(`redact=[Redaction(member=…)]`); what is no secret is named in `harmless`",
        )


_MOST = 5


def import_recordings(
    data: bytes,
    format: FormatName | None = None,
    *,
    base_url: str | None = None,
    keep_headers: Collection[str] = (),
    redact: Collection[Redaction] = (),
    harmless: Collection[str] = (),
    leaks: Leaks | None = None,
) -> Imported:
    """Read the recordings of a file of another program, or of this one.

    What is read is cleaned as what is recorded, and refused as that. An exchange with a server that is not at the base
    URL is not carried over.

    Args:
        data: All bytes of the file, 64 MiB of a body at most once its content coding is removed.
        format: `cassette`, `cassette-lines`, `vcr`, `har`, `cassetter`, `session-record` or `aimock`. Default: that
            which the bytes look like.
        base_url: Where the requests went. Default: what precedes the first segment of a path that the API has.
        keep_headers: Names of headers to keep besides those that always are; one that holds secrets is a `ValueError`.
        redact: What is taken out besides what always is.
        harmless: Texts that look like keys, and are none.
        leaks: A function that tells whether bytes hold a secret that is known, such as the key of a transport.

    Raises `ValueError` that says what is wrong, and where, for a file that is damaged or of no such format;
    `SecretFound`, which is one, for what would hold a secret; and `ImportError` where the extra `vcr` is needed.

    >>> har = b'{"log": {"entries": [{"request": {"method": "DELETE", "url": "https://api.openai.com/v1/responses/resp_1"'
    >>> imported = import_recordings(har + b'}, "response": {"status": 404}}]}}')
    >>> imported.recordings[0].request
    HttpRequest(method='DELETE', path='/responses/resp_1')
    """
    imported = read_recordings(data, format, base_url=base_url, keep_headers=keep_headers)
    redactor = Redactor(redact)
    recordings: list[Recording] = []
    notes = list(imported.not_carried)
    places: list[str] = []
    for index, recording in enumerate(imported.recordings):
        cleaned = redactor.redacted(recording)
        for part in ("request", "answer"):
            if getattr(cleaned, part) is not getattr(recording, part):
                notes.append(NotCarried(f"recordings[{index}].{part}", "something in it is redacted"))
        recordings.append(cleaned)
        places += [f"recording {index + 1}: {place}" for place in secrets_in(cleaned, leaks, harmless)]
    if places:
        raise SecretImported(places)
    return Imported(tuple(recordings), tuple(notes), imported.recorded)


def read_recordings(
    data: bytes,
    format: FormatName | None = None,
    *,
    base_url: str | None = None,
    keep_headers: Collection[str] = (),
) -> Imported:
    """Read the recordings of a file as they are there, but for headers that no cassette keeps: to be shown, not saved.

    Raises `ValueError` and `ImportError` as `import_recordings` does.
    """
    if base_url is not None:
        check_base(base_url)
    if format is not None and format not in FORMATS:
        raise ValueError(f"format: {format!r}; allowed are {', '.join(FORMATS)}")
    one = FORMATS[format or detect_format(data)]
    try:
        return one.read(data, base_url=base_url, keep_headers=keep_headers)
    except RecursionError:
        raise ValueError(f"is not {one.title}, or is damaged: {NESTED}") from None
    except (*REFUSALS, ValueError, OverflowError) as error:
        known = str(error)
        said = known if "or is damaged" in known else f"is not {one.title}, or is damaged: {known}"
        raise ValueError(said) from None


def export_recordings(
    recordings: Iterable[Recording],
    format: FormatName,
    *,
    base_url: str = BASE_URL,
    recorded: float | None = None,
) -> Exported:
    """Write recordings as a file of another program, or of this one.

    Args:
        recordings: The exchanges, such as `CassetteTransport.recordings` has them.
        format: `cassette`, `cassette-lines`, `vcr`, `har` or `cassetter`.
        base_url: That of the client which is to replay them, where the format has whole URLs.
        recorded: The date of the file, in seconds since 1970, where the format has one.

    Raises `ValueError` for a format that is only read, and for a base URL that is none; `ImportError` where the extra
    `vcr` is needed.

    >>> from puresponse import HttpRequest, HttpResponse, Recording
    >>> recording = Recording(HttpRequest("DELETE", "/responses/resp_1"), HttpResponse(status=404))
    >>> export_recordings([recording], "cassette-lines").data.splitlines()[1]
    b'{"request":{"method":"DELETE","path":"/responses/resp_1"},"response":{"status":404}}'
    """
    one = FORMATS.get(format)
    if one is None or one.write is None:
        allowed = ", ".join(name for name, known in FORMATS.items() if known.write is not None)
        raise ValueError(f"format: {format!r}; allowed are {allowed}")
    check_base(base_url)
    return one.write(recordings, base_url=base_url, recorded=recorded)


def detect_format(data: bytes) -> FormatName:
    """The format that bytes look like; that of a cassette, if none."""
    start = data[:65536].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        for name, pattern in _IN_JSON.items():
            if re.match(pattern, start):
                return name
        first = start.partition(b"\n")[0].rstrip()
        return "cassette-lines" if b'"version"' in first and b'"recordings"' not in first else "cassette"
    if re.search(rb"^\[\[interactions\]\]|^interactions = ", start, re.MULTILINE):
        return "cassetter"
    if re.search(rb"^(?:interactions|version|grpc_interactions|ws_interactions):", start, re.MULTILINE):
        status = re.search(rb"^ +status: *(\d+)? *$", data, re.MULTILINE)
        return "cassetter" if status is not None and status[1] else "vcr"
    return "cassette"


_IN_JSON: dict[FormatName, bytes] = {
    "har": rb'\{\s*"log"\s*:',
    "session-record": rb'\{\s*"(?:Entries|Variables)"\s*:',
    "aimock": rb'\{\s*"(?:\$schema"\s*:\s*"[^"]*"\s*,\s*")?fixtures"\s*:',
    "vcr": rb'\{\s*"(?:version"\s*:\s*1\s*,\s*")?interactions"\s*:',
}


def _harmless_headers(recordings: Iterable[Recording]) -> frozenset[str]:
    """The names of all headers that recordings have: of what was read, only those that are to be kept are left."""
    found: set[str] = set()
    for recording in recordings:
        found.update(name for name, _ in recording.request.headers)
        answer = recording.answer
        found.update(name for name, _ in getattr(answer, "headers", ()))
        partial = getattr(answer, "partial", None)
        found.update(name for name, _ in getattr(partial, "headers", ()))
    return frozenset(name for name in found if not names_a_credential(name))
