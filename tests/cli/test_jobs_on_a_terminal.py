"""The jobs that a newcomer has with thousands of responses, on a real terminal, where Ctrl-C is a key."""

from __future__ import annotations

import re
import shlex
import signal
import time
from pathlib import Path

from jobs import COMMAND, SOON, Service, environment, ids_of, written
from terminals import CTRL_C, on_terminal

from puresponse.transports import FaultPlan
from puresponse.transports.memory.faults import Refused, Rule
from puresponse.transports.testing.loopback import serving

BAR = r"(\d+)/120 [ \d]\d%"


def test_a_run_shows_how_it_goes_and_ctrl_c_ends_it_and_says_how_to_go_on(tmp_path: Path) -> None:
    ids = ids_of(120)
    service = Service(ids, FaultPlan((Rule(Refused(400), path="*0007", times=1),)), hold_at=80)
    ledger, file = str(tmp_path / "run.db"), written(tmp_path / "ids", ids)
    with serving(service) as url:
        command = [*COMMAND, "delete", "--from", file, "--ledger", ledger]
        with on_terminal(command, environment(url)) as terminal:
            terminal.until("permanently")
            terminal.press(b"y\n")
            # The line of progress: how many, how fast, how long, and what went wrong by kind.
            terminal.until(rf"{BAR}.*/s.*(left|for).*1 failed: ApiError 400")
            terminal.press(CTRL_C)
            began = time.monotonic()
            code = terminal.end()
            assert time.monotonic() - began < SOON
        service.released.set()
        assert code == -signal.SIGINT
        lines = terminal.lines()
        # The table stays as it is: a row for each response, and no line of progress between them.
        rows = [line.split()[1:] for line in lines if line.startswith("resp_")]
        assert {" ".join(row) for row in rows} == {"deleted", "in flight"}
        assert not any(re.search(BAR, line) for line in lines)
        assert sum(line.startswith("puresponse: resp_0007: HTTP 400") for line in lines) == 1
        counted = next(line for line in lines if "stopped (Ctrl-C)" in line)
        assert "1 failed" in counted
        assert "in flight, which may have been done" in counted
        assert any(line.startswith("puresponse: each took p50 ") for line in lines)
        told = next(line for line in lines if line.startswith("puresponse: to go on: "))
        go_on = shlex.split(told.partition("to go on: ")[2])
        assert go_on == ["puresponse", "delete", "--ledger", ledger, "--resume"]
        with on_terminal([*COMMAND, *go_on[1:], "--retry-failed"], environment(url)) as terminal:
            assert terminal.end() == 0
    assert service.left == set()
    assert any(re.fullmatch(r"puresponse: \d+ deleted(, in .*)?", line) for line in terminal.lines())


def test_the_ids_of_a_file_are_counted_before_so_that_the_end_is_in_sight(tmp_path: Path) -> None:
    service = Service(ids_of(40), hold_at=20)
    with serving(service) as url:
        command = [
            *COMMAND,
            "audit",
            "--from",
            written(tmp_path / "ids", ids_of(40)),
            "--output",
            str(tmp_path / "out"),
        ]
        with on_terminal(command, environment(url)) as terminal:
            terminal.until(r"\d+/40 [ \d]\d%")
            service.released.set()
            assert terminal.end() == 0
    assert len((tmp_path / "out").read_text().splitlines()) == 40


def test_a_key_that_is_refused_is_told_to_a_person() -> None:
    service = Service(ids_of(40))
    with serving(service) as url:
        command = [*COMMAND, "audit", *ids_of(40), "--concurrency", "2"]
        with on_terminal(command, environment(url, key="no")) as terminal:
            assert terminal.end() == 7
    assert len(service.asked) <= 2
    assert "puresponse: the server refuses the key: set another, or that of the right project" in terminal.lines()
