"""The plots in docs are what the script makes of the figures beside them, and the page shows each."""

import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from figures import VARIABLE, note_figure
from places import ROOT
from plot_figures import FIGURES, FOLDER, PLOTS, Figure, newest, plotted, read_figures, written

KEPT = (FOLDER / FIGURES).read_text(encoding="utf-8")


def test_the_plots_are_what_the_script_makes_of_the_figures() -> None:
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.svg")} == plotted(read_figures(KEPT))
    assert written(newest(read_figures(KEPT))) == KEPT


def test_the_page_shows_each_plot_and_says_in_words_what_it_is() -> None:
    shown = re.findall(
        r"!\[(.+)\]\(\.\./figures/(.+)\)", (ROOT / "docs" / "reasons" / "figures.md").read_text(encoding="utf-8")
    )
    assert sorted(name for _, name in shown) == sorted(path.name for path in FOLDER.glob("*.svg"))
    assert all(len(words) > 10 for words, _ in shown)


def test_a_figure_that_is_noted_takes_the_place_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "new.jsonl"
    note_figure("operations", "16 at once", 1.0)  # where no file is named, to nowhere
    monkeypatch.setenv(VARIABLE, str(file))
    note_figure("operations", "16 at once", 30.123456)
    note_figure("memory", "16 at once", 60, x=50_000)
    note_figure("operations", "16 at once", 29.0)
    figures = newest(read_figures(KEPT + file.read_text(encoding="utf-8")))
    assert [figure.value for figure in figures if figure.series == "16 at once" and figure.x is None] == [29.0]
    today = datetime.now(UTC).date().isoformat()
    assert Figure("memory", "16 at once", 60.0, 50_000, today) in figures
    assert f"measured {today}" in plotted(figures)["operations.svg"]
    assert read_figures(written(figures)) == figures


def test_a_figure_of_no_plot_is_refused() -> None:
    with pytest.raises(SystemExit, match="no plot is called"):
        newest([Figure("unheard_of", "a", 1.0)])


@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_is_whole_whatever_the_series_is_called(plot: str) -> None:
    x = None if PLOTS[plot].x is None else 1.0
    figures = [Figure(plot, '<script>"&', 0.004, x), Figure(plot, "official client", 31_000.0, x)]
    (svg,) = plotted([*figures, Figure(plot, "bound", 0.5, x)] if x is None else figures).values()
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "<script" not in svg
    texts = " ".join(element.text or "" for element in root.iter())
    assert PLOTS[plot].title in texts
    assert "31,000" in texts
    # Nothing is drawn outside of the picture.
    width = float(root.attrib["width"])
    for bar in root.iter("{http://www.w3.org/2000/svg}rect"):
        assert 0 < float(bar.attrib["x"]) + float(bar.attrib["width"]) < width
