"""The life of a response, drawn: boxes for its statuses, then a card for what the API answers in each."""

from __future__ import annotations

from typing import Any

from draw_svg import MARGIN, TEXT, WIDTH, Drawing

ASKED = ("retrieve", "stream", "cancel", "delete")
"""What may be asked in any status, in the order of a card."""

_BOX, _GAP, _LEFT, _RIGHT, _WIDE = 32, 26, 40, 222, 112


def draw_life(source: dict[str, Any]) -> str:
    """The picture of the source."""
    drawing = Drawing(source["title"], source["under"] + ".")
    drawing.heading(source["under"])
    _boxes(drawing, source)
    for group in source["group"]:
        _card(drawing, group)
    for note in source["note"]:
        drawing.y += 4
        drawing.block(MARGIN, note["text"], WIDTH - 2 * MARGIN, colour="soft")
        drawing.tell(note["text"])
    return drawing.svg()


def _boxes(drawing: Drawing, source: dict[str, Any]) -> None:
    """The statuses, and what leads from one to the next."""
    drawing.text(_LEFT, drawing.y + TEXT, source["begins"][0], kind="m")
    drawing.text(_LEFT, drawing.y + TEXT + 18, source["begins"][1], kind="m")
    top = drawing.y + 58
    rows = {name: top + number * (_BOX + _GAP) for number, name in enumerate(("queued", "in_progress"))}
    ends = rows["in_progress"] + _BOX + _GAP + 26
    rows |= {name: ends + number * (_BOX + 10) for number, name in enumerate(source["ends"])}
    middle = _LEFT + _WIDE / 2
    drawing.arrow((middle, drawing.y + TEXT + 24), (middle, top))
    drawing.arrow((middle, top + _BOX), (middle, rows["in_progress"]))
    below = rows["in_progress"] + _BOX
    # A tree at the left: one of them is how it ends.
    first, last = source["ends"][0], source["ends"][-1]
    drawing.path(((middle, below), (middle, below + 12), (_LEFT - 18, below + 12), (_LEFT - 18, rows[last] + _BOX / 2)))
    drawing.text(_LEFT + 8, below + 32, source["before_end"], colour="soft")
    for name in source["ends"]:
        drawing.arrow((_LEFT - 18, rows[name] + _BOX / 2), (_LEFT, rows[name] + _BOX / 2))
    # A cancellation leads from either to the right and down.
    over = _RIGHT + _WIDE / 2
    for name in ("queued", "in_progress"):
        y = rows[name] + _BOX / 2
        drawing.path(((_LEFT + _WIDE, y), (over, y)), colour="red")
        drawing.text((_LEFT + _WIDE + over) / 2, y - 6, "cancel", colour="red", anchor="middle")
    drawing.arrow((over, rows["queued"] + _BOX / 2), (over, rows[first]), colour="red")
    late = rows[first] + _BOX / 2
    drawing.arrow((_RIGHT, late), (_LEFT + _WIDE, late), colour="brown", dashed=True)
    drawing.text((_RIGHT + _LEFT + _WIDE) / 2, late - 6, "too late", colour="brown", anchor="middle")
    for name, y in rows.items():
        _box(drawing, _LEFT, y, name, "green" if name == first else "red" if name == last else "edge")
    _box(drawing, _RIGHT, rows[first], "cancelled", "red")
    # All that have ended can be deleted.
    bottom = rows[last] + _BOX
    drawing.path(((middle, bottom), (middle, bottom + 16), (over, bottom + 16), (over, rows[first] + _BOX)))
    centre = (middle + over) / 2
    drawing.arrow((centre, bottom + 16), (centre, bottom + 48))
    drawing.text(centre + 8, bottom + 36, "delete")
    drawing.rectangle(centre - _WIDE / 2, bottom + 48, _WIDE, _BOX, fill="", dashed=True)
    drawing.text(centre, bottom + 48 + 21, source["gone"], colour="soft", kind="b", anchor="middle")
    drawing.y = bottom + 48 + _BOX + 14
    drawing.tell(
        f"{source['begins'][0]} makes it queued, then it is in_progress; from there it is {', '.join(source['ends'])}. "
        f"cancel makes a queued or in_progress one cancelled; delete makes one that has ended {source['gone']}."
    )


def _box(drawing: Drawing, x: float, y: float, name: str, edge: str) -> None:
    drawing.rectangle(x, y, _WIDE, _BOX, fill="tint" if edge == "edge" else "card", edge=edge)
    drawing.text(x + _WIDE / 2, y + 21, name, kind="b", anchor="middle")


def _card(drawing: Drawing, group: dict[str, Any]) -> None:
    """What the API answers in these statuses."""
    statuses = ", ".join(group["statuses"])
    top = drawing.y
    drawing.rectangle(MARGIN, top, WIDTH - 2 * MARGIN, 34 + 20 * len(ASKED), edge="grid")
    drawing.text(MARGIN + 10, top + 22, statuses, kind="b")
    for number, asked in enumerate(ASKED):
        y = top + 44 + 20 * number
        drawing.text(MARGIN + 10, y, asked, colour="blue")
        refused = not group[asked].startswith("200")
        drawing.text(MARGIN + 74, y, group[asked], colour="red" if refused else "text")
    drawing.tell(f"{statuses}: " + "; ".join(f"{asked} {group[asked]}" for asked in ASKED) + ".")
    drawing.y = top + 34 + 20 * len(ASKED) + 10
