"""The command line as click parses it: the commands, and what may precede them.

What a command does is loaded when it is done: so help, the version and the completion of a shell are fast.
"""

from __future__ import annotations

from collections.abc import Callable

import click

from .commands import COMMANDS
from .failures import ExitCode
from .groups import Commands
from .parameters import FOR_EVERY, Option, flag, option

NAME = "puresponse"

ASKED_BY = "_PURESPONSE_COMPLETE"
"""The variable of the environment by which a shell asks for completions."""

_HELP = """Delete, cancel and audit stored responses of the OpenAI API.

Results are a table on a terminal and JSON lines in a pipe; errors go to standard error. The key is taken from
OPENAI_API_KEY. With --memory a service in memory answers, with the responses that `puresponse samples` shows.
"""
_WIDEST = 120
"""Characters of a line of help, on however wide a terminal."""


def _show_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"{NAME} {version(NAME)}")
        except PackageNotFoundError:
            click.echo(f"{NAME} (not installed)")
        ctx.exit()


def _show_completion(ctx: click.Context, parameter: click.Parameter, named: str | None) -> None:
    if named is not None and not ctx.resilient_parsing:
        from .help.completion import script

        click.echo(script(app, NAME, ASKED_BY, _shell(named, ctx)), nl=False)
        ctx.exit()


def _install_completion(ctx: click.Context, parameter: click.Parameter, named: str | None) -> None:
    if named is not None and not ctx.resilient_parsing:
        from pathlib import Path

        from .help.completion import install

        shell = _shell(named, ctx)
        click.echo(f"{shell} completion installed in {install(app, NAME, ASKED_BY, shell, Path.home())}")
        click.echo("Completion will take effect once you restart the terminal")
        ctx.exit()


_YOURS = "yours"
"""The value for a shell that was not named."""


def _shell(named: str, context: click.Context) -> str:
    from .help.completion import shell_named

    try:
        return shell_named(None if named == _YOURS else named, context.obj.environ)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _for_a_shell(name: str, explanation: str, callback: Callable[..., None]) -> Option:
    """An option whose value may be left out."""
    return option(
        name,
        explanation,
        "[SHELL]",
        is_flag=False,
        flag_value=_YOURS,
        is_eager=True,
        expose_value=False,
        callback=callback,
    )


def _build() -> Commands:
    codes = "; ".join(f"{code.value} {code.meaning}" for code in ExitCode)
    own = [
        flag("--version", "Show the version.", is_eager=True, expose_value=False, callback=_show_version),
        _for_a_shell("--install-completion", "Install completion for your shell, or another.", _install_completion),
        _for_a_shell("--show-completion", "Show completion for your shell, or another, to copy it.", _show_completion),
    ]
    return Commands(
        NAME,
        names=COMMANDS,
        package=f"{__package__}.commands",
        params=[*own, *FOR_EVERY],
        help=_HELP,
        epilog=f"Exit codes: {codes}.",
        context_settings={"help_option_names": ["--help", "-h"], "max_content_width": _WIDEST},
    )


app = _build()
