"""The steps of an operation and of a stream, drawn: a card for each, and a way back from all but the last."""

from __future__ import annotations

from typing import Any

from draw_svg import MARGIN, WIDTH, Drawing

_SPINE, _LEFT, _RIGHT = MARGIN + 6, MARGIN + 28, WIDTH - MARGIN - 22
_CARD, _GAP = 74, 8


def draw_steps(source: dict[str, Any]) -> str:
    """The picture of the source."""
    drawing = Drawing(source["title"], source["under"])
    drawing.heading(source["under"])
    for program in source["program"]:
        _program(drawing, program)
    return drawing.svg()


def _program(drawing: Drawing, program: dict[str, Any]) -> None:
    drawing.y += 6
    top = drawing.y
    drawing.rectangle(MARGIN, top, WIDTH - 2 * MARGIN, 50, fill="tint")
    drawing.text(MARGIN + 10, top + 20, program["name"], kind="b")
    drawing.text(MARGIN + 10, top + 40, program["begins"], kind="m")
    first = top + 50 + 16
    back = WIDTH - MARGIN - 6
    middles: list[tuple[float, bool]] = []
    for number, step in enumerate(program["step"]):
        y = first + number * (_CARD + _GAP)
        middles.append((y + _CARD / 2, bool(step.get("ends"))))
        _card(drawing, step, y)
    last = middles[-1][0]
    drawing.path(((_SPINE, top + 50), (_SPINE, last)))
    for middle, _ in middles:
        drawing.arrow((_SPINE, middle), (_LEFT, middle))
    # Back to the next step, from all but the last.
    again = [middle for middle, ends in middles if not ends]
    for middle in again:
        drawing.path(((_RIGHT, middle), (back, middle)), colour="blue")
    drawing.arrow((back, again[-1]), (back, top + 50), colour="blue")
    drawing.y = first + len(middles) * (_CARD + _GAP) + 4


def _card(drawing: Drawing, step: dict[str, Any], y: float) -> None:
    ends = bool(step.get("ends"))
    drawing.rectangle(_LEFT, y, _RIGHT - _LEFT, _CARD, edge="green" if ends else "edge")
    drawing.text(_LEFT + 10, y + 22, step["name"], kind="b", colour="green" if ends else "text")
    drawing.text(_RIGHT - 10, y + 22, ", ".join(step["fields"]), colour="soft", anchor="end")
    drawing.text(_LEFT + 10, y + 44, step["does"])
    after = step.get("resumes", "the program has ended")
    drawing.text(_LEFT + 10, y + 64, after, colour="green" if ends else "blue")
    drawing.tell(f"{step['name']} ({', '.join(step['fields'])}): {step['does']}; {after}.")
