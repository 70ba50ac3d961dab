"""The entry point, in this process: what it makes of the process's streams."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from typing_extensions import Buffer

from puresponse.cli import main
from puresponse.cli.execute import give_up
from puresponse.cli.failures import ExitCode
from puresponse.cli.output import Sentences
from puresponse.cli.streams import Stopped, read_ids, write


@pytest.fixture(autouse=True)
def signals_and_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def arguments(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    given = ["puresponse"]
    monkeypatch.setattr(sys, "argv", given)
    return given


def test_main_runs_the_command_line_of_the_process(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    arguments += ["delete", "resp_chat", "--memory"]
    assert main() == 0
    assert capfd.readouterr() == ('{"id":"resp_chat","outcome":"deleted"}\n', "")


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "puresponse.cli", "retrieve", "resp_nowhere", "--memory"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (6, b"")


def test_the_version_of_what_is_installed(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    arguments.append("--version")
    try:
        expected = version("puresponse")
    except PackageNotFoundError:
        expected = "(not installed)"
    assert main() == 0
    assert capfd.readouterr().out == f"puresponse {expected}\n"


def test_the_version_of_what_is_not_installed(
    arguments: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments.append("--version")
    import_module("rich")
    assert main() == 0  # loads all that it takes
    capfd.readouterr()
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "meta_path", [])
    assert main() == 0
    assert capfd.readouterr().out == "puresponse (not installed)\n"


def test_a_signal_that_is_ignored_stays_ignored(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    arguments += ["samples", "--table"]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert main() == 0
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    assert capfd.readouterr().err == ""


def test_ctrl_c_is_left_to_the_system(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    arguments.append("samples")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    assert main() == 0
    assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("package", ["click", "rich"])
def test_a_package_that_is_missing_is_named(
    package: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    assert main() == 2
    said = f"puresponse: the command line needs {package}: pip install 'puresponse[cli]'\n"
    assert capfd.readouterr() == ("", said)
    monkeypatch.setattr(sys, "stderr", None)
    assert main() == 2


def test_a_closed_output_is_said(
    arguments: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments.append("samples")
    monkeypatch.setattr(sys, "stdout", None)
    assert main() == 74
    assert capfd.readouterr().err == "puresponse: standard output is closed\n"


def test_without_streams_there_is_nobody_to_tell(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    arguments += ["delete", "-", "--memory"]
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main() == 74


@pytest.mark.parametrize("what", [["samples", "--table"], ["--help"]], ids=" ".join)
def test_a_full_disk_ends_it_with_74_and_is_not_written_to_again(
    what: list[str], arguments: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments += what
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main() == 74
        # Closing flushes what is left, which would fail on a full disk.
    assert capfd.readouterr().err == "puresponse: cannot write: No space left on device\n"


def test_a_reader_that_is_gone_needs_no_telling() -> None:
    assert give_up(Stopped(ExitCode.BROKEN_PIPE), Sentences(), io.TextIOWrapper(io.BytesIO())) == 141


def test_a_complaint_that_cannot_be_written_changes_nothing() -> None:
    with open("/dev/null") as unwritable:
        assert give_up(Stopped(ExitCode.LOCAL_IO, "cannot write"), Sentences(), unwritable) == 74


def test_what_an_encoding_lacks_is_escaped() -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding="ascii")
    write(stream, "é…")
    assert written.getvalue() == b"\\xe9\\u2026"


class Dribble(io.RawIOBase):
    """A stream that takes three bytes at a time."""

    name = "dribble"

    def __init__(self) -> None:
        self.taken = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        self.taken += bytes(data)[:3]
        return min(3, len(bytes(data)))


def test_a_stream_that_takes_little_at_a_time_gets_everything() -> None:
    raw = Dribble()
    # As the interpreter does it where PYTHONUNBUFFERED is set.
    write(io.TextIOWrapper(raw, encoding="utf-8", write_through=True), "0123456789")
    assert raw.taken == b"0123456789"


def test_a_reader_that_went_away_stops_the_writing() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with suppress(BrokenPipeError), open(writing, "w") as gone:
        with pytest.raises(Stopped) as stopping:
            write(gone, "x")
        assert (stopping.value.code, stopping.value.reason) == (141, None)
        # What is left is tried again when the stream is closed, which is the error that is suppressed.


def test_an_input_that_cannot_be_read_stops_the_reading() -> None:
    with open("/dev/null", "wb") as unreadable, pytest.raises(Stopped) as stopping:
        list(read_ids(["-"], unreadable))
    assert stopping.value.code == 74
    assert str(stopping.value).startswith("cannot read ids: ")


def test_a_module_that_is_imported_runs_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    import_module("puresponse.cli.__main__")
    assert capfd.readouterr() == ("", "")
