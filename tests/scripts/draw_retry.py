"""The table of retry, drawn of what `retrying` does: each failure and each status is put to it, and told.

Law: nothing of the table is written here. What is decided alike is one row, and so what is new in the code is a row or
in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, get_args

from draw_svg import MARGIN, WIDTH, Drawing, width_of, wrapped
from msgspec import json
from returns.result import Failure, Success

from puresponse.core import (
    Answer,
    DecodeError,
    Done,
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    NoRecording,
    NotSent,
    RetryPolicy,
    Send,
    WaitExpired,
    retrying,
)
from puresponse.core.errors import InterruptedKind, NotSentKind
from puresponse.core.retry_hints import leaves_open

SAFE = HttpRequest(method="DELETE", path="/responses/resp_1", idempotent=True)
UNSAFE = HttpRequest(method="POST", path="/responses", body=b"{}")
STATUSES = range(300, 600)

_COLUMNS = ("idem-", "potent"), ("any", "other"), ("repeat_", "unsafe"), ("left", "open")
_RIGHTS = (184, 232, 292, 338)
"""Where the columns end."""
_OPEN = {True: "yes", False: "no", None: "-"}
_NAMES = 136
"""How wide a name may be that is beside what is decided."""


class Decision(NamedTuple):
    """What becomes of a request, by whether it is idempotent, and whether it is left open that the server acted: None
    where that is the error's to say.
    """

    idempotent: bool
    other: bool
    at_risk: bool
    left_open: bool | None


class Group(NamedTuple):
    """What is asked under one heading: names with what is decided of each."""

    heading: str
    rows: dict[str, Decision]


def decide(answer: Answer) -> Decision:
    """What `retrying` makes of this answer to a first attempt."""

    def repeated(request: HttpRequest, policy: RetryPolicy) -> bool:
        attempt: Any = retrying(Send(request, Done), policy)
        return not isinstance(attempt.resume(answer), Done)

    if isinstance(answer, Failure):
        left_open = answer.failure().may_have_acted
    else:
        left_open = leaves_open(answer.unwrap().status, answer.unwrap().headers)
    safe, at_risk = RetryPolicy(), RetryPolicy(repeat_unsafe=True)
    return Decision(repeated(SAFE, safe), repeated(UNSAFE, safe), repeated(UNSAFE, at_risk), left_open)


def decided() -> list[Group]:
    """The whole table."""
    not_sent = {kind: decide(Failure(NotSent(kind, "told"))) for kind in get_args(NotSentKind)}
    interrupted = {kind: decide(Failure(Interrupted(kind, "told"))) for kind in get_args(InterruptedKind)}
    others = {
        type(error).__name__: decide(Failure(error))._replace(left_open=None)
        for error in (
            InvalidArgument("model", "told"),
            DecodeError(status=200, path="$", reason="told", request_id=None, body=b""),
            WaitExpired(elapsed=1.0, polls=1, last=None),
            NoRecording(request=SAFE),
        )
    }
    return [
        Group("NotSent", _alike(not_sent)),
        Group("Interrupted", _alike(interrupted)),
        Group("any other error", _alike(others)),
        Group("an answer", _statuses()),
        Group("with x-should-retry: true", _statuses(order="true")),
        Group("with x-should-retry: false", _statuses(order="false")),
        Group("with insufficient_quota", _statuses(quota=True)),
    ]


def _statuses(order: str = "", *, quota: bool = False) -> dict[str, Decision]:
    body = json.encode({"error": {"code": "insufficient_quota", "message": "told"}}) if quota else b""
    headers = (("x-should-retry", order),) if order else ()
    found: dict[Decision, list[int]] = {}
    for status in STATUSES:
        answer: Answer = Success(HttpResponse(status=status, headers=headers, body=body))
        found.setdefault(decide(answer), []).append(status)
    # What most statuses share is told last, as any other.
    rows = sorted(found.items(), key=lambda row: (300 in row[1], not row[0].other))
    return {
        (spans(statuses) if 300 not in statuses else "any other status" if len(rows) > 1 else "any status"): decision
        for decision, statuses in rows
    }


def spans(numbers: Sequence[int]) -> str:
    """Numbers in words: those that follow each other as a span."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(f"{span[0]}" if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in found)


def _alike(rows: dict[str, Decision]) -> dict[str, Decision]:
    names: dict[Decision, list[str]] = {}
    for name, decision in rows.items():
        names.setdefault(decision, []).append(name)
    return {", ".join(alike): decision for decision, alike in names.items()}


def draw_retry(groups: Iterable[Group]) -> str:
    """The picture of the table."""
    under = "Whether a request is sent again, by what became of it; and whether it is left open that the server acted"
    drawing = Drawing("The table of retry", under + ".")
    drawing.heading(under)
    for (above, below), right in zip(_COLUMNS, _RIGHTS, strict=True):
        drawing.text(right, drawing.y + 16, above, colour="soft", anchor="end")
        drawing.text(right, drawing.y + 33, below, colour="soft", anchor="end")
    drawing.y += 40
    for group in groups:
        drawing.rectangle(MARGIN, drawing.y, WIDTH - 2 * MARGIN, 26, fill="tint", edge="", radius=3)
        drawing.text(MARGIN + 6, drawing.y + 18, group.heading, kind="b")
        drawing.y += 28
        for name, decision in group.rows.items():
            _row(drawing, name, decision)
            drawing.tell(_told(group.heading, name, decision))
    return drawing.svg()


def _row(drawing: Drawing, name: str, decision: Decision) -> None:
    top = drawing.y
    # Where there are many names they have the whole width, and what is decided is under them or beside the last.
    lines = wrapped(name, WIDTH - 2 * MARGIN - 12)
    for number, line in enumerate(lines):
        drawing.text(MARGIN + 6, top + 17 + 19 * number, line)
    rows = len(lines) - (width_of(lines[-1]) < _NAMES)
    y = top + 17 + 19 * rows
    for again, right in zip(decision[:3], _RIGHTS, strict=False):
        drawing.text(right, y, "again" if again else "no", colour="green" if again else "soft", anchor="end")
    colour = "brown" if decision.left_open else "soft"
    drawing.text(_RIGHTS[3], y, _OPEN[decision.left_open], colour=colour, anchor="end")
    drawing.y = y + 10
    drawing.path(((MARGIN, drawing.y - 1), (WIDTH - MARGIN, drawing.y - 1)), colour="grid", width=1)
    drawing.y += 1


def _told(heading: str, name: str, decision: Decision) -> str:
    who = ("an idempotent request", "any other", "any other with repeat_unsafe")
    again = [each for each, repeated in zip(who, decision[:3], strict=False) if repeated]
    left_open = {True: "; it is left open that the server acted", False: "; the server did not act", None: ""}
    repeated = f"again for {', '.join(again)}" if again else "never again"
    return f"{heading}, {name}: {repeated}{left_open[decision.left_open]}."
