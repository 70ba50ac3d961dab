"""Asking a person before much is deleted.

Law: what cannot be undone is asked for by who knows how much it is: a person, or `--yes`. Where there is nobody to ask,
nothing is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..execute import give_up
from ..failures import ExitCode
from ..output import JsonLines, Sentences
from ..service import InMemory, ServiceChoice, choose_service, missing_key
from ..settings import shows_json
from ..sources.ids import Ids
from ..streams import Stopped, person_at

if TYPE_CHECKING:
    from ..parameters import Invocation
    from ..sources.given import Source


def confirmed(
    given: Invocation, source: Source, ids: Ids, *, yes: bool, doing: str = "delete", what: str = "response"
) -> Ids | ExitCode | str:
    """The ids, if it is all right to go on with them; else the exit code, or a sentence for options that contradict.

    One id that was given as an argument is not asked about, and neither is what is in memory alone, or not sent at all.
    To say how many they are, ids are read beforehand where they are not arguments: a million take 100 MB.
    """
    options, process = given
    if yes or options.dry_run or (source.are_known and ids.total == 1) or not source.is_named:
        return ids
    service = choose_service(options, process.environ)
    if isinstance(service, str):
        return service
    if isinstance(service, InMemory) or missing_key(service, process.environ) is not None:
        return ids  # nothing is lost; or nothing will be sent, which the command says itself
    where = name_of(service)
    try:
        with person_at(process, stdin_is_taken=source.reads_standard_input) as person:
            if person is None:
                reason = f"to {doing} many {what}s at {where} asks first, and there is no terminal to ask on: add --yes"
                raise Stopped(ExitCode.NOT_CONFIRMED, reason, "NotConfirmed")
            known = ids if ids.total is not None else ids.read()
            if not known.total:
                return known
            several = what if known.total == 1 else f"{what}s"
            chains = " with all that they go back to" if source.follow_chain else ""
            answer = person(f"puresponse: {doing} {known.total:,} {several}{chains} at {where} permanently? [y/N] ")
        if answer.strip().lower() in ("y", "yes"):
            return known
        raise Stopped(ExitCode.NOT_CONFIRMED, "nothing was sent", "NotConfirmed")
    except Stopped as stopped:
        form = JsonLines() if shows_json(options, terminal=process.stdout.isatty()) else Sentences()
        return give_up(stopped, form, process.stderr)


def name_of(service: ServiceChoice) -> str:
    """A service as people know it."""
    if isinstance(service, InMemory):
        return "the service in memory"
    where = service.base_url or "the API"
    return where if service.name is None else f"{service.name} ({where})"
