"""Commands by their names: each is loaded when it is named."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from .failures import ExitCode
from .help.formatter import HelpContext
from .help.guide import SUMMARIES, write_examples
from .parameters import write_parameters, write_section


class Commands(click.Group):
    """Commands of these `names`, each in a file of `package`."""

    context_class = HelpContext

    def __init__(self, name: str, *, names: Sequence[str], package: str, **settings: Any) -> None:
        super().__init__(name, **settings)
        self._names = names
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which help has them."""
        return list(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None where there is none of that name."""
        if cmd_name not in self._names:
            return None
        name = cmd_name.replace("-", "_") + "_" * iskeyword(cmd_name)
        found: object = vars(import_module(f".{name}", self._package))[name]
        return found if isinstance(found, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is named, and say what may have been meant where there is none."""
        name = args[0]
        if name not in self._names and not ctx.resilient_parsing:
            from difflib import get_close_matches

            near = get_close_matches(name, self._names)
            meant = f" Did you mean {', '.join(map(repr, near))}?" if near else ""
            ctx.fail(f"No such command {name!r}.{meant}")
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Show the help where nothing is asked for, which makes no sense."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help())
            ctx.exit(ExitCode.USAGE)
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in their sections, and what each command does."""
        write_parameters(self, ctx, formatter)
        write_section("Commands", [(name, self._summary(ctx, name)) for name in self._names], formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what follows, and at the end the examples."""
        super().format_epilog(ctx, formatter)
        write_examples(ctx, formatter)

    def _summary(self, context: click.Context, name: str) -> str:
        """What a command does. Only one of which the guide has no line is loaded."""
        if context.parent is None and name in SUMMARIES:
            return SUMMARIES[name]
        found = self.get_command(context, name)
        return "" if found is None else (found.help or "").partition("\n\n")[0]
