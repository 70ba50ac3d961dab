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
from typing import NamedTuple

from puresponse.transports.cassette.format import dump_cassette, load_cassette
from puresponse.transports.cassette.formats.session_records import read_session_record

BASE_URL = "https://api.openai.com/v1"


class Converted(NamedTuple):
    """What came of converting a directory: file names, and how many exchanges each holds."""

    name: str
    exchanges: int


def convert(record: bytes) -> bytes:
    """Make a cassette of a record's bytes."""
    imported = read_session_record(record, base_url=BASE_URL)
    outside = [one for one in imported.not_carried if one.place.endswith(".RequestUri")]
    if len(outside) > 1:
        raise ValueError(f"{outside[1].place}: is not under {BASE_URL}")
    return dump_cassette(imported.recordings)


def convert_all(source: Path, out: Path, patterns: list[str]) -> list[Converted]:
    """Convert what matches one of `patterns` in `source` into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    converted: list[Converted] = []
    for path in sorted(source.glob("*.json")):
        if any(fnmatch(path.name, pattern) for pattern in patterns or ["*.json"]):
            cassette = convert(path.read_bytes())
            (out / path.name).write_bytes(cassette)
            converted.append(Converted(path.name, len(load_cassette(cassette))))
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
