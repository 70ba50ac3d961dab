"""What importing the library costs beside importing its parts: CPU time of new processes that have their bytecode."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.benchmark

BOUND = 1.15
BOUND_OF_TYPES = 1.65

PARTS = "import msgspec, returns.result"
CORE = "import puresponse.core"
ONE = "from puresponse.core import cancel_response"
TYPES = "import puresponse.core\nfrom puresponse.codecs import *"
EVERYTHING = "from puresponse.core import *\nfrom puresponse.codecs import *"


def seconds(code: str, bytecode: Path) -> float:
    program = f"import time\nstarted = time.process_time()\n{code}\nprint(time.process_time() - started)"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    return float(done.stdout)


def test_importing_costs_hardly_more_than_the_parts(tmp_path: Path) -> None:
    times = dict.fromkeys((PARTS, CORE, ONE, TYPES, EVERYTHING), float("inf"))
    for _ in range(30):
        for code in times:
            times[code] = min(times[code], seconds(code, tmp_path))
    for code, took in times.items():
        ratio = took / times[PARTS]
        print(f"{'; '.join(code.splitlines())}: {took * 1e3:.1f} ms, {ratio:.3f} x msgspec and returns.result")
    assert times[CORE] <= BOUND * times[PARTS]
    assert times[TYPES] <= BOUND_OF_TYPES * times[PARTS]
