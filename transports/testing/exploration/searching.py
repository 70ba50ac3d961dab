"""The search through all lives of a program, fewest faults first, and of those the fewest steps.

Law: two places are one where the program, the service, what is open, what all claims remember, and what anybody looks
at of the past are the same. Times are counted from the present, and ids are the lowest that nobody holds, so that
places that differ in names and dates alone do not differ. A place is gone on from with the fewest faults with which it
is reached: with more, no more could go wrong from there on. So the first life that breaks a claim has the fewest
faults.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Any

from msgspec.structs import replace
from returns.result import Result

from ....core.errors import Error
from ....core.interchange.checkpoints import Names
from ....core.steps import Operation
from ....core.streams import Stream
from ...memory.scripts.replies import Reply
from ...memory.scripts.script import Script, as_script, echo
from ...memory.service import State
from ..lives.findings import Edge, Ending, Exploration, Graph, Violation
from ..lives.lives import LifeStep
from ..lives.passing_time import later, rounded
from .alternatives import EVERY_FAULT, AnyFault
from .claims import Broken, Claim, Eventually
from .cycles import on_a_cycle
from .given import check_count, check_names, check_program, claims_of, kinds_of, state_of
from .independence import Together
from .lines import EndlessRow, Settled, begun, ending, leaves
from .looking import Looks
from .moments import Place, PlaceMoment
from .moves import Move, Moves
from .ready_claims import USUAL_CLAIMS
from .sameness import Sameness

_BROKEN = Broken("")
"""What is remembered of a claim of which it is known that it does not hold."""


class _BeginsAnew(Exception):
    """Something was looked at, or turned out to belong together, for the first time."""


class Search:
    """One search. `explore` says what its parameters are."""

    def __init__(
        self,
        program: Operation[Any] | Stream[Any],
        state: State,
        *,
        script: Script,
        faults: int,
        kinds: Sequence[AnyFault],
        claims: Sequence[Claim],
        names: Names | None,
        dies: bool,
        cuts: bool,
        other_waits: bool,
        merges: bool,
        all_orders: bool,
        most_states: int,
    ) -> None:
        self._program = program
        self._state = replace(state, served=0)
        self._faults = faults
        self._claims = tuple(claims)
        self._merges = merges
        self._most_states = most_states
        self._replies_in_turn = script is not echo
        self._looks = Looks()
        self._same = Sameness()
        self._together = Together(
            everything=all_orders or not all(claim.is_local for claim in claims),
            replies_in_turn=self._replies_in_turn,
        )
        self._moves = Moves(
            self._same, self._looks, kinds, script, names, dies=dies, cuts=cuts, other_waits=other_waits
        )
        self._later: dict[tuple[int, float], State] = {}
        self._issued: dict[tuple[int, int], State] = {}
        self._begin()

    def _begin(self) -> None:
        self._places: list[Place] = []
        self._known: dict[Any, int] = {}
        self._queues: list[list[tuple[int, int]]] = [[] for _ in range(self._faults + 1)]
        self._edges: list[tuple[int, int, Any, bool]] = []
        self._endings: dict[int, Ending] = {}
        self._broken: dict[int, tuple[Place, str]] = {}
        self._limit: str | None = None
        self.steps = 0
        self._together.forget()
        self._looks.is_new = False

    def carry_out(self) -> Exploration:
        """Search, and say what was found."""
        began = time.perf_counter()
        collects = gc.isenabled()
        gc.disable()  # nothing of a search is garbage before its end: looking for some takes a fourth of its time
        try:
            self._search_all()
        finally:
            if collects:
                gc.enable()
        self._find_endless()
        return Exploration(
            faults=self._faults,
            states=len(self._places),
            steps=self.steps,
            seconds=time.perf_counter() - began,
            endings=tuple(self._endings.values()),
            violations=tuple([self._violation(index, *self._broken[index]) for index in sorted(self._broken)]),
            limit=self._limit,
            opaque=tuple(self._same.opaque),
            looked_at=tuple(self._looks.at),
            together=self._together.groups(),
            graph=self._graph(),
        )

    def _search_all(self) -> None:
        while True:
            try:
                self._search()
            except _BeginsAnew:
                self._begin()
            else:
                return

    def _search(self) -> None:
        self._reach_beginning()
        for faults, queue in enumerate(self._queues):
            while queue:
                _, number = heappop(queue)
                place = self._places[number]
                if place.faults != faults or place.is_done:
                    continue
                if self._nothing_is_left_to_find(place):
                    return
                place.is_done = True
                self._go_on_from(place)
                if self._limit is not None:
                    return

    def _nothing_is_left_to_find(self, place: Place) -> bool:
        """Whether no claim holds, and no life that goes on from here shows it in fewer steps."""
        if not self._claims or len(self._broken) < len(self._claims):
            return False
        return all((place.faults, place.depth) >= (shown.faults, shown.depth) for shown, _ in self._broken.values())

    def _violation(self, index: int, place: Place, why: str) -> Violation:
        claim = self._claims[index].name
        return Violation(claim=claim, why=why, life=place.life, node=place.number, program=self._program)

    def _reach_beginning(self) -> None:
        settled = self._settled_at_first()
        if settled is None:
            return
        ended = ending(settled.tree)
        result = None if ended is None else ended.step.result
        step = LifeStep(kind="begin", before=self._state, after=self._state, emitted=settled.emitted, result=result)
        place = Place(
            tree=settled.tree,
            state=self._state,
            body=None,
            elapsed=0.0,
            is_most=None,
            faults=0,
            parent=None,
            step=step,
        )
        self._reach(place, tuple([claim.begin() for claim in self._claims]), costs=False)

    def _settled_at_first(self) -> Settled | None:
        try:
            return begun(self._program)
        except EndlessRow:
            self._limit = _ENDLESS_ROW
            return None

    def _go_on_from(self, place: Place) -> None:
        may_fail = place.faults < self._faults
        moves = self._moves.of(place, self._together.active, may_fail=may_fail)
        while True:
            try:
                move = next(moves, None)
            except EndlessRow:
                self._limit = _ENDLESS_ROW
                return
            if self._looks.is_new:
                raise _BeginsAnew
            if move is None:
                return
            if move.branch and move.request is not None and self._together.touches(move.branch, move.request):
                raise _BeginsAnew
            self.steps += 1
            self._take(place, move)

    # --- one step --------------------------------------------------------------------------------

    def _state_later(self, state: State, seconds: float) -> State:
        key = (self._same.of(state), seconds)
        found = self._later.get(key)
        if found is None:
            found = self._later[key] = later(state, seconds)
        return found

    def _take(self, place: Place, move: Move) -> None:
        tree, passes = move.settled.tree, move.settled.seconds
        state, body = move.state, move.body
        if passes:
            state = self._state_later(state, passes)
            body = None if body is None else body.later(passes)
        ended = ending(tree)
        step = LifeStep(
            kind=move.kind,
            request=move.request,
            branch=move.branch,
            mishap=move.mishap,
            answer=move.answer,
            acted=move.acted,
            began=place.elapsed,
            ended=rounded(place.elapsed + move.seconds),
            before=place.state,
            after=state,
            emitted=move.settled.emitted,
            result=None if ended is None else ended.step.result,
        )
        elapsed = rounded(place.elapsed + passes)
        faults = place.faults + move.costs
        next_place = Place(
            tree=tree,
            state=state,
            body=body,
            elapsed=elapsed,
            is_most=move.is_most,
            faults=faults,
            parent=place,
            step=step,
        )
        self._reach(next_place, place.memories, costs=move.costs)

    def _reach(self, place: Place, memories: tuple[Any, ...], *, costs: bool) -> None:
        """A place is reached: judge it, and keep it if it is new."""
        judged = self._judged(place, memories)
        if self._looks.is_new:
            raise _BeginsAnew
        remembered = tuple([memory for memory, _ in judged])
        is_same = all(now is before for now, before in zip(remembered, memories, strict=True))
        place.memories = memories if is_same else remembered  # what is the very same costs no more than a glance
        known = self._number_of(place)
        for index, (_, broken) in enumerate(judged):
            if broken is not None and (index not in self._broken or place.is_before(self._broken[index][0])):
                self._broken[index] = place, broken.why
        if place.parent is not None:
            self._edges.append((place.parent.number, known, place.step.mishap, costs))

    def _judged(self, place: Place, memories: tuple[Any, ...]) -> list[tuple[Any, Broken | None]]:
        """What each claim remembers now, and what is wrong with it."""
        moment = PlaceMoment(place, self._looks)
        step = place.step
        judged: list[tuple[Any, Broken | None]] = []
        for claim, memory in zip(self._claims, memories, strict=True):
            if memory is _BROKEN:
                judged.append((memory, None))
                continue
            remembered = claim.after(memory, step, moment)
            if not isinstance(remembered, Broken) and step.result is not None:
                end = claim.end(remembered, step, moment)
                remembered = remembered if end is None else end
            judged.append((_BROKEN, remembered) if isinstance(remembered, Broken) else (remembered, None))
        return judged

    def _number_of(self, place: Place) -> int:
        """The number of a place; if it is new, or reached with less than before, it is gone on from later."""
        key = self._key(place)
        number = self._known.get(key)
        if number is not None:
            place.number = number
            known = self._places[number]
            if not known.is_done and place.is_before(known):
                known.reach_as(place)
                self._go_on_later(known)
        else:
            number = place.number = len(self._places)
            if self._merges:
                self._known[key] = number
            self._places.append(place)
            self._go_on_later(place)
        if place.step.result is not None:
            self._end(place)
        return number

    def _go_on_later(self, place: Place) -> None:
        if place.step.result is not None:
            return
        if place.number >= self._most_states:
            self._limit = f"more than {self._most_states:,} states: what follows them was not searched"
        else:
            heappush(self._queues[place.faults], (place.depth, place.number))

    def _end(self, place: Place) -> None:
        result: Result[Any, Error] | None = place.step.result
        if result is None:
            return
        number = self._same.of(result)
        found = self._endings.get(number)
        if found is None or place.faults < found.faults:
            self._endings[number] = Ending(result=result, faults=place.faults, node=place.number)

    def _key(self, place: Place) -> Any:
        of, highest, looked = self._same.of, self._same.highest, self._looks.at
        state = place.state
        tree = place.tree_number = of(place.tree)
        memories = of(place.memories)
        body = -1 if place.body is None else of(place.body)
        responses, conversations, models = of(state.responses), of(state.conversations), of(state.models)
        past = self._past(place) if "requests" in looked or "emitted" in looked else ()
        if not past:
            issued = max(highest[tree], highest[memories], highest[responses], highest[conversations])
            if body >= 0:
                issued = max(issued, highest[body])
            if issued != state.issued:
                place.state = state = self._state_with(state, issued)
        counts = (state.replied, state.uses) if self._replies_in_turn else ()
        when = place.elapsed if "time" in looked or "seconds" in looked else None
        knows = (responses, conversations, models, state.issued)
        return (tree, body, memories, knows, counts, place.is_most, when, past)

    def _state_with(self, state: State, issued: int) -> State:
        key = (self._same.of(state), issued)
        found = self._issued.get(key)
        if found is None:
            found = self._issued[key] = replace(state, issued=issued)
        return found

    def _past(self, place: Place) -> tuple[int, ...]:
        """What is looked at of the past, as numbers."""
        looked, of, step = self._looks.at, self._same.of, place.step
        past = () if place.parent is None else place.parent.past
        if "emitted" in looked:
            past += tuple(map(of, step.emitted))
        if "requests" in looked and step.request is not None and step.kind in ("send", "open"):
            past += (of(step.request), of(step.answer), of(step.mishap), int(step.acted))
        place.past = past
        return past

    # --- what is found in the end ----------------------------------------------------------------

    def _find_endless(self) -> None:
        """Lives that never end, though nothing more goes wrong: what is to be so eventually must be so before."""
        wanted = [index for index, claim in enumerate(self._claims) if isinstance(claim, Eventually)]
        for index in wanted:
            if index not in self._broken:
                place = self._on_a_cycle(index)
                if place is not None:
                    why = f"{self._claims[index].name}: it never is, in a life that goes on for ever"
                    self._broken[index] = place, why

    def _on_a_cycle(self, index: int) -> Place | None:
        """A place, the nearest, from which nothing leads on but around, before the claim was met."""
        unmet = {place.number for place in self._places if place.memories[index] is False}
        steps = [(source, target) for source, target, _, costs in self._edges if not costs]
        number = on_a_cycle(steps, unmet)
        return None if number is None else self._places[number]

    def _graph(self) -> Graph | None:
        if len(self._places) > _MOST_DRAWN:
            return None
        return Graph(
            labels=tuple([_label(place) for place in self._places]),
            edges=tuple([Edge(source, target, mishap) for source, target, mishap, _ in self._edges]),
            parents=tuple([-1 if place.parent is None else place.parent.number for place in self._places]),
            ends=frozenset(place.number for place in self._places if place.step.result is not None),
        )


_MOST_DRAWN = 20_000
"""States of which a graph is kept."""

_ENDLESS_ROW = "the program takes steps without end, and asks for nothing"


def _label(place: Place) -> str:
    """What a place waits for, in a few words."""
    if place.step.result is not None:
        return "ended"
    asked = [getattr(line.step, "request", None) for _, line in leaves(place.tree)]
    requests = [f"{request.method} {request.path}" for request in asked if request is not None]
    return ", ".join(requests) or type(next(leaves(place.tree))[1].step).__name__.lower()


def explore(
    program: Operation[Any] | Stream[Any],
    state: State | None = None,
    *,
    script: Script | Sequence[Reply | str] | Reply | str = echo,
    faults: int = 2,
    kinds: Sequence[AnyFault] = EVERY_FAULT,
    claims: Sequence[Claim] = USUAL_CLAIMS,
    names: Names | None = None,
    dies: bool = True,
    cuts: bool = True,
    other_waits: bool = True,
    merges: bool = True,
    all_orders: bool = False,
    most_states: int = 200_000,
) -> Exploration:
    """Carry out all lives of a program in which no more than so many things go wrong, and check what is claimed.

    Args:
        program: An operation or a stream, as it is. Nothing is sent: the service is a function of its state.
        state: What the service knows at first; by default nothing.
        script: What the service replies where a model would, as `MemoryTransport` takes it.
        faults: How many things may go wrong in one life, 0 or more.
        kinds: What may go wrong with a request: faults, or rules with a fault that only some requests meet. By default
            everything in the table of `retrying`, slow answers, and responses that cannot be found for a while.
        claims: What must hold; by default what holds of any program (`USUAL_CLAIMS`).
        names: Names of what is the caller's own, for checkpoints, as `save_checkpoint` takes them.
        dies: Whether the process may die at each step, and another goes on from the checkpoint before it. A request
            that was in flight then is sent again where it only reads or is idempotent; any other is an `Interrupted`.
        cuts: Whether a body may break off at each chunk that is read.
        other_waits: Whether a wait may take its most where all others take their least, or the other way round.
        merges: Whether states that are the same are gone on from once. False is for proofs, and small programs.
        all_orders: Whether the branches of forks are carried out in every order, also where they have nothing to do
            with each other. They are in any case where a claim looks at more than one of them (`Claim.is_local`).
        most_states: How many states are searched at most, 1 or more; `Exploration.limit` says whether that was met.

    A wait takes its least or its most: all waits of a life do the same, and any other is one that goes wrong. What the
    program's own functions raise passes through. Raises `TypeError` for what is no program, no fault or no claim, and
    `ValueError` for a script whose default is not meant for anything.

    >>> from puresponse import State, delete_response, retrying, stored
    >>> found = explore(retrying(delete_response("resp_1")), State().having(stored({"id": "resp_1"})))
    >>> found.holds, found.limit, found.opaque
    (True, None, ())
    """
    check_program("explore", program)
    check_count("explore", "faults", faults, least=0)
    check_count("explore", "most_states", most_states, least=1)
    check_names("explore", names)
    search = Search(
        program,
        state_of("explore", state),
        script=as_script(script),
        faults=faults,
        kinds=kinds_of("explore", kinds),
        claims=claims_of("explore", claims),
        names=names,
        dies=dies,
        cuts=cuts,
        other_waits=other_waits,
        merges=merges,
        all_orders=all_orders,
        most_states=most_states,
    )
    return search.carry_out()
