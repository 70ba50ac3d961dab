"""A life in which a claim does not hold, told to people: a line for each step that matters.

Law: it can be read without knowing this library. What is not worth a line of its own, such as a wait, a chunk that was
read, or the same question with the same answer, is drawn together; only a wait of no time is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure

from ....core.http import SAFE_METHODS
from ...cassette.request_matching import request_key
from .fault_words import in_words, said_of
from .findings import Exploration, Violation
from .known_words import change_words
from .lives import Life, LifeStep
from .step_words import answer_words, cut, emitted_words, request_words, result_words

LONGEST = 60
"""Lines of a story; of a longer one the middle is left out."""


class Told(Struct, frozen=True):
    """The `steps` of a life that make one line, numbered from `first`, which ends with the number `last`.

    `times` is how often the same was asked and answered.
    """

    first: int
    last: int
    steps: tuple[LifeStep, ...]
    times: int = 1


def story_of(violation: Violation) -> str:
    """The story of a life in which a claim does not hold."""
    lines = list(_rows(violation.life))
    left_out = len(lines) - LONGEST
    if left_out > 0:
        lines[LONGEST // 3 : LONGEST // 3 + left_out] = [("", "", f"({left_out} more lines)")]
    ended = violation.life[-1]
    ending = "here it does not hold" if ended.result is None else result_words(ended.result)
    rows = [*lines, ("end", _seconds(ended.ended), ending)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    told = [f"{number:>{widths[0]}}  {at:>{widths[1]}}  {text}" for number, at, text in rows]
    return "\n".join([_claim(violation), *told])


def report_of(exploration: Exploration) -> str:
    """What is to be said where a claim does not hold, or where not all was searched."""
    found = exploration.violations
    claims = f"{len(found)} {'claim does' if len(found) == 1 else 'claims do'} not hold"
    faults = "1 fault" if exploration.faults == 1 else f"{exploration.faults} faults"
    searched = f"{exploration.states:,} states, {exploration.steps:,} steps, up to {faults} in a life"
    found_so = claims if found else "all claims held as far as was searched"
    parts = [f"{found_so}: {searched}, {exploration.seconds:.1f} s", *map(story_of, found)]
    if exploration.limit is not None:
        parts.append(f"Not all was searched: {exploration.limit}")
    if exploration.opaque:
        shown = ", ".join(cut(part, 80) for part in exploration.opaque)
        parts.append(f"No data, so that no process was let die, and states that hold it are all different: {shown}")
    return "\n\n".join(parts)


def told_of(life: Life) -> tuple[Told, ...]:
    """The steps of a life, drawn together into those that make one line each."""
    told: list[Told] = []
    for number, step in enumerate(life):
        if step.kind == "begin":
            if step.emitted:
                told.append(Told(number, number, (step,)))
        elif told and _is_quiet(step) and _is_quiet(told[-1].steps[-1]) and _alike(step, told[-1].steps[-1]):
            told[-1] = replace(told[-1], last=number, steps=(*told[-1].steps, step))
        else:
            told.append(Told(number, number, (step,)))
            _repeated(told)
    return tuple(one for one in told if not _is_nothing(one))


def words_of(told: Told) -> str:
    """What there is to tell of such steps."""
    steps = told.steps
    parts = [_happened(told)]
    changed = change_words(steps[0].before, steps[-1].after)
    if changed:
        parts.append(changed)
    emitted = tuple(value for step in steps for value in step.emitted)
    if emitted:
        parts.append(f"emitted: {emitted_words(emitted)}")
    branch = ".".join(str(index + 1) for index in steps[0].branch)
    return f"{f'[branch {branch}] ' if branch else ''}{'; '.join(parts)}"


def _rows(life: Life) -> Iterator[tuple[str, str, str]]:
    for told in told_of(life):
        numbers = str(told.first) if told.first == told.last else f"{told.first}-{told.last}"
        yield numbers, _seconds(told.steps[0].began), words_of(told)


def _claim(violation: Violation) -> str:
    if violation.why in ("", violation.claim):
        return f"Does not hold: {violation.claim}"
    return f"Does not hold: {violation.claim}\n  {violation.why}"


def _happened(told: Told) -> str:
    step = told.steps[0]
    if step.kind == "begin":
        return "the program begins"
    if step.kind == "wait":
        return _waited(told.steps)
    if step.kind == "read":
        if _is_quiet(step):
            return "read 1 chunk" if len(told.steps) == 1 else f"read {len(told.steps)} chunks"
        return f"reading on  -> {answer_words(step)}"
    again = f"  ({told.times} times in {_seconds(told.steps[-1].ended - step.began)})" if told.times > 1 else ""
    return f"{_asked(step)}  -> {answer_words(step)}{again}"


def _asked(step: LifeStep) -> str:
    return "a request" if step.request is None else request_words(step.request)


def _waited(steps: Iterable[LifeStep]) -> str:
    first, *more = steps
    last = more[-1] if more else first
    if first.mishap is None:
        return f"waited {_seconds(last.ended - first.began)}"
    said = said_of(first.mishap, "wait")
    if first.answer is None:
        return f"waiting  -> {in_words(first.mishap, 'wait')}"
    return f"waited {_seconds(first.ended - first.began)} ({said.beside or said.what})"


def _is_quiet(step: LifeStep) -> bool:
    """Whether it needs no line of its own."""
    if step.mishap is not None:
        return False
    if step.kind == "read":
        return step.answer is not None and not isinstance(step.answer, Failure)
    return step.kind == "wait"


def _is_nothing(told: Told) -> bool:
    first, last = told.steps[0], told.steps[-1]
    return first.kind == "wait" and _is_quiet(first) and last.ended == first.began and not _changes(told)


def _alike(step: LifeStep, other: LifeStep) -> bool:
    return (step.kind, step.branch) == (other.kind, other.branch)


def _repeated(told: list[Told]) -> None:
    """Draw together what only asks again, and is answered the same, with what was waited in between."""
    waits = 1 if len(told) > 1 and told[-2].steps[0].kind == "wait" else 0
    if len(told) < 2 + waits or not _asks_the_same(told[-2 - waits], told[-1]):
        return
    if waits and (not _is_quiet(told[-2].steps[0]) or _changes(told[-2])):
        return
    earlier = told[-2 - waits]
    steps = tuple(step for one in told[-2 - waits :] for step in one.steps)
    told[-2 - waits :] = [Told(earlier.first, told[-1].last, steps, earlier.times + 1)]


def _asks_the_same(earlier: Told, latest: Told) -> bool:
    first, again = earlier.steps[0], latest.steps[0]
    return (
        first.kind == again.kind == "send"
        and first.request is not None
        and again.request is not None
        and first.request.method in SAFE_METHODS
        and request_key(first.request) == request_key(again.request)
        and first.branch == again.branch
        and first.mishap is again.mishap is None
        and not (first.emitted or again.emitted or _changes(latest))
        and answer_words(first) == answer_words(again)
    )


def _changes(told: Told) -> bool:
    return any(map(_does, told.steps))


def _does(step: LifeStep) -> bool:
    return bool(step.emitted or change_words(step.before, step.after))


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 0.05 or seconds == 0 else f"{seconds:.3f} s"
