"""The rooms, drawn of the table in docs/reasons/architecture.md, to which tests/core/test_architecture.py holds code.

Each package is a triangle: a row for each room, with a mark under each room that it imports. Rooms are in an order in
which all that a room imports is above it, and so no mark is beyond the diagonal: imports run one way.
"""

from __future__ import annotations

import re
from graphlib import TopologicalSorter

from draw_svg import MARGIN, WIDTH, Drawing, width_of

PACKAGES = ("codecs", "core", "transports", "cli")
"""From the innermost outwards."""

_ROW, _NAMES = 20, 146


def rooms_in(page: str) -> dict[str, set[str]]:
    """What each room imports of its own package, by the table of a page."""
    rows = re.findall(r"^\| `([\w/]+)` \| .+ \| ([^|]+) \|$", page, re.MULTILINE)
    return {room: set(re.findall(r"`([\w/]+)`", imported)) for room, imported in rows}


def in_order(rooms: dict[str, set[str]]) -> list[str]:
    """The rooms, each after all that it imports; those that could be in either order by name."""
    sorter = TopologicalSorter(rooms)
    sorter.prepare()
    ordered: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += ready
        sorter.done(*ready)
    return ordered


def draw_rooms(rooms: dict[str, set[str]]) -> str:
    """The picture of the rooms."""
    under = "Each row is a room; a mark is under each room that it imports. None is beyond the diagonal."
    drawing = Drawing("The rooms", under)
    drawing.heading(under)
    _packages(drawing)
    for package in PACKAGES:
        _triangle(drawing, package, {name: led for name, led in rooms.items() if name.split("/")[0] == package})
    return drawing.svg()


def _packages(drawing: Drawing) -> None:
    """The four, and which way their imports run."""
    widths = [width_of(package) + 14 for package in PACKAGES]
    x, y, gap = float(MARGIN), drawing.y + 4, (WIDTH - 2 * MARGIN - sum(widths)) / (len(PACKAGES) - 1)
    for number, (package, wide) in enumerate(zip(PACKAGES, widths, strict=True)):
        drawing.rectangle(x, y, wide, 28, fill="tint")
        drawing.text(x + wide / 2, y + 19, package, anchor="middle")
        if number:
            drawing.arrow((x, y + 14), (x - gap, y + 14), colour="blue")
        x += wide + gap
    drawing.y = y + 34
    drawing.tell("Packages import those before them: codecs, core, transports, cli.")


def _triangle(drawing: Drawing, package: str, rooms: dict[str, set[str]]) -> None:
    ordered = in_order(rooms)
    cell = min(12.0, (WIDTH - 2 * MARGIN - _NAMES) / len(ordered))
    drawing.y += 14
    top, left = drawing.y, MARGIN + _NAMES
    for number in range(len(ordered)):
        x = left + cell * number
        drawing.path(((x, top + number * _ROW), (x, top + len(ordered) * _ROW)), colour="grid", width=1)
    for number, room in enumerate(ordered):
        y = top + number * _ROW
        drawing.text(left - 8, y + 15, _short(room, package), anchor="end", kind="b" if room == package else "")
        end = left + cell * (number + 1)
        drawing.path(((left, y + _ROW), (end, y + _ROW)), colour="grid", width=1)
        for column, imported in enumerate(ordered[: number + 1]):
            middle = left + cell * (column + 0.5)
            if column == number:
                drawing.rectangle(middle - cell / 2, y, cell, _ROW, fill="gray", edge="", radius=0)
            elif imported in rooms[room]:
                drawing.rectangle(middle - 3, y + _ROW / 2 - 3, 6, 6, fill="blue", edge="", radius=3)
        led = sorted(rooms[room], key=ordered.index)
        drawing.tell(f"{room} imports {', '.join(led) or 'nothing'}.")
    drawing.y = top + len(ordered) * _ROW


def _short(room: str, package: str) -> str:
    """The name of a room in its package; of one in another room, that room's too."""
    return room if room == package else room.removeprefix(f"{package}/")
