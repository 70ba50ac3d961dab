"""New interpreters, for what shows only where nothing was loaded before."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping


def python(*arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
    """What a new interpreter writes, which must end well and complain of nothing."""
    done = subprocess.run(
        [sys.executable, *arguments],
        input=given,
        capture_output=True,
        check=False,
        env=os.environ if environment is None else environment,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-3000:]
    assert done.stderr == b""
    return done.stdout


def printed_by(code: str, *flags: str) -> str:
    """What `code` prints in an isolated interpreter."""
    return python("-I", *flags, "-c", code).decode().strip()


def modules_after(code: str) -> set[str]:
    """The modules that are loaded once an isolated interpreter has run `code`."""
    return set(printed_by(f"{code}\nimport sys\nprint(*sys.modules, sep='\\n')").splitlines())
