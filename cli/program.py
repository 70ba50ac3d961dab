"""The commands as typer parses them. What they do is loaded only when one of them is done.

So help, the version and the completion of a shell come at once.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from msgspec import Struct

from .exits import ExitCode
from .given import Options
from .options import ALL, FOR_ONE, FORMS, taking
from .serve import serve

if TYPE_CHECKING:
    from .host import Host

_HELP = (
    "Delete, cancel and audit stored responses of the OpenAI API.\n\n"
    "Results are a table on a terminal and JSON lines in a pipe; errors go to standard error. The key is taken from "
    "OPENAI_API_KEY. Without one, a service in memory answers, with the responses that `puresponse samples` shows."
)


class Session(Struct, frozen=True):
    """What a command is given besides its arguments: the host, and the options that stood before it."""

    host: Host
    options: Options = Options()


class Order(StrEnum):
    """The order of a list."""

    asc = "asc"
    desc = "desc"


Ids = Annotated[
    list[str], typer.Argument(metavar="ID", help="Ids of responses; - takes them from standard input, one a line.")
]
OneId = Annotated[str, typer.Argument(metavar="ID", help="Id of a response; - takes it from standard input.")]
Include = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WHAT",
        help="What to add, such as reasoning.encrypted_content. May be repeated.",
        show_default=False,
    ),
]


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"puresponse {version('puresponse')}")
        except PackageNotFoundError:
            typer.echo("puresponse (not installed)")
        raise typer.Exit


def root(
    context: typer.Context,
    options: Options,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    """Keep the options that stand before a command."""
    context.obj = Session(context.obj.host, options)


def delete(context: typer.Context, options: Options, ids: Ids) -> None:
    """Delete stored responses, for good."""
    from . import commands

    _end(commands.delete(options, ids, context.obj.host))


def cancel(context: typer.Context, options: Options, ids: Ids) -> None:
    """Cancel responses that were created with `background`."""
    from . import commands

    _end(commands.cancel(options, ids, context.obj.host))


def retrieve(context: typer.Context, options: Options, ids: Ids, include: Include = None) -> None:
    """Show stored responses."""
    from . import commands

    _end(commands.retrieve(options, ids, include, context.obj.host))


def input_items(
    context: typer.Context,
    options: Options,
    response_id: OneId,
    *,
    after: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="The item after which to start. Default: at the beginning.", show_default=False
        ),
    ] = None,
    include: Include = None,
    limit: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="How many items a page has, 1 to 100. Default: 20; 100 with --all.", show_default=False
        ),
    ] = None,
    order: Annotated[Order, typer.Option(help="The oldest item first, or the newest.")] = Order.desc,
    everything: Annotated[bool, typer.Option("--all", help="Follow all pages.")] = False,
) -> None:
    """List the items that a response was made from: a page of them, or all."""
    from . import commands

    ended = commands.input_items(
        options,
        response_id,
        context.obj.host,
        after=after,
        include=include,
        limit=limit,
        order="asc" if order is Order.asc else "desc",
        everything=everything,
    )
    _end(ended)


def samples(context: typer.Context, options: Options) -> None:
    """Show the responses of the service in memory, to try the other commands with."""
    from . import commands

    _end(commands.samples(options, context.obj.host))


def _end(ended: ExitCode | str) -> NoReturn:
    if isinstance(ended, str):
        raise typer.BadParameter(ended)
    raise typer.Exit(ended)


def _build() -> typer.Typer:
    codes = "; ".join(f"{code.value} {code.meaning}" for code in ExitCode)
    app = typer.Typer(
        name="puresponse",
        help=_HELP,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
        epilog=f"Exit codes: {codes}.",
    )
    app.callback()(taking(ALL, root))
    app.command("delete")(taking(ALL, delete))
    app.command("cancel")(taking(ALL, cancel))
    app.command("retrieve")(taking(ALL, retrieve))
    app.command("input-items")(taking(FOR_ONE, input_items))
    app.command("samples")(taking(FORMS, samples))
    app.command("serve")(taking((), serve))
    return app


app = _build()
"""The commands, as a typer application."""
