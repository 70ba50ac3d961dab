"""Functions called in processes in which nothing of puresponse was loaded or built yet: the side of the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PATIENCE = 40.0
"""Seconds for what takes less than one on a machine that has nothing else to do."""


class DiedError(AssertionError):
    """A process died, or took too long."""


class Fresh:
    """Calls functions of `fresh_tasks.py`, or of another module, each in a process of its own."""

    def __init__(self, zygote: subprocess.Popen[bytes]) -> None:
        self._zygote = zygote

    def call(self, function: str, *arguments: Any, module: str = "fresh_tasks", seconds: float = PATIENCE) -> Any:
        """What the function gives. What it takes and gives is JSON."""
        if self._zygote.stdin is None or self._zygote.stdout is None:
            raise TypeError("a zygote is talked to over pipes")
        task = {"module": module, "function": function, "arguments": arguments, "seconds": seconds}
        self._zygote.stdin.write(json.dumps(task).encode() + b"\n")
        self._zygote.stdin.flush()
        end = json.loads(self._zygote.stdout.readline())
        if end["died"] is not None:
            raise DiedError(f"{function}{arguments}: {end['died']}")
        return end["given"]


@contextmanager
def fresh_processes(*path: Path) -> Generator[Fresh, None, None]:
    """A way to call functions in fresh processes, which find modules in `path` too."""
    places = [str(place) for place in (HERE, HERE.parent / "embedding", HERE.parent / "support", *path)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "COV_"))}
    environment["PYTHONPATH"] = os.pathsep.join(places)
    with subprocess.Popen(
        [sys.executable, str(HERE / "fresh_zygote.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=HERE,
    ) as zygote:
        try:
            yield Fresh(zygote)
        finally:
            zygote.communicate()
