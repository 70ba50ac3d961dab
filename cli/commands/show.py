"""`puresponse show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..failures import ExitCode
from ..parameters import FOR_ONE, FORMS, INCLUDE, Argument, Invocation, Option, command, flag, option

if TYPE_CHECKING:
    from ...core import Operation

IDS = Argument("ids", "Ids of responses; - takes them from standard input, one a line.", "ID", nargs=-1, required=False)
HTML = option("--html", "Write a page of HTML into this file, in place of text; - for standard output.", "FILE")
FROM = Option(
    ["--from", "source"],
    metavar="FILE",
    help="Show what is in this file, an export or any JSON, and ask no service; - for standard input.",
)
NO_INPUT = flag("--no-input", "Without the items that the responses were made from.")
WIDTH = option(
    "--width",
    "Columns of a line, 20 or more. Default: the terminal's; in a pipe nothing is wrapped.",
    "N",
    type=click.IntRange(min=20),
)


@command(IDS, HTML, FROM, NO_INPUT, WIDTH, INCLUDE, *(shared for shared in FOR_ONE if shared not in FORMS))
def show(
    given: Invocation,
    *,
    ids: tuple[str, ...],
    html: str | None,
    source: str | None,
    no_input: bool,
    width: int | None,
    include: tuple[str, ...],
) -> ExitCode | str:
    """Show responses as people read them: messages, tool calls, reasoning, images, citations, usage."""
    from ...core import audit_response, retrieve_response, retrying
    from ..settings import policy_of
    from ..showing.showing import named, show_asked, show_read
    from ..showing.writing import PageWriter, text_writer

    if not ids and source is None:
        return "which response? Give its ID, or --from FILE"
    if width is not None and html is not None:
        return "--width: of no use with --html"
    if include and source is not None:
        return "--include: of no use with --from, which asks no service"
    writer = text_writer(given.process, width) if html is None else PageWriter(given.process, html, [])
    if source is not None:
        return show_read(given, source, ids, writer, with_input=not no_input)
    policy, asks = policy_of(given.options), retrieve_response if no_input else audit_response

    def asking(response_id: str) -> Operation[Any]:
        return retrying(asks(response_id, include=include or None), policy)

    return show_asked(given, named(ids, given, asking), writer)
