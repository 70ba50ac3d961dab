"""How commands are declared: a file and a line each, and what `--help` and usage errors say of them."""

from __future__ import annotations

import io
from keyword import iskeyword
from pathlib import Path

import click
import pytest

from puresponse.cli import commands
from puresponse.cli.app import app
from puresponse.cli.cassettes import CASSETTE_COMMANDS
from puresponse.cli.commands import COMMANDS
from puresponse.cli.failures import ExitCode
from puresponse.cli.groups import Commands
from puresponse.cli.options import Options
from puresponse.cli.parameters import FOR_EVERY, Command, Option, command, option
from puresponse.cli.process import run_program
from puresponse.cli.streams import Process

FOR_MANY = ["delete", "cancel", "retrieve"]


def loaded(name: str) -> Command | Commands:
    found = app.get_command(click.Context(app), name)
    assert isinstance(found, Command | Commands)
    return found


def shown(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The help that these arguments ask for."""
    assert run(*arguments) == (0, "")
    return capfd.readouterr().out


def run(*arguments: str) -> tuple[int, str]:
    """The exit code of a command line, and what it says on standard error."""
    written = io.BytesIO()
    stderr = io.TextIOWrapper(written, encoding="utf-8")
    code = run_program(arguments, Process(None, io.TextIOWrapper(io.BytesIO()), stderr, {}))
    return code, written.getvalue().decode()


def test_a_command_is_a_file_and_a_line() -> None:
    (folder,) = commands.__path__
    files = {path.stem for path in Path(folder).glob("*.py")} - {"__init__"}
    assert files == {name.replace("-", "_") + "_" * iskeyword(name) for name in COMMANDS}
    assert len(files) == len(COMMANDS)


def test_a_command_of_cassettes_is_a_file_and_a_line() -> None:
    assert len(CASSETTE_COMMANDS) == len(set(CASSETTE_COMMANDS)) > 5
    for name in CASSETTE_COMMANDS:
        assert isinstance(of_cassettes(name), Command)


def of_cassettes(name: str) -> click.Command | None:
    group = loaded("cassette")
    assert isinstance(group, Commands)
    return group.get_command(click.Context(group), name)


@pytest.mark.parametrize("named", [*COMMANDS, *(f"cassette {name}" for name in CASSETTE_COMMANDS)])
def test_a_command_says_what_it_does_and_all_that_it_takes(named: str, capfd: pytest.CaptureFixture[str]) -> None:
    first, _, inner = named.partition(" ")
    found = of_cassettes(inner) if inner else loaded(first)
    help_text = " ".join(shown(capfd, *named.split(), "--help").split())
    assert found
    assert found.help
    assert " ".join(found.help.split()) in help_text
    for parameter in found.params:
        explained = parameter.help if isinstance(parameter, Option) else getattr(parameter, "explanation", None)
        assert explained
        assert explained in help_text


def test_what_is_no_command_is_none() -> None:
    context = click.Context(app)
    assert app.get_command(context, "__init__") is None
    assert app.get_command(context, "input_items") is None


def test_the_options_for_every_command_are_those_that_there_are() -> None:
    assert [shared.name for shared in FOR_EVERY] == list(Options.__struct_fields__)


def test_help_has_options_in_sections_and_no_types_for_flags(capfd: pytest.CaptureFixture[str]) -> None:
    lines = shown(capfd, "--help").splitlines()
    titles = [line for line in lines if line.endswith(":") and not line.startswith(" ")]
    assert titles == ["Options:", "Service:", "Output:", "Commands:", "Examples:"]
    service = lines[lines.index("Service:") : lines.index("Output:")]
    assert [line.split()[0] for line in service if line.startswith("  --")] == [
        "--service",
        "--config",
        "--base-url",
        "--organization",
        "--project",
        "--timeout",
        "--retries",
        "--concurrency",
        "--memory",
        "--verbose",
    ]
    assert "  --json                       Show JSON lines, as in a pipe." in lines
    assert not any("<" in line for line in lines[: lines.index("Examples:")])


@pytest.mark.parametrize("name", FOR_MANY)
def test_help_of_a_command_has_its_arguments_first(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    lines = shown(capfd, name, "--help").splitlines()
    assert lines[0] == f"Usage: puresponse {name} [OPTIONS] ID..."
    titles = [line for line in lines if line.endswith(":") and not line.startswith(" ")]
    assert titles == ["Arguments:", "Options:", "Ids:", "Run:", "Service:", "Output:", "Examples:"]


def test_help_lists_the_commands_in_whole_sentences(capfd: pytest.CaptureFixture[str]) -> None:
    help_text = " ".join(shown(capfd, "--help").split())
    for name in COMMANDS:
        assert f"{name} {' '.join(str(loaded(name).help).split())}" in help_text


def test_help_is_as_wide_as_the_terminal_up_to_a_limit(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns, widest in ((60, 58), (100, 98), (1000, 118)):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = shown(capfd, "--help").partition("\nExamples:\n")[0].splitlines()
        longest = max(map(len, lines))
        assert widest - 20 < longest <= widest


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["delete"], "Missing argument 'ID'. Or take ids from a file: --from FILE"),
        (["delet", "x"], "No such command 'delet'. Did you mean 'delete'?"),
        (["cassette", "shwo"], "No such command 'shwo'. Did you mean 'show'?"),
        (["--retries", "1", "cassette", "list", "."], "'--retries': the command has no use for it"),
        (["bogus"], "No such command 'bogus'."),
        (["-", "x"], "No such command '-'."),
        (["--", "--memory"], "No such command '--memory'."),
        (["--memory"], "Missing command."),
        (["delete", "x", "--timeout"], "Option '--timeout' requires an argument."),
        (["delete", "x", "--memory=1"], "Option '--memory' does not take a value."),
        (["input-items", "x", "--order", "up"], "Invalid value for '--order': 'up' is not one of 'asc', 'desc'."),
        (["--timeout", "2", "--retries", "1", "samples"], "'--timeout' / '--retries': the command has no use for it"),
        (["delete", "x", "--json", "--table"], "Invalid value: --json and --table exclude each other"),
        (["--show-completion", "tcsh"], "Invalid value for '--show-completion': name one of bash, zsh, fish"),
    ],
    ids=str,
)
def test_a_usage_error_says_what_makes_no_sense(arguments: list[str], said: str) -> None:
    code, err = run(*arguments)
    assert code == ExitCode.USAGE
    assert err.endswith(f"{said}\n")


def test_nothing_asked_for_gives_the_help(capfd: pytest.CaptureFixture[str]) -> None:
    assert run() == (ExitCode.USAGE, "")
    assert capfd.readouterr().out == shown(capfd, "--help")


def test_ctrl_c_that_python_hears_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    @command(option("--x", "Nothing."))
    def interrupted(given: object, x: str | None) -> ExitCode:
        raise KeyboardInterrupt

    def get_command(self: Commands, context: click.Context, name: str) -> Command:
        return interrupted

    monkeypatch.setattr(Commands, "get_command", get_command)
    try:
        ran = run("cancel")
    except KeyboardInterrupt:
        ran = None
    assert ran == (ExitCode.CTRL_C, "")
