"""Where the states of a search are drawn: the deeper the lower, those of a failing path to the left of all others.

Law: it is a function of the graph and of the paths. Of more states than can be seen, those nearest to the paths are
drawn, and how many the rest are is said.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from msgspec import Struct

from .findings import Edge, Graph
from .lives import Mishap

MOST = 400
"""States that are drawn."""

ACROSS, DOWN, AGAIN, MARGIN = 30, 44, 26, 24
"""Pixels from one state to the next, down to the next depth, to one more row of the same depth, and around all."""

IN_A_ROW = 16
"""States of one depth that are drawn side by side; more of them take more rows."""


class Place(Struct, frozen=True):
    """A state that is drawn: where, how many steps it is from the beginning, and how much went wrong until then."""

    x: int
    y: int
    depth: int
    faults: int


class Line(Struct, frozen=True):
    """All steps from one state to another, and what went wrong in them; None among it for a step without."""

    source: int
    target: int
    mishaps: tuple[Mishap | None, ...]


class Layout(Struct, frozen=True):
    """What is drawn, in pixels, and how many states are `left_out`."""

    places: Mapping[int, Place]
    lines: tuple[Line, ...]
    width: int
    height: int
    left_out: int


def path_to(graph: Graph, node: int) -> tuple[int, ...]:
    """The states through which one is reached, from the beginning to itself."""
    path = [node]
    while path[-1] > 0 and (parent := graph.parents[path[-1]]) >= 0 and parent not in path:
        path.append(parent)
    return tuple(reversed(path))


def layout_of(graph: Graph, paths: Iterable[tuple[int, ...]], most: int = MOST) -> Layout:
    """Place the states of a graph, or as many as `most` of them."""
    paths = tuple(paths)
    lines = _lines(graph.edges)
    shown = _nearest(len(graph.labels), lines, paths, most)
    steps = {(line.source, line.target): line for line in lines}
    depths, faults = _depths(graph, steps)
    grid = _grid(graph, shown, paths, depths, faults)
    tops: dict[int, int] = {}
    top = MARGIN
    for depth in sorted({depths[node] for node in grid}):
        tops[depth] = top
        top += DOWN + AGAIN * max(row for node, (_, row) in grid.items() if depths[node] == depth)
    places = {
        node: Place(MARGIN + ACROSS * column, tops[depths[node]] + AGAIN * row, depth=depths[node], faults=faults[node])
        for node, (column, row) in grid.items()
    }
    return Layout(
        places=places,
        lines=tuple(line for line in lines if line.source in places and line.target in places),
        width=max((place.x for place in places.values()), default=0) + MARGIN,
        height=max((place.y for place in places.values()), default=0) + MARGIN,
        left_out=len(graph.labels) - len(places),
    )


def _lines(edges: Iterable[Edge]) -> tuple[Line, ...]:
    found: dict[tuple[int, int], list[Mishap | None]] = {}
    for edge in edges:
        mishaps = found.setdefault((edge.source, edge.target), [])
        if edge.mishap not in mishaps:
            mishaps.append(edge.mishap)
    return tuple(Line(source, target, tuple(mishaps)) for (source, target), mishaps in found.items())


def _nearest(count: int, lines: tuple[Line, ...], paths: tuple[tuple[int, ...], ...], most: int) -> frozenset[int]:
    """The states of the paths, and those that are the fewest steps away from them, in either direction."""
    if count <= most:
        return frozenset(range(count))
    beside: dict[int, list[int]] = {}
    for line in lines:
        beside.setdefault(line.source, []).append(line.target)
        beside.setdefault(line.target, []).append(line.source)
    shown = dict.fromkeys(node for path in paths for node in path) or {0: None}
    waiting = deque(shown)
    while waiting and len(shown) < most:
        for node in beside.get(waiting.popleft(), ()):
            if node not in shown and len(shown) < most:
                shown[node] = None
                waiting.append(node)
    return frozenset(shown)


def _depths(graph: Graph, steps: Mapping[tuple[int, int], Line]) -> tuple[dict[int, int], dict[int, int]]:
    """How many steps each state is from the beginning, and how many faults, by the way that it was reached first."""
    depths, faults = {0: 0}, {0: 0}
    for node in range(len(graph.labels)):
        unknown: list[int] = []
        at = node
        while at not in depths:
            unknown.append(at)
            at = graph.parents[at]
            if at < 0 or at in unknown:
                depths[unknown[-1]] = faults[unknown[-1]] = 0
                unknown.pop()
                break
        for at in reversed(unknown):
            parent = graph.parents[at]
            line = steps.get((parent, at))
            depths[at] = depths[parent] + 1
            faults[at] = faults[parent] + (line is not None and None not in line.mishaps)
    return depths, faults


def _grid(
    graph: Graph,
    shown: frozenset[int],
    paths: tuple[tuple[int, ...], ...],
    depths: Mapping[int, int],
    faults: Mapping[int, int],
) -> dict[int, tuple[int, int]]:
    """The column and the row of each state within its depth.

    Each path has a column of its own; the others are ordered by faults, and beside those that they follow.
    """
    grid: dict[int, tuple[int, int]] = {}
    for index, path in enumerate(paths):
        for node in path:
            grid.setdefault(node, (index, 0))
    layers: dict[int, list[int]] = {}
    for node in shown:
        if node not in grid:
            layers.setdefault(depths[node], []).append(node)
    first = max(1, len(paths))
    for depth in sorted(layers):
        ordered = sorted(layers[depth], key=lambda node: (faults[node], grid.get(graph.parents[node], (0, 0)), node))
        for place, node in enumerate(ordered):
            grid[node] = (first + place % IN_A_ROW, place // IN_A_ROW)
    return grid
