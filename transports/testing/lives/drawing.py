"""The graph of a search as SVG: states, steps, and over them the paths to what does not hold.

Law: there are no scripts and no styles in it, only classes; all text is escaped. What a thing is, its `title` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from ....codecs.rendering.markup import escaped
from ....codecs.rendering.visible import one_line
from ...memory.faults import CutStream
from .fault_words import in_words
from .findings import Graph
from .layout import Layout, Line, Place
from .lives import Dies, Mishap
from .step_words import cut

_MOST = 4
"""Faults of a line that are named."""

_ROOM = 300
"""Pixels that the words beside a state may take."""


def drawing_of(graph: Graph, layout: Layout, paths: tuple[tuple[int, ...], ...]) -> str:
    """The graph as an `svg` element; the path of the n-th violation has the class `life-n`, counted from 1."""
    return "".join(_drawn(graph, layout, paths))


def _drawn(graph: Graph, layout: Layout, paths: tuple[tuple[int, ...], ...]) -> Iterator[str]:
    width = max(layout.width, _ROOM)
    yield f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{layout.height}" '
    yield f'viewBox="0 0 {width} {layout.height}" role="group" aria-label="The states of the search">'
    by_ends = {(line.source, line.target): line for line in layout.lines}
    for line in layout.lines:
        yield _line(line, layout, "step")
    for node in sorted(layout.places, key=lambda node: (layout.places[node].y, layout.places[node].x)):
        yield _state(node, graph, layout)
    for index, path in enumerate(paths, 1):
        yield f'<g class="path life life-{index}">'
        for number, (source, target) in enumerate(pairwise(path), 1):
            yield _line(by_ends.get((source, target), Line(source, target, ())), layout, "walked", number)
        for number, node in enumerate(path):
            yield _numbered(number, node, graph, layout, f"state-{index}-{number}")
        yield "</g>"
    yield "</svg>"


def _line(line: Line, layout: Layout, kind: str, number: int | None = None) -> str:
    source, target = layout.places[line.source], layout.places[line.target]
    wrong = bool(line.mishaps) and None not in line.mishaps
    said = _mishaps(line.mishaps) or "nothing goes wrong"
    if number is not None:
        said = f"step {number}: {said}"
    shape = f'<path class="{kind}{" fault" if wrong else ""}" d="{_way(source, target)}"/>'
    if number is None and not wrong:
        return shape
    focus = ' tabindex="0" role="img"' if number is not None else ""
    return f"<g{focus}><title>{_text(said)}</title>{shape}</g>"


def _way(source: Place, target: Place) -> str:
    if target.y > source.y:
        return f"M{source.x} {source.y}L{target.x} {target.y}"
    if target is source:
        x, y = source.x, source.y
        return f"M{x} {y}C{x + 24} {y - 16} {x + 24} {y + 16} {x} {y}"
    middle = max(source.x, target.x) + 18, (source.y + target.y) // 2 + (0 if source.y != target.y else 18)
    return f"M{source.x} {source.y}Q{middle[0]} {middle[1]} {target.x} {target.y}"


def _state(node: int, graph: Graph, layout: Layout) -> str:
    place = layout.places[node]
    kind = "state end" if node in graph.ends else "state"
    said = _said(node, graph, place)
    return (
        f'<g class="{kind} faults-{min(place.faults, 3)}" tabindex="0" role="img"><title>{_text(said)}</title>'
        f"{_shape(node in graph.ends, place, 7)}{_beside(place, cut(graph.labels[node], 60), layout)}</g>"
    )


def _numbered(number: int, node: int, graph: Graph, layout: Layout, name: str) -> str:
    place = layout.places[node]
    said = f"after step {number}: {_said(node, graph, place)}" if number else _said(node, graph, place)
    return (
        f'<g class="mark" id="{name}" tabindex="0" role="img"><title>{_text(said)}</title>'
        f"{_shape(node in graph.ends, place, 11)}"
        f'<text class="number" x="{place.x}" y="{place.y + 4}">{number}</text>'
        f"{_beside(place, cut(graph.labels[node], 60), layout)}</g>"
    )


def _shape(is_end: bool, place: Place, size: int) -> str:
    if is_end:
        return f'<rect x="{place.x - size}" y="{place.y - size}" width="{2 * size}" height="{2 * size}"/>'
    return f'<circle cx="{place.x}" cy="{place.y}" r="{size}"/>'


def _beside(place: Place, text: str, layout: Layout) -> str:
    """The label, which is seen while its state has the focus, or the mouse is over it."""
    left = place.x > max(layout.width, _ROOM) / 2
    x = place.x - 16 if left else place.x + 16
    return f'<text class="label{" before" if left else ""}" x="{x}" y="{place.y + 4}">{_text(text)}</text>'


def _said(node: int, graph: Graph, place: Place) -> str:
    steps = "1 step" if place.depth == 1 else f"{place.depth} steps"
    faults = "1 fault" if place.faults == 1 else f"{place.faults} faults"
    return f"{cut(graph.labels[node], 200)} (state {node}, after {steps} and {faults})"


def _mishaps(mishaps: Iterable[Mishap | None]) -> str:
    named = [_mishap(mishap) for mishap in mishaps if mishap is not None]
    more = len(named) - _MOST
    return "; or ".join(named[:_MOST]) + (f"; or {more} others" if more > 0 else "")


def _mishap(mishap: Mishap) -> str:
    """Which kind of step it was an edge does not say: bodies are cut where they are read."""
    at_read = isinstance(mishap, CutStream) or (isinstance(mishap, Dies) and not mishap.acted)
    return in_words(mishap, "read" if at_read else "send")


def _text(text: str) -> str:
    return escaped(one_line(text))
