"""Carrying out what a command does with each of the responses that it is given, and showing what becomes of them.

Law: operations are taken as there is room for them, and what became of each is shown as it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ...core import Operation
from ...transports import run
from ...transports.batch.shared_errors import hopeless
from ..execute import form_of, give_up, opened
from ..failures import ExitCode, exit_code_of
from ..output import JsonLines, OutputForm, Sentences
from ..settings import Settings, settings_of, shows_json
from ..sources.given import Source
from ..sources.ids import Ids, ids_from
from ..streams import Process, Stopped, write
from ..tables import View
from .choices import NO_CHOICES, RunChoices, check_choices
from .job import Job
from .outcomes import OutcomeOf
from .telling import Shows, told

if TYPE_CHECKING:
    from ..parameters import Invocation


def for_each(
    given: Invocation,
    ids: Ids | tuple[str, ...],
    operation: Callable[[str], Operation[Any]],
    outcome_of: OutcomeOf,
    view: View,
    *,
    choices: RunChoices = NO_CHOICES,
    shows: Shows = "outcomes",
    methods: Collection[str] = ("GET",),
) -> ExitCode | str:
    """Carry out an operation on each of the ids that a command was given: see `carry_out`."""
    if isinstance(ids, tuple):
        ids = ids_from(Source(ids=ids), given)
    if ids.total is None and ids.are_at_hand and given.process.stderr.isatty() and choices.ledger is None:
        try:
            ids = ids.read()  # to say how many there are
        except Stopped as stopped:
            return give_up(stopped, Sentences(), given.process.stderr)
    ended = carry_out(
        given,
        ids.pairs(operation),
        outcome_of,
        view,
        choices=choices,
        shows=shows,
        total=ids.total,
        longest_id=ids.longest,
        make=operation,
        methods=methods,
    )
    note = ids.note()
    if note is not None and isinstance(ended, ExitCode):
        process = given.process
        as_json = shows_json(given.options, terminal=process.stdout.isatty())
        with suppress(Stopped):
            form = JsonLines() if as_json else Sentences()
            write(process.stderr, form.note(note), form.encoding)
    return ended


def carry_out(
    given: Invocation,
    pairs: Iterable[tuple[str, Operation[Any]]],
    outcome_of: OutcomeOf,
    view: View,
    *,
    choices: RunChoices = NO_CHOICES,
    shows: Shows = "outcomes",
    total: int | None = None,
    longest_id: int = 0,
    make: Callable[[str], Operation[Any]] | None = None,
    methods: Collection[str] = ("GET",),
    advice: str | None = None,
) -> ExitCode | str:
    """Carry out operations, show what becomes of each by its name, and return the exit code.

    Args:
        given: What the command was given.
        pairs: Each operation, and what it is called. They are taken as there is room for them.
        outcome_of: What a result means. It is called in this thread, as each one ends.
        view: The columns of the table: for `values` of the value of an outcome, for `outcomes` of the `Outcome`.
        choices: How the run is carried out.
        shows: What standard output has.
        total: How many there are, where that is known beforehand. A single one needs neither threads nor progress.
        longest_id: Characters of the longest name, where that is known beforehand.
        make: What makes the operation of an id, where the names are ids: a ledger of another command is known by it.
        methods: Those of the requests that the operations may send.
        advice: How to go on with a run that ended before its time, where that is not by a ledger.

    Returns a sentence where the options contradict each other; then nothing was done.
    """
    process = given.process
    settings = settings_of(given.options, process.environ, terminal=process.stdout.isatty())
    if isinstance(settings, str):
        return settings
    wrong = check_choices(choices)
    if wrong is not None:
        return wrong
    form = form_of(view, longest_id, settings, process)
    if settings.dry_run:
        return _rehearsed(pairs, settings, form, process)
    try:
        job = Job(pairs, outcome_of, shows, choices, total, make, methods, advice)
        if total == 1 and choices.ledger is None:
            return _one(job, settings, form, process)
        from .many import many  # loads what threads need

        return many(job, settings, form, process)
    except Stopped as stopped:
        return give_up(stopped, form, process.stderr)


def _one(job: Job, settings: Settings, form: OutputForm, process: Process) -> ExitCode:
    code = ExitCode.OK
    with opened(settings, form, process) as service:
        for name, operation in job.pairs:
            outcome = job.outcome_of(name, run(operation, service.transport, clock=service.clock))
            is_result, text = told(outcome, job.shows, form)
            write(process.stdout if is_result else process.stderr, text, form.encoding)
            if outcome.error is not None:
                code = exit_code_of(outcome.error)
                advice = hopeless(outcome.error)
                if advice is not None:
                    write(process.stderr, form.note(advice), form.encoding)
    return code


def _rehearsed(
    pairs: Iterable[tuple[str, Operation[Any]]], settings: Settings, form: OutputForm, process: Process
) -> ExitCode:
    from ..rehearsal import Rehearsal

    try:
        return Rehearsal(settings, form, process).of_each(pairs)
    except Stopped as stopped:
        return give_up(stopped, form, process.stderr)
