"""Figures that are plotted: each benchmark that measures one notes it, where a file is named for it.

`PURESPONSE_FIGURES=FILE` names the file; a line of JSON is added for each figure. `tests/scripts/plot_figures.py` makes
the plots of docs/figures of it.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

VARIABLE = "PURESPONSE_FIGURES"


def note_figure(plot: str, series: str, value: float, *, x: float | None = None) -> None:
    """Note what was measured of a series, in the unit that the plot has; at `x`, where it is a line and not a bar.

    What the plots are called, and what they say, is in `PLOTS` of `tests/scripts/plot_figures.py`. What is measured
    again takes the place of what was measured before.
    """
    file = os.environ.get(VARIABLE)
    if not file:
        return
    at = {} if x is None else {"x": x}
    today = datetime.now(UTC).date().isoformat()
    figure = {"plot": plot, "series": series} | at | {"value": float(f"{value:.4g}"), "day": today}
    with Path(file).open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(figure) + "\n")
