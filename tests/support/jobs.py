"""What the jobs of a newcomer need: a service with many responses that can be held, and the command line beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from threading import Event, Lock
from typing import Any

from msgspec import json

from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports import FaultPlan, MemoryTransport
from puresponse.transports.memory.service import State, stored
from puresponse.transports.testing.stub import json_response

COMMAND = [sys.executable, "-m", "puresponse.cli"]
LIMIT = 60.0

SOON = 1.0
"""Seconds in which a run ends after Ctrl-C, as is promised."""

KEY = "sk-of-the-tests"


def ids_of(count: int) -> list[str]:
    """That many ids."""
    return [f"resp_{number:04d}" for number in range(count)]


def written(path: Path, ids: Iterable[str]) -> str:
    """The ids in a file, one a line."""
    path.write_text("".join(f"{response_id}\n" for response_id in ids))
    return str(path)


class Service:
    """The service in memory with these responses, behind HTTP: it wants the key, and meets faults as they are planned.

    From the request `hold_at` on it answers nothing until it is `released`.
    """

    def __init__(self, ids: Collection[str], faults: FaultPlan | None = None, hold_at: int | None = None) -> None:
        state = State()
        for response_id in ids:
            item = {"id": f"msg_{response_id}", "type": "message", "role": "user", "content": "Hello"}
            body: dict[str, Any] = {"id": response_id, "object": "response", "status": "completed"}
            usage = {
                "input_tokens": 3,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": 4,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": 7,
            }
            state = state.having(stored(body | {"usage": usage, "output": []}, [item]))
        self.memory = MemoryTransport(state, faults=faults, keep_requests=False)
        self.asked: list[str] = []
        self.reached, self.released = Event(), Event()
        self._hold_at = hold_at
        self._lock = Lock()

    @property
    def left(self) -> set[str]:
        """The ids of the responses that are there."""
        return set(self.memory.state.responses)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self._lock:
            self.asked.append(f"{request.method} {request.path}")
            number = len(self.asked)
        if self._hold_at is not None and number >= self._hold_at:
            self.reached.set()
            self.released.wait(LIMIT)
        if {name.lower(): value for name, value in request.headers}.get("authorization") != f"Bearer {KEY}":
            error = {
                "message": "Incorrect API key provided.",
                "type": "invalid_request_error",
                "code": "invalid_api_key",
            }
            return json_response({"error": error}, status=401)
        return self.memory(request).unwrap()


def environment(url: str, key: str = KEY) -> dict[str, str]:
    """The environment of this process, with the service and the key, and without what would make a difference."""
    hidden = ("OPENAI_", "PURESPONSE_", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "TERM", "COVERAGE_", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return {**kept, "NO_PROXY": "*", "OPENAI_BASE_URL": url, "OPENAI_API_KEY": key}


class Ran:
    """What a command line in a pipe said."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code = code
        self.values: list[Any] = [json.decode(line) for line in out.splitlines()]
        told: list[Any] = [json.decode(line) for line in err.splitlines()]
        summaries: list[dict[str, Any]] = [one["summary"] for one in told if "summary" in one]
        self.summary = summaries[-1] if summaries else {}

    def ids(self, outcome: str) -> set[str]:
        """The ids with an outcome."""
        return {value["id"] for value in self.values if value["outcome"] == outcome}


def in_pipe(*arguments: str, url: str, key: str = KEY, stdin: bytes = b"") -> Ran:
    """Run a command line in a pipe to its end."""
    done = subprocess.run(
        [*COMMAND, *arguments], input=stdin, capture_output=True, env=environment(url, key), timeout=LIMIT, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)
