"""What is promised besides Python's names: commands, exit codes, variables, formats, pytest's part, what is installed.

Law: each is read where it is defined, and nothing is listed by hand but the files that have formats.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

import click
from oldest_dependencies import OF_TESTS
from surface_sources import ROOT, definitions, path_of

FORMATS = {
    "checkpoint": ("core.interchange.checkpoints", "FORMAT"),
    "cassette": ("transports.cassette.file_structs", "VERSION"),
    "ledger, in SQLite's user_version": ("transports.ledger.tables", "FORMAT"),
    "export as SQLite, in its user_version": ("transports.archive.database", "VERSION"),
    "life": ("transports.testing.lives.life_file", "FORMAT"),
}
"""What is written to be read by another version, with the constant that says in which form it is written."""

STRUCTURES = ("transports.cassette.file_structs",)
"""Modules whose structs are a format."""

_VARIABLE = re.compile(r"(OPENAI|AZURE_OPENAI|PURESPONSE)_[A-Z_]*[A-Z]|(NO|FORCE)_COLOR|CI|SSL_CERT_(FILE|DIR)")
_PLUGINS = ("pytest_plugin", "pytest_cassettes", "pytest_every_fault")


def programs() -> Iterator[str]:
    """All lines, part by part."""
    yield from ("", "## The command line", "")
    yield from _commands()
    yield from ("", "## Exit codes", "")
    yield from (f"exit code {code.value}: {code.meaning}" for code in import_module("puresponse.cli.failures").ExitCode)
    yield from ("", "## Environment variables", "")
    yield from (f"variable {name}" for name in sorted(_variables()))
    yield from ("", "## Formats", "")
    yield from _formats()
    yield from ("", "## The pytest plugin", "")
    yield from sorted(_of_pytest())
    yield from ("", "## What is installed", "")
    yield from _installed(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"])


# --- the command line ----------------------------------------------------------------------------


def _commands() -> Iterator[str]:
    app = import_module("puresponse.cli.app").app
    with click.Context(app, info_name="puresponse") as context:
        yield from _command("puresponse", app, context, frozenset())


def _command(path: str, command: click.Command, context: click.Context, every: frozenset[str]) -> Iterator[str]:
    """What a command takes; of the options for `every` command only the names."""
    said = {_parameter(one): one for one in command.params}
    if shared := [one.opts[0] for text, one in said.items() if text in every]:
        yield f"{path} (of the options for every command: {' '.join(sorted(shared))})"
    yield from (f"{path} {text}" for text in sorted(said.keys() - every, key=lambda text: (text[:1] == "-", text)))
    if isinstance(command, click.Group):
        for name in sorted(command.list_commands(context)):
            inner = command.get_command(context, name)
            assert inner is not None, name
            yield f"{path} {name}"
            with click.Context(inner, parent=context, info_name=name) as below:
                yield from _command(f"{path} {name}", inner, below, every or frozenset(said))


def _parameter(parameter: click.Parameter) -> str:
    name = parameter.metavar or (parameter.name or "").upper()
    marks = ["required"] if parameter.required else []
    if parameter.multiple or parameter.nargs == -1:
        marks.append("many")
    if isinstance(parameter.type, click.Choice):
        name = "|".join(map(str, parameter.type.choices))
    if isinstance(parameter, click.Option):
        flag = parameter.is_flag or parameter.count
        name = "/".join([*parameter.opts, *parameter.secondary_opts]) + ("" if flag else f" {name}")
    told = f"  [{', '.join(marks)}]" if marks else ""
    return f"{name}{told}"


# --- variables and formats -----------------------------------------------------------------------


def _variables() -> set[str]:
    """The names of variables that occur in the source as texts of their own."""
    return {
        node.value
        for layer in ("codecs", "core", "transports", "cli", "facade")
        for path in (ROOT / layer).rglob("*.py")
        if _VARIABLE.search(text := path.read_text())
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _VARIABLE.fullmatch(node.value)
    }


def _formats() -> Iterator[str]:
    for name, (module, constant) in FORMATS.items():
        yield f"format {name}: {vars(import_module(f'puresponse.{module}'))[constant]}"
    for module in STRUCTURES:
        for name, (statement, *_) in definitions(path_of(module)).items():
            if isinstance(statement, ast.ClassDef):
                yield f"format {module} {name}({', '.join(map(ast.unparse, statement.bases))})"
                yield from (
                    f"format {module} {name}.{ast.unparse(field)}"
                    for field in statement.body
                    if isinstance(field, ast.AnnAssign)
                )
    tables = import_module("puresponse.transports.ledger.tables").SCHEMA
    yield from (f"format ledger {name}: {' '.join(_uncommented(table))}" for name, table in sorted(tables.items()))
    yield from (f"frame of checkpoints {name}" for name in sorted(_frames()))


def _uncommented(table: str) -> Iterator[str]:
    return (line.partition("--")[0].strip() for line in table.splitlines() if line)


def _frames() -> Iterable[str]:
    named: dict[str, Any] = vars(import_module("puresponse.core.interchange.names"))
    return [name for names in named["_FRAMES"].values() for name in names.split()]


# --- pytest --------------------------------------------------------------------------------------


def _of_pytest() -> Iterator[str]:
    for plugin in _PLUGINS:
        path = path_of(f"transports.testing.{plugin}")
        constants = vars(import_module(f"puresponse.transports.testing.{plugin}"))
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.FunctionDef(name=name, decorator_list=marks) if any(
                    "fixture" in ast.unparse(m) for m in marks
                ):
                    given = "" if node.returns is None else f" -> {ast.unparse(node.returns)}"
                    scope = "".join(re.findall(r"scope='(\w+)'", ast.unparse(marks[0])))
                    yield f"fixture {name}{given}" + (f"  [{scope}]" if scope else "")
                case ast.Call(func=ast.Attribute(attr="addoption"), args=[option, *_]):
                    yield f"pytest option {_evaluated(option, constants)}"
                case ast.Call(func=ast.Attribute(attr="addinivalue_line"), args=[_, line]):
                    value = line
                    if isinstance(line, ast.Name):
                        value = next(
                            one.value
                            for one in ast.walk(ast.parse(path.read_text()))
                            if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == line.id
                        )
                    yield f"marker {str(_evaluated(value, constants)).partition(':')[0]}"
                case _:
                    pass


def _evaluated(expression: ast.expr, constants: dict[str, Any]) -> object:
    return eval(compile(ast.Expression(expression), "", "eval"), dict(constants))


# --- packages ------------------------------------------------------------------------------------


def _installed(project: dict[str, Any]) -> Iterator[str]:
    yield f"requires Python {project['requires-python']}"
    yield from (f"requires {line}" for line in sorted(project["dependencies"]))
    for extra, lines in sorted(project["optional-dependencies"].items()):
        if extra not in OF_TESTS:
            yield from (f"extra {extra}: {line}" for line in sorted(lines))
    yield from (f"command {name} = {target}" for name, target in sorted(project["scripts"].items()))
    for group, entries in sorted(project["entry-points"].items()):
        yield from (f"entry point {group}: {name} = {target}" for name, target in sorted(entries.items()))
