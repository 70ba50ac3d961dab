"""Every fault for code: what is no program that is a value is carried out anew for each life.

Law: all lives with no more than so many things that go wrong are carried out, each once, those with the fewest first.
Code that does the same each time that the same happens to it is carried out for every fault; other code is refused. A
bound that is met is said.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct
from returns.result import Result

from ....core.errors import Error
from ...memory.faults import FaultPlan
from ...memory.scripts.script import Script, echo
from ...memory.service import State
from ...mistakes import RESULTS
from ..exploration.alternatives import EVERY_FAULT, AnyFault
from ..exploration.claims import Claim
from ..lives.findings import Violation
from ..lives.lives import Life
from .broken_claims import broken_of
from .chosen import Choice, Row, as_row, text_of
from .course import Course, Point
from .life import ProcessEnded, ReplayedLife
from .life_clock import LifeClock
from .service import ReplayedService
from .surviving import Folder

Body: TypeAlias = Callable[[ReplayedLife], Any]
"""Code that is carried out for every fault. What it raises is a failure; a `Result` that it returns is how it ended."""

BEGINNING = 1_750_000_000.0
"""The time at which every life begins: 15 June 2025."""

MOST_LIVES = 20_000
"""How many lives are carried out, unless something else is said."""

_MORE = 500
"""How many lives more are carried out when one has failed, for a shorter one with as many faults."""


_LONGEST = 300
"""Characters of what was raised that the story of a life begins with."""


class FailedLife(Struct, frozen=True):
    """A life that fails: what does not hold in it (`violation`), and `only`, by which it is carried out alone.

    `error` is what was raised; None where a claim does not hold.
    """

    violation: Violation
    only: str
    error: Any = None


class Replays(Struct, frozen=True, kw_only=True):
    """What was found in all lives of some code.

    - `faults`: how many things went wrong in a life at most.
    - `lives`, `steps`: how many lives were carried out, and how many steps there were in them.
    - `seconds`: how long it took.
    - `failed`: for each thing that does not hold, the shortest life.
    - `limit`: the bound that was met, in a sentence; None where all lives were carried out.
    """

    faults: int
    lives: int
    steps: int
    seconds: float
    failed: tuple[FailedLife, ...] = ()
    limit: str | None = None

    @property
    def violations(self) -> tuple[Violation, ...]:
        """For each thing that does not hold, the shortest life."""
        return tuple([one.violation for one in self.failed])

    @property
    def holds(self) -> bool:
        """Whether nothing fails in any life, and no bound was met."""
        return not self.failed and self.limit is None

    def check(self) -> None:
        """Raise what was raised in the shortest life that fails, with its story; `AssertionError` for a bound."""
        for one in self.failed:
            if one.error is not None:
                one.error.add_note(self._told(one))
                raise one.error
            raise AssertionError(self._told(one))
        if self.limit is not None:
            raise AssertionError(self.limit)

    def _told(self, one: FailedLife) -> str:
        searched = f"found in {self.lives:,} lives with {_counted(self.faults)} at most"
        return f"{one.violation.story}\n{searched}; this life alone: only={one.only!r}"


class Replaying:
    """Carries out code life by life: `service` and `clock` are of all lives, and `folder` survives a process."""

    def __init__(self, service: ReplayedService, clock: LifeClock, folder: Folder) -> None:
        self._service = service
        self._clock = clock
        self._folder = folder

    def carry_out(
        self,
        body: Body,
        *,
        again: Body | None = None,
        faults: int = 2,
        claims: Sequence[Claim] = (),
        most_lives: int = MOST_LIVES,
        only: str | Mapping[int, Choice] | None = None,
        failures: tuple[type[BaseException], ...] = (Exception,),
    ) -> Replays:
        """Carry out all lives; parameters as of `replay_lives`. What is raised of `failures` is one."""
        search = _Search(faults, most_lives, only)
        began = time.perf_counter()
        try:
            for course in search.courses():
                search.lived(course, *self._lived(course, body, again, claims, failures))
        finally:
            self._begin(None)
            self._folder.remove()
        return Replays(
            faults=search.faults,
            lives=search.lives,
            steps=search.steps,
            seconds=time.perf_counter() - began,
            failed=tuple(search.failed.values()),
            limit=search.limit,
        )

    def _begin(self, life: ReplayedLife | None) -> None:
        self._clock.begin_life(life)
        self._service.begin_life(life)

    def _lived(
        self,
        course: Course,
        body: Body,
        again: Body | None,
        claims: Sequence[Claim],
        failures: tuple[type[BaseException], ...],
    ) -> tuple[Life, list[_Failed]]:
        """Carry out one life, and say what fails in it."""
        self._begin(None)
        self._folder.restore()
        life = ReplayedLife(course, self._service, self._clock, self._folder, may_die=again is not None)
        self._begin(life)
        error, result = None, None
        program: Body | None = body
        while program is not None:
            error, result = _carried_out(program, life, failures)
            program = again if life.is_dead else None
            if program is not None:
                life.go_on()
        course.check_end()
        lived = life.as_it_was(result)
        if error is not None:
            name = getattr(body, "__name__", "the code").strip("_").replace("_", " ")
            return lived, [_Failed(name, _first_line(error), len(lived), error)]
        broken = broken_of(lived, claims, self._clock.first)
        return lived, [_Failed(claim.name, why, count) for claim, count, why in broken]


def _carried_out(
    program: Body, life: ReplayedLife, failures: tuple[type[BaseException], ...]
) -> tuple[BaseException | None, Result[Any, Error] | None]:
    """What the code raises, and the `Result` that it returns: it means nothing where the process has died."""
    try:
        value = program(life)
    except ProcessEnded:
        return None, None
    except failures as error:
        return error, None
    return None, value if type(value) in RESULTS else None


def _first_line(error: BaseException) -> str:
    line = f"{type(error).__name__}: {error}".partition("\n")[0]
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _counted(faults: int) -> str:
    return "1 fault" if faults == 1 else f"{faults} faults"


class _Failed(Struct, frozen=True):
    """What fails in a life, after so many steps."""

    claim: str
    why: str
    steps: int
    error: Any = None


class _Search:
    """All courses of some code, those with the fewest faults first, and what was found on them."""

    def __init__(self, faults: int, most_lives: int, only: str | Mapping[int, Choice] | None) -> None:
        self.lives = self.steps = 0
        self.failed: dict[str, FailedLife] = {}
        self.limit: str | None = None
        self._only = None if only is None else as_row(only)
        self.faults = faults if self._only is None else len(self._only)
        self._most = most_lives
        self._until = most_lives

    def courses(self) -> Iterator[Course]:
        """Each of them, once. What was found on one is told before the next is asked for."""
        if self._only is not None:
            yield Course(self._only)
            return
        queue: deque[tuple[Iterator[Row], Sequence[Point]]] = deque([(iter(((),)), ())])
        for faults in range(self.faults + 1):
            following: deque[tuple[Iterator[Row], Sequence[Point]]] = deque()
            while queue:
                rows, before = queue.popleft()
                for row in rows:
                    if self.lives >= self._until:
                        self._limited(faults)
                        return
                    course = Course(row, before, explores=faults < self.faults)
                    yield course
                    queue.append((course.others(costs=False), course.points))
                    following.append((course.others(costs=True), course.points))
            if self.failed:
                if faults < self.faults and following:
                    self.limit = f"a life with {_counted(faults)} fails: none with more was carried out"
                return
            queue = following

    def lived(self, course: Course, life: Life, failed: Sequence[_Failed]) -> None:
        """A life was carried out."""
        self.lives += 1
        self.steps += len(life)
        for one in failed:
            known = self.failed.get(one.claim)
            if known is None or one.steps < len(known.violation.life):
                shown = life[: one.steps]
                violation = Violation(claim=one.claim, why=one.why, life=shown, node=self.lives - 1)
                self.failed[one.claim] = FailedLife(violation, text_of(course.row), one.error)
                self._until = min(self._until, self.lives + _MORE)

    def _limited(self, faults: int) -> None:
        if self.lives < self._most:
            self.limit = (
                f"a life fails: of those with {_counted(faults)}, {self.lives:,} lives were carried out by then"
            )
        else:
            self.limit = (
                f"more than {self._most:,} lives: those that follow, with {_counted(faults)}, were not carried out"
            )


def replay_lives(
    body: Body,
    *,
    again: Body | None = None,
    state: State | None = None,
    script: Script = echo,
    plan: FaultPlan | None = None,
    faults: int = 2,
    kinds: Sequence[AnyFault] = EVERY_FAULT,
    claims: Sequence[Claim] = (),
    cuts: bool = True,
    other_waits: bool = False,
    folder: Path | None = None,
    most_lives: int = MOST_LIVES,
    only: str | Mapping[int, Choice] | None = None,
) -> Replays:
    """Carry out code once for each life in which no more than so many things go wrong, and check what becomes of it.

    Args:
        body: The code. It is given a `ReplayedLife`, with a service that knows at first what `state` says, and fails
            where it raises an exception. It does the same whenever the same happens to it: it has no threads (a batch
            has a concurrency of 1, or runs in an event loop), and its time is that of the `clock`.
        again: What a process does that goes on when one has died; often `body` itself. None: no process dies.
        state: What the service knows at first; by default nothing.
        script: What the service replies where a model would, as `MemoryTransport` takes it.
        plan: Faults that are met besides those that are tried.
        faults: How many things may go wrong in one life, 0 or more.
        kinds: What may go wrong with a request: faults, or rules with a fault that only some requests meet.
        claims: What must hold of each life, besides that `body` raises nothing.
        cuts: Whether a body may break off at each chunk that is read.
        other_waits: Whether a wait may take its most, where all others take their least.
        folder: The folder that survives a process, with all that is in it at the beginning of each life. By default it
            is a temporary one, and empty.
        most_lives: How many lives are carried out at most, 1 or more; `Replays.limit` says whether that was met.
        only: The life that is carried out alone, as a failure says it; None for all.

    Where a life fails, those with as many faults are carried out, 500 at most, for a shorter one, and none with more.
    Raises `NotTheSame` where the code does something else though the same has happened to it, and `ValueError` for an
    `only` that says no life.

    >>> from puresponse import delete_response, run, sample_state
    >>> def code(life: ReplayedLife) -> None:
    ...     run(delete_response("resp_chat"), life.transport)
    >>> replay_lives(code, state=sample_state(), faults=1).holds
    True
    """
    clock = LifeClock(now=BEGINNING, other_waits=other_waits)
    service = ReplayedService(
        State() if state is None else state, clock=clock, script=script, faults=plan, kinds=kinds, cuts=cuts
    )
    replaying = Replaying(service, clock, Folder(folder))
    return replaying.carry_out(body, again=again, faults=faults, claims=claims, most_lives=most_lives, only=only)
