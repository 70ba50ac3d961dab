"""A life as the transport and the clock of a real driver: a program that runs by them lives it again."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Result, Success

from puresponse import (
    Broken,
    Error,
    Exploration,
    HttpRequest,
    HttpResponse,
    LifeStep,
    Moment,
    is_failure,
    iterate,
    run,
)
from puresponse.codecs.lossless.plain import is_mapping, is_result, is_sequence
from puresponse.core.streams import is_stream
from puresponse.transports.testing.lives.lives import Life


class EveryLife(Struct, frozen=True):
    """No claim, but a way to see all lives: each is different to it, so that none is merged with another."""

    found: dict[str, Life]
    name: str = "every life is seen"
    is_local: bool = True

    def begin(self) -> Life:
        """Nothing has happened."""
        return ()

    def after(self, memory: Life, step: LifeStep, moment: Moment) -> Life:
        """All that has happened."""
        return (*memory, step)

    def end(self, memory: Life, step: LifeStep, moment: Moment) -> Broken | None:
        """Keep the life; of a search that begins anew, once."""
        self.found[str([(one.kind, one.branch, one.mishap, one.ended) for one in memory])] = memory
        return None


class Reenacted:
    """The transport and the clock of a life: each step is answered as it was, and takes as long as it did.

    What branches of a fork asked is asked by one branch after the other.
    """

    def __init__(self, life: Life) -> None:
        # Branches of a fork that are carried out one after the other: their times overlap, and what asks for none
        # does not mind.
        self._steps = deque(sorted(life[1:], key=_branch))
        self._now = 0.0

    def _next(self, kind: str, request: HttpRequest | None = None) -> LifeStep:
        while self._steps and kind != "wait" and self._steps[0].kind == "wait":
            skipped = self._steps.popleft()  # of no time: a driver does not sleep
            assert skipped.ended == skipped.began
        step = self._steps.popleft()
        assert step.kind == kind, (step.kind, kind)
        if request is not None:
            assert _rounded(step.request) == _rounded(request)
        self._now = step.ended
        return step

    # --- the transport ---

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        answer: Result[HttpResponse, Error] = self._next("send", request).answer
        return answer

    def open(self, request: HttpRequest) -> Any:
        answer = self._next("open", request).answer
        return answer if is_failure(answer) else Success(ReenactedBody(self, answer.unwrap()))

    def read(self) -> Any:
        return self._next("read").answer

    # --- the clock ---

    def monotonic(self) -> float:
        return self._now

    def random(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        while self._steps[0].kind == "wait" and self._steps[0].ended == self._steps[0].began:
            self._steps.popleft()
        step = self._next("wait")
        assert step.ended - step.began > seconds - 1e-6

    async def sleep_async(self, seconds: float) -> None:
        raise AssertionError("nothing runs in an event loop here")

    @property
    def left(self) -> list[LifeStep]:
        """What did not happen again."""
        return [step for step in self._steps if step.kind != "wait"]


def _branch(step: LifeStep) -> tuple[int, ...]:
    return step.branch


def _rounded(request: HttpRequest | None) -> HttpRequest | None:
    """The request, with its total time as it is told: sums of seconds may be off by a millionth."""
    if request is None or request.total is None:
        return request
    return replace(request, total=round(request.total, 3))


class ReenactedBody:
    """A body that is read as it was."""

    def __init__(self, life: Reenacted, answer: HttpResponse) -> None:
        self._life = life
        self.answer = answer

    def read(self, within: float | None = None) -> Any:
        return self._life.read()

    def close(self, within: float = 0.0) -> None:
        pass


def lived_again(program: Any, life: Life) -> tuple[list[Any], Any]:
    """What a driver of this library makes of a life: the values that are emitted, and the result."""
    stage = Reenacted(life)
    if not is_stream(program):
        result: Any = run(program, stage, clock=stage)
        assert not stage.left
        return [], result
    result = Success(None)
    with closing(iterate(program, stage, clock=stage, results=True)) as outcomes:
        emitted: list[Any] = list(outcomes)
    assert not stage.left
    if emitted and is_failure(emitted[-1]):
        result = emitted.pop()
    return emitted, result


# --- the same, but for names and dates ------------------------------------------------------------

_NUMBERED = re.compile(r"_(\d{6,15})(?!\d)")


def canonical(value: Any) -> str:
    """All of a value as text, in which ids are numbered as they are met, and dates are all the same."""
    text = " ".join(_told(value))
    text = re.sub(r"req_\w+", "req", text)
    text = re.sub(r"(?<!\d)17[56]\d{7}(\.\d+)?(?!\d)", "DATE", text)
    text = re.sub(r"\d+\.\d+", lambda found: f"{float(found[0]):.3f}", text)
    known: dict[str, int] = {}
    return _NUMBERED.sub(lambda found: f"_{known.setdefault(found[1], len(known) + 1):06}", text)


def _told(value: Any) -> Iterator[str]:
    if isinstance(value, Struct):
        yield type(value).__name__
        for name in value.__struct_fields__:
            yield f"{name}="
            yield from _told(getattr(value, name))
    elif is_result(value):
        yield type(value).__name__
        yield from _told(value.failure() if is_failure(value) else value.unwrap())
    elif is_mapping(value):
        for pair in value.items():
            yield from _told(pair)
    elif is_sequence(value):
        yield "["
        for part in value:
            yield from _told(part)
        yield "]"
    else:
        yield repr(value)


def ends(found: Exploration) -> set[str]:
    """The different ends of a search."""
    assert found.limit is None
    return {canonical(ending.result) for ending in found.endings}


def broken(found: Exploration) -> dict[str, tuple[int, int]]:
    """Which claims do not hold, and with how many faults and steps."""
    return {one.claim: (sum(step.mishap is not None for step in one.life), len(one.life)) for one in found.violations}
