"""Makes the plots of docs/figures of what the benchmarks have measured.

    PURESPONSE_FIGURES=new.jsonl .venv/bin/python -m pytest -m benchmark -s tests/benchmarks/test_many_operations.py
    .venv/bin/python tests/scripts/plot_figures.py new.jsonl

What is in the files that are named is added to docs/figures/figures.jsonl, where it takes the place of what was
measured before; the plots are made of that. A plot is a line of `PLOTS`: a benchmark that notes figures for it
(`tests/benchmarks/figures.py`) is drawn, and a plot without figures is not.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from draw_svg import MARGIN, WIDTH, Drawing, width_of
from msgspec import Struct

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "figures"
FIGURES = "figures.jsonl"
BOUND = "bound"
"""The series that is drawn as a line across the bars: what was asked for."""


class Figure(Struct, frozen=True, omit_defaults=True):
    """What was measured, at `x` where it is a point of a line, and the day, where it is known."""

    plot: str
    series: str
    value: float
    x: float | None = None
    day: str | None = None


class Plot(Struct, frozen=True, kw_only=True):
    """What a plot says: `better` is the direction, `bound` is what the line across it is, `x` names that axis."""

    title: str
    unit: str
    better: str
    bound: str = ""
    x: str | None = None


PLOTS = {
    "import-time": Plot(title="Time to import", unit="ms of CPU", better="less is better"),
    "import-memory": Plot(
        title="Memory that importing adds", unit="MB, private to the process", better="less is better"
    ),
    "calls": Plot(title="A call over loopback", unit="µs of CPU", better="less is better"),
    "page": Plot(title="A page of 100 input items over loopback", unit="µs of CPU", better="less is better"),
    "stream": Plot(
        title="An event of a stream of 20,000 over loopback", unit="µs of CPU an event", better="less is better"
    ),
    "deletes": Plot(
        title="5,000 deletes, 64 at once, answers after 20 ms",
        unit="deletes a second",
        better="more is better",
        bound="2.7 times the official client's best",
    ),
    "operations": Plot(
        title="An operation of run_many, on memory, with keys and progress",
        unit="µs of CPU an operation",
        better="less is better",
        bound="asked for: at most 45 µs",
    ),
    "memory": Plot(
        title="Memory of a process that carries out a million operations",
        unit="MiB resident",
        better="flat is better",
        x="operations that have ended",
    ),
    "ledger": Plot(
        title="What a ledger adds to an operation",
        unit="µs an operation",
        better="less is better",
        bound="asked for: at most 60 µs",
    ),
    "exploration": Plot(
        title="Exploration: every fault at every step",
        unit="steps a second of CPU, on one core",
        better="more is better",
        bound="asked for",
    ),
    "export": Plot(
        title="Export of 10,000 responses with all their input items",
        unit="seconds of CPU",
        better="less is better",
        bound="a tenth of the official client's",
    ),
    "machines": Plot(
        title="Audits decoded and exported by more processes",
        unit="audits a second",
        better="more is better",
        bound="1.4 times one process",
    ),
}


def read_figures(text: str) -> list[Figure]:
    """The figures of a file of JSON Lines."""
    return [Figure(**json.loads(line)) for line in text.splitlines() if line.strip()]


def newest(figures: Iterable[Figure]) -> list[Figure]:
    """Each once: what was measured last, in the order of the plots and in that in which it was measured first."""
    last = {(figure.plot, figure.series, figure.x): figure for figure in figures}
    if unknown := {figure.plot for figure in last.values()} - set(PLOTS):
        raise SystemExit(f"no plot is called {sorted(unknown)}: {list(PLOTS)} are, in PLOTS")
    return sorted(last.values(), key=lambda figure: (list(PLOTS).index(figure.plot), figure.series == BOUND))


def written(figures: Iterable[Figure]) -> str:
    """The figures as a file of JSON Lines."""
    return "".join(json.dumps(_plain(figure)) + "\n" for figure in figures)


def plotted(figures: Iterable[Figure]) -> dict[str, str]:
    """The SVG of each plot that has figures, by the name of its file."""
    all_figures = list(figures)
    plots = {name: [figure for figure in all_figures if figure.plot == name] for name in PLOTS}
    return {
        f"{name}.svg": (bars if PLOTS[name].x is None else lines)(PLOTS[name], figures)
        for name, figures in plots.items()
        if figures
    }


def bars(plot: Plot, figures: list[Figure]) -> str:
    """A bar for each series, and a line across for the bound."""
    shown = [figure for figure in figures if figure.series != BOUND]
    bound = next((figure.value for figure in figures if figure.series == BOUND), None)
    most = max([figure.value for figure in shown] + ([] if bound is None else [bound]))
    drawing = _begun(plot, shown)
    room = WIDTH - 2 * MARGIN
    scale = (room - max(width_of(_number(figure.value), bold=True) for figure in shown) - 8) / most
    for figure in shown:
        length = max(1.0, figure.value * scale)
        ours = "official client" not in figure.series and "by hand with" not in figure.series
        drawing.y += 2
        drawing.block(MARGIN, figure.series, room)
        drawing.rectangle(MARGIN, drawing.y, length, 16, fill="blue" if ours else "gray", edge="", radius=2)
        number = MARGIN + length + 6
        if bound is not None:
            # Across the bar alone, so that it runs through no text; a number that is in its way is beyond it.
            at = MARGIN + bound * scale
            if number - 4 < at < number + width_of(_number(figure.value), bold=True) + 4:
                number = at + 6
            drawing.path(((at, drawing.y - 2), (at, drawing.y + 18)), colour="page", width=6)
            drawing.path(((at, drawing.y - 3), (at, drawing.y + 19)), colour="red", width=2)
        drawing.text(number, drawing.y + 13, _number(figure.value), kind="b")
        drawing.y += 22
    if bound is not None:
        drawing.y += 2
        drawing.block(MARGIN, f"Red line: {plot.bound} ({_number(bound)})", room, colour="red")
        drawing.tell(f"{plot.bound}: {_number(bound)}.")
    return drawing.svg()


def lines(plot: Plot, figures: list[Figure]) -> str:
    """A line for each series, from zero on."""
    drawing = _begun(plot, figures[-1:])
    height, left, right = 180, MARGIN + 40, WIDTH - MARGIN - 6
    top = drawing.y + 10
    base = top + height
    most_x, most = _round(max(figure.x or 0.0 for figure in figures)), _round(max(figure.value for figure in figures))
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        y, x = base - share * height, left + share * (right - left)
        drawing.path(((left, y), (right, y)), colour="grid", width=1)
        drawing.text(left - 6, y + 5, _number(share * most), colour="soft", anchor="end")
        drawing.text(x, base + 20, _number(share * most_x), colour="soft", anchor=anchor)
    drawing.text(left, base + 40, plot.x or "", colour="soft")
    drawing.y = base + 46
    for number, series in enumerate(dict.fromkeys(figure.series for figure in figures)):
        points = sorted((figure.x or 0.0, figure.value) for figure in figures if figure.series == series)
        colour = "blue" if number == 0 else "brown"
        way = [(left + x / most_x * (right - left), base - value / most * height) for x, value in points]
        drawing.path(way, colour=colour, width=2.5, dashed=number > 0)
        drawing.path(((left, drawing.y + 15), (left + 24, drawing.y + 15)), colour=colour, width=2.5, dashed=number > 0)
        drawing.block(left + 32, series, right - left - 32)
    return drawing.svg()


def _begun(plot: Plot, told: list[Figure]) -> Drawing:
    days = sorted({figure.day for figure in told if figure.day is not None})
    measured = f"; measured {' to '.join(days[:1] + days[1:][-1:])}" if days else ""
    drawing = Drawing(plot.title, f"{plot.unit}, {plot.better}{measured}.")
    drawing.heading(f"{plot.unit}; {plot.better}{measured}")
    drawing.tell("; ".join(f"{figure.series}: {_number(figure.value)}" for figure in told) + ".")
    return drawing


def _round(value: float) -> float:
    """The least round number that is no less."""
    power = 10.0 ** math.floor(math.log10(value)) if value > 0 else 1.0
    return power * next(step for step in (1, 2, 4, 6, 8, 10) if step * power >= value)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _plain(figure: Figure) -> dict[str, Any]:
    x = {} if figure.x is None else {"x": figure.x}
    day = {} if figure.day is None else {"day": figure.day}
    return {"plot": figure.plot, "series": figure.series} | x | {"value": figure.value} | day


def main(files: list[str]) -> None:
    """Add the figures of these files, and write the plots."""
    kept = FOLDER / FIGURES
    texts = [kept.read_text(encoding="utf-8")] if kept.exists() else []
    texts += [Path(file).read_text(encoding="utf-8") for file in files]
    figures = newest(figure for text in texts for figure in read_figures(text))
    kept.write_text(written(figures), encoding="utf-8")
    for name, svg in plotted(figures).items():
        (FOLDER / name).write_text(svg, encoding="utf-8")
        print(f"docs/figures/{name}")


if __name__ == "__main__":
    main(sys.argv[1:])
