"""What importing the core costs beside importing what it is made of, in fresh processes."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.benchmark

BOUND = 1.15
PARTS = "import msgspec, returns.result"
EVERYTHING = """
import puresponse.core
for name in dir(puresponse.core): getattr(puresponse.core, name)
"""


def seconds(code: str) -> float:
    program = f"import time\nstarted = time.perf_counter()\n{code}\nprint(time.perf_counter() - started)"
    return float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


def test_importing_the_core_costs_hardly_more_than_its_parts() -> None:
    codes = {
        "parts": PARTS,
        "import puresponse.core": "import puresponse.core",
        "from puresponse.core import cancel_response": "from puresponse.core import cancel_response",
        "every public name of puresponse.core": EVERYTHING,
    }
    times = {name: float("inf") for name in codes}
    for _ in range(20):
        for name, code in codes.items():
            times[name] = min(times[name], seconds(code))
    for name, took in times.items():
        print(f"{name}: {took * 1e3:.1f} ms, {took / times['parts']:.3f} x msgspec and returns.result")
    assert times["import puresponse.core"] <= BOUND * times["parts"]
    assert times["from puresponse.core import cancel_response"] <= BOUND * times["parts"]
