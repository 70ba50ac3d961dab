"""How the options that hold for every command are declared: they may stand before the command or after it.

Law: no option is ignored. Each command takes the options that it uses; one that was given before a command which
does not use it is refused.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from inspect import Parameter
from typing import Annotated, Any

import typer

from .given import Options

_SERVICE = "Service"
_OUTPUT = "Output"


def _service(metavar: str, text: str) -> Any:
    return typer.Option(metavar=metavar, help=text, show_default=False, rich_help_panel=_SERVICE)


_DECLARED: dict[str, Any] = {
    "base_url": Annotated[str | None, _service("URL", "Where the API is. Default: OPENAI_BASE_URL, or OpenAI's.")],
    "organization": Annotated[str | None, _service("ID", "Who is billed. Default: OPENAI_ORG_ID.")],
    "project": Annotated[str | None, _service("ID", "The project to work in. Default: OPENAI_PROJECT_ID.")],
    "timeout": Annotated[
        float | None, _service("SECONDS", "The silence after which an answer is given up. Default: 600.")
    ],
    "retries": Annotated[
        int | None, _service("N", "How often a request that met a passing fault is repeated. Default: 2.")
    ],
    "concurrency": Annotated[
        int | None, _service("N", "How many requests are under way at once, 1 to 256. Default: 16.")
    ],
    "memory": Annotated[
        bool,
        typer.Option("--memory", help="Use the service in memory, as without a key.", rich_help_panel=_SERVICE),
    ],
    "json": Annotated[bool, typer.Option("--json", help="Show JSON lines, as in a pipe.", rich_help_panel=_OUTPUT)],
    "table": Annotated[bool, typer.Option("--table", help="Show a table, as on a terminal.", rich_help_panel=_OUTPUT)],
}

ALL = tuple(_DECLARED)
"""The options of a command that takes several ids."""

FOR_ONE = tuple(name for name in ALL if name != "concurrency")
"""The options of a command that takes one."""

FORMS = ("json", "table")
"""The options of a command that asks no service."""


def taking(names: Sequence[str], command: Callable[..., None]) -> Callable[..., None]:
    """Give `command`, whose first parameters are a context and `Options`, the options of these `names` to parse.

    They go before those of the same name that stood before the command, which the context holds.
    """

    def parsed(context: typer.Context, **arguments: Any) -> None:
        before: Options = context.obj.options
        useless = before.useless_for(names)
        if useless:
            raise typer.BadParameter("the command has no use for it", param_hint=useless)
        here = Options(**{name: arguments.pop(name) for name in names})
        command(context, before.overridden_by(here), **arguments)

    context, _, *own = inspect.signature(command, eval_str=True).parameters.values()
    defaults = Options()
    options = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=getattr(defaults, name), annotation=_DECLARED[name])
        for name in names
    ]
    # What typer reads to find the parameters.
    vars(parsed)["__signature__"] = inspect.Signature([context, *own, *options])
    parsed.__doc__ = command.__doc__
    return parsed
