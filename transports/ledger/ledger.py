"""A ledger: what became of every operation of a batch, by the caller's keys, in a file that outlives the process.

Law: of each key the file says what is known, before anything is sent that does more than read, and again when it has
ended and before the caller is told. Killed at any moment and run again, a batch goes on: what was not begun is begun,
what was under way is sent again where that can do no harm, and anything else is *unknown*, for a person to settle.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator, Sequence
from os import PathLike, fspath
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

from msgspec import json
from returns.result import Result

from ...codecs.on_demand import public_type
from ...core.arguments import invalid_argument
from ...core.errors import Error
from ...core.interchange.checkpoints import Names
from ...core.steps import OPERATION_STEPS, Operation
from ..batch.many import run_many, run_many_async
from ..batch.outcomes import OnStop, Order, Unfinished
from ..batch.progress import Progress
from ..clock import Clock
from ..contract import AsyncTransport, Transport
from ..drivers import SYSTEM_CLOCK
from .entries import Entry, encode_known, outcome, recorded
from .fates import Fate, FateName, Settled
from .hold import LedgerRefused
from .journal import Journal
from .programs import HandedOut, Programs, Ready
from .readings import Readings, check_key, fate_of
from .recorded_transports import RecordingAsyncTransport, recording

if TYPE_CHECKING:
    from ..run_events import Observer
else:
    Observer = public_type("Observer", "puresponse.transports")

T = TypeVar("T")

_AT_A_TIME = 500
"""Keys that are planned in one transaction."""


class RunOptions(TypedDict, total=False):
    """What `run_many` may be told besides."""

    clock: Clock
    observe: Observer | None
    on_stop: OnStop
    unfinished: Callable[[Unfinished[str, Any]], object] | None
    progress: Callable[[Progress], object] | None
    total: int | None
    max_failures: int | None
    stop_on: Callable[[Error], object] | None
    order: Order


class Ledger(Readings):
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

    Raises `LedgerInUse` where another holds it, and `LedgerRefused` for what is no ledger. It is a context manager. Its
    methods raise `ValueError` for a key that is none: it is a string that is not empty; and `run` and `run_async` what
    `run_many` raises.
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
        self._clock = clock
        self._read_only = read_only
        self._journal = Journal(self.path, now=now, read_only=read_only, durable=durable)
        self._live: dict[str, Entry] = {}
        self._ready: dict[str, Ready] = {}
        self._programs = Programs(self.path, self._journal, clock, names)
        self._elsewhere: dict[str, HandedOut] = {}

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
        """Write of each new key of `pairs` that its operation is planned; return how many are new.

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
            if event is not None and (event.fate != "planned" or self._programs.saved(key) is not None):
                continue
            of_chunk.add(key)
            self._programs.plan(key, operation)
            new += event is None
            if len(of_chunk) >= _AT_A_TIME:
                self._journal.commit()
                of_chunk.clear()
        self._journal.commit()
        return new

    def run(
        self, transport: Transport, concurrency: int = 16, *, retry_failed: bool = False, **options: Unpack[RunOptions]
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
        self._complete(options, retry_failed=retry_failed)
        return run_many(self._to_do(retry_failed=retry_failed), transport, concurrency, ledger=self, **options)

    def run_async(
        self,
        transport: AsyncTransport,
        concurrency: int = 16,
        *,
        retry_failed: bool = False,
        **options: Unpack[RunOptions],
    ) -> AsyncGenerator[tuple[str, Result[Any, Error]], None]:
        """The same in the running event loop, which each commit blocks for its moment.

        `transport` is an asynchronous one; `concurrency`, `retry_failed` and `options` are those of `run`.
        """
        self._check_writable()
        self._complete(options, retry_failed=retry_failed)
        return run_many_async(self._to_do(retry_failed=retry_failed), transport, concurrency, ledger=self, **options)

    def _complete(self, options: RunOptions, *, retry_failed: bool) -> None:
        options.setdefault("clock", self._clock)
        if options.get("progress") is not None:
            counts = self.counts()
            to_do = counts["planned"] + counts["in flight"] + (counts["failed"] if retry_failed else 0)
            options.setdefault("total", to_do)

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
            ready = self._programs.new(key, operation) if event is None else self._programs.of(event, operation)
        if ready is None:
            return None
        entry, program = ready
        self._live[key] = entry
        entry.admitted(program)
        admitted: Operation[T] = recorded(program, entry)
        return admitted

    def recording(self, transport: Transport) -> Transport:
        """A transport around the caller's `transport`, for operations that were admitted: it writes before it sends."""
        return recording(transport, self._journal)

    def recording_async(self, transport: AsyncTransport) -> AsyncTransport:
        """The same around an asynchronous `transport`."""
        return RecordingAsyncTransport(transport, self._journal)

    def ended(self, outcomes: Sequence[tuple[str, Result[Any, Error]]]) -> None:
        """Write these `outcomes` of operations that were admitted, and return when they are in the file."""
        for key, result in outcomes:
            entry = self._live.get(key)
            if entry is not None:  # else it was written before an interrupt
                entry.ended(result)
                del self._live[key]
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

        What was in flight and must not go on becomes unknown as it is met. `retry_failed` is that of `run`.
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
            ready = self._programs.of(event, operation)
            program = None if ready is None else ready[1]
        if program is not None:
            self._elsewhere[key] = self._programs.hand_out(key, program, resumed=False)
        self._journal.commit()
        return program

    def end(self, key: str, result: Result[Any, Error]) -> None:
        """Write that what was begun elsewhere as `key` ended in `result`, and return when it is in the file.

        An error is about the last request only. What has failed is *unknown*, unless it sends that request alone, or
        all that it can send is safe or idempotent: nobody knows how far it was.
        """
        handed_out = self._elsewhere.pop(key)
        fate, known = outcome(result, None, is_repeatable=handed_out.is_repeatable)
        if fate == "failed" and not handed_out.is_told_by(result.failure()):
            fate = "unknown"
        self._journal.add(key, fate, encode_known(known))
        self._journal.commit()

    def lost(self, key: str) -> Operation[Any] | None:
        """Write that whoever carried out what was begun as `key` is gone, and nobody knows how far that was.

        Where all that its program can send is safe or idempotent, it is begun anew: returns what is to be carried out,
        whose first answer says that it is one `after_interruption`. Else returns None, and its fate is unknown.
        """
        is_repeatable = self._elsewhere.pop(key).is_repeatable
        event = self._journal.last(key)
        if event is None:
            raise ValueError(str(invalid_argument("key", key, "a key that was begun")))
        program = self._programs.anew(event) if is_repeatable else None
        if program is None:
            self._programs.unknown(event)
        else:
            self._elsewhere[key] = self._programs.hand_out(key, program, resumed=True)
        self._journal.commit()
        return program

    # --- settle ---------------------------------------------------------------------------------------

    def settle(self, key: str, settled: Settled) -> Fate:
        """Write what a person found out about a `key` that is unknown, in flight or failed.

        `settled` is "done", or "retry": then its program is planned from the beginning. Raises `ValueError` for a key
        that is not known, has another fate, or is under way; and where its program was not saved, so that it cannot be
        carried out again.
        """
        self._check_writable()
        if settled not in ("done", "retry"):
            raise ValueError(str(invalid_argument("settled", settled, '"done" or "retry"')))
        check_key(key)
        event = self._journal.last(key)
        if event is None:
            raise ValueError(str(invalid_argument("key", key, "a key of the ledger")))
        if event.fate not in ("unknown", "in flight", "failed") or key in self._live:
            under_way = " and under way" if key in self._live else ""
            raise ValueError(f"{key!r} is {event.fate}{under_way}: there is nothing to settle")
        known = {"settled": settled, "was": event.fate, "known": json.decode(event.known)}
        if settled == "done":
            self._journal.add(key, "done", encode_known(known))
        else:
            program = self._programs.saved(key, first=True)
            if program is None:
                raise ValueError(f"the program of {key!r} was not saved: plan it under another key")
            self._journal.add(key, "planned", encode_known(known), program)
        self._journal.commit()
        return fate_of(self._journal.all(key)[-1])

    def _to_do(self, *, retry_failed: bool) -> Iterator[tuple[str, Operation[Any]]]:
        names: tuple[FateName, ...] = ("planned", "in flight", "failed") if retry_failed else ("planned", "in flight")
        try:
            for event in self._journal.latest(names):
                ready = self._programs.of(event, self._programs.unsaved.get(event.key), retry_failed=retry_failed)
                if ready is not None:
                    self._ready[event.key] = ready
                    yield event.key, ready[1]
        finally:
            self._journal.commit()  # what became unknown

    def _check_writable(self) -> None:
        if self._read_only:
            raise LedgerRefused(self.path, "was opened to be read only")
