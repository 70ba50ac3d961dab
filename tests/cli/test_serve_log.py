"""`puresponse serve --log`: who is shown the lines, and that they keep nobody waiting."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from queue import Queue
from threading import Event

import httpx2
import pytest
from msgspec import json

from puresponse.cli.commands.serve import Served, listen_as, make_service
from puresponse.cli.failures import ExitCode
from puresponse.cli.serving.line_writer import LineWriter
from puresponse.cli.serving.log import request_log
from puresponse.cli.serving.options import LogForm
from puresponse.cli.streams import Stopped
from puresponse.transports.serving.request_log import LogEntry
from puresponse.transports.serving.server import running

ENTRY = LogEntry(1.75e9, "GET", "/v1/models", (), 200, 0.001, 5, "complete", "req_1")
TEXT = "2025-06-15 15:06:40Z GET /v1/models 200 1.0 ms 5 B req_1\n"


class Terminal(BytesIO):
    def __init__(self, is_one: bool) -> None:
        super().__init__()
        self._is_one = is_one

    def isatty(self) -> bool:
        return self._is_one


@pytest.mark.parametrize(
    ("form", "terminal", "written"),
    [
        ("auto", True, TEXT),
        ("auto", False, ""),
        ("text", False, TEXT),
        ("json", True, f"{ENTRY.as_json()}\n"),
        ("off", True, ""),
    ],
)
def test_lines_are_for_a_terminal_or_for_who_asks_for_them(form: LogForm, terminal: bool, written: str) -> None:
    written_to = Terminal(terminal)
    stream = TextIOWrapper(written_to, encoding="utf-8")
    with request_log(form, None, stream) as log:
        assert (log is None) == (written == "")
        if log is not None:
            log(ENTRY)
    assert written_to.getvalue().decode() == written


@pytest.mark.parametrize(("form", "line"), [("auto", TEXT), ("json", f"{ENTRY.as_json()}\n")])
def test_a_file_is_appended_to(tmp_path: Path, form: LogForm, line: str) -> None:
    file = tmp_path / "log"
    file.write_text("before\n")
    stream = TextIOWrapper(BytesIO())
    with request_log(form, str(file), stream) as log:
        assert log is not None
        log(ENTRY)
    assert file.read_text() == f"before\n{line}"
    assert stream.buffer.seek(0, os.SEEK_END) == 0


@pytest.mark.parametrize(
    ("form", "file", "code", "reason"),
    [
        ("off", "x", ExitCode.USAGE, "--log-file 'x': --log off leaves nothing to be written"),
        ("text", "/nowhere/x", ExitCode.LOCAL_IO, "--log-file: cannot write /nowhere/x: No such file or directory"),
    ],
)
def test_a_file_that_cannot_be_is_told(form: LogForm, file: str, code: ExitCode, reason: str) -> None:
    with pytest.raises(Stopped) as caught, request_log(form, file, TextIOWrapper(BytesIO())):
        pass
    assert (caught.value.code, caught.value.reason) == (code, reason)


def test_a_reader_who_reads_nothing_keeps_nobody_waiting_and_is_told_what_was_left_out() -> None:
    taken, let, written = Event(), Event(), Queue[str]()

    def write(line: str) -> None:
        taken.set()
        assert let.wait(10)
        written.put(line)

    lines = LineWriter(write, waiting=3)
    lines("0")
    assert taken.wait(10)
    for number in range(1, 20):
        lines(str(number))
    lines.close()  # nothing was taken by then, which is waited for only for a moment
    assert written.empty()
    let.set()
    assert [written.get(timeout=10) for _ in range(4)] == ["0\n", "1\n", "2\n", "3\n"]
    lines("20")
    lines.close()
    assert [written.get(timeout=10) for _ in range(2)] == ["(16 lines were left out)\n", "20\n"]


def test_a_log_that_cannot_be_written_stops_nothing() -> None:
    tried: list[str] = []

    def write(line: str) -> None:
        tried.append(line)
        raise OSError("disk full")

    lines = LineWriter(write)
    lines("one")
    lines("two")
    lines.close()
    assert tried == ["one\n", "two\n"]


@pytest.mark.parametrize(("scope", "named"), [("mine", "mine"), ("no name", None), (None, None), ("default", None)])
def test_the_scope_of_a_request_is_logged_where_there_are_scopes(scope: str | None, named: str | None) -> None:
    entries: Queue[LogEntry] = Queue()
    served = Served(port=0, control=True)
    headers = {} if scope is None else {"x-puresponse-scope": scope}
    with running(listen_as(served, make_service(served, {}).application, entries.put)) as server:
        httpx2.get(f"{server.origin}/v1/models", headers=headers)
        assert entries.get(timeout=10).scope == named


def test_the_process_logs_what_it_is_told_to(tmp_path: Path) -> None:
    file = tmp_path / "log"
    command = [sys.executable, "-m", "puresponse.cli", "serve", "--port", "0", "--log", "json", "--log-file", str(file)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().strip()
        assert httpx2.get(f"{url}/models").status_code == 200
        process.terminate()
        assert process.wait(30) == 0
        assert process.stderr.read() == ""
    (line,) = file.read_text().splitlines()
    assert (json.decode(line)["path"], json.decode(line)["status"]) == ("/v1/models", 200)
