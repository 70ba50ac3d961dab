"""The pages on commands and exit codes are what the command line is."""

from __future__ import annotations

import write_commands
from places import ROOT
from told_tables import tables_of
from write_commands import every_command

from puresponse.cli.app import app
from puresponse.cli.failures import ExitCode, exit_code_of
from puresponse.cli.parameters import FOR_EVERY
from puresponse.core import (
    ApiError,
    DecodeError,
    Error,
    HttpRequest,
    Interrupted,
    InvalidArgument,
    NoRecording,
    NotSent,
    WaitExpired,
)

REFERENCE = ROOT / "docs" / "reference"


def test_the_page_of_commands_is_what_the_script_writes() -> None:
    assert write_commands.PAGE.read_text(encoding="utf-8") == write_commands.page()


def test_the_page_of_commands_has_every_option_that_help_has() -> None:
    text = write_commands.page()
    commands = dict(every_command(app))
    common = {name for parameter in FOR_EVERY for name in parameter.opts}
    assert {"delete", "cassette show", "conversations add-item", "ledger verify"} <= commands.keys()
    for path, command in commands.items():
        start = text.index(f"\n## puresponse {path}\n")
        section = text[start : text.find("\n## ", start + 1)]
        own = {name for parameter in command.params for name in parameter.opts if name.startswith("--")}
        assert {name for name in own - common if f"| `{name}` |" not in section} == set()


def test_every_exit_code_is_told_with_its_meaning_and_what_to_do() -> None:
    codes = tables_of(REFERENCE / "exit-codes.md")[0]
    assert [(row["code"], row["means"]) for row in codes] == [(str(code.value), code.meaning) for code in ExitCode]
    assert all(row["what to do"] for row in codes)


ERRORS: dict[str, tuple[Error, ...]] = {
    "`InvalidArgument`": (InvalidArgument("limit", "given 0"),),
    "`NotSent`": (NotSent("dns", "no such host"),),
    "`Interrupted`": (Interrupted("reset", "reset"),),
    "`ApiError` with 404, and not `no_such_route`": (ApiError(status=404, message="Response with id 'x' not found."),),
    "`ApiError` with 401 or 403": (ApiError(status=401), ApiError(status=403)),
    "`ApiError` with 429": (ApiError(status=429), ApiError(status=429, code="insufficient_quota")),
    "`ApiError` with any other status": tuple(
        ApiError(status=status) for status in range(300, 600) if status not in {401, 403, 429}
    ),
    "`DecodeError`": (DecodeError(reason="expected object"), DecodeError(reason="expected object", status=200)),
    "`WaitExpired`": (WaitExpired(elapsed=1.0, polls=2), WaitExpired(elapsed=1.0, polls=2, left_open=True)),
    "`NoRecording`": (NoRecording(request=HttpRequest("GET", "/")),),
}


def test_each_error_has_the_code_that_the_page_says() -> None:
    rows = {row["error"]: row["code"] for row in tables_of(REFERENCE / "exit-codes.md")[1]}
    assert rows == {
        told: " ".join(sorted({str(exit_code_of(one).value) for one in errors})) for told, errors in ERRORS.items()
    }
