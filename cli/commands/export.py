"""`puresponse export`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..bulk.choices import RUN, RunChoices
from ..failures import ExitCode
from ..parameters import FOR_MANY, INCLUDE, Invocation, command, flag, option
from ..sources.given import IDS_OR_SOURCES, source_of

if TYPE_CHECKING:
    from ...codecs import ResponseAudit
    from ...core import Operation
    from ...transports import ArchiveFormat
    from ..output import Messages
    from ..streams import Stopped

FORMAT_NAMES = ("jsonl", "jsonl.gz", "sqlite", "parquet")

TO = option("--to", "The file to write into.", "FILE", type=click.Path(dir_okay=False), required=True)
FORMAT = option(
    "--format",
    "Its format. Default: by its suffix: .jsonl, .jsonl.gz, .sqlite, .db, .parquet.",
    type=click.Choice(FORMAT_NAMES),
)
RESUME = flag("--resume", "Go on with a file that is there: responses that are in it are passed over.")
REPLACE = flag("--replace", "Begin a file anew that is there.")

_RUN = tuple(one for one in RUN if one.name not in ("ledger", "resume", "retry_failed"))
"""The options of a run. There is no ledger: the file itself says what was exported."""


@command(*IDS_OR_SOURCES, TO, FORMAT, RESUME, REPLACE, INCLUDE, *_RUN, *FOR_MANY)
def export(
    given: Invocation,
    *,
    to: str,
    format: ArchiveFormat | None,
    resume: bool,
    replace: bool,
    include: tuple[str, ...],
    **asked: Any,
) -> ExitCode | str:
    """Write responses with all their input items into a file: JSON Lines, SQLite or Parquet. `import` reads it back."""
    from ...core import audit_response, retrying
    from ..bulk.each import carry_out
    from ..bulk.exporting import EXPORTED_VIEW, Export
    from ..settings import policy_of
    from ..sources.ids import ids_from
    from ..streams import Stopped

    if resume and replace:
        return "--resume and --replace exclude each other"
    found = ids_from(source_of(asked), given)
    policy = policy_of(given.options)
    choices = RunChoices(**{str(one.name): asked[str(one.name)] for one in _RUN})

    def audit(response_id: str) -> Operation[ResponseAudit]:
        return retrying(audit_response(response_id, include=include or None), policy)

    try:
        writing = Export(
            to,
            format,
            resume=resume,
            replace=replace,
            missing_ok=choices.missing_ok,
            dry_run=given.options.dry_run,
        )
    except ValueError as error:
        return str(error)
    except ImportError as error:
        return stopped_by(given, Stopped(ExitCode.USAGE, str(error)))
    except Stopped as stopped:
        return stopped_by(given, stopped)
    code: ExitCode | str = ExitCode.OK
    try:
        if writing.mended is not None:
            note(given, writing.mended)
        code = carry_out(
            given,
            writing.left(found.pairs(audit)),
            writing,
            EXPORTED_VIEW,
            choices=choices,
            total=None if resume else found.total,
            longest_id=found.longest,
            advice=f"to go on: the same command with --resume, which passes over what is in {to}",
        )
        if writing.skipped:
            note(given, f"{writing.skipped} passed over: in {to} already")
        repeated = found.note()
        if repeated is not None and isinstance(code, ExitCode):
            note(given, repeated)
    except Stopped as stopped:
        code = stopped_by(given, stopped)
    finally:
        try:
            writing.close()
        except Stopped as stopped:
            code = stopped_by(given, stopped)
    return code


def note(given: Invocation, text: str) -> None:
    """Say what else there is to know, in the form of the command's messages."""
    from ..streams import write

    messages = _messages(given)
    write(given.process.stderr, messages.note(text), messages.encoding)


def stopped_by(given: Invocation, stopped: Stopped) -> ExitCode:
    """Say why the command stops, and return its exit code."""
    from ..execute import give_up

    return give_up(stopped, _messages(given), given.process.stderr)


def _messages(given: Invocation) -> Messages:
    from ..output import JsonLines, Sentences

    people = given.options.table or given.process.stdout.isatty()
    return JsonLines() if given.options.json or not people else Sentences()
