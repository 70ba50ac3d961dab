"""The built site, for the tests that look at it: built where it is not as the sources are."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

from site_build import OUT, SITE


@cache
def site() -> Path:
    """Build what has changed since `tests/run docs`, and return the folder."""
    command = [sys.executable, str(SITE / "site_build.py"), "--changed"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return OUT


def pages() -> list[str]:
    """The addresses of all pages of the site, from its root, but the playground and a transcript, as they are made."""
    found = [path.relative_to(site()).as_posix() for path in site().rglob("*.html")]
    return sorted(set(found) - {"playground/index.html", "pictures/transcript.html"})
