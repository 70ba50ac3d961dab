"""The command line as a process: real pipes, a real terminal, signals, and a real server on loopback."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import IO

import pytest
from msgspec import json

import puresponse.cli
from puresponse.cli.cassettes import CASSETTE_COMMANDS
from puresponse.cli.commands import COMMANDS
from puresponse.core import HttpRequest, HttpResponse, Pairs
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.testing.contract import refusing, serving
from puresponse.transports.testing.stub import json_response

KEY = "sk-secret-0123456789"
COMMAND = [sys.executable, "-m", "puresponse.cli"]
LIMIT = 60
"""Seconds that a process may take before a test is given up."""


def environment(**variables: str) -> dict[str, str]:
    """The environment of this process, without what would make a difference, and with `variables`."""
    hidden = ("OPENAI_", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "TERM", "COVERAGE_", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return {**kept, "NO_PROXY": "*", **variables}


def run(
    *arguments: str, stdin: bytes = b"", stdout: int | IO[bytes] = subprocess.PIPE, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command line in a process of its own."""
    return subprocess.run(
        [*COMMAND, *arguments],
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=environment(**variables),
        timeout=LIMIT,
        check=False,
    )


def run_in_terminal(arguments: Sequence[str], columns: int, **variables: str) -> tuple[int, str]:
    """Run a command line on a terminal of that width; give its exit code and what the terminal saw."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(TERM="xterm", **variables),
        start_new_session=True,
    ) as process:
        os.close(theirs)
        seen = b"".join(chunks(ours))
    os.close(ours)
    return process.returncode, seen.decode().replace("\r\n", "\n")


def chunks(terminal: int) -> Iterator[bytes]:
    """What is written to a terminal, until nobody is left to write: which Linux tells as an error."""
    try:
        while chunk := os.read(terminal, 65536):
            yield chunk
    except OSError:
        return


class Server:
    """The service in memory behind HTTP, which keeps the headers that it was sent."""

    def __init__(self) -> None:
        self.service = MemoryTransport()
        self.headers: list[Pairs] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.headers.append(request.headers)
        return self.service(request).unwrap()


def test_results_in_a_pipe_are_json_lines() -> None:
    ran = run("delete", "resp_chat", "resp_long", "--memory")
    assert ran.returncode == 0
    assert json.decode(ran.stderr)["summary"]["outcomes"] == {"deleted": 2}
    assert {json.decode(line)["id"] for line in ran.stdout.splitlines()} == {"resp_chat", "resp_long"}


def test_who_forgot_the_key_is_told_so_by_the_exit_code_too() -> None:
    ran = run("delete", "resp_chat")
    assert (ran.returncode, ran.stdout) == (14, b"")
    assert json.decode(ran.stderr)["error"] == "NoKey"


def test_results_on_a_terminal_are_a_table() -> None:
    code, seen = run_in_terminal(["cancel", "resp_in_progress", "--memory"], 100)
    assert code == 0
    titles, row = re.sub(r"\x1b\[[0-9;]*m", "", seen).splitlines()
    assert titles.split() == ["ID", "RESULT", "STATUS", "CREATED", "MODEL"]
    assert row.split()[:3] == ["resp_in_progress", "cancelled", "cancelled"]


def test_a_narrow_terminal_loses_columns_but_no_ids() -> None:
    code, seen = run_in_terminal(["samples"], 40, NO_COLOR="1")
    assert code == 0
    assert "MODEL" not in seen
    assert "resp_completed_background" in seen


def test_colours_are_for_terminals_that_want_them() -> None:
    assert "\x1b[32mcompleted" in run_in_terminal(["--memory", "retrieve", "resp_chat"], 100)[1]
    assert "\x1b[32m" not in run_in_terminal(["--memory", "retrieve", "resp_chat"], 100, NO_COLOR="1")[1]
    assert b"\x1b" not in run("retrieve", "resp_chat", "--table", "--memory").stdout


def test_with_a_key_a_server_is_asked_and_told_who_asks() -> None:
    server = Server()
    with serving(server) as url:
        ran = run(
            "cancel",
            "resp_queued",
            "--organization",
            "org_1",
            OPENAI_API_KEY=KEY,
            OPENAI_BASE_URL=url,
            OPENAI_PROJECT_ID="proj_1",
        )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert json.decode(ran.stdout)["status"] == "cancelled"
    headers = {name.lower(): value for name, value in server.headers[0]}
    assert headers["authorization"] == f"Bearer {KEY}"
    assert (headers["openai-organization"], headers["openai-project"]) == ("org_1", "proj_1")


def test_a_base_url_goes_before_the_environment_and_needs_no_key() -> None:
    server = Server()
    with serving(server) as url, refusing() as nobody:
        ran = run("delete", "--yes", "--base-url", url, "-", stdin=b"resp_chat\nresp_long\n", OPENAI_BASE_URL=nobody)
    assert ran.returncode == 0
    assert len(ran.stdout.splitlines()) == 2
    assert all(name.lower() != "authorization" for headers in server.headers for name, _ in headers)


def test_all_pages_of_a_server_are_followed() -> None:
    with serving(Server()) as url:
        ran = run("input-items", "resp_long", "--all", "--order", "asc", OPENAI_API_KEY=KEY, OPENAI_BASE_URL=url)
    assert ran.returncode == 0
    assert [json.decode(line)["id"] for line in ran.stdout.splitlines()] == [f"msg_long_{n:03d}" for n in range(1, 251)]


def test_a_server_that_is_not_there_is_code_4() -> None:
    with refusing() as url:
        ran = run("delete", "resp_1", "--retries", "0", OPENAI_API_KEY=KEY, OPENAI_BASE_URL=url)
    assert ran.returncode == 4
    assert json.decode(ran.stdout)["error"]["code"] == "refused"
    assert "is the base URL right" in json.decode(ran.stderr)["note"]


@pytest.mark.parametrize("form", ["--json", "--table"])
def test_a_key_that_a_server_echoes_is_not_shown(form: str) -> None:
    def echo(request: HttpRequest) -> HttpResponse:
        return json_response({"error": {"message": f"Incorrect API key: {dict(request.headers)}"}}, status=401)

    with serving(echo) as url:
        ran = run("delete", "resp_1", form, OPENAI_API_KEY=KEY, OPENAI_BASE_URL=url)
    assert ran.returncode == 7
    assert b"Incorrect API key" in (ran.stdout if form == "--json" else ran.stderr)
    assert KEY.encode() not in ran.stdout + ran.stderr


def test_a_key_that_cannot_be_one_is_refused_and_not_shown() -> None:
    ran = run("delete", "resp_1", OPENAI_API_KEY=f"{KEY}\n")
    assert (ran.returncode, ran.stdout) == (3, b"")
    assert KEY.encode() not in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_reader_that_goes_away_ends_it_quietly_with_141() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as gone:
        ran = run("input-items", "resp_long", "--all", "--memory", stdout=gone)
    assert (ran.returncode, ran.stderr) == (141, b"")


def test_help_for_a_reader_that_goes_away_is_141_too() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as gone:
        ran = run("--help", stdout=gone)
    assert (ran.returncode, ran.stderr) == (141, b"")


def test_a_usage_error_that_nobody_hears_is_2_all_the_same() -> None:
    with open("/dev/full", "wb") as full:
        ran = subprocess.run([*COMMAND, "bogus"], stderr=full, env=environment(), timeout=LIMIT, check=False)
    assert ran.returncode == 2


@pytest.mark.parametrize("arguments", [["samples"], ["--help"], ["samples", "--table"]], ids=" ".join)
def test_a_full_disk_is_said_and_is_code_74(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        ran = run(*arguments, stdout=full)
    assert ran.returncode == 74
    assert b"cannot write: No space left on device" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    # In the form of what could not be written: help is text.
    assert ran.stderr.startswith(b"{" if arguments == ["samples"] else b"puresponse: ")


@pytest.mark.parametrize(
    ("closing", "code", "said"),
    [
        ("<&-", 74, b"cannot read ids: standard input is closed"),
        (">&-", 74, b"standard output is closed"),
        ("2>&-", 6, b""),
        ("0<>/dev/null", 0, b""),
        ("0>/dev/null", 74, b"cannot read ids"),
    ],
)
def test_streams_that_are_closed(closing: str, code: int, said: bytes) -> None:
    ids = "resp_nowhere" if closing == "2>&-" else "-"
    command = f'exec "$@" delete {ids} --memory {closing}'
    ran = subprocess.run(
        ["sh", "-c", command, "sh", *COMMAND], env=environment(), capture_output=True, timeout=LIMIT, check=False
    )
    assert ran.returncode == code
    assert said in ran.stderr
    assert b"Traceback" not in ran.stderr


def test_ctrl_c_ends_it_at_once_and_says_what_was_under_way() -> None:
    asked, answered = Event(), Event()

    def stall(request: HttpRequest) -> HttpResponse:
        asked.set()
        answered.wait(LIMIT)
        return HttpResponse(status=500)

    with serving(stall) as url:
        process = subprocess.Popen(
            [*COMMAND, "delete", "--yes", "resp_1", "resp_2", "--base-url", url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        )
        assert asked.wait(LIMIT)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT)
        answered.set()
    # As of the signal itself: a shell reports it as 130, and ends its loop.
    assert process.returncode == -signal.SIGINT
    told = {value["id"]: value["outcome"] for value in map(json.decode, out.splitlines())}
    assert told in ({"resp_1": "in_flight", "resp_2": "in_flight"}, {"resp_1": "in_flight"}, {"resp_2": "in_flight"})
    assert json.decode(err)["summary"]["stopped"] == "Ctrl-C"


def test_outcomes_are_shown_as_they_come() -> None:
    answered = Event()

    def service(request: HttpRequest) -> HttpResponse:
        if request.path.endswith("slow"):
            answered.wait(LIMIT)
        return json_response({"id": request.path, "deleted": True})

    with (
        serving(service) as url,
        subprocess.Popen(
            [*COMMAND, "delete", "--yes", "slow", "fast", "--base-url", url], stdout=subprocess.PIPE, env=environment()
        ) as process,
    ):
        assert process.stdout is not None
        first = process.stdout.readline()
        answered.set()
        assert json.decode(first)["id"].endswith("fast")
        assert json.decode(process.stdout.read())["id"].endswith("slow")
    assert process.returncode == 0


def test_a_thousand_ids_go_through() -> None:
    server = Server()
    lines = b"".join(b"resp_%d\n" % number for number in range(1000))
    with serving(server) as url:
        ran = run("delete", "-", "--yes", "--base-url", url, stdin=lines)
    assert ran.returncode == 6
    assert {json.decode(line)["id"] for line in ran.stdout.splitlines()} == set(lines.decode().split())


def modules_after(*arguments: str, **variables: str) -> set[str]:
    """The modules that are loaded when a command line has run."""
    program = "import sys; from puresponse.cli import main; main(); print('#', *sys.modules, file=sys.stderr)"
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment(**variables),
        capture_output=True,
        timeout=LIMIT,
        check=True,
    )
    return set(ran.stderr.decode().rpartition("#")[2].split())


HEAVY = {
    "rich",
    "pydantic",
    "typer",
    "urllib3",
    "asyncio",
    "concurrent.futures",
    "http.client",
    "dataclasses",
    "sqlite3",
    "puresponse.cli.bulk.many",
    "puresponse.transports.batch.many",
}
"""What no command needs that is about one response, in memory, and shows it as JSON."""

LIBRARY = {"msgspec", "returns", "puresponse.codecs", "puresponse.core", "puresponse.transports"}


OF_CASSETTES = [["cassette", name] for name in CASSETTE_COMMANDS]


@pytest.mark.parametrize(
    "before", [[], *([name] for name in COMMANDS), *OF_CASSETTES, ["conversations", "create"]], ids=" ".join
)
def test_help_needs_nothing_but_click(before: list[str]) -> None:
    loaded = modules_after(*before, "--help")
    assert "click" in loaded
    assert loaded & (HEAVY | LIBRARY) == set()


def test_the_version_needs_nothing_but_click() -> None:
    assert modules_after("--version") & (HEAVY | LIBRARY) == set()


@pytest.mark.parametrize("words", ["puresponse ca", "puresponse cancel --re"])
def test_completing_needs_nothing_but_click(words: str) -> None:
    number = str(len(words.split()) - 1)
    completing = {"_PURESPONSE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": number}
    assert modules_after(**completing) & (HEAVY | LIBRARY) == set()


@pytest.mark.parametrize(
    "arguments",
    [["cancel", "resp_in_progress"], ["delete", "resp_chat"], ["audit", "resp_chat"], ["input-items", "resp_long"]],
    ids=" ".join,
)
def test_a_command_in_a_pipe_loads_neither_rich_nor_what_it_does_not_send_with(arguments: list[str]) -> None:
    loaded = modules_after("--memory", *arguments)
    assert "puresponse.transports.memory.transport" in loaded
    assert loaded & HEAVY == set()


def test_a_table_is_what_loads_rich() -> None:
    assert "rich.table" in modules_after("--memory", "--table", "cancel", "resp_in_progress")


def test_the_version_is_that_of_the_package() -> None:
    ran = run("--version")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert re.fullmatch(rb"puresponse (\d+\.\d+\.\d+\S*|\(not installed\))\n", ran.stdout)


def test_a_shell_completes_commands_and_options() -> None:
    ran = run(_PURESPONSE_COMPLETE="bash_complete", COMP_WORDS="puresponse can", COMP_CWORD="1")
    assert ran.stdout.split() == [b"plain,cancel"]
    ran = run(_PURESPONSE_COMPLETE="bash_complete", COMP_WORDS="puresponse cancel --retri", COMP_CWORD="2")
    assert ran.stdout.split() == [b"plain,--retries"]


def test_without_the_extra_one_line_says_how_to_install_it(tmp_path: Path) -> None:
    (package,) = puresponse.cli.__path__
    (tmp_path / "puresponse").mkdir()
    (tmp_path / "puresponse" / "cli").symlink_to(package)
    ran = subprocess.run(
        # -S: no site-packages, and so no click.
        [sys.executable, "-S", "-m", "puresponse.cli", "delete", "x"],
        env=environment(PYTHONPATH=str(tmp_path)),
        capture_output=True,
        timeout=LIMIT,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr == b"puresponse: the command line needs click and rich: pip install 'puresponse[cli]'\n"
