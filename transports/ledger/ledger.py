"""A ledger: what became of every operation of a batch, by the caller's keys, in a file that outlives the process.

Law: of each key the file says what is known, before anything is sent that does more than read, and again when it has
ended and before the caller is told. Killed at any moment and run again, a batch goes on: what was not begun is begun,
what was under way is sent again where that can do no harm, and anything else is *unknown*, for a person to settle.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from os import PathLike, fspath
from types import TracebackType
from typing import Any, TypeVar

from msgspec import json
from returns.result import Failure, Result

from ...core.arguments import invalid_argument
from ...core.errors import Error
from ...core.http import SAFE_METHODS
from ...core.interchange.checkpoints import Checkpoint, Names, load_operation
from ...core.steps import OPERATION_STEPS, Operation, Send
from ..batch.many import run_many, run_many_async
from ..clock import Clock
from ..contract import AsyncTransport, Transport
from ..drivers import SYSTEM_CLOCK
from .entries import Entry, InFlight, outcome, recorded, saved
from .fates import FATES, Damaged, Fate, FateName, Receipt, Settled, Verified, moment
from .hold import LedgerRefused
from .journal import Event, Journal
from .recorded_transports import RecordingAsyncTransport, recording
from .resuming import after_interruption, sends_again, sent_again
from .verifying import verify

T = TypeVar("T")

_encode = json.Encoder().encode

_AT_A_TIME = 500
"""Keys that are planned in one transaction."""

_FIRST_PROGRAM = "SELECT program FROM events WHERE key = ? AND program IS NOT NULL ORDER BY seq LIMIT 1"
_LAST_PROGRAM = "SELECT program FROM events WHERE key = ? AND program IS NOT NULL ORDER BY seq DESC LIMIT 1"

_RESUMABLE: tuple[FateName, ...] = ("planned", "in flight")


class Ledger:
    """The fate of operations, by key, in one SQLite file: append only, hashed, readable with any SQLite tool.

    Args:
        path: The file; it is made where there is none. Beside it lies `PATH-lock`, by which one process holds it.
        names: What checkpoints call the caller's own types and functions: see `save_checkpoint`.
        clock: What deadlines are measured by.
        now: The time in seconds since 1970.
        durable: Whether each commit waits until the disk has it (SQLite's `synchronous=FULL`). Without, the file
            outlives the process, killed in whatever way; a power cut or a crash of the system may take the last events,
            never the ones before, and leaves no damage.
        read_only: Read, while another process may hold it; what writes is a `LedgerRefused` then.

    Raises `LedgerInUse` where another holds it, and `LedgerRefused` for what is no ledger. It is a context manager.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        names: Names | None = None,
        clock: Clock = SYSTEM_CLOCK,
        now: Callable[[], float] = time.time,
        durable: bool = False,
        read_only: bool = False,
    ) -> None:
        self.path = fspath(path)
        self._names = names
        self._clock = clock
        self._read_only = read_only
        self._journal = Journal(self.path, now=now, read_only=read_only, durable=durable)
        self._live: dict[str, Entry] = {}
        self._ready: dict[str, tuple[Entry, Operation[Any]]] = {}
        self._unsaved: dict[str, Operation[Any]] = {}
        self._elsewhere: dict[str, bool] = {}

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Ledger({self.path!r})"

    def close(self) -> None:
        """Write what is left to be written, and let others have the file."""
        self._journal.close()

    # --- plan and run ---------------------------------------------------------------------------------

    def plan(self, pairs: Iterable[tuple[str, Operation[Any]]]) -> int:
        """Write of each new key that its operation is planned; return how many are new.

        Keys that are known are left as they are. A program that cannot be saved (a lambda in it, without a name) is
        planned without: `run` carries it out while this `Ledger` is open, and one that was never begun is planned anew
        by the next `plan`. Taken lazily, and committed now and then and at the end.
        """
        self._check_writable()
        new, of_chunk = 0, set[str]()
        for key, operation in pairs:
            check_key(key)
            if type(operation) not in OPERATION_STEPS:
                raise TypeError(f"plan takes (key, operation) pairs, and was given {operation!r} for {key!r}")
            if key in of_chunk:
                continue
            event = self._journal.last(key)
            if event is not None and (event.fate != "planned" or self._program(key) is not None):
                continue
            of_chunk.add(key)
            self._plan(key, operation)
            new += event is None
            if len(of_chunk) >= _AT_A_TIME:
                self._journal.commit()
                of_chunk.clear()
        self._journal.commit()
        return new

    def _plan(self, key: str, operation: Operation[Any]) -> None:
        program, unsaved = saved(operation, 0.0, self._names)
        if program is None:
            self._unsaved[key] = operation
        self._journal.add(key, "planned", _encode({} if unsaved is None else {"unsaved": unsaved}), program)

    def run(
        self,
        transport: Transport,
        concurrency: int = 16,
        *,
        retry_failed: bool = False,
        **options: Any,
    ) -> Generator[tuple[str, Result[Any, Error]], None, None]:
        """Carry out all that is planned or was in flight, and yield each key with its result.

        Args:
            transport: What carries them out, from several threads at once.
            concurrency: How many are carried out at once. The operations of a `gather` within one of them are carried
                out one after another, so that each step can be written.
            retry_failed: Carry out those that failed, too: one that had got an acknowledgement goes on behind it, any
                other begins anew.
            options: Those of `run_many`.

        What was in flight when an earlier process ended goes on from where it was: a pending request that is safe or
        idempotent is sent again; any other is not, and its key is *unknown*, and not yielded. Each outcome is in the
        file before it is yielded. `head` is the hash to keep when it is over.
        """
        self._check_writable()
        pairs = self._to_do(retry_failed=retry_failed)
        return self._run(pairs, transport, concurrency, options)

    def _run(
        self,
        pairs: Iterator[tuple[str, Operation[Any]]],
        transport: Transport,
        concurrency: int,
        options: Mapping[str, Any],
    ) -> Generator[tuple[str, Result[Any, Error]], None, None]:
        keys: dict[int, tuple[str, Operation[Any]]] = {}
        try:
            for operation, result in run_many(
                self._admitted(pairs, keys), self.recording(transport), concurrency, **options
            ):
                key = keys.pop(id(operation))[0]
                self.ended([(key, result)])
                yield key, result
        finally:
            self.over()

    async def run_async(
        self,
        transport: AsyncTransport,
        concurrency: int = 16,
        *,
        retry_failed: bool = False,
        **options: Any,
    ) -> AsyncGenerator[tuple[str, Result[Any, Error]], None]:
        """The same in the running event loop, which each commit blocks for its moment."""
        self._check_writable()
        keys: dict[int, tuple[str, Operation[Any]]] = {}
        pairs = self._to_do(retry_failed=retry_failed)
        try:
            async for operation, result in run_many_async(
                self._admitted(pairs, keys), self.recording_async(transport), concurrency, **options
            ):
                key = keys.pop(id(operation))[0]
                self.ended([(key, result)])
                yield key, result
        finally:
            self.over()

    def _admitted(
        self, pairs: Iterable[tuple[str, Operation[Any]]], keys: dict[int, tuple[str, Operation[Any]]]
    ) -> Iterator[Operation[Any]]:
        for key, operation in pairs:
            admitted = self.admit(key, operation)
            if admitted is not None:
                keys[id(admitted)] = key, admitted
                yield admitted

    # --- what a batch asks (`batch.recorder`) ---------------------------------------------------------

    def admit(self, key: str, operation: Operation[T]) -> Operation[T] | None:
        """The operation that is carried out for `key`; None where it has ended, is unknown, or is under way.

        It is `operation` itself where the key is new, and what the file has where it is planned or was in flight.
        """
        if key in self._live:
            return None
        ready = self._ready.pop(key, None)
        if ready is None:
            check_key(key)
            event = self._journal.last(key)
            ready = self._new(key, operation) if event is None else self._resumed(event, operation, retry_failed=False)
        if ready is None:
            return None
        entry, program = ready
        self._live[key] = entry
        admitted: Operation[T] = recorded(program, entry)
        return admitted

    def recording(self, transport: Transport) -> Transport:
        """A transport around the caller's, for operations that were admitted: it writes before it sends."""
        return recording(transport, self._journal)

    def recording_async(self, transport: AsyncTransport) -> AsyncTransport:
        """The same in an event loop."""
        return RecordingAsyncTransport(transport, self._journal)

    def ended(self, outcomes: Sequence[tuple[str, Result[Any, Error]]]) -> None:
        """Write these outcomes of operations that were admitted, and return when they are in the file."""
        for key, result in outcomes:
            self._live.pop(key).ended(result)
        self._journal.commit()

    def over(self) -> None:
        """The batch is over: what was admitted and has not ended is left in flight, for the next run."""
        live, self._live = self._live, {}
        for entry in live.values():
            entry.left()
        self._journal.commit()

    # --- what is carried out elsewhere ----------------------------------------------------------------

    def to_do(self, *, retry_failed: bool = False) -> Iterator[tuple[str, Operation[Any]]]:
        """All that is planned or was in flight, with what is to be carried out of it; `begin` it, or `admit` it.

        What was in flight and must not go on becomes unknown as it is met.
        """
        self._check_writable()
        return self._to_do(retry_failed=retry_failed)

    def begin(self, key: str, operation: Operation[T] | None = None) -> Operation[T] | None:
        """Write that the operation of `key` is begun by who asks: it is carried out as a whole, elsewhere.

        Returns what is to be carried out, which is `operation` where the key is new, once that is in the file; None
        where the key has ended, is unknown, or is under way. What becomes of it `end` is told, or `lost`.
        """
        self._check_writable()
        check_key(key)
        if key in self._elsewhere:
            return None
        program: Operation[Any] | None
        if key in self._ready:
            program = self._ready.pop(key)[1]
        elif (event := self._journal.last(key)) is None:
            program = operation
        else:
            ready = self._resumed(event, operation, retry_failed=False)
            program = None if ready is None else ready[1]
        if program is not None:
            self._hand_out(key, program, resumed=False)
        self._journal.commit()
        return program

    def end(self, key: str, result: Result[Any, Error]) -> None:
        """Write the outcome of what was begun elsewhere, and return when it is in the file."""
        fate, known = outcome(result, None, is_repeatable=self._elsewhere.pop(key))
        self._journal.add(key, fate, _encode(known))
        self._journal.commit()

    def lost(self, key: str) -> Operation[Any] | None:
        """Write that whoever carried out what was begun is gone, and nobody knows how far that was.

        Where all that its program can send is safe or idempotent, it is begun anew: returns what is to be carried out,
        whose first answer says that it is one `after_interruption`. Else returns None, and its fate is unknown.
        """
        is_repeatable = self._elsewhere.pop(key)
        event = self._journal.last(key)
        if event is None:
            raise ValueError(str(invalid_argument("key", key, "a key that was begun")))
        program = self._again(event) if is_repeatable else None
        if program is None:
            self._unknown(event)
        else:
            self._hand_out(key, program, resumed=True)
        self._journal.commit()
        return program

    def _hand_out(self, key: str, program: Operation[Any], *, resumed: bool) -> None:
        checkpoint, unsaved = saved(program, 0.0, self._names)
        known = InFlight(elsewhere=True, unsaved=unsaved, resumed=resumed)
        self._elsewhere[key] = checkpoint is not None and sends_again(checkpoint)
        self._journal.add(key, "in flight", _encode(known), checkpoint)

    def _again(self, event: Event) -> Operation[Any] | None:
        """What was begun elsewhere, from the beginning, if it can be repeated."""
        program = self._program(event.key)
        if program is None or not sends_again(program):
            return None
        loaded = self._loaded(event.key, program).program
        return after_interruption(loaded) if isinstance(loaded, Send) else loaded

    # --- read and settle ------------------------------------------------------------------------------

    @property
    def head(self) -> str:
        """The hash of the last event in the file, as 64 hexadecimal digits: keep it elsewhere, for `verify`."""
        return self._journal.head

    def counts(self) -> Mapping[FateName, int]:
        """How many keys have each fate."""
        rows = self._journal.read("SELECT fate, count(*) FROM fates GROUP BY fate")
        found: dict[FateName, int] = dict(rows)
        return {name: found.get(name, 0) for name in FATES}

    def fates(self, *names: FateName) -> Iterator[Fate]:
        """The keys with one of these fates, or all keys, in the order of their last events."""
        for name in names:
            if name not in FATES:
                raise ValueError(str(invalid_argument("names", name, ", ".join(FATES))))
        return (_fate(event) for event in self._journal.latest(names or FATES))

    def fate(self, key: str) -> Fate | None:
        """What became of the operation of a key; None where it is not known."""
        check_key(key)
        event = self._journal.last(key)
        return None if event is None else _fate(event)

    def settle(self, key: str, settled: Settled) -> Fate:
        """Write what a person found out about a key that is unknown, in flight or failed: "done", or "retry".

        With "retry" its program is planned from the beginning. Raises `ValueError` for a key that is not known, has
        another fate, or is under way; and where its program was not saved, so that it cannot be carried out again.
        """
        self._check_writable()
        if settled not in ("done", "retry"):
            raise ValueError(str(invalid_argument("settled", settled, '"done" or "retry"')))
        event = self._journal.last(key) if isinstance(key, str) else None
        if event is None:
            raise ValueError(str(invalid_argument("key", key, "a key of the ledger")))
        if event.fate not in ("unknown", "in flight", "failed") or key in self._live:
            under_way = " and under way" if key in self._live else ""
            raise ValueError(f"{key!r} is {event.fate}{under_way}: there is nothing to settle")
        known = {"settled": settled, "was": event.fate, "known": json.decode(event.known)}
        if settled == "done":
            self._journal.add(key, "done", _encode(known))
        else:
            program = self._program(key, first=True)
            if program is None:
                raise ValueError(f"the program of {key!r} was not saved: plan it under another key")
            self._journal.add(key, "planned", _encode(known), program)
        self._journal.commit()
        return _fate(self._journal.all(key)[-1])

    def verify(self, head: str | None = None) -> Verified | Damaged:
        """Prove that all events up to the one with the hash `head` are whole and unchanged.

        Without a head only damage is found: see `Verified`.
        """
        return verify(self._journal.database, head)

    def receipt(self, key: str) -> Receipt:
        """What is known of a key, with the head's hash. Raises `ValueError` for a key that is not known."""
        events = self._journal.all(key) if isinstance(key, str) else []
        if not events:
            raise ValueError(str(invalid_argument("key", key, "a key of the ledger")))
        fates = tuple(_fate(event) for event in events)
        acknowledged = absence = None
        for fate in fates:
            acknowledged = fate.known.get("acknowledged", acknowledged)
            if fate.known.get("status") == 404:
                absence = fate.known
        return Receipt(
            key=key,
            fate=fates[-1].fate,
            acknowledged=acknowledged,
            absence=absence,
            events=fates,
            head=self._journal.head,
        )

    # --- within ---------------------------------------------------------------------------------------

    def _new(self, key: str, operation: Operation[Any]) -> tuple[Entry, Operation[Any]]:
        """A key that is new: where its first step is written at once, that event has its program."""
        entry = self._entry(key, None)
        if not isinstance(operation, Send) or operation.request.method in SAFE_METHODS:
            self._plan(key, operation)
            entry.program = operation
        return entry, operation

    def _to_do(self, *, retry_failed: bool) -> Iterator[tuple[str, Operation[Any]]]:
        names: tuple[FateName, ...] = (*_RESUMABLE, "failed") if retry_failed else _RESUMABLE
        for event in self._journal.latest(names):
            ready = self._resumed(event, self._unsaved.get(event.key), retry_failed=retry_failed)
            if ready is not None:
                self._ready[event.key] = ready
                yield event.key, ready[1]

    def _resumed(
        self, event: Event, given: Operation[Any] | None, *, retry_failed: bool
    ) -> tuple[Entry, Operation[Any]] | None:
        """What is carried out of a key that is known; None: nothing is. What must not go on becomes unknown."""
        key = event.key
        if event.fate == "planned":
            program = self._program(key)
            if program is None:
                return None if given is None else (self._entry(key, given), given)
            loaded = self._loaded(key, program)
            return self._entry(key, loaded.program), loaded.program
        if event.fate == "failed" and retry_failed:
            return self._once_more(event)
        if event.fate != "in flight":
            return None
        known = json.decode(event.known)
        program = self._program(key)
        if program is None or "unsaved" in known:
            self._unknown(event)
            return None
        if known.get("elsewhere"):
            anew = self._again(event)
            if anew is None:
                self._unknown(event)
                return None
            return self._entry(key, None, resumed=True), anew
        loaded = self._loaded(key, program)
        again = loaded.program if "request" not in known else sent_again(loaded.program)
        if again is None:
            self._unknown(event)
            return None
        entry = self._entry(key, loaded.program, lasted=loaded.elapsed, resumed=True)
        entry.acknowledged = known.get("acknowledged")
        return entry, again

    def _once_more(self, event: Event) -> tuple[Entry, Operation[Any]] | None:
        """One that failed: behind its acknowledgement, where it had one; else from the beginning."""
        known = json.decode(event.known)
        program = self._program(event.key, first="acknowledged" not in known)
        if program is None:
            return None
        loaded = self._loaded(event.key, program)
        if known.get("may_have_acted") and isinstance(loaded.program, Send):
            return self._entry(event.key, None), after_interruption(loaded.program)
        return self._entry(event.key, None, lasted=loaded.elapsed), loaded.program

    def _unknown(self, event: Event) -> None:
        self._journal.add(event.key, "unknown", _encode({"interrupted": json.decode(event.known), "at": event.at}))

    def _entry(self, key: str, program: Operation[Any] | None, *, lasted: float = 0.0, resumed: bool = False) -> Entry:
        return Entry(key, self._journal, self._clock, self._names, program, lasted=lasted, resumed=resumed)

    def _program(self, key: str, *, first: bool = False) -> bytes | None:
        """The checkpoint of a key that was saved last, or first."""
        rows = self._journal.read(_FIRST_PROGRAM if first else _LAST_PROGRAM, key)
        return rows[0][0].encode() if rows else None

    def _loaded(self, key: str, program: bytes) -> Checkpoint[Operation[Any]]:
        loaded = load_operation(program, names=self._names)
        if isinstance(loaded, Failure):
            raise LedgerRefused(self.path, f"holds a program of {key!r} that cannot be loaded: {loaded.failure()}")
        return loaded.unwrap()

    def _check_writable(self) -> None:
        if self._read_only:
            raise LedgerRefused(self.path, "was opened to be read only")


def check_key(key: Any) -> None:
    """Raise `ValueError` for what cannot be a key: it is a string that is not empty, and Unicode."""
    if not isinstance(key, str) or not key or (not key.isascii() and key.encode(errors="ignore").decode() != key):
        raise ValueError(str(invalid_argument("key", key, "a string that is not empty")))


def _fate(event: Event) -> Fate:
    return Fate(key=event.key, fate=event.fate, at=moment(event.at), known=json.decode(event.known), seq=event.seq)
