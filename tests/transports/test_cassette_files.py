"""The file of a cassette is there whole or as it was, whatever happens to who records it."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports import CassetteRecorder, CassetteTransport, MemoryTransport, StubTransport
from puresponse.transports.cassette.format import Recording, dump_cassette, load_cassette, read_cassette
from puresponse.transports.cassette.partial_file import LeftOverRecording

GET = HttpRequest("GET", "/responses/resp_1")
OLD = dump_cassette([])
NOON = 1_764_158_400.0


def recorder_at(path: Path) -> CassetteRecorder:
    return CassetteRecorder(MemoryTransport(), path)


def record(path: Path) -> None:
    with recorder_at(path) as recorder:
        recorder(GET)


def files(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "a.json"
    place.write_bytes(OLD)
    return place


# What stays


def test_the_mode_stays_and_what_stands_beside_has_it_too(path: Path) -> None:
    path.chmod(0o640)
    recorder = recorder_at(path)
    recorder(GET)
    assert stat.S_IMODE(Path(f"{path}.partial").stat().st_mode) == 0o640
    recorder.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.read_bytes() != OLD


def test_a_symbolic_link_stays_and_what_it_leads_to_is_written(path: Path) -> None:
    link = path.parent / "links" / "b.json"
    link.parent.mkdir()
    link.symlink_to(path)
    record(link)
    assert link.is_symlink()
    assert len(load_cassette(path.read_bytes())) == 1
    assert files(link.parent) == ["b.json"]


def test_a_link_that_leads_nowhere_yet_is_followed(tmp_path: Path) -> None:
    link = tmp_path / "b.json"
    link.symlink_to(tmp_path / "new" / "a.json")
    record(link)
    assert link.is_symlink()
    assert len(CassetteTransport.replaying(link).recordings) == 1


def test_nothing_is_left_beside_a_file_that_was_written(path: Path) -> None:
    record(path)
    assert files(path.parent) == ["a.json"]


def test_a_recorder_that_was_asked_nothing_leaves_nothing_beside(path: Path) -> None:
    recorder = recorder_at(path)
    del recorder
    assert files(path.parent) == ["a.json"]


# What is recorded is on the disk


def test_each_exchange_is_on_the_disk_as_soon_as_it_ended(path: Path) -> None:
    recorder = recorder_at(path)
    for count in (1, 2, 3):
        recorder(GET)
        assert load_cassette(Path(f"{path}.partial").read_bytes()) == recorder.recordings
        assert len(recorder.recordings) == count
    body = recorder.open(HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Hi","stream":true}')).unwrap()
    body.read()
    assert len(load_cassette(Path(f"{path}.partial").read_bytes())) == 3
    body.close()
    assert load_cassette(Path(f"{path}.partial").read_bytes()) == recorder.recordings


def test_a_failing_test_keeps_the_old_file_and_leaves_what_was_recorded(path: Path) -> None:
    def fail() -> None:
        with recorder_at(path) as recorder:
            recorder(GET)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert path.read_bytes() == OLD
    assert [recording.request for recording in load_cassette(Path(f"{path}.partial").read_bytes())] == [GET]


def test_what_an_earlier_recorder_left_is_named_and_kept(path: Path) -> None:
    test_a_failing_test_keeps_the_old_file_and_leaves_what_was_recorded(path)
    left = Path(f"{path}.partial").read_bytes()
    with pytest.warns(LeftOverRecording, match=r"what it recorded is in .*a\.json\.partial\.old$"):
        record(path)
    assert files(path.parent) == ["a.json", "a.json.partial.old"]
    assert Path(f"{path}.partial.old").read_bytes() == left
    assert len(load_cassette(path.read_bytes())) == 1


ENDINGS = {
    "forgotten": "os._exit(0)",
    "term": "os.kill(os.getpid(), signal.SIGTERM)",
    "kill": "os.kill(os.getpid(), signal.SIGKILL)",
}

DYING = """
import os, signal, sys
from puresponse.core import HttpRequest
from puresponse.transports import CassetteRecorder, MemoryTransport
recorder = CassetteRecorder(MemoryTransport(), sys.argv[1])
recorder(HttpRequest("GET", "/responses/resp_1"))
body = recorder.open(HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Hi","stream":true}')).unwrap()
body.read()
"""


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_process_that_dies_loses_nothing_of_the_file_nor_of_what_ended(path: Path, ending: str) -> None:
    done = subprocess.run([sys.executable, "-c", DYING + ENDINGS[ending], str(path)], check=False)
    assert done.returncode == {"forgotten": 0, "term": -signal.SIGTERM, "kill": -signal.SIGKILL}[ending]
    assert path.read_bytes() == OLD
    assert [recording.request for recording in load_cassette(Path(f"{path}.partial").read_bytes())] == [GET]
    with pytest.warns(LeftOverRecording):
        record(path)


def test_two_do_not_record_the_same_cassette_at_once(path: Path) -> None:
    with recorder_at(path) as first:
        first(GET)
        with pytest.raises(BlockingIOError, match=r"is being recorded already.*a\.json"):
            recorder_at(path)
    assert len(load_cassette(path.read_bytes())) == 1
    record(path)


def test_two_processes_do_not_record_the_same_cassette_at_once(path: Path) -> None:
    with recorder_at(path) as first:
        first(GET)
        other = subprocess.run(
            [sys.executable, "-c", DYING, str(path)], check=False, capture_output=True, encoding="utf-8"
        )
        assert other.returncode == 1
        assert "BlockingIOError" in other.stderr
    assert [recording.request for recording in load_cassette(path.read_bytes())] == [GET]


def limit_files(size: int) -> None:
    """Let no file become larger: what a full disk does, but for the number of the error."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def test_a_disk_that_is_full_loses_nothing_and_closing_says_so_until_it_is_saved(path: Path) -> None:
    recorder = CassetteRecorder(StubTransport(lambda _: HttpResponse(status=200, body=b"x" * 9_000)), path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    try:
        limit_files(4_096)
        assert recorder(GET).unwrap().status == 200
        for _ in range(2):
            with pytest.raises(OSError, match="File too large"):
                recorder.close()
        assert path.read_bytes() == OLD
        assert files(path.parent) == ["a.json", "a.json.partial"]
        assert Path(f"{path}.partial").read_bytes() == b""
    finally:
        limit_files(before)
    with pytest.raises(ValueError, match="is closed"):
        recorder(GET)
    recorder.close()
    assert len(load_cassette(path.read_bytes())) == 1
    assert files(path.parent) == ["a.json"]


# Places


def test_a_folder_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match=str(tmp_path)):
        recorder_at(tmp_path)


def test_a_file_that_may_only_be_read_is_refused_at_once(path: Path) -> None:
    path.chmod(0o444)
    with pytest.raises(PermissionError, match=r"the file may only be read.*a\.json"):
        recorder_at(path)
    assert files(path.parent) == ["a.json"]


def test_a_folder_that_cannot_be_made_is_refused_at_once(path: Path) -> None:
    with pytest.raises(OSError, match=r"a\.json"):
        recorder_at(path / "b.json")


def test_a_folder_in_which_nothing_can_be_written_is_refused_at_once() -> None:
    with pytest.raises(OSError, match=r"/proc"):
        recorder_at(Path("/proc/a.json"))


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ValueError, match=r"pipe is no file$"):
        CassetteTransport.replaying(pipe)


# What is read


def damaged(data: bytes) -> str:
    with pytest.raises(ValueError, match=r"^is ") as raised:
        load_cassette(data)
    return str(raised.value)


def test_few_bytes_do_not_become_many() -> None:
    bomb = (
        b'{"version":1,"recordings":[{"request":{"method":"GET","path":"/"},"response":{"status":200,"body":'
        b'{"json":[[[[[[1]]]]]],"indent":99999999}}}]}'
    )
    assert len(bomb) < 155
    tracemalloc.start()
    try:
        assert damaged(bomb).endswith("recordings[0].response.body: indent is 99999999; it is 0, 2 or 4, or left out")
        deep = b"[" * 900 + b"1," * 20_000 + b"1" + b"]" * 900
        entry = (
            b'{"request":{"method":"GET","path":"/"},"response":{"status":200,"body":{"json":%b,"indent":4}}}' % deep
        )
        told = damaged(b'{"version":1,"recordings":[' + b",".join([entry] * 3) + b"]}")
        assert told.endswith("recordings[0].response.body: json would become more than 64 times larger by its indent")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_what_is_deep_and_wide_is_recorded_as_text_and_read_again() -> None:
    deep = json.format(b"[" * 300 + b"1," * 3_000 + b"1" + b"]" * 300, indent=4)
    recordings = (Recording(GET, HttpResponse(status=200, body=deep)),)
    assert load_cassette(dump_cassette(recordings)) == recordings
    assert load_cassette(dump_cassette(recordings, lines=True)) == recordings


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"log":{"version":"1.2","entries":[]}}', "it is a HAR file"),
        (b"interactions:\n- request:\n", "it is one of VCR.py, in YAML"),
        (b'{"interactions":[],"version":1}', "it is one of VCR.py"),
        (b'{"Entries":[],"Variables":{}}', "it is a session record of the .NET client"),
        (b'{"fixtures":[]}', "it is a file of fixtures"),
        (b'{"version":2,"recordings":[]}', "is of version 2, and this library reads version 1"),
        (b'{"version":3}\n{"new":1}\n', "is of version 3, and this library reads version 1"),
    ],
)
def test_what_is_foreign_or_newer_is_named(data: bytes, told: str) -> None:
    assert told in damaged(data)


def test_a_file_that_was_cut_off_says_where_it_ends() -> None:
    data = dump_cassette([Recording(GET, HttpResponse(status=200))])
    assert "it ends after 100 bytes" in damaged(data[:100])


# JSON Lines


def test_the_form_on_lines_has_the_same_recordings() -> None:
    recordings = (
        Recording(GET, HttpResponse(status=200, body=b'{\n  "a": [1]\n}')),
        Recording(GET, HttpResponse(status=404)),
    )
    data = dump_cassette(recordings, lines=True, recorded=NOON)
    first, *rest = data.splitlines()
    assert first == b'{"version":1,"recorded":"2025-11-26T12:00:00Z"}'
    whole: Any = json.decode(dump_cassette(recordings))
    assert [json.decode(line) for line in rest] == whole["recordings"]
    assert read_cassette(data).recordings == recordings
    assert read_cassette(data).recorded == NOON


def cut_off(data: bytes) -> bytes:
    return data[:-5]


def another_status(data: bytes) -> bytes:
    return data.replace(b'"status":404', b'"status":"404"')


def another_indent(data: bytes) -> bytes:
    return data.replace(b'"json":{}', b'"json":{},"indent":7')


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (cut_off, "line 3: Input data was truncated: it ends after"),
        (another_status, "line 3: Expected `int`, got `str` - at"),
        (another_indent, "line 3.response.body: indent is 7"),
    ],
)
def test_damage_on_a_line_names_the_line(change: Any, told: str) -> None:
    recordings = [Recording(GET, HttpResponse(status=200)), Recording(GET, HttpResponse(status=404, body=b"{}"))]
    assert told in damaged(change(dump_cassette(recordings, lines=True)))


def test_a_name_that_ends_so_is_written_on_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    record(path)
    assert len(path.read_bytes().splitlines()) == 2
    assert len(CassetteTransport.replaying(path).recordings) == 1


# The date


def test_the_same_traffic_makes_the_same_bytes_but_for_one_date_at_the_top(tmp_path: Path) -> None:
    def recorded(name: str, now: float) -> list[str]:
        with CassetteTransport.recording(MemoryTransport(), tmp_path / name, now=lambda: now) as recorder:
            recorder(GET)
            recorder(HttpRequest("DELETE", "/responses/resp_chat"))
        return (tmp_path / name).read_text().splitlines()

    first, second = recorded("a.json", NOON), recorded("b.json", NOON + 60)
    assert first[2:4] == ['  "recorded": "2025-11-26T12:00:00Z",', '  "recordings": [']
    assert [line for line in first if line not in second] == [first[2]]
    assert len(first) == len(second)


@pytest.mark.parametrize("date", ["soon", "2025-11-26T12:00:00", "2025-13-01T00:00:00Z"])
def test_a_date_that_is_none_is_damage(date: str) -> None:
    assert f"recorded: '{date}' is no date" in damaged(b'{"version":1,"recorded":"%b","recordings":[]}' % date.encode())
