"""What is carried out of a key: its program as it was planned, or from where it was.

Law: what was planned is begun. What was in flight goes on from its checkpoint, if the request that was pending may be
sent again; else it becomes unknown, with all that is known. What was not saved is unknown as a whole. The first program
of a key is the one it was planned with, the last the one that it goes on with.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, json
from returns.result import Failure

from ...core.errors import Error, InvalidArgument
from ...core.http import SAFE_METHODS
from ...core.interchange.checkpoints import Checkpoint, Names, load_operation
from ...core.steps import Operation, Send
from ..clock import Clock
from .entries import Entry, InFlight, encode_known
from .hold import LedgerRefused
from .journal import Event, Journal
from .resuming import after_interruption, sends_again, sends_one_request, sent_again
from .stencils import Checkpoints

_FIRST = "SELECT program FROM events WHERE key = ? AND program IS NOT NULL ORDER BY seq LIMIT 1"
_LAST = "SELECT program FROM events WHERE key = ? AND program IS NOT NULL ORDER BY seq DESC LIMIT 1"

Ready = tuple[Entry, Operation[Any]]
"""What is carried out, and its entry."""


class HandedOut(Struct, frozen=True):
    """What is carried out elsewhere: whether it can be repeated, sends but one request, and could be saved."""

    is_repeatable: bool
    is_one_request: bool
    is_saved: bool

    def is_told_by(self, error: Error) -> bool:
        """Whether an error, which is about the last request, tells what became of all of it."""
        return self.is_repeatable or self.is_one_request or (not self.is_saved and isinstance(error, InvalidArgument))


class Programs:
    """The programs of the keys of a journal."""

    def __init__(self, path: str, journal: Journal, clock: Clock, names: Names | None) -> None:
        self._path = path
        self._journal = journal
        self._clock = clock
        self._names = names
        self._checkpoints = Checkpoints(names)
        self.unsaved: dict[str, Operation[Any]] = {}
        """Those that were planned here, and could not be saved."""

    def plan(self, key: str, operation: Operation[Any]) -> None:
        """Write that an operation is planned."""
        program, unsaved = self._checkpoints.of(operation, 0.0)
        if program is None:
            self.unsaved[key] = operation
        self._journal.add(key, "planned", encode_known({} if unsaved is None else {"unsaved": unsaved}), program)

    def hand_out(self, key: str, program: Operation[Any], *, resumed: bool) -> HandedOut:
        """Write that an operation is carried out elsewhere as a whole."""
        checkpoint, unsaved = self._checkpoints.of(program, 0.0)
        known = InFlight(elsewhere=True, unsaved=unsaved, resumed=resumed)
        self._journal.add(key, "in flight", encode_known(known), checkpoint)
        is_repeatable = checkpoint is not None and sends_again(checkpoint)
        return HandedOut(is_repeatable, sends_one_request(program), checkpoint is not None)

    def new(self, key: str, operation: Operation[Any]) -> Ready:
        """A key that is new: where its first step is written before it is taken, that event has its program."""
        entry = self._entry(key, None)
        if not isinstance(operation, Send) or operation.request.method in SAFE_METHODS:
            self.plan(key, operation)
            entry.program = operation
        return entry, operation

    def of(self, event: Event, given: Operation[Any] | None, *, retry_failed: bool = False) -> Ready | None:
        """What is carried out of a key, by its last event; None: nothing is. `given` is for what was not saved."""
        match event.fate:
            case "planned":
                return self._planned(event, given)
            case "in flight":
                return self._in_flight(event)
            case "failed" if retry_failed:
                return self._failed(event)
            case _:
                return None

    def _planned(self, event: Event, given: Operation[Any] | None) -> Ready | None:
        program = self.saved(event.key)
        if program is not None:
            loaded = self._loaded(event.key, program).program
            return self._entry(event.key, loaded), loaded
        return None if given is None else (self._entry(event.key, None), given)

    def _in_flight(self, event: Event) -> Ready | None:
        known = json.decode(event.known)
        program = None if "unsaved" in known else self.saved(event.key)
        ready = None if program is None else self._interrupted(event, known, program)
        if ready is None:
            self.unknown(event)
        return ready

    def _interrupted(self, event: Event, known: Any, program: bytes) -> Ready | None:
        if known.get("elsewhere"):
            anew = self.anew(event)
            return None if anew is None else (self._entry(event.key, None, resumed=True), anew)
        loaded = self._loaded(event.key, program)
        again = sent_again(loaded.program) if "request" in known else loaded.program
        if again is None:
            return None
        entry = self._entry(event.key, loaded.program, lasted=loaded.elapsed, resumed=True)
        entry.goes_on(known)
        return entry, again

    def _failed(self, event: Event) -> Ready | None:
        """One that failed: behind its acknowledgement, if anything follows; where it had none, from the beginning."""
        known = json.decode(event.known)
        acknowledged = known.get("acknowledged")
        program = None if known.get("final") else self.saved(event.key, first=acknowledged is None)
        if program is None:
            return None
        loaded = self._loaded(event.key, program)
        if acknowledged is None and known.get("may_have_acted") and isinstance(loaded.program, Send):
            return self._entry(event.key, None), after_interruption(loaded.program)
        entry = self._entry(event.key, None, lasted=loaded.elapsed)
        entry.acknowledged = acknowledged
        return entry, loaded.program

    def anew(self, event: Event) -> Operation[Any] | None:
        """What was begun elsewhere, from the beginning; None where it cannot be repeated."""
        program = self.saved(event.key)
        if program is None or not sends_again(program):
            return None
        loaded = self._loaded(event.key, program).program
        return after_interruption(loaded) if isinstance(loaded, Send) else loaded

    def unknown(self, event: Event) -> None:
        """Write that nobody knows what became of a key, and what is known."""
        self._journal.add(event.key, "unknown", encode_known({"interrupted": json.decode(event.known)}))

    def saved(self, key: str, *, first: bool = False) -> bytes | None:
        """The checkpoint of a key that was saved last, or first."""
        rows = self._journal.by_key(_FIRST if first else _LAST, key)
        return rows[0][0].encode() if rows else None

    def _loaded(self, key: str, program: bytes) -> Checkpoint[Operation[Any]]:
        loaded = load_operation(program, names=self._names)
        if isinstance(loaded, Failure):
            raise LedgerRefused(self._path, f"holds a program of {key!r} that cannot be loaded: {loaded.failure()}")
        return loaded.unwrap()

    def _entry(self, key: str, program: Operation[Any] | None, *, lasted: float = 0.0, resumed: bool = False) -> Entry:
        return Entry(key, self._journal, self._clock, self._checkpoints, program, lasted=lasted, resumed=resumed)
