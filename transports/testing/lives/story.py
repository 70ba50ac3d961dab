"""A life in which a claim does not hold, told to people: a line for each step that matters.

Law: it can be read without knowing this library. What is not worth a line of its own, such as a wait, a chunk that was
read, or the same question with the same answer, is drawn together; only a wait of no time is left out.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from ....codecs.rendering.visible import one_line
from ....core.http import SAFE_METHODS
from ...cassette.request_matching import request_key
from .fault_words import in_words, said_of
from .findings import Exploration, Violation
from .known_words import change_words
from .lives import Life, LifeStep
from .step_words import answer_words, cut, emitted_words, error_of, request_words, result_words

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


class Row(Struct, frozen=True):
    """A line of a story. `last` is the number of its last step, 0 where it has none."""

    number: str
    at: str
    text: str
    is_fault: bool = False
    last: int = 0


def story_of(violation: Violation) -> str:
    """The story of a life in which a claim does not hold."""
    rows = rows_of(violation)
    wide = max(len(row.number) for row in rows)
    long = max(len(row.at) for row in rows)
    told = [f"{row.number:>{wide}}  {row.at:>{long}}  {row.text}" for row in rows]
    why = [] if violation.why in ("", violation.claim) else [f"  {one_line(violation.why)}"]
    return "\n".join([f"Does not hold: {one_line(violation.claim)}", *why, *told])


def rows_of(violation: Violation) -> tuple[Row, ...]:
    """The lines of a story, the last of which says how it ended."""
    rows = [_row(told) for told in told_of(violation.life)]
    left_out = len(rows) - LONGEST
    if left_out > 0:
        rows[LONGEST // 3 : LONGEST // 3 + left_out] = [Row("", "", f"({left_out} more lines)")]
    ended = violation.life[-1]
    ending = "here it does not hold" if ended.result is None else result_words(ended.result)
    return (*rows, Row("end", _seconds(ended.ended), ending))


def report_of(exploration: Exploration) -> str:
    """What is to be said where a claim does not hold, or where not all was searched."""
    heading, *rest = searched(exploration)
    return "\n\n".join([heading, *map(story_of, exploration.violations), *rest])


def searched(exploration: Exploration) -> tuple[str, ...]:
    """What was found in how many states, in a line; and, in a line each, what was left out."""
    broken = len(exploration.violations)
    found = "All claims hold" if exploration.limit is None else "All claims held as far as was searched"
    if broken:
        found = f"{broken} {'claim does' if broken == 1 else 'claims do'} not hold"
    faults = "1 fault" if exploration.faults == 1 else f"{exploration.faults} faults"
    size = f"{exploration.states:,} states, {exploration.steps:,} steps, up to {faults} in a life"
    lines = [f"{found}: {size}, {exploration.seconds:.1f} s"]
    if exploration.limit is not None:
        lines.append(f"Not all was searched: {exploration.limit}")
    if exploration.opaque:
        shown = ", ".join(cut(part, 110) for part in exploration.opaque)
        lines.append(f"No data, so that no process was let die, and states that hold it are all different: {shown}")
    return tuple(lines)


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
    """What there is to say about such steps."""
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


def _row(told: Told) -> Row:
    number = str(told.first) if told.first == told.last else f"{told.first}-{told.last}"
    is_fault = any(step.mishap is not None for step in told.steps)
    return Row(number, _seconds(told.steps[0].began), words_of(told), is_fault, told.last)


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
        return step.answer is not None and error_of(step.answer) is None
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
