"""Writes tests/core/checkpoints/format-N.json: what this version saves, for later versions to read.

To be run once for each format, when it is new. A file that is there is left alone.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from msgspec import json

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "embedding"))


def main() -> None:
    """Write the frames, and the checkpoints of every step of the catalogue."""
    from catalogue import NAMES, PROGRAMS, Host, Program
    from checkpoint_frames import frames

    from puresponse.core import save_checkpoint
    from puresponse.core.interchange.checkpoints import FORMAT

    path = ROOT / "tests" / "core" / "checkpoints" / f"format-{FORMAT}.json"
    if path.exists():
        sys.exit(f"{path.relative_to(ROOT)} is there, and stays as it is")
    written: dict[str, str] = {}

    def between(program: Program, elapsed: float) -> Program:
        data = save_checkpoint(program, elapsed=elapsed, names=NAMES).unwrap()
        shape = re.sub(r"[0-9]+", "0", repr(program))
        if len(data) < 4_000:
            written.setdefault(shape, data.decode())  # steps that differ in numbers alone show nothing new
        return program

    for make in PROGRAMS.values():
        Host(between).run(make())
    lines = ",\n".join(written.values())
    path.write_text(f'{{"frames": {json.encode(frames()).decode()},\n"checkpoints": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
