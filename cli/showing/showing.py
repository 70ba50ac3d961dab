"""Showing responses: what is asked of a service, in the order in which it was asked, and what is in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from msgspec import Struct, structs

from ...core import ApiError, Operation, is_failure
from ...transports import Clock, RunStopped, Transport, hopeless, run_many
from ..execute import execute, give_up
from ..failures import ExitCode, overall
from ..options import option_name
from ..output import Sentences
from ..parameters import Invocation
from ..sources.ids import Ids
from ..sources.lines import WrongLine
from ..streams import Stopped, write
from ..tasks import Events, Failed, InOrder, Notice, Task, Values
from .reading import id_of, read_values, without_input
from .writing import ShownPage, ShownText

Shown: TypeAlias = ShownText | ShownPage


class AsGiven(Struct, frozen=True):
    """Carries out operations, several at once, and yields what they return in the order in which they were given."""

    pairs: Iterable[tuple[str, Operation[Any]]]

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        try:
            for response_id, result in run_many(
                self.pairs, transport, concurrency, clock=clock, order="given", stop_on=hopeless
            ):
                if is_failure(result):
                    yield Failed(response_id, result.failure())
                else:
                    yield Values((result.unwrap(),))
        except RunStopped as stopped:
            yield Notice(f"no more are asked for: {hopeless(stopped.error)}")


class Hinting(Struct, frozen=True):
    """Says what to do where a server has no input items."""

    task: Task

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        for event in self.task(transport, clock, concurrency):
            yield event
            if isinstance(event, Failed) and isinstance(event.error, ApiError) and event.error.no_such_route:
                yield Notice("--no-input shows a response alone, where the server has no input items")


def show_asked(
    given: Invocation, ids: Ids, build: Callable[[str], Operation[Any]], shown: Shown, *, with_input: bool
) -> ExitCode | str:
    """Show what the operations on responses return."""
    pairs = ids.pairs(build)
    task: Task = InOrder(pairs) if ids.total == 1 else AsGiven(pairs)
    task = Hinting(task) if with_input else task
    for_people = Invocation(structs.replace(given.options, table=True), given.process)
    ended = execute(for_people, task, lambda: shown)
    note = ids.note()
    if note is not None and isinstance(ended, ExitCode):
        with suppress(Stopped):
            write(given.process.stderr, shown.note(note), shown.encoding)
    return ended if isinstance(ended, str) else _finished(given, shown, ended)


def show_read(given: Invocation, path: str, ids: Sequence[str], shown: Shown, *, with_input: bool) -> ExitCode | str:
    """Show what is in a file: all of it, or what is there of these responses. No service is asked."""
    useless = given.options.useless_for(("color", "output", "force"))
    if useless:
        return f"{', '.join(useless)}: of no use with --in, which asks no service"
    process, failures = given.process, set[ExitCode]()
    missing = dict.fromkeys(ids)
    try:
        for value in read_values(path, process.stdin):
            if isinstance(value, WrongLine):
                failures.add(ExitCode.NOT_UNDERSTOOD)
                write(process.stderr, shown.complaint("DecodeError", f"{value.place}: {value.reason}"))
            elif not ids or id_of(value) in ids:
                missing.pop(id_of(value) or "", None)
                write(process.stdout, shown.values([value if with_input else without_input(value)]), shown.encoding)
        for response_id in missing:
            failures.add(ExitCode.NOT_FOUND)
            write(process.stderr, shown.complaint("NotFound", f"{response_id}: not in {path}"))
    except Stopped as stopped:
        return give_up(stopped, shown, process.stderr)
    return _finished(given, shown, overall(failures))


def _finished(given: Invocation, shown: Shown, code: ExitCode) -> ExitCode:
    try:
        if isinstance(shown, ShownPage):
            shown.finish(given.process)
    except Stopped as stopped:
        return give_up(stopped, Sentences(), given.process.stderr)
    return code


def useless_with(options: Mapping[str, object], other: str) -> str | None:
    """The sentence about options that were given and make no sense beside another; None where there are none."""
    given = [option_name(name) for name, value in options.items() if value]
    return f"{', '.join(given)}: of no use with {other}" if given else None
