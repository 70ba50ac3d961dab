"""Writes the JSON Schema of a cassette, `docs/cassette.schema.json`, from the structs that read one.

    python tests/scripts/write_cassette_schema.py

A test says when the file is not what this writes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from puresponse.transports.cassette.schema import cassette_schema

PLACE = Path(__file__).resolve().parents[2] / "docs" / "cassette.schema.json"

if __name__ == "__main__":
    PLACE.write_bytes(cassette_schema())
    sys.stdout.write(f"{PLACE.name}\n")
