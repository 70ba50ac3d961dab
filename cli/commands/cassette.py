"""`puresponse cassette`: commands for files of recordings, each in a file of `cli/cassettes`."""

from __future__ import annotations

from ..cassettes import CASSETTE_COMMANDS, PACKAGE
from ..groups import Commands

cassette = Commands(
    "cassette",
    names=CASSETTE_COMMANDS,
    package=PACKAGE,
    help="Show, check, compare, clean, convert and verify recordings: cassettes, and those of VCR.py, HAR and others.",
)
