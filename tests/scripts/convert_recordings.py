"""Convert test records of OpenAI's .NET client into cassettes of this project.

    python tests/scripts/convert_recordings.py SOURCE_DIR OUT_DIR [PATTERN ...]

Each file of SOURCE_DIR whose name matches a PATTERN (all JSON files by default) becomes a cassette of the same name in
OUT_DIR. A record is `{"Entries": [{RequestUri, RequestMethod, RequestHeaders, RequestBody, StatusCode, ResponseHeaders,
ResponseBody}]}`; its JSON bodies are inlined, its event streams are lists of lines. The same record always gives the
same cassette.
"""

from __future__ import annotations

import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct, json

from puresponse.core.http import HttpRequest, HttpResponse, Pairs, find_header
from puresponse.transports.cassette.format import Recording, dump_cassette

BASE_URL = "https://api.openai.com/v1"


Headers: TypeAlias = dict[str, str | list[str]]
"""Names and values; a list of values for a name that stood more than once."""


class Entry(Struct, rename="pascal"):
    """One exchange, as the .NET client's tests record it."""

    request_uri: str
    request_method: str
    request_headers: Headers
    request_body: Any
    status_code: int
    response_headers: Headers
    response_body: Any


class Record(Struct, rename="pascal"):
    """A file of recorded exchanges."""

    entries: list[Entry]


class Converted(NamedTuple):
    """What came of converting a directory: file names, and how many exchanges each holds."""

    name: str
    exchanges: int


def convert(record: bytes) -> bytes:
    """Make a cassette of a record's bytes."""
    return dump_cassette(map(to_recording, json.decode(record, type=Record).entries))


def to_recording(entry: Entry) -> Recording:
    """Make a recording of one exchange."""
    if not entry.request_uri.startswith(BASE_URL):
        raise ValueError(f"RequestUri: {entry.request_uri} is not under {BASE_URL}")
    target = urlsplit(entry.request_uri.removeprefix(BASE_URL))
    headers = to_pairs(entry.request_headers)
    body = to_bytes(entry.request_body)
    if body is None and find_header(headers, "content-length") == "0":
        body = b""
    request = HttpRequest(
        method=entry.request_method,
        path=target.path,
        query=tuple(parse_qsl(target.query, keep_blank_values=True)),
        headers=headers,
        body=body,
    )
    response = HttpResponse(
        status=entry.status_code,
        headers=to_pairs(entry.response_headers),
        body=to_bytes(entry.response_body) or b"",
    )
    return Recording(request, response)


def to_pairs(headers: Headers) -> Pairs:
    """Give headers as pairs."""
    return tuple(
        (name, value) for name, values in headers.items() for value in ([values] if isinstance(values, str) else values)
    )


def to_bytes(body: Any) -> bytes | None:
    """Give the bytes of a recorded body: inlined JSON, text, or the lines of a stream."""
    match body:
        case None:
            return None
        case str():
            return body.encode()
        case [*lines] if lines and all(isinstance(line, str) for line in lines):
            return "".join(lines).encode()
        case _:
            return json.encode(body)


def convert_all(source: Path, out: Path, patterns: list[str]) -> list[Converted]:
    """Convert what matches one of `patterns` in `source` into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    converted: list[Converted] = []
    for path in sorted(source.glob("*.json")):
        if any(fnmatch(path.name, pattern) for pattern in patterns or ["*.json"]):
            record = path.read_bytes()
            (out / path.name).write_bytes(convert(record))
            converted.append(Converted(path.name, len(json.decode(record, type=Record).entries)))
    return converted


def main(arguments: list[str]) -> int:
    """Run as a command."""
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    converted = convert_all(Path(arguments[0]), Path(arguments[1]), arguments[2:])
    for name, exchanges in converted:
        print(f"{name}: {exchanges} exchanges")
    return 0 if converted else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
