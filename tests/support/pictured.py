"""SVG pictures as a test reads them: their texts, with colours and the ground that each is on, in either scheme."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

_SVG = "{http://www.w3.org/2000/svg}"
_RULE = re.compile(r"\.fill-(\w+)\{fill:(#[0-9a-f]{6})\}")
_SIZE = re.compile(r"\.(\w+)\{[^}]*font-size:(\d+)px")
_TEXT_SIZE = re.compile(r"text\{font:(\d+)px")


class Written(NamedTuple):
    """A line of text: where it is anchored, how large, and the names of its colour and of that of its ground."""

    text: str
    x: float
    y: float
    anchor: str
    size: float
    colour: str
    ground: str
    classes: frozenset[str]


class Picture:
    """A picture that was read."""

    def __init__(self, svg: str) -> None:
        self.root = ET.fromstring(svg)
        self.width, self.height = (float(self.root.attrib[name]) for name in ("width", "height"))
        self.title, self.description = (self.root.findtext(f"{_SVG}{name}") or "" for name in ("title", "desc"))
        style = self.root.findtext(f"{_SVG}style") or ""
        light, _, dark = style.partition("@media(prefers-color-scheme:dark)")
        self.schemes = dict(_RULE.findall(light)), dict(_RULE.findall(dark))
        self._sizes = {name: float(size) for name, size in _SIZE.findall(light)}
        self._size = float((_TEXT_SIZE.findall(light) or ["0"])[0])

    @property
    def texts(self) -> list[Written]:
        """All that is written, in the order in which it is drawn."""
        return list(self._written())

    @property
    def lines(self) -> list[str]:
        """What is written, without where."""
        return [written.text for written in self._written()]

    def _written(self) -> Iterator[Written]:
        boxes: list[tuple[float, float, float, float, str]] = []
        for element in self.root.iter():
            classes = frozenset(element.get("class", "").split())
            colour = next((name.removeprefix("fill-") for name in classes if name.startswith("fill-")), "")
            if element.tag == f"{_SVG}rect" and colour:
                x, y, width, height = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
                boxes.append((x, y, x + width, y + height, colour))
            if element.tag == f"{_SVG}text":
                x, y = float(element.attrib["x"]), float(element.attrib["y"])
                anchor = element.get("text-anchor", "start")
                inside = x + {"start": 2, "middle": 0, "end": -2}[anchor], y - 5
                ground = [box[4] for box in boxes if box[0] <= inside[0] <= box[2] and box[1] <= inside[1] <= box[3]]
                size = next((self._sizes[name] for name in classes if name in self._sizes), self._size)
                yield Written("".join(element.itertext()), x, y, anchor, size, colour, ground[-1], classes)


def contrast(one: str, other: str) -> float:
    """The ratio of contrast of two colours (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
