"""A release of the official client breaks nobody's build: only `tests/run drift` compares with it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODES = (ROOT / "tests" / "run").read_text()


def collected(*options: str) -> list[str]:
    """The tests of the comparison that pytest would run."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *options]
    run = subprocess.run([*command, "tests/drift/test_drift.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    return re.findall(r"^tests/drift/test_drift\.py::\w+", run.stdout, re.MULTILINE)


@pytest.mark.parametrize("expression", ["not benchmark", "deep"])
def test_no_other_mode_compares_with_the_official_client(expression: str) -> None:
    assert collected("-m", expression) == []


def test_the_mode_compares_with_the_official_client() -> None:
    assert len(collected("-m", "drift")) == 4


def test_tests_run_does_not_call_the_mode_unless_it_is_asked_to() -> None:
    calls = re.findall(r"^  (\w+)\) (.*) ;;$", MODES, re.MULTILINE)
    assert [mode for mode, called in calls if "drift" in called] == ["drift"]
    assert {expression for expression in re.findall(r"-m ('[^']+'|\w+) ", MODES) if "drift" in expression} == {"drift"}
