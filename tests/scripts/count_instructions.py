"""Counts the instructions of a deletion by hand, with urllib3 and msgspec, and by ours: what no other process disturbs.

    .venv/bin/python tests/scripts/count_instructions.py [hand | ours] …

Each is run twice under `valgrind --tool=callgrind`, with more deletions the second time: the difference is what those
cost. It takes some minutes.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FEW, MANY = 100, 300
WAYS = ("hand", "ours")


def main(*ways: str) -> int:
    """Count for each way, and say what ours is of the one by hand."""
    from benchmarking import loopback_service
    from bodies import DELETED_BODY

    counts: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, loopback_service(Path(folder), delete=DELETED_BODY) as port:
        for way in ways or WAYS:
            few, many = (counted(way, port, calls, Path(folder)) for calls in (FEW, MANY))
            counts[way] = (many - few) / (MANY - FEW)
            print(f"{way}: {counts[way]:,.0f} instructions a deletion", flush=True)
    if counts.keys() >= set(WAYS):
        print(f"ours is {counts['ours'] / counts['hand']:.3f} of the one by hand")
    return 0


def counted(way: str, port: int, calls: int, folder: Path) -> int:
    """The instructions of a process that makes so many calls."""
    command = [sys.executable, str(Path(__file__)), "--calls", way, str(port), str(calls)]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "0", "PYTHONSAFEPATH": "1", "NO_PROXY": "*"}
    subprocess.run(command, check=True, env=environment)  # compiles what is not compiled yet
    counting = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder / 'callgrind.out'}"]
    done = subprocess.run([*counting, *command], capture_output=True, text=True, check=True, env=environment)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        raise RuntimeError(done.stderr)
    return int(found[1])


def delete(way: str, port: int, calls: int) -> None:
    """Make so many calls."""
    from bodies import RESPONSE_ID
    from test_call_cost import HandWrittenDeleted, by_hand, plain

    from puresponse.core import delete_response, value_or_raise
    from puresponse.transports import Urllib3Transport, run

    if way == "hand":
        call = by_hand(plain(port), "DELETE", f"/delete/responses/{RESPONSE_ID}", None, HandWrittenDeleted)
        for _ in range(calls):
            call()
        return
    with Urllib3Transport(api_key="sk-benchmark", base_url=f"http://127.0.0.1:{port}/delete") as transport:
        for _ in range(calls):
            value_or_raise(run(delete_response(RESPONSE_ID), transport))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests" / "benchmarks"))
    if sys.argv[1:2] == ["--calls"]:
        delete(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
        sys.exit(0)
    sys.exit(main(*sys.argv[1:]))
