"""Writes how an item of each kind, each kind of tool, and a whole response are shown, as text and as HTML.

    PYTHONPATH=tests/support .venv/bin/python tests/scripts/write_shown_kinds.py

A test compares `tests/codecs/shown_kinds.txt` with what is shown. Write it anew after a change of `codecs/rendering/`,
and read the difference: is it what was meant?
"""

from __future__ import annotations

from shown_kinds import FILE, shown_kinds

if __name__ == "__main__":
    FILE.write_text(shown_kinds())
