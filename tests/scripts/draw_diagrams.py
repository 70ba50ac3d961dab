"""Makes the diagrams of docs/pictures: SVG of text in the repository, and of what the code does.

    .venv/bin/python tests/scripts/draw_diagrams.py

| picture | made of |
|---|---|
| response-life.svg | docs/pictures/response-life.toml |
| steps.svg | docs/pictures/steps.toml |
| retry.svg | what `retrying` decides (`draw_retry.py`) |
| resumed-stream.svg | a run on the service in memory (`draw_resumption.py`) |
| rooms.svg | the table of docs/reasons/architecture.md, which a test holds the imports to |
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from draw_life import draw_life
from draw_resumption import carried_out, draw_resumption
from draw_retry import decided, draw_retry
from draw_rooms import draw_rooms, rooms_in
from draw_steps import draw_steps

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"


def source_of(name: str) -> dict[str, Any]:
    """The text that a picture is made of."""
    return tomllib.loads((PICTURES / f"{name}.toml").read_text(encoding="utf-8"))


def drawn() -> dict[str, str]:
    """Each diagram, by the name of its file."""
    architecture = (ROOT / "docs" / "reasons" / "architecture.md").read_text(encoding="utf-8")
    return {
        "response-life.svg": draw_life(source_of("response-life")),
        "steps.svg": draw_steps(source_of("steps")),
        "retry.svg": draw_retry(decided()),
        "resumed-stream.svg": draw_resumption(carried_out()),
        "rooms.svg": draw_rooms(rooms_in(architecture)),
    }


def main() -> None:
    """Write them."""
    for name, svg in drawn().items():
        (PICTURES / name).write_text(svg, encoding="utf-8")
        print(f"docs/pictures/{name}: {len(svg):,} bytes")


if __name__ == "__main__":
    main()
