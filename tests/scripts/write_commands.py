"""Writes docs/reference/commands.md: every command with its arguments and options, from what click parses them by.

    python tests/scripts/write_commands.py

A test says when the page is not what this writes. What the commands mean together is in the page on the command line,
which is written by hand.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from puresponse.cli.app import NAME, app
from puresponse.cli.groups import Commands
from puresponse.cli.help.guide import SUMMARIES
from puresponse.cli.parameters import FOR_EVERY, Argument

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "commands.md"

BEGINNING = f"""# Commands and options

Every command of `{NAME}`, with every argument and option that it takes. What they mean together, with examples, is in
[The command line](command-line.md), what they end with in [Exit codes](exit-codes.md), and which variables they read in
[Environment variables](environment.md). `{NAME} COMMAND --help` says the same in a shell.

The page is written by `tests/scripts/write_commands.py` from what the command line is parsed by.
"""

COMMON = """They may precede the command or follow it. A command that has no use for one refuses it (exit code 2); what
each takes is said below.
"""

DEFAULT = re.compile(r"\s*(?:Or take it from [^.]*\.)?\s*Default: (.+)\.$")


def every_command(group: Commands, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Each command by its path, such as `cassette show`; a group before those in it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if found is None:
            continue
        yield f"{path}{name}", found
        if isinstance(found, Commands):
            yield from every_command(found, f"{path}{name} ")


NAMES = re.compile(r"(?<![`\w-])(--[a-z][a-z-]*|_?[A-Z]{2,}_[A-Z_]+(?:=\w+)?|~/[\w./]+)(?![`\w])")
"""Options, variables and files in a sentence."""


def cell(text: str) -> str:
    """A sentence as the cell of a table, with names as code."""
    return NAMES.sub(r"`\1`", re.sub(r"\s+", " ", text).strip().replace("|", "\\|").replace("*", "\\*"))


def code(text: str) -> str:
    return f"`{text}`"


def value_of(option: click.Option) -> str:
    """What is written after the option; nothing for a flag."""
    if option.is_flag:
        return ""
    if isinstance(option.type, click.Choice):
        return " \\| ".join(code(str(choice)) for choice in option.type.choices)
    return code(option.metavar or option.type.name.upper())


def explained(option: click.Option) -> tuple[str, str]:
    """What an option means, and its default, which its help says at the end or click knows."""
    told = re.sub(r"\s+", " ", option.help or "").strip()
    found = DEFAULT.search(told)
    if found is not None:
        return told[: found.start()].strip(), found[1]
    if option.show_default and option.default is not None:
        shown = f"{option.default:g}" if isinstance(option.default, float) else str(option.default)
        return told, code(shown) if shown else "empty"
    return told, "required" if option.required else ""


def table_of_options(options: list[click.Option]) -> list[str]:
    """Rows of options: how each is written, what it takes, what it is without, what it means."""
    rows = ["| option | value | default | meaning |", "|---|---|---|---|"]
    for option in options:
        names = ", ".join(code(name) for name in option.opts)
        meaning, default = explained(option)
        allowed = range_of(option)
        rows.append(f"| {names} | {value_of(option)}{allowed} | {cell(default)} | {cell(meaning)} |")
    return rows


def range_of(option: click.Option) -> str:
    """Which numbers are allowed, where click knows."""
    if not isinstance(option.type, click.IntRange | click.FloatRange):
        return ""
    least, most = option.type.min, option.type.max
    if most is None:
        return f", more than {least:g}" if option.type.min_open else f", {least:g} or more"
    return f", {least:g} to {most:g}"


def table_of_arguments(arguments: list[click.Argument], context: click.Context) -> list[str]:
    """Rows of arguments."""
    rows = ["| argument | | meaning |", "|---|---|---|"]
    for argument in arguments:
        how = "required" if argument.required else "may be left out"
        meaning = argument.explanation if isinstance(argument, Argument) else ""
        rows.append(f"| {code(' '.join(argument.get_usage_pieces(context)))} | {how} | {cell(meaning)} |")
    return rows


def section(path: str, command: click.Command) -> list[str]:
    """A command: what it does, how it is written, and what it takes."""
    context = click.Context(command, info_name=path, parent=click.Context(app, info_name=NAME))
    told = SUMMARIES.get(path) or inspect.cleandoc(command.help or "")
    lines = [f"## {NAME} {path}", "", *told.splitlines(), ""]
    if isinstance(command, Commands):
        inner = [code(f"{path} {name}") for name in command.list_commands(context)]
        return [*lines, f"Its commands: {', '.join(inner)}.", ""]
    usage = re.sub(r"\s+", " ", " ".join(command.collect_usage_pieces(context)))
    lines += ["```text", f"{NAME} {path} {usage}".rstrip(), "```", ""]
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    own = [one for one in command.params if isinstance(one, click.Option) and one not in FOR_EVERY]
    common = [one.opts[0] for one in FOR_EVERY if one in command.params]
    if arguments:
        lines += [*table_of_arguments(arguments, context), ""]
    if own:
        lines += [*table_of_options(own), ""]
    if len(common) == len(FOR_EVERY):
        return [*lines, "And all [options for every command](#options-for-every-command).", ""]
    lacking = [one.opts[0] for one in FOR_EVERY if one not in command.params]
    if not common:
        return [*lines, "None of the [options for every command](#options-for-every-command).", ""]
    if len(lacking) < len(common):
        but = ", ".join(map(code, lacking))
        return [*lines, f"And the [options for every command](#options-for-every-command), but for {but}.", ""]
    which = ", ".join(map(code, common))
    return [*lines, f"Of the [options for every command](#options-for-every-command): {which}.", ""]


def page() -> str:
    """The page."""
    own = [one for one in app.params if isinstance(one, click.Option) and one not in FOR_EVERY]
    help_names = ", ".join(map(code, app.context_settings["help_option_names"]))
    lines = [BEGINNING, "## Options for every command", "", COMMON]
    lines += [*table_of_options(list(FOR_EVERY)), ""]
    lines += [f"{help_names} shows the help of the program, or of a command after it.", ""]
    lines += ["## Options of the program", "", *table_of_options(own), ""]
    for path, command in every_command(app):
        lines += section(path, command)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
