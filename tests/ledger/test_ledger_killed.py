"""Batches that are killed with -9 at any moment, and carried out again: see `killed_batch`, which compares."""

import subprocess
import sys
from pathlib import Path

import pytest

BATCH = Path(__file__).parent / "killed_batch.py"


def kills(folder: Path, mode: str, points: str) -> tuple[int, int]:
    """How much happens in a batch, and how many batches were killed. Fails where anything was wrong."""
    command = [sys.executable, str(BATCH), str(folder), mode, points]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    happened, killed = done.stdout.split()
    return int(happened), int(killed)


@pytest.mark.parametrize(("mode", "points"), [("threads", 6), ("one", 4), ("tasks", 4)])
def test_a_batch_that_is_killed_goes_on_and_does_nothing_unsafe_twice(tmp_path: Path, mode: str, points: int) -> None:
    happened, killed = kills(tmp_path, mode, str(points))
    assert happened > 100
    assert killed >= points - 1


@pytest.mark.deep
@pytest.mark.timeout(900)
@pytest.mark.parametrize("mode", ["threads", "one", "tasks"])
def test_a_batch_that_is_killed_at_any_moment_goes_on(tmp_path: Path, mode: str) -> None:
    happened, killed = kills(tmp_path, mode, "all")
    assert killed > 0.9 * happened > 90
