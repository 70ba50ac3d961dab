"""A program that is killed with its process, resumed in another, and replayed as a whole from its cassette."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from killed_recording import SCRIPT, START, program
from places import ROOT

from puresponse import CassetteTransport, MemoryTransport, Recording, VirtualClock, run

CHILD = ROOT / "tests" / "support" / "killed_recording.py"


def carried_out(folder: Path, sends: int, when: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CHILD), str(folder), str(sends), when]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def uninterrupted() -> tuple[object, list[str]]:
    """What the program comes to in one process, and what it asks."""
    clock = VirtualClock(now=START)
    service = MemoryTransport(script=SCRIPT, clock=clock)
    result = run(program(), service, clock=clock)
    return result, [f"{request.method} {request.path}" for request in service.requests]


def asked(recordings: tuple[Recording, ...]) -> list[str]:
    return [f"{recording.request.method} {recording.request.path}" for recording in recordings]


@pytest.mark.parametrize(
    "kills",
    [
        [(1, "before"), (3, "after")],  # at first it was created, and nobody knows its id but the cassette
        [(3, "before")],
    ],
)
def test_a_program_killed_and_resumed_is_replayed_as_a_whole(tmp_path: Path, kills: list[tuple[int, str]]) -> None:
    for sends, when in kills:
        killed = carried_out(tmp_path, sends, when)
        assert (killed.returncode, killed.stderr) == (-signal.SIGKILL, "")
        assert not (tmp_path / "a.json").exists()
    ended = carried_out(tmp_path, -1, "never")
    assert (ended.returncode, ended.stderr) == (0, "")

    result, requests = uninterrupted()
    assert ended.stdout.strip() == str(result)
    cassette = CassetteTransport.replaying(tmp_path / "a.json")
    assert run(program(), cassette, clock=VirtualClock(now=START)) == result
    assert (cassette.unused, cassette.misses) == ((), ())
    # What changes something was asked once, however often the program was killed; polls may be fewer.
    assert changes(asked(cassette.recordings)) == changes(requests)
    assert not (tmp_path / "a.json.partial").exists()


def changes(requests: list[str]) -> list[str]:
    return [request for request in requests if not request.startswith("GET ")]
