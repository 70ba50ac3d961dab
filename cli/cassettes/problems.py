"""What is wrong with a file of recordings: it cannot be read, holds a secret, or was left unfinished.

Law: a secret is told by its place, and not shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.credentials import REDACTED, names_a_credential
from ...core.http import HttpResponse
from ...transports.cassette.canned_answers import StreamedResponse
from ...transports.cassette.format import Recording, read_cassette
from ...transports.cassette.formats.other_formats import detect_format, import_recordings
from ...transports.cassette.leaks import LOOKS_LIKE_A_KEY, SecretFound
from ...transports.cassette.partial_file import left_over
from .files import LEFT_OVER, naming_the_extra, read_bytes


def problems_in(path: str, harmless: Sequence[str] = ()) -> tuple[int | None, list[str]]:
    """How many recordings a file has, None where it cannot be read; and what is wrong with it."""
    if path.endswith(LEFT_OVER):
        return None, ["was left by a recorder that was not closed: rename it to keep what it has, or remove it"]
    data = read_bytes(path)
    found: list[str] = []
    count: int | None = None
    form = detect_format(data)
    try:
        with naming_the_extra():
            count = len(import_recordings(data, form, harmless=harmless).recordings)
        if form in ("cassette", "cassette-lines"):
            for number, recording in enumerate(read_cassette(data).recordings, start=1):
                found += [f"recording {number}: {place} holds a credential" for place in _named(recording)]
    except SecretFound as secret:
        found += secret.places
    except ValueError as error:
        found.append(str(error))
    text = data.decode("utf-8", "replace")
    for known in harmless:
        text = text.replace(known, "")
    if not found:
        lines = sorted({text.count("\n", 0, match.start()) + 1 for match in LOOKS_LIKE_A_KEY.finditer(text)})
        found += [f"line {line} holds what looks like a key or a token" for line in lines[:_MOST]]
        if len(lines) > _MOST:
            found.append(f"and {len(lines) - _MOST} more lines do")
    beside = left_over(path)
    if beside is not None:
        found.append(f"a recorder that was not closed left {beside}")
    return count, found


_MOST = 5


def _named(recording: Recording) -> Iterator[str]:
    """What is a credential by its name, and was put there by hand: no recorder writes it."""
    answer = recording.answer
    received = answer.headers if isinstance(answer, HttpResponse | StreamedResponse) else ()
    request = recording.request
    for where, pairs in (("request query", request.query), ("request header", request.headers), ("header", received)):
        for name, value in pairs:
            if names_a_credential(name) and value != REDACTED:
                yield f"{where} {name}"
