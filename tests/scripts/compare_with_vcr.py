"""Records ten programs by VCR.py and by this library, and writes what was measured into docs/coming-from/vcr.md.

    python tests/scripts/compare_with_vcr.py [--record]

The programs are in tests/cassettes_beside_vcr. With `--record` their cassettes are recorded anew, from the service in
memory on a socket. A test says when the page has not what is measured, but for the times.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BESIDE = ROOT / "tests" / "cassettes_beside_vcr"
PAGE = ROOT / "docs" / "coming-from" / "vcr.md"
TABLE = re.compile(r"^\| program \|.*?\n(?!\|)", re.MULTILINE | re.DOTALL)
"""The table in the page."""

sys.path.insert(0, str(BESIDE))


def record() -> None:
    """Record all cassettes anew, each library from a service of its own."""
    from served_service import KEY, served

    without = {name: value for name, value in os.environ.items() if name != "CI"}
    for module, options, variables in (
        ("test_with_vcr.py", (), {"VCR_RECORD_MODE": "all"}),
        ("test_with_puresponse.py", ("--cassette-mode=all",), {}),
    ):
        with served() as url:
            environment = {**without, **variables, "OPENAI_BASE_URL": url, "OPENAI_API_KEY": KEY}
            command = [sys.executable, "-m", "pytest", "-q", str(BESIDE / module), *options]
            subprocess.run(command, env=environment, check=True)


def table() -> str:
    """The table, as it is measured now."""
    import test_with_puresponse as with_puresponse
    import test_with_vcr as with_vcr
    from measures import PROGRAMS, clients, counted_row, lines, seconds

    theirs, ours = lines(with_vcr), lines(with_puresponse)
    rows = [
        "| program | lines: VCR.py | here | bytes: VCR.py | here | changed: VCR.py | matching bodies | here "
        "| ms: VCR.py | here |",
        "|---|--:|--:|--:|--:|---|--:|--:|--:|--:|",
    ]
    with clients() as (client, live):
        for name in PROGRAMS:
            cells = counted_row(name, client, live)
            times = [f"{1000 * one:.1f}" for one in seconds(name, client, live)]
            rows.append(f"| {' | '.join([*cells, *times])} |")
    rows.append(f"| what all share | {theirs['']} | {ours['']} | | | | | | | |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    if "--record" in sys.argv[1:]:
        record()
    page = PAGE.read_text()
    written, count = TABLE.subn(lambda _: table(), page)
    if count != 1:
        sys.exit(f"{PAGE.relative_to(ROOT)} has {count} tables of programs, not 1")
    PAGE.write_text(written)
