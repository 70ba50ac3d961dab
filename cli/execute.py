"""Carrying a command out: the events of its task are shown as they happen.

Values go to standard output, all else to standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TextIO

from ..core import InvalidArgument
from ..transports import Clock, SystemClock, Transport
from .colour import has_colour
from .failures import ExitCode, exit_code_of, overall
from .output import JsonLines, Messages, OutputForm
from .service import ServiceChoice, connected
from .settings import Settings, check_settings, settings_of
from .streams import Process, Stopped, write
from .tables import View
from .tasks import Event, Failed, Notice, Task, Values

if TYPE_CHECKING:
    from .parameters import Invocation


class Service(NamedTuple):
    """What carries operations out, and what their waits are measured by."""

    transport: Transport
    clock: Clock


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
    ids which are known beforehand. `service` is what a command uses that has no choice. `view` is what a table shows,
    or makes the form for people where that is none.
    """
    process = given.process
    settings = settings_of(given.options, process.environ, terminal=process.stdout.isatty(), service=service)
    if isinstance(settings, str):
        return settings
    form = form_of(view, longest_id, settings, process)
    try:
        if settings.dry_run:
            from .rehearsal import Rehearsal

            return Rehearsal(settings, form, process).of_task(task)
        return _perform(task, form, settings, process)
    except Stopped as stopped:
        return give_up(stopped, form, process.stderr)


def give_up(stopped: Stopped, form: Messages, stderr: TextIO) -> ExitCode:
    """Say why the program stops, where anyone can read it, and return the exit code."""
    if stopped.reason is not None:
        with suppress(Stopped):
            write(stderr, form.complaint(stopped.kind, stopped.reason), form.encoding)
    return stopped.code


@contextmanager
def opened(
    settings: Settings, form: Messages, process: Process, aside: Callable[[str], object] | None = None
) -> Generator[Service]:
    """Open the service that the settings mean. Raises `Stopped` for one that cannot be used.

    `aside` is what writes the lines of a log; by default they are written to standard error.
    """
    invalid = check_settings(settings)
    if invalid is not None:
        raise Stopped(ExitCode.INVALID_ARGUMENT, str(invalid), InvalidArgument.__name__)
    with connected(settings.service, settings.concurrency, process) as way:
        clock = process.clock or SystemClock()
        transport = way
        if settings.log is not None:
            from .logs import logged  # loads Python's logging

            transport = logged(way, settings.log, partial(_log, form, process, aside), clock)
        yield Service(transport, clock)


def _perform(task: Task, form: OutputForm, settings: Settings, process: Process) -> ExitCode:
    failures: set[ExitCode] = set()
    with (
        opened(settings, form, process) as service,
        closing(task(service.transport, service.clock, settings.concurrency)) as events,
    ):
        for event in events:
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


def _log(form: Messages, process: Process, aside: Callable[[str], object] | None, level: str, line: str) -> None:
    if aside is None:
        write(process.stderr, form.log(level, line), form.encoding)
    else:
        aside(form.log(level, line))


def form_of(view: View | Callable[[], OutputForm], longest_id: int, settings: Settings, process: Process) -> OutputForm:
    """The form that the settings mean; for people that of a table, or the one that `view` makes."""
    terminal = process.stdout.isatty()
    if settings.json:
        if not terminal and settings.color != "always":
            return JsonLines()
        from .json_output import TerminalJson

        return TerminalJson(has_colour(settings.color, process.environ, terminal=terminal, for_people=False))
    if not isinstance(view, View):
        return view()
    from .table_output import TableForm  # loads rich, which programs do not need

    return TableForm(
        view, longest_id, process.stdout, coloured=has_colour(settings.color, process.environ, terminal=terminal)
    )
