"""How a command says what it takes: its own parameters, and the options that hold for every command.

Law: no option is ignored. The options for every command may precede the command or follow it; each command takes
those that it uses, and one that was given before a command which does not use it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, TypeAlias

import click

from .failures import ExitCode
from .help.formatter import HelpContext

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from .options import Options
    from .streams import Process


class Invocation(NamedTuple):
    """What a command is given besides its own parameters: the options that hold for every command, and the process."""

    options: Options
    process: Process


Act: TypeAlias = Callable[Concatenate[Invocation, ...], ExitCode | str]
"""What a command does. It returns the exit code, or a sentence where its options contradict each other."""


# --- parameters ----------------------------------------------------------------------------------


class Option(click.Option):
    """An option that `--help` shows in a `section`.

    One that `spreads` takes all values that follow it, as a shell makes many of `*.json`: only a command without
    arguments may have one.
    """

    def __init__(
        self, declarations: Sequence[str], section: str = "Options", *, spreads: bool = False, **settings: Any
    ) -> None:
        super().__init__(declarations, **settings)
        self.section = section
        self.spreads = spreads

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What a shell is offered."""
        from .help.completing import offered

        known = offered(self, ctx, incomplete)
        return super().shell_complete(ctx, incomplete) if known is None else known


class Argument(click.Argument):
    """An argument that `--help` explains."""

    def __init__(self, name: str, explanation: str, metavar: str, **settings: Any) -> None:
        super().__init__([name], metavar=metavar, **settings)
        self.explanation = explanation

    def get_usage_pieces(self, ctx: click.Context) -> list[str]:
        """How it is written."""
        return [str(self.metavar) if self.nargs == 1 else f"{self.metavar}..."]

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """How it is written, and what it is."""
        return " ".join(self.get_usage_pieces(ctx)), self.explanation + ("  [required]" if self.required else "")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What a shell is offered."""
        from .help.completing import offered

        known = offered(self, ctx, incomplete)
        return super().shell_complete(ctx, incomplete) if known is None else known


def option(name: str, explanation: str, metavar: str | None = None, **settings: Any) -> Option:
    """An option with a value."""
    return Option([name], metavar=metavar, help=explanation, **settings)


def flag(name: str, explanation: str, **settings: Any) -> Option:
    """An option without a value."""
    return Option([name], is_flag=True, help=explanation, **settings)


IDS = Argument("ids", "Ids of responses; - takes them from standard input, one a line.", "ID", nargs=-1, required=True)
"""The argument of a command that takes several ids."""

ONE_ID = Argument("response_id", "Id of a response; - takes it from standard input.", "ID")
"""The argument of a command that takes one."""

INCLUDE = option(
    "--include", "What to add, such as reasoning.encrypted_content. May be repeated.", "WHAT", multiple=True
)
"""The API's parameter `include`."""

_SERVICE = "Service"
_OUTPUT = "Output"

FOR_EVERY = (
    option("--service", "A service of the configuration, by its name.", "NAME", section=_SERVICE),
    option(
        "--config",
        "The configuration. Default: PURESPONSE_CONFIG, or ~/.config/puresponse/config.toml.",
        "FILE",
        section=_SERVICE,
        type=click.Path(),
    ),
    option("--base-url", "Where the API is. Default: OPENAI_BASE_URL, or OpenAI's.", "URL", section=_SERVICE),
    option("--organization", "Who is billed. Default: OPENAI_ORG_ID.", "ID", section=_SERVICE),
    option("--project", "The project to work in. Default: OPENAI_PROJECT_ID.", "ID", section=_SERVICE),
    option(
        "--timeout",
        "The read timeout. Default: 600.",
        "SECONDS",
        section=_SERVICE,
        type=float,
    ),
    option(
        "--retries",
        "How often a request that met a passing fault is repeated. Default: 2.",
        "N",
        section=_SERVICE,
        type=int,
    ),
    option(
        "--concurrency",
        "How many requests are under way at once, 1 to 256. Default: 16.",
        "N",
        section=_SERVICE,
        type=int,
    ),
    flag(
        "--memory",
        "Try it: a service in memory answers, with sample responses. Or PURESPONSE_MEMORY=1.",
        section=_SERVICE,
    ),
    flag("--verbose", "Log each request on standard error. OPENAI_LOG: info, debug.", section=_SERVICE),
    flag("--json", "Show JSON lines, as in a pipe.", section=_OUTPUT),
    flag("--table", "Show a table, as on a terminal.", section=_OUTPUT),
    option(
        "--color",
        "Colours: auto is on a terminal, unless NO_COLOR is set.",
        section=_OUTPUT,
        type=click.Choice(["auto", "always", "never"]),
    ),
    option("--output", "Write the results to this file.", "FILE", section=_OUTPUT, type=click.Path()),
    flag("--force", "With --output: replace a file that is there.", section=_OUTPUT),
    flag("--dry-run", "Send nothing: show the first request of each.", section=_OUTPUT),
    flag("--curl", "With --dry-run: as command lines of curl.", section=_OUTPUT),
)
"""The options that hold for every command: the fields of `Options`."""

FOR_MANY = FOR_EVERY
"""Those of a command that takes several ids."""

FOR_ONE = tuple(shared for shared in FOR_EVERY if shared.name != "concurrency")
"""Those of a command that takes one."""

FORMS = tuple(shared for shared in FOR_EVERY if shared.name in ("json", "table", "color"))
"""Those of a command that asks no service."""


# --- commands ------------------------------------------------------------------------------------


class Command(click.Command):
    """A command."""

    context_class = HelpContext

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options, those that spread before each of their values."""
        spreading = [one for one in self.params if isinstance(one, Option) and one.spreads]
        return super().parse_args(ctx, list(_named_each(args, {name for one in spreading for name in one.opts})))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the parameters in their sections."""
        write_parameters(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        from .help.guide import write_examples

        write_examples(ctx, formatter)


def _named_each(arguments: Sequence[str], names: Collection[str]) -> Iterator[str]:
    """The arguments, with the name of an option that spreads before each of its values."""
    spreading: str | None = None
    before = ""
    for argument in arguments:
        if before in names:
            spreading = before
        elif argument.startswith("-"):
            name = argument.partition("=")[0]
            spreading = name if name in names and name != argument else None
        elif spreading is not None:
            yield spreading
        yield argument
        before = argument


def command(*parameters: click.Parameter) -> Callable[[Act], Command]:
    """Make a command of a function, whose docstring is its help. It takes these parameters by name."""

    def made(act: Act) -> Command:
        @click.pass_context
        def callback(context: click.Context, /, **values: Any) -> ExitCode:
            taken = {shared.name: values.pop(shared.name) for shared in FOR_EVERY if shared in parameters}
            ended = _acted(act, _options(context, taken), context, values)
            if isinstance(ended, str):
                raise click.BadParameter(ended, context)
            return ended

        return Command(None, callback=callback, params=list(parameters), help=act.__doc__)

    return made


def _acted(act: Act, options: Options, context: click.Context, values: dict[str, Any]) -> ExitCode | str:
    """Do what a command does, with its output where it belongs."""
    contradiction = options.contradiction()
    if contradiction is not None or options.output is None:
        return contradiction or act(Invocation(options, context.obj), **values)
    from .output_file import cannot_be_written, written_to

    resume = values.get("resume") is True
    read = values.get("files", ())
    wrong = cannot_be_written(options.output, read, context.obj, force=options.force, resume=resume)
    if wrong is not None:
        return f"--output: {wrong}"
    with written_to(options.output, context.obj, resume=resume) as process:
        return act(Invocation(options, process), **values)


def _options(context: click.Context, taken: dict[str, Any]) -> Options:
    """Those before the command, overridden by those after it, which are the ones that it takes."""
    from .options import Options

    before = Options(**{shared.name: context.find_root().params[shared.name] for shared in FOR_EVERY})
    useless = before.useless_for(taken)
    if useless:
        raise click.BadParameter("the command has no use for it", context, param_hint=useless)
    return before.overridden_by(Options(**taken))


def write_parameters(command: click.Command, context: click.Context, formatter: click.HelpFormatter) -> None:
    """Write what a command takes: arguments first, then options, each in its section."""
    sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            sections.setdefault(_section_of(parameter), []).append(record)
    for title, records in sections.items():
        write_section(title, records, formatter)


def write_section(title: str, records: Iterable[tuple[str, str]], formatter: click.HelpFormatter) -> None:
    """Write a section of help, unless there is nothing in it."""
    rows = list(records)
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)


def _section_of(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Argument):
        return "Arguments"
    return parameter.section if isinstance(parameter, Option) else "Options"
