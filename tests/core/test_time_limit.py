"""A test that hangs fails, and shows where: every test has a time limit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

HANGING = """
import threading

def test_that_hangs():
    threading.Event().wait()

def test_that_comes_after_it():
    pass
"""


def test_every_test_has_a_time_limit(pytestconfig: pytest.Config) -> None:
    assert 60 <= float(str(pytestconfig.getini("timeout"))) <= 600


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "in a worker"])
def test_a_test_that_hangs_fails_with_its_stack_and_the_others_run(tmp_path: Path, workers: tuple[str, ...]) -> None:
    (tmp_path / "test_hanging.py").write_text(HANGING)
    settings = (
        "-c",
        str(ROOT / "pyproject.toml"),
        "--rootdir",
        str(tmp_path),
        "-o",
        "timeout=1",
        "-p",
        "no:cacheprovider",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *settings, *workers, str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert "1 failed, 1 passed" in done.stdout
    assert "threading.Event().wait()" in done.stdout
    assert "Timeout" in done.stdout
