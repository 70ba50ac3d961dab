"""Carrying a command out: the events of its task are shown as they happen.

Values go to standard output, all else to standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TextIO

from ..core import InvalidArgument, Operation
from ..transports import SystemClock
from .colour import has_colour
from .failures import ExitCode, exit_code_of, overall
from .output import JsonLines, Messages, OutputForm
from .settings import NO_KEY, InMemory, ServiceChoice, Settings, check_settings, connect, settings_of
from .streams import FROM_STDIN, Process, Stopped, read_ids, write
from .tables import View
from .tasks import Each, Event, Failed, Notice, Task, Values

if TYPE_CHECKING:
    from .parameters import Invocation


def for_each(
    given: Invocation, ids: Sequence[str], operation: Callable[[str], Operation[Any]], view: View
) -> ExitCode | str:
    """Run an operation on each of the responses that a command was given, and show the results: see `execute`."""
    single = len(ids) == 1 and FROM_STDIN not in ids
    task = Each(operation, read_ids(ids, given.process.stdin), in_order=single)
    return execute(given, task, view, longest_id=max(map(len, ids)))


def execute(
    given: Invocation,
    task: Task,
    view: View | Callable[[], OutputForm],
    *,
    longest_id: int = 0,
    service: ServiceChoice | None = None,
) -> ExitCode | str:
    """Carry `task` out, show its events, and return the exit code.

    A sentence is returned where the options contradict each other; then nothing was done. `longest_id` is that of the
    ids which are known beforehand. `service` is what a command uses that has no choice. `view` is what a table shows, or
    makes the form for people where that is none.
    """
    process = given.process
    settings = settings_of(given.options, process.environ, terminal=process.stdout.isatty(), service=service)
    if isinstance(settings, str):
        return settings
    form = _form(view, longest_id, settings, process)
    try:
        return _perform(task, form, settings, process)
    except Stopped as stopped:
        return give_up(stopped, form, process.stderr)


def give_up(stopped: Stopped, form: Messages, stderr: TextIO) -> ExitCode:
    """Say why the program stops, where anyone can read it, and return the exit code."""
    if stopped.reason is not None:
        with suppress(Stopped):
            write(stderr, form.complaint(Stopped.__name__, stopped.reason), form.encoding)
    return stopped.code


def _perform(task: Task, form: OutputForm, settings: Settings, process: Process) -> ExitCode:
    invalid = check_settings(settings)
    if invalid is not None:
        return _unusable(invalid, form, process)
    if isinstance(settings.service, InMemory) and not settings.service.chosen:
        write(process.stderr, form.note(NO_KEY), form.encoding)
    failures: set[ExitCode] = set()
    with ExitStack() as stack:
        try:
            transport = stack.enter_context((process.connect or connect)(settings.service, settings.concurrency))
        except (ValueError, OSError) as error:
            # A setting that cannot be used, from an option or a variable of the environment.
            return _unusable(error, form, process)
        clock = process.clock or SystemClock()
        if settings.log is not None:
            from .logs import logged  # loads Python's logging

            transport = logged(transport, settings.log, partial(_log, form, process), clock)
        for event in stack.enter_context(closing(task(transport, clock, settings.concurrency))):
            if isinstance(event, Failed):
                failures.add(exit_code_of(event.error))
            _show(event, form, process)
    return overall(failures)


def _show(event: Event, form: OutputForm, process: Process) -> None:
    match event:
        case Values(values):
            write(process.stdout, form.values(values), form.encoding)
        case Failed(response_id, error):
            write(process.stderr, form.error(response_id, error), form.encoding)
        case Notice(text):
            write(process.stderr, form.note(text), form.encoding)


def _log(form: OutputForm, process: Process, level: str, line: str) -> None:
    write(process.stderr, form.log(level, line), form.encoding)


def _unusable(reason: object, form: OutputForm, process: Process) -> ExitCode:
    write(process.stderr, form.complaint(InvalidArgument.__name__, str(reason)), form.encoding)
    return ExitCode.INVALID_ARGUMENT


def _form(view: View | Callable[[], OutputForm], longest_id: int, settings: Settings, process: Process) -> OutputForm:
    terminal = process.stdout.isatty()
    if settings.json:
        if not terminal:
            return JsonLines()
        from .json_output import TerminalJson

        return TerminalJson(has_colour(None, process.environ, terminal=terminal, for_people=False))
    if not isinstance(view, View):
        return view()
    from .table_output import TableForm  # loads rich, which programs do not need

    return TableForm(view, longest_id, process.stdout, coloured=has_colour(None, process.environ, terminal=terminal))
