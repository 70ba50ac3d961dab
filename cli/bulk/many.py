"""A run of many: carried out at once, told of as it goes, ended well.

Law: whatever ends a run (its last operation, Ctrl-C, an error that all would meet), what was begun is told of, each
outcome whole, and the summary follows. What was not begun is counted, and is never told of as anything.
"""

from __future__ import annotations

import signal
from contextlib import closing, suppress
from shlex import join
from typing import TYPE_CHECKING, Any

from ...transports import Recorder, RunStopped, SystemClock, Transport, Unfinished, run_many
from ..execute import Service, opened
from ..failures import ExitCode, exit_code_of, overall
from ..output import JsonLines, OutputForm
from ..streams import Process, Stopped
from .going_on import command_to_go_on
from .interruption import Interruption, Shield
from .job import Job, Pairs
from .limits import Limits
from .outcomes import IN_FLIGHT, Outcome
from .screen import screen_for
from .summary import LedgerHead, Summary, summary_json, summary_line, summary_lines
from .tally import Tally
from .telling import told

if TYPE_CHECKING:
    from ..settings import Settings

_SIGNALS = {signal.SIGINT: ("Ctrl-C", ExitCode.CTRL_C), signal.SIGTERM: ("SIGTERM", ExitCode.TERMINATED)}


def many(job: Job, settings: Settings, form: OutputForm, process: Process) -> ExitCode:
    """Carry the job out, and return the exit code."""
    shield = Shield()
    shield.raise_signals()
    try:
        return ManyRun(job, settings, form, process, shield).carry_out()
    except Interruption as interruption:  # while the end was told, or a second time
        return _SIGNALS[signal.Signals(interruption.number)][1]
    finally:
        shield.leave_signals()


class ManyRun:
    """One run of many."""

    def __init__(self, job: Job, settings: Settings, form: OutputForm, process: Process, shield: Shield) -> None:
        self._job = job
        self._settings = settings
        self._form = form
        self._process = process
        self._shield = shield
        self._tally = Tally((process.clock or SystemClock()).monotonic)
        self._limits = Limits(job.choices.max_failures, missing_ok=job.choices.missing_ok)
        self._unfinished: list[Unfinished[str, Any]] = []
        self._screen = screen_for(form, process, self._tally)
        self._total = job.total
        self._planned_all = True
        self._left: int | None = None
        self._unknown = 0
        self._head: LedgerHead | None = None
        self._interruption: Interruption | None = None

    def carry_out(self) -> ExitCode:
        """Carry it out."""
        failure: Stopped | None = None
        try:
            with closing(self._screen), opened(self._settings, self._form, self._process, self._aside) as service:
                self._carry_out(service)
        except Interruption as interruption:
            self._interruption = interruption
        except Stopped as stopped:
            if stopped.reason is None or not (self._tally.outcomes or self._unfinished):
                raise
            failure = stopped
        self._tell_unfinished()
        self._tell_summary(failure)
        if failure is not None:
            raise failure
        return self._exit_code()

    def _carry_out(self, service: Service) -> None:
        if self._job.choices.ledger is None:
            self._run(self._job.pairs, service, self._job.total)
            return
        from .ledger_of_run import ledger_opened  # loads SQLite

        with ledger_opened(self._job) as ledger:
            try:
                self._planned_all = False
                known = ledger.plan(self._job.pairs)
                self._planned_all = True
                if known and not self._job.choices.resume:
                    self._aside(self._form.note(f"{known:,} of the ids are in the ledger already, and not done again"))
                self._run(ledger.to_do(), service, ledger.total(), ledger.recorder)
            finally:
                self._left, self._unknown = ledger.left(), ledger.unknown()
                self._head = LedgerHead(ledger.recorder.path, ledger.head)

    def _run(self, pairs: Pairs, service: Service, total: int | None, recorder: Recorder | None = None) -> None:
        self._total = total
        self._tally.begin(total)
        self._screen.begin()
        results = run_many(
            self._tally.taking(pairs),
            self._paced(service),
            self._settings.concurrency,
            clock=service.clock,
            unfinished=self._unfinished.append,
            progress=self._tally.told,
            total=total,
            stop_on=self._limits,
            ledger=recorder,
        )
        with suppress(RunStopped), closing(results):  # `_limits` has the reason
            for name, result in results:
                with self._shield:
                    self._tally.ended(name)
                    self._tell(self._job.outcome_of(name, result))

    def _paced(self, service: Service) -> Transport:
        rate = self._job.choices.rate or self._settings.rate
        if rate is None:
            return service.transport
        from ...transports import pacing

        return pacing(service.transport, rate=rate, clock=service.clock)

    # --- what is told ----------------------------------------------------------------------------

    def _tell(self, outcome: Outcome) -> None:
        self._tally.count(outcome)
        is_result, text = told(outcome, self._job.shows, self._form)
        self._screen.write(text, is_result=is_result)

    def _tell_unfinished(self) -> None:
        for left in self._unfinished:
            if self._interruption is not None:
                self._shield.end_soon()
            if left.result is not None:
                self._tell(self._job.outcome_of(left.key, left.result))
            elif left.sent:
                self._tell(Outcome(id=left.key, word=IN_FLIGHT))

    def _tell_summary(self, failure: Stopped | None) -> None:
        summary = self._summary(failure)
        if self._process.stderr.isatty():
            text = summary_lines(summary)
        else:
            text = summary_json(summary) if isinstance(self._form, JsonLines) else summary_line(summary)
        if self._interruption is not None:
            self._shield.end_soon()
        with suppress(Stopped):
            self._screen.write(text, is_result=False)

    def _aside(self, text: str) -> None:
        self._screen.write(text, is_result=False)

    def _summary(self, failure: Stopped | None) -> Summary:
        tally = self._tally
        stopped = self._stopped(failure)
        ledger = self._job.choices.ledger
        return Summary(
            outcomes=tally.outcomes,
            failures=tally.failures,
            left=self._how_many_are_left(),
            seconds=tally.seconds,
            latency=tally.latency(),
            usage=tally.progress.usage if tally.progress.usage.responses else None,
            ledger=self._head,
            stopped=stopped,
            advice=self._advice(stopped),
            go_on=None if stopped is None else command_to_go_on(ledger, retry_failed=stopped == "hopeless"),
        )

    def _stopped(self, failure: Stopped | None) -> str | None:
        if self._interruption is not None:
            return _SIGNALS[signal.Signals(self._interruption.number)][0]
        return "streams" if failure is not None else self._limits.reason

    def _how_many_are_left(self) -> int | None:
        """How many were not begun; None where nobody knows."""
        in_flight = self._tally.outcomes.get(IN_FLIGHT, 0)
        if self._left is not None:
            return max(0, self._left - in_flight)
        if self._total is None:
            return None if self._stopped(None) is not None else 0
        return max(0, self._total - sum(self._tally.outcomes.values()))

    def _advice(self, stopped: str | None) -> str | None:
        if not self._planned_all:
            return "not all ids were read: give them again, with --resume"
        ledger = self._job.choices.ledger
        if ledger is not None and self._unknown and self._limits.advice is None:
            how = join(["puresponse", "ledger", "list", ledger, "--fate", "unknown"])
            return f"nobody knows whether {self._unknown:,} of the ledger were done: settle them ({how})"
        if stopped is None or self._limits.advice is not None or ledger is not None:
            return self._limits.advice
        return self._job.advice or "those without an outcome are left; with --ledger FILE a run can be gone on with"

    def _exit_code(self) -> ExitCode:
        if self._interruption is not None:
            return _SIGNALS[signal.Signals(self._interruption.number)][1]
        if self._limits.advice is not None and self._limits.error is not None:
            return exit_code_of(self._limits.error)
        return overall(self._tally.codes)
