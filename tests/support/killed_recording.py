"""A process that carries out a program, saves where it is, records what it is answered, and is killed.

    python killed_recording.py FOLDER SENDS WHEN

It goes on from what is in FOLDER. SIGKILL, which it sends to itself, ends it after so many more requests (`-1`: never):
before the checkpoint that follows the answer is saved (`WHEN` is `before`), or `after`. If it reaches the end it prints
the result. The service is one in memory, whose state is on the disk as soon as it has answered: it outlives its client.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from msgspec import Struct

from puresponse import (
    CassetteRecorder,
    CassetteTransport,
    Done,
    HttpRequest,
    MemoryTransport,
    Operation,
    Recording,
    Reply,
    Response,
    Send,
    VirtualClock,
    Wait,
    WaitPolicy,
    create_response,
    delete_response,
    load_operation,
    save_checkpoint,
    value_or_raise,
    wait_for_response,
)
from puresponse.core import Answer
from puresponse.transports.memory.service.saved_state import dump_state, load_state

START = 1_750_000_000.0
SCRIPT = Reply.text("Done.").lasting(queued=1.0, running=3.0)


class WaitForIt(Struct, frozen=True, tag=True):
    """Waits for a response."""

    def __call__(self, response: Response) -> Operation[Response]:
        return wait_for_response(response, WaitPolicy(deadline=60, jitter=0, factor=1, initial_delay=1))


class DeleteIt(Struct, frozen=True, tag=True):
    """Deletes a response that has ended, and says what it was."""

    def __call__(self, response: Response) -> Operation[tuple[str, str, bool]]:
        return delete_response(response.id).map(Say(response.output_text))


class Say(Struct, frozen=True, tag=True):
    """Says what was deleted."""

    text: str

    def __call__(self, deleted: Any) -> tuple[str, str, bool]:
        return deleted.id, self.text, deleted.deleted


NAMES: dict[str, Any] = {frame.__name__: frame for frame in (WaitForIt, DeleteIt, Say)}
"""The frames that are not the library's."""


def program() -> Operation[tuple[str, str, bool]]:
    """Create a response in the background, wait for it, and delete it."""
    created = create_response(model="gpt-4o-mini", input="Take your time.", background=True)
    return created.bind(WaitForIt()).bind(DeleteIt())


class LastingService:
    """The service in memory, with its state in a file."""

    def __init__(self, file: Path, clock: VirtualClock) -> None:
        self._file = file
        state = load_state(file.read_bytes()) if file.exists() else None
        self._memory = MemoryTransport(state, script=SCRIPT, clock=clock)

    def __call__(self, request: HttpRequest) -> Answer:
        answer = self._memory(request)
        self._file.write_bytes(dump_state(self._memory.state))
        return answer


def recorded_before(path: Path) -> list[Recording]:
    """What the processes recorded that were killed; each left a part."""
    partial = Path(f"{path}.partial")
    parts = sorted(path.parent.glob(f"{path.name}.part-*"))
    if partial.exists() and partial.stat().st_size:
        parts.append(partial.rename(f"{path}.part-{len(parts)}"))
    return [recording for part in parts for recording in CassetteTransport.replaying(part).recordings]


def main(folder: Path, sends: int, when: str) -> None:
    """Go on, and be killed."""
    path, checkpoint = folder / "a.json", folder / "checkpoint.json"
    step: Operation[Any] = program()
    elapsed = 0.0
    if checkpoint.exists():
        saved = value_or_raise(load_operation(checkpoint.read_bytes(), names=NAMES))
        step, elapsed = saved.program, saved.elapsed
    clock = VirtualClock(now=START + elapsed)
    service = LastingService(folder / "state.json", clock)
    with CassetteRecorder(service, path, known=recorded_before(path)) as recorder:
        while not isinstance(step, Done):
            if isinstance(step, Send):
                step = step.resume(recorder(step.request))
                sends -= 1
                if sends == 0 and when == "before":
                    os.kill(os.getpid(), signal.SIGKILL)
            elif isinstance(step, Wait):
                clock.sleep(step.seconds)
                step = step.resume(clock.now - START)
            saved_now = value_or_raise(save_checkpoint(step, elapsed=clock.now - START, names=NAMES))
            checkpoint.write_bytes(saved_now)
            if sends == 0 and when == "after":
                os.kill(os.getpid(), signal.SIGKILL)
    print(step.result)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
