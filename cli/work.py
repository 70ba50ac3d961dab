"""Showing what a task does, as it does it: values on standard output, all else on standard error."""

from __future__ import annotations

from contextlib import ExitStack, closing, suppress
from typing import TextIO

from ..core import InvalidArgument
from ..transports import SystemClock
from .exits import ExitCode, overall
from .forms import Form, JsonLines, Messages
from .host import Host, Stopped, write
from .problems import exit_code_of
from .services import NO_KEY, InMemory, connect
from .settings import Settings, check_settings
from .tables import View
from .tasks import Event, Failed, Note, Task, Values


def perform(task: Task, view: View, longest_id: int, settings: Settings, host: Host) -> ExitCode:
    """Carry `task` out, show what it gives in the form that the settings say, and give the exit code."""
    form = _form(view, longest_id, settings, host)
    try:
        return _perform(task, form, settings, host)
    except Stopped as stopped:
        return give_up(stopped, form, host.stderr)


def give_up(stopped: Stopped, form: Messages, stderr: TextIO) -> ExitCode:
    """Say why the program stops, where there is anyone to be told, and give the exit code."""
    if stopped.reason is not None:
        with suppress(Stopped):
            write(stderr, form.complaint(Stopped.__name__, stopped.reason), form.encoding)
    return stopped.code


def _perform(task: Task, form: Form, settings: Settings, host: Host) -> ExitCode:
    invalid = check_settings(settings)
    if invalid is not None:
        return _unusable(invalid, form, host)
    if isinstance(settings.service, InMemory) and not settings.service.chosen:
        write(host.stderr, form.note(NO_KEY), form.encoding)
    failures: set[ExitCode] = set()
    with ExitStack() as stack:
        try:
            transport = stack.enter_context((host.connect or connect)(settings.service, settings.concurrency))
        except (ValueError, OSError) as error:
            # A setting that cannot be used, from an option or a variable of the environment.
            return _unusable(error, form, host)
        events = stack.enter_context(closing(task(transport, host.clock or SystemClock())))
        for event in events:
            if isinstance(event, Failed):
                failures.add(exit_code_of(event.error))
            _show(event, form, host)
    return overall(failures)


def _show(event: Event, form: Form, host: Host) -> None:
    match event:
        case Values(values):
            write(host.stdout, form.values(values), form.encoding)
        case Failed(response_id, error):
            write(host.stderr, form.problem(response_id, error), form.encoding)
        case Note(text):
            write(host.stderr, form.note(text), form.encoding)


def _unusable(reason: object, form: Form, host: Host) -> ExitCode:
    write(host.stderr, form.complaint(InvalidArgument.__name__, str(reason)), form.encoding)
    return ExitCode.INVALID_ARGUMENT


def _form(view: View, longest_id: int, settings: Settings, host: Host) -> Form:
    if settings.json:
        return JsonLines()
    from .table_form import TableForm  # loads rich, which programs do not need

    return TableForm(view, longest_id, host.stdout)
