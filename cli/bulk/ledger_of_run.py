"""The ledger of a run: opened, planned into, gone on with.

Laws: a ledger is of one command: what it holds is carried out by the command that planned it, and by no other. All ids
are planned before the first is carried out, so that none is lost with the process.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ...core import Operation, Send
from ...core.frame_trees import flattened
from ...core.http import SAFE_METHODS
from ...transports.ledger.hold import LedgerRefused
from ...transports.ledger.ledger import Ledger
from ..failures import ExitCode
from ..output import encodable
from ..sources.chains import Acknowledged
from ..streams import Stopped
from .actions import Gone
from .job import Job

NAMES = {"puresponse.cli.Gone": Gone, "puresponse.cli.Acknowledged": Acknowledged}
"""What the programs of the commands hold that is not the library's."""


class RunLedger:
    """The ledger of one run."""

    def __init__(self, ledger: Ledger, job: Job) -> None:
        self._ledger = ledger
        self._choices = job.choices
        self._make = job.make
        self._methods = job.methods

    @property
    def recorder(self) -> Ledger:
        """What `run_many` records to."""
        return self._ledger

    @property
    def head(self) -> str:
        """The hash of the last event."""
        return self._ledger.head

    def plan(self, pairs: Iterable[tuple[str, Operation[Any]]]) -> int:
        """Plan what is new, and return how many of the given were known already.

        Raises `Stopped` where an earlier run left something, and this one does not say that it goes on with it.
        """
        left = self.left()
        if left and not self._choices.resume:
            reason = (
                f"{self._ledger.path} has {left:,} left of an earlier run: go on with it by --resume, "
                "or name another file"
            )
            raise Stopped(ExitCode.LEDGER, reason, "Ledger")
        given = 0

        def counted() -> Iterator[tuple[str, Operation[Any]]]:
            nonlocal given
            for name, operation in pairs:
                given += 1
                yield encodable(name), operation

        return -self._ledger.plan(counted()) + given

    def to_do(self) -> Iterator[tuple[str, Operation[Any]]]:
        """What is planned or was in flight, and with `--retry-failed` what failed."""
        for key, program in self._ledger.to_do(retry_failed=self._choices.retry_failed):
            if self._make is not None and not is_of(program, self._make(key), self._methods):
                reason = f"{self._ledger.path} is the ledger of another command: it would {_shown(program)}"
                raise Stopped(ExitCode.LEDGER, reason, "Ledger")
            yield key, program

    def total(self) -> int:
        """How many there are to do."""
        return self.left() + (self._ledger.counts()["failed"] if self._choices.retry_failed else 0)

    def left(self) -> int:
        """How many have not ended."""
        counts = self._ledger.counts()
        return counts["planned"] + counts["in flight"]

    def unknown(self) -> int:
        """Of how many nobody knows whether they were done."""
        return self._ledger.counts()["unknown"]


@contextmanager
def ledger_opened(job: Job) -> Generator[RunLedger]:
    """Open the ledger that the options name. Raises `Stopped` for one that cannot be used."""
    file = job.choices.ledger or ""
    try:
        with Ledger(file, names=NAMES) as ledger:
            yield RunLedger(ledger, job)
    except LedgerRefused as refused:
        raise Stopped(ExitCode.LEDGER, str(refused), "Ledger") from None
    except OSError as error:
        raise Stopped(ExitCode.LEDGER, f"cannot use the ledger {file}: {error.strerror or error}", "Ledger") from None


def is_of(program: Operation[Any], twin: Operation[Any], methods: Collection[str]) -> bool:
    """Whether a program may be what has become of `twin`, by a command whose requests have these methods.

    One that only reads is not written of as it goes, so that it is still what it was planned as.
    """
    if not isinstance(program, Send):
        return True
    if program.request.method not in SAFE_METHODS:
        return program.request.method in methods
    if isinstance(twin, Send) and twin.request.method in SAFE_METHODS:
        return _kinds(program) == _kinds(twin)
    return True


def _kinds(program: Send[Any]) -> list[type[Any]]:
    return [type(frame) for frame in flattened(program.resume)[0]]


def _shown(program: Operation[Any]) -> str:
    return f"{program.request.method} {program.request.path}" if isinstance(program, Send) else "wait"
