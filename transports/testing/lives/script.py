"""The answers of a life as a `ScriptedTransport`, to be pasted into a test.

Law: a program that asks what it asked in the life is answered what it was answered then. Where the process died, or an
answer took its time, a comment says so: a script cannot bring that about. What branches of a fork asked is in the order
of `run`, which carries out one after the other, as long as it is not told otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ....core.credentials import hide_in_request, hide_in_response
from ....core.errors import Error, Interrupted
from ....core.http import HttpRequest, HttpResponse
from ...cassette.canned_answers import CannedAnswer, StreamedResponse
from .fault_words import said_of
from .findings import Violation
from .literals import WIDTH, Source
from .lives import Dies, LifeStep
from .step_words import cut, error_of


class Played(Struct, frozen=True):
    """A part of the script: a request and its answer, or a remark of what no transport can do."""

    request: HttpRequest | None = None
    answer: CannedAnswer | None = None
    remark: str = ""


def script_of(violation: Violation) -> str:
    """Python source that makes the transport, with its imports."""
    source = Source()
    lines: list[str] = []
    played = played_of(violation.life)
    for one in played:
        if one.remark:
            lines.append(f"    # {one.remark}")
        if one.request is not None:
            written = [*source.lines(one.request, 8), *source.lines(one.answer, 8)]
            lines += ["    (", *written, "    ),"]
    names = ", ".join(sorted({*source.names, "ScriptedTransport"}))
    call = ["transport = ScriptedTransport(", *lines, ")"] if lines else ["transport = ScriptedTransport()"]
    claim = [f"# Does not hold: {cut(violation.claim, WIDTH - 20)}"]
    if violation.why not in ("", violation.claim):
        claim.append(f"# {cut(violation.why, WIDTH - 2)}")
    return "\n".join([f"from puresponse import {names}", "", *claim, *call, ""])


def played_of(life: Iterable[LifeStep]) -> tuple[Played, ...]:
    """The requests of a life with their answers, and where the process died."""
    played: list[Played] = []
    opened: dict[tuple[int, ...], int] = {}
    for step in _in_order(list(life), 0):
        if isinstance(step.mishap, Dies):
            what = said_of(step.mishap, step.kind).what
            asked = "" if step.request is None else f": {step.request.method} {step.request.path}"
            played.append(Played(remark=cut(f"Here {what}{asked}", WIDTH - 6)))
        elif step.kind in ("send", "open") and step.request is not None:
            if step.kind == "open":
                opened[step.branch] = len(played)
            took = step.ended - step.began
            played.append(Played(_asked(step.request), _answered(step), f"This took {took:g} s." if took > 0 else ""))
        elif step.kind == "read" and step.branch in opened:
            place = opened[step.branch]
            played[place] = replace(played[place], answer=_going_on(played[place].answer, step.answer))
    return tuple(played)


def _in_order(steps: list[LifeStep], depth: int) -> Iterator[LifeStep]:
    """The steps, those of the first branch of a fork before those of the second."""
    for is_forked, together in groupby(steps, lambda step: len(step.branch) > depth):
        if not is_forked:
            yield from together
            continue
        branches: dict[int, list[LifeStep]] = {}
        for step in together:
            branches.setdefault(step.branch[depth], []).append(step)
        for index in sorted(branches):
            yield from _in_order(branches[index], depth + 1)


def _asked(request: HttpRequest) -> HttpRequest:
    """What distinguishes a request from others."""
    hidden = hide_in_request(request)
    return HttpRequest(hidden.method, hidden.path, query=hidden.query, body=hidden.body)


def _answered(step: LifeStep) -> CannedAnswer:
    error: Error | None = error_of(step.answer)
    if error is not None:
        if isinstance(error, Interrupted) and error.partial is not None:
            return replace(error, partial=hide_in_response(error.partial))
        return error
    response: HttpResponse = hide_in_response(step.answer.unwrap())
    if step.kind == "open" and response.is_success:
        return StreamedResponse(status=response.status, headers=response.headers)
    return response


def _going_on(answer: CannedAnswer | None, chunk: Any) -> CannedAnswer | None:
    """The answer with one more chunk, or with its end."""
    if not isinstance(answer, StreamedResponse) or answer.error is not None:
        return answer
    error: Error | None = error_of(chunk)
    if error is None:
        data: bytes = chunk.unwrap()
        return replace(answer, chunks=(*answer.chunks, data)) if data else answer
    return replace(answer, error=error) if isinstance(error, Interrupted) else answer
