"""A stream that breaks off and is resumed, drawn of a run: what was asked, sent, lost and handed over, in order.

Law: the picture says what was seen by whoever carried the stream out; the words are written here, the numbers are not.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from draw_svg import MARGIN, WIDTH, Drawing
from returns.result import Failure, Success

from puresponse import (
    Close,
    CutStream,
    Emit,
    End,
    FaultPlan,
    MemoryTransport,
    Open,
    Perform,
    Read,
    Rule,
    Stream,
    VirtualClock,
    run,
    stream_response,
)
from puresponse.core.streams import NOT_OPEN
from puresponse.transports import Body

EVENTS_BEFORE_THE_CUT = 4


class Happened(NamedTuple):
    """What happened: `asked` of the service, `events` and `lost` from it, `waited` and `ended` in the program."""

    kind: str
    words: str


def carried_out() -> list[Happened]:
    """The stream of a response made in the background, carried out by hand; the service cuts it once."""
    clock = VirtualClock(chance=0.5)
    faults = FaultPlan((Rule(CutStream(events=EVENTS_BEFORE_THE_CUT), times=1),))
    service = MemoryTransport.empty(script="Hello, world!", faults=faults, clock=clock)
    step: Stream[Any] = stream_response(model="gpt-5", input="Say hello.", background=True)
    body: Body | None = None
    seen: list[Happened] = []
    while True:
        match step:
            case Open(request, resume):
                query = "&".join(f"{name}={value}" for name, value in request.query)
                seen.append(Happened("asked", f"{request.method} {request.path}{'?' if query else ''}{query}"))
                body = service.open(request).unwrap()
                step = resume(Success(body.answer))
            case Read(resume, within):
                chunk = NOT_OPEN if body is None else body.read(within)
                if isinstance(chunk, Failure):
                    broken: Any = chunk.failure()
                    seen.append(Happened("lost", f"{type(broken).__name__}: {broken.kind}"))
                step = resume(chunk)
            case Emit(values, rest):
                seen += [Happened("events", f"{event.sequence_number} {event.type}") for event in values]
                step = rest
            case Perform(operation, resume):
                before = clock.now
                step = resume(run(operation, service, clock=clock))
                seen.append(Happened("waited", f"{clock.now - before:.2g} s"))
            case Close(rest):
                step = rest
            case End(result):
                seen.append(Happened("ended", type(result).__name__))
                return seen


_PROGRAM, _SERVICE = MARGIN + 40, WIDTH - MARGIN - 40
"""Where the two lines are."""


def draw_resumption(happened: list[Happened]) -> str:
    """The picture of what happened."""
    under = "What a program asks for, and what it is sent, where the connection breaks in the middle"
    drawing = Drawing("A stream breaks and is resumed", under + ".")
    drawing.heading(under)
    top = drawing.y + 34
    for x, name in ((_PROGRAM, "program"), (_SERVICE, "service")):
        drawing.rectangle(x - 38, drawing.y + 4, 76, 28, fill="tint")
        drawing.text(x, drawing.y + 23, name, kind="b", anchor="middle")
    drawing.y = top + 6
    rows = _rows(happened)
    # The lines of the two are behind all else: how far they run is known when the rows are.
    below = drawing.y + sum(_HEIGHTS[kind] * max(1, len(words)) + 14 for kind, words in rows)
    for x in (_PROGRAM, _SERVICE):
        drawing.path(((x, top - 2), (x, below)), colour="grid", width=2)
    for kind, words in rows:
        _draw_row(drawing, kind, words)
        drawing.tell(f"{_TOLD[kind]}: {', '.join(words)}.")
    return drawing.svg()


_HEIGHTS = {"asked": 20, "events": 20, "lost": 24, "waited": 28, "ended": 28}
_TOLD = {
    "asked": "The program asks",
    "events": "The service sends, and the program emits",
    "lost": "The connection breaks",
    "waited": "The program waits",
    "ended": "The stream ends",
}


def _rows(happened: list[Happened]) -> list[tuple[str, list[str]]]:
    """What is drawn as one: events that follow each other are the first, the last, and how many."""
    rows: list[tuple[str, list[str]]] = []
    for kind, words in happened:
        if kind == "asked":
            path, _, query = words.partition("?")
            lines = [
                path,
                *(f"{'?' if not number else '&'}{one}" for number, one in enumerate(query.split("&")) if one),
            ]
            rows.append((kind, lines))
        elif kind == "events" and rows[-1][0] == "events":
            rows[-1][1].append(words)
        else:
            rows.append((kind, [words]))
    return [(kind, _shortened(words) if kind == "events" else words) for kind, words in rows]


def _shortened(events: list[str]) -> list[str]:
    return events if len(events) <= 4 else [*events[:1], f"… {len(events) - 2} more", *events[-1:]]


def _draw_row(drawing: Drawing, kind: str, words: list[str]) -> None:
    middle = (_PROGRAM + _SERVICE) / 2
    top = drawing.y + 8
    height = _HEIGHTS[kind] * len(words)
    bottom = top + height
    if kind in ("asked", "events"):
        colour = "blue" if kind == "asked" else "green"
        for number, line in enumerate(words):
            drawing.text(middle, top + 14 + 20 * number, line, anchor="middle", colour=colour)
        ends = (_PROGRAM, _SERVICE) if kind == "asked" else (_SERVICE, _PROGRAM)
        drawing.arrow((ends[0], bottom), (ends[1], bottom), colour=colour)
    elif kind == "lost":
        drawing.text(middle, top + 14, words[0], anchor="middle", colour="red", kind="b")
        drawing.path(((_SERVICE, bottom), (middle + 8, bottom)), colour="red", dashed=True)
        for way in (-1, 1):
            drawing.path(((middle - 5, bottom - 5 * way), (middle + 5, bottom + 5 * way)), colour="red", width=2)
    else:
        text = f"waits {words[0]}" if kind == "waited" else f"the stream ends: {words[0]}"
        wide = 96 if kind == "waited" else 196
        drawing.rectangle(MARGIN, top, wide, 26, edge="edge" if kind == "waited" else "green")
        drawing.text(MARGIN + wide / 2, top + 18, text, anchor="middle")
    drawing.y = bottom + 6
