"""`puresponse show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..failures import ExitCode
from ..parameters import FOR_MANY, INCLUDE, Invocation, Option, command, flag, option
from ..sources.given import IDS_OR_SOURCES, source_of

if TYPE_CHECKING:
    from ...core import Operation

HTML = option("--html", "Write a page of HTML into this file, in place of text; - for standard output.", "FILE")
IN = Option(
    ["--in", "file"],
    metavar="FILE",
    help="Show what is in this file, an export or any JSON, or of that the ids; ask no service. - for standard input.",
)
NO_INPUT = flag("--no-input", "Without the items that the responses were made from.")
WIDTH = option(
    "--width",
    "Columns of a line, 20 or more. Default: the terminal's; in a pipe nothing is wrapped.",
    "N",
    type=click.IntRange(min=20),
)


@command(
    *IDS_OR_SOURCES,
    HTML,
    IN,
    NO_INPUT,
    WIDTH,
    INCLUDE,
    *(shared for shared in FOR_MANY if shared.name not in ("json", "table")),
)
def show(
    given: Invocation,
    *,
    html: str | None,
    file: str | None,
    no_input: bool,
    width: int | None,
    include: tuple[str, ...],
    **sources: Any,
) -> ExitCode | str:
    """Show responses as people read them: messages, tool calls, reasoning, images, citations, usage."""
    from ...core import audit_response, retrieve_response, retrying
    from ..settings import policy_of
    from ..showing.showing import show_asked, show_read, useless_with
    from ..showing.writing import ShownPage, ShownText, not_to_be_replaced
    from ..sources.ids import ids_from

    if html is not None:
        useless = useless_with({"width": width, "output": given.options.output, "color": given.options.color}, "--html")
        if useless is not None:
            return useless
        if not_to_be_replaced(html):
            return f"--html: {html} is there already, and no page of HTML"
    shown = ShownText(given, width) if html is None else ShownPage(html)
    if file is not None:
        asked = {"from" if name == "files" else name: value for name, value in sources.items() if name != "ids"}
        useless = useless_with({**asked, "include": include}, "--in, which asks no service")
        return useless or show_read(given, file, sources["ids"], shown, with_input=not no_input)
    ids = ids_from(source_of(sources), given)
    policy, asks = policy_of(given.options), retrieve_response if no_input else audit_response

    def asking(response_id: str) -> Operation[Any]:
        return retrying(asks(response_id, include=include or None), policy)

    return show_asked(given, ids, asking, shown, with_input=not no_input)
