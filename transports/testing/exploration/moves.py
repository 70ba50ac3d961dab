"""The next steps of a life: everything that may come of what a program asks for.

Law: a move is a pure function of the place: which branch goes on, what goes wrong, and what comes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from msgspec import Struct

from ....core.http import HttpRequest
from ....core.interchange.checkpoints import Names, load_operation, load_stream, save_checkpoint
from ....core.results import is_failure
from ....core.steps import Send, Wait
from ....core.streams import Open, Read, is_stream
from ...memory.faults import CutStream, Fault, Rule
from ...memory.request_input import input_of
from ...memory.scripts.script import Script
from ...memory.service import State
from ..lives.lives import Dies, Kind, Mishap, OtherWait
from ..lives.passing_time import NOW
from .alternatives import AnyFault
from .exchanged import Exchanged, OpenBody, exchanged, was_read
from .lines import Branch, Line, Settled, Tree, as_program, gone_on_with, leaves, resumed
from .looking import Looks, WatchedTime
from .moments import Place
from .sameness import Sameness

_UNACTED, _ACTED = Dies(), Dies(acted=True)
_OTHER_WAIT = OtherWait()


class Move(Struct):
    """What may happen next: a step, and where it leads. `costs` says whether it counts as a fault."""

    kind: Kind
    branch: Branch
    request: HttpRequest | None
    mishap: Mishap | None
    answer: Any
    acted: bool
    seconds: float
    settled: Settled
    state: State
    body: OpenBody | None
    is_most: bool | None
    costs: bool


class Moves:
    """Makes the moves of a search, each the first time that it is needed."""

    def __init__(
        self,
        same: Sameness,
        looks: Looks,
        faults: Sequence[AnyFault],
        script: Script,
        names: Names | None,
        *,
        dies: bool,
        cuts: bool,
        other_waits: bool,
    ) -> None:
        self._same = same
        self._looks = looks
        self._rules = tuple([fault if isinstance(fault, Rule) else Rule(fault) for fault in faults])
        self._script = script
        self._names = names
        self._dies = dies
        self._cuts = cuts
        self._other_waits = other_waits
        self._usual: dict[Any, Exchanged] = {}
        self._unusual: dict[Any, tuple[tuple[Exchanged, Fault], ...]] = {}
        self._resumed: dict[Any, Settled] = {}
        self._gone_on: dict[int, Settled | None] = {}

    def of(self, place: Place, chosen: Callable[[list[Branch]], list[Branch]], *, may_fail: bool) -> Iterator[Move]:
        """All moves from a place; where nothing more may go wrong, those in which nothing does."""
        due = {branch: line for branch, line in leaves(place.tree) if not line.at}
        is_first = True
        for branch in chosen(list(due)):
            line = due[branch]
            step = line.step
            if isinstance(step, Send | Open):
                yield from self._exchanges(place, branch, line, may_fail=may_fail)
            elif isinstance(step, Read):
                yield from self._reads(place, branch, line, may_fail=may_fail)
            else:
                yield from self._waits(place, branch, line, may_fail=may_fail)
            if may_fail and is_first and self._dies:
                yield from self._deaths(place, branch, line)
            is_first = False

    # --- requests --------------------------------------------------------------------------------

    def _exchanges(self, place: Place, branch: Branch, line: Line, *, may_fail: bool) -> Iterator[Move]:
        step: Send[Any] | Open[Any] = line.step
        request = step.request
        opens = isinstance(step, Open)
        key = (self._same.of(place.state), self._same.of(request), opens)
        usual = self._usual.get(key)
        if usual is None:
            usual = self._usual[key] = exchanged(place.state, request, None, self._script, opens=opens)
        yield self._exchange_move(place, branch, step, usual, None)
        if not may_fail:
            return
        made = self._unusual.get(key)
        if made is None:
            made = self._unusual[key] = tuple(self._with_faults(place.state, request, usual, opens=opens))
        for outcome, fault in made:
            yield self._exchange_move(place, branch, step, outcome, fault)
        if self._dies and usual.acted and usual.state is not place.state:
            restored = self._restored(place)
            if restored is not None:
                kind: Kind = "open" if opens else "send"
                yield Move(
                    kind, branch, request, _ACTED, None, True, 0.0, restored, usual.state, None, place.is_most, True
                )

    def _with_faults(
        self, state: State, request: HttpRequest, usual: Exchanged, *, opens: bool
    ) -> Iterator[tuple[Exchanged, Fault]]:
        """What comes of a request that meets a fault, for each that makes a difference."""
        for rule in self._rules:
            if self._meets(rule, request, state):
                outcome = exchanged(state, request, rule.fault, self._script, opens=opens)
                if outcome.seconds != usual.seconds or outcome != usual:
                    yield outcome, rule.fault

    def _exchange_move(
        self, place: Place, branch: Branch, step: Send[Any] | Open[Any], outcome: Exchanged, fault: Fault | None
    ) -> Move:
        settled = self._resume(place, branch, outcome.answer, outcome.seconds)
        opens = isinstance(step, Open)
        body = outcome.body if opens else place.body
        return Move(
            "open" if opens else "send",
            branch,
            step.request,
            fault,
            outcome.answer,
            outcome.acted,
            outcome.seconds,
            settled,
            outcome.state,
            None if settled.closes else body,
            place.is_most,
            fault is not None,
        )

    def _meets(self, rule: Rule, request: HttpRequest, state: State) -> bool:
        if rule.method is not None and rule.method != request.method:
            return False
        if rule.path != "*" and not fnmatchcase(request.path, rule.path):
            return False
        return rule.when is None or rule.when.unmet(input_of(state, request, NOW)) is None

    # --- bodies, waits, deaths -------------------------------------------------------------------

    def _reads(self, place: Place, branch: Branch, line: Line, *, may_fail: bool) -> Iterator[Move]:
        body: OpenBody | None = place.body
        cuts: list[CutStream | None] = [None]
        if may_fail and self._cuts and body is not None:
            cuts.append(CutStream(body.count, inside=False))
            if body.chunks:
                cuts.append(CutStream(body.count))
        for cut in cuts:
            read = was_read(body, line.step.within, cut, place.state)
            settled = self._resume(place, branch, read.chunk, read.seconds)
            left = None if settled.closes else read.body
            yield Move(
                "read",
                branch,
                None if body is None else body.request,
                cut,
                read.chunk,
                True,
                read.seconds,
                settled,
                place.state,
                left,
                place.is_most,
                cut is not None,
            )

    def _waits(self, place: Place, branch: Branch, line: Line, *, may_fail: bool) -> Iterator[Move]:
        wait: Wait[Any] = line.step
        least, most = wait.seconds, wait.seconds + wait.spread
        usual = place.is_most
        if least == most:
            yield self._wait_move(place, branch, least, usual, None)
        elif usual is None:
            yield self._wait_move(place, branch, least, False, None)
            yield self._wait_move(place, branch, most, True, None)
        else:
            yield self._wait_move(place, branch, most if usual else least, usual, None)
            if may_fail and self._other_waits:
                yield self._wait_move(place, branch, least if usual else most, usual, _OTHER_WAIT)

    def _wait_move(
        self, place: Place, branch: Branch, seconds: float, is_most: bool | None, mishap: Mishap | None
    ) -> Move:
        then = round(place.elapsed + seconds, 6)
        settled = self._waited(place, branch, then, seconds)
        body = None if settled.closes else place.body
        return Move(
            "wait",
            branch,
            None,
            mishap,
            then,
            False,
            seconds,
            settled,
            place.state,
            body,
            is_most,
            mishap is not None,
        )

    def _waited(self, place: Place, branch: Branch, then: float, seconds: float) -> Settled:
        if "time" in self._looks.at:
            return resumed(place.tree, branch, then, seconds)
        key = (place.tree_number, branch, seconds)
        found = self._resumed.get(key)
        if found is None:
            resumed(place.tree, branch, WatchedTime.of(then, self._looks.look), seconds)
            found = self._resumed[key] = resumed(place.tree, branch, then, seconds)
            if self._same.of(found) != self._same.of(resumed(place.tree, branch, then + 1.0, seconds)):
                self._looks.look("time")  # who keeps it may look at it later, or return it
        return found

    def _deaths(self, place: Place, branch: Branch, line: Line) -> Iterator[Move]:
        restored = self._restored(place)
        if restored is None:
            return
        step = line.step
        kind: Kind = "wait"
        request: HttpRequest | None = None
        if isinstance(step, Send | Open):
            kind, request = ("open" if isinstance(step, Open) else "send"), step.request
        elif isinstance(step, Read):
            kind, request = "read", None if place.body is None else place.body.request
        yield Move(kind, branch, request, _UNACTED, None, False, 0.0, restored, place.state, None, place.is_most, True)

    def _restored(self, place: Place) -> Settled | None:
        """The program from its checkpoint; None for one that no checkpoint can have."""
        number = place.tree_number
        if number not in self._gone_on:
            self._gone_on[number] = self._gone_on_with(place.tree)
        return self._gone_on[number]

    def _gone_on_with(self, tree: Tree) -> Settled | None:
        program = as_program(tree)
        saved = save_checkpoint(program, names=self._names)
        if is_failure(saved):
            self._same.opaque[str(saved.failure())] = None
            return None
        load = load_stream if is_stream(program) else load_operation
        loaded: Any = load(saved.unwrap(), names=self._names)
        if is_failure(loaded):
            self._same.opaque[str(loaded.failure())] = None
            return None
        return gone_on_with(loaded.unwrap().program)

    def _resume(self, place: Place, branch: Branch, answer: Any, seconds: float) -> Settled:
        key = (place.tree_number, branch, self._same.of(answer), seconds)
        found = self._resumed.get(key)
        if found is None:
            found = self._resumed[key] = resumed(place.tree, branch, answer, seconds)
        return found
