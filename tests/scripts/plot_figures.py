"""Makes the plots of docs/figures of what the benchmarks have measured.

    PURESPONSE_FIGURES=new.jsonl .venv/bin/python -m pytest -m benchmark -s tests/benchmarks/test_many_operations.py
    .venv/bin/python tests/scripts/plot_figures.py new.jsonl

What is in the files that are named is added to docs/figures/figures.jsonl, where it takes the place of what was
measured before; the plots are made of that. A plot is a line of `PLOTS`: a benchmark that notes figures for it
(`tests/benchmarks/figures.py`) is drawn, and a plot without figures is not. They are plain SVG, light or dark as the
reader's page is.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from msgspec import Struct

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "figures"
FIGURES = "figures.jsonl"
BOUND = "bound"
"""The series that is drawn as a line across the bars: what was asked for."""


class Figure(Struct, frozen=True, omit_defaults=True):
    """What was measured, at `x` where it is a point of a line."""

    plot: str
    series: str
    value: float
    x: float | None = None


class Plot(Struct, frozen=True, kw_only=True):
    """What a plot says: `better` is the direction, `bound` is what the line across it is, `x` names that axis."""

    title: str
    unit: str
    better: str
    bound: str = ""
    x: str | None = None


PLOTS = {
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

WIDTH, MARGIN, ROW, TOP = 640, 20, 44, 64
STYLE = """
  svg { color-scheme: light dark; }
  text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 16px; }
  .small { fill: #59636e; font-size: 13px; }
  .ours { fill: #0969da; stroke: none; }
  .theirs { fill: #8c959f; stroke: none; }
  .line { fill: none; stroke: #0969da; stroke-width: 2.5; }
  .other { stroke: #bc4c00; stroke-dasharray: 7 4; }
  .axis { stroke: #d1d9e0; stroke-width: 1; }
  .bound { stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 5 4; }
  .told { fill: #cf222e; font-size: 13px; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .small { fill: #9198a1; }
    .ours { fill: #4493f8; }
    .theirs { fill: #656c76; }
    .line { stroke: #4493f8; }
    .other { stroke: #f0883e; }
    .axis { stroke: #3d444d; }
    .bound { stroke: #f85149; }
    .told { fill: #f85149; }
  }
"""


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
    scale = (WIDTH - 2 * MARGIN - 70) / most
    drawn: list[str] = []
    for row, figure in enumerate(shown):
        top, length = TOP + row * ROW, max(1.0, figure.value * scale)
        kind = "theirs" if "official client" in figure.series else "ours"
        drawn += [
            f'<text x="{MARGIN}" y="{top + 12}">{escape(figure.series)}</text>',
            f'<rect class="{kind}" x="{MARGIN}" y="{top + 18}" width="{length:.1f}" height="14" rx="2"/>',
            f'<text x="{MARGIN + length + 6:.1f}" y="{top + 30}">{_number(figure.value)}</text>',
        ]
    bottom = TOP + len(shown) * ROW
    if bound is not None:
        at = MARGIN + bound * scale
        drawn += [
            f'<line class="bound" x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{bottom}"/>',
            f'<text class="told" x="{at:.1f}" y="{bottom + 16}" text-anchor="{"end" if at > WIDTH / 2 else "start"}">'
            f"{escape(plot.bound)} ({_number(bound)})</text>",
        ]
    return _page(plot, shown, drawn, bottom + (28 if bound is not None else 8))


def lines(plot: Plot, figures: list[Figure]) -> str:
    """A line for each series, from zero on."""
    height, left, base = 200, MARGIN + 50, TOP + 200
    most_x, most = _round(max(figure.x or 0.0 for figure in figures)), _round(max(figure.value for figure in figures))
    drawn = [f'<line class="axis" x1="{left}" y1="{base}" x2="{WIDTH - MARGIN}" y2="{base}"/>']
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        y, x = base - share * height, left + share * (WIDTH - MARGIN - left)
        drawn += [
            f'<line class="axis" x1="{left}" y1="{y:.1f}" x2="{WIDTH - MARGIN}" y2="{y:.1f}"/>',
            f'<text class="small" x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{_number(share * most)}</text>',
            f'<text class="small" x="{x:.1f}" y="{base + 18}" text-anchor="{anchor}">{_number(share * most_x)}</text>',
        ]
    legend = left
    for number, series in enumerate(dict.fromkeys(figure.series for figure in figures)):
        points = sorted((figure.x or 0.0, figure.value) for figure in figures if figure.series == series)
        path = " ".join(
            f"{left + x / most_x * (WIDTH - MARGIN - left):.1f},{base - value / most * height:.1f}"
            for x, value in points
        )
        kind = "line" if number == 0 else "line other"
        drawn += [
            f'<polyline class="{kind}" points="{path}"/>',
            f'<line class="{kind}" x1="{legend}" y1="{base + 56}" x2="{legend + 24}" y2="{base + 56}"/>',
            f'<text class="small" x="{legend + 30}" y="{base + 60}">{escape(series)}</text>',
        ]
        legend += 150
    drawn.append(f'<text class="small" x="{left}" y="{base + 38}">{escape(plot.x or "")}</text>')
    return _page(plot, figures[-1:], drawn, base + 72)


def _page(plot: Plot, told: list[Figure], drawn: list[str], height: int) -> str:
    told_of = "; ".join(f"{figure.series}: {_number(figure.value)}" for figure in told)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            'role="img">',
            f"<title>{escape(plot.title)}</title>",
            f"<desc>{escape(plot.unit)}, {escape(plot.better)}. {escape(told_of)}</desc>",
            f"<style>{STYLE}</style>",
            f'<text class="title" x="{MARGIN}" y="28">{escape(plot.title)}</text>',
            f'<text class="small" x="{MARGIN}" y="48">{escape(plot.unit)}; {escape(plot.better)}</text>',
            *drawn,
            "</svg>",
            "",
        ]
    )


def _round(value: float) -> float:
    """The least round number that is no less."""
    power = 10.0 ** math.floor(math.log10(value)) if value > 0 else 1.0
    return power * next(step for step in (1, 2, 4, 6, 8, 10) if step * power >= value)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _plain(figure: Figure) -> dict[str, Any]:
    x = {} if figure.x is None else {"x": figure.x}
    return {"plot": figure.plot, "series": figure.series} | x | {"value": figure.value}


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
