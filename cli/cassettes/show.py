"""`puresponse cassette show`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..failures import ExitCode
from ..parameters import FORMS, Invocation, command
from .options import FILES

if TYPE_CHECKING:
    from .shown import Shown
    from .transcript import Transcript


@command(FILES, *FORMS)
def show(given: Invocation, *, paths: tuple[str, ...]) -> ExitCode | str:
    """Show recordings as a transcript: requests, messages, streamed text joined, tool calls, errors."""
    from .files import load, paths_in
    from .shown import showing
    from .transcript import plain, transcript_of

    def act(shown: Shown) -> ExitCode:
        for path in paths_in(paths):
            loaded = load(path)
            if not shown.as_json:
                shown.lines([f"{path}: {len(loaded.imported.recordings)} recordings"])
            for number, recording in enumerate(loaded.imported.recordings, start=1):
                transcript = transcript_of(recording)
                if shown.as_json:
                    shown.result({"file": path, **plain(transcript, number)})
                else:
                    shown.lines(list(lines_of(transcript, number)))
        return ExitCode.OK

    return showing(given, act)


def lines_of(transcript: Transcript, number: int) -> Iterator[str]:
    """A transcript as lines for people."""
    from ..output import printable

    query = "&".join(f"{name}={value}" for name, value in transcript.query)
    yield printable(f"{number}  {transcript.method} {transcript.path}{'?' if query else ''}{query}")
    for line in transcript.lines:
        first, *others = line.text.splitlines() or [""]
        yield printable(f"   {line.who}: {first}")
        for other in others:
            yield printable(f"   {' ' * len(line.who)}  {other}".rstrip())
