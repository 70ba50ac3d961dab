"""Clients that live one life after another, all at once: who goes on next, what is counted, and what does not hold.

Law: time passes as waits and answers say. Of all clients the one goes on whose next step is due first; of those that
are due at once, any. Each client draws from a chance of its own, so that one client less leaves the rest of a walk much
as it was: that is how a walk that has found something is made smaller (`shrinking`).
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

from returns.result import Result

from ....core.errors import Error
from ..exploration.claims import Broken, Claim
from ..exploration.lines import ending
from ..lives.findings import Violation
from ..lives.lives import Kind, LifeStep
from ..lives.passing_time import rounded
from .swarms import Swarm
from .turns import Happened, Turns
from .walked import Errand, Strayed, Walk, Walked
from .walkers import Walker, WalkMoment

_PAUSE = 4.0
"""Seconds between two lives of a client, at most."""

_STEPS_OF_A_LIFE = 250
"""So many steps are taken for each life; after that, or when all lives have begun, nothing more goes wrong."""

_STEPS_IN_CALM = 10_000
"""So many steps are taken at most until all have ended, when nothing more goes wrong."""

_TRIES = 8
"""So often another errand is drawn where there is nothing to do."""

_MOST_IDLE = 20
"""Where each client has found nothing to do so often, since a life began, no more begin."""

_FAR_APART = 1_000_003
"""By how much the seeds of walks differ, so that no client of one draws what a client of another does."""


class Crowd:
    """The clients of one walk. `walk` says what its parameters are."""

    def __init__(
        self,
        errands: Sequence[Errand],
        turns: Turns,
        swarm: Swarm,
        *,
        seed: int,
        lives: int,
        clients: Sequence[int],
        claims: Sequence[Claim],
        laws: Sequence[Claim],
    ) -> None:
        self._errands = errands
        self._weights = _added(errands)
        self._turns = turns
        self._swarm = swarm
        self._seed = seed
        self._lives = lives
        self._claims = tuple(claims)
        self._laws = tuple(laws)
        self._memories = [law.begin() for law in laws]
        self._walkers = {number: Walker(number, seed * _FAR_APART + number) for number in clients}
        self._agenda: list[tuple[float, float, int]] = []
        self._now = 0.0
        self._begun = 0
        self._idle = 0
        self._calm_since = 0
        self._steps: list[Walked] = []
        self._strayed: list[Strayed] = []
        self._ended: dict[str, int] = {errand.name: 0 for errand in errands}
        self._asked: dict[Kind, int] = {"begin": 0, "send": 0, "open": 0, "read": 0, "wait": 0}
        self._mishaps: dict[str, int] = {}

    def walk(self) -> Walk:
        """Walk until all lives have ended, or something does not hold."""
        limit = None
        for walker in self._walkers.values():
            self._goes_on(walker, rounded(walker.chance.random() * _PAUSE))
        while self._agenda and not self._strayed:
            at, _, number = heappop(self._agenda)
            self._now = max(self._now, at)
            if self._turns.calm:
                if len(self._steps) - self._calm_since > _STEPS_IN_CALM:
                    self._never_ends()
                    break
            elif len(self._steps) > self._lives * _STEPS_OF_A_LIFE:
                limit = f"more than {_STEPS_OF_A_LIFE} steps for each life: not all have begun"
                self._calm_down()
            self._take_turn(self._walkers[number])
        if not self._strayed:
            self._judge_end()
        return Walk(
            seed=self._seed,
            clients=tuple(self._walkers),
            lives=sum(self._ended.values()),
            swarm=self._swarm,
            ended=self._ended,
            asked=self._asked,
            mishaps=self._mishaps,
            seconds=self._now,
            state=self._turns.known(self._now),
            strayed=tuple(self._strayed),
            limit=limit,
            steps=tuple(self._steps),
        )

    # --- turns -----------------------------------------------------------------------------------

    def _goes_on(self, walker: Walker, at: float) -> None:
        heappush(self._agenda, (at, walker.chance.random(), walker.number))

    def _calm_down(self) -> None:
        """From now on nothing goes wrong."""
        if not self._turns.calm:
            self._turns.calm = True
            self._calm_since = len(self._steps)

    def _take_turn(self, walker: Walker) -> None:
        tree = walker.tree
        if tree is None and (self._turns.calm or self._begun >= self._lives):
            self._calm_down()
            return
        try:
            happened = self._begin(walker) if tree is None else self._turns.take(walker, tree, self._now)
        except Exception as error:  # what a program must not do, whatever it is, is a finding
            self._stray(walker, walker.violation("nothing is raised", _raised(error)))
            return
        if happened is not None:
            self._settle(walker, happened)
            return
        self._idle += 1
        if self._idle > _MOST_IDLE * len(self._walkers):
            self._calm_down()
        self._goes_on(walker, rounded(self._now + 1.0 + walker.chance.random() * _PAUSE))

    def _begin(self, walker: Walker) -> Happened | None:
        """Begin a life, unless there is nothing to do."""
        state, chance = self._turns.known(self._now), walker.chance
        for _ in range(_TRIES):
            (errand,) = chance.choices(self._errands, cum_weights=self._weights)
            walker.begins(errand.name)
            drawn = errand.draw(chance, state)
            if drawn is not None:
                self._begun += 1
                self._idle = 0
                program, claims = drawn if isinstance(drawn, tuple) else (drawn, ())
                walker.holds_to((*self._claims, *errand.claims, *claims))
                return self._turns.begin(program, self._now)
        return None

    def _settle(self, walker: Walker, happened: Happened) -> None:
        """Keep what comes of a step, and judge it."""
        settled, kind, mishap = happened.settled, happened.kind, happened.mishap
        ended = ending(settled.tree)
        result: Result[Any, Error] | None = None if ended is None else ended.step.result
        began, passes, away = walker.elapsed, settled.seconds, happened.away
        step = LifeStep(
            kind=kind,
            request=happened.request,
            branch=happened.branch,
            mishap=mishap,
            answer=happened.answer,
            acted=happened.acted,
            began=began,
            ended=rounded(began + happened.seconds),
            before=happened.before,
            after=happened.before if happened.request is None else self._turns.state,
            emitted=settled.emitted,
            result=result,
        )
        walker.life.append(step)
        self._steps.append(Walked(walker.number, walker.lives, self._now, step))
        self._asked[kind] += 1
        if mishap is not None:
            name = type(mishap).__name__
            self._mishaps[name] = self._mishaps.get(name, 0) + 1
        walker.tree = settled.tree
        walker.body = None if settled.closes or happened.body is None else happened.body.later(passes)
        walker.elapsed = rounded(began + passes)
        self._judge(walker, step)
        if result is not None:
            walker.tree = walker.body = None
            walker.lives += 1
            self._ended[walker.errand] += 1
            away += walker.chance.random() * _PAUSE
        self._goes_on(walker, rounded(self._now + passes + away))

    # --- what does not hold ----------------------------------------------------------------------

    def _judge(self, walker: Walker, step: LifeStep) -> None:
        turns = self._turns
        # The service is shown as it is when the answer is there, whatever others do until then.
        passes = rounded(self._now - turns.at + walker.elapsed - step.began)
        moment = WalkMoment(walker, turns.state, passes, step.result)
        for violation in walker.judged(step, moment):
            self._stray(walker, violation)
        for index, law in enumerate(self._laws):
            remembered = law.after(self._memories[index], step, moment)
            if isinstance(remembered, Broken):
                self._stray(walker, walker.violation(law.name, remembered.why))
            self._memories[index] = remembered

    def _judge_end(self) -> None:
        """All have ended, or go on at some time; and what is claimed of the service holds in the end."""
        for waiting in self._walkers.values():
            if waiting.tree is not None:
                self._stray(waiting, waiting.violation("who waits is due", "it has not ended, and waits for nothing"))
        if not self._steps:
            return
        last = self._steps[-1]
        walker = self._walkers[last.client]
        moment = WalkMoment(walker, self._turns.known(self._now), 0.0, last.step.result)
        for law, memory in zip(self._laws, self._memories, strict=True):
            broken = law.end(memory, last.step, moment)
            if broken is not None:
                self._stray(walker, walker.violation(law.name, broken.why))

    def _never_ends(self) -> None:
        walker = max(self._walkers.values(), key=_steps_taken)
        why = f"nothing has gone wrong in the last {_STEPS_IN_CALM:,} steps, and it goes on"
        self._stray(walker, walker.violation("every life ends", why))

    def _stray(self, walker: Walker, violation: Violation) -> None:
        strayed = Strayed(
            client=walker.number, life=walker.lives, errand=walker.errand, at=self._now, violation=violation
        )
        self._strayed.append(strayed)


def _steps_taken(walker: Walker) -> int:
    return 0 if walker.tree is None else len(walker.life)


def _raised(error: Exception) -> str:
    """What was raised, and where: in the three innermost functions."""
    places = reversed(traceback.extract_tb(error.__traceback__)[-3:])
    where = " < ".join([f"{place.name} ({Path(place.filename).name}:{place.lineno})" for place in places])
    return f"{type(error).__name__}: {error}, in {where}"


def _added(errands: Sequence[Errand]) -> list[float]:
    added: list[float] = []
    for errand in errands:
        if not errand.weight > 0:
            raise ValueError(f"errands: a weight must be more than 0, got {errand.weight!r} of {errand.name!r}")
        added.append(errand.weight + (added[-1] if added else 0.0))
    if not added:
        raise ValueError("errands: there must be at least one")
    return added
