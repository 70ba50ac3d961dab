"""Every picture of docs can be read: as wide as a telephone, light and dark, and by whoever is read to."""

import re
from pathlib import Path

import pytest
from draw_diagrams import drawn
from draw_svg import width_of
from pictured import Picture, contrast
from places import ROOT

PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.svg")) + sorted((ROOT / "docs" / "figures").glob("*.svg"))
SHOWN = 320 - 2 * 16
"""How wide a page shows a picture on a telephone of 320 pixels."""
LEAST = 11.0
"""Pixels that a letter has there at least, of those that people read; what a terminal shows is a little smaller."""
LEAST_ON_A_TERMINAL = 9.0
CONTRAST = 4.5
"""WCAG 2.2, criterion 1.4.3."""

every_picture = pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)


def picture(path: Path) -> Picture:
    return Picture(path.read_text(encoding="utf-8"))


def test_the_diagrams_are_what_the_script_makes_of_text_and_code() -> None:
    diagrams = drawn()
    assert len(diagrams) == 5
    kept = {name: (ROOT / "docs" / "pictures" / name).read_text(encoding="utf-8") for name in diagrams}
    assert kept == diagrams


@every_picture
def test_it_is_told_in_words_too(path: Path) -> None:
    shown = picture(path)
    assert shown.root.attrib["role"] == "img"
    assert shown.root.attrib["aria-labelledby"] == "t d"
    assert shown.title
    assert len(shown.description) > 40


@every_picture
def test_each_text_has_contrast_to_its_ground_in_the_light_and_in_the_dark(path: Path) -> None:
    shown = picture(path)
    light, dark = shown.schemes
    assert light.keys() == dark.keys() != set()
    poor = {
        (written.text, written.colour, written.ground)
        for written in shown.texts
        for scheme in shown.schemes
        if contrast(scheme[written.colour], scheme[written.ground]) < CONTRAST
    }
    assert poor == set()


@every_picture
def test_its_letters_are_large_enough_on_a_telephone(path: Path) -> None:
    shown = picture(path)
    is_terminal = path.name.startswith("run-")
    least = LEAST_ON_A_TERMINAL if is_terminal else LEAST
    scale = min(1.0, SHOWN / shown.width)
    assert {written.text: written.size for written in shown.texts if written.size * scale < least} == {}


@every_picture
def test_nothing_is_written_beyond_its_edges(path: Path) -> None:
    shown = picture(path)
    for written in shown.texts:
        width = width_of(written.text, mono="m" in written.classes, bold="b" in written.classes, size=written.size)
        left = written.x - {"start": 0.0, "middle": width / 2, "end": width}[written.anchor]
        assert left >= 2, written
        assert left + width <= shown.width - 2, written
        assert written.size <= written.y <= shown.height - 2, written


@every_picture
def test_a_page_shows_it_and_says_in_words_what_it_is(path: Path) -> None:
    shown = [
        words
        for page in (ROOT / "docs").rglob("*.md")
        for words, target in re.findall(r"!\[([^\]]+)\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
        if (page.parent / target).resolve() == path
    ]
    assert shown
    assert all(len(words) > 30 for words in shown)


def test_a_picture_with_poor_contrast_would_be_noticed() -> None:
    assert contrast("#ffffff", "#000000") == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.deep
def test_in_a_browser_no_text_is_over_another_or_leaves_its_box() -> None:
    from screenshot import chromium

    found: dict[str, list[str]] = {}
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 320, "height": 600})
        for path in PICTURES:
            page.set_content(
                f"<style>svg {{ max-width: 100%; height: auto }}</style>{path.read_text(encoding='utf-8')}"
            )
            found[path.name] = page.evaluate(OVERLAPS)
    assert {name: texts for name, texts in found.items() if texts} == {}


OVERLAPS = """() => {
    const frame = document.querySelector("svg").getBoundingClientRect();
    const drawn = [...document.querySelectorAll("svg text")];
    const texts = drawn.map(text => [text.textContent, text.getBoundingClientRect()]);
    const boxes = [...document.querySelectorAll("svg rect")].map(box => box.getBoundingClientRect());
    const found = [];
    for (const [number, [text, box]] of texts.entries()) {
        if (box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom) found.push(text);
        const middle = (box.top + box.bottom) / 2;
        for (const around of boxes) {
            const inside = around.left <= box.left && box.left < around.right;
            const beside = around.top <= middle && middle <= around.bottom;
            if (inside && beside && box.right > around.right) found.push(`${text} leaves its box`);
        }
        for (const [other, beside] of texts.slice(0, number)) {
            const wide = Math.min(box.right, beside.right) - Math.max(box.left, beside.left);
            const high = Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top);
            if (wide > 1 && high > 4) found.push(`${text} / ${other}`);
        }
    }
    return found;
}"""
