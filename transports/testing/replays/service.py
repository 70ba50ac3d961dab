"""The service in memory of code that is carried out life by life: what becomes of each request is chosen.

Law: it is a `MemoryTransport`, and answers as one that has the chosen faults in its plan. It is the same object in all
lives, and knows at the beginning of each what it knew at first: whoever holds it need not be told of a new life.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeVar

from msgspec.structs import replace
from returns.result import Result, Success

from ....core.errors import Error
from ....core.http import HttpRequest
from ....core.results import is_failure
from ....core.steps import Answer
from ...clock import WakingEvent
from ...contract import AsyncBody, AsyncStreamingTransport, Body
from ...memory.apply_faults import NoAnswer, SimulatedAnswer, act, changed
from ...memory.faults import Fault, FaultPlan, QuotaUsedUp, RateLimited, Refused, Reset, Rule, ServerError, Unsent
from ...memory.scripts.script import Script, echo
from ...memory.service import Answered, IdSource, State, numbered_id
from ...memory.transport import MemoryTransport
from ..exploration.alternatives import AnyFault
from ..lives.lives import Dies, Kind, OtherWait
from .bodies import AsyncReplayedBody, ReadOn, ReplayedBody
from .chosen import Choice, Chosen
from .life import ReplayedLife, StepTaken
from .life_clock import LifeClock

T = TypeVar("T")


class ReplayedService(MemoryTransport):
    """The service of all lives: parameters as of `MemoryTransport`.

    `faults` are met besides what is chosen, which is one of `kinds`, the process's death, or that a body is cut.
    """

    def __init__(
        self,
        state: State,
        *,
        clock: LifeClock,
        script: Script = echo,
        faults: FaultPlan | None = None,
        new_id: IdSource = numbered_id,
        kinds: Sequence[AnyFault] = (),
        cuts: bool = True,
    ) -> None:
        super().__init__(state, script=script, clock=clock.of_the_service, new_id=new_id)
        self._clock = clock
        self._first = state
        self._plan = faults or FaultPlan()
        self._replies, self._ids = script, new_id
        self._plans = tuple([_plan_of(fault if isinstance(fault, Rule) else Rule(fault)) for fault in kinds])
        self._cuts = cuts
        self.begin_life(None)

    def begin_life(self, life: ReplayedLife | None) -> None:
        """Know what was known at first, and be asked in this life; None: nothing goes wrong."""
        self._state, self._counts, self._asked = self._first, (), 0
        self._requests: list[HttpRequest] = []
        self._next: StepTaken | None = None
        self._life = life

    def asynchronous(self) -> AsyncStreamingTransport:
        """The same service for an event loop."""
        return _AsyncReplayedService(super().asynchronous(), self)

    # --- the steps of exchanges -----------------------------------------------------------------------

    def begins(self, kind: Kind, request: HttpRequest) -> StepTaken:
        """The step of the request that is asked next."""
        self._next = StepTaken(kind, request, self._clock.now, self._state)
        return self._next

    def ends(self, step: StepTaken, answer: Result[T, Error]) -> Result[T, Error]:
        """The step has this answer, if there is still anybody to have it."""
        if self._life is not None:
            self._life.check_alive()
        step.answer, step.ended = answer, self._clock.now
        return answer

    def reading(self, step: StepTaken) -> ReadOn | None:
        """How the body that was opened in this step is read; None: as any other."""
        return None if self._life is None else ReadOn(self._life, step, cuts=self._cuts)

    def _call(self, request: HttpRequest, given_up: WakingEvent | None = None) -> Answer:
        step = self.begins("send", request)
        return self.ends(step, super()._call(request, given_up))

    def _open(self, request: HttpRequest, given_up: WakingEvent) -> Result[Body, Error]:
        step = self.begins("open", request)
        opened = super()._open(request, given_up)
        if is_failure(opened):
            return self.ends(step, opened)
        body = opened.unwrap()
        self.ends(step, Success(body.answer))
        reading = self.reading(step)
        return opened if reading is None else Success(ReplayedBody(body, reading))

    def _begin(self, request: HttpRequest) -> SimulatedAnswer:
        step, self._next = self._next or self.begins("send", request), None
        before, now, life = self._state, self._clock.now, self._life
        if life is not None:
            life.check_alive()
        self._asked += 1
        self._requests.append(request)
        self._counts, planned = self._plan.met(self._counts, self._asked, request, before, now)
        choice: Choice | None = None
        if life is not None:
            label = f"{step.kind} {request.method} {request.path}"
            choice = life.take_step(label, step, partial(self._alternatives, request, planned, life.may_die))
        faults = planned if choice is None or isinstance(choice, Dies | OtherWait | Chosen) else (choice, *planned)
        self._state, met = self._acted(request, faults)
        step.acted, step.after = _acts(faults), self._state
        if life is not None:
            if isinstance(choice, Dies):
                life.die(step)
            life.took(step)
        return changed(met, faults)

    def _acted(self, request: HttpRequest, faults: tuple[Fault, ...]) -> tuple[State, Answered | NoAnswer]:
        return act(faults, self._state, request, self._clock.now, new_id=self._ids, script=self._replies)

    def _alternatives(self, request: HttpRequest, planned: tuple[Fault, ...], may_die: bool) -> Iterator[Choice]:
        """All else that may become of a request, but what makes no difference to anybody."""
        usual = self._outcome(request, planned)
        seen = [usual]
        for plan in self._plans:
            _, faults = plan.met((), 1, request, self._state, self._clock.now)
            if faults and (outcome := self._outcome(request, (*faults, *planned))) not in seen:
                seen.append(outcome)
                yield faults[0]
        if may_die:
            yield Dies()
            if usual[0] != replace(self._state, served=0):
                yield Dies(acted=True)

    def _outcome(self, request: HttpRequest, faults: tuple[Fault, ...]) -> tuple[State, SimulatedAnswer]:
        state, met = self._acted(request, faults)
        return replace(state, served=0), changed(met, faults)


class _AsyncReplayedService:
    def __init__(self, transport: AsyncStreamingTransport, service: ReplayedService) -> None:
        self._transport = transport
        self._service = service

    async def __call__(self, request: HttpRequest) -> Answer:
        step = self._service.begins("send", request)
        return self._service.ends(step, await self._transport(request))

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read."""
        step = self._service.begins("open", request)
        opened = await self._transport.open(request)
        if is_failure(opened):
            return self._service.ends(step, opened)
        body = opened.unwrap()
        self._service.ends(step, Success(body.answer))
        reading = self._service.reading(step)
        return opened if reading is None else Success(AsyncReplayedBody(body, reading))

    def __repr__(self) -> str:
        return f"{self._service!r}.asynchronous()"


def _plan_of(rule: Rule) -> FaultPlan:
    """The rule without its counts and chances: where it can hold, it may or may not."""
    return FaultPlan((replace(rule, numbers=(), chance=1.0, skip=0, times=None),))


def _acts(faults: tuple[Fault, ...]) -> bool:
    """Whether the service does what it is asked, or refuses it for reasons of its own."""
    for fault in faults:
        if isinstance(fault, Unsent | RateLimited | QuotaUsedUp | Refused):
            return False
        if isinstance(fault, Reset | ServerError):
            return fault.acted
    return True
