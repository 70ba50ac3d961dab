"""The next step of a client of a walk: what it asks for, what goes wrong, and what comes of it, by chance.

Law: what happens is a function of the client's chance, of the mix, and of what the service knows by then. Chance is
asked the same questions also where nothing may go wrong, so that less that goes wrong leaves the rest as it was.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ....core.http import HttpRequest
from ....core.interchange.checkpoints import Names, load_operation, load_stream, save_checkpoint
from ....core.results import is_failure
from ....core.steps import Send, Wait
from ....core.streams import Open, Read, is_stream
from ...memory.faults import CutStream
from ...memory.scripts.script import Script
from ...memory.service import State
from ..exploration.exchanged import OpenBody, exchanged, was_read
from ..exploration.lines import Branch, Line, Settled, Tree, as_program, begun, gone_on_with, leaves, resumed
from ..lives.lives import Dies, Kind, Mishap
from ..lives.passing_time import later, rounded
from .swarms import Swarm
from .walked import Program
from .walkers import Walker

_UNACTED, _ACTED = Dies(), Dies(acted=True)


class Happened(Struct):
    """What a step was, and where it leads: as `LifeStep` and `Settled` say. The process is `away` for so long."""

    kind: Kind
    settled: Settled
    before: State
    branch: Branch = ()
    request: HttpRequest | None = None
    mishap: Mishap | None = None
    answer: Any = None
    seconds: float = 0.0
    acted: bool = False
    body: OpenBody | None = None
    away: float = 0.0


class Turns:
    """Takes the steps of all clients of a walk, against its service. `calm` is whether nothing may go wrong any more.

    `state` is what the service knew at the time `at` of the walk, in seconds.
    """

    def __init__(self, state: State, swarm: Swarm, script: Script, names: Names | None) -> None:
        self.state = state
        self.at = 0.0
        self.calm = False
        self._swarm = swarm
        self._script = script
        self._names = names

    def known(self, now: float) -> State:
        """What the service knows by now."""
        passed = rounded(now - self.at)
        if passed:
            if _has_times(self.state):
                self.state = later(self.state, passed)
            self.at = now
        return self.state

    def begin(self, program: Program, now: float) -> Happened:
        """A life begins."""
        return Happened("begin", begun(program), self.known(now))

    def take(self, walker: Walker, tree: Tree, now: float) -> Happened:
        """The next step of a client; of several branches that are due, that of any."""
        chance = walker.chance
        due = [leaf for leaf in leaves(tree) if not leaf[1].at]
        branch, line = due[0] if len(due) == 1 else chance.choice(due)
        if chance.random() < self._swarm.dies and not self.calm:
            died = self._dies(walker, tree, branch, line, now)
            if died is not None:
                return died
        step: Send[Any] | Open[Any] | Read[Any] | Wait[Any] = line.step
        if isinstance(step, Send | Open):
            return self._exchange(walker, tree, branch, step, now)
        if isinstance(step, Read):
            return self._read(walker, tree, branch, step, now)
        return self._wait(walker, tree, branch, step)

    def _exchange(
        self, walker: Walker, tree: Tree, branch: Branch, step: Send[Any] | Open[Any], now: float
    ) -> Happened:
        opens = isinstance(step, Open)
        before = self.known(now)
        fault = self._swarm.fault(walker.chance, step.request, before)
        if self.calm:
            fault = None
        outcome = exchanged(before, step.request, fault, self._script, opens=opens)
        self.state = outcome.state
        return Happened(
            "open" if opens else "send",
            resumed(tree, branch, outcome.answer, outcome.seconds),
            before,
            branch,
            step.request,
            fault,
            outcome.answer,
            outcome.seconds,
            outcome.acted,
            outcome.body if opens else walker.body,
        )

    def _read(self, walker: Walker, tree: Tree, branch: Branch, step: Read[Any], now: float) -> Happened:
        body, chance = walker.body, walker.chance
        cut: CutStream | None = None
        is_cut, is_inside = chance.random() < self._swarm.cuts, chance.random() < 0.5
        if is_cut and body is not None and not self.calm:
            cut = CutStream(body.count, inside=is_inside and bool(body.chunks))
        state = self.known(now)
        read = was_read(body, step.within, cut, state)
        settled = resumed(tree, branch, read.chunk, read.seconds)
        return Happened("read", settled, state, branch, None, cut, read.chunk, read.seconds, True, read.body)

    def _wait(self, walker: Walker, tree: Tree, branch: Branch, step: Wait[Any]) -> Happened:
        seconds = self._swarm.seconds(walker.chance, step.seconds, step.spread)
        then = rounded(walker.elapsed + seconds)
        settled = resumed(tree, branch, then, seconds)
        return Happened("wait", settled, self.state, branch, answer=then, seconds=seconds, body=walker.body)

    def _dies(self, walker: Walker, tree: Tree, branch: Branch, line: Line, now: float) -> Happened | None:
        """The process dies, and another goes on after a while; None for a program that no checkpoint can have."""
        program = as_program(tree)
        saved = save_checkpoint(program, elapsed=walker.elapsed, names=self._names)
        if is_failure(saved):
            return None
        load: Any = load_stream if is_stream(program) else load_operation
        restored = gone_on_with(load(saved.unwrap(), names=self._names).unwrap().program)
        step, before = line.step, self.known(now)
        away = rounded(walker.chance.random() * self._swarm.away)
        if not isinstance(step, Send | Open):
            kind: Kind = "read" if isinstance(step, Read) else "wait"
            return Happened(kind, restored, before, branch, None, _UNACTED, away=away)
        opens = isinstance(step, Open)
        mishap = _ACTED if walker.chance.random() < 0.5 else _UNACTED
        if mishap.acted:
            self.state = exchanged(before, step.request, None, self._script, opens=opens).state
        kind = "open" if opens else "send"
        return Happened(kind, restored, before, branch, step.request, mishap, acted=mishap.acted, away=away)


def _has_times(state: State) -> bool:
    """Whether anything that the service knows will be otherwise later."""
    for group in state.responses.groups.values():
        for response in group.values():
            if response.changes or response.streaming or response.hidden or response.kept_until is not None:
                return True
    for conversations in state.conversations.groups.values():
        for conversation in conversations.values():
            if any(entry.at is not None for entry in conversation.entries):
                return True
    return False
