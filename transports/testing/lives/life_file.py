"""A life as a file: what the program asked for and what it was answered, for another process to step it through.

Law: `load_life(life_json(violation))` has all that a program is resumed with, in order, as it was. What cannot be saved
of a program is told as its `repr`.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, json
from returns.result import Failure, Result, Success

from ....codecs.lossless.building import decoder_of
from ....codecs.lossless.errors import REFUSALS, explained
from ....codecs.lossless.plain import JsonObject
from ....codecs.lossless.shortened_repr import pretty
from ....core.credentials import hide_in_response
from ....core.errors import Error
from ....core.http import HttpRequest, HttpResponse
from ....core.interchange.checkpoints import save_checkpoint
from ....core.interchange.exchange_json import decode_answer, encode_answer
from ....core.results import is_failure
from ...memory.service import State
from .findings import Violation
from .known_words import known
from .lives import Dies, Kind, LifeStep
from .step_words import error_of
from .story import Told, words_of

FORMAT = 1
"""The form in which lives are written."""


class WrittenStep(Struct, frozen=True, omit_defaults=True):
    """A step of a life, as the file has it.

    `kind`, `branch` and `request` are what was asked for, as of a `LifeStep`; it `began` and `ended` at these seconds
    of the life; `went_wrong` is whether anything did. Of `answer`, `chunk` and `elapsed` there is the one that the
    program was resumed with: an answer or an error as `encode_answer` writes it, a chunk of a body, the seconds of a
    wait. A process that `died` has none. `said` says it in words. `service` is what the service had afterwards, by id,
    where that has changed.
    """

    kind: Kind
    began: float
    ended: float
    said: str
    branch: tuple[int, ...] = ()
    request: HttpRequest | None = None
    answer: JsonObject | None = None
    chunk: bytes | None = None
    elapsed: float | None = None
    died: bool = False
    went_wrong: bool = False
    service: dict[str, str] | None = None

    def resumed_with(self) -> Result[Any, Error] | float | None:
        """What the program was resumed with; None where the process died."""
        if self.elapsed is not None:
            return self.elapsed
        if self.chunk is not None:
            return Success(self.chunk)
        return None if self.answer is None else decode_answer(json.encode(self.answer))


class WrittenLife(Struct, frozen=True):
    """A life, as the file has it: `program` is its checkpoint, null where none can be made; `shown` is its `repr`.

    `life` is the number of the format. `claim` does not hold, and `why` says why. `steps` are all steps, and `service`
    is what the service had before the first, by id.
    """

    life: int
    claim: str
    why: str
    program: JsonObject | None
    shown: str
    steps: tuple[WrittenStep, ...]
    service: dict[str, str]


def life_json(violation: Violation) -> bytes:
    """Write the life of `violation` as JSON, for the playground to step through.

    Raises `ValueError` for an answer that no JSON holds.

    >>> from puresponse import delete_response, explore, finally_, sample_state
    >>> gone = finally_(lambda life: "resp_chat" not in life.state.responses, name="it is gone")
    >>> found = explore(delete_response("resp_chat"), sample_state(), faults=1, claims=[gone])
    >>> load_life(life_json(found.violations[0])).claim
    'it is gone'
    """
    begin, *steps = violation.life
    program = violation.program
    saved = None if program is None else save_checkpoint(program)
    written = WrittenLife(
        life=FORMAT,
        claim=violation.claim,
        why=violation.why,
        program=None if saved is None or is_failure(saved) else json.decode(saved.unwrap()),
        shown="code, which is no value" if program is None else pretty(program),
        steps=tuple(_written(step) for step in steps),
        service=known(begin.before),
    )
    return json.format(json.encode(written), indent=1)


def load_life(data: bytes | str) -> WrittenLife:
    """Read a life out of its JSON (`data`). Raises `ValueError`, which says the place and what is wrong there.

    >>> load_life(b'{"life": 2}')
    Traceback (most recent call last):
    ValueError: $: Object missing required field `claim`
    """
    try:
        life: WrittenLife = decoder_of(WrittenLife)(data.encode() if isinstance(data, str) else data)
    except REFUSALS as error:
        place, reason = explained(error, data)
        raise ValueError(f"{place}: {reason}") from None
    if life.life != FORMAT:
        raise ValueError(f"$.life: this reads lives of format {FORMAT}, and it is one of format {life.life}")
    return life


def _written(step: LifeStep) -> WrittenStep:
    return WrittenStep(
        kind=step.kind,
        began=step.began,
        ended=step.ended,
        said=words_of(Told(0, 0, (step,))),
        branch=step.branch,
        request=None if step.kind == "read" else step.request,
        died=isinstance(step.mishap, Dies),
        went_wrong=step.mishap is not None,
        service=_known_since(step.before, step.after),
        **_resumed_with(step),
    )


def _resumed_with(step: LifeStep) -> dict[str, Any]:
    if step.answer is None:
        return {}
    if step.kind == "wait":
        return {"elapsed": float(step.answer)}
    if step.kind == "read" and error_of(step.answer) is None:
        return {"chunk": step.answer.unwrap()}
    return {"answer": _answer(step.answer)}


def _answer(answer: Result[HttpResponse, Error]) -> JsonObject:
    written = encode_answer(answer.map(hide_in_response))
    if isinstance(written, Failure):
        raise ValueError(f"this life cannot be written: {written.failure()}")
    content: JsonObject = json.decode(written.unwrap())
    return content


def _known_since(before: State, after: State) -> dict[str, str] | None:
    changed = known(after)
    return None if changed == known(before) else changed
