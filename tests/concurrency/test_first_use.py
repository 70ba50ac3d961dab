"""The first use of everything, in many threads at once: every program, call and command, each in a fresh process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from calls import CALLS
from click import Context
from fresh_processes import DiedError, Fresh, fresh_processes
from fresh_tasks import THREADS, WAYS
from programs import PROGRAMS

from puresponse.cli.app import app

IDS = {
    "delete": ["resp_completed", "resp_chat", "resp_long"],
    "cancel": ["resp_queued", "resp_in_progress", "resp_cancelled"],
    "wait": ["resp_completed", "resp_cancelled", "resp_failed"],
    "retrieve": ["resp_chat", "resp_long", "resp_failed"],
    "audit": ["resp_chat", "resp_long", "resp_failed"],
    "show": ["resp_chat", "resp_long", "resp_failed"],
    "export": ["resp_chat", "resp_long", "resp_failed"],
}
"""The commands that take several ids, and three for each."""

OF_TIME = ('{"summary":', "puresponse: each took")
"""How lines begin that say how long a run took."""

FORMS = ("--json", "--table")
TIMES = 20


@pytest.fixture(scope="module")
def fresh() -> Iterator[Fresh]:
    with fresh_processes() as processes:
        yield processes


def check_program(fresh: Fresh, name: str, way: str) -> None:
    told = fresh.call("program", name, way)
    assert len(told) == THREADS + 1
    assert set(told) == {told[-1]}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_comes_to_the_same_in_every_thread_in_all_ways_at_once(fresh: Fresh, name: str) -> None:
    told = fresh.call("program_in_all_ways", name)
    assert list(told) == list(WAYS)
    for outcomes in told.values():
        assert len(outcomes) == THREADS + 1
        assert set(outcomes) == {outcomes[-1]}


def check_call(fresh: Fresh, name: str) -> None:
    told = fresh.call("call", name)
    assert len(told) == THREADS + 1
    assert set(told) == {told[-1]}


@pytest.mark.parametrize("name", [name for name in CALLS if not name.startswith("recorded")])
def test_a_call_gives_the_same_in_every_thread(fresh: Fresh, name: str) -> None:
    check_call(fresh, name)


def lines(told: list[object]) -> list[object]:
    """An exit code, and the lines in whatever order they came, but for those that say how long it took."""
    code, *streams = told
    kept = [[line for line in str(stream).splitlines() if not line.startswith(OF_TIME)] for stream in streams]
    return [code, *map(sorted, kept)]


def check_command(fresh: Fresh, command: str, form: str, folder: Path) -> None:
    arguments = [command, *IDS[command], "--memory"]
    if command != "show":  # which has a form of its own
        arguments.append(form)
    if command == "export":
        arguments += ["--to", str(folder / "exported.jsonl"), "--replace"]
    one_by_one = fresh.call("command", [*arguments, "--concurrency", "1"])
    assert lines(fresh.call("command", arguments)) == lines(one_by_one)
    assert one_by_one[0] in (0, 4)
    assert one_by_one[1]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("command", IDS)
def test_a_command_with_three_ids_says_what_it_says_one_by_one(
    fresh: Fresh, command: str, form: str, tmp_path: Path
) -> None:
    check_command(fresh, command, form, tmp_path)


def test_every_command_that_takes_several_ids_is_tried() -> None:
    context = Context(app)
    commands = {name: app.get_command(context, name) for name in app.list_commands(context)}
    assert {
        name for name, command in commands.items() if command and "ids" in {param.name for param in command.params}
    } == set(IDS)


def test_a_new_interpreter_cancels_three_responses() -> None:
    puresponse = Path(sys.executable).with_name("puresponse")
    done = subprocess.run([puresponse, "--memory", "cancel", *IDS["cancel"]], check=False, capture_output=True)
    assert done.returncode >= 0, done.stderr


def test_a_process_that_dies_is_told(fresh: Fresh) -> None:
    with pytest.raises(DiedError, match="signal SIGSEGV"):
        fresh.call("kill", "SIGSEGV")
    with pytest.raises(DiedError, match="ZeroDivisionError"):
        fresh.call("fail")


def test_a_process_that_hangs_is_told_with_its_stack(fresh: Fresh) -> None:
    with pytest.raises(DiedError, match=r"(?s)signal SIGKILL.*in hang"):
        fresh.call("hang", seconds=0.5)


@pytest.mark.deep
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_comes_to_the_same_twenty_times(fresh: Fresh, name: str, way: str) -> None:
    for _ in range(TIMES):
        check_program(fresh, name, way)


@pytest.mark.deep
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", CALLS)
def test_a_call_gives_the_same_twenty_times(fresh: Fresh, name: str) -> None:
    for _ in range(TIMES):
        check_call(fresh, name)


@pytest.mark.deep
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("command", IDS)
def test_a_command_says_the_same_twenty_times(fresh: Fresh, command: str, form: str, tmp_path: Path) -> None:
    for _ in range(TIMES):
        check_command(fresh, command, form, tmp_path)
