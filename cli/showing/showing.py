"""Showing responses: each is asked for, or read, and written before the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from ...codecs.lossless.plain import is_object
from ...core import ApiError, Operation
from ...core.arguments import invalid_argument
from ...core.errors import Error
from ...core.results import is_failure
from ...core.steps import fail
from ...transports import run
from ..execute import give_up, opened
from ..failures import ExitCode, exit_code_of, overall
from ..options import option_name
from ..output import Sentences
from ..parameters import Invocation
from ..settings import settings_of
from ..streams import Stopped, is_text, read_ids, write
from .reading import Unreadable, id_of, read_values
from .writing import PageWriter, TextWriter

Writer: TypeAlias = TextWriter | PageWriter


def show_asked(given: Invocation, operations: Iterator[tuple[str, Operation[Any]]], writer: Writer) -> ExitCode | str:
    """Show what operations return, in their order, and say what went wrong with the others."""
    process, form = given.process, Sentences()
    settings = settings_of(given.options, process.environ, terminal=process.stdout.isatty())
    if isinstance(settings, str):
        return settings
    failures = set[ExitCode]()
    try:
        with opened(settings, form, process) as service:
            for response_id, operation in operations:
                result = run(operation, service.transport, clock=service.clock)
                if is_failure(result):
                    failures.add(exit_code_of(result.failure()))
                    write(process.stderr, _told(response_id, result.failure(), form))
                else:
                    writer.add(result.unwrap())
            writer.end(form)
    except Stopped as stopped:
        return give_up(stopped, form, process.stderr)
    return overall(failures)


def _told(response_id: str, error: Error, form: Sentences) -> str:
    hint = ""
    if isinstance(error, ApiError) and error.no_such_route:
        hint = form.note("a server without input items shows the response alone with --no-input")
    return form.error(response_id, error) + hint


def show_read(given: Invocation, path: str, ids: Sequence[str], writer: Writer, *, with_input: bool) -> ExitCode | str:
    """Show what is in a file: all of it, or what is there of these responses. No service is asked."""
    useless = [option_name(name) for name in given.options.given()]
    if useless:
        return f"{', '.join(useless)}: of no use with --from, which asks no service"
    process, form = given.process, Sentences()
    failures = set[ExitCode]()
    missing = dict.fromkeys(ids)
    try:
        for value in read_values(path, process.stdin):
            if isinstance(value, Unreadable):
                failures.add(ExitCode.NOT_UNDERSTOOD)
                write(process.stderr, form.complaint("DecodeError", value.reason))
            elif not ids or id_of(value) in ids:
                missing.pop(id_of(value) or "", None)
                writer.add(value if with_input else _without_input(value))
        writer.end(form)
        for response_id in missing:
            failures.add(ExitCode.NOT_FOUND)
            write(process.stderr, form.complaint("NotFound", f"{response_id}: not in {path}"))
    except Stopped as stopped:
        return give_up(stopped, form, process.stderr)
    return overall(failures)


def _without_input(value: Any) -> Any:
    return value.get("response", value) if is_object(value) and "input_items" in value else value


def named(
    ids: Sequence[str], given: Invocation, build: Callable[[str], Operation[Any]]
) -> Iterator[tuple[str, Operation[Any]]]:
    """The operation that `build` makes for each id, taken as it is asked for."""
    for response_id in read_ids(ids, given.process.stdin):
        invalid = None if is_text(response_id) else invalid_argument("response_id", response_id, "a string in UTF-8")
        yield response_id, build(response_id) if invalid is None else fail(invalid)
