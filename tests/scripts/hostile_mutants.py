"""Changes that remove how a misbehaviour of a server is handled: each lets some of tests/hostile fail.

    .venv/bin/python tests/scripts/hostile_mutants.py [part of a name] …

It prints a table: the change, and the behaviours that fail then; and those which no change lets fail. The working tree
is not touched. The exit code is 1 where a change survives, its text is not found once, or a behaviour is left.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
ROOM = "transports/urllib3/"
LIMIT = 240
"""Seconds for all behaviours together, most of which take none."""
SHOWN = 6
"""Names of behaviours in a row of the table."""


class Removal(NamedTuple):
    """`old` becomes `new` in `file`, and what `name` says is not handled."""

    name: str
    file: str
    old: str
    new: str
