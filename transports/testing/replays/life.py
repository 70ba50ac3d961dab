"""A life that code lives: what it asks for, what happens at each of its points, and what is written of it.

Law: a process that has died does nothing: whatever its code still asks for, it is told again that it has ended, and the
folder is as it was in that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from returns.result import Result

from ....core.errors import Error
from ....core.http import HttpRequest
from ...memory.service import State
from ...memory.transport import MemoryTransport
from ..lives.lives import Dies, Kind, Life, LifeStep, Mishap, OtherWait
from .chosen import Choice, Chosen
from .course import Course
from .life_clock import LifeClock
from .surviving import Folder

T = TypeVar("T")


class ProcessEnded(BaseException):
    """The process has died here, in the life that is carried out. It is no `Exception`, and not to be caught."""

    def __init__(self) -> None:
        super().__init__()


class StepTaken:
    """A step of a life while it is taken."""

    def __init__(self, kind: Kind, request: HttpRequest | None, began: float, before: State) -> None:
        self.kind: Kind = kind
        self.request = request
        self.began = self.ended = began
        self.before = self.after = before
        self.mishap: Mishap | None = None
        self.answer: Any = None
        self.acted = False

    def as_it_was(self, began: float, result: Result[Any, Error] | None) -> LifeStep:
        """The step as a value, in a life that `began` then."""
        return LifeStep(
            kind=self.kind,
            request=self.request,
            mishap=self.mishap,
            answer=self.answer,
            acted=self.acted,
            began=round(self.began - began, 6),
            ended=round(self.ended - began, 6),
            before=self.before,
            after=self.after,
            result=result,
        )


class ReplayedLife:
    """What code that is carried out for every fault is given.

    - `transport`: the service in memory, which is new in each life; it streams, and its exchanges can be given up. Its
      `asynchronous()` is the same for an event loop.
    - `clock`: its clock, by which nothing sleeps.
    - `folder`: a folder that is empty in each life, and survives the process: for a ledger, for example.
    - `deaths`: how many processes have died in this life. What is called is another process if it is more than 0.

    It is made by `replay_lives`, and by the plugin for pytest: on a `course`, in which the process `may_die` or not.
    """

    def __init__(
        self, course: Course, transport: MemoryTransport, clock: LifeClock, folder: Folder, *, may_die: bool
    ) -> None:
        self.transport = transport
        self.clock = clock
        self.deaths = 0
        self.may_die = may_die
        self.course = course
        self.is_dead = False
        self._began = clock.now
        self._folder = folder
        self._kept = folder.keep()
        self._is_other_wait = False
        self._steps = [self.step("begin")]

    @property
    def folder(self) -> Path:
        """The folder that survives a process, as it was when the process died."""
        return self._folder.path

    @property
    def steps(self) -> Life:
        """All that has happened by now, in whichever process: requests, chunks of bodies and waits."""
        return self.as_it_was(None)

    def point(self, name: str) -> None:
        """Here, at the point `name`, the process may die, besides at each request, chunk of a body and wait."""
        self.take_step(f"at {name}", self.step("wait"), self.deaths_only)

    def choose(self, name: str, options: Sequence[T], *, free: bool = False) -> T:
        """One of `options`: the first, or another, which counts as a thing that goes wrong unless it is `free`.

        `name` is what the choice is called in stories. Raises `ValueError` where `only` asks for what is no option.
        """
        others = partial(map, Chosen, range(1, len(options)))
        choice = self.take(f"choose {name}", others, costs=not free)
        if choice is None:
            return options[0]
        if not isinstance(choice, Chosen) or not 0 <= choice.option < len(options):
            raise ValueError(f"only: {name!r} is one of {len(options)} options, and was to be {choice!r}")
        return options[choice.option]

    # --- what the service and the clock ask -----------------------------------------------------------

    def check_alive(self) -> None:
        """Nothing more happens to a process that has died: raises `ProcessEnded`."""
        if self.is_dead:
            raise ProcessEnded

    def step(self, kind: Kind, request: HttpRequest | None = None) -> StepTaken:
        """A step of this `kind` that begins now, with its `request`, if it is one."""
        return StepTaken(kind, request, self.clock.now, self.transport.state)

    def take(self, label: str, alternatives: Callable[[], Iterable[Choice]], *, costs: bool = True) -> Choice | None:
        """What happens at the next point of the life, which is called `label`: None, or one of the `alternatives`.

        `costs` is whether an alternative counts as a thing that goes wrong.
        """
        self.check_alive()
        return self.course.take(label, alternatives, costs=costs)

    def take_step(self, label: str, step: StepTaken, alternatives: Callable[[], Iterable[Choice]]) -> Choice | None:
        """What happens in `step`, which is called `label`: nothing, or one of the `alternatives`.

        The process dies at once where it is to die before anything is done. Raises `ValueError` where `only` asks for
        an option of the code's own.
        """
        choice = self.take(label, alternatives)
        if isinstance(choice, Chosen):
            raise ValueError(f"only: {label!r} is no choice of the code's own, and was to be {choice!r}")
        step.mishap = choice
        if isinstance(choice, Dies) and not choice.acted:
            self.die(step)
        return choice

    def deaths_only(self) -> Iterable[Choice]:
        """What may go wrong where nothing is asked of the service."""
        return (Dies(),) if self.may_die else ()

    def die(self, step: StepTaken) -> NoReturn:
        """The process dies in `step`: raises `ProcessEnded`."""
        step.after = self.transport.state
        self.took(step)
        self.is_dead = True
        self._kept = self._folder.keep()
        raise ProcessEnded

    def took(self, step: StepTaken) -> None:
        """The `step` was taken, or has begun: it may have its answer later."""
        self._steps.append(step)

    def waits(self, seconds: float) -> StepTaken:
        """Something waits for so many `seconds`."""
        step = self.step("wait")
        self.take_step(f"wait {seconds:g}", step, self.deaths_only)
        if self._is_other_wait:
            step.mishap, self._is_other_wait = OtherWait(), False
        step.ended += seconds
        step.answer = round(step.ended - self._began, 6)
        self.took(step)
        return step

    def chance(self) -> float:
        """How much of the spread of a wait is waited for: nothing of it, or all."""
        self._is_other_wait = self.take("chance", _other_wait) is not None
        return float(self._is_other_wait)

    # --- what the search asks -------------------------------------------------------------------------

    def go_on(self) -> None:
        """Another process begins, with what has survived."""
        self._folder.restore(self._kept)
        self.is_dead = False
        self.deaths += 1
        self.took(self.step("begin"))

    def as_it_was(self, result: Result[Any, Error] | None) -> Life:
        """All its steps as values, the last with the `result` of the code, where that is one."""
        *steps, last = self._steps
        return (*[step.as_it_was(self._began, None) for step in steps], last.as_it_was(self._began, result))


def _other_wait() -> tuple[Choice, ...]:
    return (OtherWait(),)
